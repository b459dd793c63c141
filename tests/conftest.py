"""Configuration of all tests.

The suite in `downstream` represents a user's code: it has its own settings, and test_downstream.py runs it.
"""

from __future__ import annotations

import signal
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
# These need what Windows does not have: signals, pipes with names, limits of resources, users, scripts that run by
# their first line. What they test is written by the documentation of Windows, where nobody has run it yet.
POSIX_ONLY = [
    "cli/test_archive.py",
    "cli/test_completion.py",
    "cli/test_emulator_command.py",
    "cli/test_failures.py",
    "cli/test_files.py",
    "cli/test_interrupts.py",
    "cli/test_profiles.py",
    "cli/test_progress.py",
    "cli/test_replays.py",
    "cli/test_sessions.py",
    "cli/test_terminal.py",
    "cli/test_times.py",
    "drift/test_sources.py",
    "plugin/test_guard.py",
    "plugin/test_guarded_processes.py",
    "project/test_every_failure.py",
    "project/test_minimum_versions.py",
    "project/test_release.py",
    "project/test_scripts.py",
    "segments/exports/test_datasets.py",
    "segments/exports/test_up_to_date.py",
    "segments/heatmap/test_browser.py",
    "segments/heatmap/test_pictures.py",
    "segments/player/test_command.py",
    "segments/player/test_failures.py",
    "segments/player/test_vendored_player.py",
    "segments/remote/test_exports.py",
    "segments/remote/test_reading.py",
    "segments/test_memory.py",
    "segments/test_sources.py",
    "segments/work/test_command.py",
    "segments/work/test_dask.py",
    "segments/work/test_executors.py",
    "wrapper/test_archive_journals.py",
    "wrapper/test_archives.py",
    "wrapper/test_downloads.py",
    "wrapper/test_files.py",
    "wrapper/test_forks.py",
    "wrapper/test_manifest.py",
    "wrapper/test_planted_files.py",
    "wrapper/test_rate_limits.py",
]
collect_ignore = ["downstream", *(POSIX_ONLY if sys.platform == "win32" else ())]

# Tests that run very many cases of code that other tests reach already, or that control a browser. Tracing makes Python
# two to three times slower, so `scripts/test -n auto --cov` leaves these out of the coverage.
WITHOUT_COVERAGE = [
    TESTS / path
    for path in (
        "benchmarks",
        "emulator/test_schemathesis.py",
        "failures",
        "project/test_every_failure.py",
        "segments/dom/test_hostile_pages.py",
        "segments/heatmap/test_browser.py",
        "segments/inert",
        "segments/player/test_controls.py",
        "segments/player/test_hostile_recordings.py",
        "segments/player/test_recorded_pages.py",
        "segments/test_damage.py",
        "segments/test_envelopes.py",
        "segments/test_fuzz.py",
        "segments/test_limits.py",
        "segments/test_memory.py",
        "strategies",
    )
]
# What pytest and command lines show depends on these, which terminals and CI set.
TERMINAL = ("BUILD_NUMBER", "CI", "COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR", "PYTEST_ADDOPTS", "PY_COLORS")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--cases", type=int, metavar="N", help="Run only the first N cases of each test.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_untraced = {path: any(map(path.is_relative_to, WITHOUT_COVERAGE)) for path in {item.path for item in items}}
    for item in items:
        if left_untraced[item.path]:
            item.add_marker("no_cover")
    most: int | None = config.getoption("cases")
    if most is not None:
        numbers = Counter[str]()
        left_out: list[pytest.Item] = []
        for item in items:
            test = item.nodeid.partition("[")[0]
            numbers[test] += 1
            if numbers[test] > most:
                left_out.append(item)
        config.hook.pytest_deselected(items=left_out)
        out = set(left_out)
        items[:] = [item for item in items if item not in out]


@pytest.fixture(scope="session", autouse=True)
def same_terminal_everywhere() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        for name in TERMINAL:
            environment.delenv(name, raising=False)
        environment.setenv("TERM", "xterm")
        yield


@pytest.fixture(scope="session", autouse=True)
def interrupts_enabled() -> Iterator[None]:
    """Shells start background jobs with interrupts ignored, which child processes inherit."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
