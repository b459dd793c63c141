"""Replaying many different requests from one cassette, against httpx alone and other libraries' cassettes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from attrs import frozen

from .measure import Pair, Row, paired_values, seconds, times
from .peer import peer
from .wheel import ROOT, build_wheel

__all__ = ["run"]

_PLAYER = Path(__file__).with_name("cassette_player.py")
_TESTS = {
    "ours": "def test_replay(rum_replay_cassette):",
    "pytest_recording": "import pytest\n\n@pytest.mark.vcr\ndef test_replay():",
}
_TEST_BODY = """
    import httpx

    with httpx.Client(headers={{"DD-API-KEY": "0123456789abcdef", "DD-APPLICATION-KEY": "fedcba9876543210"}}) as client:
        for number in range({count}):
            assert client.get(f"{url}/api/v2/rum/replay/playlists/{{number}}").json()["data"]
"""
_CONFTEST = """
import pathlib, time, pytest

@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    started = time.perf_counter()
    result = yield
    pathlib.Path("seconds").write_text(str(time.perf_counter() - started))
    return result
"""


def run(*, quick: bool) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if quick:
            others = [module for module in ("cassetter", "pytest_recording") if find_spec(module)]
            yield from _rows(_Cassettes(Path(sys.executable), folder, count=40, rounds=2), others)
        else:
            cassettes = _Cassettes(_environment(folder), folder, count=1600, rounds=7)
            yield from _rows(cassettes, ["cassetter", "pytest_recording"])


@frozen
class _Cassettes:
    """Cassettes of several libraries, with the same requests, in one folder."""

    python: Path
    folder: Path
    count: int
    rounds: int

    def record(self, library: str, url: str) -> None:
        self._play("record", library, url)

    def compare(self, library: str, url: str, *, rounds: int | None = None) -> Pair:
        """Replay ours and the other's in turn, in one process."""
        return Pair(**json.loads(self._play("compare", library, url, rounds)))

    def _play(self, task: str, library: str, url: str, rounds: int | None = None) -> str:
        numbers = f"{self.count},{rounds or self.rounds}"
        command = [str(self.python), str(_PLAYER), task, library, str(self.folder), url, numbers]
        return _output(command, {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}, ROOT)


def _rows(cassettes: _Cassettes, others: list[str]) -> Iterator[Row]:
    what = f"replay of {cassettes.count:,} different requests"
    with peer() as url:
        for library in ("ours", "vcr", *others):
            if library != "pytest_recording":
                cassettes.record(library, url)
                continue
            for plugin in _TESTS:
                _suite(cassettes.folder / plugin, plugin, url, cassettes.count)
                _run_suite(cassettes.python, cassettes.folder / plugin, plugin, record=True)
    # The server has stopped, so only the cassettes can answer.
    # The slowest comes first: for some seconds the machine is still busy with the installation and the recording.
    vcr = cassettes.compare("vcr", url, rounds=1)
    httpx = cassettes.compare("httpx", url)
    yield Row(
        f"{what}, against httpx with a mock that answers at once",
        seconds(httpx.ours),
        seconds(httpx.other),
        times(httpx.ratio),
        "≤ 1 s",
        httpx.ours <= 1,
    )
    yield Row(
        f"{what}, against plain vcrpy",
        seconds(vcr.ours),
        seconds(vcr.other),
        f"{1 / vcr.ratio:.1f} times faster",
        "≥ 20 times faster",
        vcr.ratio <= 1 / 20,
    )
    if "cassetter" in others:
        pair = cassettes.compare("cassetter", url)
        yield Row(f"{what}, against cassetter", seconds(pair.ours), seconds(pair.other), times(pair.ratio))
    if "pytest_recording" in others:
        suites = [(cassettes.python, cassettes.folder / plugin, plugin) for plugin in ("ours", "pytest_recording")]
        pair = paired_values(lambda: _run_suite(*suites[0]), lambda: _run_suite(*suites[1]), rounds=1)
        yield Row(
            f"a test with its fixture: {what}, answers checked against the contract, against pytest-recording",
            seconds(pair.ours),
            seconds(pair.other),
            f"{1 / pair.ratio:.1f} times faster",
        )


def _suite(folder: Path, plugin: str, url: str, count: int) -> None:
    folder.mkdir()
    body = _TEST_BODY.format(count=count, url=url)
    (folder / "test_replay.py").write_text(_TESTS[plugin] + body, encoding="utf-8")
    (folder / "conftest.py").write_text(_CONFTEST, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")


def _run_suite(python: Path, folder: Path, plugin: str, *, record: bool = False) -> float:
    """Seconds that the test took, from its setup to its teardown."""
    plugin_module, option = {
        "ours": ("pytest_rum_replay.plugin", "--rum-replay-record"),
        "pytest_recording": ("pytest_recording.plugin", "--record-mode"),
    }[plugin]
    command = [str(python), "-m", "pytest", "-q", "-p", plugin_module, f"{option}={'once' if record else 'none'}"]
    _output(command, {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}, folder)
    return float((folder / "seconds").read_text(encoding="utf-8"))


def _output(command: list[str], environment: dict[str, str], folder: Path) -> str:
    finished = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if finished.returncode:
        sys.exit(f"{' '.join(command)} failed: {finished.stdout}{finished.stderr}")
    return finished.stdout


def _environment(folder: Path) -> Path:
    """An environment with the plugin and other plugins that people use with it, all pinned."""
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pins = ["--constraint", str(ROOT / "constraints.txt")]
    _output([*install, *pins, f"{build_wheel(folder / 'wheels')}[pytest,neighbors]"], dict(os.environ), folder)
    return python
