"""A terminal for the tests of the command line: what is written to it, and what it then shows."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import attrs

from .bench import API_KEY, APP_KEY, process_environment

_ESCAPE_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_MOVES = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|(.)", re.DOTALL)


@attrs.define
class Terminal:
    """A command on a terminal of its own."""

    process: subprocess.Popen[bytes]
    _here: int
    shown: bytes = b""

    def type(self, text: str) -> None:
        os.write(self._here, text.encode())

    def read_until(self, wanted: str) -> str:
        """Everything that was written so far, once this text is in it, or at the end."""
        while wanted.encode() not in self.shown:
            try:
                read = os.read(self._here, 65536)
            except OSError:  # how Linux says that the other side is closed
                break
            if not read:
                break
            self.shown += read
        return self.shown.decode()

    def read_to_end(self) -> str:
        text = self.read_until("\0")
        self.process.wait(timeout=30)
        return text


@contextmanager
def terminal(*arguments: str, cwd: Path | None = None, **variables: str) -> Iterator[Terminal]:
    """The command on a terminal of 80 columns, unless COLUMNS says otherwise."""
    here, there = pty.openpty()
    keys = {"DD_API_KEY": API_KEY, "DD_APP_KEY": APP_KEY}
    process = subprocess.Popen(
        [sys.executable, "-m", "rum_replay", *arguments],
        stdin=there,
        stdout=there,
        stderr=there,
        cwd=cwd,
        env=process_environment({**keys, "TERM": "xterm", "COLUMNS": "80", **variables}),
    )
    os.close(there)
    try:
        yield Terminal(process, here)
    finally:
        process.kill()
        process.wait()
        os.close(here)


def on_terminal(*arguments: str, typed: str = "", cwd: Path | None = None, **variables: str) -> str:
    """What a terminal is sent by a run, escape sequences included."""
    with terminal(*arguments, cwd=cwd, **variables) as run:
        run.type(typed)
        return run.read_to_end()


def errors_on_terminal(monkeypatch_setattr: Callable[..., None], run: Callable[[], object]) -> str:
    """What a terminal is sent as standard error of a run in this process."""
    here, there = pty.openpty()
    tty.setraw(there)
    chunks: list[bytes] = []

    def collect() -> None:
        try:
            while read := os.read(here, 65536):
                chunks.append(read)
        except OSError:
            pass

    reader = Thread(target=collect)
    reader.start()
    with os.fdopen(there, "w", encoding="utf-8") as stream:
        monkeypatch_setattr(sys, "stderr", stream)
        run()
    reader.join()
    os.close(here)
    return b"".join(chunks).decode()


def without_colors(shown: str) -> str:
    return _ESCAPE_SEQUENCE.sub("", shown)


def screen(shown: str, columns: int) -> list[str]:
    """The lines that are visible in the end on a terminal of this width, which wraps longer ones."""
    lines, row, column = [""], 0, 0
    for arguments, move, character in _MOVES.findall(shown):
        if move == "A":
            row = max(0, row - int(arguments or 1))
        elif move == "K":
            assert arguments == "2"
            lines[row] = ""
        elif move:
            assert move in "hlm"
        elif character == "\r":
            column = 0
        else:
            if character == "\n" or column == columns:
                row, column = row + 1, 0 if character != "\n" else column
                lines += [""] * (row + 1 - len(lines))
            if character != "\n":
                lines[row] = f"{lines[row][:column]:<{column}}{character}{lines[row][column + 1 :]}"
                column += 1
    return [line.rstrip() for line in lines]
