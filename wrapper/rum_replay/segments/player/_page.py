"""The page of the player: one HTML file that contains the player and the recording, and loads nothing."""

from __future__ import annotations

import base64
import hashlib
import html
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.resources import files
from itertools import chain
from pathlib import Path
from string import Template
from typing import IO, Any

import attrs
import msgspec

from ..._arguments import check_instance, check_path, check_text
from ..._errors import SegmentError
from ..._files import replacing
from .._completeness import RecordCounts
from .._recording import Recording, View, report_of
from .._timelines import Timeline, TimelineClock, timelines_of
from ..dom._markup.drawings import Drawings
from ..summary import CLICK_DIFFERENCES, DEAD_CLICK_RULE, RAGE_CLICK_RULE
from ._chunks import Pace, write_chunks
from ._conversion import Conversion
from ._events import custom
from ._motion import Motion

__all__ = ["write_page", "write_player"]

_SCRIPTS = (
    "vendor/rrweb-player",
    "assets/recording",
    "assets/beginnings",
    "assets/motion",
    "assets/top_layer",
    "assets/hover",
    "assets/history",
    "assets/replay",
    "assets/controls",
)
_DEFAULT_TITLE = "Session replay"
_NO_DRAWING = "images that are uploaded separately from the segments, and were not found"
_MOBILE = (
    "screens of mobile apps are drawn from wireframes: made from the schemas that Datadog publishes, never seen with a "
    "recording of an app; fonts, keyboards and images that are uploaded separately are not in recordings; their "
    "segments are not numbered, so whether some are missing is not known"
)
_UNPLAYABLE = "it has no full snapshot to build the page from, so it is not shown"
_TAIL = 100
"""Milliseconds from the last event to the end of the timeline, so that seeking there shows every event."""


def write_player(recording: Recording, path: str | os.PathLike[str], *, title: str | None = None) -> Path:
    """Write an HTML page that plays a recording in any browser from 2023 on, from disk and without network access.

    Each tab of each session gets a timeline. Memory does not grow with the recording; its records are decoded once.
    Rage and dead clicks are marked by the rules in `RULES` of `rum_replay.segments.summary`, which the page states. The
    same recording gives the same bytes. `path` is replaced when the page is complete, and returned. Without a
    title, or with an empty one, the page is called "Session replay".

    Raises InvalidRequestError if an argument has the wrong type, FileError if the page cannot be written or the
    recording cannot be read again, and SegmentError if there is nothing to play: no view has a full snapshot.
    """
    check_instance("recording", recording, Recording, "a Recording")
    target = Path(check_path("path", path))
    title = _DEFAULT_TITLE if title is None else check_text("title", title) or _DEFAULT_TITLE
    with replacing(target) as file:
        write_page(file, recording, title)
    return target


def write_page(file: IO[bytes], recording: Recording, title: str, new_pace: Callable[[], Pace] = Pace) -> None:
    """Write the page to a file; `new_pace` makes what divides a timeline into chunks. Raises SegmentError."""
    scripts = [_asset(f"{name}.js") for name in _SCRIPTS]
    styles = [_asset("vendor/rrweb-player.css"), _asset("assets/player.css")]
    head, _, tail = _asset("assets/page.html").partition("$recording")
    values = {"title": html.escape(title), "policy": _policy(scripts), "styles": _elements("style", styles)}
    values["license"] = html.escape(_asset("vendor/LICENSE"))
    values["rage_rule"], values["dead_rule"] = map(html.escape, (RAGE_CLICK_RULE, DEAD_CLICK_RULE))
    values["click_differences"] = html.escape(CLICK_DIFFERENCES)
    file.write(Template(head).substitute(values).encode())
    notes: Counter[str] = Counter()
    drawings = Drawings()
    unplayable: list[str] = []
    counts = {view: RecordCounts() for view in recording.views}
    timelines: list[dict[str, Any]] = []
    for timeline in timelines_of(recording):
        clock = TimelineClock()
        pace = new_pace()
        events = _timeline_events(timeline, Conversion(clock, drawings, pace), counts, notes, unplayable)
        first = next(events, None)
        if first is None:
            continue
        motion = Motion(pace)
        chunks, has_touches = write_chunks(file, motion.noted(chain([first], events)), pace)
        timelines.append(
            {
                "session": timeline.session_id,
                "start": clock.start,
                "end": clock.now,
                "motion": motion.longest,
                "touched": has_touches,
                "chunks": [attrs.astuple(chunk) for chunk in chunks],
            }
        )
    if drawings.missing:
        notes[_NO_DRAWING] += len(drawings.missing)
    if not timelines:
        raise SegmentError(_nothing_to_play(recording))
    is_mobile = any(view.source not in (None, "browser") for view in recording.views)
    index = {
        "timelines": timelines,
        "notes": [
            *([_MOBILE] if is_mobile else []),
            *report_of(recording, counts.values()).problems,
            *unplayable,
            *(f"{count} × {what}" for what, count in notes.items()),
        ],
    }
    # Inside a script element, `<` could end it or start a comment.
    text = msgspec.json.encode(index).replace(b"<", rb"\u003c").decode()
    values = {"index": text, "scripts": _elements("script", scripts)}
    file.write(Template(tail).substitute(values).encode())


def _timeline_events(
    timeline: Timeline,
    conversion: Conversion,
    counts: Mapping[View, RecordCounts],
    notes: Counter[str],
    unplayable: list[str],
) -> Iterator[bytes]:
    for view in timeline.views:
        is_shown = yield from conversion.view_events(view, counts[view])
        if not is_shown:
            unplayable.append(f"view {view.id or '(no id)'}: {_UNPLAYABLE}")
    if conversion.has_page:
        yield custom(conversion.clock.now + _TAIL, "end")
    notes.update(conversion.notes)


def _nothing_to_play(recording: Recording) -> str:
    if not recording.views:
        return "there is nothing to play: no segments were found"
    return f"there is nothing to play; for each view: {_UNPLAYABLE}"


def _policy(scripts: Iterable[str]) -> str:
    """A policy that allows the page's own scripts, by their hashes, and inline styles, which recorded pages have."""
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; font-src data:; "
        "media-src data:; base-uri 'none'; form-action 'none'"
    )


def _elements(name: str, texts: Iterable[str]) -> str:
    return "\n".join(f"<{name}>{text}</{name}>" for text in texts)


def _asset(name: str) -> str:
    """A file of this package, without the comments that would make developer tools request a source map."""
    text = files("rum_replay.segments.player").joinpath(*name.split("/")).read_text(encoding="utf-8")
    return "\n".join(line for line in text.split("\n") if not line.startswith(("//# source", "/*# source")))
