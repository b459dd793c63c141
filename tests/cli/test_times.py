"""Options that take a time: the forms people type, in the local time of the machine."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from rum_replay._cli.app import run
from rum_replay._cli.times import TIME_FORMS, parse_time
from rum_replay_emulator import ManualClock

from .bench import CommandLine

NOW = 1_782_907_200.25
"""2026-07-01T12:00:00.25Z"""


@pytest.fixture(autouse=True)
def in_zone() -> Iterator[Callable[[str], None]]:
    """Moves the machine to another zone than Berlin; afterwards it is where it was before."""

    def move(zone: str) -> None:
        patch.setenv("TZ", zone)
        time.tzset()

    with pytest.MonkeyPatch.context() as patch:
        move("Europe/Berlin")
        yield move
    time.tzset()


def moment(text: str) -> str:
    """The time that is understood, with its offset."""
    parsed = parse_time(text, NOW)
    assert isinstance(parsed, datetime)
    assert parsed.tzinfo is not None
    return parsed.isoformat()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", "2026-07-01T12:00:00.250000+00:00"),
        ("today", "2026-07-01T00:00:00+02:00"),
        ("yesterday", "2026-06-30T00:00:00+02:00"),
        ("Yesterday", "2026-06-30T00:00:00+02:00"),
        ("0m", "2026-07-01T12:00:00.250000+00:00"),
        ("90m", "2026-07-01T10:30:00.250000+00:00"),
        ("24h", "2026-06-30T12:00:00.250000+00:00"),
        ("7d", "2026-06-24T12:00:00.250000+00:00"),
        ("7D", "2026-06-24T12:00:00.250000+00:00"),
        (" 7 d ", "2026-06-24T12:00:00.250000+00:00"),
        ("2w", "2026-06-17T12:00:00.250000+00:00"),
        ("2026-07-01", "2026-07-01T00:00:00+02:00"),
        ("2026-01-01", "2026-01-01T00:00:00+01:00"),
        ("2026-07-01 14:00", "2026-07-01T14:00:00+02:00"),
        ("2026-07-01T14:00", "2026-07-01T14:00:00+02:00"),
        ("2026-07-01 14:00:05", "2026-07-01T14:00:05+02:00"),
        ("2026-07-01 14:00:05.5", "2026-07-01T14:00:05.500000+02:00"),
        ("2026-07-01T12:00:00Z", "2026-07-01T12:00:00+00:00"),
        ("2026-07-01t12:00:00z", "2026-07-01T12:00:00+00:00"),
        ("2026-07-01T12:00:00-05:30", "2026-07-01T12:00:00-05:30"),
        ("2026-07-01 12:00 +0200", "2026-07-01T12:00:00+02:00"),
        ("2026-07-01Z", "2026-07-01T00:00:00+00:00"),
        ("2026-07-01-05:00", "2026-07-01T00:00:00-05:00"),
    ],
)
def test_forms_of_times(text: str, expected: str) -> None:
    assert moment(text) == expected


@pytest.mark.parametrize(("text", "expected"), [("1782907200250", 1_782_907_200_250), ("0", 0), ("-5", -5)])
def test_whole_numbers_are_milliseconds(text: str, expected: int) -> None:
    assert parse_time(text, NOW) == expected


@pytest.mark.parametrize(
    ("zone", "text", "expected"),
    [
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25T02:30:00+02:00"),  # occurs twice: the first
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29T03:30:00+02:00"),  # is skipped
        ("America/New_York", "2026-11-01 01:30", "2026-11-01T01:30:00-04:00"),
        ("America/New_York", "2026-03-08 02:30", "2026-03-08T03:30:00-04:00"),
        ("America/Santiago", "2026-09-06", "2026-09-06T01:00:00-03:00"),  # a day that begins at 1:00
        ("America/Santiago", "2026-09-06 00:00", "2026-09-06T01:00:00-03:00"),
        ("Asia/Kolkata", "2026-07-01", "2026-07-01T00:00:00+05:30"),
        ("UTC", "2026-07-01 14:00", "2026-07-01T14:00:00+00:00"),
        ("UTC", "today", "2026-07-01T00:00:00+00:00"),
        ("Pacific/Auckland", "today", "2026-07-02T00:00:00+12:00"),
        ("Pacific/Auckland", "yesterday", "2026-07-01T00:00:00+12:00"),
    ],
)
def test_local_time_is_that_of_the_machine_also_when_clocks_change(
    zone: str, text: str, expected: str, in_zone: Callable[[str], None]
) -> None:
    in_zone(zone)
    assert moment(text) == expected


def test_a_day_begins_with_the_first_of_two_midnights(in_zone: Callable[[str], None]) -> None:
    in_zone("America/Havana")
    second_half_past_midnight = 1_793_511_000.0  # 2026-11-01T05:30:00Z, half an hour after clocks were set back
    parsed = parse_time("today", second_half_past_midnight)
    assert isinstance(parsed, datetime)
    assert parsed.isoformat() == "2026-11-01T00:00:00-04:00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "nonsense",
        "tomorrow",
        "7y",
        "d7",
        "7d2h",
        "-7d",
        "1.5h",
        "999999999999w",
        "2026-07",
        "2026-7-1",
        "2026-02-30",
        "2026-07-01 25:00",
        "2026-07-01 14",
        "14:00",
        "01.07.2026",
        "07/01/2026",
        "2026-W27-3",
        "2026-07-01T12:00:00+25:00",
        "2026-07-01T12:00:00 CEST",
        "0001-01-01",
        "٢٠٢٦-٠٧-٠١",
    ],
)
def test_nonsense_is_refused_with_the_forms(text: str, rum_replay: CommandLine) -> None:
    line = rum_replay("viewership", "history", f"--watched-after={text}").failed(status=2)
    assert "--watched-after" in line
    assert all(form in line for form, _ in TIME_FORMS)
    assert rum_replay.operations == []


def test_a_number_that_looks_like_a_day_is_refused_with_both_readings(rum_replay: CommandLine) -> None:
    line = rum_replay("viewership", "history", "--watched-after", "20260701").failed(status=2)
    assert "20260701 would be milliseconds of Unix time" in line
    assert "2026-07-01" in line


def test_a_number_beyond_64_bits_is_refused(rum_replay: CommandLine) -> None:
    line = rum_replay("viewership", "history", "--watched-after", "9" * 100).failed(status=2)
    assert "does not fit into 64 bits" in line


OPTIONS = [
    ("viewership", "history", "--watched-after"),
    ("viewership", "history", "--watched-before"),
    ("viewership", "record", "--timestamp"),
    ("playlists", "add", "--ts"),
    ("segments", "download", "--ts"),
    ("segments", "pages", "--ts"),
    ("segments", "tree", "--at"),
    ("segments", "heatmap", "--at"),
]


@pytest.mark.parametrize("words", OPTIONS, ids=" ".join)
def test_help_explains_the_forms_once(words: tuple[str, ...], rum_replay: CommandLine) -> None:
    text = " ".join(rum_replay.bare(*words[:2], "--help").succeeded().out.split())
    assert f"{words[2]} TIME" in text
    for form, meaning in TIME_FORMS:
        assert text.count(f"{form} {meaning}") == 1


def test_commands_without_times_do_not_explain_them(rum_replay: CommandLine) -> None:
    assert "TIME" not in rum_replay.bare("playlists", "list", "--help").out


def test_times_count_from_the_commands_clock(rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    between = ("--watched-after", "7d", "--watched-before", "today")
    clock = ManualClock(NOW)
    assert run(["--base-url", rum_replay.base_url, "viewership", "history", *between], clock=clock) == 0
    query = rum_replay.emulator.requests[-1].query
    assert query["filter[watched_at][start]"] == "1782302400250"
    assert query["filter[watched_at][end]"] == "1782856800000"  # 2026-06-30T22:00:00Z
    assert run(["--base-url", rum_replay.base_url, "playlists", "create", "a"], clock=clock) == 0
    assert run(["--base-url", rum_replay.base_url, "playlists", "add", "1", "s"], clock=clock) == 0
    assert rum_replay.emulator.requests[-1].query["ts"] == "1782907200250"
