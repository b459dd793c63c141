"""From the bytes of an answer to models: one pass, every type checked.

msgspec checks and converts in C. The generated parsers are not used here: they do not check the types of plain values,
and building their three nested objects for each item costs three times as much.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar, cast, get_args

import attrs
import msgspec

from ._answers import BodyMismatchError
from ._arguments import check_id
from ._errors import InvalidRequestError
from ._events import EventPage, RumEvent, SearchWarning
from ._json import FAILURES, decode_json
from ._resource import AwareDatetime, Resource

__all__ = ["decode_events", "decode_list", "decode_nothing", "decode_one"]

T = TypeVar("T")
R = TypeVar("R", bound=Resource)

_PLAIN_ID = re.compile(r"[\w-]+", re.ASCII)
_OUTSIDE = frozenset({"id", "type"})
_USUAL = 3
"""Members of most resources: id, type, attributes."""


def decode_nothing(_: bytes) -> None:
    """For operations whose answers hold nothing of interest."""


def decode_one(model: type[R]) -> Callable[[bytes], R]:
    """A decoder of `{"data": {…}}`; raises BodyMismatchError for bodies that do not fit."""
    build = _builder(model)

    def decode(body: bytes) -> R:
        return build([_data_of(body, dict)])[0]

    return decode


def decode_list(model: type[R]) -> Callable[[bytes], list[R]]:
    """A decoder of `{"data": [{…}, …]}`; raises BodyMismatchError for bodies that do not fit."""
    build = _builder(model)

    def decode(body: bytes) -> list[R]:
        return build(_data_of(body, list))

    return decode


def _data_of(body: bytes, kind: type[Any]) -> Any:
    document = _document(body)
    if isinstance(document, dict) and isinstance(data := cast("dict[str, Any]", document).get("data"), kind):
        return data
    raise BodyMismatchError(f"it has no {'list' if kind is list else 'object'} under 'data'")


def _document(body: bytes) -> Any:
    try:
        return decode_json(body)
    except FAILURES as error:
        reason = f"it is not JSON: {error}" if body.strip() else "it is empty"
    # Outside of the handler, so that no foreign exception is chained to it.
    raise BodyMismatchError(reason)


def _builder(model: type[R]) -> Callable[[list[Any]], list[R]]:
    """Build resources from their wire form, a whole page at once: the fewer steps for each, the better."""
    known = _field_names(model)
    nested = _nested_models(model)
    models = cast("type[list[R]]", list.__class_getitem__(model))
    keep_wire = cast("Any", Resource)._wire.__set__
    is_known = known.issuperset

    def build(data: list[Any]) -> list[R]:
        rows: list[dict[str, Any]] = []
        unknown: dict[int, dict[str, Any]] = {}
        unknown_within: dict[tuple[int, str], dict[str, Any]] = {}
        for wire in data:
            row = _usual_row(wire) or _unusual_row(wire, known)
            if row is None:
                raise BodyMismatchError(f"data[{len(rows)}] or its attributes are not an object")
            if not is_known(row):
                unknown[len(rows)] = {name: row.pop(name) for name in row.keys() - known}
            for name, inner_known in nested:
                inner = row.get(name)
                if isinstance(inner, dict) and not (fields := cast("dict[str, Any]", inner)).keys() <= inner_known:
                    row[name] = {key: fields[key] for key in fields.keys() & inner_known}
                    unknown_within[len(rows), name] = {key: fields[key] for key in fields.keys() - inner_known}
            rows.append(row)
        resources = _converted(rows, models)
        deque(cast("map[None]", map(keep_wire, resources, data)), maxlen=0)  # a loop in C
        for index, fields in unknown.items():
            _set_extra(resources[index], fields)
        for (index, name), fields in unknown_within.items():
            _set_extra(getattr(resources[index], name), fields)
        return resources

    return build


def _usual_row(wire: Any) -> dict[str, Any] | None:
    """Flatten a resource of id, type and attributes and nothing else; None for any other."""
    try:
        if len(wire) != _USUAL:
            return None
        row: dict[str, Any] = wire["attributes"].copy()
        # After the attributes: those may have members of the same name.
        row["id"] = wire["id"]
        row["type"] = wire["type"]
    except (AttributeError, KeyError, TypeError):
        return None
    return row


def _unusual_row(wire: Any, known: frozenset[str]) -> dict[str, Any] | None:
    """Flatten a resource that lacks a member or has others: an unknown one is never taken for a known field.

    A known name counts where it belongs: id and type beside the attributes, all others among them. None if it is not an
    object, or its attributes are not.
    """
    if not isinstance(wire, dict):
        return None
    resource = cast("dict[str, Any]", wire)
    attributes: Any = resource.get("attributes")
    if attributes is None:
        attributes = {}
    if not isinstance(attributes, dict):
        return None
    row = {name: value for name, value in cast("dict[str, Any]", attributes).items() if name not in _OUTSIDE}
    beside = {name: value for name, value in resource.items() if name not in known or name in _OUTSIDE}
    beside.pop("attributes", None)
    return row | beside


def _converted(wire: Any, model: type[T]) -> T:
    try:
        return msgspec.convert(wire, model)
    except msgspec.ValidationError as error:
        reason = str(error).replace("$[", "data[").replace("$.", "")
    raise BodyMismatchError(reason)


def _set_extra(instance: object, fields: dict[str, Any]) -> None:
    # Frozen for everybody else; here the instance is still being built.
    object.__setattr__(instance, "extra", fields)


def _field_names(model: type[Any]) -> frozenset[str]:
    return frozenset(field.name for field in attrs.fields(model)) - {"extra", "_wire"}


def _nested_models(model: type[Any]) -> tuple[tuple[str, frozenset[str]], ...]:
    """The fields of a model that hold a model in turn, with that one's field names."""
    return tuple(
        (field.name, _field_names(candidate))
        for field in attrs.fields(attrs.resolve_types(model))
        for candidate in get_args(field.type)
        if attrs.has(candidate)
    )


