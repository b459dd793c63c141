"""`rum-replay events`, `sessions` and `open`: from a question to replays on disk."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from rum_replay_emulator.sample import SampleSession

from .bench import CommandLine, run_process

VIEW = {"type": "view", "session": {"id": "s", "has_replay": True}}


def load(rum_replay: CommandLine, *views: str, ago: float = 60, **own: Any) -> None:
    """Load views of the session `s` that began so many seconds ago."""
    from rum_replay_emulator.clock import rfc3339

    time = rfc3339(rum_replay.emulator.clock.time() - ago)
    events = [{**VIEW, **own, "view": {"id": name, "url_path": "/check out"}} for name in views]
    rum_replay.emulator.load_events(
        {"id": event["view"]["id"], "type": "rum", "attributes": {"timestamp": time, "attributes": event}}
        for event in events
    )


def test_from_a_question_to_a_player(rum_replay: CommandLine, sample: SampleSession, tmp_path: Path) -> None:
    found = rum_replay("sessions", "search", "@view.url_path:*second", "--since", "1d", "--json").succeeded()
    (session,) = found.objects
    assert [view["id"] for view in session["views"]] == [view.view_id for view in sample.views]
    replay = str(tmp_path / "replay")
    saved = rum_replay("sessions", "download", session["id"], replay).succeeded()
    assert saved.lines[-1] == f"7905 bytes of 2 views in {replay}"
    rum_replay.bare("segments", "play", replay, "-o", str(tmp_path / "replay.html")).succeeded()
    rows = rum_replay.bare("segments", "summary", replay, "--table", "views", "-o", "csv").succeeded().lines
    assert len(rows) == 1 + len(sample.views)


@pytest.mark.parametrize("option", ["--since", "--start"])
def test_searches_begin_where_the_option_says(rum_replay: CommandLine, option: str) -> None:
    load(rum_replay, "old", ago=40 * 86_400)
    for command in (["events", "search", "@type:view"], ["sessions", "views", "s"], ["sessions", "search"]):
        printed = rum_replay(*command, "--json").succeeded().objects
        assert all("old" not in json.dumps(one) for one in printed)
        printed = rum_replay(*command, option, "50d", "--end", "39d", "--json").succeeded().objects
        assert ["old" in json.dumps(one) for one in printed] == [True]


def test_sessions_are_chosen_by_replay_and_completion(rum_replay: CommandLine, sample: SampleSession) -> None:
    load(rum_replay, "v", session={"id": "without"})
    for options, expected in [
        ((), [sample.session_id]),
        (("--replay", "no"), ["without"]),
        (("--replay", "any"), [sample.session_id, "without"]),
        (("--replay", "any", "--completed"), [sample.session_id]),
        (("--running",), []),
        (("--replay", "any", "--limit", "1"), [sample.session_id]),
    ]:
        found = rum_replay("sessions", "search", *options, "--json").succeeded().objects
        assert [one["id"] for one in found] == expected, options


def test_ids_alone_can_be_given_to_another_command(rum_replay: CommandLine, sample: SampleSession) -> None:
    rum_replay("playlists", "create", "found").succeeded()
    rum_replay.emulator.faults.add(operation="SearchRUMEvents", delay=0.001, times=1)
    rum_replay.emulator.faults.add(operation="SearchRUMEvents", partial=True, times=1)
    printed = rum_replay("sessions", "search", "--completed", "--ids")
    assert printed.out == f"{sample.session_id}\n"
    assert printed.err.startswith("not everything was found")
    rum_replay("playlists", "add", "1", "-", stdin=io.StringIO(printed.out)).succeeded()
    assert [one["id"] for one in rum_replay("playlists", "sessions", "1", "--json").objects] == [sample.session_id]
    for option in (["--json"], ["-o", "csv"], ["--columns", "session"]):
        assert "--ids prints nothing else" in rum_replay("sessions", "search", "--ids", *option).err


def test_events_are_listed_in_either_order(rum_replay: CommandLine) -> None:
    rows = {
        sort: rum_replay("events", "search", "@type:view", "--sort", sort, "--columns", "view", "-o", "csv").lines[1:]
        for sort in ("timestamp", "-timestamp")
    }
    assert len(rows["timestamp"]) == 2
    assert rows["timestamp"] == rows["-timestamp"][::-1]


def test_a_query_that_begins_with_a_minus_goes_after_two(rum_replay: CommandLine) -> None:
    found = rum_replay("events", "search", "--json", "--", "-@type:(view OR action)").succeeded().objects
    assert [one["attributes"]["attributes"]["type"] for one in found] == ["session"]


@pytest.mark.parametrize("form", [[], ["--json"], ["-o", "json"], ["-o", "yaml"], ["-o", "csv"]])
@pytest.mark.parametrize(
    "command",
    [["events", "search"], ["sessions", "search"], ["sessions", "views", "s"], ["sessions", "download", "s", "x"]],
)
def test_the_last_line_says_what_is_missing(
    rum_replay: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], form: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    load(rum_replay, "v1", "v2", "v3", "v4")
    rum_replay.emulator.load_segments("s", "v1", [b"x"])
    rum_replay.emulator.faults.add(operation="SearchRUMEvents", partial=True, times=1)
    result = rum_replay(*command, *form)
    assert result.status == 0
    assert result.err.splitlines() == ["not everything was found: the search ended with the status 'timeout'"]


def test_a_403_names_the_permission(rum_replay: CommandLine) -> None:
    rum_replay.emulator.faults.add(operation="SearchRUMEvents", status=403, times=None)
    for command in (
        ["events", "search"],
        ["sessions", "search"],
        ["sessions", "views", "s"],
        ["sessions", "download", "s", "x"],
    ):
        assert "rum_apps_read" in rum_replay(*command).failed()


def test_what_the_emulator_does_not_understand_is_named_with_its_place(rum_replay: CommandLine) -> None:
    assert "query, character 12: expected name:value" in rum_replay("events", "search", "@type:view checkout").failed()


def test_views_without_segments_are_normal_unless_none_has_any(rum_replay: CommandLine, tmp_path: Path) -> None:
    load(rum_replay, "v1", "v2", "v3")
    rum_replay.emulator.load_segments("s", "v2", [b"x"])
    folder = str(tmp_path / "replay")
    saved = rum_replay("sessions", "download", "s", folder).succeeded()
    assert saved.lines == [
        "view  pages  bytes",
        "v1    0      0",
        "v2    1      1",
        "v3    0      0",
        f"1 byte of 3 views in {folder}; 2 views without segments",
    ]
    (printed,) = rum_replay("sessions", "download", "s", folder, "--json").succeeded().objects
    assert [(view["view_id"], view["has_segments"]) for view in printed["views"]] == [
        ("v1", False),
        ("v2", True),
        ("v3", False),
    ]
    result = rum_replay("sessions", "download", "s", str(tmp_path / "none"), "--view", "v1", "--view", "v3")
    assert result.failed() == "error: session s has no segments in any of 2 views: nothing was downloaded"
    assert not (tmp_path / "none").exists()


def test_a_session_without_views_is_an_error_that_says_why(rum_replay: CommandLine, tmp_path: Path) -> None:
    line = rum_replay("sessions", "download", "nobody", str(tmp_path / "replay")).failed()
    assert "events are kept for 30 days" in line
    assert "--view" in line
    assert list(tmp_path.iterdir()) == []


def test_named_views_are_downloaded_without_a_search(
    rum_replay: CommandLine, sample: SampleSession, tmp_path: Path
) -> None:
    view_id = sample.views[1].view_id
    rum_replay("sessions", "download", sample.session_id, str(tmp_path / "replay"), "--view", view_id).succeeded()
    assert rum_replay.operations == ["GetSegments"]
    assert [path.name for path in (tmp_path / "replay").iterdir()] == [view_id]


def test_a_download_is_not_for_standard_output(rum_replay: CommandLine) -> None:
    assert "name a directory" in rum_replay("sessions", "download", "s", "-").failed(status=2)


LINK = "https://app.datadoghq.eu/rum/replay/sessions/s?seed=v&from=1782907200000"
PLACE = ("s", "--view", "v", "--at", "2026-07-01T12:00:00Z", "--site", "eu1")


def test_links_need_neither_requests_nor_keys(rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DD_API_KEY")
    assert rum_replay.bare("sessions", "link", *PLACE).succeeded().lines == [LINK]
    (printed,) = rum_replay.bare("sessions", "link", *PLACE, "--json").succeeded().objects
    assert printed == {"type": "link", "session_id": "s", "url": LINK}
    assert "is not known; choose a site" in rum_replay("sessions", "link", "s").failed()


def test_open_prints_the_url_where_there_is_no_browser(rum_replay: CommandLine) -> None:
    assert rum_replay.bare("open", *PLACE).succeeded().lines == [LINK]
    (printed,) = rum_replay.bare("open", *PLACE, "--json").succeeded().objects
    assert printed == {"type": "link", "session_id": "s", "url": LINK, "opened": False}


def test_open_starts_the_browser_of_the_user(tmp_path: Path) -> None:
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!{shutil.which("sh")}\nprintf "%s" "$1" > "{opened}"\n')
    browser.chmod(0o755)
    result = run_process("open", *PLACE, environment={"BROWSER": str(browser)})
    assert result.succeeded().lines == [f"opened {LINK}"]
    assert opened.read_text() == LINK
