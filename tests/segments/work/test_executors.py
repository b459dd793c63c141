"""One process, threads, processes and a cluster: the same result, whatever dies on the way."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from rum_replay import ConfigurationError, FileError, InvalidRequestError, SegmentError, segments
from rum_replay.segments._work.running import ATTEMPTS, run
from rum_replay.segments.exports import FORMATS, Format

from ..made import page
from .many_sessions import die_when_reading, die_when_writing, fail, session, write_sessions

pytestmark = pytest.mark.no_cover  # processes are not traced

SESSIONS = 8


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources") / "source"
    write_sessions(folder)
    return folder


@pytest.fixture(scope="module")
def pool() -> Iterator[Executor]:
    with processes(2) as executor:
        yield executor


def processes(count: int, **options: Any) -> ProcessPoolExecutor:
    context = get_context("forkserver")
    context.set_forkserver_preload(["rum_replay.segments.exports", "rum_replay.segments.heatmap", "pyarrow.parquet"])
    return ProcessPoolExecutor(count, mp_context=context, **options)


def tables(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".manifest")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize("one_file_per_table", [False, True])
@pytest.mark.parametrize("format", FORMATS)
def test_tables_are_the_same_bytes_no_matter_who_wrote_them(
    source: Path, pool: Executor, tmp_path: Path, format: Format, one_file_per_table: bool
) -> None:
    options: dict[str, Any] = {"format": format, "one_file_per_table": one_file_per_table}
    expected = segments.export(segments.open(source), tmp_path / "opened", **options)
    given: dict[str, tuple[Any, Executor | None]] = {
        "here": (source, None),
        "threads": (str(source), ThreadPoolExecutor(2)),
        "processes": ([source], pool),
        "sent": (segments.open(source), pool),
        "bytes": ([path.read_bytes() for path in sorted(source.glob("*.zlib"))], None),
    }
    for name, (recordings, executor) in given.items():
        done = segments.export(recordings, tmp_path / name, executor=executor, **options)
        if name != "bytes":
            assert tables(tmp_path / name) == tables(tmp_path / "opened"), name
            assert (done.rows, sorted(path.name for path in done.files), done.failed) == (
                expected.rows,
                sorted(path.name for path in expected.files),
                (),
            )
    assert expected.rows["sessions"] == SESSIONS


def test_summaries_are_the_same(source: Path, pool: Executor) -> None:
    expected = segments.summarize(segments.open(source))
    assert [len(one) for one in (expected.sessions, expected.views)] == [SESSIONS, 9]
    assert any("cut copies" in problem for problem in expected.problems)
    for executor in (None, pool):
        assert segments.summarize(source, executor=executor) == expected
        assert segments.summarize(segments.open(source), executor=executor) == expected


def test_heatmaps_are_the_same(source: Path, pool: Executor) -> None:
    def parts(heatmap: segments.Heatmap) -> list[Any]:
        return [heatmap.clicks, heatmap.left_out, heatmap.time, heatmap.markup, heatmap.width, heatmap.height]

    expected = parts(segments.heatmap_of(segments.open(source)))
    assert len(expected[0]) > SESSIONS
    for executor in (None, pool):
        assert parts(segments.heatmap_of(str(source), executor=executor)) == expected
        assert parts(segments.heatmap_of([segments.open(source)], executor=executor)) == expected


def test_of_a_view_that_occurs_twice_the_same_occurrence_counts(source: Path, pool: Executor, tmp_path: Path) -> None:
    paths = [tmp_path / "first.zlib", tmp_path / "last.zlib"]
    paths[0].write_bytes(session(1))
    paths[1].write_bytes(session(3, session="session-1", view="view-1"))
    ways: list[tuple[Any, Executor | None]] = [
        ([segments.open(path) for path in paths], None),
        (paths, None),
        (paths, pool),
    ]
    for whole, clicks in ((False, 4), (True, 2)):
        outcomes: list[dict[str, bytes]] = []
        for number, (given, executor) in enumerate(ways):
            out = tmp_path / f"{whole}-{number}"
            segments.export(given, out, format="jsonl", one_file_per_table=whole, executor=executor)
            outcomes.append(tables(out))
        assert outcomes[0] == outcomes[1] == outcomes[2]
        (views,) = [content for name, content in outcomes[0].items() if "views" in name]
        assert b'"clicks":%d' % clicks in views
    assert [view.clicks for view in segments.summarize(paths, executor=pool).views] == [4]


def test_what_only_this_process_can_read_is_worked_on_here(pool: Executor) -> None:
    content = session(1) + session(2)
    large = segments.open(io.BytesIO(content), limits=segments.Limits(max_held=0))
    summary = segments.summarize(large, executor=pool)
    assert [one.session_id for one in summary.sessions] == ["session-1", "session-2"]
    assert segments.summarize(io.BytesIO(content), executor=pool) == summary


def test_a_worker_that_dies_while_it_writes_changes_no_byte(source: Path, tmp_path: Path) -> None:
    segments.export(source, tmp_path / "expected", format="csv")
    marker = tmp_path / "died"
    with processes(2, initializer=die_when_writing, initargs=(str(marker),)) as executor:
        done = segments.export(source, tmp_path / "out", format="csv", executor=executor)
    assert marker.exists()
    assert done.failed == ()
    assert tables(tmp_path / "out") == tables(tmp_path / "expected")


def test_a_session_of_which_workers_die_is_tried_three_times_and_reported(source: Path, tmp_path: Path) -> None:
    tally = tmp_path / "tally"
    with processes(2, initializer=die_when_reading, initargs=("several/all.zlib", str(tally))) as executor:
        summary = segments.summarize(source, executor=executor)
    assert len(tally.read_bytes()) == ATTEMPTS == 3
    (failed,) = summary.failed
    assert failed.files == (str(source / "several/all.zlib"),)
    assert isinstance(failed.error, SegmentError)
    assert "all.zlib: the process that worked on it died, 3 times" in summary.problems[-1]
    assert len(summary.sessions) == SESSIONS - 2


def test_executors_that_cannot_do_anything_are_refused(source: Path, pool: Executor) -> None:
    with (
        processes(1, initializer=fail) as executor,
        pytest.raises(ConfigurationError, match="before they have done any"),
    ):
        segments.summarize(source, executor=executor)
    threads = ThreadPoolExecutor(1)
    threads.shutdown()
    with pytest.raises(InvalidRequestError, match="the executor takes no tasks: cannot schedule new futures"):
        segments.summarize(source, executor=threads)


def test_what_cannot_be_read_is_listed_and_the_rest_is_done(source: Path, pool: Executor, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "manifest.json").write_text("{")
    given = [tmp_path / "missing", tmp_path / "empty", tmp_path / "broken", source / "several", b"not a segment"]
    for executor in (None, pool):
        summary = segments.summarize(given, executor=executor)
        assert [one.session_id for one in summary.sessions] == ["session-7", "session-8"]
        kinds = {failed.files[0].removeprefix(f"{tmp_path}/"): type(failed.error) for failed in summary.failed}
        assert kinds == {"missing": FileError, "empty": SegmentError, "broken": SegmentError, "bytes": SegmentError}
        assert [problem for problem in summary.problems if "no segments in bytes: unknown format" in problem]
        with pytest.raises(FileError, match="missing cannot be read: No such file or directory"):
            segments.summarize(given[:2], executor=executor)


def test_progress_counts_sessions(source: Path, pool: Executor) -> None:
    seen: list[segments.SessionProgress] = []
    segments.summarize(source / "several", executor=pool, progress=seen.append)
    assert seen == [segments.SessionProgress(done=1, total=1)]  # one file
    seen.clear()
    segments.summarize([page(), segments.open(session(1))], executor=pool, progress=seen.append)
    assert [one.done for one in seen] == [1, 2]


class Unstartable(ProcessPoolExecutor):
    """Cannot start processes, as when the server that forks them has just died."""

    def submit(self, fn: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        raise EOFError("unexpected EOF")


def test_processes_that_cannot_be_started_are_started_again() -> None:
    executor = Unstartable(1, mp_context=get_context("forkserver"))
    assert dict(run(partial(pow, 2), range(3), executor)) == {0: 1, 1: 2, 2: 4}


class CountingExecutor(ThreadPoolExecutor):
    """Counts what was submitted and is not done yet."""

    def __init__(self, workers: int) -> None:
        super().__init__(workers)
        self.most = self.now = 0

    def submit(self, fn: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        self.now += 1
        self.most = max(self.most, self.now)
        future = super().submit(fn, *arguments, **named)
        future.add_done_callback(self._note)
        return future

    def _note(self, _: Future[Any]) -> None:
        self.now -= 1


def test_few_tasks_are_in_flight() -> None:
    with CountingExecutor(2) as executor:
        assert dict(run(partial(pow, 2), range(5_000), executor))[10] == 1024
    assert executor.most <= 4
