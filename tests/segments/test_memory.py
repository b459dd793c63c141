"""Memory does not grow with the size of a source. Each test has its own process, to measure its peak."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from .recorded import FOLDERS, documents

MIB = 1 << 20
SIZE = 32 * MIB
# Memory used before reading is not counted. VmHWM is specific to Linux, ru_maxrss to other systems.
PROGRAM = """
import resource, sys
from pathlib import Path
from rum_replay import segments

def peak():
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1 << 10)

before = peak()
limits = segments.Limits(max_record=4 << 20, max_held=1 << 20)
recording = segments.open(sys.argv[1], limits=limits)
count = sum(1 for view in recording.views for _ in view.raw_records())
print(count, recording.count, len(recording.segments), recording.unreadable_count, peak() - before)
"""


def one_long_list() -> Iterator[bytes]:
    """A single segment, too large to hold in memory."""
    first, *_ = documents(FOLDERS[3])
    document = json.loads(first)
    records = document.pop("records")
    block = b",".join(json.dumps(record, separators=(",", ":")).encode() for record in records)
    yield b'{"records":[' + block
    for _ in range(SIZE // len(block)):
        yield b"," + block
    yield b"]," + json.dumps(document).encode()[1:]


def many_segments() -> Iterator[bytes]:
    """Segments in the wrong order, wrapped in one list."""
    first, *_ = documents(FOLDERS[3])
    document = json.loads(first)
    count = SIZE // len(first)
    yield b'{"data":['
    for index in range(count):
        yield b"," * bool(index) + json.dumps({**document, "index_in_view": index}).encode()
    yield b"]}"


def one_long_record() -> Iterator[bytes]:
    """A record that is larger than the limit, with one before and one after it."""
    yield b'{"records":[{"type":7,"timestamp":1},{"type":2,"timestamp":1,"data":"'
    for _ in range(SIZE // MIB):
        yield b'\\"x[{' * (MIB // 5)
    yield b'"},{"type":7,"timestamp":2}]}'


@pytest.mark.skipif(sys.platform == "win32", reason="there is no resource module on Windows")
@pytest.mark.parametrize("packed", [True, False], ids=["zlib", "plain"])
@pytest.mark.parametrize("content", [one_long_list, many_segments, one_long_record])
def test_memory_does_not_grow_with_the_size_of_a_source(content: object, packed: bool, tmp_path: Path) -> None:
    path = tmp_path / "page-00000.bin"
    packer = zlib.compressobj(1)
    size = 0
    with path.open("wb") as file:
        for part in content():  # type: ignore[operator]
            size += len(part)
            file.write(packer.compress(part) if packed else part)
        file.write(packer.flush() if packed else b"")
    assert size > 0.9 * SIZE
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(path)], check=True, capture_output=True, text=True)
    read, counted, found, unreadable, memory = map(int, done.stdout.split())
    assert read == counted
    if content is one_long_record:
        assert (read, found, unreadable) == (2, 1, 1)
    else:
        assert read == 61 * (SIZE // len(documents(FOLDERS[3])[0])) if content is many_segments else read > 200_000
        assert unreadable == 0
    # A few times the largest record allowed, and far less than was read.
    assert memory < 20 * MIB
