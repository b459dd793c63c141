"""docs/archive.md: its Python blocks and its commands run one after another, on an emulator with a recorded session."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml
from rum_replay import archive_status
from rum_replay._cli.app import run
from rum_replay_emulator import Emulator
from rum_replay_emulator.sample import load_sample

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "archive.md").read_text(encoding="utf-8")
SAMPLE = load_sample()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)


def nightly_commands() -> list[str]:
    """The commands of cron and of GitHub Actions that are ours."""
    (cron,) = blocks("cron")
    (workflow,) = blocks("yaml")
    steps = [step["run"] for step in yaml.safe_load(workflow)["jobs"]["archive"]["steps"]]
    command = re.fullmatch(r"15 3 \* \* \*  (.+) 2>> archive\.log \|\| tail -n 1 archive\.log\n", cron)
    assert command is not None
    return [command[1], *(step for step in steps if step.startswith("rum-replay"))]


def test_the_commands_and_the_python_blocks_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DD_SITE", "DATADOG_SITE", "DD_BEARER_TOKEN", "DD_ACCESS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("DD_API_KEY", "DD_APP_KEY"):
        monkeypatch.setenv(name, "anything")
    monkeypatch.chdir(tmp_path)
    emulator = Emulator()
    emulator.load_session(SAMPLE)
    with emulator.serve() as base_url:
        monkeypatch.setenv("RUM_REPLAY_BASE_URL", base_url)
        (shell,) = blocks("sh")
        commands = [*shell.replace("@view.error.count:>0", "*").splitlines(), *nightly_commands()]
        assert len(commands) == 7 + 2
        for command in commands:
            words = shlex.split(command.replace("SESSION", SAMPLE.session_id), comments=True)
            assert words.pop(0) == "rum-replay"
            assert run(words) == 0, capsys.readouterr().err
            assert capsys.readouterr().out, command
        fetches = [one for one in emulator.requests if one.operation == "GetSegments"]
        assert len(fetches) == len(SAMPLE.views)
        printed: list[str] = []
        for block in blocks("python"):
            exec(compile(block, "docs/archive.md", "exec"), {})
            printed.append(capsys.readouterr().out)
    first, views, clicks, pages = printed
    assert first == "1 sessions, 2 views, 0 failed\n2 views can be read\n"
    assert "/second" in views
    assert SAMPLE.application_id in clicks
    assert pages == "[('/', 1), ('/second', 1)]\n"
    assert archive_status(tmp_path / "archive").saved == 2
