"""Uploads of images beside segments: a part with the image, named by its id, and one that only says what it is."""

from __future__ import annotations

import hashlib
import io
import re
import tempfile
import weakref
from collections.abc import Callable, Iterator
from typing import IO, Any, cast

import msgspec

from ..._files import file_errors
from ..._json import FAILURES
from .._resources import HEAD, Resource, image_type
from .budget import Budget
from .events import Event, Image
from .sources import Source
from .window import Window

__all__ = ["ImageStore", "id_of_file", "is_about_resource", "read_image"]

_STEP = 1 << 16
_SDK_ID = re.compile(r"\d{1,9}x\d{1,9}-[0-9a-f]{8,64}")
_object = msgspec.json.Decoder(dict[str, Any])


def id_of_file(name: str) -> str:
    """The id of the image that a file holds: what looks like an id of the SDK in its name, or all up to a dot."""
    found = _SDK_ID.search(name)
    return name.partition(".")[0] if found is None else found.group()


def read_image(window: Window, budget: Budget, id: str) -> Iterator[Event]:
    """The image that all of the stream is; nothing, and the cursor stays, if it is none that can be shown."""
    media_type = image_type(window.peek(HEAD))
    if media_type is None:
        return
    location, limit = window.location(), budget.limits.max_resource
    if not window.fill(limit + 1):
        content = window.data[window.cursor :]
        window.cursor = len(window.data)
        yield Image(id, media_type, content, location)
        return
    while window.fill(1):
        window.cursor = len(window.data)
        window.fill(_STEP)
    length = window.position - location.stream_offset
    budget.report(location, length, f"an image larger than {limit:,} bytes", b"")


def is_about_resource(document: bytes) -> bool:
    """Whether it is the part `event` of such an upload, which does not state the id."""
    try:
        return _object.decode(document).get("type") == "resource"
    except FAILURES:
        return False


class ImageStore:
    """Finds the bytes of images again: in their source, or in a copy where the source holds them compressed."""

    def __init__(self, max_held: int) -> None:
        # In memory up to a limit, then in a temporary file.
        self._copies = cast("IO[bytes]", tempfile.SpooledTemporaryFile(max_held or 1))  # noqa: SIM115
        weakref.finalize(self, self._copies.close)

    def resource(self, source: Source, image: Image) -> Resource:
        """The image, to be read when it is needed; raises FileError if there is no room for a copy."""
        read = self._in_source(source, image) if image.location.exact else self._in_copy(image.content)
        size = len(image.content)
        return Resource(id=image.id, media_type=image.media_type, size=size, file=source.name, read=read)

    def _in_source(self, source: Source, image: Image) -> Callable[[], bytes]:
        offset, size, digest = image.location.offset, len(image.content), _digest(image.content)

        def read() -> bytes:
            content = bytearray()
            for chunk in source.chunks(offset):
                content += chunk.data[: size - len(content)]
                if len(content) == size:
                    break
            if _digest(content) != digest:
                raise source.changed_error()
            return bytes(content)

        return read

    def _in_copy(self, content: bytes) -> Callable[[], bytes]:
        size = len(content)
        with file_errors(tempfile.gettempdir(), "written"):
            start = self._copies.seek(0, io.SEEK_END)
            self._copies.write(content)

        def read() -> bytes:
            with file_errors(tempfile.gettempdir(), "read"):
                self._copies.seek(start)
                return self._copies.read(size)

        return read


def _digest(content: bytes | bytearray) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()
