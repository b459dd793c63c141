"""docs/search.md: its Python blocks and its commands run, on an emulator with a recorded session."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from rum_replay._cli.app import run
from rum_replay_emulator import Emulator
from rum_replay_emulator.sample import load_sample

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "search.md").read_text(encoding="utf-8")
SAMPLE = load_sample()


@pytest.fixture(autouse=True)
def emulated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """What `rum-replay emulator` prints is in the environment, and a new folder is the working directory."""
    for name in ("DD_SITE", "DATADOG_SITE", "DD_BEARER_TOKEN", "DD_ACCESS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("DD_API_KEY", "DD_APP_KEY"):
        monkeypatch.setenv(name, "anything")
    monkeypatch.chdir(tmp_path)
    emulator = Emulator()
    emulator.load_session(SAMPLE)
    return emulator


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)


def test_the_python_blocks_run(
    emulated: Emulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with emulated.serve() as base_url:
        monkeypatch.setenv("RUM_REPLAY_BASE_URL", base_url)
        python = blocks("python")
        assert len(python) == 2
        for block in python:
            exec(compile(block, "docs/search.md", "exec"), {})
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(SAMPLE.session_id)
    assert first.endswith("2 views True")
    assert second == "7905 bytes; without segments: ()"
    assert len(list(Path("replays", SAMPLE.session_id).glob("*/manifest.json"))) == 2


def test_the_commands_run_one_after_another(
    emulated: Emulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(commands) == 9
    with emulated.serve() as base_url:
        for command in commands:
            words = shlex.split(command.replace("SESSION", SAMPLE.session_id), comments=True)
            assert words.pop(0) == "rum-replay"
            words = words[: words.index(">")] if ">" in words else words
            monkeypatch.setenv("RUM_REPLAY_BASE_URL", "" if "--site" in words else base_url)
            assert run(words) == 0, capsys.readouterr().err
            printed = capsys.readouterr().out
            assert printed, command
            if words[:2] == ["sessions", "search"]:
                assert SAMPLE.session_id in printed
    assert Path("replay.html").stat().st_size > 10_000
