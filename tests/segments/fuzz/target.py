"""What must hold for any bytes; called by fuzzers and tests."""

from __future__ import annotations

import ast
import io
import json
import tempfile
from contextlib import suppress
from pathlib import Path

from rum_replay import segments

LIMITS = segments.Limits(max_unpacked=1 << 24, max_records=100_000, max_held=1 << 12, max_record=1 << 18)


class ShortReads(io.BytesIO):
    """A stream whose chunks end elsewhere than those of a file."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(777 if size is None or size > 777 else size)


def read_anything(content: bytes) -> None:
    """Read the bytes in every way; only SegmentLimitError may be raised, and all results must agree."""
    try:
        recording = segments.open(content, limits=LIMITS)
    except segments.SegmentLimitError:
        return
    for part in recording.unreadable:
        assert 0 <= part.offset <= len(content)
        if part.unpacked_offset is None:
            assert part.offset + part.length <= len(content)
            if part.raw:
                assert content[part.offset :].startswith(part.raw)
    assert len(recording.report.problems) >= min(recording.unreadable_count, 1)
    first = [list(segment.raw_records()) for segment in segments.read(content, limits=LIMITS)]
    assert [len(raws) for raws in first] == [s.count for s in segments.read(content, limits=LIMITS)]
    for raws in first:
        for raw in raws:
            assert segments.decode_record(raw).raw == raw
    try:
        again = [list(segment.raw_records()) for segment in segments.read(ShortReads(content), limits=LIMITS)]
    except segments.SegmentLimitError as error:
        raise AssertionError("a limit depends on where the chunks of a stream end") from error
    assert again == first


def use_anything(content: bytes) -> None:
    """Make everything of the recording that can be made; only our errors may be raised, and no record may be lost."""
    try:
        recording = segments.open(content, limits=LIMITS)
    except segments.SegmentLimitError:
        return
    for view in recording.views:
        times = [record.timestamp for record in view.records() if isinstance(record.timestamp, int)]
        for time in (None, *times[:: len(times) // 3 + 1]):
            page = segments.page_at(view, time)
            json.dumps(page.to_dict(), allow_nan=False)
            segments.to_html(page).encode("utf-8", "replace")
    summary = segments.summarize(recording)
    json.dumps(summary.to_dict(), allow_nan=False)
    assert sum(view.records for view in summary.views) == recording.count
    timeline = segments.timeline(recording)
    json.dumps([entry.to_dict() for entry in timeline], allow_nan=False)
    assert len([*timeline.lines("markdown", max_lines=5)]) <= 5
    with suppress(segments.SegmentError):  # no view of a browser
        ast.parse(segments.steps(recording))
    with tempfile.TemporaryDirectory() as folder:
        exported = segments.export(recording, Path(folder) / "tables", format="csv")
        assert exported.rows.get("records", 0) == recording.count
        # No page, no clicks: nothing to play or draw.
        with suppress(segments.SegmentError):
            segments.write_player(recording, Path(folder) / "replay.html")
        with suppress(segments.SegmentError):
            segments.heatmap_of(recording).write_html(Path(folder) / "heat.html")
