"""The files of a data set: where they are, when they change, and what cannot happen to them."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import resource
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rum_replay import ConfigurationError, FileError, InvalidRequestError, ReplayError, segments
from rum_replay.segments.exports import FORMATS, Format, export
from rum_replay.segments.exports import _columns as columns
from rum_replay.segments.exports._partitions import file_stem, partition

from ..made import START, click, event, meta, page, recording, segment, snapshot
from ..recorded import FOLDERS, segment_files

DOCS = Path(__file__).parents[3] / "docs"
HOSTILE_IDS = [
    "../../../etc/passwd",
    "..",
    ".",
    "",
    "/etc/passwd",
    "C:\\Windows",
    "a/b",
    "a\\b",
    "a\x00b",
    "a\nb",
    "day=2020-01-01",
    "*?[x]",
    "CON",
    "x" * 5000,
    "漢" * 500,
    "__HIVE_DEFAULT_PARTITION__",
    "%2e%2e%2f",
]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def view(name: str, *at: float, **metadata: Any) -> segments.Recording:
    return segments.open(segment(meta(), snapshot(), *(click(one) for one in at), view=name, **metadata))


@pytest.mark.parametrize("format", FORMATS)
class TestAllFormats:
    def test_the_same_recordings_give_the_same_bytes(self, tmp_path: Path, format: Format) -> None:
        for folder in ("one", "other"):
            export((segments.open(segment_files(one)) for one in FOLDERS), tmp_path / folder, format=format)
        first, second = contents(tmp_path / "one"), contents(tmp_path / "other")
        assert first == second
        assert len(first) == 14 + 14 + 7

    def test_exporting_again_changes_nothing(self, tmp_path: Path, format: Format) -> None:
        made = page(click(1))
        export(made, tmp_path, format=format)
        before = contents(tmp_path)
        export(made, tmp_path, format=format)
        assert contents(tmp_path) == before

    def test_a_view_that_is_exported_again_is_replaced_and_others_stay(self, tmp_path: Path, format: Format) -> None:
        export([view("a", 1), view("b", 1)], tmp_path, format=format)
        before = contents(tmp_path)
        export(view("a", 1, 2), tmp_path, format=format)
        after = contents(tmp_path)
        assert after.keys() == before.keys()
        changed = {name.split("/")[0] + name.split("/")[-1][:2] for name in before if before[name] != after[name]}
        assert changed == {"recordsa-", "viewsa-", "sessionsse"}

    def test_a_view_moves_when_its_day_or_application_becomes_known(self, tmp_path: Path, format: Format) -> None:
        export(segments.open(segment(view="a", start=None, end=None, application=None)), tmp_path, format=format)
        assert all("day=__HIVE" in name for name in contents(tmp_path))
        export(segments.open(segment(meta(-86_400_000), view="a")), tmp_path, format=format)
        partitions = {str(Path(name).parent) for name in contents(tmp_path)}
        assert partitions == {
            f"{table}/application_id=app/day=2026-11-20" for table in ("records", "views", "sessions")
        }
        assert len(contents(tmp_path)) == 3

    def test_a_failure_midway_leaves_the_old_file_and_nothing_else(self, tmp_path: Path, format: Format) -> None:
        file = tmp_path / "segment.json"
        file.write_bytes(segment(meta(), snapshot(), click(1)))
        vanishing = segments.open(file, limits=segments.Limits(max_held=0))
        export(vanishing, tmp_path / "out", format=format)
        before = contents(tmp_path / "out")
        file.unlink()
        with pytest.raises(ReplayError, match="cannot be read"):
            export(vanishing, tmp_path / "out", format=format)
        assert contents(tmp_path / "out") == before

    def test_a_full_disk_is_reported_and_leaves_the_old_file(self, tmp_path: Path, format: Format) -> None:
        export(view("a", 1), tmp_path, format=format)
        before = contents(tmp_path)
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
        try:
            with pytest.raises(FileError, match=r"/records/.* cannot be written: File too large") as raised:
                export(view("a", *range(3_000)), tmp_path, format=format)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert raised.value.errno == errno.EFBIG
        assert contents(tmp_path) == before

    @pytest.mark.parametrize("hostile", HOSTILE_IDS)
    def test_no_id_can_point_outside_the_folder(self, tmp_path: Path, format: Format, hostile: str) -> None:
        out = tmp_path / "deep" / "out"
        made = view("a", 1, application=hostile, session=hostile)
        other = segments.open(segment(meta(), snapshot(), view=hostile, session=hostile, application=hostile))
        done = export([made, other], out, format=format)
        assert {path for path in tmp_path.rglob("*") if path.is_file()} == set(done.files)
        assert len(done.files) == 5
        for path in done.files:
            table, application, day, name = path.relative_to(out).parts
            assert table in ("records", "views", "sessions")
            assert re.fullmatch(r"application_id=[\w%-]{1,120}", application, re.ASCII)
            assert day == "day=2026-11-21"
            assert re.fullmatch(rf"[\w%-]{{0,60}}-[0-9a-f]{{16}}\.{format}", name, re.ASCII)

    @pytest.mark.parametrize("file", ["out", "out/records", "out/views", "out/records/application_id=app"])
    def test_a_file_in_the_place_of_a_folder_is_reported(self, tmp_path: Path, format: Format, file: str) -> None:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("a file")
        with pytest.raises(FileError, match=r"/out.* cannot be written: (File exists|Not a directory)") as raised:
            export(page(click(1)), tmp_path / "out", format=format)
        assert isinstance(raised.value.__cause__, OSError)
        assert str(raised.value.filename).startswith(str(tmp_path / file))
        assert (tmp_path / file).read_text() == "a file"
        assert not list(tmp_path.rglob(".*"))


@pytest.mark.parametrize("format", FORMATS)
class TestOneFilePerTable:
    def test_each_table_is_one_file_with_the_application(self, tmp_path: Path, format: Format) -> None:
        both = [view("a", 5, 10), view("b", 7, application="other")]
        done = export(both, tmp_path / "new" / "out", format=format, one_file_per_table=True)
        assert [path.name for path in done.files] == [f"{table}.{format}" for table in ("records", "views", "sessions")]
        assert sorted(done.files) == sorted(path for path in tmp_path.rglob("*") if path.is_file())
        assert done.rows == {"records": 7, "views": 2, "sessions": 1}
        reader = {"jsonl": "read_json", "csv": "read_csv", "parquet": "read_parquet"}[format]
        rows = duckdb.sql(f"SELECT application_id, view_id FROM {reader}('{done.files[0]}')")
        assert rows is not None
        assert rows.fetchall() == [("app", "a")] * 4 + [("other", "b")] * 3

    def test_a_view_that_occurs_twice_counts_once(self, tmp_path: Path, format: Format) -> None:
        done = export([view("a", 5), view("a", 5, 10)], tmp_path, format=format, one_file_per_table=True)
        assert done.rows == {"records": 3, "views": 1, "sessions": 1}

    def test_earlier_files_are_replaced_as_a_whole_and_others_stay(self, tmp_path: Path, format: Format) -> None:
        export(view("a", 5), tmp_path, format=format)
        partitions = contents(tmp_path)
        export(view("b", 5), tmp_path, format=format, one_file_per_table=True)
        export(view("c", 5), tmp_path, format=format, one_file_per_table=True)
        after = contents(tmp_path)
        assert partitions.items() <= after.items()
        (tmp_path / "again").mkdir()
        alone = export(view("c", 5), tmp_path / "again", format=format, one_file_per_table=True)
        assert [path.read_bytes() for path in alone.files] == [after[path.name] for path in alone.files]

    def test_a_failure_leaves_the_old_files_and_nothing_else(self, tmp_path: Path, format: Format) -> None:
        export(view("a", 5), tmp_path, format=format, one_file_per_table=True)
        before = contents(tmp_path)
        with pytest.raises(ZeroDivisionError):
            export(failing_after(view("b", 5)), tmp_path, format=format, one_file_per_table=True)
        assert contents(tmp_path) == before

    def test_a_full_disk_is_reported_with_the_file(self, tmp_path: Path, format: Format) -> None:
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
        try:
            with pytest.raises(
                FileError, match=rf"/(records|views|sessions)\.{format} cannot be written: File too large"
            ):
                export(view("a", *range(3_000)), tmp_path / "out", format=format, one_file_per_table=True)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert not (tmp_path / "out").exists()


def failing_after(recording: segments.Recording) -> Iterator[segments.Recording]:
    yield recording
    raise ZeroDivisionError


@pytest.mark.parametrize("one_file_per_table", [True, False])
def test_a_failure_leaves_no_folder_that_was_made(tmp_path: Path, one_file_per_table: bool) -> None:
    with pytest.raises(InvalidRequestError):
        export([None], tmp_path / "a" / "b", format="csv", one_file_per_table=one_file_per_table)
    assert list(tmp_path.iterdir()) == []


def test_the_day_is_the_one_in_utc_on_which_the_view_began(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    midnight = START - 3 * 3_600_000
    over = segment({**meta(), "timestamp": midnight - 1}, {**meta(), "timestamp": midnight + 86_400_000})
    done = export(segments.open(over), tmp_path, format="csv")
    assert {path.parent.name for path in done.files} == {"day=2026-11-20"}
    (records,) = tmp_path.glob("records/*/*/*.csv")
    assert len(records.read_text().splitlines()) == 3


def test_an_unknown_application_or_day_is_null_for_engines(tmp_path: Path) -> None:
    export(recording(start=None, end=None, application=None), tmp_path)
    assert duckdb.execute(f"SELECT application_id, day FROM '{tmp_path}/views/**/*.parquet'").fetchall() == [
        (None, None)
    ]


def test_different_ids_have_different_files_even_if_case_does_not_count() -> None:
    stems = [
        file_stem(*ids)
        for ids in (("s", "a"), ("s", "A"), ("t", "a"), (None, "a"), ("s", None), ("s", "None"), ("s", ""))
    ]
    assert len({stem.lower() for stem in stems}) == len(stems)
    long = [file_stem("s", "é" * 100 + end) for end in "ab"]
    assert len(set(long)) == 2
    assert all(re.fullmatch(r"(%[0-9A-F]{2})+-[0-9a-f]{16}", stem) for stem in long)
    assert partition("x" * 120, None) == f"application_id={'x' * 120}/day=__HIVE_DEFAULT_PARTITION__"
    assert partition("x" * 121, "d") == f"application_id=sha256-{hashlib.sha256(b'x' * 121).hexdigest()}/day=d"
    assert [len(file_stem("x" * length)) for length in (59, 60, 61)] == [59 + 17, 60 + 17, 60 + 17]
    partitions = [
        partition(one, None).lower() for one in ("Ab/é", "aB/é", "ab/é", "%41b/é", "ab/%c3%a9", "A" * 121, "a" * 121)
    ]
    assert len(set(partitions)) == len(partitions)
    assert partition("a b", "2026-11-21") == "application_id=a%20b/day=2026-11-21"


def test_applications_whose_ids_differ_by_case_are_apart_and_engines_read_their_ids(tmp_path: Path) -> None:
    names = ["App", "aPP", "app"]
    export([view(name, 1, application=name, session=name) for name in names], tmp_path)
    folders = [folder.name.lower() for folder in (tmp_path / "views").iterdir()]
    assert len(set(folders)) == len(folders) == 3
    found = duckdb.execute(f"SELECT application_id FROM '{tmp_path}/views/**/*.parquet' ORDER BY ALL").fetchall()
    assert found == [("App",), ("aPP",), ("app",)]


def test_sessions_cover_all_views_that_are_exported_together(tmp_path: Path) -> None:
    done = export(iter([view("a", 1), view("b", 2, 3), view("a", 1, 2, 3)]), tmp_path)
    rows = duckdb.execute(f"SELECT session_id, views, clicks FROM '{tmp_path}/sessions/**/*.parquet'").fetchall()
    assert rows == [("session", 2, 5)]
    assert done.rows == {"records": 3 + 4 + 5, "views": 3, "sessions": 1}
    assert len(done.files) == 5


def test_recordings_are_opened_one_after_another(tmp_path: Path) -> None:
    seen: list[int] = []

    def recordings() -> Iterator[segments.Recording]:
        for name in "abc":
            seen.append(len(list(tmp_path.glob("records/*/*/*.jsonl"))))
            yield view(name, 1)

    export(recordings(), tmp_path, format="jsonl")
    assert seen == [0, 1, 2]


def test_a_recording_without_views_writes_no_files(tmp_path: Path) -> None:
    done = export(segments.open(b""), tmp_path / "out")
    assert (done.files, done.rows) == ((), {"records": 0, "views": 0, "sessions": 0})
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"format": "xml"}, "there is no export format 'xml'; use jsonl, csv, parquet"),
        ({"format": None}, "format must be a string, not NoneType"),
        ({"format": ["csv"]}, "format must be a string, not list"),
        ({"folder": None}, "folder must be a path, not NoneType"),
        ({"folder": 5}, "folder must be a path, not int"),
        ({"folder": ""}, "folder is empty"),
        ({"recordings": None}, "recordings must be an iterable of Recording, not NoneType"),
        ({"recordings": [None]}, r"recordings\[0\] must be a Recording, or a source such as a path, not NoneType"),
        ({"recordings": [5]}, "segments cannot be read from int"),
        ({"recordings": ""}, "the path is empty"),
        ({"recordings": [b"{}", page()]}, r"recordings\[1\] must be a source like those before it, not Recording"),
        ({"executor": 5}, "executor must be an executor of concurrent.futures, not int"),
        ({"force": 1}, "force must be True or False, not int"),
        ({"progress": 1}, "progress must be a function, not int"),
    ],
)
def test_arguments_that_make_no_sense_are_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: dict[str, Any], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidRequestError, match=message):
        export(**{"recordings": page(), "folder": "out", **arguments})
    assert list(tmp_path.iterdir()) == []


def test_without_pyarrow_parquet_is_an_error_and_the_other_formats_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ConfigurationError, match=r'pip install .*\[analysis\]"') as raised:
        export(page(), tmp_path / "out")
    assert isinstance(raised.value, ReplayError)
    assert not (tmp_path / "out").exists()
    assert len(export(page(), tmp_path, format="csv").files) == 3


def test_pyarrow_is_imported_for_parquet_only(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from rum_replay import segments\n"
        "from rum_replay.segments.exports import export\n"
        "from rum_replay.segments.summary import summarize\n"
        f"export(segments.open({os.fspath(segment_files(FOLDERS[0])[0])!r}), {os.fspath(tmp_path)!r}, format='csv')\n"
        "assert 'pyarrow' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
    assert len(list(tmp_path.rglob("*.csv"))) == 3


def test_parquet_is_the_default_format(tmp_path: Path) -> None:
    done = export(page(), tmp_path)
    assert (done.format, {path.suffix for path in done.files}) == ("parquet", {".parquet"})


def test_large_views_are_written_in_row_groups(tmp_path: Path) -> None:
    moves = (event(1, n, positions=[]) for n in range(7_000))
    export(recording(meta(), *moves), tmp_path)
    (file,) = tmp_path.glob("records/*/*/*.parquet")
    metadata = import_module("pyarrow.parquet").ParquetFile(file).metadata
    assert [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)] == [5_000, 2_001]
    assert metadata.row_group(0).column(0).compression == "ZSTD"


def test_row_groups_of_long_texts_are_smaller(tmp_path: Path) -> None:
    text = "x" * (4 << 20)
    export(recording(*({**event(1, n, positions=[]), "padding": text} for n in range(5))), tmp_path)
    (file,) = tmp_path.glob("records/*/*/*.parquet")
    metadata = import_module("pyarrow.parquet").ParquetFile(file).metadata
    assert [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)] == [2, 2, 1]


@pytest.mark.no_cover  # Tracing takes memory too.
def test_memory_does_not_grow_with_the_number_of_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "_BATCH_BYTES", 4_000_000)

    def peak(count: int) -> int:
        padding = "x" * 10_000
        made = segment(meta(), *({**event(1, n, positions=[]), "padding": padding} for n in range(count)))
        recorded = segments.open(made, limits=segments.Limits(max_held=0))
        tracemalloc.start()
        try:
            export(recorded, tmp_path, format="jsonl")
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(1_000) < peak(1) + 1.9 * 4_000_000  # less than two batches, although 10 MB are read


def queries() -> list[str]:
    """The queries in the documentation."""
    return [
        query
        for guide in sorted(DOCS.rglob("*.md"))
        for query in re.findall(r"^```sql\n(.*?)^```", guide.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    ]


def test_the_query_in_the_guide_finds_the_ten_most_clicked_elements(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (query,) = (query for query in queries() if "LIMIT 10" in query)
    monkeypatch.chdir(tmp_path)
    export((segments.open(segment_files(folder)) for folder in FOLDERS), "replays")
    found = duckdb.execute(query).fetchall()
    assert [row[:4] for row in found] == [
        ("#rage", "Rage", 35, 7),
        ("#buy", "Buy", 21, 7),
        ("#boom", "Boom", 7, 7),
        ("#cb", None, 7, 7),
        ("#dead", "Dead button", 7, 7),
        ("#name", None, 7, 7),
        ("#pw", None, 7, 7),
        ("#r2", None, 7, 7),
        ("#ta", None, 7, 7),
    ]
    assert [row[4:] for row in found[:3]] == [(229, 137), (52, 137), (195, 143)]
