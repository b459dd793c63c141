"""The README's Python blocks run as they stand, and its table names methods that exist."""

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


def test_the_block_on_testing_holds() -> None:
    names: dict[str, object] = {}
    exec(compile(BLOCKS[1], "README.md", "exec"), names)
    emulator = names["emulator"]
    assert isinstance(emulator, Emulator)
    assert [request.operation for request in emulator.requests][:3] == ["ListRumReplayPlaylists"] * 3


def test_the_block_on_the_pytest_plugin_is_a_test_that_passes(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(BLOCKS[2])
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_every_block_is_run_by_these_tests() -> None:
    assert len(BLOCKS) == 3


def test_the_table_names_every_public_method() -> None:
    rows = re.findall(r"^\| (?:`(\w+)`)? ?\| `(\w+)\(", README, re.MULTILINE)
    table: set[tuple[str, str]] = set()
    group = ""
    for row_group, method in rows:
        group = row_group or group
        table.add((group, method))
    http_client = httpx.Client(transport=Emulator().transport())
    replay = rum_replay.ReplayClient(api_key="a", app_key="b", http_client=http_client)
    public = {
        (group, method)
        for group in ("playlists", "heatmaps", "viewership", "sessions")
        for method in vars(type(getattr(replay, group)))
        if not method.startswith("_")
    }
    assert table == public
