"""Run the tests with the lowest version of each dependency that pyproject.toml allows, in `.venv-minimum`.

usage: scripts/test-minimum [--all | --install | pytest argument ...]

Without arguments, the first case of each test runs, except for long tests that the versions do not concern. With --all,
everything that can run with these versions; with --install, nothing yet.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import environments
from checks import PYTEST, ROOT, run
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ENVIRONMENT = ROOT / ".venv-minimum"

# What the tests themselves import, in the versions of constraints.txt; pytest-cov for its marker.
TEST_TOOLS = [
    "brotli",
    "datadog-api-client",
    "duckdb",
    "flask",
    "flask-cors",
    "freezegun",
    "h2",
    "jsonschema",
    "moto[s3]",
    "playwright",
    "pytest-cov",
    "pytest-timeout",
    "pytest-xdist",
    "time-machine",
    "trio",
    "trustme",
    "zstandard",
]
BUILD_TOOLS = ["editables", "hatchling"]

SUITES = [
    "tests/cli",
    "tests/emulator",
    "tests/failures",
    "tests/generated/test_generated_client.py",
    "tests/plugin",
    "tests/segments",
    "tests/strategies",
    "tests/wrapper",
]
IMPOSSIBLE = [
    "--ignore=tests/emulator/test_schemathesis.py",  # schemathesis needs newer versions of our dependencies
    "--ignore=tests/plugin/test_neighbors.py",  # makes an environment of its own, from constraints.txt
]
# Long, and the same whatever the versions: what browsers and shells show, and what our own code does with bytes, texts,
# locks and files.
LONG = [
    "--ignore=tests/cli/test_completion.py",
    "--ignore=tests/cli/test_emulator_command.py",
    "--ignore=tests/cli/test_interrupts.py",
    "--ignore=tests/cli/test_terminal.py",
    "--ignore=tests/emulator/test_emulator_concurrency.py",
    "--ignore=tests/plugin/test_credential_forms.py",
    "--ignore=tests/segments/dom",
    "--ignore=tests/segments/heatmap/test_browser.py",
    "--ignore=tests/segments/heatmap/test_command.py",
    "--ignore=tests/segments/heatmap/test_placement.py",
    "--ignore=tests/segments/heatmap/test_small_screens.py",
    "--ignore=tests/segments/inert",
    "--ignore=tests/segments/player",
    "--ignore=tests/segments/playwright_steps",
    "--ignore=tests/segments/session_timeline",
    "--ignore=tests/segments/summary",
    "--ignore=tests/segments/test_bounds.py",
    "--ignore=tests/segments/test_fuzz.py",
    "--ignore=tests/segments/test_guide.py",
    "--ignore=tests/segments/test_limits.py",
    "--ignore=tests/segments/test_memory.py",
    "--ignore=tests/segments/work/test_command.py",
    "--ignore=tests/segments/work/test_executors.py",
    "--ignore=tests/wrapper/test_archive_checks.py",
    "--ignore=tests/wrapper/test_archive_journals.py",
    "--ignore=tests/wrapper/test_archives.py",
    "--ignore=tests/wrapper/test_envelope.py",
    "--ignore=tests/wrapper/test_forks.py",
    "--ignore=tests/wrapper/test_log_redaction.py",
    "--ignore=tests/wrapper/test_rate_limit_ledger.py",
    "--ignore=tests/wrapper/test_redaction.py",
    "--ignore=tests/wrapper/test_whole_pages.py",
    "--deselect=tests/wrapper/test_downloads.py::test_download_can_be_resumed_no_matter_when_it_was_killed",
]
# Long as well: runs with several processes of pytest, and very many examples.
LONG_NAMES = ("worker", "xdist", "parallel", "thousand", "every_possible_problem")


def main(arguments: Sequence[str]) -> int:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    install(constraints(tomllib.loads(project)["project"], pins), project)
    if arguments == ["--install"]:
        return 0
    if arguments and arguments != ["--all"]:
        return run(["-m", "pytest", *arguments], python=environments.python_in(ENVIRONMENT)).returncode
    # What differs between versions shows in the first case of a test.
    short = ["-k", " and ".join(f"not {name}" for name in LONG_NAMES)]
    selection = [] if arguments else [*LONG, *short, "--cases", "1"]
    return run([*PYTEST, *IMPOSSIBLE, *selection, *SUITES], python=environments.python_in(ENVIRONMENT)).returncode


def requirements(project: Mapping[str, Any]) -> Iterator[Requirement]:
    """What users install: the dependencies, and those of the extra `all`, without our own extras."""
    waiting = [*project["dependencies"], *project["optional-dependencies"]["all"]]
    while waiting:
        requirement = Requirement(waiting.pop())
        if requirement.name == project["name"]:
            for extra in requirement.extras:
                waiting += project["optional-dependencies"][extra]
        else:
            yield requirement


def lower_bound(requirement: Requirement) -> str:
    """The version after `>=`. Raises ValueError unless there is exactly one."""
    bounds = [specifier.version for specifier in requirement.specifier if specifier.operator == ">="]
    if len(bounds) != 1:
        raise ValueError(f"{requirement}: needs one lower bound, such as {requirement.name}>=1.0.0")
    return bounds[0]


def constraints(project: Mapping[str, Any], pins: Iterable[str]) -> list[str]:
    """The lowest version of each dependency that users install, and the pins of everything else."""
    lowest = {canonicalize_name(one.name): lower_bound(one) for one in requirements(project)}
    others = [pin for pin in pins if canonicalize_name(Requirement(pin).name) not in lowest]
    return [f"{name}=={version}" for name, version in sorted(lowest.items())] + others


def install(lowest: Sequence[str], project: str) -> None:
    """Make the environment; exit with a message if the installation fails. Takes no time if nothing has changed."""
    stamp = ENVIRONMENT / "installed"
    wanted = "\n".join([*BUILD_TOOLS, *TEST_TOOLS, *lowest, project])
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    print(f"Installing the lowest versions into {ENVIRONMENT.name}.", file=sys.stderr)
    python = environments.make(ENVIRONMENT)
    file = ENVIRONMENT / "constraints.txt"
    file.write_text("\n".join(lowest), encoding="utf-8")
    for packages in ([*BUILD_TOOLS, *TEST_TOOLS], ["--no-build-isolation", "--editable", ".[all]"]):
        try:
            environments.install(python, "--constraint", str(file), *packages, cwd=ROOT)
        except environments.InstallationError as error:
            sys.exit(f"{error}\nthe installation failed, see above; is each lower bound in pyproject.toml a release?")
    stamp.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
