"""Node trees of any depth: JSON decoders recurse, and msgspec stops at about 450 levels of the DOM."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from ._nodes import Node

__all__ = ["decode_deep"]

# Strings, so that brackets inside them are not counted; a lone quote starts a string that does not end.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]"]', re.DOTALL)
_PLACEHOLDER = b"-0.0e-0"  # Replaces a value that is already decoded; no JSON encoder writes a number like this.


def decode_deep(text: bytes) -> Any:
    """Decode JSON from the inside out, with every node of a DOM as a `Node`, so that converting it does not recurse.

    Many times slower than msgspec. Raises msgspec.DecodeError, and msgspec.ValidationError for an object that looks
    like a node but is not valid.
    """
    enclosing: list[tuple[list[bytes], list[Any]]] = []
    pieces: list[bytes] = []
    inner: list[Any] = []
    start = 0
    for token in _TOKEN.finditer(text):
        if token[0] in (b"{", b"["):
            pieces.append(text[start : token.start()])
            enclosing.append((pieces, inner))
            pieces, inner, start = [], [], token.start()
        elif token[0] in (b"}", b"]"):
            if not enclosing:
                raise msgspec.DecodeError(f"JSON is malformed: unexpected closing bracket (byte {token.start()})")
            pieces.append(text[start : token.end()])
            value = _value(b"".join(pieces), iter(inner))
            pieces, inner = enclosing.pop()
            pieces.append(_PLACEHOLDER)
            inner.append(value)
            start = token.end()
        elif token[0] == b'"':
            raise msgspec.DecodeError(f"JSON is malformed: unterminated string (byte {token.start()})")
    (value,) = _value(b"[%b]" % b"".join([*pieces, text[start:]]), iter(inner))
    return value


def _value(text: bytes, inner: Iterator[Any]) -> Any:
    """Decode an object or list whose inner objects and lists are already decoded."""
    if text.startswith(b"["):
        return [_member(raw, inner) for raw in _list.decode(text)]
    members = {name: _member(raw, inner) for name, raw in _object.decode(text).items()}
    return msgspec.convert(members, Node) if "childNodes" in members else members


def _member(raw: msgspec.Raw, inner: Iterator[Any]) -> Any:
    if bytes(raw) != _PLACEHOLDER:
        return msgspec.json.decode(raw)
    for value in inner:
        return value
    raise msgspec.DecodeError(f"JSON holds the number {_PLACEHOLDER.decode()}, which is reserved")


_list = msgspec.json.Decoder(list[msgspec.Raw])
_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
