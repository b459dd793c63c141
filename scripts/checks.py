"""Run all checks and print the name and time of each; continue after a failure and list all failures at the end.

usage: scripts/test [pytest argument ...]

With arguments, only pytest runs, with them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ["wrapper", "pytest_replay", "scripts", "generated", "tests"]
# Many tests wait for another process, such as a browser; one worker more than there are processors keeps these busy.
PYTEST = ["-m", "pytest", "-q", "-n", str((os.cpu_count() or 1) + 1), "--dist", "worksteal"]

Check = tuple[str, list[str]]

# They read the source, on one processor each; the longest come first, so that the short ones fill the gaps.
STATIC: list[Check] = [
    ("pyright strict", ["-m", "pyright", "--level", "error"]),
    ("mypy --strict", ["-m", "mypy", *SOURCES]),
    # Compiles the tests, which each of pytest's workers would do otherwise.
    ("pytest finds the tests", ["-m", "pytest", "--collect-only", "-qq"]),
    ("the lowest versions of the dependencies can be installed", ["scripts/minimum_versions.py", "--install"]),
    ("generated client and emulator's contract are up to date", ["scripts/generate.py", "--check"]),
    (
        "import-linter",
        ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"],
    ),
    ("models of the client are up to date", ["scripts/models.py", "--check"]),
    ("synchronous drivers are up to date", ["scripts/unasync_wrapper.py", "--check"]),
    ("reference of the command is up to date", ["scripts/cli_reference.py", "--check"]),
    ("pages about the contract are up to date", ["scripts/contract_pages.py", "--check"]),
    ("ruff format", ["-m", "ruff", "format", "--check", "--quiet", "."]),
    ("ruff check", ["-m", "ruff", "check", "--quiet", "."]),
]
# They run the code, on all processors.
TESTS: list[Check] = [
    ("pytest", PYTEST),
    ("pytest with the lowest versions of the dependencies", ["scripts/minimum_versions.py"]),
]


def main(pytest_arguments: Sequence[str]) -> int:
    if pytest_arguments:
        return run(["-m", "pytest", *pytest_arguments]).returncode
    return run_all(STATIC, TESTS)


def run_all(concurrent: Sequence[Check], one_by_one: Sequence[Check]) -> int:
    """Run all checks, first those that can run at the same time; 0 if all passed, else 1."""
    started = time.monotonic()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        passed = list(pool.map(run_quietly, concurrent))
    passed += [run_visibly(check) for check in one_by_one]
    failed = [name for (name, _), ok in zip([*concurrent, *one_by_one], passed, strict=True) if not ok]
    print(f"{len(passed) - len(failed)} of {len(passed)} checks passed in {time.monotonic() - started:.0f} s")
    for name in failed:
        print(f"FAILED: {name}")
    return 1 if failed else 0


def run_quietly(check: Check) -> bool:
    """Print everything at the end, so that checks that run at the same time do not mix their output."""
    name, command = check
    started = time.monotonic()
    finished = run(command, output=subprocess.PIPE)
    passed = finished.returncode == 0
    print(f"— {name}\n{'' if passed else finished.stdout}{verdict(passed, started)}\n", end="", flush=True)
    return passed


def run_visibly(check: Check) -> bool:
    name, command = check
    started = time.monotonic()
    print(f"— {name}", flush=True)
    passed = run(command).returncode == 0
    print(verdict(passed, started), flush=True)
    return passed


def verdict(passed: bool, started: float) -> str:
    return f"  {'ok' if passed else 'FAILED'} in {time.monotonic() - started:.1f} s"


def run(
    arguments: Sequence[str], *, python: Path = Path(sys.executable), output: int | None = None
) -> subprocess.CompletedProcess[str]:
    # Tools of this environment, such as ruff and node, take precedence over any others.
    path = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])
    return subprocess.run(
        [str(python), *arguments],
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        check=False,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
        text=True,
        errors="replace",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
