"""`rum-replay playlists`: what reaches the server and what is printed."""

from __future__ import annotations

import io

from .bench import CommandLine


def create(rum_replay: CommandLine, *names: str) -> None:
    for name in names:
        rum_replay("playlists", "create", name).succeeded()
    rum_replay.emulator.requests.clear()


def test_create_sends_name_and_description_and_shows_the_playlist(rum_replay: CommandLine) -> None:
    result = rum_replay("playlists", "create", "Checkout bugs", "--description", "rage clicks").succeeded()
    sent = rum_replay.emulator.requests[-1].json()["data"]["attributes"]
    assert sent == {"name": "Checkout bugs", "description": "rage clicks"}
    assert "name         Checkout bugs" in result.lines
    assert "description  rage clicks" in result.lines
    assert f"created by   {rum_replay.emulator.user.handle}" in result.lines


def test_list_shows_all_playlists_and_fetches_pages_of_the_given_size(rum_replay: CommandLine) -> None:
    create(rum_replay, "a", "b", "c")
    result = rum_replay("playlists", "list", "--page-size", "2").succeeded()
    assert [line.split()[:3] for line in result.lines] == [
        ["id", "name", "sessions"],
        ["1", "a", "0"],
        ["2", "b", "0"],
        ["3", "c", "0"],
    ]
    queries = [dict(request.query) for request in rum_replay.emulator.requests]
    assert queries == [{"page[number]": str(number), "page[size]": "2"} for number in range(3)]


def test_list_sends_filters_and_pages_and_respects_the_limit(rum_replay: CommandLine) -> None:
    create(rum_replay, "Checkout one", "Search", "Checkout two", "Checkout three")
    user = rum_replay.emulator.user.uuid
    arguments = ["--query", "checkout", "--created-by", user, "--page-size", "1", "--start-page", "1", "--limit", "1"]
    result = rum_replay("playlists", "list", "--json", *arguments).succeeded()
    assert [playlist["attributes"]["name"] for playlist in result.objects] == ["Checkout two"]
    assert dict(rum_replay.emulator.requests[0].query) == {
        "filter[query]": "checkout",
        "filter[created_by_uuid]": user,
        "page[number]": "1",
        "page[size]": "1",
    }


def test_an_empty_list_prints_only_a_note_on_standard_error(rum_replay: CommandLine) -> None:
    result = rum_replay("playlists", "list")
    assert (result.status, result.out, result.err) == (0, "", "nothing found\n")


def test_an_empty_list_as_json_prints_nothing(rum_replay: CommandLine) -> None:
    assert rum_replay("--json", "playlists", "list").succeeded().out == ""


def test_get_shows_one_playlist_with_times_in_utc(rum_replay: CommandLine) -> None:
    create(rum_replay, "a")
    result = rum_replay("playlists", "get", "1").succeeded()
    created_at = next(line for line in result.lines if line.startswith("created at"))
    assert created_at.endswith("Z")
    assert rum_replay.operations == ["GetRumReplayPlaylist"]


def test_json_is_the_wire_form(rum_replay: CommandLine) -> None:
    create(rum_replay, "Bügel")
    result = rum_replay("playlists", "get", "1", "--json").succeeded()
    (playlist,) = result.objects
    assert (playlist["id"], playlist["type"]) == ("1", "rum_replay_playlist")
    assert playlist["attributes"]["name"] == "Bügel"
    assert result.out.isascii()


def test_update_keeps_the_description_that_is_not_given(rum_replay: CommandLine) -> None:
    rum_replay("playlists", "create", "Checkout", "--description", "kept")
    result = rum_replay("playlists", "update", "1", "--name", "Payment", "--json").succeeded()
    attributes = result.objects[0]["attributes"]
    assert (attributes["name"], attributes["description"]) == ("Payment", "kept")


def test_update_keeps_the_name_that_is_not_given(rum_replay: CommandLine) -> None:
    rum_replay("playlists", "create", "Checkout", "--description", "old")
    attributes = rum_replay("playlists", "update", "1", "--description", "", "--json").objects[0]["attributes"]
    assert (attributes["name"], attributes["description"]) == ("Checkout", "")


