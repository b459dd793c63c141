"""`rum-replay viewership`: what reaches the server and what is printed."""

from __future__ import annotations

import pytest

from .bench import CommandLine


def record(rum_replay: CommandLine, session_id: str, *options: str) -> None:
    rum_replay(
        *("viewership", "record", session_id, "--application-id", "app-1", "--event-id", "event-1"), *options
    ).succeeded()


def test_record_sends_the_watch(rum_replay: CommandLine) -> None:
    record(rum_replay, "s1", "--timestamp", "2026-07-01T12:00:00Z", "--data-source", "rum")
    attributes = rum_replay.emulator.requests[-1].json()["data"]["attributes"]
    assert attributes.pop("timestamp").startswith("2026-07-01T12:00:00")
    assert attributes == {"application_id": "app-1", "event_id": "event-1", "data_source": "rum"}


def test_record_without_a_timestamp_means_now(rum_replay: CommandLine) -> None:
    record(rum_replay, "s1")
    assert "timestamp" in rum_replay.emulator.requests[-1].json()["data"]["attributes"]


@pytest.mark.parametrize("given", ["2026-07-01T14:00:00+02:00", "2026-07-01T12:00:00Z", "1782907200000"])
def test_times_are_accepted_in_three_forms_and_printed_in_utc(rum_replay: CommandLine, given: str) -> None:
    record(rum_replay, "s1", "--timestamp", given)
    lines = rum_replay("viewership", "watchers", "s1").succeeded().lines
    assert lines[1].endswith("  2026-07-01T12:00:00Z")


@pytest.mark.parametrize("given", ["soon", "12:00Z", ""])
def test_a_time_without_a_date_is_a_usage_error(rum_replay: CommandLine, given: str) -> None:
    options = ["--application-id", "a", "--event-id", "e", "--timestamp", given]
    assert "--timestamp" in rum_replay("viewership", "record", "s1", *options).failed(status=2)
    assert rum_replay.operations == []


def test_watchers_lists_totals(rum_replay: CommandLine) -> None:
    record(rum_replay, "s1")
    record(rum_replay, "s1")
    (watcher,) = rum_replay("viewership", "watchers", "s1", "--json", "--page-size", "1").succeeded().objects
    assert watcher["attributes"]["watch_count"] == 2


def test_history_sends_all_filters(rum_replay: CommandLine) -> None:
    for session_id in ("s1", "s2", "s3"):
        record(rum_replay, session_id, "--timestamp", "2026-07-01T12:00:00Z")
    options = [
        *("--watched-after", "2026-07-01T00:00:00Z", "--watched-before", "1782950400000"),
        *("--created-by", rum_replay.emulator.user.uuid, "--session-id", "s1", "--session-id", "s3"),
        *("--application-id", "app-1", "--page-size", "50"),
    ]
    found = rum_replay("viewership", "history", *options, "--json").succeeded().objects
    assert sorted(session["id"] for session in found) == ["s1", "s3"]
    assert dict(rum_replay.emulator.requests[-1].query) == {
        "filter[watched_at][start]": "1782864000000",
        "filter[watched_at][end]": "1782950400000",
        "filter[created_by]": rum_replay.emulator.user.uuid,
        "filter[session_ids]": "s1,s3",
        "filter[application_id]": "app-1",
        "page[number]": "1",
        "page[size]": "50",
    }


def test_history_is_a_table_of_sessions(rum_replay: CommandLine) -> None:
    record(rum_replay, "s1", "--timestamp", "1782907200500")
    lines = rum_replay("viewership", "history").succeeded().lines
    assert lines[1].split() == ["s1", "2026-07-01T12:00:00.500Z", "rum", "event-1"]


def test_delete_deletes_the_watches(rum_replay: CommandLine) -> None:
    record(rum_replay, "s1")
    rum_replay("viewership", "delete", "s1", "--yes").succeeded()
    assert rum_replay("viewership", "watchers", "s1", "--json").out == ""


@pytest.mark.parametrize("given", ["ana@example.com", "Mira Holt", "7015524"])
@pytest.mark.parametrize("command", [("viewership", "history"), ("playlists", "list")], ids=" ".join)
def test_a_user_that_is_not_named_by_a_uuid_is_refused_with_a_hint(
    rum_replay: CommandLine, command: tuple[str, ...], given: str
) -> None:
    line = rum_replay(*command, "--created-by", given).failed()
    assert f"created_by must be the UUID of a user, such as 5b1f6e80-7c24-4d39-8a55-c0e9d2f4713b, not '{given}'" in line
    assert rum_replay.operations == []


def test_the_uuid_is_in_the_table_of_watchers_and_among_the_fields_of_a_playlist(rum_replay: CommandLine) -> None:
    uuid = rum_replay.emulator.user.uuid
    record(rum_replay, "s1")
    rum_replay("playlists", "create", "a").succeeded()
    headings, row = rum_replay("viewership", "watchers", "s1", "--columns", "user,uuid").succeeded().lines
    assert headings.split() == ["user", "UUID"]
    assert row.split() == [rum_replay.emulator.user.handle, uuid]
    assert f"user UUID    {uuid}" in rum_replay("playlists", "get", "1").succeeded().lines
    assert "s1" in rum_replay("viewership", "history", "--created-by", uuid).succeeded().out
