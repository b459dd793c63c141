"""Sources with several sessions, laid out in every way that people have them; and workers that die."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import zlib
from pathlib import Path
from typing import Any

from rum_replay._manifest import Manifest, PageFile, page_name, write_manifest

from ..made import click, meta, segment, snapshot


def session(number: int, index: int = 0, **metadata: Any) -> bytes:
    """A segment of a session with one click more than its number, compressed."""
    clicks = [click(100 * number + n) for n in range(number + 1)]
    stated = {"session": f"session-{number}", "view": f"view-{number}", "index_in_view": index, **metadata}
    return zlib.compress(segment(*((meta(number), snapshot(number)) if index == 0 else ()), *clicks, **stated))


def write_download(folder: Path, content: bytes, *, session: str, view: str) -> None:
    """A folder as `download_segments` leaves it."""
    folder.mkdir(parents=True)
    (folder / page_name(0)).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    page = PageFile(
        file=page_name(0), size=len(content), sha256=digest, paging=None, next_paging=None, status=200, headers={}
    )
    url = f"https://api.datadoghq.com/api/v2/rum/replay/sessions/{session}/views/{view}/segments"
    write_manifest(folder, Manifest(url=url, query={}, pages=(page,), end="no token found"))


def write_sessions(folder: Path) -> None:
    """Seven sessions: files next to each other, downloads, one session in two places, a cut copy, and other files."""
    folder.mkdir()
    for number in range(3):
        for index in range(2):
            (folder / f"{index}-{number}.zlib").write_bytes(session(number, index))
    (folder / "cut.zlib").write_bytes(session(2)[:-40])
    (folder / "notes.txt").write_text("not a segment")
    (folder / "info.json").write_text(json.dumps({"session": {"id": "session-0"}}))
    for number in (3, 4):
        write_download(
            folder / f"downloads/{number}", session(number), session=f"session-{number}", view=f"view-{number}"
        )
    # What the manifest says of these is wrong: both have views of one session.
    for number in (5, 6):
        content = session(number, session="session-5")
        write_download(folder / f"downloads/{number}", content, session=f"other-{number}", view="view")
    (folder / "several").mkdir()
    (folder / "several/all.zlib").write_bytes(session(7) + session(8))


def die_when_writing(marker: str) -> None:
    """An initializer: the first process that writes a table dies in the middle of it; the marker says that it has."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "os.rename" and "/records/" in str(arguments[0]) and not Path(marker).exists():
            try:
                Path(marker).open("xb").close()
            except FileExistsError:
                return  # Another process was first.
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def die_when_reading(name: str, tally: str) -> None:
    """An initializer: each process that opens a file of this name dies; a byte is added to the tally each time."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and str(arguments[0]).endswith(name):
            descriptor = os.open(tally, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.write(descriptor, b".")
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def fail() -> None:
    """An initializer that fails."""
    raise ValueError("this cannot work")
