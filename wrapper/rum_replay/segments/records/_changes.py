"""The changes in records of type 12 and in snapshots of format 1: `[operation, item, …]`.

Node ids are not written out: nodes are numbered from 0 in the order in which they are added. The string table, the
nodes and the style sheets start over with each full snapshot. Operations 0 to 15 are defined in Datadog's JSON schemas
(DataDog/rum-events-format, Apache-2.0) and were found in recordings of the browser SDK 7.0 to 7.16.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter, methodcaller
from typing import Annotated, Any, ClassVar, cast

import msgspec

from ..._json import FAILURES
from ._base import Number, Wire

__all__ = [
    "AddNodes",
    "AddRoleStrings",
    "AddStrings",
    "AddStyleSheets",
    "AttachStyleSheets",
    "AttributeChange",
    "AttributePair",
    "Change",
    "ChangeBase",
    "ClearStrings",
    "NodeAddition",
    "RemoveNodes",
    "RoleString",
    "SetAttributes",
    "SetImageContents",
    "SetInputSelections",
    "SetInputValues",
    "SetMediaStates",
    "SetScrollPositions",
    "SetSizes",
    "SetTexts",
    "SetVisualViewports",
    "StringOrIndex",
    "StyleSheetAddition",
    "UnknownChange",
    "decode_changes",
]


class RoleString(Wire, frozen=True):
    """A string with its role: the number for a node name, an attribute value, a URL, and so on."""

    role: int
    string: str


StringOrIndex = str | int | RoleString
"""A string, or its index in the string table."""

AttributePair = tuple[StringOrIndex, StringOrIndex]
"""Name and value."""

AttributeChange = Annotated[tuple[StringOrIndex, ...], msgspec.Meta(min_length=1, max_length=2)]
"""Name and value; only the name if the attribute was removed."""


class ChangeBase(msgspec.Struct, frozen=True, gc=False):
    """One operation with all its items."""

    operation: ClassVar[int]


class AddStrings(ChangeBase, frozen=True):
    """0: strings appended to the string table."""

    operation: ClassVar[int] = 0
    strings: tuple[str, ...]


NodeAddition = tuple[StringOrIndex | AttributePair | None, ...]
"""A node, whose id is the next number: where it is added, its name, and any number of items.

Where is relative to an earlier node. None: as the root. N > 0: as the last child of the node whose id is lower by N.
0: after the node with the previous id. -N: before the node whose id is lower by N. The name is a tag name in upper
case, `svg>` and a name, `#text`, `#document`, `#doctype`, `#shadow-root`, `#document-fragment` or `#cdata-section`.
The items are the text of a `#text`; the name, public id and system id of a `#doctype`; the attributes of an element,
each as a pair.
"""


class AddNodes(ChangeBase, frozen=True):
    """1: nodes were added."""

    operation: ClassVar[int] = 1
    nodes: tuple[NodeAddition, ...]


class RemoveNodes(ChangeBase, frozen=True):
    """2: nodes were removed, with their descendants."""

    operation: ClassVar[int] = 2
    ids: tuple[int, ...]


class SetAttributes(ChangeBase, frozen=True):
    """3: attributes were set or removed: for each node, its id and the attributes."""

    operation: ClassVar[int] = 3
    nodes: tuple[tuple[int, tuple[AttributeChange, ...]], ...]


class SetTexts(ChangeBase, frozen=True):
    """4: texts changed: for each text node, its id and new text."""

    operation: ClassVar[int] = 4
    texts: tuple[tuple[int, StringOrIndex], ...]


class SetSizes(ChangeBase, frozen=True):
    """5: sizes: for each node, its id, width and height in pixels."""

    operation: ClassVar[int] = 5
    sizes: tuple[tuple[int, Number, Number], ...]


class SetScrollPositions(ChangeBase, frozen=True):
    """6: nodes were scrolled: for each, its id and the scroll position, left and top in pixels."""

    operation: ClassVar[int] = 6
    positions: tuple[tuple[int, Number, Number], ...]


class StyleSheetAddition(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A style sheet. Its id is not in it: see `AddStyleSheets`."""

    rules: StringOrIndex | tuple[StringOrIndex, ...]
    """All rules in one string, or a string for each rule."""

    media: tuple[StringOrIndex, ...] = ()
    disabled: bool = False


