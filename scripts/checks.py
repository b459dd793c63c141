"""Run all checks, with each one's name and time; go on after a failure and say at the end what failed.

usage: scripts/test [pytest argument ...]

With arguments, only pytest runs, with them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
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

Check = tuple[str, list[str]]

# What reads the source: two queues side by side, of about the same length. mypy's runs share a cache, so they are one.
READING: list[list[Check]] = [
    [
        ("generated client and contract follow from openapi.yaml", ["scripts/generate.py", "--check"]),
        ("synchronous drivers follow from the asynchronous ones", ["scripts/unasync_wrapper.py", "--check"]),
        ("contract lint", ["scripts/lint_contract.py"]),
        ("ruff format", ["-m", "ruff", "format", "--check", "--quiet", "."]),
        ("ruff check", ["-m", "ruff", "check", "--quiet", "."]),
        (
            "import-linter",
            ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"],
        ),
        ("pyright strict", ["-m", "pyright", "--level", "error"]),
    ],
    [
        ("mypy --strict", ["-m", "mypy", *HAND_WRITTEN, "generated"]),
        *((f"mypy --strict {folder}", ["-m", "mypy", folder]) for folder in TYPED_TESTS),
    ],
]
# What runs it: both use all processors themselves.
RUNNING: list[Check] = [
    ("pytest, many cases", [*PYTEST, *UNTRACED]),
    (
        "pytest, with branch coverage",
        [*PYTEST, *(f"--ignore={folder}" for folder in UNTRACED), "--cov", "--cov-report=term:skip-covered"],
    ),
]


def main(pytest_arguments: list[str]) -> int:
    if pytest_arguments:
        return run(["-m", "pytest", *pytest_arguments]).returncode
    started = time.monotonic()
    with ThreadPoolExecutor(len(READING)) as pool:
        queues = list(pool.map(lambda queue: [read(check) for check in queue], READING))
    results = {name: passed for queue in queues for name, passed in queue}
    for name, command in RUNNING:
        begun = time.monotonic()
        print(f"— {name}", flush=True)
        results[name] = run(command).returncode == 0
        print(verdict(passed=results[name], begun=begun), flush=True)
    failed = [name for name, passed in results.items() if not passed]
    print(f"{len(results) - len(failed)} of {len(results)} checks passed in {time.monotonic() - started:.0f} s")
    for name in failed:
        print(f"FAILED: {name}")
    return 1 if failed else 0


def read(check: Check) -> tuple[str, bool]:
    """Run a check beside others: what it says comes in one piece, once it has ended."""
    name, command = check
    begun = time.monotonic()
    ended = run(command, output=subprocess.PIPE)
    passed = ended.returncode == 0
    said = "" if passed else ended.stdout
    print(f"— {name}\n{said}{verdict(passed=passed, begun=begun)}\n", end="", flush=True)
    return name, passed


def verdict(*, passed: bool, begun: float) -> str:
    return f"  {'ok' if passed else 'FAILED'} in {time.monotonic() - begun:.1f} s"


def run(arguments: list[str], *, output: int | None = None) -> subprocess.CompletedProcess[str]:
    # The environment's own tools, such as ruff and node, go before any others.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return subprocess.run(
        [sys.executable, *arguments],
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
