"""Files and folders that cannot be read or written: one line, exit status 1, and nothing half-written."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rum_replay_emulator.sample import SampleSession

from .bench import API_KEY, APP_KEY, RECORDED, BinaryInput, CommandLine, process_environment

NOBODY = 65534

WRITERS = ["play", "heatmap", "export jsonl", "export csv", "export parquet", "download"]
READERS = ["summary", "tree", "play", "heatmap", "export"]


def writing(sample: SampleSession, source: str, writer: str, target: Path) -> list[str]:
    """The arguments of a command that writes to this file or folder."""
    verb, *form = writer.split()
    if verb == "download":
        return ["segments", verb, sample.session_id, sample.views[0].view_id, str(target)]
    options = ["--format", *form] if form else []
    return ["segments", verb, source, "--output", f"{target}.html" if verb != "export" else str(target), *options]


def execute(rum_replay: CommandLine, arguments: list[str]) -> str:
    """The one line that says why this failed."""
    return (rum_replay if "download" in arguments else rum_replay.bare)(*arguments).failed()


@contextmanager
def without_privileges() -> Iterator[None]:
    """Root may read and write everything, so act as somebody else."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


@contextmanager
def disk_full() -> Iterator[None]:
    """No file may grow beyond 100 bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize("writer", WRITERS)
def test_a_file_instead_of_a_folder(
    rum_replay: CommandLine, sample: SampleSession, recorded: str, tmp_path: Path, writer: str
) -> None:
    (tmp_path / "file").write_text("kept")
    line = execute(rum_replay, writing(sample, recorded, writer, tmp_path / "file" / "out"))
    assert line.startswith(f"error: {tmp_path / 'file'}")
    assert line.endswith("Not a directory")
    assert (tmp_path / "file").read_text() == "kept"


@pytest.mark.parametrize("writer", [writer for writer in WRITERS if writer not in ("play", "heatmap")])
def test_a_file_with_the_name_of_the_folder_to_fill(
    rum_replay: CommandLine, sample: SampleSession, recorded: str, tmp_path: Path, writer: str
) -> None:
    (tmp_path / "file").write_text("kept")
    line = execute(rum_replay, writing(sample, recorded, writer, tmp_path / "file"))
    assert line.startswith(f"error: {tmp_path / 'file'}")
    assert (tmp_path / "file").read_text() == "kept"


@pytest.mark.parametrize("writer", ["play", "heatmap"])
def test_a_folder_instead_of_a_file(
    rum_replay: CommandLine, sample: SampleSession, recorded: str, tmp_path: Path, writer: str
) -> None:
    (tmp_path / "out.html").mkdir()
    line = execute(rum_replay, writing(sample, recorded, writer, tmp_path / "out"))
    assert line.startswith(f"error: {tmp_path / 'out.html'}")
    assert line.endswith("it is a folder, not a regular file")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.html", "recorded"]


@pytest.mark.parametrize("writer", ["play", "heatmap"])
def test_a_missing_folder(
    rum_replay: CommandLine, sample: SampleSession, recorded: str, tmp_path: Path, writer: str
) -> None:
    line = execute(rum_replay, writing(sample, recorded, writer, tmp_path / "missing" / "out"))
    assert line.startswith(f"error: {tmp_path / 'missing' / 'out.html'}")
    assert line.endswith("No such file or directory")


@pytest.mark.parametrize("writer", WRITERS)
def test_a_folder_without_permission_to_write(
    rum_replay: CommandLine, sample: SampleSession, tmp_path: Path, writer: str
) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    (tmp_path / "allowed").mkdir()
    # Another user may be unable to read this checkout: import everything first, and read segments from a stream.
    content = next(RECORDED.glob("*70ff591c*idx1.zlib")).read_bytes()
    content = next(RECORDED.glob("*70ff591c*idx0.zlib")).read_bytes() + content
    run = rum_replay if writer == "download" else rum_replay.bare
    run(*writing(sample, "-", writer, tmp_path / "allowed" / "out"), stdin=BinaryInput(content)).succeeded()
    with without_privileges():
        arguments = writing(sample, "-", writer, tmp_path / "locked" / "out")
        line = run(*arguments, stdin=BinaryInput(content)).failed()
    assert line.startswith(f"error: {tmp_path / 'locked' / 'out'}")
    assert line.endswith("Permission denied")


@pytest.mark.parametrize("writer", WRITERS)
def test_a_full_disk(
    rum_replay: CommandLine, sample: SampleSession, recorded: str, tmp_path: Path, writer: str
) -> None:
    out = tmp_path / "written"
    out.mkdir()
    with disk_full():
        line = execute(rum_replay, writing(sample, recorded, writer, out / "out"))
    assert line.startswith(f"error: {out / 'out'}") or writer == "download"
    assert line.endswith("File too large")
    pattern = "page-*.bin" if writer == "download" else "*"  # a download keeps what it needs to resume
    assert [path for path in out.rglob(pattern) if path.is_file()] == []


@pytest.mark.parametrize("reader", READERS)
def test_a_source_without_permission_to_read(
    rum_replay: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: str
) -> None:
    monkeypatch.chdir(tmp_path)
    locked = tmp_path / "locked"
    shutil.copytree(RECORDED, locked)
    for path in (*locked.iterdir(), locked):
        path.chmod(0)
    output = ["--output", "out"] if reader == "export" else []
    view = ["--view", "70ff591c"] if reader == "tree" else []
    assert rum_replay.bare("segments", reader, str(RECORDED), *output, *view).status == 0  # imports everything
    try:
        with without_privileges():
            line = rum_replay.bare("segments", reader, str(locked), *output).failed()
    finally:
        locked.chmod(0o700)
    assert str(locked) in line
    assert "Permission denied" in line


@pytest.mark.parametrize("background", ["missing.png", "recorded"])
def test_a_background_that_cannot_be_read(
    rum_replay: CommandLine, recorded: str, tmp_path: Path, background: str
) -> None:
    options = ["--output", str(tmp_path / "heat.png"), "--background", str(tmp_path / background)]
    assert str(tmp_path / background) in rum_replay.bare("segments", "heatmap", recorded, *options).failed()
    assert not (tmp_path / "heat.png").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["playlists", "list"],
        ["playlists", "list", "--json"],
        ["segments", "summary", "recorded"],
        ["segments", "tree", "recorded", "--html"],
        ["demo"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_standard_output_on_a_full_disk(
    rum_replay: CommandLine, recorded: str, tmp_path: Path, arguments: list[str], unbuffered: str
) -> None:
    rum_replay("playlists", "create", "a").succeeded()
    target = ["--base-url", rum_replay.base_url] if arguments[0] == "playlists" else []
    done = on_full_device([*target, *arguments], tmp_path, unbuffered)
    message = "standard output cannot be written: No space left on device"
    shown = json.loads(done.stderr)["message"] if "--json" in arguments else done.stderr
    assert shown == (message if "--json" in arguments else f"error: {message}\n")
    assert done.returncode == 1


@pytest.mark.parametrize("argument", ["--help", "--version"])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_help_on_a_full_disk(tmp_path: Path, argument: str, unbuffered: str) -> None:
    done = on_full_device([argument], tmp_path, unbuffered)
    assert (done.returncode, done.stderr) == (1, "error: standard output cannot be written: No space left on device\n")


def on_full_device(arguments: list[str], folder: Path, unbuffered: str) -> subprocess.CompletedProcess[str]:
    variables = {"DD_API_KEY": API_KEY, "DD_APP_KEY": APP_KEY, "PYTHONUNBUFFERED": unbuffered}
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        return subprocess.run(
            [sys.executable, "-m", "rum_replay", *arguments],
            cwd=folder,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=process_environment(variables),
            timeout=60,
            check=False,
        )