class _EventAttributes(msgspec.Struct):
    timestamp: AwareDatetime | None = None
    attributes: dict[str, Any] | None = None


class _Event(msgspec.Struct):
    id: str | None = None
    attributes: _EventAttributes | None = None


class _Page(msgspec.Struct):
    after: str | None = None


class _Warning(msgspec.Struct):
    code: str | None = None
    title: str | None = None
    detail: str | None = None


class _Metadata(msgspec.Struct):
    page: _Page | None = None
    status: str | None = None
    warnings: list[_Warning] | None = None


class _Events(msgspec.Struct):
    data: list[_Event] | None = None
    meta: _Metadata | None = None


def decode_events(body: bytes) -> EventPage:
    """A page of a search; raises BodyMismatchError for bodies that do not fit.

    Every part may be missing, so an object without any of the known members is a page without events.
    """
    document = _document(body)
    page = _converted(document, _Events)
    wires: list[dict[str, Any]] = document.get("data") or []
    meta = page.meta or _Metadata()
    return EventPage(
        items=[_event(one, wire) for one, wire in zip(page.data or [], wires, strict=True)],
        cursor=(meta.page and meta.page.after) or None,
        status=meta.status,
        warnings=tuple(SearchWarning(code=one.code, title=one.title, detail=one.detail) for one in meta.warnings or ()),
    )


def _event(known: _Event, wire: dict[str, Any]) -> RumEvent:
    own = (known.attributes and known.attributes.attributes) or {}
    beside = {name: value for name, value in wire.items() if name not in ("id", "type", "attributes")}
    around: dict[str, Any] = wire.get("attributes") or {}
    event = RumEvent(
        id=known.id,
        type=_text(own.get("type")),
        timestamp=None if known.attributes is None else known.attributes.timestamp,
        session_id=_usable(_id_in(own, "session")),
        view_id=_id_in(own, "view"),
        application_id=_id_in(own, "application"),
        attributes=own,
        extra={name: value for name, value in around.items() if name not in ("timestamp", "attributes")} | beside,
    )
    object.__setattr__(event, "_wire", wire)  # Frozen for everybody else; here it is still being built.
    return event


def _id_in(attributes: dict[str, Any], name: str) -> str | None:
    holder = attributes.get(name)
    return _text(cast("dict[str, Any]", holder).get("id")) if isinstance(holder, dict) else None


def _usable(found: str | None) -> str | None:
    """An id; None for what no query can hold, since anybody can send events with anything there."""
    if found is None or _PLAIN_ID.fullmatch(found):
        return found
    try:
        return check_id("id", found)
    except InvalidRequestError:
        return None


def _text(value: Any) -> str | None:
    """What people or SDKs put into an event has any type."""
    return value if isinstance(value, str) else None
