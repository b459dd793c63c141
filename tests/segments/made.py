"""Recordings made for tests: records, and segments around them, as the SDK writes them."""

from __future__ import annotations

import json
from typing import Any

from rum_replay import segments

START = 1_795_230_000_000
"""2026-11-21T03:00:00Z, in milliseconds."""

ROOT, HTML, BODY, BUTTON, FIELD, BOX, OTHER = range(7)
"""Ids of the nodes of `snapshot`."""


def element(number: int, tag: str, /, *children: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    return {"type": 2, "id": number, "tagName": tag, "attributes": attributes, "childNodes": list(children)}


def snapshot(at: float = 0, *more: dict[str, Any], html: dict[str, Any] | None = None) -> dict[str, Any]:
    """A page with a button, a text field, a check box and another button."""
    body = element(
        BODY,
        "body",
        element(BUTTON, "button", {"type": 3, "id": 100, "textContent": "Pay"}, id="pay"),
        element(FIELD, "input", id="name"),
        element(BOX, "input", id="agree", type="checkbox"),
        element(OTHER, "button", id="other"),
        *more,
    )
    node = {"type": 0, "id": ROOT, "childNodes": [element(HTML, "html", body, **(html or {}))]}
    return record(2, at, {"node": node, "initialOffset": {"top": 0, "left": 0}})


def record(type: int, at: float, data: Any = None, **more: Any) -> dict[str, Any]:
    """A record; `at` is in milliseconds after START."""
    members = {"type": type, "timestamp": START + at, **more}
    return members if data is None else {**members, "data": data}


def meta(at: float = 0, width: Any = 1000, height: Any = 700, href: str = "http://shop/") -> dict[str, Any]:
    return record(4, at, {"width": width, "height": height, "href": href})


def enlarged(at: float, left: Any, top: Any) -> dict[str, Any]:
    """The visible part of a viewport of 1000 × 700 px that is enlarged twice by pinch zoom."""
    place = {"offsetLeft": left, "offsetTop": top, "pageLeft": left, "pageTop": top}
    return record(8, at, {**place, "width": 500, "height": 350, "scale": 2})


def event(source: int, at: float, **data: Any) -> dict[str, Any]:
    """A record of type 3."""
    return record(3, at, {"source": source, **data})


def click(at: float, id: int = BUTTON, x: Any = 10, y: Any = 20) -> dict[str, Any]:
    return event(2, at, type=2, id=id, x=x, y=y)


def typed(at: float, text: str, id: int = FIELD) -> dict[str, Any]:
    return event(5, at, id=id, text=text)


def mutation(at: float, **changes: Any) -> dict[str, Any]:
    return event(0, at, **{"adds": [], "removes": [], "attributes": [], "texts": [], **changes})


def change(at: float, *operations: list[Any]) -> dict[str, Any]:
    return record(12, at, list(operations))


def tap(at: float, what: str, x: float = 10, y: float = 20, pointer: int = 1) -> dict[str, Any]:
    """A pointer on a mobile screen, `down`, `up` or `move`."""
    data = {"source": 9, "pointerEventType": what, "pointerType": "touch", "pointerId": pointer, "x": x, "y": y}
    return record(11, at, data)


def wireframe(number: int, kind: str, x: Any, y: Any, width: Any, height: Any, /, **more: Any) -> dict[str, Any]:
    """A wireframe of a mobile screen; `fill` is its color."""
    fill = {"shapeStyle": {"backgroundColor": more.pop("fill")}} if "fill" in more else {}
    return {"id": number, "type": kind, "x": x, "y": y, "width": width, "height": height, **fill, **more}


def words(number: int, text: str, x: Any, y: Any, width: Any, height: Any, /, **more: Any) -> dict[str, Any]:
    """A wireframe with black text of 16 pixels; `font` overrides parts of its style."""
    style = {"family": "sans-serif", "size": 16, "color": "#000000", **more.pop("font", {})}
    return wireframe(number, "text", x, y, width, height, text=text, textStyle=style, **more)


def layer(number: int, x: Any, y: Any, width: Any, height: Any, /, *children: Any, **more: Any) -> dict[str, Any]:
    """A layer of a composition tree; children are numbers of wireframes, or layers as they are made here."""
    names = [
        {"type": "layer", "id": one["id"]} if isinstance(one, dict) else {"type": "wireframe", "id": one}
        for one in children
    ]
    return {"id": number, "x": x, "y": y, "width": width, "height": height, "children": names, **more}


def screen(at: float, *wireframes: dict[str, Any], layers: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """A full snapshot of a mobile screen; the last layer is the root."""
    tree = {"compositionTree": {"root": layers[-1], "layers": layers[:-1]}} if layers else {}
    return record(10, at, {"wireframes": list(wireframes), **tree})


def screen_change(at: float, **changes: Any) -> dict[str, Any]:
    """A mutation of a mobile screen: `adds`, `removes` and `updates`."""
    return record(11, at, {"source": 0, "adds": [], "removes": [], "updates": [], **changes})


def phone(*records: dict[str, Any], width: Any = 360, height: Any = 640, **metadata: Any) -> segments.Recording:
    """One view of a mobile app, with its records."""
    size = record(4, 0, {"width": width, "height": height})
    return recording(size, *records, **{"source": "android", **metadata})


def segment(*records: dict[str, Any], **metadata: Any) -> bytes:
    """A segment as JSON. Its metadata can be overridden; None leaves a member out."""
    times = [one["timestamp"] for one in records]
    stated: dict[str, Any] = {
        "start": min(times, default=START),
        "end": max(times, default=START),
        "records_count": len(records),
        "index_in_view": 0,
        "has_full_snapshot": True,
        "source": "browser",
        "application": "app",
        "session": "session",
        "view": "view",
        **metadata,
    }
    for name in ("application", "session", "view"):
        stated[name] = None if stated[name] is None else {"id": stated[name]}
    stated = {name: value for name, value in stated.items() if value is not None}
    return json.dumps({"records": list(records), **stated}).encode() + b"\n"


def recording(*records: dict[str, Any], **metadata: Any) -> segments.Recording:
    """One view of one segment."""
    return segments.open(segment(*records, **metadata))


def page(*records: dict[str, Any], **metadata: Any) -> segments.Recording:
    """One view with the page of `snapshot`, and further records."""
    return recording(meta(), snapshot(), *records, **metadata)
