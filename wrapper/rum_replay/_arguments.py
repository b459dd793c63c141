"""Arguments, checked before anything is sent. Pure; each check returns what is sent, or raises InvalidRequestError.

HTTP libraries collapse a path segment `.` or `..`, so that removing session `..` from playlist 5 would delete
playlist 5; an empty segment turns an item's address into its collection's. Everything else is percent-encoded.
"""

from __future__ import annotations

import inspect
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from os import fsencode, fspath
from typing import Any, TypeVar, cast

from ._errors import InvalidRequestError, ReplayError
from ._times import EPOCH

__all__ = [
    "check_count",
    "check_each",
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


def check_text(name: str, value: Any) -> str:
    """Any string that can be encoded."""
    if not isinstance(value, str):
        raise InvalidRequestError(f"{name} must be a string, not {type(value).__name__}")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise InvalidRequestError(f"{name} holds half of a surrogate pair, which UTF-8 cannot express")
    return value


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


def check_playlist_id(value: Any) -> int:
    """The integer that the API's paths want, from that integer or from the string of digits that its answers hold."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 19:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _INT64_END:
        return value
    given = "one beyond 64 bits" if isinstance(value, int) and abs(value) >= _INT64_END else f"{value!r:.80}"
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
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidRequestError(f"{name} must be a whole number, not {type(value).__name__}")
    if not -_INT64_END <= value < _INT64_END:
        raise InvalidRequestError(f"{name} does not fit into 64 bits")
    return value


def check_number(name: str, value: Any, *, least: float = -math.inf) -> int | float:
    """A finite number that is not below `least`; a whole one within 64 bits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidRequestError(f"{name} must be a number, not {type(value).__name__}")
    if isinstance(value, int):
        check_integer(name, value)
    elif not math.isfinite(value):
        raise InvalidRequestError(f"{name} must be a finite number, not {value}")
    if value < least:
        raise InvalidRequestError(f"{name} must be at least {least:g}, not {value}")
    return value


def check_count(name: str, value: Any, *, least: int) -> int:
    """A whole number that is not below `least`."""
    if check_integer(name, value) < least:
        raise InvalidRequestError(f"{name} must be at least {least}, not {value}")
    return int(value)


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
    """Unix time in milliseconds, from that or from an aware datetime."""
    if isinstance(value, datetime):
        return (_aware(name, value) - EPOCH) // timedelta(milliseconds=1)
    return check_integer(name, value)


def to_timestamp(name: str, value: datetime | float) -> int | float:
    """Unix time in milliseconds as recordings have it, from that or from an aware datetime.

    A whole number stays an int, and a datetime becomes one unless it has a fraction of a millisecond.
    """
    if not isinstance(value, datetime):
        return check_number(name, value)
    since_epoch, millisecond = _aware(name, value) - EPOCH, timedelta(milliseconds=1)
    return since_epoch / millisecond if since_epoch % millisecond else since_epoch // millisecond


def to_datetime(name: str, value: datetime | int) -> datetime:
    """An aware datetime, from that or from a Unix time in milliseconds."""
    if isinstance(value, datetime):
        offset = _aware(name, value).utcoffset()
        # RFC 3339 has no seconds in offsets; those of the nineteenth century had.
        return value if not offset or not offset % timedelta(minutes=1) else _in_utc(name, value)
    milliseconds = check_integer(name, value)
    try:
        return EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        pass  # answered below, so that no foreign exception is chained
    raise InvalidRequestError(f"{name} is not a date in the years 1 to 9999: {milliseconds} ms")


def _in_utc(name: str, value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        pass  # answered below, so that no foreign exception is chained
    raise InvalidRequestError(f"{name} is not a date in the years 1 to 9999 in UTC: {value}")


def _aware(name: str, value: datetime) -> datetime:
    is_time, offset = True, None
    try:
        offset = value.utcoffset()
    except ValueError:
        is_time = False  # pandas' NaT is a datetime
    if not is_time:
        raise InvalidRequestError(f"{name} is not a time: {value}")
    if offset is None:
        raise InvalidRequestError(
            f"{name} is a naive datetime: it has no time zone; use datetime.now(timezone.utc) or value.astimezone()"
        )
    return value
