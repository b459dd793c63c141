"""The differences between a recorded answer and a live one; pure.

Drift is a difference that can break code: another status or content type, removed or added fields, other types, and
answers that do not conform to the contract. Changed values are only listed, since data changes.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

import msgspec
from attrs import frozen

from pytest_rum_replay.contract.conformance import check, is_json
from pytest_rum_replay.interaction import RecordedRequest, RecordedResponse

__all__ = ["Comparison", "compared", "is_temporary"]

_TYPES: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
}
_decode = msgspec.json.Decoder().decode


@frozen
class Comparison:
    """One recorded GET compared with the live answer."""

    request: str
    """Method, path and query."""

    drift: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    """Paths whose values changed but not their types. The values are not shown: they may be personal."""

    not_compared: str = ""
    """Why it was not compared; empty if it was."""

    unanswered: bool = False
    """Whether it was not compared although it can be: the live API gave no answer, or only a temporary one."""

    @property
    def is_same(self) -> bool:
        return not (self.drift or self.not_compared)


def compared(request: RecordedRequest, recorded: RecordedResponse, live: RecordedResponse, shown: str) -> Comparison:
    """Compare two answers to the same request, both without secrets; pure."""
    if recorded.status != live.status:
        return Comparison(shown, drift=(f"status: {recorded.status} → {live.status}",))
    drift: list[str] = []
    types = [_media_type(answer) for answer in (recorded, live)]
    if types[0] != types[1] and not all(map(is_json, types)):  # which of JSON's types it is changes nothing
        drift.append(f"content type: {types[0] or 'none'} → {types[1] or 'none'}")
    changed: tuple[str, ...] = ()
    try:
        before, after = _decode(recorded.body), _decode(live.body)
    except ValueError:
        changed = ("the body",) if recorded.body != live.body else ()
    else:
        drift += _shape_drift(_shape(before), _shape(after))
        changed = tuple(_changes("", before, after))
    drift += [str(mismatch) for mismatch in check(request.method, request.url, live.status, live.headers, live.body)]
    return Comparison(shown, tuple(drift), changed)


def is_temporary(status: int) -> bool:
    """Whether an answer says nothing about the next one to the same request."""
    return status in (408, 429) or status >= 500


def _media_type(answer: RecordedResponse) -> str:
    stated = next((value for name, value in answer.headers if name == "content-type"), "")
    return stated.partition(";")[0].strip().lower()


Shape = dict[tuple[str, ...], set[str]]
"""The JSON types at each path; all items of an array share a path."""


def _shape(value: Any, place: tuple[str, ...] = (), shape: Shape | None = None) -> Shape:
    shape = {} if shape is None else shape
    shape.setdefault(place, set()).add(_type(value))
    if isinstance(value, dict):
        for name, child in cast(dict[str, Any], value).items():
            _shape(child, (*place, name), shape)
    elif isinstance(value, list):
        for child in cast(Sequence[Any], value):
            _shape(child, (*place, "*"), shape)
    return shape


def _shape_drift(before: Shape, after: Shape) -> Iterator[str]:
    for place in dict.fromkeys((*before, *after)):
        if place in before and place in after:
            if before[place] != after[place]:
                yield f"{_pointer(place)}: {_types(before[place])} → {_types(after[place])}"
        # Of a missing subtree only the root is reported; and an empty array says nothing about its items.
        elif place[:-1] in before and place[:-1] in after and place[-1] != "*":
            yield f"{_pointer(place)}: {'removed' if place in before else 'added'}"


def _changes(place: str, before: Any, after: Any) -> Iterator[str]:
    same_type = _type(before) == _type(after)
    if isinstance(before, dict) and isinstance(after, dict):
        fields = cast(dict[str, Any], after)
        for name, value in cast(dict[str, Any], before).items():
            if name in fields:
                yield from _changes(f"{place}/{name}", value, fields[name])
    elif isinstance(before, list) and isinstance(after, list):
        items, others = cast(Sequence[Any], before), cast(Sequence[Any], after)
        if len(items) != len(others):
            yield f"{place} ({len(items)} → {len(others)} items)"
        else:
            for number, (item, other) in enumerate(zip(items, others, strict=True)):
                yield from _changes(f"{place}/{number}", item, other)
    elif same_type and before != after:
        yield place


def _type(value: object) -> str:
    return _TYPES.get(type(value), "object")


def _types(types: Iterable[str]) -> str:
    return " or ".join(sorted(types))


def _pointer(place: tuple[str, ...]) -> str:
    return "".join(f"/{step}" for step in place) or "the document"
