"""The few members of a JSON page that may hold a token, found in bounded memory however large the page is. Pure."""

import mmap
import re
import sys
from collections.abc import Iterator
from math import inf
from typing import Any

import msgspec

__all__ = ["small_members"]

_LARGEST_MEMBER = 1 << 16
_LARGEST_DECODED = 24 << 20
_WINDOW = 1 << 18
_STRING = rb'(?:[^"\\]++|\\.)*+("?)'
_TOKEN = re.compile(rb'[\[\]{}]|"' + _STRING, re.DOTALL)
_QUOTED = re.compile(b'"' + _STRING, re.DOTALL)
_REST_OF_STRING = re.compile(_STRING, re.DOTALL)
_BRACKETS = bytes.maketrans(b"{}", b"[]")
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_DEEPEST = 64
_COLON = re.compile(rb"[ \t\r\n]*:")


class _Members(msgspec.Struct):
    next_paging: msgspec.Raw = msgspec.Raw()
    paging: msgspec.Raw = msgspec.Raw()
    meta: msgspec.Raw = msgspec.Raw()
    links: msgspec.Raw = msgspec.Raw()


_NAMES = _Members.__struct_fields__
_ANY_NAME = re.compile(rb'"(?:' + "|".join(_NAMES).encode() + rb')"[ \t\r\n]*:')


def small_members(content: Any) -> dict[str, Any]:
    """Members of the outermost object that are called like those that hold tokens, decoded; none from broken JSON.

    Those of more than 64 KiB are left out: no token is as long. `content` is bytes or a memory map of them.
    """
    if bytes(content[:64]).lstrip()[:1] != b"{":
        return {}
    try:
        raw = _decoded(content) if len(content) <= _LARGEST_DECODED else _scanned(content)
        return {name: msgspec.json.decode(value) for name, value in raw.items()}
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}


def _decoded(content: Any) -> dict[str, bytes]:
    members = msgspec.json.decode(content, type=_Members)
    found = {name: getattr(members, name) for name in _NAMES}
    return {name: bytes(raw) for name, raw in found.items() if 0 < len(memoryview(raw)) <= _LARGEST_MEMBER}


def _scanned(content: Any) -> dict[str, bytes]:
    # Most pages have no such member anywhere, which is seen a hundred times as fast.
    if not any(_ANY_NAME.search(window) for _, window in _windows(content, overlap=64)):
        return {}
    found: dict[str, bytes] = {}
    name = ""
    for kind, begin, end in _in_outermost_object(content):
        text = content[begin:end] if end - begin <= _LARGEST_MEMBER else b""
        if kind == b"}":
            return found
        if kind == b'"' and _COLON.match(content[end : end + 64]):
            name = text[1:-1].decode("latin-1")
        else:
            if name in _NAMES and text:
                found[name] = text
            name = ""
    return {}  # it is cut off


def _windows(content: Any, overlap: int = 0) -> Iterator[tuple[int, bytes]]:
    """The content in pieces, none of which ends within an escape, with where each begins."""
    position = 0
    while position < len(content):
        window = content[position : position + _WINDOW]
        if (len(window) - len(window.rstrip(b"\\"))) % 2:
            window = content[position : position + _WINDOW + 1]
        yield position, content[position : position + len(window) + overlap] if overlap else window
        position += len(window)
        if sys.platform != "win32" and isinstance(content, mmap.mmap):
            content.madvise(mmap.MADV_DONTNEED)  # mapped pages that were read count as memory of this process


def _in_outermost_object(content: Any) -> Iterator[tuple[bytes, int, int]]:
    """Each string and each value in brackets directly in the outermost object, with where it begins and ends.

    What comes is `"` for a string, `]` for a value in brackets, and `}` at the end of the object.
    """
    depth = begin = 0
    in_string = False
    for position, window in _windows(content):
        at = 0
        if in_string or depth > 1:
            lowest, change, ends_in_string = _balance(window, in_string=in_string)
            if depth + lowest > 1:
                depth, in_string = depth + change, ends_in_string
                continue
        while at < len(window):
            if in_string:
                rest = _REST_OF_STRING.match(window, at)
                assert rest is not None
                in_string, at = not rest[1], rest.end() if rest[1] else len(window)
                if depth == 1 and not in_string:
                    yield b'"', begin, position + at
                continue
            token = _TOKEN.search(window, at)
            if token is None:
                break
            kind, at = token[0][:1], token.end()
            if kind == b'"':
                in_string = not token[1]
                begin = position + token.start() if depth == 1 else begin
                if depth == 1 and not in_string:
                    yield kind, begin, position + at
            elif kind in b"[{":
                depth += 1
                begin = position + token.start() if depth == 2 else begin
            else:
                depth -= 1
                if depth < 2:
                    yield b"}" if depth < 1 else b"]", begin, position + at


def _balance(window: bytes, *, in_string: bool) -> tuple[float, int, bool]:
    """How far a window goes down in depth at most, how much it changes the depth, and whether it ends in a string.

    It costs a hundredth of looking at each bracket. The first is minus infinity where that is not known.
    """
    text, strings = _QUOTED.subn(rb"\1", b'"' + window if in_string else window)  # leaves the quotes that end one
    brackets = text.translate(_BRACKETS, _NOT_BRACKETS)
    for _ in range(_DEEPEST):
        shorter = brackets.replace(b"[]", b"")
        if len(shorter) == len(brackets):
            ends = brackets.count(b"]")
            return -ends, len(brackets) - 2 * ends, text.count(b'"') < strings
        brackets = shorter
    return -inf, 0, False
