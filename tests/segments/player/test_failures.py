"""Errors of `write_player` for pages that cannot be written and wrong arguments, and the files that remain."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
import rum_replay
from rum_replay import segments

from .. import made

NOBODY = 65_534


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Run as another user if this is root, whom permissions do not stop."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Limit the size of files, so that writing fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def below_a_file(folder: Path) -> Path:
    (folder / "file").write_bytes(b"kept")
    return folder / "file" / "replay.html"


def a_folder(folder: Path) -> Path:
    (folder / "replay.html").mkdir()
    return folder / "replay.html"


@pytest.mark.parametrize(
    ("place", "number"),
    [
        (lambda folder: folder / "missing" / "replay.html", errno.ENOENT),
        (below_a_file, errno.ENOTDIR),
        (a_folder, errno.EISDIR),
        (lambda folder: Path(folder.anchor), errno.EISDIR),
        (lambda folder: Path(), errno.EISDIR),
        (lambda folder: folder / ("x" * 300), errno.ENAMETOOLONG),
    ],
    ids=["missing folder", "below a file", "a folder", "the root", "the current folder", "a name that is too long"],
)
def test_a_place_where_no_file_can_be(place: Callable[[Path], Path], number: int, tmp_path: Path) -> None:
    path = place(tmp_path)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(rum_replay.FileError) as error:
        segments.write_player(made.page(), path)
    assert (error.value.errno, error.value.filename) == (number, str(path))
    assert str(error.value).startswith(f"{path} cannot be written: ")
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_without_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with ordinary_user(), pytest.raises(rum_replay.FileError) as error:
        segments.write_player(made.page(), tmp_path / "replay.html")
    assert error.value.errno == errno.EACCES
    assert isinstance(error.value.__cause__, PermissionError)
    tmp_path.chmod(0o700)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    path = tmp_path / "replay.html"
    path.write_bytes(b"the page before")
    with largest_file(10_000), pytest.raises(rum_replay.FileError) as error:
        segments.write_player(made.page(), path)
    assert (error.value.errno, error.value.filename) == (errno.EFBIG, str(path))
    assert isinstance(error.value.__cause__, OSError)
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == b"the page before"


@pytest.mark.parametrize(
    ("recording", "path", "title", "message"),
    [
        ("downloads", "replay.html", None, "recording must be a Recording, not str"),
        (made.page().views[0], "replay.html", None, "recording must be a Recording, not View"),
        (made.page(), 42, None, "path must be a path, not int"),
        (made.page(), b"replay.html", None, "path must be a path, not bytes"),
        (made.page(), None, None, "path must be a path, not NoneType"),
        (made.page(), "", None, "path is empty"),
        (made.page(), "re\0play.html", None, "path is a path with a NUL in it"),
        (made.page(), "\ud800.html", None, "path has a character that this system's paths cannot hold"),
        (made.page(), "replay.html", 3, "title must be a string, not int"),
        (made.page(), "replay.html", 0, "title must be a string, not int"),
        (made.page(), "replay.html", "\ud800", "title holds half of a surrogate pair"),
    ],
)
def test_a_wrong_argument_is_an_invalid_request_and_nothing_is_written(
    recording: Any, path: Any, title: Any, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(rum_replay.InvalidRequestError) as error:
        cast("Any", segments.write_player)(recording, path, title=title)
    assert str(error.value).startswith(message)
    assert list(tmp_path.iterdir()) == []
