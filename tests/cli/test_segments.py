"""`rum-replay segments download` and `pages`: the downloaded bytes are the recorded ones."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from rum_replay_emulator.sample import SampleSession

from .bench import CommandLine


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_download_saves_the_recorded_bytes_and_lists_their_sha256(
    rum_replay: CommandLine, sample: SampleSession, tmp_path: Path
) -> None:
    view = sample.views[0]
    folder = tmp_path / "replay"
    result = rum_replay(
        *("segments", "download", sample.session_id, view.view_id, str(folder), "--max-list-size", "1")
    ).succeeded()
    files = sorted(folder.glob("page-*.bin"))
    assert [file.read_bytes() for file in files] == list(view.segments)
    assert [line.split() for line in result.lines[:-1]] == [
        ["file", "bytes", "SHA-256"],
        *([file.name, str(len(segment)), sha256(segment)] for file, segment in zip(files, view.segments, strict=True)),
    ]
    total = sum(map(len, view.segments))
    assert result.lines[-1] == f"{total} bytes in 3 pages in {folder}; ended at: no token found"


def test_download_as_json_is_one_object_with_all_pages(
    rum_replay: CommandLine, sample: SampleSession, tmp_path: Path
) -> None:
    view = sample.views[0]
    arguments = ["segments", "download", sample.session_id, view.view_id, str(tmp_path), "--json"]
    (download,) = rum_replay(*arguments).succeeded().objects
    assert download["directory"] == str(tmp_path)
    assert [page["sha256"] for page in download["pages"]] == [sha256(b"".join(view.segments))]
    assert download["pages"] == json.loads((tmp_path / "manifest.json").read_text())["pages"]


def test_a_finished_download_is_not_fetched_again(
    rum_replay: CommandLine, sample: SampleSession, tmp_path: Path
) -> None:
    arguments = ["segments", "download", sample.session_id, sample.views[0].view_id, str(tmp_path)]
    first = rum_replay(*arguments).succeeded()
    rum_replay.emulator.requests.clear()
    assert rum_replay(*arguments).succeeded().out == first.out
    assert rum_replay.operations == []


def test_all_options_reach_the_server(rum_replay: CommandLine, sample: SampleSession, tmp_path: Path) -> None:
    options = ["--source", "blob", "--ts", "2026-07-01T12:00:00Z", "--max-list-size", "1"]
    for verb in (["pages"], ["download"]):
        folder = [str(tmp_path)] if verb == ["download"] else []
        rum_replay("segments", *verb, sample.session_id, sample.views[1].view_id, *folder, *options).succeeded()
        assert dict(rum_replay.emulator.requests[-1].query) == {
            "source": "blob",
            "ts": "1782907200000",
            "max_list_size": "1",
        }


def test_one_page_is_not_several(rum_replay: CommandLine, sample: SampleSession, tmp_path: Path) -> None:
    arguments = ["segments", "download", sample.session_id, sample.views[1].view_id, str(tmp_path)]
    assert " in 1 page in " in rum_replay(*arguments).succeeded().lines[-1]


def test_a_download_that_fails_leaves_no_directory(rum_replay: CommandLine, tmp_path: Path) -> None:
    assert "404" in rum_replay("segments", "download", "nobody", "nothing", str(tmp_path / "a" / "b")).failed()
    assert list(tmp_path.iterdir()) == []


def test_pages_lists_without_saving_and_its_tokens_can_be_passed_back(
    rum_replay: CommandLine, sample: SampleSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    view = sample.views[0]
    arguments = ["segments", "pages", sample.session_id, view.view_id, "--max-list-size", "1", "--json"]
    pages = rum_replay(*arguments).succeeded().objects
    assert [(page["page"], page["size"], page["sha256"]) for page in pages] == [
        (number, len(segment), sha256(segment)) for number, segment in enumerate(view.segments)
    ]
    later = rum_replay(*arguments, "--paging", pages[0]["next_paging"]).succeeded().objects
    assert [page["sha256"] for page in later] == [sha256(segment) for segment in view.segments[1:]]
    assert list(tmp_path.iterdir()) == []


def test_pages_as_a_table(rum_replay: CommandLine, sample: SampleSession) -> None:
    view = sample.views[1]
    lines = rum_replay("segments", "pages", sample.session_id, view.view_id).succeeded().lines
    segment = view.segments[0]
    assert lines[1].split() == ["0", str(len(segment)), sha256(segment), "application/octet-stream", "-"]


def test_a_directory_of_another_download_is_refused(
    rum_replay: CommandLine, sample: SampleSession, tmp_path: Path
) -> None:
    for view, status in zip(sample.views, (0, 1), strict=True):
        result = rum_replay("segments", "download", sample.session_id, view.view_id, str(tmp_path))
        assert result.status == status
    assert "use another directory" in result.failed()


def test_a_directory_that_cannot_be_written_is_one_line(
    rum_replay: CommandLine, sample: SampleSession, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    folder = str(tmp_path / "file" / "replay")
    line = rum_replay("segments", "download", sample.session_id, sample.views[0].view_id, folder).failed()
    assert folder in line
