# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
"""Contains some shared types for properties"""

import datetime
from collections.abc import Mapping, MutableMapping
from typing import IO, Any, BinaryIO, Generic, Literal, TypeVar

from attrs import define


class Unset:
    def __bool__(self) -> Literal[False]:
        return False

    def __reduce__(self) -> str:
        return "UNSET"


UNSET: Unset = Unset()

# The types that `httpx.Client(files=)` can accept, copied from that library.
FileContent = IO[bytes] | bytes | str
FileTypes = (
    # (filename, file (or bytes), content_type)
    tuple[str | None, FileContent, str | None]
    # (filename, file (or bytes), content_type, headers)
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
RequestFiles = list[tuple[str, FileTypes]]


@define
class File:
    """Contains information for file uploads"""

    payload: BinaryIO
    file_name: str | None = None
    mime_type: str | None = None

    def to_tuple(self) -> FileTypes:
        """Return a tuple representation that httpx will accept for multipart/form-data"""
        return self.file_name, self.payload, self.mime_type


def as_object(value: Any) -> dict[str, Any]:
    """A copy of a JSON object; raises TypeError for anything else, also for an empty list"""
    if not isinstance(value, Mapping):
        raise TypeError(f"an object is expected, not {type(value).__name__}")
    return dict(value)


def as_list(value: Any, item: type[Any] = object) -> Any:
    """A JSON list, or UNSET where it is absent; raises TypeError for anything else, and for items of another type"""
    if isinstance(value, Unset):
        return value
    if not isinstance(value, list) or not all(isinstance(one, item) for one in value):
        raise TypeError(f"a list is expected, its items of type {item.__name__}")
    return value


def as_datetime(value: str) -> datetime.datetime:
    """The time in RFC 3339, where t and z may be in lower case; raises ValueError for one without an offset"""
    return _aware(datetime.datetime.fromisoformat(value.upper()))


def from_datetime(value: datetime.datetime) -> str:
    """RFC 3339; raises ValueError for a naive datetime"""
    return _aware(value).isoformat()


def _aware(value: datetime.datetime) -> datetime.datetime:
    if value.utcoffset() is None:
        raise ValueError(
            f"{value} is a naive datetime: it has no time zone; use datetime.now(timezone.utc) or value.astimezone()"
        )
    return value


def exact(value: Any) -> Any:
    """The value of a string or a whole number, whatever a subclass makes of its text; anything else as it is"""
    if isinstance(value, str):
        return str.__str__(value)
    return int.__index__(value) if isinstance(value, int) and not isinstance(value, bool) else value


T = TypeVar("T")


@define
class Response(Generic[T]):
    """A response from an endpoint"""

    status_code: int
    """ An http.HTTPStatus, or a plain number if the status has no registered name, such as 520 """
    content: bytes
    headers: MutableMapping[str, str]
    parsed: T | None
    """ None if the contract has no such status, or if no model can be built from the content """


__all__ = ["UNSET", "File", "FileTypes", "RequestFiles", "Response", "Unset", "exact"]
