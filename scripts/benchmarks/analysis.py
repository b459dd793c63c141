"""What is made of recordings, against the standard library's decoding of the same bytes.

    python -m benchmarks.analysis OUTPUT FOLDER SECONDS

makes an output from a folder until the time is used up, each time after decoding the same files with the standard
library, and prints the least processor time of each in seconds.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from rum_replay import segments
from rum_replay.segments.dom import Node, NodeKind
from rum_replay.segments.records import AddNodes, ChangeRecord, FullSnapshotRecord, decode_record

from .measure import Row, seconds, times

__all__ = ["opened_page", "run", "used_page", "write_large"]

_RECORDINGS = Path(__file__).parents[2] / "tests" / "data" / "segments"
_MB = 1_000_000
_START = 1_790_000_000_000
_SEGMENTS = 12
"""Segments of a view."""

Record = dict[str, Any]


def _summary(source: Path, _: Path) -> None:
    segments.summarize(segments.open(source))


def _heatmap(source: Path, folder: Path) -> None:
    segments.heatmap_of(segments.open(source)).write_html(folder / "heatmap.html")


def _player(source: Path, folder: Path) -> None:
    segments.write_player(segments.open(source), folder / "player.html")


def _export(source: Path, folder: Path) -> None:
    segments.export(segments.open(source), folder / "export", format="parquet")


class _Segment(msgspec.Struct, gc=False):
    records: list[msgspec.Raw]


_segment = msgspec.json.Decoder(_Segment)


def _raw_records(source: Path) -> Iterator[list[msgspec.Raw]]:
    return (_segment.decode(zlib.decompress(path.read_bytes())).records for path in sorted(source.iterdir()))


def _least(source: Path, _: Path) -> None:
    """No output, but what each costs at least: two passes by decoders in C, since a recording is not held in memory,
    records of our classes, and a node for each that change records add."""
    element, nodes = NodeKind.ELEMENT, dict[int, Node]()
    for _records in _raw_records(source):
        pass
    for records in _raw_records(source):
        for raw in records:
            record = decode_record(bytes(raw))
            if type(record) is FullSnapshotRecord:
                nodes = {}
            if (type(record) is ChangeRecord or type(record) is FullSnapshotRecord) and type(record.data) is tuple:
                for change in record.data:
                    if type(change) is AddNodes:
                        for _addition in change.nodes:
                            number = len(nodes)
                            nodes[number] = Node(number, element, "div")


def _kept(source: Path, _: Path) -> None:
    """What the other side costs where all of a recording is in memory at once: Python's garbage collector looks at
    all objects again and again while they become more."""
    documents = [json.loads(zlib.decompress(path.read_bytes())) for path in sorted(source.iterdir())]
    del documents


_OUTPUTS: dict[str, tuple[Callable[[Path, Path], None], float | None]] = {
    "decoding that keeps all results": (_kept, None),
    "the least that any output costs": (_least, None),
    "summary": (_summary, 1.5),
    "heatmap": (_heatmap, 1.5),
    "player": (_player, 2.0),
    "export": (_export, 3.0),
}
"""Each with the most that it may take, as a multiple of what decoding takes."""


def run(*, quick: bool) -> Iterator[Row]:
    size = _MB // 10 if quick else 50 * _MB
    with tempfile.TemporaryDirectory() as folder:
        large, small = Path(folder) / "large", Path(folder) / "small"
        write_large(large, size)
        _write_small(small, size)
        for name, (_, most) in _OUTPUTS.items():
            for what, source in (("one session", large), ("many small views", small)):
                ours, other = _measured(name, source, quick)
                yield Row(
                    f"{name} of {size / _MB:g} MB, {what}, opened and made, against `zlib.decompress` and `json.loads`",
                    seconds(ours),
                    seconds(other),
                    times(ours / other),
                    "" if most is None else f"≤ {most} ×",
                    None if most is None else ours / other <= most,
                )


def _measured(name: str, source: Path, quick: bool) -> tuple[float, float]:
    if quick:
        return _main(name, source, 0)
    command = [sys.executable, "-m", "benchmarks.analysis", name, str(source), "10"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    ours, other = map(float, output.split())
    return ours, other


def _documents() -> Iterator[dict[str, Any]]:
    for path in sorted(_RECORDINGS.glob("*/seg-*.zlib")):
        yield json.loads(zlib.decompress(path.read_bytes()))


def _write(folder: Path, number: int, document: dict[str, Any]) -> int:
    raw = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    (folder / f"{number:06}.zlib").write_bytes(zlib.compress(raw))
    return len(raw)


def _write_small(folder: Path, size: int) -> None:
    """The recorded segments again and again, each time with other ids."""
    folder.mkdir()
    documents = list(_documents())
    written = number = 0
    while written < size:
        repeat, which = divmod(number, len(documents))
        document = documents[which]
        view = {"id": f"{document['view']['id'][:-8]}{repeat:08x}"}
        written += _write(folder, number, document | {"view": view, "session": {"id": f"session-{repeat}"}})
        number += 1


def write_large(folder: Path, size: int) -> None:
    """One session in a shop: views of a minute each, of a page with a table, in segments of 5 s.

    In each segment, the pointer moves for 2 s, the page scrolls, is clicked once, and replaces 10 rows of the table.
    """
    folder.mkdir()
    written = number = 0
    while written < size:
        view, index = divmod(number, _SEGMENTS)
        start = _START + number * 5_000
        records = [*(opened_page(start) if index == 0 else ()), *used_page(start, index)]
        stated = {
            "application": {"id": "shop"},
            "session": {"id": "session"},
            "view": {"id": f"view-{view}"},
            "start": start,
            "end": records[-1]["timestamp"],
            "records_count": len(records),
            "index_in_view": index,
            "has_full_snapshot": index == 0,
            "source": "browser",
            "creation_reason": "segment_duration_limit",
        }
        written += _write(folder, number, {"records": records} | stated)
        number += 1


def opened_page(at: int, rows: int = 150) -> list[Record]:
    """A page with 20 rules and a table with so many rows, of which each has 11 nodes; the table is node 4."""
    rules = "".join(f".card-{n} > .title:hover {{ color: rgb({n}, 0, 0); padding: {n}px 8px; }}" for n in range(20))
    strings = [
        "#document",
        "HTML",
        "BODY",
        "STYLE",
        "TABLE",
        "TR",
        "TD",
        "A",
        "#text",
        "class",
        "row odd",
        "href",
        "cell",
    ]
    nodes: list[Any] = [[None, 0], [1, 1], [1, 3], [2, 2], [1, 4]]
    nodes += [node for row in range(rows) for node in _row(row, 5 + row * _ROW)]
    changes = [[0, *strings, rules], [1, *nodes], [7, [13]], [8, [2, 0]]]
    return [
        {"type": 4, "timestamp": at, "data": {"width": 1280, "height": 720, "href": "https://shop.example/orders"}},
        {"type": 6, "timestamp": at, "data": {"has_focus": True}},
        {"type": 2, "format": 1, "timestamp": at, "data": changes},
    ]


_ROW = 11
"""Nodes of a row of the table."""


def _row(number: int, id: int) -> list[Any]:
    """A row as the last one of the table."""
    cells: list[Any] = []
    for cell, text in enumerate((f"order {number}", f"2026-11-{number % 28 + 1:02}")):
        cells += [[1 + 2 * cell, 6, [9, 12]], [1, 8, text]]
    link = [
        [5, 6, [9, 12]],
        [1, 7, [11, f"/orders/{number}"]],
        [1, 8, f"Show order {number} of customer {number % 97}"],
    ]
    more = [[8, 6, [9, 12]], [1, 8, f"{number % 400},{number % 100:02} €"], [10, 8, " "]]
    return [[id - 4, 5, [9, 10]], *cells, *link, *more]


def used_page(at: int, index: int) -> list[Record]:
    """What happens on that page in 5 s."""
    first = 5 + index * 10 * _ROW
    added = 5 + (150 + index * 10) * _ROW
    moves = [
        _incremental(at + 50 * n, 1, positions=[{"id": first, "timeOffset": 0, "x": 300 + n, "y": 200 + 3 * n}])
        for n in range(40)
    ]
    scrolls = [_incremental(at + 2_000 + 100 * n, 3, id=0, x=0, y=100 * index + 10 * n) for n in range(10)]
    clicked = {"id": first + 6, "x": 341, "y": 322}
    clicks = [_incremental(at + 3_100 + n, 2, type=kind, **clicked) for n, kind in enumerate((1, 0, 2))]
    rows = [node for n in range(10) for node in _row(1_000 + n, added + n * _ROW)]
    removed = [first + n * _ROW for n in range(10)]
    change = {"type": 12, "timestamp": at + 3_200, "data": [[1, *rows], [2, *removed], [3, [4, [9, f"page-{index}"]]]]}
    return [*moves, *scrolls, *clicks, change]


def _incremental(at: int, source: int, **data: Any) -> Record:
    return {"type": 3, "timestamp": at, "data": {"source": source, **data}}


def _main(name: str, source: Path, most: float) -> tuple[float, float]:
    output = _OUTPUTS[name][0]
    paths = sorted(source.iterdir())

    def ours() -> None:
        with tempfile.TemporaryDirectory() as folder:
            output(source, Path(folder))

    def other() -> None:
        for path in paths:
            json.loads(zlib.decompress(path.read_bytes()))

    best = [float("inf"), float("inf")]
    started = time.monotonic()
    while best[0] == float("inf") or time.monotonic() - started < most:
        for which, function in enumerate((ours, other)):
            before = time.process_time()
            function()
            best[which] = min(best[which], time.process_time() - before)
    return best[0], best[1]


if __name__ == "__main__":
    print(*_main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])))
