"""Reading, writing and validating the manifest of a download."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rum_replay import FileError, PageFile, SegmentError
from rum_replay._manifest import Manifest, read_manifest, write_manifest

PAGE = PageFile(
    file="page-00000.bin",
    size=3,
    sha256="ab" * 32,
    paging=None,
    next_paging="t",
    status=200,
    headers={"content-type": "text/plain; x=é"},
)
MANIFEST = Manifest(url="http://host/segments", query={"ts": 5, "source": "blob"}, pages=(PAGE,), end="no token found")


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


@pytest.mark.parametrize("name", ["page-00000.bin", "a", "_x", "a..b", "A-1_2.json", "p" * 64])
def test_plain_file_names_are_accepted(tmp_path: Path, name: str) -> None:
    edited(tmp_path, page={"file": name})
    manifest = read_manifest(tmp_path)
    assert manifest is not None
    assert manifest.pages[0].file == name


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
