"""The events that rrweb's player takes, as JSON: its event types, sources and members, by their numbers and names.

Read from the type definitions of `@rrweb/types` 2.1.6 (MIT), and tried out in its player.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ..records._base import Number

__all__ = ["Source", "custom", "full_snapshot", "incremental", "meta", "shifted"]

_encode = msgspec.json.Encoder().encode


class Source:
    """What an incremental event is about."""

    MUTATION = 0
    MOUSE_MOVE = 1
    MOUSE_INTERACTION = 2
    SCROLL = 3
    VIEWPORT_RESIZE = 4
    INPUT = 5
    TOUCH_MOVE = 6
    STYLE_SHEET_RULE = 8
    ADOPTED_STYLE_SHEET = 15


def shifted(id: int) -> int:
    """rrweb's id of a node: Datadog counts from 0, which rrweb takes for none."""
    return id + 1


def meta(timestamp: Number, width: Number, height: Number, url: str) -> bytes:
    """4: a page and its viewport in pixels; seeking begins at one of these."""
    return _event(4, timestamp, {"href": url, "width": width, "height": height})


def full_snapshot(timestamp: Number, node: bytes, left: Number, top: Number) -> bytes:
    """2: a whole document, given as JSON, and how far it is scrolled."""
    offset = _encode({"left": left, "top": top})
    return b'{"type":2,"timestamp":%b,"data":{"node":%b,"initialOffset":%b}}' % (_encode(timestamp), node, offset)


def incremental(timestamp: Number, source: int, **data: Any) -> bytes:
    """3: something happened."""
    return _event(3, timestamp, {"source": source, **data})


def custom(timestamp: Number, tag: str, **payload: Any) -> bytes:
    """5: what only our own page understands."""
    return _event(5, timestamp, {"tag": tag, "payload": payload})


def _event(type: int, timestamp: Number, data: dict[str, Any]) -> bytes:
    return _encode({"type": type, "timestamp": timestamp, "data": data})
