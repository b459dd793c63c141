"""The files in ZIP and tar archives, one after another, in constant memory; directories are not read.

An archive may be anywhere in a stream, damaged or cut, so that `zipfile` and `tarfile` cannot read it.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from .budget import Budget
from .compression import inflate
from .window import Chunk, Window

__all__ = ["ArchivedFile", "is_tar", "is_zip", "next_in_tar", "next_in_zip"]

_STEP = 1 << 16
_FILE, _DIRECTORY, _END, _END_64, _LOCATOR_64 = b"PK\3\4", b"PK\1\2", b"PK\5\6", b"PK\6\6", b"PK\6\7"
_DESCRIPTOR = b"PK\7\x08"
_STORED, _DEFLATED = 0, 8
_IS_ENCRYPTED, _HAS_DESCRIPTOR = 1, 8
_UNKNOWN_SIZE = 0xFFFFFFFF
# Of what may follow a file whose size was not known before: with or without a signature, with sizes of 4 or 8 bytes.
_DESCRIPTORS = (16, 24, 12, 20)

_BLOCK = 512
_MAGIC = slice(257, 262)
_REGULAR = b"\x0007"


@attrs.frozen
class ArchivedFile:
    """A file in an archive; its content must be read to the end before the next."""

    name: str
    content: Window


def is_zip(head: bytes) -> bool:
    """Whether bytes are a part of a ZIP archive: a file, or what comes after the last."""
    return head.startswith((_FILE, _DESCRIPTOR, _DIRECTORY, _END, _END_64, _LOCATOR_64))


def is_tar(head: bytes) -> bool:
    """Whether a file in a tar archive begins here."""
    return head[_MAGIC] == b"ustar"


def next_in_zip(window: Window, budget: Budget) -> Iterator[ArchivedFile]:
    """The file at the cursor, if it is one that can be read; leaves the cursor after whatever is there."""
    head = window.peek(56)
    if not head.startswith(_FILE):
        window.cursor += _size_of_other(head)
        return
    flags, method, size = _number(head, 6, 2), _number(head, 8, 2), _number(head, 18, 4)
    name_size = _number(head, 26, 2)
    start = 30 + name_size + _number(head, 28, 2)
    name = window.peek(start)[30 : 30 + name_size].decode("utf-8", "replace")
    start = min(start, len(window.data) - window.cursor)  # It may be cut.
    has_size = size != _UNKNOWN_SIZE and not flags & _HAS_DESCRIPTOR
    if flags & _IS_ENCRYPTED or method not in (_STORED, _DEFLATED):
        reason = "is encrypted" if flags & _IS_ENCRYPTED else f"is compressed by the method {method}"
        if not name.endswith("/"):  # as folders do
            budget.report(window.location(), start, f"a file in a ZIP archive {reason}, which cannot be read", b"")
        window.cursor += start
        _skip(window, size if has_size else 0)
        return
    window.cursor += start
    if method == _DEFLATED:
        yield ArchivedFile(name, Window(inflate(window, budget)))
    elif has_size:
        yield ArchivedFile(name, Window(_part(window, size)))
    if flags & _HAS_DESCRIPTOR:
        after = window.peek(max(_DESCRIPTORS) + 2)
        window.cursor += next((one for one in _DESCRIPTORS if after[one : one + 2] == b"PK"), 0)


def next_in_tar(window: Window) -> Iterator[ArchivedFile]:
    """The file at the cursor, if it is one; leaves the cursor after it and what fills its last block."""
    head = window.peek(_BLOCK)
    window.cursor += len(head)
    size = _size_in_tar(head[124:136])
    if head[156:157] in _REGULAR:
        yield ArchivedFile(head[:100].partition(b"\0")[0].decode("utf-8", "replace"), Window(_part(window, size)))
    else:
        _skip(window, size)
    _skip(window, -size % _BLOCK)


def _size_of_other(head: bytes) -> int:
    """The size of an entry in the directory of a ZIP archive, or of what follows it or a file."""
    if head.startswith(_DESCRIPTOR):
        # Of a file whose end is only known by reading it, and which was read as what it is.
        return min(len(head), next((size for size in _DESCRIPTORS[:2] if head[size : size + 2] == b"PK"), 16))
    if head.startswith(_DIRECTORY):
        return min(len(head), 46) + sum(_number(head, at, 2) for at in (28, 30, 32))
    if head.startswith(_END):
        return min(len(head), 22) + _number(head, 20, 2)
    return min(len(head), 56 if head.startswith(_END_64) else 20)


def _number(head: bytes, at: int, size: int) -> int:
    return int.from_bytes(head[at : at + size], "little")


def _size_in_tar(field: bytes) -> int:
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b" \0")
    return int(digits, 8) if digits.isdigit() and not set(digits) & set(b"89") else 0


def _part(window: Window, size: int) -> Iterator[Chunk]:
    """So many bytes from the cursor on, or all that there are."""
    while size and window.fill(1):
        location, data = window.location(), window.peek(min(size, _STEP))
        window.cursor += len(data)
        size -= len(data)
        yield Chunk(data, location.offset, location.exact)


def _skip(window: Window, size: int) -> None:
    for _ in _part(window, size):
        pass
