"""Reading, writing and validating the manifest of a download."""

from __future__ import annotations

import errno
import json
import os
import resource
from pathlib import Path
from typing import Any

import attrs
import pytest
from rum_replay import FileError, PageFile, SegmentError, _manifest
from rum_replay._manifest import Manifest, ManifestWriter, read_manifest, write_manifest

PAGE = PageFile(
    file="page-00000.bin",
    size=3,
    sha256="ab" * 32,
    paging=None,
    next_paging="t",
    status=200,
    headers={"content-type": "text/plain; x=é"},
)
MANIFEST = Manifest(url="http://host/segments", query={"ts": 5, "source": "blob"}, pages=(PAGE,), end="repeated page")


def edited(folder: Path, page: dict[str, Any] | None = None, **members: Any) -> None:
    write_manifest(folder, MANIFEST)
    path = folder / "manifest.json"
    content = json.loads(path.read_bytes())
    content["pages"][0].update(page or {})
    path.write_text(json.dumps({**content, **members}))


def test_manifest_round_trips(tmp_path: Path) -> None:
    write_manifest(tmp_path, MANIFEST)
    assert read_manifest(tmp_path) == MANIFEST
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]
    assert json.loads((tmp_path / "manifest.json").read_bytes())["version"] == 1


def test_folder_without_a_manifest_gives_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None
    assert read_manifest(tmp_path / "missing") is None


def test_manifest_without_a_version_or_an_end_is_read_as_version_1(tmp_path: Path) -> None:
    edited(tmp_path)
    path = tmp_path / "manifest.json"
    content = json.loads(path.read_bytes())
    del content["version"], content["end"]
    path.write_text(json.dumps(content))
    manifest = read_manifest(tmp_path)
    assert manifest is not None
    assert (manifest.version, manifest.end, manifest.pages) == (1, None, (PAGE,))


@pytest.mark.parametrize("version", [0, 2, 99])
def test_unknown_version_is_rejected_before_other_content_is_checked(tmp_path: Path, version: int) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"version": version, "pages": "elsewhere"}))
    with pytest.raises(SegmentError, match=rf"it has version {version}, .* reads version 1 only"):
        read_manifest(tmp_path)


def test_unknown_members_are_ignored(tmp_path: Path) -> None:
    edited(tmp_path, page={"extra": 1}, more=[])
    assert read_manifest(tmp_path) == MANIFEST


@pytest.mark.parametrize(
    "content", ["", "[]", "5", "{}", '{"version": "1"}', '{"url": "u", "query": {}, "pages": [{}]}', "[" * 100_000]
)
def test_file_that_is_not_a_manifest_is_an_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(SegmentError, match="is not the manifest of a download"):
        read_manifest(tmp_path)


