"""A test that hangs fails, says where, and does not keep the others from running."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# The `with` waits for the thread even if an exception is raised in its body.
HANGING = """
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import anyio
import pytest


def wait_forever_in_a_thread():
    Event().wait()


async def wait_forever_in_a_task():
    await anyio.sleep_forever()


def test_threads():
    with ThreadPoolExecutor() as pool:
        pool.submit(wait_forever_in_a_thread).result()


@pytest.mark.anyio
async def test_tasks(anyio_backend_name):
    await wait_forever_in_a_task()


def test_that_ends():
    pass
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run these tests with the configuration of this project, except for the limits."""
    (folder / "test_hanging.py").write_text(HANGING, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder)]
    limits = ["-o", "timeout=2", "-o", "faulthandler_timeout=1"]
    # Loading all the other plugins would take most of the time.
    plugins = ["-p", "timeout", "-p", "anyio", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, *limits, *plugins, *arguments, str(folder / "test_hanging.py")],
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_hang_ends_the_run_and_is_shown(tmp_path: Path) -> None:
    finished = run(tmp_path, "-k", "threads")
    assert finished.returncode == 1
    assert "wait_forever_in_a_thread" in finished.stdout + finished.stderr


def test_a_hang_in_one_of_several_processes_fails_and_the_other_tests_run(tmp_path: Path) -> None:
    finished = run(tmp_path, "-p", "xdist", "-n", "1", "-k", "not trio")
    assert finished.returncode == 1
    assert "2 failed, 1 passed" in finished.stdout
    assert "crashed while running 'test_hanging.py::test_threads'" in finished.stdout
    assert "crashed while running 'test_hanging.py::test_tasks[asyncio]'" in finished.stdout
    assert "in wait_forever_in_a_thread" in finished.stderr


def test_every_test_has_a_limit(request: pytest.FixtureRequest) -> None:
    assert float(request.config.getini("timeout")) > float(request.config.getini("faulthandler_timeout")) > 0
