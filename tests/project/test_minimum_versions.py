"""The lower bounds of dependencies: each exists, fits the pins, and is what scripts/test-minimum installs."""

from __future__ import annotations

import re
import shlex
import sys
import tomllib
from pathlib import Path

import checks
import environments
import minimum_versions
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINS = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()


def pinned_versions() -> dict[str, str]:
    pins = [Requirement(pin) for pin in PINS]
    return {canonicalize_name(pin.name): next(iter(pin.specifier)).version for pin in pins}


def test_every_dependency_of_users_has_a_lower_bound_that_allows_the_pinned_version() -> None:
    pinned = pinned_versions()
    for requirement in minimum_versions.requirements(PROJECT):
        bound = minimum_versions.lower_bound(requirement)
        assert requirement.specifier.contains(bound), requirement
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), requirement


def test_the_dependencies_of_every_extra_for_users_are_among_them() -> None:
    found = {one.name for one in minimum_versions.requirements(PROJECT)}
    assert found >= {"anyio", "click", "httpx", "jsonschema-rs", "pillow", "uvicorn", "vcrpy"}
    extras = PROJECT["optional-dependencies"]
    for extra in extras.keys() - {"test", "release", "neighbors", "site"}:
        names = {Requirement(line).name for line in extras[extra]}
        assert names - {"rum-replay"} <= found, extra


@pytest.mark.parametrize("requirement", ["a", "a==1", "a<2", "a>1", "a~=1.0", "a!=1", "a>=1,>=2", "a[b]"])
def test_a_requirement_without_one_lower_bound_is_refused(requirement: str) -> None:
    with pytest.raises(ValueError, match=r"needs one lower bound, such as a>=1\.0\.0"):
        minimum_versions.lower_bound(Requirement(requirement))


def test_lower_bounds_replace_pins_and_all_other_pins_stay() -> None:
    project = {
        "name": "rum-replay",
        "dependencies": ["httpx>=0.28.1,<0.29"],
        "optional-dependencies": {
            "emulator": ["jsonschema_rs>=0.52.0"],
            "pytest": ["rum-replay[emulator]", "PyYAML>=6.0.2"],
            "all": ["rum-replay[pytest]"],
            "test": ["ruff>=1"],
        },
    }
    pins = [
        "colorama==0.4.6 ; sys_platform == 'win32'",
        "httpx==0.28.2",
        "jsonschema-rs==0.60.3",
        "pyyaml==6.0.3",
        "ruff==2",
    ]
    assert minimum_versions.constraints(project, pins) == [
        "httpx==0.28.1",
        "jsonschema-rs==0.52.0",
        "pyyaml==6.0.2",
        "colorama==0.4.6 ; sys_platform == 'win32'",
        "ruff==2",
    ]


