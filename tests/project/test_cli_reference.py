"""docs/cli.md: its reference is that of the command as it is, and its examples run."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import cli_reference
import pytest
from rum_replay._cli.app import rum_replay, run
from rum_replay._cli.choice import choose
from rum_replay_emulator import Emulator
from rum_replay_emulator.sample import load_sample

PAGE = cli_reference.PAGE.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    by_hand = PAGE.partition(cli_reference.BEGIN)[0]
    return re.findall(rf"^```{language}\n(.*?)^```$", by_hand, re.DOTALL | re.MULTILINE)


def test_the_reference_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli_reference.main(["--check"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize(("columns", "language"), [("40", "C"), ("200", "tr_TR.UTF-8")])
def test_it_is_the_same_everywhere(monkeypatch: pytest.MonkeyPatch, columns: str, language: str) -> None:
    for name, value in {"COLUMNS": columns, "LC_ALL": language, "DD_SITE": "eu1", "HOME": "/nowhere"}.items():
        monkeypatch.setenv(name, value)
    assert cli_reference.with_reference(PAGE) == PAGE


def test_a_page_that_is_not_up_to_date_is_an_error_and_then_replaced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "cli.md"
    page.write_text(f"# Mine\n{cli_reference.BEGIN}old", encoding="utf-8")
    monkeypatch.setattr(cli_reference, "PAGE", page)
    assert cli_reference.main(["--check"]) == 1
    assert "run scripts/cli_reference" in capsys.readouterr().err
    assert cli_reference.main([]) == 0
    written = page.read_text(encoding="utf-8")
    assert written.startswith(f"# Mine\n{cli_reference.BEGIN}\n## Every command\n")
    assert written.partition(cli_reference.BEGIN)[2] == PAGE.partition(cli_reference.BEGIN)[2]


def test_every_command_and_option_is_in_it() -> None:
    for path, command in cli_reference.commands(rum_replay):
        section = PAGE.partition(f"# `rum-replay {' '.join(path)}`\n")[2].partition("\n#")[0]
        for option in command.params:
            if option.expose_value and option.name != "help" and option.opts[0].startswith("-"):
                assert f"- `{option.opts[0]}" in section or f", {option.opts[-1]}" in section, (path, option.name)


def test_the_profiles_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = blocks("toml")
    (tmp_path / "rum-replay").mkdir()
    (tmp_path / "rum-replay" / "config.toml").write_text(block, encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for name in ("RUM_REPLAY_PROFILE", "RUM_REPLAY_BASE_URL", "DD_SITE", "DATADOG_SITE"):
        monkeypatch.delenv(name, raising=False)
    names = tomllib.loads(block)["profiles"]
    assert [choose(None, None, name).site_from for name in names] == [f"profile {name!r}" for name in names]
    assert choose(None, None, None).site == "eu1"


def run_block(
    block: str, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    """Run its commands one after another; gives what the last one printed that was not written to a file."""
    printed = ""
    with emulator.serve() as base_url:
        for name, value in {"RUM_REPLAY_BASE_URL": base_url, "DD_API_KEY": "any", "DD_APP_KEY": "any"}.items():
            monkeypatch.setenv(name, value)
        for line in block.splitlines():
            command, _, target = line.partition(" > ")
            assert run(shlex.split(command)[1:]) == 0, line
            if target:
                Path(target).write_text(capsys.readouterr().out, encoding="utf-8")
            else:
                printed = capsys.readouterr().out
    return printed


def test_the_way_from_a_question_to_a_player_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = load_sample()
    emulator = Emulator()
    emulator.load_session(sample)
    monkeypatch.chdir(tmp_path)
    _, block = blocks("sh")
    assert run_block(block, emulator, monkeypatch, capsys).startswith("replay.html: 2 views")
    assert Path("found.txt").read_text(encoding="utf-8") == f"{sample.session_id}\n"
    assert b"<title>Checkout bugs</title>" in Path("replay.html").read_bytes()
    ticket = Path("ticket.md").read_text(encoding="utf-8").splitlines()
    assert len(ticket) <= 20
    assert [line for line in ticket if "rage click: 5 clicks" in line and "replay.html#t=5.655)" in line]


def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    sample = load_sample()
    emulator = Emulator()
    for view in sample.views:
        emulator.load_segments(sample.session_id, view.view_id, view.segments)
    monkeypatch.chdir(tmp_path)
    Path("sessions.txt").write_text(f"{sample.session_id} # escalated\nanother\n", encoding="utf-8")
    views = "\n".join(f"{sample.session_id} {view.view_id}" for view in sample.views)
    Path("views.txt").write_text(views, encoding="utf-8")
    many_ids, _ = blocks("sh")
    printed = run_block(many_ids, emulator, monkeypatch, capsys)
    assert printed.endswith("2 of 2 sessions are no longer in playlist 1\n")
    assert Path("watches.csv").read_text(encoding="utf-8").startswith('"session","user"')
    assert [path.name for path in Path("replays").iterdir()] == [sample.session_id]
