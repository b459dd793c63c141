"""What must hold for any bytes at all; fuzzers and tests call it."""

from __future__ import annotations

import io

from rum_replay import segments

LIMITS = segments.Limits(max_unpacked=1 << 24, max_records=100_000, max_held=1 << 12, max_record=1 << 18)


class OneByteLess(io.BytesIO):
    """A stream whose reads end elsewhere than a file's do."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(777 if size is None or size > 777 else size)


def read_anything(content: bytes) -> None:
    """Read it in every way; only SegmentLimitError may come out, and all ways must agree."""
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
        again = [list(segment.raw_records()) for segment in segments.read(OneByteLess(content), limits=LIMITS)]
    except segments.SegmentLimitError as error:
        raise AssertionError("a limit depends on where the pieces of a stream end") from error
    assert again == first
