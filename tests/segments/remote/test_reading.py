"""Segments at URLs are read like those in folders."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from rum_replay import ConfigurationError, FileError, InvalidRequestError, segments
from rum_replay.segments import heatmap

from ..work.many_sessions import session, write_download
from .conftest import SECRET

Upload = Callable[[Path], str]


def numbers(recording: segments.Recording) -> list[tuple[str | None, int]]:
    return [(view.session_id, sum(1 for _ in view.raw_records())) for view in recording.views]


def test_a_folder_is_read_as_it_is_here(source: Path, upload: Upload) -> None:
    url = upload(source)
    here, there = segments.open(source), segments.open(url)
    assert len(here.views) == 3
    assert numbers(there) == numbers(here)
    assert [one.source for one in there.unreadable] == [one.source for one in here.unreadable]


def test_single_files_and_downloads_have_urls_too(source: Path, upload: Upload) -> None:
    url = upload(source)
    several = [f"{url}/0-1.zlib", f"{url}/1-1.zlib", f"{url}/downloads/3", f"{url}/downloads/4/"]
    here = [str(source / name.removeprefix(f"{url}/")) for name in several]
    assert numbers(segments.open(several)) == numbers(segments.open(here)) != []


def test_sessions_are_summarized_one_by_one_in_the_order_of_a_folder(source: Path, upload: Upload) -> None:
    expected = segments.summarize(source)
    assert segments.summarize(upload(source)) == expected
    assert len(expected.sessions) == 3


def test_workers_read_for_themselves(source: Path, upload: Upload) -> None:
    url = upload(source)
    with ProcessPoolExecutor(1, get_context("spawn")) as executor:
        assert segments.summarize(url, executor=executor) == segments.summarize(source)


def test_heatmaps_are_of_all_sessions(source: Path, upload: Upload) -> None:
    found = heatmap.heatmap_of(upload(source))
    assert found.clicks == heatmap.heatmap_of(source).clicks != ()


def test_nothing_is_left_in_the_temporary_folder(
    source: Path, upload: Upload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = upload(source)
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    recording = segments.open(url)
    (copy,) = folder.iterdir()
    assert not [path for path in copy.rglob("*") if path.name in ("archive.sqlite", "view-event.json")]
    view = recording.views[0]
    del recording
    gc.collect()
    assert copy.exists()
    assert sum(1 for _ in view.raw_records()) > 0
    del view
    segments.summarize(url)
    gc.collect()
    assert list(folder.iterdir()) == []


def test_a_forked_process_that_ends_leaves_the_copy_to_its_parent(source: Path, tmp_path: Path) -> None:
    program = """
import os, sys, tempfile
from rum_replay import segments

recording = segments.open(sys.argv[1])
child = os.fork()
if child == 0:
    sys.exit()
os.waitpid(child, 0)
(copy,) = os.listdir(tempfile.gettempdir())
print(len(os.listdir(os.path.join(tempfile.gettempdir(), copy))) > 0)
"""
    (tmp_path / "temporary").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", program, source.as_uri()],
        env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.stdout, done.stderr) == ("True\n", "")
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_page_that_is_not_the_listed_one_is_named_by_its_url(tmp_path: Path, upload: Upload) -> None:
    folder = tmp_path / "download"
    write_download(folder, session(1), session="session-1", view="view-1")
    (folder / "page-00000.bin").write_bytes(session(2))
    url = upload(folder)
    with pytest.raises(segments.SegmentError, match=rf"^{url}/page-00000.bin is not the page that the manifest lists"):
        segments.open(url)


def test_what_cannot_be_read_is_reported_and_the_rest_is_done(source: Path, upload: Upload, tmp_path: Path) -> None:
    (source / "downloads/3/manifest.json").write_text("{}")
    url = upload(source)
    done = segments.export(url, tmp_path / "out", format="csv")
    (failed,) = done.failed
    assert failed.files == (f"{url}/downloads/3",)
    assert f"{url}/downloads/3/manifest.json is not the manifest of a download" in str(failed)
    assert done.rows["sessions"] == 2


def test_names_that_lead_elsewhere_are_refused(s3: Any, bucket: str, tmp_path: Path) -> None:
    s3.pipe_file(f"{bucket}/a/b/../../../../{tmp_path}/planted", b"{}")
    with pytest.raises(FileError, match="which cannot have this name here"):
        segments.open(f"s3://{bucket}/a")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "error", "message"),
    [
        ("s3://{bucket}/nothing", FileError, "cannot be read: there is no such file or folder"),
        ("s3://no-such-bucket-{bucket}/a", FileError, "s3://no-such-bucket-{bucket}/a cannot be read: "),
        ("nothing-like-this://a/b", InvalidRequestError, "nothing-like-this://a/b cannot be used: "),
        ("gs://a/b", ConfigurationError, "gs://a/b cannot be used: .*gcsfs"),
        ("zip://a.json::s3://{bucket}/a.zip", InvalidRequestError, "is several URLs in one"),
    ],
)
def test_errors_say_what_was_wrong(bucket: str, url: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message.format(bucket=bucket)):
        segments.open(url.format(bucket=bucket))


def test_no_error_holds_credentials() -> None:
    with pytest.raises(FileError) as caught:
        segments.open("http://user:p4ssw0rd@127.0.0.1:1/a.json?X-Amz-Signature=51gn")
    assert str(caught.value).startswith("http://127.0.0.1:1/a.json cannot be read: ")
    shown = "".join(traceback.format_exception(caught.value))
    assert not [secret for secret in ("p4ssw0rd", "51gn", SECRET) if secret in shown.partition("segments.open(")[0]]
    assert not [secret for secret in ("p4ssw0rd", "51gn", SECRET) if secret in str(caught.value)]
