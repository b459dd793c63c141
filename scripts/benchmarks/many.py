"""Many sessions: processes and a Dask cluster against one process, and the parent's memory with 5,000 sessions.

    python -m benchmarks.many (one|processes|dask) FOLDER OUTPUT

exports a folder, and prints the seconds that it took, those of processor time of the parent and of the workers, and by
how many bytes the parent grew.

    python -m benchmarks.many sessions FOLDER COUNT BYTES

makes so many sessions of that many bytes of JSON in all, each of two views, as they were downloaded.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from attrs import field, frozen
from rum_replay import segments
from rum_replay._manifest import Manifest, PageFile, page_name, write_manifest
from rum_replay.segments._work.processes import OwnProcesses

from .analysis import opened_page, used_page
from .download import peak_memory
from .measure import Row, paired_values, seconds

__all__ = ["run"]

_MB = 1_000_000
_START = 1_790_000_000_000
_WORKERS = 2


def run(*, quick: bool) -> Iterator[Row]:
    sessions, size, rounds = (6, _MB, 0) if quick else (200, 125 * _MB, 3)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source")
        made = make_sessions(source, sessions, size)
        what = f"export of {sessions} sessions, {made / _MB:.0f} MB of JSON, to Parquet"
        sides = (
            ("processes", "two processes, started for it,", 1.8),
            ("dask", "a Dask cluster of two single-thread workers, started before,", 1.6),
        )
        for side, name, least in sides:
            costs = {"one": _Costs(), side: _Costs()}
            pair = paired_values(
                partial(costs[side].measured, side, source, Path(folder)),
                partial(costs["one"].measured, "one", source, Path(folder)),
                rounds=rounds,
            )
            yield Row(
                f"{what}: {name} against one process, by the clock",
                seconds(pair.ours),
                seconds(pair.other),
                f"{1 / pair.ratio:.2f} × as fast",
                f"≥ {least} ×",
                1 / pair.ratio >= least,
            )
            ours, other = (median(costs[one].processor) for one in (side, "one"))
            yield Row(
                f"the same by processor time, if both cores were free: {name} against one process",
                seconds(ours),
                seconds(other),
                f"{other / ours:.2f} × as fast",
                f"≥ {least} ×",
                other / ours >= least,
            )
        few, many = (3, 6) if quick else (500, 5_000)
        grown: list[int] = []
        for count in (few, many):
            source = Path(folder, f"sessions-{count}")
            make_sessions(source, count, count * 4_000)
            grown.append(_exported("processes", source, Path(folder)).memory)
        each = (grown[1] - grown[0]) / (many - few)
        yield Row(
            f"peak memory of the parent, export of {many:,} small sessions by two processes, against {few:,}",
            f"{grown[1] / 2**20:.1f} MiB",
            f"{grown[0] / 2**20:.1f} MiB",
            f"{grown[1] / max(grown[0], 1):.2f} ×; {each / 1024:.1f} KiB for each further session",
            "≤ 8 KiB",
            each <= 8 * 1024,
        )


@frozen
class _Cost:
    """What one export took."""

    elapsed: float
    """Seconds."""

    parent: float
    """Seconds of processor time."""

    workers: float
    """Seconds of processor time of all workers."""

    memory: int
    """Bytes by which the parent grew."""

    @property
    def processor(self) -> float:
        """Seconds that it takes if every worker has a core, and there are as many cores as workers."""
        if not self.workers:
            return self.parent
        return (self.workers + self.parent) / _WORKERS


@frozen
class _Costs:
    processor: list[float] = field(factory=list[float])

    def measured(self, side: str, source: Path, folder: Path) -> float:
        cost = _exported(side, source, folder)
        self.processor.append(cost.processor)
        return cost.elapsed


def _exported(side: str, source: Path, folder: Path) -> _Cost:
    with tempfile.TemporaryDirectory(dir=folder) as output:
        command = [sys.executable, "-m", "benchmarks.many", side, str(source), output]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    elapsed, parent, workers, grown = printed.split()
    return _Cost(float(elapsed), float(parent), float(workers), int(grown))


def make_sessions(folder: Path, count: int, size: int) -> int:
    """Make sessions; returns the bytes of JSON."""
    total = 0
    for number in range(count):
        for view in range(2):
            total += _make_view(folder, number, view, size // count // 2)
    return total


def _make_view(folder: Path, session: int, view: int, size: int) -> int:
    session_id, view_id = (str(_uuid(f"{name}")) for name in (f"session {session}", f"session {session} view {view}"))
    start = _START + session * 3_600_000 + view * 600_000
    made = index = 0
    pages: list[bytes] = []
    while made < size:
        at = start + index * 5_000
        records = [*(opened_page(at, rows=min(150, size // 1_500)) if index == 0 else ()), *used_page(at, index)]
        stated = {
            "application": {"id": "shop"},
            "session": {"id": session_id},
            "view": {"id": view_id},
            "start": at,
            "end": records[-1]["timestamp"],
            "records_count": len(records),
            "index_in_view": index,
            "has_full_snapshot": index == 0,
            "source": "browser",
        }
        raw = json.dumps({"records": records, **stated}, separators=(",", ":")).encode() + b"\n"
        pages.append(zlib.compress(raw))
        made += len(raw)
        index += 1
    content = b"".join(pages)
    place = folder / session_id / view_id
    place.mkdir(parents=True)
    (place / page_name(0)).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    page = PageFile(
        file=page_name(0), size=len(content), sha256=digest, paging=None, next_paging=None, status=200, headers={}
    )
    url = f"https://api.datadoghq.com/api/v2/rum/replay/sessions/{session_id}/views/{view_id}/segments"
    write_manifest(place, Manifest(url=url, query={}, pages=(page,), end="no token found"))
    return made


def _uuid(name: str) -> str:
    digits = hashlib.sha256(name.encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


@contextlib.contextmanager
def _executor(side: str) -> Iterator[tuple[Executor | None, Callable[[], float]]]:
    """The executor, and the processor time that its workers have used, once they are no longer needed."""
    if side == "one":
        yield None, lambda: 0.0
    elif side == "processes":
        processes = OwnProcesses(_WORKERS)

        def used() -> float:
            processes.shutdown()
            children = resource.getrusage(resource.RUSAGE_CHILDREN)
            return children.ru_utime + children.ru_stime

        yield processes, used
    else:
        distributed: Any = import_module("distributed")
        with (
            distributed.LocalCluster(n_workers=_WORKERS, threads_per_worker=1, dashboard_address=None) as cluster,
            distributed.Client(cluster) as client,
        ):
            client.run(_import)
            before = sum(client.run(time.process_time).values())
            yield client.get_executor(pure=False), lambda: sum(client.run(time.process_time).values()) - before


def _import() -> None:
    import rum_replay.segments.exports  # noqa: F401


def _main(side: str, source: str, output: str) -> None:
    with _executor(side) as (executor, used):
        memory, started, processor = peak_memory(), time.perf_counter(), time.process_time()
        done = segments.export(source, output, executor=executor)
        elapsed, parent = time.perf_counter() - started, time.process_time() - processor
        assert done.rows["records"] > 0
        assert not done.failed
        print(elapsed, parent, used(), peak_memory() - memory)


if __name__ == "__main__":
    os.environ.setdefault("DASK_DISTRIBUTED__LOGGING__DISTRIBUTED", "error")
    if sys.argv[1] == "sessions":
        print(make_sessions(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])), "bytes of JSON")
    else:
        _main(*sys.argv[1:])
