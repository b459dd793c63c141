"""Change records rewritten in the form of older SDKs: a tree with ids, and mutations of it.

Written from the description of both formats alone, so that it shares no mistake with the reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

Record = dict[str, Any]

_CHILDREN = ("#document", "#shadow-root")


@attrs.define(eq=False)
class _Node:
    id: int
    name: str
    parent: _Node | None
    text: str = ""
    doctype: list[str] = attrs.field(factory=list[str])
    attributes: dict[str, Any] = attrs.field(factory=dict[str, Any])
    sheets: list[dict[str, Any]] = attrs.field(factory=list[dict[str, Any]])
    children: list[_Node] = attrs.field(factory=list["_Node"])
    """A shadow root comes first, as in the older form."""

    def to_dict(self) -> dict[str, Any]:
        """The node in the older form."""
        node: dict[str, Any] = {"id": self.id}
        if self.name == "#text":
            return node | {"type": 3, "textContent": self.text}
        if self.name == "#doctype":
            return node | {"type": 1, **dict(zip(("name", "publicId", "systemId"), self.doctype, strict=True))}
        node["childNodes"] = [child.to_dict() for child in self.children]
        if self.name in _CHILDREN:
            kind = {"type": 0} if self.name == "#document" else {"type": 11, "isShadowRoot": True}
            return node | kind | ({"adoptedStyleSheets": self.sheets} if self.sheets else {})
        is_svg = self.name.startswith("svg>")
        name = self.name[4:] if is_svg else self.name.lower()
        node |= {"type": 2, "tagName": name, "attributes": dict(self.attributes)}
        return node | ({"isSVG": True} if is_svg else {})


@attrs.define
class _View:
    strings: list[str] = attrs.field(factory=list[str])
    nodes: dict[int, _Node] = attrs.field(factory=dict[int, _Node])
    sheets: list[dict[str, Any]] = attrs.field(factory=list[dict[str, Any]])
    count: int = 0
    """Nodes that were ever added, which is the id of the next one."""

    def string(self, one: Any) -> Any:
        return self.strings[one] if isinstance(one, int) else one

    def add(self, where: int | None, name: Any, *items: Any) -> None:
        beside = None if where is None else self.nodes[self.count - (abs(where) or 1)]
        parent = beside if where is None or where > 0 else (beside.parent if beside else None)
        node = self.nodes[self.count] = _Node(self.count, self.string(name), parent)
        self.count += 1
        if node.name == "#text":
            node.text = self.string(items[0])
        elif node.name == "#doctype":
            node.doctype = [self.string(item) for item in items]
        else:
            node.attributes = {self.string(name): self.string(value) for name, value in items}
        if parent is None or beside is None or where is None:
            return
        at = len(parent.children) if where > 0 else parent.children.index(beside) + (where == 0)
        parent.children.insert(0 if node.name == "#shadow-root" else at, node)

    def remove(self, number: int) -> int | None:
        """Remove a node, if it is still there; returns its parent's id."""
        node = self.nodes.get(number)
        if node is None or node.parent is None:
            return None
        node.parent.children.remove(node)
        for one in _below(node):
            del self.nodes[one.id]
        return node.parent.id

    def apply(self, changes: list[Any], at: float) -> Iterator[Record]:
        """The records for a record of changes."""
        first, changed, texts, removes = self.count, dict[int, Any](), dict[int, str](), list[Any]()
        states: list[dict[str, Any]] = []
        for operation, *items in changes:
            if operation in (0, 11):
                self.strings += items if operation == 0 else [string for _, *strings in items for string in strings]
            elif operation == 1:
                for item in items:
                    self.add(*item)
            elif operation == 2:
                for number in items:
                    if (parent := self.remove(number)) is not None and number < first:
                        removes.append({"id": number, "parentId": parent})
            elif operation == 3:
                for number, *pairs in items:
                    values = {self.string(name): self.string(*value) if value else None for name, *value in pairs}
                    self._set(number, values, first, changed)
            elif operation == 4:
                for number, text in items:
                    self.nodes[number].text = self.string(text)
                    texts |= {number: self.nodes[number].text} if number < first else {}
            elif operation == 5:
                for number, width, height in items:
                    self._set(number, {"rr_width": f"{width}px", "rr_height": f"{height}px"}, first, changed)
            elif operation == 6:
                for number, left, top in items:
                    if number < first:
                        states.append({"source": 3, "id": number, "x": left, "y": top})
                    else:
                        self.nodes[number].attributes |= {"rr_scrollLeft": left, "rr_scrollTop": top}
            elif operation == 7:
                several = [rules if isinstance(rules, list) else [rules] for (rules,) in items]
                self.sheets += [{"cssRules": list(map(self.string, rules))} for rules in several]
            elif operation == 8:
                for number, *ids in items:
                    sheets = self.nodes[number].sheets = [self.sheets[one] for one in ids]
                    if self.nodes[number].name not in _CHILDREN:
                        text = "".join(rule for one in sheets for rule in one["cssRules"])
                        self._set(number, {"_cssText": text}, first, changed)
            elif operation == 9:
                for number, state in items:
                    self.nodes[number].attributes["rr_mediaState"] = "played" if state == 0 else "paused"
                    states += [{"source": 7, "id": number, "type": state}] if number < first else []
            elif operation == 12:
                states += [{"source": 5, "id": number, "text": self.string(text)} for number, text in items]
            elif operation == 13:
                states += [self._selection(number, is_selected=state == 0) for state, *ids in items for number in ids]
            else:
                raise NotImplementedError(operation)
        mutation = {
            "source": 0,
            "removes": removes,
            "adds": list(self._adds(first)),
            "attributes": [
                {"id": number, "attributes": values} for number, values in changed.items() if number in self.nodes
            ],
            "texts": [{"id": number, "value": text} for number, text in texts.items() if number in self.nodes],
        }
        if any(mutation.values()):
            yield {"type": 3, "timestamp": at, "data": mutation}
        for data in states:
            yield {"type": 3, "timestamp": at, "data": data}

    def _set(self, number: int, values: dict[str, Any], first: int, changed: dict[int, Any]) -> None:
        for name, value in values.items():
            self.nodes[number].attributes[name] = value
            if value is None:
                del self.nodes[number].attributes[name]
        if number < first:
            changed.setdefault(number, {}).update(values)

    def _selection(self, number: int, *, is_selected: bool) -> dict[str, Any]:
        node = self.nodes[number]
        if node.name != "OPTION":
            return {"source": 5, "id": number, "isChecked": is_selected}
        assert is_selected, "one of several options"
        assert node.parent is not None
        return {"source": 5, "id": node.parent.id, "text": node.attributes.get("value", node.children[0].text)}

    def _adds(self, first: int) -> Iterator[dict[str, Any]]:
        """What was added and is still there; siblings from the last on, since each is added before the next one."""
        for parent in list(self.nodes.values()):
            following: _Node | None = None
            for child in reversed(parent.children if parent.id < first else ()):
                if child.id >= first:
                    next_id = None if following is None else following.id
                    yield {"parentId": parent.id, "nextId": next_id, "node": child.to_dict()}
                following = child


def _below(node: _Node) -> Iterator[_Node]:
    yield node
    for child in node.children:
        yield from _below(child)


def in_older_form(segments: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Segments of views that begin with a snapshot of format 1, in the form in which ids are written."""
    views: dict[str, _View] = {}
    return [_segment(segment, views) for segment in segments]


def _segment(segment: dict[str, Any], views: dict[str, _View]) -> dict[str, Any]:
    records: list[Record] = []
    for record in segment["records"]:
        view = views.get(segment["view"]["id"], _View())
        at = record["timestamp"]
        if record["type"] == 2:
            view = views[segment["view"]["id"]] = _View()
            list(view.apply(record["data"], at))
            scroll = view.nodes[0].attributes
            offset = {"left": scroll.get("rr_scrollLeft", 0), "top": scroll.get("rr_scrollTop", 0)}
            records.append({**record, "format": 0, "data": {"node": view.nodes[0].to_dict(), "initialOffset": offset}})
        elif record["type"] == 12:
            records += view.apply(record["data"], at)
        else:
            records.append(record)
    return {**segment, "records": records, "records_count": len(records)}
