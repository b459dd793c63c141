"""Files that are written as a whole."""

from __future__ import annotations

import errno
import os
import re
import secrets
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from rum_replay import FileError, _files
from rum_replay._files import new_file, open_regular, replacing


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


# ---- Links, devices and named pipes ----------------------------------------------------------------------------------


def write(path: Path, content: bytes = b"new") -> None:
    with replacing(path) as file:
        file.write(content)


def write_own(path: Path, content: bytes = b"new") -> None:
    with new_file(path) as new:
        new.content.write(content)


def test_a_link_that_a_person_names_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    target = tmp_path / "folder" / "file"
    target.write_bytes(b"old")
    link = tmp_path / "link"
    link.symlink_to("folder/file")
    (tmp_path / "second").symlink_to(link)
    for path in (link, tmp_path / "second"):
        write(path, path.name.encode())
        assert path.is_symlink()
        assert target.read_bytes() == path.name.encode()
    assert [path.name for path in target.parent.iterdir()] == ["file"]
    (tmp_path / "dangling").symlink_to("folder/other")
    write(tmp_path / "dangling")
    assert (target.parent / "other").read_bytes() == b"new"


def test_a_link_in_the_place_of_a_file_of_ours_is_replaced(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    (tmp_path / "soft").symlink_to(victim)
    (tmp_path / "hard").hardlink_to(victim)
    for name in ("soft", "hard"):
        write_own(tmp_path / name)
        assert (tmp_path / name).read_bytes() == b"new"
        assert not (tmp_path / name).is_symlink()
    assert victim.read_bytes() == b"precious"


def test_circle_of_links_is_a_file_error(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(FileError, match="cannot be written: Too many levels of symbolic links"):
        write(tmp_path / "a")


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o755, 0o444, 0o666])
def test_permissions_of_a_replaced_file_are_kept(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(mode)
    before = path.stat()
    with replacing(path) as file:
        (unfinished,) = tmp_path.glob(".file-*.part")
        assert unfinished.stat().st_mode & 0o077 == 0, "nobody else may read it meanwhile"
        file.write(b"new")
    after = path.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    assert path.read_bytes() == b"new"


OTHER_OWNERS = """
import fcntl, os, sys
from rum_replay._files import replacing
if os.geteuid() == 0:
    os.chown("file", 12345, 54321)
    os.chmod("file", 0o640)
    os.chmod(".", 0o777)
    os.seteuid(int(sys.argv[1]))
with replacing("file") as file:
    file.write(b"new")
"""


@pytest.mark.parametrize(("as_user", "kept"), [(0, (12345, 54321, 0o640)), (12346, (12346, None, 0o600))])
def test_owner_is_kept_where_possible_and_no_other_group_gets_its_rights(
    tmp_path: Path, as_user: int, kept: tuple[int, int | None, int]
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    subprocess.run([sys.executable, "-c", OTHER_OWNERS, str(as_user)], check=True, cwd=tmp_path)
    status = path.stat()
    assert path.read_bytes() == b"new"
    if os.geteuid() == 0:  # nobody else can give files away
        assert (status.st_uid, status.st_mode & 0o777) == (kept[0], kept[2])
        assert kept[1] in (None, status.st_gid)


def test_what_reads_a_named_pipe_gets_the_content_and_the_pipe_stays(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(path.read_bytes)
        write(path, b"x" * 1_000_000)
        assert reader.result() == b"x" * 1_000_000
    assert path.is_fifo()
    assert list(tmp_path.iterdir()) == [path]


def test_a_named_pipe_that_nobody_reads_is_a_file_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_files, "_READER_TIMEOUT", 0.05)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileError, match=r"pipe cannot be written: it is a named pipe that nobody opened for reading"):
        write(tmp_path / "pipe")


def test_a_named_pipe_whose_reader_goes_away_is_a_file_error(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)

    def read_a_little() -> None:
        with path.open("rb", buffering=0) as file:
            file.read(1)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(read_a_little)
        with pytest.raises(FileError, match="pipe cannot be written: Broken pipe"):
            write(path, b"x" * 10_000_000)


def test_a_device_is_written_to_and_stays() -> None:
    for name in ("/dev/null", "/dev/zero"):
        before = Path(name).stat()
        write(Path(name))
        after = Path(name).stat()
        assert stat.S_ISCHR(after.st_mode)
        assert (after.st_ino, after.st_rdev) == (before.st_ino, before.st_rdev)


def test_a_device_that_is_full_is_a_file_error() -> None:
    with pytest.raises(FileError, match="/dev/full cannot be written: No space left on device") as caught:
        write(Path("/dev/full"))
    assert caught.value.errno == errno.ENOSPC


@pytest.mark.parametrize("path", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
@pytest.mark.parametrize("kind", ["file", "pipe", "socket"])
def test_standard_output_is_written_to_wherever_it_leads(tmp_path: Path, path: str, kind: str) -> None:
    program = (
        "import sys; from rum_replay._files import replacing\n"
        "print('before', flush=True)\n"
        f"with replacing({path!r}) as file: file.write(b'content ')\n"
        "print('after')"
    )
    expected = b"before\ncontent after\n"
    command = [sys.executable, "-c", program]
    if kind == "file":
        with (tmp_path / "output").open("wb") as file:
            subprocess.run(command, stdout=file, check=True)
        assert (tmp_path / "output").read_bytes() == expected
    elif kind == "pipe":
        assert subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout == expected
    else:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            subprocess.run(command, stdout=theirs.fileno(), check=True)
            assert ours.recv(1000) == expected


def test_a_socket_is_a_file_error(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))
        for write_it in (write, write_own):
            with pytest.raises(FileError, match="cannot be written: it is a socket"):
                write_it(path)
    assert path.is_socket()


@pytest.mark.parametrize(
    ("create", "kind"), [(os.mkfifo, "a named pipe"), (os.mkdir, "a folder")], ids=["pipe", "folder"]
)
def test_something_else_in_the_place_of_a_file_of_ours_is_a_file_error(
    tmp_path: Path, create: Callable[[Path], None], kind: str
) -> None:
    create(tmp_path / "file")
    with pytest.raises(FileError, match=f"file cannot be written: it is {kind}, not a regular file"):
        write_own(tmp_path / "file")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("create", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_only_regular_files_are_opened_for_reading(tmp_path: Path, create: Callable[[Path], None]) -> None:
    create(tmp_path / "other")
    for path in (tmp_path / "other", Path("/dev/zero")):
        with pytest.raises(OSError, match="not a regular file"):
            open_regular(path)
    (tmp_path / "file").write_bytes(b"content")
    with open_regular(tmp_path / "file") as file:
        assert file.read() == b"content"


# ---- What killed processes leave -------------------------------------------------------------------------------------


KILLED = """
import os, signal, sys
from rum_replay._files import new_file
with new_file(sys.argv[1]) as new:
    new.content.write(b"x" * 100_000)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_process_left_is_removed_by_the_next_that_writes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "name.with (signs)*"
    for _ in range(2):
        assert subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False).returncode == -signal.SIGKILL
        (left,) = tmp_path.iterdir()
        assert left.name.startswith(".name.with (signs)*-")
    write_own(tmp_path / "other")
    assert left.exists(), "it belongs to another file"
    write_own(path)
    assert sorted(tmp_path.iterdir()) == sorted([path, tmp_path / "other"])


def test_what_others_are_writing_or_what_is_not_ours_stays(tmp_path: Path) -> None:
    path = tmp_path / "file"
    (tmp_path / "victim").write_bytes(b"precious")
    (tmp_path / f".file-{'0' * 16}.part").symlink_to(tmp_path / "victim")
    (tmp_path / f".file-{'1' * 16}.part").hardlink_to(tmp_path / "victim")
    os.mkfifo(tmp_path / f".file-{'2' * 16}.part")
    (tmp_path / f".file-{'3' * 16}.part").mkdir()
    for name in (".file-4.part", f".file-{'5' * 16}.partly", f".file2-{'6' * 16}.part", f"file-{'7' * 16}.part"):
        (tmp_path / name).write_bytes(b"mine")
    before = {entry.name for entry in tmp_path.iterdir()}
    with new_file(path) as first:
        first.content.write(b"first")
        write_own(path, b"second")
        assert path.read_bytes() == b"second"
    assert path.read_bytes() == b"first"
    assert {entry.name for entry in tmp_path.iterdir()} == {*before, "file"}
    assert (tmp_path / "victim").read_bytes() == b"precious"


def test_what_another_user_left_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = tmp_path / f".file-{'0' * 16}.part"
    left.write_bytes(b"")
    monkeypatch.setattr(os, "geteuid", lambda: left.stat().st_uid + 1)
    write_own(tmp_path / "file")
    assert left.exists()
    monkeypatch.undo()
    write_own(tmp_path / "file")
    assert not left.exists()


def test_names_of_unfinished_files_are_never_the_same(tmp_path: Path) -> None:
    names: set[str] = set()
    for _ in range(50):
        with new_file(tmp_path / "file"):
            names.update(path.name for path in tmp_path.glob(".*"))
    assert len(names) == 50
    assert all(re.fullmatch(r"\.file-[0-9a-f]{16}\.part", name) for name in names)


def test_no_room_left_is_a_file_error_that_names_the_file_and_leaves_nothing(tmp_path: Path) -> None:
    program = (
        "import resource, sys; from rum_replay import FileError; from rum_replay._files import replacing\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "try:\n"
        "    with replacing(sys.argv[1]) as file: file.write(b'x' * 60_000)\n"
        "except FileError as error: print(error)"
    )
    path = tmp_path / "file"
    path.write_bytes(b"old")
    output = subprocess.run([sys.executable, "-c", program, str(path)], check=True, capture_output=True, text=True)
    assert output.stdout == f"{path} cannot be written: File too large\n"
    assert output.stderr == ""
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("link", [os.symlink, os.link], ids=["symbolic", "hard"])
def test_even_a_link_under_the_right_name_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, link: Callable[[Path, Path], None]
) -> None:
    monkeypatch.setattr(secrets, "token_hex", lambda count: "0" * 2 * count)
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    link(victim, tmp_path / f".file-{'0' * 16}.part")
    with pytest.raises(FileError, match="file cannot be written: File exists"):
        write_own(tmp_path / "file")
    assert victim.read_bytes() == b"precious"


ENDS_IN_THE_MIDDLE = """
import os, sys
from pathlib import Path
from rum_replay._files import new_file, remove_unfinished

with new_file(Path(sys.argv[1], "finished")) as new:
    new.content.write(b"whole")
with new_file(Path(sys.argv[1], "begun")):
    child = os.fork()
    if child == 0:
        remove_unfinished()  # of the child, which has none
        os._exit(len(os.listdir(sys.argv[1])))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 2
    remove_unfinished()
    os._exit(0)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_process_that_ends_at_once_removes_what_it_has_not_finished_and_nothing_of_its_parent(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", ENDS_IN_THE_MIDDLE, str(tmp_path)], check=True)
    assert [path.name for path in tmp_path.iterdir()] == ["finished"]