def test_update_of_both_fetches_the_other_attributes_first(rum_replay: CommandLine) -> None:
    create(rum_replay, "a")
    rum_replay("playlists", "update", "1", "--name", "b", "--description", "c").succeeded()
    assert rum_replay.operations == ["GetRumReplayPlaylist", "UpdateRumReplayPlaylist"]


def test_update_of_nothing_is_a_usage_error(rum_replay: CommandLine) -> None:
    assert "--name" in rum_replay("playlists", "update", "1").failed(status=2)
    assert rum_replay.operations == []


def test_delete_deletes(rum_replay: CommandLine) -> None:
    create(rum_replay, "a", "b")
    assert rum_replay("playlists", "delete", "1", "--yes").succeeded().out == "deleted playlist 1\n"
    left = rum_replay("playlists", "list", "--json").objects
    assert [playlist["id"] for playlist in left] == ["2"]


def test_add_adds_each_session_with_time_and_data_source(rum_replay: CommandLine) -> None:
    create(rum_replay, "a")
    options = ["--ts", "2026-07-01T14:00:00+02:00", "--data-source", "product_analytics"]
    result = rum_replay("playlists", "add", "1", "s1", "s2", *options).succeeded()
    assert result.lines == [
        "session s1 is in playlist 1",
        "session s2 is in playlist 1",
        "2 of 2 sessions are in playlist 1",
    ]
    expected = {"ts": "1782907200000", "data_source": "product_analytics"}
    assert [dict(request.query) for request in rum_replay.emulator.requests] == [expected, expected]


def test_add_reads_ids_from_standard_input(rum_replay: CommandLine) -> None:
    create(rum_replay, "a")
    rum_replay("playlists", "add", "1", "s0", "-", stdin=io.StringIO("s1\n\n  s2  \n")).succeeded()
    listed = rum_replay("playlists", "sessions", "1", "--json").objects
    assert {session["id"] for session in listed} == {"s0", "s1", "s2"}


def test_add_without_ids_on_standard_input_is_a_usage_error(rum_replay: CommandLine) -> None:
    assert "no session ids" in rum_replay("playlists", "add", "1", "-").failed(status=2)


def test_sessions_lists_the_sessions_of_one_playlist_in_pages(rum_replay: CommandLine) -> None:
    create(rum_replay, "a", "b")
    rum_replay("playlists", "add", "1", "s1", "s2", "s3")
    rum_replay.emulator.requests.clear()
    result = rum_replay("playlists", "sessions", "1", "--page-size", "2").succeeded()
    assert result.lines[0].split() == ["session", "track"]
    assert {tuple(line.split()) for line in result.lines[1:]} == {(f"s{n}", "rum") for n in (1, 2, 3)}
    assert len(rum_replay.emulator.requests) == 3


def test_remove_of_one_session_is_a_single_removal(rum_replay: CommandLine) -> None:
    create(rum_replay, "a")
    rum_replay("playlists", "add", "1", "s1", "s2")
    rum_replay.emulator.requests.clear()
    result = rum_replay("playlists", "remove", "1", "s1", "--yes").succeeded()
    assert result.out == "session s1 is no longer in playlist 1\n"
    assert rum_replay.operations == ["RemoveRumReplaySessionFromPlaylist"]


def test_remove_of_several_sessions_is_one_bulk_removal(rum_replay: CommandLine) -> None:
    create(rum_replay, "a")
    rum_replay("playlists", "add", "1", "s1", "s2", "s3")
    rum_replay.emulator.requests.clear()
    removed = rum_replay("playlists", "remove", "1", "s1", "s3", "--yes", "--json").succeeded().objects
    assert [session["id"] for session in removed] == ["s1", "s3"]
    assert rum_replay.operations == ["BulkRemoveRumReplayPlaylistSessions"]
    assert [session["id"] for session in rum_replay("playlists", "sessions", "1", "--json").objects] == ["s2"]


def test_help_explains_the_effect_of_adding_on_retention(rum_replay: CommandLine) -> None:
    for arguments in (("playlists",), ("playlists", "add")):
        text = " ".join(rum_replay.bare(*arguments, "--help").succeeded().out.split())
        assert "completed sessions" in text
        assert "15 months" in text
        assert "With the permission rum_extend_retention, by default held by Admins only, adding" in text
        assert "events" in text
