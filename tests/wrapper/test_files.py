"""Files that are written as a whole."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from rum_replay import FileError
from rum_replay._files import replacing


@pytest.mark.parametrize("name", ["a" * 255, "é" * 127, "語" * 85, "a" + "😀" * 63])
def test_a_name_may_be_as_long_as_the_file_system_allows(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for content in (b"old", b"new"):
        with replacing(path) as file:
            file.write(content)
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_that_is_too_long_is_a_file_error_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="File name too long") as caught, replacing(tmp_path / ("a" * 256)) as file:
        file.write(b"never kept")
    assert caught.value.errno == errno.ENAMETOOLONG
    assert list(tmp_path.iterdir()) == []


def test_an_error_while_writing_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def fail_half_way() -> None:
        with replacing(path) as file:
            file.write(b"half")
            raise LookupError

    with pytest.raises(LookupError):
        fail_half_way()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
