"""Session replays, read from a folder that `download_segments` wrote or from any other source.

    from rum_replay import segments

    recording = segments.open("downloads/9d2c7a60")  # a folder, files, bytes, an open stream …
    for view in recording.views:
        print(view.id, view.start, view.count, len(view.segments))
        for record in view.records():  # by (index_in_view, position), in constant memory
            if isinstance(record, segments.IncrementalSnapshotRecord):
                print(record.timestamp, record.data)  # frozen classes, one for each source
            elif isinstance(record, segments.UnknownRecord):
                print(record.type, record.reason, record.raw)
    print(recording.report.problems)  # gaps, counts that differ, unknown kinds, unreadable parts

    segments.page_at(view, time)  # the page as it was then
    segments.summarize(recording)  # what people did
    segments.timeline(recording)  # the same in order, entry by entry
    segments.steps(recording)  # the same as a test for Playwright
    segments.write_player(recording, "replay.html")  # a page that plays it, from disk
    segments.heatmap_of(recording).write_html("heat.html")  # where people clicked
    segments.export(recording, "replays", format="parquet")  # tables

    for segment in segments.read(stream, limits=segments.Limits(max_ratio=1000)):  # one at a time
        print(segment.metadata.view_id, segment.metadata.index_in_view, segment.count)

Datadog does not document what its API wraps segments in. It is recognized by its first bytes; parts that cannot be read
are reported with their location and first bytes. This package must be imported itself, as `import rum_replay` does not
load it. Everything that is built on the reader is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from .._errors import SegmentError, SegmentLimitError
from .._public import public_exports
from ._completeness import CountMismatch, MendedTimes, Report, ViewReport
from ._gaps import Gap, PlacedRecord
from ._limits import Limits
from ._parsing.budget import Unreadable
from ._parsing.segment_reader import read
from ._parsing.sources import ReadableSource
from ._recording import ReadProgress, Recording, View
from ._recording import open_recording as open  # noqa: A004 - `segments.open` is what it says
from ._resources import Resource
from ._segment import Segment, SegmentMetadata
from .records import (
    Change,
    ChangeRecord,
    DomSnapshot,
    FocusRecord,
    FrustrationRecord,
    FullSnapshotRecord,
    IncrementalData,
    IncrementalSnapshotRecord,
    MetaRecord,
    MobileFullSnapshotRecord,
    MobileIncrementalData,
    MobileIncrementalSnapshotRecord,
    Record,
    UnknownChange,
    UnknownRecord,
    ViewEndRecord,
    VisualViewportRecord,
    decode_record,
)

if TYPE_CHECKING:
    from ._work.by_session import FailedSource, SessionProgress
    from .dom import Node, Page, css_path, page_at, text_of, to_html
    from .exports import Export, export
    from .heatmap import Heatmap, heatmap_of
    from .player import write_player
    from .playwright_steps import steps
    from .session_timeline import Timeline, TimelineElement, TimelineEntry, timeline
    from .summary import SessionSummary, Summary, ViewSummary, summarize

__all__ = [
    "Change",
    "ChangeRecord",
    "CountMismatch",
    "DomSnapshot",
    "Export",
    "FailedSource",
    "FocusRecord",
    "FrustrationRecord",
    "FullSnapshotRecord",
    "Gap",
    "Heatmap",
    "IncrementalData",
    "IncrementalSnapshotRecord",
    "Limits",
    "MendedTimes",
    "MetaRecord",
    "MobileFullSnapshotRecord",
    "MobileIncrementalData",
    "MobileIncrementalSnapshotRecord",
    "Node",
    "Page",
    "PlacedRecord",
    "ReadProgress",
    "ReadableSource",
    "Record",
    "Recording",
    "Report",
    "Resource",
    "Segment",
    "SegmentError",
    "SegmentLimitError",
    "SegmentMetadata",
    "SessionProgress",
    "SessionSummary",
    "Summary",
    "Timeline",
    "TimelineElement",
    "TimelineEntry",
    "UnknownChange",
    "UnknownRecord",
    "Unreadable",
    "View",
    "ViewEndRecord",
    "ViewReport",
    "ViewSummary",
    "VisualViewportRecord",
    "css_path",
    "decode_record",
    "export",
    "heatmap_of",
    "open",
    "page_at",
    "read",
    "steps",
    "summarize",
    "text_of",
    "timeline",
    "to_html",
    "write_player",
]

public_exports(globals(), __all__, __name__)

_MODULES = {
    "Export": "exports",
    "FailedSource": "_work.by_session",
    "Heatmap": "heatmap",
    "Node": "dom",
    "Page": "dom",
    "SessionProgress": "_work.by_session",
    "SessionSummary": "summary",
    "Summary": "summary",
    "ViewSummary": "summary",
    "Timeline": "session_timeline",
    "TimelineElement": "session_timeline",
    "TimelineEntry": "session_timeline",
    "css_path": "dom",
    "export": "exports",
    "heatmap_of": "heatmap",
    "page_at": "dom",
    "steps": "playwright_steps",
    "summarize": "summary",
    "text_of": "dom",
    "timeline": "session_timeline",
    "to_html": "dom",
    "write_player": "player",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    value = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
