"""Points in time as people type them: `7d`, `yesterday`, `2026-07-01 14:00`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import click

__all__ = ["TIME_FORMS", "TimeOption", "parse_time"]

TIME_FORMS = (
    ("now, today, yesterday", "A day is its beginning, 0:00."),
    ("90m, 24h, 7d, 2w", "That long ago; a day has 24 hours."),
    ("2026-07-01", "The beginning of that day."),
    ("2026-07-01 14:00", "Of times that occur twice when clocks are set back, the first."),
    ("2026-07-01T12:00:00Z", "`Z` is UTC; or an offset such as +02:00, also after a day."),
    ("1782907200000", "Milliseconds of Unix time."),
)
"""The forms and their meanings; local time, which TZ sets, wherever a form states no offset."""

_SECONDS = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_AGO = re.compile(r"([0-9]{1,12}) ?([mhdw])", re.ASCII | re.IGNORECASE)
_MILLISECONDS = re.compile(r"-?[0-9]+", re.ASCII)
_CALENDAR = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ](?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?))?"
    r" ?(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?",
    re.ASCII | re.IGNORECASE,
)


class TimeOption(click.Option):
    """An option for a point in time; its value is an aware datetime, or milliseconds if it was given as such."""


def parse_time(text: str, now: float) -> datetime | int:
    """The time that a text of one of TIME_FORMS means; `now` is Unix time in seconds.

    Local time is the machine's: the environment variable TZ counts. Of a time that occurs twice, because clocks are set
    back, the first is meant; one that is skipped, because they are set forward, is counted on from before: 2:30 is then
    3:30. Raises ValueError, naming the forms, for any other text and for times outside of the years 1 to 9999.
    """
    typed = " ".join(text.split())
    if _MILLISECONDS.fullmatch(typed):
        return _milliseconds(typed)
    try:
        time = _time(typed, now)
    except (ValueError, OverflowError, OSError):
        time = None  # answered below, so that no foreign exception is chained
    if time is None:
        raise ValueError(f"{text!r} is not a time; use {', '.join(form for form, _ in TIME_FORMS)} (milliseconds)")
    return time


def _milliseconds(digits: str) -> int:
    if re.fullmatch(r"(?:19|20|21)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])", digits):
        day = f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
        raise ValueError(f"{digits} would be milliseconds of Unix time; if it is meant as a day, give {day}")
    return int(digits[:30])  # more digits are refused as such


def _time(typed: str, now: float) -> datetime | None:
    word = typed.lower()
    if word == "now":
        return datetime.fromtimestamp(now, UTC)
    if word in ("today", "yesterday"):
        midnight = datetime.fromtimestamp(now).replace(hour=0, minute=0, second=0, microsecond=0)
        return _in_local_time(midnight - timedelta(days=word == "yesterday"))
    if ago := _AGO.fullmatch(word):
        return datetime.fromtimestamp(now, UTC) - timedelta(seconds=int(ago[1]) * _SECONDS[ago[2]])
    if not (found := _CALENDAR.fullmatch(typed)):
        return None
    offset = (found["offset"] or "").upper()
    time = datetime.fromisoformat(f"{found['day']}T{found['time'] or '00:00'}{offset}")
    return time if offset else _in_local_time(time)


def _in_local_time(time: datetime) -> datetime:
    # By way of Unix time: `time.astimezone()` would count a time that is skipped back from the change.
    return datetime.fromtimestamp(time.timestamp(), UTC).astimezone()
