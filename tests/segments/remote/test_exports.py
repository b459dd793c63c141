"""Tables that are written to URLs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rum_replay import FileError, segments
from rum_replay._cli.app import run
from rum_replay.segments.exports._earlier import FILE_NAME

from ..made import click, meta, segment, snapshot
from ..work.many_sessions import session, write_download

Upload = Callable[[Path], str]


def tables(s3: Any, url: str) -> dict[str, bytes]:
    """All files but the list, by their names below the URL."""
    folder = url.removeprefix("s3://")
    s3.invalidate_cache()
    return {path.removeprefix(f"{folder}/"): s3.cat_file(path) for path in s3.find(folder) if FILE_NAME not in path}


def tables_here(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != FILE_NAME
    }


@pytest.mark.parametrize("whole", [False, True])
def test_they_are_the_same_as_in_a_folder_and_are_not_written_again(
    s3: Any, bucket: str, source: Path, upload: Upload, tmp_path: Path, whole: bool
) -> None:
    url, folder = f"s3://{bucket}/tables", tmp_path / "tables"
    here = segments.export(source, folder, one_file_per_table=whole)
    there = segments.export(upload(source), url, one_file_per_table=whole)
    assert tables(s3, url) == tables_here(folder) != {}
    assert there.urls == tuple(f"{url}/{file.relative_to(folder).as_posix()}" for file in here.files)
    assert (there.files, here.urls) == ((), ())
    assert (there.folder, there.rows, there.up_to_date) == (url, here.rows, 0)
    again = segments.export(source, url, one_file_per_table=whole)
    assert (again.urls, again.rows) == (there.urls, there.rows)
    assert again.up_to_date == 3


def test_opened_recordings_are_written_as_well(s3: Any, bucket: str, source: Path, tmp_path: Path) -> None:
    recording = segments.open(source)
    segments.export([recording], tmp_path / "out", format="csv")
    segments.export([recording], f"s3://{bucket}/out", format="csv")
    assert tables(s3, f"s3://{bucket}/out") == tables_here(tmp_path / "out")


def test_only_what_was_changed_or_removed_is_written_again(s3: Any, bucket: str, source: Path) -> None:
    url = f"s3://{bucket}/tables"
    segments.export(source, url, format="csv")
    write_download(source / "downloads/9", session(9), session="session-9", view="view-9")
    removed = next(name for name in tables(s3, url) if name.startswith("records/") and "view-4" in name)
    s3.rm(f"{bucket}/tables/{removed}")
    done = segments.export(source, url, format="csv")
    assert done.up_to_date == 2
    assert removed in tables(s3, url)


def test_a_view_that_is_of_another_day_now_is_there_once(s3: Any, bucket: str, tmp_path: Path) -> None:
    file, url = tmp_path / "a.json", f"s3://{bucket}/tables"
    for shift in (0, 86_400_000):
        records = [{**one, "timestamp": one["timestamp"] + shift} for one in (meta(), snapshot(), click(5))]
        file.write_bytes(segment(*records))
        segments.export(file, url, format="csv")
    assert len([name for name in tables(s3, url) if name.startswith("views/")]) == 1


def test_a_run_that_fails_goes_on_where_it_was(s3: Any, bucket: str, source: Path, tmp_path: Path) -> None:
    url = f"s3://{bucket}/tables"

    def fail(progress: segments.SessionProgress) -> None:
        if progress.done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        segments.export(source, url, format="csv", progress=fail)
    assert segments.export(source, url, format="csv").up_to_date == 2
    segments.export(source, tmp_path / "out", format="csv")
    assert tables(s3, url) == tables_here(tmp_path / "out")


def test_what_cannot_be_written_ends_the_export(s3: Any, source: Path) -> None:
    with pytest.raises(FileError, match=r"^s3://no-such-bucket-here/tables cannot be (read|written): "):
        segments.export(source, "s3://no-such-bucket-here/tables", format="csv")


def test_commands_take_urls(
    s3: Any, bucket: str, source: Path, tmp_path: Path, upload: Upload, capsys: pytest.CaptureFixture[str]
) -> None:
    url, out = upload(source), f"s3://{bucket}/out"
    assert run(["--json", "segments", "export", f"{url}/downloads", "-o", out, "--format", "csv"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["folder"] == out
    assert sorted(report["files"]) == sorted(f"{out}/{name}" for name in tables(s3, out))
    page = tmp_path / "replay.html"
    assert run(["segments", "play", f"{url}/downloads/3", "-o", str(page)]) == 0
    assert b"session-3" in page.read_bytes()
    assert run(["segments", "summary", f"{url}/downloads"]) == 0
    assert "session-4" in capsys.readouterr().out
