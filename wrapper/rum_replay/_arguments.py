"""Arguments, checked before anything is sent. Pure; each check returns what is sent, or raises InvalidRequestError.

What is returned is an exact `str`, `int`, `float` or `datetime`: members of enumerations and other subclasses may
format themselves in ways of their own, and time zones run code of their own.

HTTP libraries collapse a path segment `.` or `..`, so that removing session `..` from playlist 5 would delete
playlist 5; an empty segment turns an item's address into its collection's. Everything else is percent-encoded.
"""

from __future__ import annotations

import inspect
import math
import operator
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from numbers import Integral
from os import fsencode, fspath
from typing import Any, TypeVar, cast

from ._errors import InvalidRequestError, ReplayError
from ._times import EPOCH, rfc3339

__all__ = [
    "check_count",
    "check_each",
    "check_each_id",
    "check_flag",
    "check_function",
    "check_hook",
    "check_id",
    "check_ids",
    "check_instance",
    "check_integer",
    "check_number",
    "check_path",
    "check_playlist_id",
    "check_size",
    "check_text",
    "check_user_uuid",
    "to_datetime",
    "to_milliseconds",
    "to_timestamp",
]

T = TypeVar("T")

_INT64_END = 2**63
_CALENDAR = range(-62_135_596_800_000, 253_402_300_800_000)
"""Milliseconds of Unix time of the years 1 to 9999."""

_LIKELY_SECONDS = range(10**9, 10**10)
"""Whole numbers that are times from 2001 to 2286 in seconds, but from January to April 1970 in milliseconds."""

_FINER_UNITS = (("microseconds", range(10**15, 10**16), 1_000), ("nanoseconds", range(10**18, 10**19), 1_000_000))
"""Unit, its whole numbers from 2001 to 2286, and how many of it make a millisecond."""


def check_text(name: str, value: Any) -> str:
    """Any string that can be encoded."""
    if not issubclass(type(value), str):
        raise InvalidRequestError(f"{name} must be a string, not {type(value).__name__}")
    text = str.__str__(value)
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidRequestError(f"{name} holds half of a surrogate pair, which UTF-8 cannot express")
    return text


def check_id(name: str, value: Any) -> str:
    """A string that still addresses what it names when it is part of a URL's path."""
    text = check_text(name, value)
    if not text.strip():
        raise InvalidRequestError(f"{name} is empty")
    if text in (".", ".."):
        raise InvalidRequestError(f"{name} is {text!r}, which would address another resource")
    for position, character in enumerate(text):
        # Cc: control characters; Zl and Zp: line and paragraph separators
        if unicodedata.category(character) in ("Cc", "Zl", "Zp"):
            raise InvalidRequestError(f"{name} has the control character {character!r} at position {position}")
    return text


_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


def check_user_uuid(name: str, value: Any) -> str:
    """The UUID of a user; for a handle, an e-mail address, the API would find nothing."""
    text = check_text(name, value)
    if _UUID.fullmatch(text):
        return text
    raise InvalidRequestError(
        f"{name} must be the UUID of a user, such as 5b1f6e80-7c24-4d39-8a55-c0e9d2f4713b, not {text!r:.80}; the "
        "creator of a playlist has it as `uuid`, and the watchers of a session, as far as is known, as `id`"
    )


def check_path(name: str, value: Any) -> str:
    """A path as text; an empty one is more often an unset variable than the current directory."""
    path: object = None
    with suppress(TypeError):
        path = cast("object", fspath(value))
    if not isinstance(path, str):
        raise InvalidRequestError(f"{name} must be a path, not {type(value).__name__}")
    path = str.__str__(path)
    if not path or "\0" in path:
        raise InvalidRequestError(f"{name} is {'a path with a NUL in it' if path else 'empty; use . for this one'}")
    try:
        fsencode(path)
    except UnicodeEncodeError:
        pass  # answered below, so that no foreign exception is chained
    else:
        return path
    raise InvalidRequestError(f"{name} has a character that this system's paths cannot hold: {path!r:.80}")


def check_ids(name: str, values: Iterable[str]) -> list[str]:
    """At least one id."""
    if isinstance(values, str):
        raise InvalidRequestError(f"{name} must be a list of ids, not one string")
    try:
        ids = [check_id(f"{name}[{index}]", value) for index, value in enumerate(values)]
    except TypeError:
        ids = None
    if ids is None:
        raise InvalidRequestError(f"{name} must be a list of ids, not {type(values).__name__}")
    if not ids:
        raise InvalidRequestError(f"{name} is empty")
    return ids


