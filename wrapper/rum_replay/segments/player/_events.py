"""The events of rrweb's player as JSON, with the numbers and names that it expects.

They follow the type definitions of `@rrweb/types` 2.1.7 (MIT) and were tested with the player.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import msgspec

from ..records import Number

__all__ = ["MutationBatch", "Source", "custom", "full_snapshot", "incremental", "meta", "pixels", "shifted"]

_LARGE = 4 << 20
_MAX_PIXELS = 16_384  # The most that Chromium draws; larger frames would only cost memory.
_encode = msgspec.json.Encoder().encode


class Source:
    """The subjects of incremental events."""

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
    """The player's id of a node: Datadog's ids start at 0, which the player treats as missing."""
    return id + 1


def meta(timestamp: Number, width: Number, height: Number, url: str) -> bytes:
    """4: a page and its viewport in pixels; the player seeks from one of these events."""
    return _event(4, timestamp, {"href": url, "width": width, "height": height})


def full_snapshot(timestamp: Number, node: bytes, left: Number, top: Number) -> bytes:
    """2: a whole document as JSON, and its scroll position in pixels."""
    offset = _encode({"left": left, "top": top})
    return b'{"type":2,"timestamp":%b,"data":{"node":%b,"initialOffset":%b}}' % (_encode(timestamp), node, offset)


def incremental(timestamp: Number, source: int, **data: Any) -> bytes:
    """3: a change of the page or a user interaction."""
    return _event(3, timestamp, {"source": source, **data})


def custom(timestamp: Number, tag: str, **payload: Any) -> bytes:
    """5: an event for our own page."""
    return _event(5, timestamp, {"tag": tag, "payload": payload})


def _event(type: int, timestamp: Number, data: dict[str, Any]) -> bytes:
    return _encode({"type": type, "timestamp": timestamp, "data": data})


@attrs.define
class MutationBatch:
    """The mutations of one record, in as few events as preserve their order.

    Within one event, the player applies removals first, then additions, texts and attributes.
    """

    timestamp: Number
    _pending: list[tuple[list[Any], ...]] = attrs.field(factory=list[tuple[list[Any], ...]])
    _last_kind: int = 0
    _size: int = 0

    @property
    def is_large(self) -> bool:
        """Whether the events so far should be taken out, to save memory."""
        return self._size > _LARGE

    def remove(self, id: int, parent_id: int, *, is_shadow: bool) -> None:
        """Remove a node; all ids are the player's."""
        self._append(0, {"id": id, "parentId": parent_id, **({"isShadow": True} if is_shadow else {})})

    def add(self, node: dict[str, Any] | msgspec.Raw, parent_id: int, next_id: int | None) -> None:
        """Add a node without children."""
        self._append(1, {"node": node, "parentId": parent_id, "nextId": next_id})

    def set_text(self, id: int, text: str) -> None:
        """Set the text of a text node."""
        self._append(2, {"id": id, "value": text})

    def set_attributes(self, id: int, attributes: dict[str, Any]) -> None:
        """Set attributes; None removes one."""
        self._append(3, {"id": id, "attributes": attributes})

    def events(self) -> Iterator[bytes]:
        """Return the events so far and start over."""
        for removes, adds, texts, attributes in self._pending:
            yield incremental(
                self.timestamp, Source.MUTATION, removes=removes, adds=adds, texts=texts, attributes=attributes
            )
        self._pending.clear()
        self._size = 0

    def _append(self, kind: int, mutation: dict[str, Any]) -> None:
        if not self._pending or kind < self._last_kind:
            self._pending.append(([], [], [], []))
        self._last_kind = kind
        encoded = msgspec.Raw(_encode(mutation))
        self._size += len(encoded)
        self._pending[-1][kind].append(encoded)


def pixels(length: Number) -> Number:
    """A length of the window that the player can show."""
    return min(max(length, 1), _MAX_PIXELS)
