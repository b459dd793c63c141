"""The manifest of a download: which pages a folder holds, and what they are the answers to.

It is one JSON document with a line for each page. A page is added by writing its line over the last one, which only
ends the document, so adding takes the same time however many there are, and the file is a whole document again at
once. Where the machine stops in between, only the last line is damaged: it is left out when the manifest is read, and
the lines before it, which were on disk already, are believed.
"""

import hashlib
import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import attrs
import msgspec

from ._errors import SegmentError
from ._files import Unfinished, file_errors, flush_to_disk, open_regular
from ._public import public
from ._segment_pages import SegmentWalk

__all__ = [
    "FILE_NAME",
    "Manifest",
    "ManifestWriter",
    "PageFile",
    "holds_page",
    "page_name",
    "read_manifest",
    "write_manifest",
]

FILE_NAME = "manifest.json"

_VERSION = 1
_BEFORE_PAGES = b'"pages": ['
# A manifest can be edited. Nothing in such a name can lead out of the folder, on any operating system: it holds no
# separators, drive letters or NUL, and does not begin with a dot.
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def page_name(number: int) -> str:
    """The name of a page's file; pages are counted from 0."""
    return f"page-{number:05}.bin"


@attrs.frozen(kw_only=True)
class PageFile:
    """One page on disk."""

    file: str
    """The file's name within the folder."""

    size: int
    """Bytes."""

    sha256: str
    """Hexadecimal."""

    paging: str | None
    """The token that the page was requested with."""

    next_paging: str | None
    """The token that was found in the page."""

    status: int
    headers: dict[str, str] = attrs.field(hash=False, repr=False)
    """The answer's headers, names in lower case, without cookies."""

    ends_by_close: bool = False
    """Whether only the end of the connection showed where the page ends: the server stated no length, so that a page
    which was cut off would look the same."""


public(PageFile)


@attrs.frozen(kw_only=True)
class Manifest:
    """What a manifest says."""

    url: str
    """Where the pages come from, without the query."""

    query: dict[str, Any] = attrs.field(hash=False)
    """The query of the first page."""

    pages: tuple[PageFile, ...]
    """In order."""

    end: str | None = None
    """`no token found`, `repeated token` or `repeated page`; None while there is more."""

    version: int = _VERSION
    """Of the format. Manifests that do not state one are read as version 1."""


@attrs.frozen
class _Format:
    version: int = _VERSION


def read_manifest(folder: str | os.PathLike[str]) -> Manifest | None:
    """The manifest in a folder; None if there is none.

    Raises SegmentError if the file is not a manifest, has a newer version, or does not list the pages that a download
    writes, each once, in order, by their own names and up to its end; FileError if it cannot be read.
    """
    path = Path(folder, FILE_NAME)
    with file_errors(path, "read"):
        try:
            with open_regular(path) as file:
                content = file.read()
        except FileNotFoundError:
            return None
    try:
        manifest = _decode(content)
        _check(manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, _ManifestError) as error:
        reason = str(error)
    else:
        return manifest
    raise SegmentError(f"{path} is not the manifest of a download: {reason}")


class _ManifestError(Exception):
    pass


def _decode(content: bytes) -> Manifest:
    try:
        version = msgspec.json.decode(content, type=_Format).version
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        content = _without_torn_end(content)
        version = msgspec.json.decode(content, type=_Format).version
    # By itself first, since a newer version may look different in everything else.
    if version != _VERSION:
        raise _ManifestError(f"it has version {version}, and this release of rum-replay reads version {_VERSION} only")
    return msgspec.json.decode(content, type=Manifest)


def _without_torn_end(content: bytes) -> bytes:
    """The document with all lines but the last, which the end of the machine may have damaged."""
    lines = content.rstrip(b"\0\n").split(b"\n")
    if not lines[0].endswith(_BEFORE_PAGES):
        return content
    return b"\n".join(lines[:-1] if len(lines) > 1 else lines).removesuffix(b",") + b"]}"