def check_each_id(name: str, values: Iterable[str]) -> Iterator[str]:
    """Ids, of which there may be very many, each checked when its turn comes."""
    if isinstance(values, str) or not isinstance(cast("object", values), Iterable):
        raise InvalidRequestError(f"{name} must be ids, such as a list of them, not {type(values).__name__}")
    return (check_id(f"{name}[{index}]", value) for index, value in enumerate(values))


def check_playlist_id(value: Any) -> int:
    """The integer that the API's paths want, from that integer or from the string of digits that its answers hold."""
    text = str.__str__(value) if issubclass(type(value), str) else None
    if text is not None and text.isascii() and text.isdigit() and len(text) <= 19:
        number: int | None = int(text)
    else:
        number = _whole_number(value)
    if number is not None and 0 <= number < _INT64_END:
        return number
    if number is not None:
        given = "one beyond 64 bits" if abs(number) >= _INT64_END else str(number)
    else:
        given = f"{text!r:.80}" if text is not None else f"{value!r:.80}"
    raise InvalidRequestError(f"playlist id must be a whole number such as 42 or '42', not {given}")


def check_instance(name: str, value: object, cls: type[T] | tuple[type[T], ...], expected: str) -> T:
    """An object of a class or of one of several, which `expected` describes for people, such as `a View`."""
    if not isinstance(value, cls):
        raise InvalidRequestError(f"{name} must be {expected}, not {type(value).__name__}")
    return value


def check_each(name: str, values: Iterable[T], cls: type[T], expected: str) -> Iterator[T]:
    """Objects of a class, each checked when its turn comes."""
    if not isinstance(cast("object", values), Iterable):
        raise InvalidRequestError(f"{name} must be an iterable of {cls.__name__}, not {type(values).__name__}")
    for index, value in enumerate(values):
        yield check_instance(f"{name}[{index}]", value, cls, expected)


def check_integer(name: str, value: Any) -> int:
    """A whole number within 64 bits."""
    number = _whole_number(value)
    if number is None:
        raise InvalidRequestError(f"{name} must be a whole number, not {type(value).__name__}")
    if not -_INT64_END <= number < _INT64_END:
        raise InvalidRequestError(f"{name} does not fit into 64 bits")
    return number


def _whole_number(value: Any) -> int | None:
    """An int, from that or from another type of whole numbers such as numpy's; None for anything else and for bool."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        return None
    try:
        return operator.index(cast("int", value))
    except TypeError:
        return None  # numpy's timedelta64 is registered as whole numbers, too


def check_number(name: str, value: Any, *, least: float = -math.inf) -> int | float:
    """A finite number that is not below `least`; a whole one within 64 bits."""
    number: int | float | None = float.__float__(value) if isinstance(value, float) else _whole_number(value)
    if number is None:
        raise InvalidRequestError(f"{name} must be a number, not {type(value).__name__}")
    if isinstance(number, int):
        check_integer(name, number)
    elif not math.isfinite(number):
        raise InvalidRequestError(f"{name} must be a finite number, not {number}")
    if number < least:
        raise InvalidRequestError(f"{name} must be at least {least:g}, not {number}")
    return number


def check_count(name: str, value: Any, *, least: int) -> int:
    """A whole number that is not below `least`."""
    number = check_integer(name, value)
    if number < least:
        raise InvalidRequestError(f"{name} must be at least {least}, not {number}")
    return number


def check_size(name: str, value: Any) -> int:
    """A whole number from 1."""
    return check_count(name, value, least=1)


def check_flag(name: str, value: Any) -> bool:
    """True or False, nothing that merely counts as one."""
    if not isinstance(value, bool):
        raise InvalidRequestError(f"{name} must be True or False, not {type(value).__name__}")
    return value


F = TypeVar("F")
Hook = TypeVar("Hook", bound="Callable[..., object] | None")


def check_hook(name: str, hook: Hook, *, error: type[ReplayError] = InvalidRequestError) -> Hook:
    """A function of the caller's that is called on the way, or None; refuses one that nobody would await."""
    return hook if hook is None else check_function(name, hook, error=error)


