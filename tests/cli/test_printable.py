"""What is printed cannot steer a terminal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from rum_replay._cli.printable import cell, one_line, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("Bügel 字幕 👩‍👧", "Bügel 字幕 👩‍👧"),
        ("a\tb\nc\r", r"a\tb\nc\r"),
        ("\x1b[31m\x07\x00\x7f\x9b", r"\x1b[31m\x07\x00\x7f\x9b"),
        ("\u2028\u2029\u202e\u2066", r"\u2028\u2029\u202e\u2066"),
        ("\ud800", r"\ud800"),
        ("no\u00a0break", "no\u00a0break"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_one_line() -> None:
    assert one_line(" a\n  b\tc\x1b ") == r"a b c\x1b"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "-"),
        ("", "-"),
        (0, "0"),
        (True, "yes"),
        (False, "no"),
        (datetime(2026, 7, 1, 12, tzinfo=UTC), "2026-07-01T12:00:00Z"),
        (datetime(2026, 7, 1, 14, 0, 0, 250_000, timezone(timedelta(hours=2))), "2026-07-01T12:00:00.250Z"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))), "0001-01-01T00:00:00+01:00"),
        (datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-5))), "9999-12-31T23:00:00-05:00"),
        ("a\nb", r"a\nb"),
    ],
)
def test_cell(value: object, shown: str) -> None:
    assert cell(value) == shown
