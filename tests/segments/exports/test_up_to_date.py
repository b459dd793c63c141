"""A second export writes what has changed, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from rum_replay import FileError, segments
from rum_replay.segments.exports import _earlier as earlier

from ..work.many_sessions import session, write_download, write_sessions

SESSIONS = 8
LIST = earlier.FILE_NAME


@pytest.fixture
def source(tmp_path: Path) -> Path:
    write_sessions(tmp_path / "source")
    return tmp_path / "source"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def export(source: Path, out: Path, *, whole: bool = False, force: bool = False) -> segments.Export:
    return segments.export(source, out, format="csv", one_file_per_table=whole, force=force)


def files(out: Path) -> dict[str, int]:
    """All tables, with what changes when a file is written."""
    return {str(path.relative_to(out)): path.stat().st_ino for path in out.rglob("*.csv")}


def written(out: Path, before: dict[str, int]) -> set[str]:
    """The kinds of tables that were written since, and the ids in their names."""
    return {
        f"{name.split('/')[0]} {Path(name).name.rpartition('-')[0]}"
        for name, inode in files(out).items()
        if before.get(name) != inode
    }


@pytest.mark.parametrize("whole", [False, True])
def test_what_has_not_changed_is_not_written_again(source: Path, out: Path, whole: bool) -> None:
    first = export(source, out, whole=whole)
    before = files(out)
    again = export(source, out, whole=whole)
    assert (first.up_to_date, again.up_to_date) == (0, SESSIONS)
    assert (again.rows, again.files) == (first.rows, first.files)
    assert files(out) == before
    assert export(source, out, whole=whole, force=True).up_to_date == 0
    assert not files(out).items() & before.items()


def test_a_session_whose_bytes_have_changed_is_written_again(source: Path, out: Path) -> None:
    export(source, out)
    before = files(out)
    (source / "1-0.zlib").write_bytes(session(0, 1, index_in_view=2))
    assert export(source, out).up_to_date == SESSIONS - 1
    assert written(out, before) == {"records view-0", "views view-0", "sessions session-0"}
    (source / "1-0.zlib").write_bytes(session(0, 1))  # as it was, but its tables are not
    before = files(out)
    assert export(source, out).up_to_date == SESSIONS - 1
    assert written(out, before) == {"records view-0", "views view-0", "sessions session-0"}


def test_a_new_session_alone_is_written(source: Path, out: Path) -> None:
    export(source, out)
    before = files(out)
    write_download(source / "downloads/9", session(9), session="session-9", view="view-9")
    assert export(source, out).up_to_date == SESSIONS
    assert written(out, before) == {"records view-9", "views view-9", "sessions session-9"}


@pytest.mark.parametrize("table", ["records", "views", "sessions"])
def test_a_table_that_is_gone_or_not_as_it_was_is_written_again(source: Path, out: Path, table: str) -> None:
    export(source, out)
    (path,) = (path for path in (out / table).rglob("*.csv") if path.name.startswith(("view-3-", "session-3-")))
    content = path.read_bytes()
    path.unlink()
    assert export(source, out).up_to_date == SESSIONS - 1
    path.write_bytes(content[:-1] + b"x")
    assert export(source, out).up_to_date == SESSIONS - 1
    assert path.read_bytes() == content


def test_another_format_or_version_is_another_export(source: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export(source, out)
    assert segments.export(source, out, format="jsonl").up_to_date == 0
    assert export(source, out).up_to_date == SESSIONS
    monkeypatch.setattr(earlier, "__version__", "999")
    assert export(source, out).up_to_date == 0


@pytest.mark.parametrize("damage", ["cut", "garbage", "gone", "outside"])
def test_a_list_that_is_damaged_costs_only_time(source: Path, out: Path, damage: str) -> None:
    export(source, out)
    lines = (out / LIST).read_bytes().splitlines(keepends=True)
    content, known = {
        "cut": (b"".join(lines)[:-10], SESSIONS - 1),
        "garbage": (b"\xff\n{}\n" + b"".join(lines), SESSIONS),
        "gone": (b"", 0),
        "outside": (b"".join(lines).replace(b'"records/', b'"../records/'), 0),
    }[damage]
    (out / LIST).write_bytes(content)
    assert export(source, out).up_to_date == known
    assert export(source, out).up_to_date == SESSIONS


def test_what_could_not_be_read_is_tried_again(source: Path, out: Path) -> None:
    page = source / "downloads/3/page-00000.bin"
    content = page.read_bytes()
    for broken in (content[:-1], content[:-1] + b"x"):
        page.write_bytes(broken)
        for whole in (False, True):
            done = export(source, out, whole=whole)
            assert [failed.files for failed in done.failed] == [(str(source / "downloads/3"),)]
            assert done.rows["sessions"] == SESSIONS - 1
    page.write_bytes(content)
    for whole in (False, True):
        done = export(source, out, whole=whole)
        assert (done.rows["sessions"], done.failed) == (SESSIONS, ())


def test_a_failure_leaves_no_pieces(source: Path, out: Path) -> None:
    (out / "views.csv").mkdir(parents=True)
    with pytest.raises(FileError, match=r"views.csv cannot be written"):
        export(source, out, whole=True)
    assert [path.name for path in out.iterdir()] == ["views.csv"]


def test_a_table_that_cannot_be_written_ends_the_export(source: Path, out: Path) -> None:
    export(source, out)
    (path,) = (path for path in (out / "records").rglob("*.csv") if path.name.startswith("view-3-"))
    path.unlink()
    path.mkdir()
    with pytest.raises(FileError, match=r"view-3-[0-9a-f]*\.csv cannot be written: it is a folder"):
        export(source, out)
