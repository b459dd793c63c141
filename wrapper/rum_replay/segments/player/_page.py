"""The player's page: one HTML file with the player and the recording in it, which loads nothing."""

from __future__ import annotations

import base64
import hashlib
import html
import os
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import chain
from pathlib import Path
from string import Template
from typing import IO, Any

import msgspec

from ..._errors import SegmentError
from ..._files import replacing
from .._recording import Recording
from ._conversion import Conversion
from ._events import custom
from ._timeline_clock import Clock
from ._timelines import Timeline, timelines_of

__all__ = ["write_player"]

_SCRIPTS = ("vendor/rrweb-player", "assets/recording", "assets/replay", "assets/controls")
_LINE = 3 << 16  # Bytes in a line of base64; three of them make four characters.
_AFTER_THE_END = 100
"""Milliseconds behind the last event, so that the end of the timeline lies behind all of them."""


def write_player(recording: Recording, path: str | os.PathLike[str], *, title: str | None = None) -> Path:
    """Write a page that plays a recording in any browser of 2023 or later, from disk and without network.

    One timeline for each session, and one more for each of its tabs. Memory does not grow with the recording; the
    records are decoded twice. The same recording gives the same bytes. `path` is replaced once the page is whole.
    Gives the path back. Raises SegmentError where nothing can be played: no view has a full snapshot, or all are of
    mobile apps; OSError where the file cannot be written.
    """
    with replacing(path) as file:
        _write(file, recording, title or "Session replay")
    return Path(path)


def _write(file: IO[bytes], recording: Recording, title: str) -> None:
    scripts = [_asset(f"{name}.js") for name in _SCRIPTS]
    styles = [_asset("vendor/rrweb-player.css"), _asset("assets/player.css")]
    head, _, tail = _asset("assets/page.html").partition("$recording")
    values = {"title": html.escape(title), "policy": _policy(scripts), "styles": _elements("style", styles)}
    values["licence"] = html.escape(_asset("vendor/LICENSE"))
    file.write(Template(head).substitute(values).encode())
    notes: Counter[str] = Counter()
    unplayable: list[str] = []
    timelines: list[dict[str, Any]] = []
    for timeline in timelines_of(recording):
        clock = Clock()
        events = _timeline_events(timeline, clock, notes, unplayable)
        first = next(events, None)
        if first is None:
            continue
        file.write(b'<script type="text/plain" class="recording">\n')
        _write_packed(file, chain([first], events))
        file.write(b"</script>\n")
        timelines.append({"session": timeline.session_id, "start": clock.start, "end": clock.now})
    if not timelines:
        raise SegmentError(_nothing_to_play(recording))
    index = {
        "timelines": timelines,
        "notes": [*recording.report.problems, *unplayable, *(f"{count} × {what}" for what, count in notes.items())],
    }
    # Within a script element `<` could end it, or begin a comment.
    text = msgspec.json.encode(index).replace(b"<", rb"\u003c").decode()
    values = {"index": text, "scripts": _elements("script", scripts)}
    file.write(Template(tail).substitute(values).encode())


def _timeline_events(timeline: Timeline, clock: Clock, notes: Counter[str], unplayable: list[str]) -> Iterator[bytes]:
    conversion = Conversion(clock)
    is_empty = True
    for view in timeline.views:
        events = conversion.view_events(view)
        first = next(events, None)
        if first is None:
            unplayable.append(f"view {view.id or '(no id)'}: {_why_not(view.source)}")
            continue
        is_empty = False
        yield first
        yield from events
    if not is_empty:
        yield custom(clock.now + _AFTER_THE_END, "end")
    notes.update(conversion.notes)


def _why_not(source: str | None) -> str:
    if source not in (None, "browser"):
        return f"it was recorded by {source} and holds no web page, so it is not shown"
    return "it has no full snapshot to build the page from, so it is not shown"


def _nothing_to_play(recording: Recording) -> str:
    if not recording.views:
        return "there is nothing to play: no segments were found"
    reasons = {_why_not(view.source) for view in recording.views}
    return f"there is nothing to play; of each view: {' or: '.join(sorted(reasons))}"


def _write_packed(file: IO[bytes], events: Iterable[bytes]) -> None:
    """A list of events as gzip as lines of base64, each of which can be read by itself."""
    packer = zlib.compressobj(level=6, wbits=zlib.MAX_WBITS | 16)
    waiting = bytearray()
    separator = b"["
    for event in events:
        waiting += packer.compress(separator + event)
        separator = b",\n"
        while len(waiting) >= _LINE:
            file.write(base64.b64encode(waiting[:_LINE]) + b"\n")
            del waiting[:_LINE]
    waiting += packer.compress(b"]") + packer.flush()
    for start in range(0, len(waiting), _LINE):
        file.write(base64.b64encode(waiting[start : start + _LINE]) + b"\n")


def _policy(scripts: Iterable[str]) -> str:
    """Nothing but what stands in the page itself: its own scripts by their sums, and styles, as recorded pages have."""
    sums = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    return (
        f"default-src 'none'; script-src {sums}; style-src 'unsafe-inline'; img-src data:; font-src data:; "
        "media-src data:; base-uri 'none'; form-action 'none'"
    )


def _elements(name: str, texts: Iterable[str]) -> str:
    return "\n".join(f"<{name}>{text}</{name}>" for text in texts)


def _asset(name: str) -> str:
    """A file of this package; what names a map of its source would make browsers' tools look for that."""
    text = files("rum_replay.segments.player").joinpath(*name.split("/")).read_text(encoding="utf-8")
    return "\n".join(line for line in text.split("\n") if not line.startswith(("//# source", "/*# source")))