def test_text_that_is_not_utf_8_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(b'{"version":1,"url":"\xff","query":{},"pages":[]}')
    with pytest.raises(SegmentError, match="is not the manifest of a download"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("name", ["page-00001.bin", "page-0.bin", "a", "a..b", "manifest.json", "p" * 64])
def test_a_page_has_no_name_but_its_own(tmp_path: Path, name: str) -> None:
    edited(tmp_path, page={"file": name})
    with pytest.raises(SegmentError, match=rf"it lists '{name}' in the place of 'page-00000\.bin'"):
        read_manifest(tmp_path)


def page(number: int, **changes: Any) -> PageFile:
    return attrs.evolve(
        PAGE,
        **{
            "file": f"page-{number:05}.bin",
            "sha256": f"{number:064x}",
            "paging": f"t{number}" if number else None,
            "next_paging": f"t{number + 1}",
            **changes,
        },
    )


LAST = page(2, next_paging=None)
BELIEVED: dict[str, tuple[str | None, list[PageFile]]] = {
    "nothing yet": (None, []),
    "one page": (None, [page(0)]),
    "three pages": (None, [page(0), page(1), page(2)]),
    "a last page": ("no token found", [page(0), page(1), LAST]),
    "a token that returns": ("repeated token", [page(0), page(1, next_paging="t1")]),
    "a page that returns": ("repeated page", [page(0), page(1)]),
}
NOT_BELIEVED: dict[str, tuple[str | None, list[PageFile]]] = {
    "an end and no pages": ("no token found", []),
    "a repetition without pages": ("repeated page", []),
    "an end before the last page": ("no token found", [page(0), page(1)]),
    "a repeated token that is new": ("repeated token", [page(0), page(1)]),
    "a repeated page after the end": ("repeated page", [page(0), page(1), LAST]),
    "no end after the last page": (None, [page(0), page(1), LAST]),
    "another end": ("complete", [page(0)]),
    "a page twice": (None, [page(0), page(0)]),
    "the content of a page twice": (None, [page(0), page(1, sha256=page(0).sha256)]),
    "a page less at the beginning": (None, [page(1), page(2)]),
    "a page less in the middle": (None, [page(0), page(2)]),
    "a page less, and names that fit": (None, [page(0), page(2, file="page-00001.bin")]),
    "another order": (None, [page(1), page(0)]),
    "pages after the end": (None, [page(0, next_paging=None), page(1, paging=None)]),
    "a negative size": (None, [page(0, size=-1)]),
    "a short hash": (None, [page(0, sha256="ab")]),
    "a hash in capitals": (None, [page(0, sha256="AB" * 32)]),
    "an absolute name": (None, [page(0, file="/etc/passwd")]),
    "a name outside": (None, [page(0, file="../page-00000.bin")]),
}


@pytest.mark.parametrize("name", BELIEVED)
def test_what_a_download_writes_is_believed(tmp_path: Path, name: str) -> None:
    end, pages = BELIEVED[name]
    manifest = Manifest(url="u", query={}, pages=tuple(pages), end=end)
    write_manifest(tmp_path, manifest)
    assert read_manifest(tmp_path) == manifest


@pytest.mark.parametrize("name", NOT_BELIEVED)
def test_what_no_download_writes_is_not_believed(tmp_path: Path, name: str) -> None:
    end, pages = NOT_BELIEVED[name]
    write_manifest(tmp_path, Manifest(url="u", query={}, pages=tuple(pages), end=end))
    with pytest.raises(SegmentError, match="is not the manifest of a download: "):
        read_manifest(tmp_path)


def added(folder: Path, count: int) -> list[bytes]:
    """The file after each page that was added to it."""
    writer = ManifestWriter(folder, Manifest(url="u", query={}, pages=()))
    contents: list[bytes] = []
    for number in range(count):
        writer.add(page(number), None)
        contents.append((folder / "manifest.json").read_bytes())
    writer.close()
    return contents


def test_pages_are_added_one_by_one(tmp_path: Path) -> None:
    for number, content in enumerate(added(tmp_path, 4)):
        assert len(json.loads(content)["pages"]) == number + 1
    read = read_manifest(tmp_path)
    assert read is not None
    assert read.pages == tuple(map(page, range(4)))


@pytest.mark.parametrize("filler", [b"", b"\0", b"\0" * 4096])
def test_a_line_that_was_cut_off_by_the_end_of_the_machine_is_left_out(tmp_path: Path, filler: bytes) -> None:
    *_, before, after = added(tmp_path, 3)
    whole = before[: before.rindex(b"\n]")]
    assert after.startswith(whole)
    for cut in range(len(whole), len(after) + 1):
        # What was written over the old end arrived in part; the rest is the old end, or was never written.
        for content in (after[:cut] + filler, after[:cut] + before[cut:]):
            (tmp_path / "manifest.json").write_bytes(content)
            read = read_manifest(tmp_path)
            assert read is not None
            assert read.end is None
            assert read.pages in ((page(0),), (page(0), page(1)), (page(0), page(1), page(2)))


def test_damage_in_an_earlier_line_is_an_error(tmp_path: Path) -> None:
    *_, content = added(tmp_path, 3)
    lines = content.split(b"\n")
    for number in range(3):
        damaged = [*lines[:number], lines[number][:-9], *lines[number + 1 :]]
        (tmp_path / "manifest.json").write_bytes(b"\n".join(damaged))
        with pytest.raises(SegmentError, match="is not the manifest of a download"):
            read_manifest(tmp_path)


def test_a_manifest_in_another_layout_is_read(tmp_path: Path) -> None:
    added(tmp_path, 3)
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()), indent=4))
    read = read_manifest(tmp_path)
    assert read is not None
    assert len(read.pages) == 3


def test_a_page_for_which_there_is_no_room_leaves_the_manifest_as_it_was(tmp_path: Path) -> None:
    writer = ManifestWriter(tmp_path, Manifest(url="u", query={}, pages=()))
    writer.add(page(0), None)
    path = tmp_path / "manifest.json"
    before = path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 40, limits[1]))
    try:
        with pytest.raises(FileError, match=r"manifest\.json cannot be written: File too large"):
            writer.add(page(1), None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == before
    writer.add(page(1, next_paging=None), "no token found")
    writer.close()
    read = read_manifest(tmp_path)
    assert read is not None
    assert [page.file for page in read.pages] == ["page-00000.bin", "page-00001.bin"]


def test_a_page_that_could_not_be_flushed_to_disk_is_not_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    writer = ManifestWriter(tmp_path, Manifest(url="u", query={}, pages=()))
    writer.add(page(0), None)
    monkeypatch.setattr(_manifest, "flush_to_disk", fail)
    with pytest.raises(FileError, match="Input/output error"):
        writer.add(page(1), "no token found")
    writer.close()
    read = read_manifest(tmp_path)
    assert read is not None
    assert read.pages == (page(0),)
    assert read.end is None


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            ".",
            "..",
            ".hidden",
            "../x",
            "a/b",
            "/etc/passwd",
            "a\\b",
            "..\\x",
            "\\\\host\\x",
            "C:x",
            "C:\\x",
            "a:b",
        ),
        *("a\0b", "a\nb", "a\n", "-x", "~", "é", "p" * 65),
    ],
)
def test_unsafe_file_names_are_rejected(tmp_path: Path, name: str) -> None:
    edited(tmp_path, page={"file": name})
    with pytest.raises(SegmentError, match="is not the name of a file in the folder"):
        read_manifest(tmp_path)


def test_manifest_that_cannot_be_read_or_written_is_a_file_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "manifest.json").mkdir()
    for folder in (tmp_path, tmp_path / "file"):
        with pytest.raises(FileError, match="cannot be read") as error:
            read_manifest(folder)
        assert error.value.filename == str(folder / "manifest.json")
        with pytest.raises(FileError, match="cannot be written"):
            write_manifest(folder, MANIFEST)
