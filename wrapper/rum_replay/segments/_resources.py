"""Images that newer SDKs upload apart from the segments: what a `<canvas>` showed."""

from __future__ import annotations

from collections.abc import Callable

import attrs

__all__ = ["HEAD", "Resource", "image_type"]

HEAD = 64
"""Bytes from which the type of an image is known."""


@attrs.frozen(kw_only=True, eq=False)
class Resource:
    """An image that was uploaded beside the segments, such as what a `<canvas>` showed."""

    id: str
    """What `Node.image_resource` and `ImageSet.resource` refer to."""

    media_type: str
    """`image/webp`, `image/png`, `image/jpeg`, `image/gif` or `image/avif`, by its first bytes."""

    size: int
    """In bytes."""

    file: str
    """The name of the file in which it was found, or `bytes`, `page` or `stream`."""

    _read: Callable[[], bytes] = attrs.field(alias="read", repr=False)

    def read(self) -> bytes:
        """The image itself; it is not kept in memory.

        Raises FileError or SegmentError if the source cannot be read again, or has changed.
        """
        return self._read()


def image_type(head: bytes) -> str | None:
    """The type of an image that no browser runs anything of, by its first bytes; None for all else, such as SVG."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    is_avif = head[4:8] == b"ftyp" and any(brand in head[8 : int.from_bytes(head[:4])] for brand in (b"avif", b"avis"))
    return "image/avif" if is_avif else None
