"""Sensible values for everything in the API's contract, for tests that care about only one field.

    from pytest_rum_replay.factories import ABSENT, Factory

    make = Factory(seed=0)
    playlist = make.playlist(name="Checkout bugs", session_count=0)
    page = make.wire("PlaylistArray", {"data.1.attributes.description": ABSENT})

Values come from the contract's examples; ids, names and times differ between calls and are the same in every run. The
results conform to the contract: an override that violates it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import count
from random import Random
from typing import Any, Final, TypeVar, cast, overload
from uuid import UUID

import attrs
from rum_replay import (
    HeatmapSnapshot,
    Playlist,
    PlaylistCreator,
    PlaylistSession,
    RumEvent,
    Watch,
    WatchedSession,
    Watcher,
)
from rum_replay._times import rfc3339

from pytest_rum_replay.contract import modelling, schemas
from pytest_rum_replay.contract.schemas import Schema

__all__ = ["ABSENT", "Factory"]

T = TypeVar("T")


class _Absent(Enum):
    ABSENT = "ABSENT"


ABSENT: Final = _Absent.ABSENT
"""An override that leaves its field out."""

_START = datetime(2026, 7, 1, 12, tzinfo=UTC)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Factory:
    """Makes documents and models. The same seed and the same calls give the same values.

    An override changes only the field that it names. Methods raise ValueError for an override with an unknown name,
    with a suggestion, and for one whose value the contract does not allow.
    """

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._serials = count(1)

    def wire(self, schema: str, overrides: Mapping[str, Any] | None = None) -> Any:
        """A document of the named schema of the contract, with all its fields.

        `overrides` maps paths to values, such as `{"data.attributes.name": "x"}`; `ABSENT` leaves a field out, and an
        index makes a list long enough: `{"data.2.id": "x"}` makes three items instead of one.
        """
        return self._document(schemas.schema(schema), overrides or {})

    @overload
    def api_model(self, schema: str, overrides: Mapping[str, Any] | None = None) -> Any: ...
    @overload
    def api_model(self, schema: type[T], overrides: Mapping[str, Any] | None = None) -> T: ...
    def api_model(self, schema: str | type[Any], overrides: Mapping[str, Any] | None = None) -> Any:
        """A model of the generated client, by name or class; for `overrides` see `wire`."""
        name = modelling.schema_name(schema)
        return modelling.api_model_of(name, self.wire(name, overrides))

    def model(self, model: type[T], **overrides: Any) -> T:
        """A flat model of `rum_replay`; None leaves a field out. Raises TypeError for any other class."""
        schema = modelling.flat_schema(model)
        made: Any = modelling.flat_model_of(model, self._document(schema, {}))
        names = [field.name for field in attrs.fields(cast(Any, model)) if field.init]
        for name in overrides:
            if name not in names:
                raise schemas.unknown_name(f"field of {model.__name__}", name, names)
        for name in overrides.get("extra", ()):
            if name in names:
                raise ValueError(f"extra is for unknown fields, but {name!r} is a field of {model.__name__}")
        wire = modelling.wire_of(attrs.evolve(made, **overrides))
        _check(schema, wire)
        return modelling.flat_model_of(model, wire)

    def playlist(self, **overrides: Any) -> Playlist:
        return self.model(Playlist, **overrides)

    def playlist_creator(self, **overrides: Any) -> PlaylistCreator:
        return self.model(PlaylistCreator, **overrides)

    def playlist_session(self, **overrides: Any) -> PlaylistSession:
        return self.model(PlaylistSession, **overrides)

    def heatmap_snapshot(self, **overrides: Any) -> HeatmapSnapshot:
        return self.model(HeatmapSnapshot, **overrides)

    def watch(self, **overrides: Any) -> Watch:
        return self.model(Watch, **overrides)

    def watcher(self, **overrides: Any) -> Watcher:
        return self.model(Watcher, **overrides)

    def watched_session(self, **overrides: Any) -> WatchedSession:
        return self.model(WatchedSession, **overrides)

    def rum_event(self, **overrides: Any) -> RumEvent:
        """A view with a replay; `to_dict()` is what `Emulator.load_events` takes.

        It happened a while after noon of 2026-07-01, when a `ManualClock` begins: give a `timestamp` that is searched.
        """
        return self.model(RumEvent, **overrides)

    def _document(self, schema: Schema, overrides: Mapping[str, Any]) -> Any:
        document = _Values(self._seed, self._serials).of(schema, _Place(), _override_tree(overrides))
        _check(schema, document)
        return document


@attrs.frozen
class _Given:
    value: Any


def _override_tree(overrides: Mapping[str, Any]) -> dict[str, Any]:
    """The overrides as a tree: `{"data.id": "x"}` becomes `{"data": {"id": _Given("x")}}`."""
    tree: dict[str, Any] = {}
    for place, value in overrides.items():
        *steps, last = place.split(".")
        branch = tree
        for step in steps:
            branch = branch.setdefault(step, {})
            if isinstance(branch, _Given):
                break
        if isinstance(branch, _Given) or last in branch:
            raise ValueError(f"the override {place!r} conflicts with another one")
        branch[last] = _Given(value.isoformat() if isinstance(value, datetime) else value)
    return tree


def _overridden(made: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    for name, wanted in given.items():
        if not isinstance(wanted, _Given):
            inner = made.get(name)
            made[name] = _overridden(cast(dict[str, Any], inner) if isinstance(inner, dict) else {}, wanted)
        elif wanted.value is ABSENT:
            made.pop(name, None)
        else:
            made[name] = wanted.value
    return made


_FREE: Schema = {"type": "object", "additionalProperties": True}


@attrs.frozen
class _Place:
    """The position of a value in a document; `order` is its index among the fields of its object."""

    path: str = ""
    name: str = ""
    order: int = 0

    def at(self, name: str, order: int = 0) -> _Place:
        return _Place(f"{self.path}.{name}" if self.path else name, name, order)

    def item(self, index: str) -> _Place:
        return attrs.evolve(self.at(index), name=self.name)


class _Values:
    """The values of one document. Each depends on the seed, its path and a serial number only, so that an override does
    not change any other value."""

    def __init__(self, seed: int, serials: Iterator[int]) -> None:
        self._seed = seed
        self._serials = serials
        self._serial = next(serials)

    def of(self, schema: Schema, place: _Place, given: Mapping[str, Any]) -> Any:
        schema = schemas.resolved(schema)
        if "anyOf" in schema:
            return self.of(schema["anyOf"][-1 if given else 0], place, given)
        match schema.get("type"):
            case "object":
                return self._object(schema, place, given)
            case "array":
                return self._array(schema, place, given)
            case _ if given:
                raise ValueError(f"{place.path or 'the document'!r} is a single value without fields")
            case "boolean":
                return self._random(place).random() < 0.5
            case "integer":
                return schema.get("examples", [self._serial])[0]
            case _:
                return self._text(schema, place)

    def _object(self, schema: Schema, place: _Place, given: Mapping[str, Any]) -> dict[str, Any]:
        properties = schema.get("properties", {})
        free = schema.get("additionalProperties", False)
        if "examples" in schema:
            made = self._varied(schema["examples"][0], place)
            return _overridden(made, given)
        for name in given:
            if name not in properties and not free:
                raise schemas.unknown_name("field", place.at(name).path, [place.at(each).path for each in properties])
        found: dict[str, Any] = {}
        for order, name in enumerate({**properties, **given}):
            wanted = given.get(name, {})
            if not isinstance(wanted, _Given):
                found[name] = self.of(properties.get(name, _FREE), place.at(name, order), wanted)
            elif wanted.value is not ABSENT:
                found[name] = wanted.value
        return found

    def _varied(self, example: Any, place: _Place) -> Any:
        """A free object of the contract, with ids of its own."""
        if isinstance(example, dict):
            members = cast(dict[str, Any], example)
            return {name: self._varied(value, place.at(name)) for name, value in members.items()}
        is_id = isinstance(example, str) and _UUID.fullmatch(example)
        return self._text({"examples": [example]}, place) if is_id else example

    def _array(self, schema: Schema, place: _Place, given: Mapping[str, Any]) -> list[Any]:
        for index, wanted in given.items():
            if not (index.isascii() and index.isdigit()):
                raise ValueError(f"{place.path!r} is a list: the next step must be an index, not {index!r}")
            if wanted == _Given(ABSENT):
                raise ValueError(
                    f"{place.at(index).path!r} cannot be absent; override {place.path!r} with a shorter list"
                )
        items: list[Any] = []
        for index in map(str, range(max(map(int, given), default=0) + 1)):
            if items:
                # Each item is a separate resource with its own id.
                self._serial = next(self._serials)
            wanted = given.get(index, {})
            if isinstance(wanted, _Given):
                items.append(wanted.value)
            else:
                items.append(self.of(schema["items"], place.item(index), wanted))
        return items

    def _text(self, schema: Schema, place: _Place) -> str:
        if "enum" in schema:
            return cast(str, schema["enum"][0])
        if schema.get("format") == "date-time":
            # Several times in one object are in chronological order.
            age = timedelta(hours=self._serial, minutes=place.order, seconds=self._random(_Place()).randrange(60))
            return rfc3339(_START + age, "seconds")
        if "examples" not in schema:
            return f"{place.name or 'text'} {self._serial}"
        example = cast(str, schema["examples"][0])
        if "format" in schema:  # It has a syntax.
            return example
        if _UUID.fullmatch(example):
            return str(UUID(int=self._random(place).getrandbits(128), version=4))
        return self._numbered(example, place)

    def _numbered(self, example: str, place: _Place) -> str:
        """A numbered variant of an id, an address or a human-readable text; identifiers such as `rum` stay."""
        if place.name == "id":
            return str(int(example) + self._serial) if example.isdigit() else f"{example}{self._serial}"
        if "@" in example:
            return example.replace("@", f".{self._serial}@")
        return f"{example} {self._serial}" if " " in example else example

    def _random(self, place: _Place) -> Random:
        return Random(f"{self._seed}/{self._serial}/{place.path}")  # noqa: S311 - test values, not secrets


def _check(schema: Schema, document: Any) -> None:
    found = schemas.problems(schema, document)
    if found:
        raise ValueError(f"the contract does not allow this: {'; '.join(found)}")