def check_function(name: str, function: F, *, error: type[ReplayError] = InvalidRequestError) -> F:
    """A function of the caller's; refuses one that nobody would await."""
    if not callable(function):
        raise error(f"{name} must be a function, not {type(function).__name__}")
    if inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(getattr(function, "__call__", None)):  # noqa: B004
        raise error(f"{name} must be a plain function: nothing awaits an `async def`")
    return function


def to_milliseconds(name: str, value: datetime | int) -> int:
    """Unix time in milliseconds, from that or from an aware datetime.

    Refuses whole numbers that are no milliseconds: see `_check_unit`.
    """
    if isinstance(value, datetime):
        return (_aware(name, value) - EPOCH) // timedelta(milliseconds=1)
    if _whole_number(value) is None:
        raise InvalidRequestError(
            f"{name} must be an aware datetime or a whole number of milliseconds of Unix time, "
            f"not {type(cast('object', value)).__name__}"
        )
    return _check_unit(name, check_integer(name, value))


def to_timestamp(name: str, value: datetime | float) -> int | float:
    """Unix time in milliseconds as recordings have it, from that or from an aware datetime.

    A whole number stays an int, and a datetime becomes one unless it has a fraction of a millisecond. Any number is
    taken: recordings hold what the clocks of devices said.
    """
    if not isinstance(value, datetime):
        return check_number(name, value)
    since_epoch, millisecond = _aware(name, value) - EPOCH, timedelta(milliseconds=1)
    return since_epoch / millisecond if since_epoch % millisecond else since_epoch // millisecond


def to_datetime(name: str, value: datetime | int) -> datetime:
    """An aware datetime, from that or from a Unix time in milliseconds.

    Refuses whole numbers that are no milliseconds: see `_check_unit`.
    """
    if not isinstance(value, datetime):
        return EPOCH + timedelta(milliseconds=to_milliseconds(name, value))
    time = _aware(name, value)
    # RFC 3339 has no seconds in offsets; those of the nineteenth century had.
    return time if not (time.utcoffset() or timedelta()) % timedelta(minutes=1) else _in_utc(name, time)


def _check_unit(name: str, value: int) -> int:
    """The time in milliseconds, unless its size says that it was meant in another unit.

    Numbers from 10**9 up to 10**10 are refused: they are seconds from 2001 to 2286, or a time in the first months of
    1970, for which a datetime can be given. All smaller ones are taken: 0 means "from the beginning". Numbers outside
    of the years 1 to 9999, among them microseconds and nanoseconds, are refused.
    """
    if value in _LIKELY_SECONDS:
        raise InvalidRequestError(
            f"{name} is in milliseconds: {value} would be {rfc3339(value, 'seconds')}; if it is meant as seconds "
            f"({rfc3339(value * 1000, 'seconds')}), give {value * 1000}, otherwise an aware datetime"
        )
    if value in _CALENDAR:
        return value
    for unit, plausible, per_millisecond in _FINER_UNITS:
        if value in plausible:
            milliseconds = value // per_millisecond
            raise InvalidRequestError(
                f"{name} is in milliseconds, of which {value} is not a date in the years 1 to 9999; if it is meant as "
                f"{unit} ({rfc3339(milliseconds, 'seconds')}), give {milliseconds}"
            )
    raise InvalidRequestError(f"{name} is not a date in the years 1 to 9999: {value} ms")


def _in_utc(name: str, value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        pass  # answered below, so that no foreign exception is chained
    raise InvalidRequestError(f"{name} is not a date in the years 1 to 9999 in UTC: {value}")


def _aware(name: str, value: datetime) -> datetime:
    """The same time with a fixed offset, as a datetime of no subclass."""
    given, time = type(value).__name__, None
    try:
        # The fields that C code sees. pandas' NaT, and its times beyond the year 9999, show others.
        date = datetime.date(value)
        if value.year == date.year:
            offset = value.utcoffset()
            time = datetime.combine(date, datetime.time(value), None if offset is None else timezone(offset))
    except Exception:  # noqa: BLE001 - time zones and subclasses run code of their own
        time = None
    if time is None:
        raise InvalidRequestError(f"{name} is not a time: this {given} gives no date, or no offset from UTC")
    if time.tzinfo is None:
        raise InvalidRequestError(
            f"{name} is a naive datetime: it has no time zone; use datetime.now(timezone.utc) or value.astimezone()"
        )
    return time
