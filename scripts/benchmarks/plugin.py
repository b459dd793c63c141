"""The cost of the pytest plugin for a run that does not use it, and of its emulator for one that does."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from .measure import Row, paired, paired_values, seconds, times

__all__ = ["run"]

_TRIVIAL = "def test_nothing():\n    pass\n"
_BY_FIXTURE = """
def test_create(rum_replay_client):
    assert rum_replay_client.playlists.create("Checkout bugs").name == "Checkout bugs"
"""
_BY_HAND = """
import httpx
import pytest
from rum_replay import ReplayClient

def answer(request):
    attributes = {"name": "Checkout bugs", "session_count": 0, "created_at": "2026-07-01T12:00:00.000Z"}
    return httpx.Response(201, json={"data": {"id": "1", "type": "rum_replay_playlist", "attributes": attributes}})

@pytest.fixture
def client():
    with httpx.Client(transport=httpx.MockTransport(answer), trust_env=False) as http_client:
        yield ReplayClient(site="us1", api_key="a", app_key="b", http_client=http_client)

def test_create(client):
    assert client.playlists.create("Checkout bugs").name == "Checkout bugs"
"""
_TESTS_IN_ONE_RUN = 200


def run(*, quick: bool) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        yield from _load_rows(Path(folder), rounds=0 if quick else 41)
        yield from _fixture_rows(Path(folder), rounds=0 if quick else 9, tests=2 if quick else _TESTS_IN_ONE_RUN)


def _load_rows(folder: Path, *, rounds: int) -> Iterator[Row]:
    """Compare with an empty plugin, so that both sides include pytest's search for plugins, as every run does.

    No other plugin is loaded: others cost more than anything measured here. Processor time counts, where the system
    provides it: a few ms of elapsed time are lost in the noise of the machine.
    """
    (folder / "test_trivial.py").write_text(_TRIVIAL, encoding="utf-8")
    (folder / "empty_plugin.py").write_text("", encoding="utf-8")
    for what, arguments in (("collects one test", ["--collect-only"]), ("runs one test", [])):
        with_plugin = _pytest(folder, "test_trivial.py", "-p", "rum_replay", *arguments)
        without = _pytest(folder, "test_trivial.py", "-p", "empty_plugin", *arguments)
        pair = paired(with_plugin, without, rounds=rounds, clock=_children_cpu)
        added = (pair.ratio - 1) * pair.other  # from single runs, because the speed of the machine varies
        yield Row(
            f"pytest {what}, with the plugin loaded and unused, against without it: {added * 1e3:+.1f} ms",
            seconds(pair.ours),
            seconds(pair.other),
            times(pair.ratio),
            "≤ 3 ms more",
            added <= 0.003,
        )


def _fixture_rows(folder: Path, *, rounds: int, tests: int) -> Iterator[Row]:
    """The cost of each further test: a run of many tests minus a run of one."""
    costs: list[Callable[[], float]] = []
    for name, source in (("fixture", _BY_FIXTURE), ("hand", _BY_HAND)):
        many = source.replace(
            "def test_create(", "@pytest.mark.parametrize('number', range(TESTS))\ndef test_create(number, "
        )
        many = f"import pytest\n{many}".replace("TESTS", str(tests + 1))
        one = many.replace(f"range({tests + 1})", "range(1)")
        (folder / f"test_many_by_{name}.py").write_text(many, encoding="utf-8")
        (folder / f"test_one_by_{name}.py").write_text(one, encoding="utf-8")
        costs.append(_difference(folder, f"test_many_by_{name}.py", f"test_one_by_{name}.py", tests))
    pair = paired_values(costs[0], costs[1], rounds=rounds)
    yield Row(
        "a test with `rum_replay_client`, which uses a stateful emulator and checks its answers, against one "
        "with a client on a hand-made `httpx.MockTransport` with a canned answer",
        seconds(pair.ours),
        seconds(pair.other),
        times(pair.ratio),
    )


def _children_cpu() -> float:
    """Seconds of processor time that finished child processes used."""
    try:
        import resource
    except ImportError:  # Windows
        return time.perf_counter()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _difference(folder: Path, many: str, one: str, tests: int) -> Callable[[], float]:
    run_many, run_one = _pytest(folder, many, "-p", "rum_replay"), _pytest(folder, one, "-p", "rum_replay")
    return lambda: max(_timed(run_many) - _timed(run_one), 1e-9) / tests


def _timed(function: Callable[[], object]) -> float:
    started = _children_cpu()
    function()
    return _children_cpu() - started


def _pytest(folder: Path, module: str, *arguments: str) -> Callable[[], object]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", module, *arguments]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return lambda: subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