class AddStyleSheets(ChangeBase, frozen=True):
    """7: style sheets were added.

    Ids are given in the order in which sheets are first added, from 0 on. SDKs add a sheet that several nodes share
    again for each of them, so the sheets of a record are those that its `AttachStyleSheets` name, in the same order.
    """

    operation: ClassVar[int] = 7
    sheets: tuple[StyleSheetAddition, ...]


class AttachStyleSheets(ChangeBase, frozen=True):
    """8: style sheets were attached: for each node, its id and the ids of all its style sheets."""

    operation: ClassVar[int] = 8
    nodes: tuple[tuple[int, tuple[int, ...]], ...]


class SetMediaStates(ChangeBase, frozen=True):
    """9: audio or video started or stopped: for each node, its id and 0 for playing or 1 for paused."""

    operation: ClassVar[int] = 9
    states: tuple[tuple[int, int], ...]


class SetVisualViewports(ChangeBase, frozen=True):
    """10: the visual viewport changed: offset left and top, page left and top, width, height in pixels, and scale."""

    operation: ClassVar[int] = 10
    viewports: tuple[tuple[Number, Number, Number, Number, Number, Number, Number], ...]


class AddRoleStrings(ChangeBase, frozen=True):
    """11: strings appended to the string table: for each role, its number and the strings."""

    operation: ClassVar[int] = 11
    strings: tuple[tuple[int, tuple[str, ...]], ...]


class SetInputValues(ChangeBase, frozen=True):
    """12: the values of form fields changed: for each field, its id and new value."""

    operation: ClassVar[int] = 12
    values: tuple[tuple[int, StringOrIndex], ...]


class SetInputSelections(ChangeBase, frozen=True):
    """13: check boxes, radio buttons or options changed: 0 selected, 1 not or 2 indeterminate, and their ids."""

    operation: ClassVar[int] = 13
    selections: tuple[tuple[int, tuple[int, ...]], ...]


class ClearStrings(ChangeBase, frozen=True):
    """14: the string table was cleared."""

    operation: ClassVar[int] = 14


class SetImageContents(ChangeBase, frozen=True):
    """15: images or canvases show other content: for each, its id and that of the separately uploaded resource."""

    operation: ClassVar[int] = 15
    contents: tuple[tuple[int, StringOrIndex], ...]


class UnknownChange(msgspec.Struct, frozen=True, gc=False):
    """A change with an unknown operation, or with an unexpected shape."""

    operation: int | None
    """None if the change does not start with a number."""

    raw: bytes
    """The JSON of the change exactly as it was recorded."""

    reason: str
    """Why it could not be decoded."""


Change = (
    AddStrings
    | AddNodes
    | RemoveNodes
    | SetAttributes
    | SetTexts
    | SetSizes
    | SetScrollPositions
    | AddStyleSheets
    | AttachStyleSheets
    | SetMediaStates
    | SetVisualViewports
    | AddRoleStrings
    | SetInputValues
    | SetInputSelections
    | ClearStrings
    | SetImageContents
    | UnknownChange
)


_MAX_ITEMS = 250_000
"""Items of one change, such as nodes to add: as many as a page may have. Decoded, each takes some hundred bytes."""

_LARGE = 1 << 20  # Bytes; the items of smaller changes are not counted.


def decode_changes(changes: Sequence[bytes | msgspec.Raw]) -> tuple[Change, ...]:
    """Decode changes from JSON; one that cannot be decoded becomes an `UnknownChange`, without affecting the others."""
    return tuple([_decode(change) for change in changes])


def _decode(raw: bytes | msgspec.Raw) -> Change:
    operation: int | None = None
    try:
        if len(raw) > _LARGE and len(_raw_items.decode(raw)) > _MAX_ITEMS:
            raise LookupError(f"more than {_MAX_ITEMS:,} items")
        if (added := _added_nodes(raw)) is not None:
            return added
        items = _json.decode(raw)
        if items and type(items[0]) is int:
            operation = items.pop(0)
            if operation in _BUILDERS:
                return _BUILDERS[operation](items)
        reason = f"operation {operation} is unknown" if operation is not None else "it does not start with a number"
    except (*FAILURES, TypeError, LookupError) as error:
        reason = f"operation {operation} has an unexpected shape: {error}" if operation is not None else str(error)
    return UnknownChange(operation, bytes(raw), reason)


