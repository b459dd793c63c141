"""The manifest of a download: which pages a folder holds, and what they are the answers to."""

import json
import os
import re
from pathlib import Path
from typing import Any

import attrs
import msgspec

from ._errors import SegmentError
from ._files import file_errors, replacing
from ._public import public

__all__ = ["FILE_NAME", "Manifest", "PageFile", "read_manifest", "write_manifest"]

FILE_NAME = "manifest.json"

_VERSION = 1
# A manifest can be edited. Nothing in such a name can lead out of the folder, on any operating system: it holds no
# separators, drive letters or NUL, and does not begin with a dot.
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")


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

    Raises SegmentError if the file is not a manifest, has a newer version, or lists a file that may lie outside the
    folder, and FileError if it cannot be read.
    """
    path = Path(folder, FILE_NAME)
    with file_errors(path, "read"):
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
    try:
        return _decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, _ManifestError) as error:
        reason = str(error)
    raise SegmentError(f"{path} is not the manifest of a download: {reason}")


class _ManifestError(Exception):
    pass


def _decode(content: bytes) -> Manifest:
    # By itself first, since a newer version may look different in everything else.
    version = msgspec.json.decode(content, type=_Format).version
    if version != _VERSION:
        raise _ManifestError(f"it has version {version}, and this release of rum-replay reads version {_VERSION} only")
    manifest = msgspec.json.decode(content, type=Manifest)
    for page in manifest.pages:
        if _PLAIN_NAME.fullmatch(page.file) is None:
            raise _ManifestError(f"it lists {page.file[:80]!r}, which is not the name of a file in the folder")
    return manifest


def write_manifest(folder: str | os.PathLike[str], manifest: Manifest) -> None:
    """Write or replace the manifest in a folder in one step; raises FileError if it cannot be written."""
    members = {"version": manifest.version, **attrs.asdict(manifest)}
    with replacing(Path(folder, FILE_NAME)) as file:
        file.write(json.dumps(members, indent=2).encode() + b"\n")
