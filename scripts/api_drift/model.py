"""Operations and schemas in one form, whatever source they were read from.

Sources say more or less: a page has no names of schemas, a client no statuses. `None` always means that the source does
not say, so that it cannot differ; an empty value means that it says there is nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

__all__ = [
    "Answer",
    "Body",
    "Operation",
    "Parameter",
    "Place",
    "Property",
    "Schema",
    "Server",
    "Source",
    "UnreadableError",
    "is_about_replays",
    "read_text",
]


class UnreadableError(Exception):
    """A source, or traffic, that cannot be read; the text says which and why."""


@frozen(order=True)
class Place:
    """Where something is: a file, as it was named, and a line, counted from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@frozen
class Property:
    """A property of an object."""

    place: Place
    required: bool | None
    schema: Schema
    is_only_example: bool = False
    """Whether it is in an example, and not in the description."""


@frozen
class Schema:
    """What a value may be."""

    place: Place
    type: str | None
    """A JSON type; `anyOf(…)` for alternatives; empty for any value; None if the source does not say."""

    name: str | None = None
    """That of the component; None for one without a name of its own."""

    format: str | None = None
    enum: tuple[str, ...] | None = None
    """The allowed values; empty if any is."""

    nullable: bool | None = None
    bounds: Mapping[str, str] | None = None
    """Such as `maximum`, by JSON Schema's names."""

    default: str | None = None
    """What the server takes for an absent value, as JSON; empty if it is not documented."""

    read_only: bool | None = None
    write_only: bool | None = None
    deprecated: bool | None = None
    closed: bool | None = None
    """Whether properties other than those listed are forbidden."""

    values: Schema | None = None
    """Those of properties that are not listed."""

    items: Schema | None = None
    properties: Mapping[str, Property] | None = None


@frozen
class Parameter:
    """A parameter of a request, in its path, query or headers."""

    place: Place
    name: str
    location: str
    required: bool | None
    schema: Schema
    deprecated: bool | None = None


@frozen
class Body:
    """The body of a request."""

    place: Place
    required: bool | None
    schema: Schema | None
    media_types: frozenset[str] | None = None


@frozen
class Answer:
    """An answer with some status; without a schema if it has no body, or the source does not describe it."""

    place: Place
    schema: Schema | None
    media_types: frozenset[str] | None = None


@frozen
class Server:
    """Where requests go, such as `https://api.{site}`."""

    place: Place
    url: str


@frozen
class Operation:
    """One operation of the API."""

    place: Place
    method: str
    path: str
    name: str
    """As the source writes it: `GetSegments`, `get-segments`, `get_segments`."""

    area: str | None
    parameters: tuple[Parameter, ...]
    body: Body | None
    answers: Mapping[int | str, Answer] | None
    """By status; by `4XX` or `default`, if the source says so."""

    result: Answer | None = None
    """The answer of a success, from a source that does not say with which status."""

    security: frozenset[str] | None = None
    """The names of the ways to authenticate."""

    sites: Mapping[str, Place] | None = None
    deprecated: bool | None = None
    server: Server | None = None
    """Its own; None for that of the source."""

    @property
    def route(self) -> tuple[str, str]:
        """What requests are recognized by, whatever the names in the path."""
        return self.method, re.sub(r"\{[^}]*\}", "{}", self.path)

    @property
    def names_in_path(self) -> list[str]:
        """Those of the parameters in the path, in their order."""
        return re.findall(r"\{([^}]*)\}", self.path)

    @property
    def key(self) -> str:
        """The name, in whatever way words are separated."""
        return re.sub(r"[^a-z0-9]", "", self.name.lower())


@frozen
class Source:
    """Everything that a source says about operations that matter here."""

    kind: str
    """`page`, `openapi` or `client`."""

    name: str
    operations: tuple[Operation, ...]
    sites: Mapping[str, Place] | None
    whole_areas: frozenset[str] = frozenset()
    """The areas of which it has every operation; `*` for all areas of replays."""

    server: Server | None = None


def is_about_replays(path: str) -> bool:
    """Whether a path belongs to the part of the API that the contract describes as a whole."""
    return "replay" in path.split("/")


def read_text(path: Path, name: str) -> str:
    """The text of a file; raises UnreadableError."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UnreadableError(f"{name} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{name} is not UTF-8 (byte {error.start})") from None
    if "\0" in text:
        raise UnreadableError(f"{name} is not UTF-8 (byte {text.encode().index(0)})")  # such as UTF-16 without a mark
    return text
