"""Run all checks in order, with each one's name and time; go on after a failure and say at the end what failed.

usage: scripts/test [pytest argument ...]

With arguments, only pytest runs, with them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HAND_WRITTEN = ["wrapper", "pytest_replay", "scripts"]
# One at a time: several have a conftest of their own, and mypy takes one module of a name.
TYPED_TESTS = [
    "tests/benchmarks",
    "tests/cli",
    "tests/contract",
    "tests/downstream",
    "tests/emulator",
    "tests/failures",
    "tests/generated",
    "tests/plugin",
    "tests/project",
    "tests/segments",
    "tests/strategies",
    "tests/wrapper",
]
PYTEST = ["-m", "pytest", "-q", "-n", "auto", "--dist", "worksteal"]
# Folders of tests that try thousands of cases of what others reach already; tracing would take most of their time.
UNTRACED = ["tests/failures", "tests/strategies"]

CHECKS: list[tuple[str, list[str]]] = [
    ("generated client and contract follow from openapi.yaml", ["scripts/generate.py", "--check"]),
    ("synchronous drivers follow from the asynchronous ones", ["scripts/unasync_wrapper.py", "--check"]),
    ("contract lint", ["scripts/lint_contract.py"]),
    ("ruff format", ["-m", "ruff", "format", "--check", "--quiet", "."]),
    ("ruff check", ["-m", "ruff", "check", "--quiet", "."]),
    (
        "import-linter",
        ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"],
    ),
    ("mypy --strict", ["-m", "mypy", *HAND_WRITTEN, "generated"]),
    *((f"mypy --strict {folder}", ["-m", "mypy", folder]) for folder in TYPED_TESTS),
    ("pyright strict", ["-m", "pyright", "--level", "error"]),
    ("pytest, many cases", [*PYTEST, *UNTRACED]),
    (
        "pytest, with branch coverage",
        [*PYTEST, *(f"--ignore={folder}" for folder in UNTRACED), "--cov", "--cov-report=term:skip-covered"],
    ),
]


def main(pytest_arguments: list[str]) -> int:
    if pytest_arguments:
        return run(["-m", "pytest", *pytest_arguments])
    failed: list[str] = []
    started = time.monotonic()
    for name, command in CHECKS:
        begun = time.monotonic()
        print(f"— {name}", flush=True)
        if run(command):
            failed.append(name)
        print(f"  {'FAILED' if name in failed else 'ok'} in {time.monotonic() - begun:.1f} s", flush=True)
    print(f"{len(CHECKS) - len(failed)} of {len(CHECKS)} checks passed in {time.monotonic() - started:.0f} s")
    for name in failed:
        print(f"FAILED: {name}")
    return 1 if failed else 0


def run(command: list[str]) -> int:
    # The environment's own tools, such as ruff and node, go before any others.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env={**os.environ, "PATH": path}, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