def _check(manifest: Manifest) -> None:
    """Raise _ManifestError for pages that no download would have listed like this."""
    walk = SegmentWalk(manifest.query.get("paging"))
    for number, page in enumerate(manifest.pages):
        if _PLAIN_NAME.fullmatch(page.file) is None:
            raise _ManifestError(f"it lists {page.file[:80]!r}, which is not the name of a file in the folder")
        name = page_name(number)
        if page.file != name:
            raise _ManifestError(f"it lists {page.file!r} in the place of {name!r}")
        if page.size < 0 or _SHA256.fullmatch(page.sha256) is None:
            raise _ManifestError(f"the size or the SHA-256 of {name} is not one")
        if walk.end is not None or page.paging != walk.paging:
            raise _ManifestError(f"{name} was not requested with the token that was found before it")
        if not walk.take(bytes.fromhex(page.sha256), page.next_paging):
            raise _ManifestError(f"{name} is listed twice, under another name as well")
    # A repeated page is not kept, so nothing in the list shows it.
    ends = (None, "repeated page") if walk.end is None and manifest.pages else (walk.end,)
    if manifest.end not in ends:
        raise _ManifestError(f"its end is {manifest.end!r}, which does not fit the pages that it lists")


def holds_page(path: Path, page: PageFile) -> bool:
    """Whether a file is a page as it was downloaded; raises FileError if it cannot be read."""
    with file_errors(path, "read"):
        try:
            with open_regular(path) as file:
                has_size = os.fstat(file.fileno()).st_size == page.size
                return has_size and hashlib.file_digest(file, "sha256").hexdigest() == page.sha256
        except FileNotFoundError:
            return False


class ManifestWriter:
    """The manifest of a download that is running. Every method raises FileError."""

    def __init__(self, folder: str | os.PathLike[str], manifest: Manifest) -> None:
        """Write or replace the manifest in a folder in one step, and keep it open."""
        self._path = Path(folder, FILE_NAME)
        members = {"version": manifest.version, "url": manifest.url, "query": manifest.query}
        head = json.dumps(members).removesuffix("}").encode() + b", " + _BEFORE_PAGES
        lines = b",".join(map(_line, manifest.pages))
        with file_errors(self._path, "written"):
            unfinished = Unfinished.beside(self._path, buffering=0)
            self._file = unfinished.content
            self._end, self._count = 0, len(manifest.pages)
            try:
                self._write(head + lines, manifest.end)
                unfinished.put(self._path)
            except BaseException:
                unfinished.discard()
                raise
            if self._file.closed:  # by Windows, to be renamed
                self._file = self._path.open("r+b", buffering=0)

    def add(self, page: PageFile | None, end: str | None) -> None:
        """Add a page, unless it is None, and state the end; on disk when this returns."""
        line = b"" if page is None else (b"," if self._count else b"") + _line(page)
        before = self._end
        with file_errors(self._path, "written"):
            try:
                self._write(line, end)
                flush_to_disk(self._file)
            except OSError:
                self._end = before
                with suppress(OSError):  # then it is a torn line, which readers leave out
                    self._write(b"", None)
                    self._file.truncate()
                raise
        self._count += page is not None

    def _write(self, lines: bytes, end: str | None) -> None:
        """Write at the end of the last page's line; what is behind it is replaced."""
        self._file.seek(self._end)
        rest = memoryview(lines + b'\n], "end": ' + json.dumps(end).encode() + b"}\n")
        while rest:
            rest = rest[self._file.write(rest) :]
        self._end += len(lines)

    def close(self) -> None:
        """The file stays as it is."""
        self._file.close()


def _line(page: PageFile) -> bytes:
    return b"\n" + json.dumps(attrs.asdict(page)).encode()


def write_manifest(folder: str | os.PathLike[str], manifest: Manifest) -> None:
    """Write or replace the manifest in a folder in one step; raises FileError if it cannot be written."""
    ManifestWriter(folder, manifest).close()
