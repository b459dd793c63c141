"""Pages made from records, and the snapshots of the browser's DOM that were taken during the recordings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
from rum_replay import segments
from rum_replay.segments.dom import Node, Page

from ..recorded import FOLDERS, segment_files

START = 1_700_000_000_000


def record(type_: int, data: Any, **members: Any) -> segments.Record:
    """A decoded record."""
    decoded = segments.decode_record(json.dumps({"type": type_, "timestamp": START, "data": data, **members}).encode())
    assert not isinstance(decoded, segments.UnknownRecord), decoded.reason
    return decoded


def change(*operations: Any) -> segments.Record:
    return record(12, list(operations))


def change_snapshot(*operations: Any) -> segments.Record:
    """A full snapshot of format 1."""
    return record(2, list(operations), format=1)


def tree_snapshot(node: Any) -> segments.Record:
    """A full snapshot of format 0."""
    return record(2, {"node": node, "initialOffset": {"left": 0, "top": 0}})


def incremental(source: int, **data: Any) -> segments.Record:
    return record(3, {"source": source, **data})


def mutation(adds: Any = (), removes: Any = (), attributes: Any = (), texts: Any = ()) -> segments.Record:
    return incremental(0, adds=adds, removes=removes, attributes=attributes, texts=texts)


def add(node: Any, parent: int, following: int | None = None) -> dict[str, Any]:
    return {"node": node, "parentId": parent, "nextId": following}


def document(id_: int, *children: Any) -> dict[str, Any]:
    return {"type": 0, "id": id_, "childNodes": list(children)}


def element(id_: int, name: str, *children: Any, **attributes: Any) -> dict[str, Any]:
    return {"type": 2, "id": id_, "tagName": name, "attributes": attributes, "childNodes": list(children)}


def text(id_: int, content: str) -> dict[str, Any]:
    return {"type": 3, "id": id_, "textContent": content}


def shadow(id_: int, *children: Any) -> dict[str, Any]:
    return {"type": 11, "id": id_, "childNodes": list(children), "isShadowRoot": True}


def page_of(*records: segments.Record) -> Page:
    page = Page()
    for each in records:
        page.apply(each)
    return page


def tree(page: Page) -> Any:
    """The page's tree without ids: `[name, attributes, *children]` for elements, strings for texts."""
    assert page.root is not None
    return outline(page.to_dict()["tree"])


def outline(node: Any) -> Any:
    if isinstance(node, str):
        return node
    inner = [outline(child) for child in node.get("c", ())]
    if "shadow" in node:
        inner = [["shadow", *[outline(child) for child in node["shadow"]["c"]]], *inner]
    return [node["n"], *([node["a"]] if node.get("a") else []), *inner]


def named(page: Page, name: str) -> Node:
    """The first element with a name."""
    return next(node for node in page.nodes.values() if node.name == name)


@attrs.frozen(kw_only=True)
class Snap:
    """The browser's DOM at one time during a recording, as the driver of the browser saved it."""

    name: str
    time: int
    view: segments.View
    live: Any
    """The DOM in the form of `Page.to_dict`."""


def snaps(folder: Path) -> Iterator[Snap]:
    recording = segments.open(segment_files(folder))
    for step in json.loads((folder / "truth.json").read_bytes()):
        if step["what"] == "snap":
            started = [view for view in recording.views if view.start is not None and view.start <= step["t"]]
            yield Snap(
                name=f"{folder.name} {step['n']}",
                time=step["t"],
                view=started[-1],
                live=json.loads((folder / f"tree-{step['n']}.json").read_bytes()),
            )


ALL_SNAPS = [snap for folder in FOLDERS for snap in snaps(folder)]
