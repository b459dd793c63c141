"""Commands on many sessions: several processes, what cannot be read, interrupts, and going on after them."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rum_replay._cli.app import run
from rum_replay.segments.exports._earlier import FILE_NAME

from ..made import click, meta, segment, snapshot

SESSIONS = 60


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More than is done by one process alone, which is said in bytes: text that nothing compresses."""
    folder = tmp_path_factory.mktemp("source")
    randomness = random.Random(0)
    for number in range(SESSIONS):
        padded = {**click(2), "padding": randomness.randbytes(5_000).hex()}
        content = segment(meta(), snapshot(), padded, session=f"session-{number}", view=f"view-{number}")
        (folder / f"{number:03}.json").write_bytes(content)
    return folder


def tables(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.name != FILE_NAME and path.is_file()
    }


def export_command(source: Path, out: Path, *more: str) -> list[str]:
    return ["segments", "export", str(source), "-o", str(out), "--format", "csv", *more]


def children(process: subprocess.Popen[str]) -> list[Path]:
    """Of each process that it started, a file that is there while it runs."""
    ids = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="utf-8")
    return [Path(f"/proc/{child}/stat") for child in ids.split()]


def is_running(stat: Path) -> bool:
    try:
        return stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


SLOWLY = """
import sys, time
sys.addaudithook(lambda event, _: time.sleep(0.03) if event == "os.rename" else None)
from rum_replay._cli import main
main()
"""
"""The command, whose processes put one file after another in its place at such a pace that it can be interrupted."""


def is_begun(file: Path) -> bool:
    """Whether something is in it: it is made before its first line is written."""
    return file.exists() and file.stat().st_size > 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupt_leaves_whole_files_and_the_same_command_goes_on(
    source: Path, tmp_path: Path, number: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    with subprocess.Popen(
        [sys.executable, "-c", SLOWLY, *export_command(source, out, "--jobs", "2")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        deadline = time.monotonic() + 60
        while not is_begun(out / FILE_NAME) and time.monotonic() < deadline:
            time.sleep(0.005)
        workers = children(process)
        assert len(workers) == 2
        if number == signal.SIGINT:
            os.killpg(process.pid, number)  # as a terminal does
        else:
            process.send_signal(number)
        printed, err = process.communicate(timeout=60)
        while any(map(is_running, workers)) and time.monotonic() < deadline:
            time.sleep(0.005)
    assert not any(map(is_running, workers))
    assert printed == ""
    if number != signal.SIGKILL:
        assert process.returncode == 130
        assert err == f"error: interrupted: files in {out} are whole, but not all of them; run the same command again\n"
    before = tables(out)
    assert 0 < len(before) < 3 * SESSIONS
    assert run(export_command(source, out, "--jobs", "1")) == 0
    assert "up to date" in capsys.readouterr().out
    assert run(export_command(source, tmp_path / "expected", "--jobs", "1")) == 0
    assert tables(out) == tables(tmp_path / "expected")
    assert before.items() <= tables(out).items()


def test_what_cannot_be_read_is_named_and_the_rest_is_done(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "manifest.json").write_text("{")
    given = [str(source / "000.json"), str(source / "001.json"), str(tmp_path / "broken"), "nowhere"]
    out, heat = str(tmp_path / "out"), str(tmp_path / "heat.html")
    for command in (["summary"], ["heatmap", "-o", heat], ["export", "-o", out]):
        assert run(["segments", *command, *given, "--json", "--jobs", "2"]) == 1
        printed = capsys.readouterr()
        *notes, error = printed.err.splitlines()
        assert [note for note in notes if note.startswith("not read: ")] == [
            f"not read: {tmp_path}/broken/manifest.json is not the manifest of a download: Input data was truncated",
            "not read: nowhere cannot be read: No such file or directory",
        ]
        assert json.loads(error)["message"] == "2 sources could not be read; everything else is done"
        last = json.loads(printed.out.splitlines()[-1])
        assert [one["files"] for one in last["failed"]] == [[f"{tmp_path}/broken"], ["nowhere"]]
    assert last["rows"]["sessions"] == 2


def test_an_export_says_what_was_up_to_date_and_can_be_forced(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = export_command(source / "000.json", tmp_path / "out")
    said = f"3 records, 1 view, 1 session in 3 files in {tmp_path / 'out'}"
    for more, expected in (([], said), ([], f"{said}; 1 session up to date"), (["--force"], said)):
        assert run([*command, *more]) == 0
        assert capsys.readouterr().out == f"{expected}\n"
