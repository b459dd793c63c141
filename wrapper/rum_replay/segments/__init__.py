"""Session replays, read from what `download_segments` leaves on disk or from any other place.

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

    for segment in segments.read(stream, limits=segments.Limits(max_ratio=1000)):  # as they come
        print(segment.metadata.view_id, segment.metadata.index_in_view, segment.count)

What Datadog's API wraps segments in is not documented: it is told by its first bytes, and what cannot be read is
reported with its place and kept. Import this package by itself; `import rum_replay` does not load it.
"""

from .completeness import CountMismatch, Report, ViewReport
from .errors import SegmentError, SegmentLimitError
from .limits import Limits
from .reader import read
from .reading import Unreadable
from .recording import Recording, View
from .recording import open_recording as open  # noqa: A004 - `segments.open` is what it says
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
from .segment import Segment, SegmentMetadata
from .sources import ReadableSource

__all__ = [
    "Change",
    "ChangeRecord",
    "CountMismatch",
    "DomSnapshot",
    "FocusRecord",
    "FrustrationRecord",
    "FullSnapshotRecord",
    "IncrementalData",
    "IncrementalSnapshotRecord",
    "Limits",
    "MetaRecord",
    "MobileFullSnapshotRecord",
    "MobileIncrementalData",
    "MobileIncrementalSnapshotRecord",
    "ReadableSource",
    "Record",
    "Recording",
    "Report",
    "Segment",
    "SegmentError",
    "SegmentLimitError",
    "SegmentMetadata",
    "UnknownChange",
    "UnknownRecord",
    "Unreadable",
    "View",
    "ViewEndRecord",
    "ViewReport",
    "VisualViewportRecord",
    "decode_record",
    "open",
    "read",
]