def _clear_strings(items: list[Any]) -> ClearStrings:
    if items:
        raise TypeError("it has items")
    return ClearStrings()


def _checked(kind: Callable[[Any], Change], shape: Any) -> Callable[[list[Any]], Change]:
    return lambda items: kind(msgspec.convert(items, shape))


def _checked_head_and_rest(kind: Callable[[Any], Change], shape: Any) -> Callable[[list[Any]], Change]:
    return lambda items: kind(msgspec.convert([(item[0], item[1:]) for item in items], shape))


def _added_nodes(raw: bytes | msgspec.Raw) -> AddNodes | None:
    """What `_add_nodes` gives, many times faster, since most of a recording may be such changes; None if it is not."""
    if bytes(memoryview(raw)[: len(_ADD_NODES)]) != _ADD_NODES:
        return None
    try:
        nodes: tuple[Any, ...]
        try:
            nodes = _nodes.decode(raw)[1:]
        except msgspec.ValidationError:
            nodes = _nodes_with_root.decode(raw)[1:]
        points = list(map(_point, nodes))
        names = map(_name, nodes)
        is_valid = _POINTS.issuperset(map(type, points)) and _NAMES.issuperset(map(type, names))
        # Only points may be None.
        nulls = points.count(None)
        if is_valid and (nulls == 0 or nulls == sum(map(_nulls, nodes))):
            return AddNodes(cast("tuple[NodeAddition, ...]", nodes))
    except (*FAILURES, TypeError):
        pass
    return None


class _Addition(msgspec.Struct, frozen=True):
    insertion_point: int | None
    name: StringOrIndex
    items: tuple[StringOrIndex | AttributePair, ...] = ()


def _add_nodes(items: list[Any]) -> AddNodes:
    nodes = [{"insertion_point": node[0], "name": node[1], "items": node[2:]} for node in items]
    additions = msgspec.convert(nodes, tuple[_Addition, ...])
    return AddNodes(tuple([(one.insertion_point, one.name, *one.items) for one in additions]))


_ADD_NODES = b"[1,"
_LEAST = msgspec.Meta(min_length=2)
_nodes = msgspec.json.Decoder(tuple[int | Annotated[tuple[StringOrIndex | AttributePair, ...], _LEAST], ...])
_nodes_with_root = msgspec.json.Decoder(
    tuple[int | Annotated[tuple[StringOrIndex | AttributePair | None, ...], _LEAST], ...]
)
_point: Callable[[Any], Any] = itemgetter(0)
_name: Callable[[Any], Any] = itemgetter(1)
_nulls = methodcaller("count", None)
_POINTS, _NAMES = frozenset({int, type(None)}), frozenset({str, int, RoleString})
_json = msgspec.json.Decoder(list[Any])
_raw_items = msgspec.json.Decoder(list[msgspec.Raw])
_ids = tuple[int, ...]
_numbers = tuple[tuple[int, Number, Number], ...]
_strings = tuple[tuple[int, StringOrIndex], ...]
_ids_of_each = tuple[tuple[int, tuple[int, ...]], ...]
_BUILDERS: dict[int, Callable[[list[Any]], Change]] = {
    0: _checked(AddStrings, tuple[str, ...]),
    1: _add_nodes,
    2: _checked(RemoveNodes, _ids),
    3: _checked_head_and_rest(SetAttributes, tuple[tuple[int, tuple[AttributeChange, ...]], ...]),
    4: _checked(SetTexts, _strings),
    5: _checked(SetSizes, _numbers),
    6: _checked(SetScrollPositions, _numbers),
    7: _checked(AddStyleSheets, tuple[StyleSheetAddition, ...]),
    8: _checked_head_and_rest(AttachStyleSheets, _ids_of_each),
    9: _checked(SetMediaStates, tuple[tuple[int, int], ...]),
    10: _checked(SetVisualViewports, tuple[tuple[Number, Number, Number, Number, Number, Number, Number], ...]),
    11: _checked_head_and_rest(AddRoleStrings, tuple[tuple[int, tuple[str, ...]], ...]),
    12: _checked(SetInputValues, _strings),
    13: _checked_head_and_rest(SetInputSelections, _ids_of_each),
    14: _clear_strings,
    15: _checked(SetImageContents, _strings),
}
