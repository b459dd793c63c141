"""Commands that delete or remove something ask first."""

from __future__ import annotations

import pytest

from .bench import CommandLine, TerminalInput

DESTRUCTIVE = [
    ("playlists", "delete", "1"),
    ("playlists", "remove", "1", "s1"),
    ("playlists", "remove", "1", "s1", "s2"),
    ("heatmaps", "delete", "h1"),
    ("viewership", "delete", "s1"),
    ("viewership", "delete", "s1", "s2", "s3"),
]
QUESTIONS = [
    (("playlists", "delete", "1"), "Delete playlist 1 'Checkout bugs' with 2 sessions?"),
    (("playlists", "remove", "1", "s1"), "Remove session s1 from playlist 1 'Checkout bugs' with 2 sessions?"),
    (("playlists", "remove", "1", "s1", "s3"), "Remove 2 sessions from playlist 1 'Checkout bugs' with 2 sessions?"),
    (
        ("viewership", "delete", "s1"),
        "Delete the watches of session s1 (2 watches by 1 user; yours, or possibly everyone's)?",
    ),
    (
        ("viewership", "delete", "s1", "s2", "s3"),
        "Delete the watches of 3 sessions (3 watches by 1 user; yours, or possibly everyone's)?",
    ),
]
READS = {"GetRumReplayPlaylist", "ListRumReplaySessionWatchers"}


@pytest.fixture
def filled(rum_replay: CommandLine) -> CommandLine:
    """A playlist of two sessions, and watches."""
    rum_replay("playlists", "create", "Checkout bugs").succeeded()
    rum_replay("playlists", "add", "1", "s1", "s2").succeeded()
    for session_id in ("s1", "s1", "s2"):
        rum_replay("viewership", "record", session_id, "--application-id", "a", "--event-id", "e").succeeded()
    rum_replay.emulator.requests.clear()
    return rum_replay


@pytest.mark.parametrize(("arguments", "question"), QUESTIONS)
def test_what_would_be_lost_is_named_with_its_size(
    filled: CommandLine, arguments: tuple[str, ...], question: str
) -> None:
    result = filled(*arguments, stdin=TerminalInput("n\n"))
    assert result.err.splitlines()[0] == f"{question} [y/N]: error: not confirmed, nothing was changed"


@pytest.mark.parametrize("operation", sorted(READS))
def test_what_may_not_be_read_can_be_deleted_all_the_same(filled: CommandLine, operation: str) -> None:
    filled.emulator.faults.add(operation=operation, status=403)
    arguments = ("playlists", "delete", "1") if operation == "GetRumReplayPlaylist" else ("viewership", "delete", "s1")
    result = filled(*arguments, stdin=TerminalInput("y\n"))
    assert result.status == 0
    assert "may not read" in result.err or "of 1 session not known" in result.err


def test_a_playlist_that_does_not_exist_is_not_asked_about(rum_replay: CommandLine) -> None:
    assert "404" in rum_replay("playlists", "delete", "7", stdin=TerminalInput("y\n")).failed()


def test_with_yes_nothing_is_read(filled: CommandLine) -> None:
    filled("playlists", "delete", "1", "--yes").succeeded()
    filled("viewership", "delete", "s1", "s2", "--yes").succeeded()
    assert not READS & set(filled.operations)


def test_the_watches_of_very_many_sessions_are_not_counted(filled: CommandLine) -> None:
    ids = [f"s{number}" for number in range(101)]
    result = filled("viewership", "delete", *ids, stdin=TerminalInput("n\n"))
    assert "Delete the watches of 101 sessions (yours, or possibly everyone's)?" in result.err
    assert filled.operations == []


@pytest.mark.parametrize("arguments", DESTRUCTIVE)
def test_refused_without_a_terminal_to_ask_at(rum_replay: CommandLine, arguments: tuple[str, ...]) -> None:
    assert "--yes" in rum_replay(*arguments).failed(status=2)
    assert rum_replay.operations == []


@pytest.mark.parametrize("arguments", DESTRUCTIVE)
@pytest.mark.parametrize("answer", ["n\n", "\n"])
def test_nothing_is_changed_without_a_yes(filled: CommandLine, arguments: tuple[str, ...], answer: str) -> None:
    result = filled(*arguments, stdin=TerminalInput(answer))
    assert result.status == 1
    assert result.err.endswith("error: not confirmed, nothing was changed\n")
    assert result.out == ""
    assert set(filled.operations) <= READS


def test_yes_at_the_terminal_confirms(rum_replay: CommandLine) -> None:
    rum_replay("playlists", "create", "a")
    result = rum_replay("playlists", "delete", "1", stdin=TerminalInput("y\n"))
    assert result.status == 0
    assert result.out == "deleted playlist 1\n"
    assert "Delete playlist 1 'a' with 0 sessions? [y/N]" in result.err


def test_end_of_input_does_not_confirm(rum_replay: CommandLine) -> None:
    result = rum_replay("heatmaps", "delete", "1", stdin=TerminalInput(""))
    assert result.status == 130
    assert rum_replay.operations == []


def test_an_id_from_standard_input_cannot_control_the_terminal_in_the_question(rum_replay: CommandLine) -> None:
    rum_replay("playlists", "create", "\x1b[2J\u202e").succeeded()
    result = rum_replay("playlists", "remove", "1", "-", stdin=TerminalInput("s\u202e\n"))
    assert r"Remove session s\u202e from playlist 1 '\x1b[2J\u202e' with 0 sessions?" in result.err
