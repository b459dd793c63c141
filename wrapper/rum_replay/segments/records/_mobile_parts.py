"""Mobile records of which a part cannot be read: everything else of them is kept, as with changes of web pages.

The schemas grow, and a screen of which one wireframe is of a new kind is worth showing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast, get_args

import msgspec

from ._mobile import (
    AddedWireframe,
    CompositionLayer,
    CompositionLayerChild,
    CompositionLayerUpdate,
    CompositionTree,
    EmbeddedContentWireframe,
    EmbeddedViewWireframe,
    ImageWireframe,
    PlaceholderWireframe,
    RemovedWireframe,
    ShapeWireframe,
    TextWireframe,
    WebviewWireframe,
)

__all__ = ["readable_parts"]

_FULL, _INCREMENTAL = 10, 11
_MUTATION, _LAYERS = 0, 10
_Object = dict[str, Any]
_CLASSES: dict[object, type[msgspec.Struct]] = {
    "embedded_content": EmbeddedContentWireframe,
    "embedded_view": EmbeddedViewWireframe,
    "image": ImageWireframe,
    "placeholder": PlaceholderWireframe,
    "shape": ShapeWireframe,
    "text": TextWireframe,
    "webview": WebviewWireframe,
}
_UNKNOWN_KIND = "a wireframe of an unknown kind, shown as a placeholder"
_WIREFRAME = "a wireframe that cannot be read"
_VALUE = "a value of a wireframe or layer that cannot be read"
_CHANGE = "a change of a wireframe that cannot be read"
_LAYER = "a layer that cannot be read"
_TREE = "a composition tree that cannot be read"


def readable_parts(record: object) -> tuple[_Object, tuple[str, ...]] | None:
    """The parts of a record's JSON that can be read, and what is left out; None if it is no such record."""
    members = _members(record)
    data = None if members is None else _members(members.get("data"))
    if members is None or data is None:
        return None
    reader = _Reader()
    if members.get("type") == _FULL and isinstance(data.get("wireframes"), list):
        data = {**data, "wireframes": reader.list_of(data["wireframes"], reader.wireframe, _WIREFRAME)}
        if data.get("compositionTree") is not None:
            data["compositionTree"] = reader.tree(data["compositionTree"])
    elif members.get("type") == _INCREMENTAL and data.get("source") == _MUTATION:
        data = {
            **data,
            "adds": reader.list_of(data.get("adds"), reader.addition, _CHANGE),
            "removes": reader.list_of(data.get("removes"), reader.reading(RemovedWireframe), _CHANGE),
            "updates": reader.list_of(data.get("updates"), reader.wireframe, _CHANGE),
        }
    elif members.get("type") == _INCREMENTAL and data.get("source") == _LAYERS:
        data = {
            **data,
            "adds": reader.list_of(data.get("adds"), reader.layer, _LAYER),
            "removes": reader.list_of(data.get("removes"), _whole, _LAYER),
            "updates": reader.list_of(data.get("updates"), reader.layer_update, _LAYER),
        }
        if data.get("root") is not None:
            data["root"] = reader.part(data["root"], reader.layer, _LAYER)
    else:
        return None
    return {**members, "data": data}, tuple(reader.unread)


class _Reader:
    """Reads parts, and notes what cannot be read."""

    def __init__(self) -> None:
        self.unread: list[str] = []

    def part(self, value: object, read: Callable[[object], Any], problem: str) -> Any:
        """A part; None if it cannot be read."""
        found = read(value)
        if found is None:
            self.unread.append(problem)
        return found

    def list_of(self, values: object, read: Callable[[object], Any], problem: str) -> list[Any]:
        """Those of several parts that can be read."""
        if not isinstance(values, list):
            if values is not None:
                self.unread.append(problem)
            return []
        found = (self.part(value, read, problem) for value in cast("list[object]", values))
        return [one for one in found if one is not None]

    def wireframe(self, value: object) -> _Object | None:
        members = _members(value)
        if members is None or _whole(members.get("id")) is None:
            return None
        kind = members.get("type")
        cls = _CLASSES.get(kind) if isinstance(kind, str) else None
        if cls is None:
            self.unread.append(_UNKNOWN_KIND)
            # What it has instead of a label is not known.
            members = {name: value for name, value in members.items() if name != "label"}
            kind, cls = "placeholder", PlaceholderWireframe
        found = self._valid(members, cls)
        return None if found is None else {**found, "type": kind}

    def addition(self, value: object) -> _Object | None:
        members = _members(value)
        wireframe = None if members is None else self.wireframe(members.get("wireframe"))
        if members is None or wireframe is None:
            return None
        return self._valid({**members, "wireframe": wireframe}, AddedWireframe)

    def tree(self, value: object) -> _Object | None:
        """A composition tree; None, so that the wireframes are drawn without one, if its root cannot be read."""
        members = _members(value)
        root = None if members is None else self.layer(members.get("root"))
        if members is None or root is None:
            self.unread.append(_TREE)
            return None
        layers = self.list_of(members.get("layers"), self.layer, _LAYER)
        return self._valid({"root": root, "layers": layers}, CompositionTree)

    def layer(self, value: object) -> _Object | None:
        return self._layer(value, CompositionLayer)

    def layer_update(self, value: object) -> _Object | None:
        return self._layer(value, CompositionLayerUpdate)

    def _layer(self, value: object, cls: type[msgspec.Struct]) -> _Object | None:
        members = _members(value)
        if members is None:
            return None
        if isinstance(members.get("children"), list):
            read = self.reading(CompositionLayerChild)
            members = {**members, "children": self.list_of(members["children"], read, _VALUE)}
        if isinstance(members.get("modifiers"), list):
            members = {**members, "modifiers": self.list_of(members["modifiers"], _members, _VALUE)}
        return self._valid(members, cls)

    def reading(self, cls: type[msgspec.Struct]) -> Callable[[object], _Object | None]:
        """A function that reads objects of a class."""

        def read(value: object) -> _Object | None:
            members = _members(value)
            return None if members is None else self._valid(members, cls)

        return read

    def _valid(self, members: Mapping[str, Any], cls: type[msgspec.Struct]) -> _Object | None:
        """The members that fit a class; None if one that it requires is not among them."""
        found: _Object = {}
        for field in msgspec.structs.fields(cls):
            name = field.encode_name
            if name in members:
                value = _whole(members[name]) if name == "id" else members[name]
                fitting = self._fitting(value, field.type)
                if fitting is None and members[name] is not None:
                    self.unread.append(_VALUE)
                elif fitting is not None:
                    found[name] = fitting
            if field.required and name not in found:
                return None
        return found

    def _fitting(self, value: object, type: Any) -> Any:
        """A value, or what of it fits a type; None if nothing does."""
        try:
            msgspec.convert(value, type)
        except msgspec.ValidationError:
            members = _members(value)
            inner = (one for one in get_args(type) if hasattr(one, "__struct_fields__"))
            cls: type[msgspec.Struct] | None = next(inner, None)
            return None if members is None or cls is None else self._valid(members, cls)
        return value


def _members(value: object) -> _Object | None:
    return cast("_Object", value) if isinstance(value, dict) else None


def _whole(value: object) -> int | None:
    """A whole number, however it is written."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
