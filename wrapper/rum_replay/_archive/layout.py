"""Where things are in an archive. Pure.

    archive.sqlite                                     the journal
    application_id=A/day=2026-07-01/SESSION/
        session-event.json
        VIEW/
            view-event.json
            manifest.json, page-00000.bin …            as `download_segments` writes them

The day is the UTC day on which the session began.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from .._hive import partition
from .._times import rfc3339

__all__ = ["BESIDE_SEGMENTS", "JOURNAL", "LOCK", "SESSION_EVENT", "VIEW_EVENT", "folder_of", "path_name"]

JOURNAL = "archive.sqlite"
LOCK = "archive.lock"
SESSION_EVENT = "session-event.json"
VIEW_EVENT = "view-event.json"

BESIDE_SEGMENTS = frozenset({JOURNAL, f"{JOURNAL}-journal", LOCK, SESSION_EVENT, VIEW_EVENT})
"""The names of files of an archive that hold no segments."""

# File systems of Windows and macOS take `A` and `a` for the same name, and Windows reserves some and drops a dot at the
# end. A percent sign, which occurs in no plain name, keeps encoded names apart from those.
_PLAIN = re.compile(r"(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$))[a-z0-9_](?:[a-z0-9_.-]{0,98}[a-z0-9_-])?")
_KEPT = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")
_LONGEST = 120


def path_name(text: str) -> str:
    """The name of a file or folder for an id, whatever the id is; different ids have different names.

    Ids in lower case, such as UUIDs, are their own names. In others, everything but small letters, digits, `_` and `-`
    is percent-encoded; very long ones are cut, and end with `~` and a hash.
    """
    if _PLAIN.fullmatch(text):
        return text
    name = _encoded(text[:1]) + "".join(one if one in _KEPT else _encoded(one) for one in text[1:])
    if len(name) <= _LONGEST:
        return name
    return f"{name[: _LONGEST // 2]}~{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _encoded(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode())


def folder_of(session_id: str, application_id: str | None, started_at: datetime | None) -> str:
    """The folder of a session, relative to the archive, with `/` between its parts."""
    day = None if started_at is None else rfc3339(started_at, "seconds")[:10]
    return f"{partition(application_id, day)}/{path_name(session_id)}"