@pytest.fixture
def installations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment in a temporary folder; uv and pip are programs that list their arguments and fail if asked to."""
    program = tmp_path / "bin" / "uv"
    program.parent.mkdir()
    log, failing = (shlex.quote(str(tmp_path / name)) for name in ("log", "failing"))
    program.write_text(f'#!/bin/sh\necho "$*" >>{log}\n[ ! -e {failing} ]\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    monkeypatch.setattr(environments, "_PIP", [str(program), "instead"])
    monkeypatch.setattr(minimum_versions, "ENVIRONMENT", tmp_path / "environment")
    return tmp_path


def test_the_versions_are_installed_once_and_again_when_they_or_the_project_change(installations: Path) -> None:
    log = installations / "log"
    for versions, project, total in [
        (["a==1"], "p", 2),
        (["a==1"], "p", 2),
        (["a==2"], "p", 4),
        (["a==2"], "q", 6),
        (["a==2"], "q", 6),
    ]:
        minimum_versions.install(versions, project)
        assert (installations / "environment" / "constraints.txt").read_text(encoding="utf-8") == versions[0]
        assert len(log.read_text(encoding="utf-8").splitlines()) == total
    tools, ours = log.read_text(encoding="utf-8").splitlines()[-2:]
    constrained = f"--constraint {installations / 'environment' / 'constraints.txt'}"
    assert constrained in tools
    assert "hatchling" in tools.split()
    assert "pytest-xdist" in tools.split()
    assert ours.endswith(f"{constrained} --no-build-isolation --editable .[all]")


def test_an_installation_that_failed_is_reported_and_tried_again(installations: Path) -> None:
    (installations / "failing").touch()
    with pytest.raises(SystemExit, match=r"is each lower bound in pyproject\.toml a release\?"):
        minimum_versions.install(["a==1"], "p")
    uv, pip = (installations / "log").read_text(encoding="utf-8").splitlines()
    assert uv.startswith("pip install ")
    assert pip.startswith("instead ")
    (installations / "failing").unlink()
    minimum_versions.install(["a==1"], "p")
    assert len((installations / "log").read_text(encoding="utf-8").splitlines()) == 4


@pytest.mark.parametrize(
    ("arguments", "failing"),
    [
        ((), ["suite[0]"]),
        (("--all",), ["suite[0]", "suite[1]", "long[0]"]),
        (("-p", "no:cacheprovider", "test_other.py"), ["other[0]"]),
    ],
)
def test_first_cases_everything_or_given_tests_run(
    installations: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    failing: list[str],
) -> None:
    suites = installations / "suites"
    suites.mkdir()
    files = {name: suites / f"test_{name}.py" for name in ("suite", "long")} | {
        "other": installations / "test_other.py"
    }
    for name, file in files.items():
        cases = [0, 1] if name == "suite" else [0]
        file.write_text(
            f"import pytest\n@pytest.mark.parametrize('case', {cases})\ndef test_it(case):\n"
            f"    pytest.fail(f'as it should: {name}[{{case}}]')\n",
            encoding="utf-8",
        )
    (suites / "conftest.py").write_bytes((ROOT / "tests" / "conftest.py").read_bytes())
    monkeypatch.setattr(environments, "python_in", lambda _: Path(sys.executable))
    monkeypatch.setattr(minimum_versions, "PYTEST", ["-m", "pytest", "-p", "no:cacheprovider"])
    monkeypatch.setattr(minimum_versions, "SUITES", [str(suites)])
    monkeypatch.setattr(minimum_versions, "LONG", [f"--ignore={files['long']}"])
    given = [str(files["other"]) if argument == "test_other.py" else argument for argument in arguments]
    assert minimum_versions.main(given) == 1
    printed = capfd.readouterr().out
    assert sorted(set(re.findall(r"Failed: as it should: (.*)$", printed, re.MULTILINE))) == sorted(failing)
    constraints = (installations / "environment" / "constraints.txt").read_text(encoding="utf-8")
    assert constraints.splitlines() == minimum_versions.constraints(PROJECT, PINS)


def test_every_check_includes_the_lowest_versions() -> None:
    assert ["scripts/minimum_versions.py"] in [command for _, command in checks.TESTS]
    launcher = (ROOT / "scripts" / "test-minimum").read_text(encoding="utf-8")
    assert 'scripts/minimum_versions.py "$@"' in launcher


def test_every_suite_runs_with_the_lowest_versions_except_those_of_this_repository() -> None:
    folders = {path.parts[len(ROOT.parts) + 1] for path in (ROOT / "tests").glob("*/**/test_*.py")}
    suites = {path.split("/")[1] for path in minimum_versions.SUITES}
    assert folders - suites == {"benchmarks", "contract", "downstream", "drift", "project"}


def test_everything_that_is_selected_or_left_out_exists() -> None:
    left_out = [argument.partition("=")[2] for argument in (*minimum_versions.IMPOSSIBLE, *minimum_versions.LONG)]
    for selected in [*minimum_versions.SUITES, *left_out]:
        path, _, test = selected.partition("::")
        assert (ROOT / path).exists(), path
        assert not test or f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), test
