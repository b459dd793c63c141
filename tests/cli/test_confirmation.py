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
]


@pytest.mark.parametrize("arguments", DESTRUCTIVE)
def test_refused_without_a_terminal_to_ask_at(rum_replay: CommandLine, arguments: tuple[str, ...]) -> None:
    assert "--yes" in rum_replay(*arguments).failed(status=2)
    assert rum_replay.operations == []


@pytest.mark.parametrize("arguments", DESTRUCTIVE)
@pytest.mark.parametrize("answer", ["n\n", "\n"])
def test_nothing_is_sent_without_a_yes(rum_replay: CommandLine, arguments: tuple[str, ...], answer: str) -> None:
    result = rum_replay(*arguments, stdin=TerminalInput(answer))
    assert result.status == 1
    assert result.err.endswith("error: not confirmed, nothing was changed\n")
    assert arguments[2] in result.err
    assert result.out == ""
    assert rum_replay.operations == []


def test_yes_at_the_terminal_confirms(rum_replay: CommandLine) -> None:
    rum_replay("playlists", "create", "a")
    result = rum_replay("playlists", "delete", "1", stdin=TerminalInput("y\n"))
    assert result.status == 0
    assert result.out == "deleted playlist 1\n"
    assert "Delete playlist 1? [y/N]" in result.err


def test_end_of_input_does_not_confirm(rum_replay: CommandLine) -> None:
    result = rum_replay("playlists", "delete", "1", stdin=TerminalInput(""))
    assert result.status == 130
    assert rum_replay.operations == []


def test_an_id_from_standard_input_cannot_control_the_terminal_in_the_question(rum_replay: CommandLine) -> None:
    result = rum_replay("playlists", "remove", "1", "-", stdin=TerminalInput("s\x1b[2J\u202e\n"))
    assert r"Remove session s\x1b[2J\u202e from playlist 1?" in result.err
