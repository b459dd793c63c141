"""Commands that take something away ask before they do."""

from __future__ import annotations

import pytest

from .bench import CommandLine, TerminalInput

TAKING_AWAY = [
    ("playlists", "delete", "1"),
    ("playlists", "remove", "1", "s1"),
    ("playlists", "remove", "1", "s1", "s2"),
    ("heatmaps", "delete", "h1"),
    ("viewership", "delete", "s1"),
]


@pytest.mark.parametrize("arguments", TAKING_AWAY)
def test_refused_where_nobody_can_be_asked(rum_replay: CommandLine, arguments: tuple[str, ...]) -> None:
    assert "--yes" in rum_replay(*arguments).failed(status=2)
    assert rum_replay.operations == []


@pytest.mark.parametrize("arguments", TAKING_AWAY)
@pytest.mark.parametrize("answer", ["n\n", "\n"])
def test_nothing_is_sent_without_a_yes(rum_replay: CommandLine, arguments: tuple[str, ...], answer: str) -> None:
    result = rum_replay(*arguments, stdin=TerminalInput(answer))
    assert result.status == 1
    assert result.err.endswith("error: not confirmed, nothing was changed\n")
    assert arguments[2] in result.err
    assert result.out == ""
    assert rum_replay.operations == []


def test_a_yes_at_the_terminal_is_enough(rum_replay: CommandLine) -> None:
    rum_replay("playlists", "create", "a")
    result = rum_replay("playlists", "delete", "1", stdin=TerminalInput("y\n"))
    assert result.status == 0
    assert result.out == "deleted playlist 1\n"
    assert "Delete playlist 1? [y/N]" in result.err


def test_the_end_of_input_is_no_yes(rum_replay: CommandLine) -> None:
    result = rum_replay("playlists", "delete", "1", stdin=TerminalInput(""))
    assert result.status == 130
    assert rum_replay.operations == []
