"""Hostile recordings: what happens to time and memory when their size doubles.

    python -m benchmarks.bounds OUTPUT FILE SECONDS

makes an output from a file until the time is used up, and prints the least processor time of one run in seconds and
the peak memory of the process in bytes.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from rum_replay import segments

from .browser import is_installed, new_page
from .download import peak_memory
from .measure import Row, seconds, times

__all__ = ["OUTPUTS", "SHAPES", "run"]

_MIB = 1 << 20
_START = 1_790_000_000_000
_BROWSER = "player in the browser"
_MAX_RATIO, _MAX_MEMORY = 2.2, 200 * _MIB
_SECONDS, _ROUNDS = 0.2, 2

Record = dict[str, Any]


def _record(type: int, at: int, data: Any, **more: Any) -> Record:
    return {"type": type, "timestamp": _START + at, "data": data, **more}


def _changed(source: int, at: int, **data: Any) -> Record:
    return _record(3, at, {"source": source, **data})


def _mutation(at: int, **changes: Any) -> Record:
    return _changed(0, at, **{"adds": [], "removes": [], "attributes": [], "texts": [], **changes})


def _attribute(at: int, id: int, name: str, value: str) -> Record:
    return _mutation(at, attributes=[{"id": id, "attributes": {name: value}}])


def _click(at: int, id: int) -> Record:
    return _changed(2, at, type=2, id=id, x=5, y=5)


def _element(number: int, name: str, /, *children: Any, **attributes: Any) -> Record:
    return {"type": 2, "id": number, "tagName": name, "attributes": attributes, "childNodes": list(children)}


def _page(*children: Any) -> list[Record]:
    """The first records; the ids up to 9 are those of the page itself."""
    html = _element(1, "html", _element(2, "head"), _element(3, "body", *children))
    snapshot = {"node": {"type": 0, "id": 0, "childNodes": [html]}, "initialOffset": {"left": 0, "top": 0}}
    return [_record(4, 0, {"width": 1000, "height": 700, "href": "https://shop.example/"}), _record(2, 0, snapshot)]


def _segment(*records: Record, index: int = 0) -> bytes:
    document = {
        "records": records,
        "application": {"id": "app"},
        "session": {"id": "session"},
        "view": {"id": "view"},
        "start": records[0]["timestamp"],
        "end": records[-1]["timestamp"],
        "records_count": len(records),
        "index_in_view": index,
        "has_full_snapshot": index == 0,
        "source": "browser",
    }
    return json.dumps(document, separators=(",", ":")).encode() + b"\n"


def siblings(size: int) -> bytes:
    """Nodes added in front of one another, of which the first are removed one at a time."""
    first, count = 10, size // 2
    adds = [
        {"parentId": 3, "nextId": None if one == first else one - 1, "node": _element(one, "p" if one % 2 else "b")}
        for one in range(first, first + count)
    ]
    removals = (
        _mutation(2 + number, removes=[{"parentId": 3, "id": first + count - 1 - number}]) for number in range(count)
    )
    return _segment(*_page(), _mutation(1, adds=adds), *removals, _click(size, first))


def depth(size: int) -> bytes:
    """Elements within one another, of which the innermost is clicked and changed."""
    records = [_record(4, 0, {"width": 1000, "height": 700, "href": "https://shop.example/"})]
    nodes: list[Any] = [[None, "#document"], [1, "HTML"], [1, "BODY"], *[[1, "B"]] * size, [1, "#text", "deep"]]
    records.append(_record(2, 0, [[1, *nodes]], format=1))
    for number in range(1, size // 4):
        records.append(_click(2 * number, size + 2))
        records.append(_record(12, 2 * number + 1, [[3, [size + 2, ["class", str(number)]]]]))
    return _segment(*records)


def attributes(size: int) -> bytes:
    """An image with very many attributes, of which the one with its address changes."""
    image = _element(10, "img", **{f"data-{number}": "x" for number in range(size)})
    changes = (_attribute(1 + number, 10, "src", f"/{number}") for number in range(size // 4))
    return _segment(*_page(image), *changes, _click(size, 10))


def rules(size: int) -> bytes:
    """Rules inserted in front of one another, also within another rule; half of them are deleted."""
    style = _element(10, "style", _cssText="@media print{a{}}")
    records: list[Record] = []
    for number in range(size // 3):
        at = 1 + 3 * number
        records.append(_changed(8, at, id=10, adds=[{"rule": "b{top:0}", "index": 0}]))
        records.append(_changed(8, at + 1, id=10, adds=[{"rule": "c{}", "index": [number + 1, 0]}]))
        if number % 2:
            records.append(_changed(8, at + 2, id=10, removes=[{"index": [number + 1, 0]}]))
    return _segment(*_page(style), *records, _click(size, 3))


def clicks(size: int) -> bytes:
    """Clicks on one of very many siblings, and a change of another one after each."""
    first, count = 10, size // 4
    page = _page(*[_element(first + number, "p") for number in range(count)])
    records: list[Record] = []
    for number in range(1, count // 4):
        records.append(_click(3 * number, first + count - 1 - number % 500))
        records.append(_attribute(3 * number + 1, first, "class", f"c{number}"))
        added = {"parentId": 3, "nextId": first, "node": _element(first + count + number, "p")}
        records.append(_mutation(3 * number + 2, adds=[added]))
    return _segment(*page, *records)


def mutations(size: int) -> bytes:
    """A part of the page that is replaced again and again, with texts, fields and scroll positions."""
    records: list[Record] = []
    text = {"type": 3, "id": 12, "textContent": "some text"}
    inner = [_element(11, "p", text), _element(13, "input", id="name")]
    for at in range(1, size, 4):
        added = {"parentId": 3, "nextId": None, "node": _element(10, "div", *inner, id="part")}
        records.append(_mutation(at, removes=[{"parentId": 3, "id": 10}], adds=[added]))
        records.append(_mutation(at + 1, texts=[{"id": 12, "value": f"text {at}"}]))
        records.append(_changed(5, at + 2, id=13, text=f"name {at}"))
        records.append(_changed(3, at + 3, id=10, x=0, y=at % 500))
    return _segment(*_page(_element(10, "div", *inner)), *records, _click(size, 10))


def members(size: int) -> bytes:
    """Very many small compressed streams one after another."""
    parts = [gzip.compress(_segment(*_page(_element(10, "p"))), 1)]
    for index in range(1, size):
        parts.append(gzip.compress(_segment(_click(index, 10), index=index), 1))
    return b"".join(parts)


SHAPES: dict[Callable[[int], bytes], tuple[int, int]] = {
    siblings: (20_000, 40_000),
    depth: (16_000, 40_000),
    attributes: (50_000, 40_000),
    rules: (30_000, 80_000),
    clicks: (50_000, 80_000),
    mutations: (16_000, 40_000),
    members: (8_000, 20_000),
}
"""The smaller of the two sizes of each, for all outputs and for the browser."""


def _read(path: Path, _: Path) -> None:
    assert segments.open(path).count


def _page_at(path: Path, _: Path) -> None:
    assert segments.page_at(segments.open(path).views[0]).root


def _summary(path: Path, _: Path) -> None:
    assert segments.summarize(segments.open(path)).views[0].records


def _timeline(path: Path, _: Path) -> None:
    assert any(segments.timeline(segments.open(path)).lines(max_lines=100))


def _steps(path: Path, _: Path) -> None:
    assert segments.steps(segments.open(path))


def _player(path: Path, folder: Path) -> None:
    segments.write_player(segments.open(path), folder / "player.html")


def _heatmap(path: Path, folder: Path) -> None:
    segments.heatmap_of(segments.open(path)).write_html(folder / "heatmap.html")


def _export_as(format: Any) -> Callable[[Path, Path], None]:
    def export(path: Path, folder: Path) -> None:
        assert segments.export(segments.open(path), folder / format, format=format).rows["records"]

    return export


OUTPUTS: dict[str, Callable[[Path, Path], None]] = {
    "reader": _read,
    "page": _page_at,
    "summary": _summary,
    "timeline": _timeline,
    "steps": _steps,
    "player": _player,
    "heatmap": _heatmap,
    "export to JSON lines": _export_as("jsonl"),
    "export to CSV": _export_as("csv"),
    "export to Parquet": _export_as("parquet"),
}


def run(*, quick: bool) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        for name in OUTPUTS:
            yield _row(name, Path(folder), partial(_in_process, name, quick), 0, quick)
        if is_installed():
            empty = Path(folder) / "empty"
            empty.write_bytes(_segment(*_page()))
            at_least = min(_in_browser(0, empty)[0] for _ in range(_ROUNDS))
            yield _row(_BROWSER, Path(folder), partial(_in_browser, at_least), 1, quick)


def _row(name: str, folder: Path, measure: Callable[[Path], tuple[float, float]], which: int, quick: bool) -> Row:
    """The worst of all shapes."""
    results: list[tuple[float, float, float, str]] = []
    most_memory, largest = 0.0, ""
    for shape, sizes in list(SHAPES.items())[: 1 if quick else None]:
        size = max(20, sizes[which] // 100) if quick else sizes[which]
        small, large = _written(shape, size, folder), _written(shape, 2 * size, folder)
        one, two, memory = float("inf"), float("inf"), 0.0
        for _ in range(1 if quick else _ROUNDS):
            one = min(one, measure(small)[0])
            again, peak = measure(large)
            two, memory = min(two, again), max(memory, peak)
        results.append((two / one, one, two, shape.__name__))
        if memory > most_memory:
            most_memory, largest = memory, shape.__name__
        if os.environ.get("BOUNDS_DETAILS"):
            print(f"  {name} {shape.__name__}: {one:.3f} {two:.3f} {two / one:.2f} {memory / _MIB:.0f} MiB", flush=True)
    ratio, one, two, worst = max(results)
    return Row(
        f"{name}, {len(SHAPES)} shapes of twice the size: the worst is {worst}; peak memory "
        f"{most_memory / _MIB:.0f} MiB ({largest})",
        seconds(two),
        seconds(one),
        times(ratio),
        "≤ 2.2 ×, ≤ 200 MiB",
        ratio <= _MAX_RATIO and most_memory <= _MAX_MEMORY,
    )


def _written(shape: Callable[[int], bytes], size: int, folder: Path) -> Path:
    path = folder / f"{shape.__name__}-{size}"
    if not path.exists():
        path.write_bytes(shape(size))
    return path


def _in_process(name: str, quick: bool, path: Path) -> tuple[float, float]:
    if quick:  # The process is not a fresh one, so its memory says nothing.
        return _repeat(OUTPUTS[name], path, 0), 0
    command = [sys.executable, "-m", "benchmarks.bounds", name, str(path), str(_SECONDS)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    used, memory = map(float, output.split())
    return used, memory


def _in_browser(at_least: float, path: Path) -> tuple[float, float]:
    """The processor time of the page's process, beyond that for an empty page, and the size of its objects.

    It loads the player and goes to the end of the recording. The process itself is larger by Chromium's own code.
    """
    target = path.with_name("player.html")
    segments.write_player(segments.open(path), target)
    with new_page(1280, 720) as (page, used):
        before = used()
        page.goto(target.as_uri())
        page.locator("#position:enabled").wait_for()
        page.locator("#position").fill(page.locator("#position").get_attribute("max") or "0")
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        after = used()
        metrics = page.context.new_cdp_session(page).send("Runtime.getHeapUsage")
        return max(after - before - at_least, 0.01), float(metrics["usedSize"])


def _repeat(output: Callable[[Path, Path], None], path: Path, most: float) -> float:
    """The least processor time of one run; as many as there is time for."""
    best, total = float("inf"), 0.0
    with tempfile.TemporaryDirectory() as folder:
        while best == float("inf") or total < most:
            started = time.process_time()
            output(path, Path(folder))
            used = time.process_time() - started
            best, total = min(best, used), total + used
    return best


if __name__ == "__main__":
    print(_repeat(OUTPUTS[sys.argv[1]], Path(sys.argv[2]), float(sys.argv[3])), peak_memory())
