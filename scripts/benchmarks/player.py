"""The player in Chromium: how long it takes to open a recording, and to show another moment of it.

Processor time counts, because other programs delay a browser: that of the whole process for opening, and that of the
thread that runs scripts and computes the layout for a seek, up to the next frame.
"""

from __future__ import annotations

import json
import tempfile
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rum_replay import segments

from .analysis import write_large
from .browser import is_installed, new_page
from .measure import Row, seconds, times

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["run"]

_MB = 1_000_000
_MOST_TO_OPEN, _MOST_TO_SEEK = 2.0, 0.150
"""Seconds."""

_SEEKS = 100
_GOLDEN = 0.618
_NODES_OF_ROW = 8
_START = 1_790_000_000_000
_STEP = 2_000
"""Milliseconds after which the table changes again."""

_SEEK = """async offset => {
    const position = document.getElementById("position");
    position.value = String(offset);
    position.dispatchEvent(new Event("input"));
    const drawn = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    do await drawn(); while (document.querySelector("#stage[aria-busy=true]"));
}"""


def run(*, quick: bool) -> Iterator[Row]:
    size, rows, seeks = (_MB // 10, 50, 3) if quick else (50 * _MB, 5_000, _SEEKS)
    with tempfile.TemporaryDirectory() as folder:
        sources = {
            f"{size / _MB:g} MB, one session": Path(folder) / "large",
            f"a table of {rows:,} rows, 10 minutes": Path(folder) / "table",
            "the same with animations and transitions of rows": Path(folder) / "moving",
        }
        large, table, moving = sources.values()
        write_large(large, size)
        _write_table(table, rows, is_moving=False)
        _write_table(moving, rows, is_moving=True)
        packed = sum(path.stat().st_size for path in large.iterdir())
        written = segments.write_player(segments.open(large), Path(folder) / "large.html").stat().st_size
        yield Row(
            f"player of {size / _MB:g} MB: size of the page, against the compressed segments",
            f"{written / _MB:.2f} MB",
            f"{packed / _MB:.2f} MB",
            times(written / packed),
        )
        if is_installed():
            for what, source in sources.items():
                yield from _rows(what, source, seeks)


def _rows(what: str, source: Path, seeks: int) -> Iterator[Row]:
    page = segments.write_player(segments.open(source), source.with_suffix(".html"))
    opened, costs = _in_browser(page, seeks)
    slow = sorted(costs)[len(costs) * 95 // 100]
    for name, cost, most in (("opened", opened, _MOST_TO_OPEN), ("seek, 95th percentile", slow, _MOST_TO_SEEK)):
        yield Row(
            f"player of {what}: {name}, processor time against the aim",
            seconds(cost),
            seconds(most),
            times(cost / most),
            f"≤ {seconds(most)}",
            cost <= most,
        )


def _in_browser(path: Path, seeks: int) -> tuple[float, list[float]]:
    """The seconds to open a page, and for seeks to random moments."""
    with new_page(1400, 900) as (page, used):
        before = used()
        page.goto(path.as_uri())
        page.locator("#position:enabled").wait_for()
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        opened = used() - before
        total = int(page.locator("#position").get_attribute("max") or "0")
        of_thread = partial(_of_thread, page.context.new_cdp_session(page))
        # Spread over the recording, and far from one another.
        offsets = [round(total * (number * _GOLDEN % 1)) for number in range(seeks)]
        return opened, [_seek(page, offset, of_thread) for offset in offsets]


def _seek(page: Page, offset: int, used: Any) -> float:
    before = used()
    page.evaluate(_SEEK, offset)
    return float(used() - before)


def _of_thread(session: Any) -> float:
    """The processor time of the page's main thread so far, in seconds."""
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


def _write_table(folder: Path, rows: int, *, is_moving: bool) -> None:
    """One view of a table, of which five rows are replaced every other second."""
    css = "tr{height:20px}"
    if is_moving:
        css += "@keyframes in{from{opacity:0}} tr{animation:in .3s both} .row{transition:opacity .3s}"
    ids = [5 + row * _NODES_OF_ROW for row in range(rows)]
    first: list[Any] = [[None, "#document"], [1, "HTML"], [1, "BODY"], [2, "STYLE"], [2, "TABLE"]]
    page = [[1, *first, *(node for row in ids for node in _row(row))], [7, [css]], [8, [3, 0]]]
    records: list[dict[str, Any]] = [
        {"type": 4, "timestamp": _START, "data": {"width": 1280, "height": 720, "href": "https://shop.example/"}},
        {"type": 2, "format": 1, "timestamp": _START, "data": page},
    ]
    next_id = 5 + rows * _NODES_OF_ROW
    for number in range(600_000 // _STEP):
        at = _START + number * _STEP
        added = [next_id + n * _NODES_OF_ROW for n in range(5)]
        next_id += 5 * _NODES_OF_ROW
        for n in range(20):
            position = {"id": ids[-1], "timeOffset": 0, "x": 300 + n, "y": 200}
            records.append({"type": 3, "timestamp": at + 50 * n, "data": {"source": 1, "positions": [position]}})
        scroll = {"source": 3, "id": 0, "x": 0, "y": number * 100 % 5_000}
        records.append({"type": 3, "timestamp": at + 1_100, "data": scroll})
        change = [[1, *(node for row in added for node in _row(row))], [2, *ids[:5]], [3, [4, ["class", str(number)]]]]
        records.append({"type": 12, "timestamp": at + 1_200, "data": change})
        ids = ids[5:] + added
    view = {"session": {"id": "session"}, "view": {"id": "view"}, "index_in_view": 0, "source": "browser"}
    folder.mkdir()
    (folder / "segment").write_bytes(zlib.compress(json.dumps({"records": records, **view}).encode()))


def _row(first: int) -> list[Any]:
    """A row of three cells with texts and a link, as the last one of the table, which is node 4."""
    text = f"order {first}"
    cells = [[1, "TD", ["class", "cell"]], [1, "#text", text], [3, "TD"], [1, "A", ["href", "/"]], [1, "#text", text]]
    return [[first - 4, "TR", ["class", "row"]], *cells, [6, "TD"], [1, "#text", "12,50 €"]]
