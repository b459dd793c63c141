"""The README's Python blocks run as written."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import httpx
import pytest
import rum_replay
from rum_replay_emulator import Emulator
from rum_replay_emulator.sample import load_sample

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def test_the_first_block_does_something_useful(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = load_sample()
    emulator = Emulator()
    emulator.load_segments("your-session-id", "your-view-id", list(sample.views[0].segments))
    http_client = httpx.Client(transport=emulator.transport())
    client = functools.partial(rum_replay.ReplayClient, api_key="a", app_key="b", http_client=http_client)
    with client() as replay:
        replay.viewership.record_watch("session-1", application_id="app", event_id="event")
    monkeypatch.setattr(rum_replay, "ReplayClient", client)
    monkeypatch.chdir(tmp_path)
    exec(compile(BLOCKS[0], "README.md", "exec"), {})
    assert len(BLOCKS[0].splitlines()) <= 12
    output = capsys.readouterr().out
    assert emulator.user.handle in output
    size = sum(map(len, sample.views[0].segments))
    assert f"{size} bytes in" in output
    assert sum(page.stat().st_size for page in (tmp_path / "replay").glob("page-*.bin")) == size


def test_the_block_on_testing_runs() -> None:
    names: dict[str, object] = {}
    exec(compile(BLOCKS[1], "README.md", "exec"), names)
    emulator = names["emulator"]
    assert isinstance(emulator, Emulator)
    assert [request.operation for request in emulator.requests][:3] == ["ListRumReplayPlaylists"] * 3


def test_the_block_on_the_pytest_plugin_is_a_test_that_passes(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(BLOCKS[2])
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_these_tests_run_every_block() -> None:
    assert len(BLOCKS) == 3
