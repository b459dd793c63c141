"""What the tests of the command line use: the command in this process or another one, and the emulator."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest
from rum_replay._cli.app import run
from rum_replay_emulator import Emulator

RECORDED = Path(__file__).parents[1] / "data" / "segments" / "browser-sdk-7.16.2-allow"
API_KEY = "secret-api-key-0c1d2e3f"
APP_KEY = "secret-application-key-4a5b6c7d"
BEARER_TOKEN = "secret-bearer-token-8e9f0a1b"
SECRETS = (API_KEY, APP_KEY, BEARER_TOKEN)


@attrs.frozen
class Result:
    """The outcome of a run. No run may show a secret, so this checks each one."""

    status: int
    out: str
    err: str

    def __attrs_post_init__(self) -> None:
        for secret in SECRETS:
            assert secret not in self.out
            assert secret not in self.err
        assert "Traceback" not in self.err

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def objects(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.lines]

    def succeeded(self) -> Result:
        assert (self.status, self.err) == (0, "")
        return self

    def failed(self, status: int = 1) -> str:
        """The one line that says why it failed."""
        assert self.status == status
        lines = self.err.splitlines()
        assert len(lines) == 1
        assert lines[0].startswith("error: ")
        return lines[0]

    def failure(self, status: int = 1) -> dict[str, Any]:
        """The one JSON object that says why it failed."""
        assert self.status == status
        (line,) = self.err.splitlines()
        found: dict[str, Any] = json.loads(line)
        return found


class TerminalInput(io.StringIO):
    """Standard input of a terminal."""

    def isatty(self) -> bool:
        return True


class TerminalOutput(io.StringIO):
    """Standard output of a terminal."""

    def isatty(self) -> bool:
        return True


class BinaryInput(io.StringIO):
    """Standard input of bytes."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._content = io.BytesIO(content)

    @property
    def buffer(self) -> io.BytesIO:
        return self._content


@attrs.frozen
class CommandLine:
    """`rum-replay` in this process, on an emulator behind a real socket."""

    emulator: Emulator
    base_url: str
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *arguments: str, stdin: io.StringIO | None = None) -> Result:
        """Run against the emulator."""
        return self.bare("--base-url", self.base_url, *arguments, stdin=stdin)

    def bare(self, *arguments: str, stdin: io.StringIO | None = None) -> Result:
        """Run with only these arguments."""
        self.monkeypatch.setattr(sys, "stdin", stdin or io.StringIO())
        status = run(arguments)
        captured = self.capsys.readouterr()
        return Result(status, captured.out, captured.err)

    def on_terminal(self, width: int, *arguments: str) -> Result:
        """Run on a terminal of so many columns, which shows no colors."""
        shown = TerminalOutput()
        with self.monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", io.StringIO())
            patch.setattr(sys, "stdout", shown)
            for name, value in {"COLUMNS": str(width), "TERM": "xterm", "NO_COLOR": "1"}.items():
                patch.setenv(name, value)
            status = run(arguments)
        return Result(status, without_colors(shown.getvalue()), self.capsys.readouterr().err)

    @property
    def operations(self) -> list[str | None]:
        """The operations that have reached the emulator so far."""
        return [request.operation for request in self.emulator.requests]


def without_colors(shown: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)


def run_process(
    *arguments: str,
    python: Sequence[str] = ("-m", "rum_replay"),
    cwd: Path | None = None,
    environment: Mapping[str, str] = {},
) -> Result:
    """Run the command in another process, with these variables and without the Datadog variables of this machine."""
    done = subprocess.run(
        [sys.executable, *python, *arguments],
        cwd=cwd,
        env=process_environment(environment),
        capture_output=True,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def process_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """This machine's environment with these variables, and without its own about Datadog."""
    ours = ("DD_", "DATADOG_", "RUM_REPLAY_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONUTF8": "1", **variables}
