"""`rum-replay audit watches`: who watched which sessions, and what the API cannot know."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rum_replay_emulator.identity import User
from rum_replay_emulator.sample import SampleSession

from .bench import CommandLine

UUIDS = {name: f"00000000-0000-4000-8000-00000000000{number}" for number, name in enumerate(("ana", "bo", "cy"))}
WATCHERS, HISTORY = "ListRumReplaySessionWatchers", "ListRumReplayViewershipHistorySessions"
LIMITS = ("single watches", "deleted", "users of whom no watch")


def watch(rum_replay: CommandLine, name: str, session_id: str, time: str) -> None:
    rum_replay.emulator.user = User(handle=f"{name}@example.com", name=name.title(), uuid=UUIDS.get(name, name))
    words = ("viewership", "record", session_id, "--application-id", "a", "--event-id", f"e-{name}")
    rum_replay(*words, "--timestamp", time).succeeded()


@pytest.fixture
def watched(rum_replay: CommandLine) -> CommandLine:
    """Three users, of whom one watched none of the sessions s1 to s3."""
    watch(rum_replay, "ana", "s1", "2026-07-01T12:00:00Z")
    watch(rum_replay, "ana", "s1", "2026-07-02T12:00:00Z")
    watch(rum_replay, "bo", "s1", "2026-07-03T12:00:00Z")
    watch(rum_replay, "bo", "s2", "2026-06-01T12:00:00Z")
    watch(rum_replay, "bo", "s8", "2026-07-04T12:00:00Z")
    watch(rum_replay, "cy", "s9", "2026-07-05T12:00:00Z")
    rum_replay.emulator.requests.clear()
    return rum_replay


def rows(rum_replay: CommandLine, *arguments: str) -> list[tuple[object, ...]]:
    limits, *found = rum_replay("audit", "watches", *arguments, "--json").succeeded().objects
    assert limits["type"] == "limits"
    return [(one["session_id"], one["user"], one["watch_count"], one["last_watched_at"][:10]) for one in found]


def test_it_lists_users_by_session_and_the_last_watch_first(watched: CommandLine) -> None:
    assert rows(watched, "--sessions", "s2,s1", "--sessions", "s3") == [
        ("s2", "bo@example.com", 1, "2026-06-01"),
        ("s1", "bo@example.com", 1, "2026-07-03"),
        ("s1", "ana@example.com", 2, "2026-07-02"),
    ]
    histories = [request for request in watched.emulator.requests if request.operation == HISTORY]
    asked = {request.query["filter[created_by]"] for request in histories}
    assert asked == {UUIDS["ana"], UUIDS["bo"]}
    assert {request.query["filter[session_ids]"] for request in histories} == {"s2,s1,s3"}


def test_since_leaves_out_earlier_watches(watched: CommandLine) -> None:
    found = rows(watched, "--sessions", "s1,s2", "--since", "2026-07-03T00:00:00Z")
    assert found == [("s1", "bo@example.com", 1, "2026-07-03")]
    (query,) = {request.query.get("filter[watched_at][start]") for request in watched.emulator.requests} - {None}
    assert query == "1783036800000"


def test_other_sessions_of_the_same_users_come_from_their_history(watched: CommandLine) -> None:
    assert rows(watched, "--sessions", "s1", "--other-sessions") == [
        ("s1", "bo@example.com", 1, "2026-07-03"),
        ("s1", "ana@example.com", 2, "2026-07-02"),
        ("s2", "bo@example.com", None, "2026-06-01"),
        ("s8", "bo@example.com", None, "2026-07-04"),
    ]


def test_what_each_source_says_is_kept(watched: CommandLine) -> None:
    _, found = watched("audit", "watches", "--sessions", "s2", "--json").succeeded().objects
    assert found == {
        "type": "watches",
        "session_id": "s2",
        "user": "bo@example.com",
        "name": "Bo",
        "user_id": UUIDS["bo"],
        "watch_count": 1,
        "last_watched_at": "2026-06-01T12:00:00.000Z",
        "event_id": "e-bo",
        "track": "rum",
        "found_in": ["watchers", "history"],
    }


def test_ids_come_from_a_file_and_from_standard_input(watched: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "ids").write_text("s2 # escalated\n", encoding="utf-8")
    command = ("audit", "watches", "--sessions", "-", "--from", str(tmp_path / "ids"), "--json")
    found = watched(*command, stdin=io.StringIO("s1\n")).succeeded().objects
    assert [one.get("session_id") for one in found] == [None, "s1", "s1", "s2"]


def test_the_limits_come_first(watched: CommandLine) -> None:
    lines = watched("audit", "watches", "--sessions", "s1,s3", "--since", "2026-07-01T00:00:00Z").succeeded().lines
    assert lines[0] == "What the API cannot know:"
    assert all(word in line for word, line in zip(LIMITS, lines[1:4], strict=True))
    assert lines[5].split()[0] == "session"
    assert lines[-1] == "no known watch since 2026-07-01T00:00:00Z: 1 of 2 sessions"
    table = watched("audit", "watches", "--sessions", "s1", "-o", "json").succeeded().out
    assert all(word in text for word, text in zip(LIMITS, json.loads(table)[0]["unknown"], strict=True))


@pytest.mark.parametrize("form", [("--csv",), ("-o", "csv"), ("-o", "csv", "--csv")])
def test_csv_has_them_on_standard_error(watched: CommandLine, form: tuple[str, ...]) -> None:
    result = watched("audit", "watches", "--sessions", "s2", *form, "--columns", "session,user,watches")
    assert result.lines == ['"session","user","watches"', '"s2","bo@example.com",1']
    assert all(word in result.err for word in LIMITS)
    assert result.status == 0


@pytest.mark.parametrize("form", [("--json",), ("-o", "json"), ("-o", "table")])
@pytest.mark.parametrize("first", [True, False])
def test_csv_excludes_other_forms(watched: CommandLine, form: tuple[str, ...], first: bool) -> None:
    options = (*form, "--csv") if first else ("--csv", *form)
    assert "exclude" in watched("audit", "watches", "--sessions", "s1", *options).err
    assert watched.operations == []


def test_a_session_that_fails_is_named_and_the_rest_is_listed(watched: CommandLine) -> None:
    watched.emulator.faults.add(operation=WATCHERS, status=404)
    result = watched("audit", "watches", "--sessions", "s1,s2", "--columns", "session,user")
    failed, last = result.err.splitlines()
    assert failed.startswith("failed: s1: ")
    assert last == "error: listing watchers: 1 of 2 sessions; failed: s1"
    # The history of a user who was found elsewhere has it.
    assert result.lines[5:8] == ["session  user", "s1       bo@example.com", "s2       bo@example.com"]
    assert result.status == 1


def test_a_history_that_may_not_be_read_is_named(watched: CommandLine) -> None:
    watched.emulator.faults.add(operation=HISTORY, status=403, times=None)
    result = watched("audit", "watches", "--sessions", "s1", "--json")
    assert [json.loads(line)["id"] for line in result.err.splitlines()[:2]] == ["bo@example.com", "ana@example.com"]
    assert [one["found_in"] for one in result.objects[1:]] == [["watchers"], ["watchers"]]
    assert result.status == 1


def test_a_user_without_a_uuid_has_no_history(rum_replay: CommandLine) -> None:
    watch(rum_replay, "unknown", "s1", "2026-07-01T12:00:00Z")
    rum_replay.emulator.requests.clear()
    assert rows(rum_replay, "--sessions", "s1") == [("s1", "unknown@example.com", 1, "2026-07-01")]
    assert rum_replay.operations == [WATCHERS, WATCHERS]


def test_sessions_that_nobody_watched(rum_replay: CommandLine) -> None:
    result = rum_replay("audit", "watches", "--sessions", "s1,s2")
    assert result.lines[-1] == "no known watch: 2 of 2 sessions"
    assert (result.status, result.err) == (0, "nothing found\n")


def test_sessions_come_from_a_search(rum_replay: CommandLine, sample: SampleSession) -> None:
    watch(rum_replay, "ana", sample.session_id, "2026-07-01T12:00:00Z")
    watch(rum_replay, "ana", "s1", "2026-07-01T12:00:00Z")
    found = rows(rum_replay, "--query", "@view.url_path:*second")
    assert found == [(sample.session_id, "ana@example.com", 1, "2026-07-01")]
    nothing = rum_replay("audit", "watches", "--query", "@view.url_path:nowhere")
    assert (nothing.status, nothing.lines[-1]) == (0, "no known watch: 0 of 0 sessions")


@pytest.mark.parametrize("form", [(), ("--json",), ("--csv",)])
def test_a_search_that_did_not_find_everything_is_said(rum_replay: CommandLine, form: tuple[str, ...]) -> None:
    rum_replay.emulator.faults.add(operation="SearchRUMEvents", partial=True, times=None)
    assert "not everything was found" in rum_replay("audit", "watches", "--query", "*", *form).err


@pytest.mark.parametrize("options", [("--sessions", "s1"), ("--from", "ids")])
def test_a_query_excludes_ids(rum_replay: CommandLine, options: tuple[str, ...]) -> None:
    message = "error: --query excludes --sessions and --from"
    assert rum_replay("audit", "watches", "--query", "*", *options).failed(2).startswith(message)
    assert rum_replay.operations == []


def test_many_ids_are_asked_for_fifty_at_a_time(watched: CommandLine) -> None:
    ids = ",".join(f"s{number}" for number in range(1, 121))
    assert len(rows(watched, "--sessions", ids)) == 5
    asked = [
        request.query["filter[session_ids]"] for request in watched.emulator.requests if request.operation == HISTORY
    ]
    counts = sorted(len(one.split(",")) for one in asked if len(one) < 2000)
    assert {50, 20} == set(counts)
