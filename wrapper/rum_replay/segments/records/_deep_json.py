"""Trees of nodes at any depth: decoders of JSON recurse, and msgspec gives up at some 450 levels of the DOM."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from ._nodes import Node

__all__ = ["decode_deep"]

# Strings, so that brackets in them are not taken for any; a lone quote begins one that does not end.
_MARK = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]"]', re.DOTALL)
_PLACE = b"-0.0e-0"  # Stands for a value that is decoded; no writer of JSON spells a number so.


def decode_deep(text: bytes) -> Any:
    """A JSON value from the inside out, in which every node of a DOM is a `Node`: converting it goes no deeper.

    Many times slower than msgspec. Raises msgspec.DecodeError, and msgspec.ValidationError for what looks like a node
    and is none.
    """
    opened: list[tuple[list[bytes], list[Any]]] = []
    pieces: list[bytes] = []
    inner: list[Any] = []
    start = 0
    for mark in _MARK.finditer(text):
        if mark[0] in (b"{", b"["):
            pieces.append(text[start : mark.start()])
            opened.append((pieces, inner))
            pieces, inner, start = [], [], mark.start()
        elif mark[0] in (b"}", b"]"):
            if not opened:
                raise msgspec.DecodeError(f"JSON is malformed: a bracket that was not opened (byte {mark.start()})")
            pieces.append(text[start : mark.end()])
            value = _value(b"".join(pieces), iter(inner))
            pieces, inner = opened.pop()
            pieces.append(_PLACE)
            inner.append(value)
            start = mark.end()
        elif mark[0] == b'"':
            raise msgspec.DecodeError(f"JSON is malformed: a string that does not end (byte {mark.start()})")
    (value,) = _value(b"[%b]" % b"".join([*pieces, text[start:]]), iter(inner))
    return value


def _value(text: bytes, inner: Iterator[Any]) -> Any:
    """An object or list whose inner ones are decoded already."""
    if text.startswith(b"["):
        return [_member(raw, inner) for raw in _list.decode(text)]
    members = {name: _member(raw, inner) for name, raw in _object.decode(text).items()}
    return msgspec.convert(members, Node) if "childNodes" in members else members


def _member(raw: msgspec.Raw, inner: Iterator[Any]) -> Any:
    if bytes(raw) != _PLACE:
        return msgspec.json.decode(raw)
    for value in inner:
        return value
    raise msgspec.DecodeError("JSON holds a number that is kept for other use")


_list = msgspec.json.Decoder(list[msgspec.Raw])
_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
