"""Decoding replay segments, against the standard library, and the memory for a view of 500 MB.

    python -m benchmarks.segments FILE

reads all records of a file once and prints their number and the memory in bytes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from rum_replay import segments

from .download import peak_memory
from .measure import Row, paired, seconds, times

__all__ = ["run"]

_MIB = 1 << 20
_RECORDINGS = Path(__file__).parents[2] / "tests" / "data" / "segments"


def run(*, quick: bool) -> Iterator[Row]:
    uploads = [path.read_bytes() for path in sorted(_RECORDINGS.glob("*/seg-*.zlib"))]
    rounds = 3 if quick else 41

    def with_the_standard_library() -> int:
        return sum(len(json.loads(zlib.decompress(upload))["records"]) for upload in uploads)

    def counting() -> int:
        return sum(segment.count for segment in segments.read(uploads))

    def typed() -> int:
        return sum(1 for segment in segments.read(uploads) for _ in segment.records())

    count = with_the_standard_library()
    assert counting() == typed() == count
    what = f"{len(uploads)} recorded segments, {count:,} records"
    other = "against `zlib.decompress` and `json.loads`"
    pair = paired(counting, with_the_standard_library, rounds=rounds)
    yield Row(
        f"{what}, counted, {other}",
        seconds(pair.ours),
        seconds(pair.other),
        times(pair.ratio),
        "≤ 1.3 ×",
        pair.ratio <= 1.3,
    )
    pair = paired(typed, with_the_standard_library, rounds=rounds)
    yield Row(
        f"{what}, as frozen classes, {other}",
        seconds(pair.ours),
        seconds(pair.other),
        times(pair.ratio),
        "≤ 3 ×",
        pair.ratio <= 3,
    )
    size = (16 if quick else 500) * 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "view.json.zlib"
        written = write_view(path, size)
        command = [sys.executable, "-m", "benchmarks.segments", str(path)]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    read, memory = map(int, output.split())
    assert read == written
    yield Row(
        f"one segment of {size // 1_000_000} MB, {written:,} records: peak memory of the process, all records decoded",
        f"{memory / _MIB:.0f} MiB",
        f"{size / _MIB:.0f} MiB of JSON",
        times(memory / size),
        "≤ 200 MiB",
        memory <= 200 * _MIB,
    )


def write_view(path: Path, size: int) -> int:
    """Write a compressed segment with about `size` bytes of JSON, from recorded records; returns their number."""
    upload = next(iter(sorted(_RECORDINGS.glob("*7.16.2-allow/seg-*.zlib")))).read_bytes()
    document = json.loads(zlib.decompress(upload))
    records = document.pop("records")
    block = b",".join(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() for record in records)
    repeats = size // len(block) + 1
    packer = zlib.compressobj(1)
    with path.open("wb") as file:
        file.write(packer.compress(b'{"records":['))
        for number in range(repeats):
            file.write(packer.compress(block if number == 0 else b"," + block))
        file.write(packer.compress(b"]," + json.dumps(document).encode()[1:]) + packer.flush())
    return repeats * len(records)


def _read(path: Path) -> int:
    recording = segments.open(path)
    return sum(1 for _ in recording.records())


if __name__ == "__main__":
    print(_read(Path(sys.argv[1])), peak_memory())
