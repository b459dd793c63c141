"""Errors as JSON, for those who print JSON: one object on standard error, and the same exit status."""

from __future__ import annotations

import json

import pytest

from .bench import CommandLine, TerminalInput

KEYS = {
    "type",
    "message",
    "hint",
    "exit_status",
    "status",
    "errors",
    "request_id",
    "method",
    "url_template",
    "ids",
    "attempts",
    "retry_after",
    "may_have_been_applied",
    "file",
}
FORMS = [("--json",), ("-o", "json"), ("-ojson",), ("--output=json",)]


@pytest.mark.parametrize("form", FORMS, ids=" ".join)
def test_an_answer_with_an_error(rum_replay: CommandLine, form: tuple[str, ...]) -> None:
    rum_replay.emulator.faults.add(
        operation="GetRumReplayPlaylist",
        status=404,
        headers={"X-Request-Id": "r-1"},
        body=b'{"errors":["no playlist 7"]}',
    )
    found = rum_replay("playlists", "get", "7", *form).failure()
    assert found.keys() == KEYS
    assert (found["type"], found["status"], found["request_id"]) == ("NotFoundError", 404, "r-1")
    assert (found["errors"], found["ids"], found["attempts"]) == (["no playlist 7"], {"playlist_id": "7"}, 1)
    assert (found["method"], found["exit_status"]) == ("GET", 1)
    assert found["message"] == "404 Not Found: no playlist 7"


@pytest.mark.parametrize("form", FORMS, ids=" ".join)
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nonsense",), "No such command 'nonsense'"),
        (("playlists", "nonsense"), "No such command 'nonsense'"),
        (("playlists", "get"), "Missing argument 'PLAYLIST_ID'"),
        (("playlists", "list", "--limit", "many"), "'many' is not a valid integer"),
        (("playlists", "list", "--nonsense"), "No such option"),
        (("segments", "pages", "s", "v", "--columns", "x"), "there is no column 'x'"),
    ],
)
@pytest.mark.parametrize("first", [True, False], ids=["before", "after"])
def test_wrong_usage(
    rum_replay: CommandLine, form: tuple[str, ...], arguments: tuple[str, ...], words: str, first: bool
) -> None:
    found = rum_replay.bare(*((*form, *arguments) if first else (*arguments, *form))).failure(status=2)
    assert found.keys() == KEYS
    assert found["type"] == "UsageError"
    assert words.lower() in found["message"].lower().replace("'playlist'", "'playlist_id'")
    assert found["hint"].startswith("see `rum-replay")
    assert (found["exit_status"], found["status"], found["ids"]) == (2, None, {})


@pytest.mark.parametrize(
    ("arguments", "type"),
    [
        (("playlists", "get", "not-a-number"), "InvalidRequestError"),
        (("playlists", "list", "--site", "nowhere"), "ConfigurationError"),
        (("segments", "summary", "missing"), "FileError"),
        (("segments", "summary", "empty"), "SegmentError"),
        (("segments", "timeline", "empty"), "CommandError"),
    ],
)
def test_failures_on_this_machine(
    rum_replay: CommandLine,
    arguments: tuple[str, ...],
    type: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("here"))
    with open("empty", "w", encoding="utf-8"):  # noqa: PTH123
        pass
    found = rum_replay.bare(*arguments, "--json").failure()
    assert (found["type"], found["exit_status"]) == (type, 1)
    assert (found["file"] is None) == (type != "FileError")


def test_a_rate_limit_says_when_to_try_again(rum_replay: CommandLine) -> None:
    rum_replay.emulator.faults.add(operation="CreateRumReplayPlaylist", status=429, headers={"Retry-After": "3600"})
    found = rum_replay("playlists", "create", "a", "--json").failure()
    assert (found["type"], found["status"], found["retry_after"]) == ("RateLimitError", 429, 3600)


def test_a_lost_answer_says_that_the_request_may_have_been_applied(rum_replay: CommandLine) -> None:
    rum_replay.emulator.faults.add(operation="CreateRumReplayPlaylist", disconnect="before")
    found = rum_replay("playlists", "create", "a", "--json").failure()
    assert (found["type"], found["may_have_been_applied"]) == ("ConnectionFailedError", True)


def test_wrong_credentials_have_a_hint(rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DD_APP_KEY", "another")
    assert "rum-replay doctor" in rum_replay("playlists", "list", "--json").failure()["hint"]
    assert "(`rum-replay doctor` shows" in rum_replay("playlists", "list").failed()


def test_what_was_printed_before_stays_and_the_error_is_the_last_line(rum_replay: CommandLine) -> None:
    rum_replay("playlists", "create", "a").succeeded()
    rum_replay.emulator.faults.add(operation="AddRumReplaySessionToPlaylist", status=404, times=1)
    result = rum_replay("playlists", "add", "1", "s1", "s2", "s3", "--json")
    assert [one["id"] for one in result.objects] == ["s2", "s3"]
    failed, last = map(json.loads, result.err.splitlines())
    assert failed.keys() == {"id", *KEYS}
    assert (failed["id"], failed["type"], failed["ids"]) == (
        "s1",
        "NotFoundError",
        {"playlist_id": "1", "session_id": "s1"},
    )
    assert last["type"] == "CommandError"
    assert last["message"] == "2 of 3 sessions are in playlist 1; failed: s1"


def test_end_of_input_is_an_interrupt(rum_replay: CommandLine) -> None:
    result = rum_replay("heatmaps", "delete", "1", "--json", stdin=TerminalInput(""))
    assert result.status == 130
    assert json.loads(result.err.splitlines()[-1])["type"] == "Interrupted"


@pytest.mark.parametrize(
    "arguments",
    [
        ("playlists", "list", "--limit", "many", "-o", "yaml"),
        ("playlists", "list", "--limit", "many", "-o", "table"),
        ("playlists", "get", "--", "1", "--json"),
        ("segments", "play", "-o", "json"),
    ],
    ids=" ".join,
)
def test_without_json_it_is_a_line(rum_replay: CommandLine, arguments: tuple[str, ...]) -> None:
    rum_replay.bare(*arguments).failed(status=2)
