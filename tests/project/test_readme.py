"""The README's Python blocks run as written."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import httpx
import pytest
import rum_replay
import rum_replay_api
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


def test_the_block_on_the_generated_client_shows_what_it_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    emulator = Emulator()
    arguments = {"transport": emulator.transport()}
    client = functools.partial(rum_replay_api.AuthenticatedClient, httpx_args=arguments)
    monkeypatch.setattr(rum_replay_api, "AuthenticatedClient", client)
    exec(compile(BLOCKS[1], "README.md", "exec"), {})
    assert "PlaylistArray" in capsys.readouterr().out
    emulator.faults.add(status=520, body="<html>", headers={"Retry-After": "7"})
    exec(compile(BLOCKS[1], "README.md", "exec"), {})
    assert capsys.readouterr().out == "520 7 b'<html>'\n"


def test_the_block_on_testing_runs() -> None:
    names: dict[str, object] = {}
    exec(compile(BLOCKS[2], "README.md", "exec"), names)
    emulator = names["emulator"]
    assert isinstance(emulator, Emulator)
    assert [request.operation for request in emulator.requests][:3] == ["ListRumReplayPlaylists"] * 3


def test_the_block_on_the_pytest_plugin_is_a_test_that_passes(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(BLOCKS[3])
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_these_tests_run_every_block() -> None:
    assert len(BLOCKS) == 4
