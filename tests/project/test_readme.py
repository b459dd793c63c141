"""The README is one screen; its block runs, and so do those of the guides that have no tests of their own."""

from __future__ import annotations

import functools
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import rum_replay
import rum_replay_api
from pytest_rum_replay.emulators.clients import emulated_environment
from rum_replay._cli.app import run
from rum_replay_emulator import Emulator, ManualClock
from rum_replay_emulator.sample import load_sample

ROOT = Path(__file__).resolve().parents[2]
# The pages with blocks, and the tests that run them.
RUN_BY = {
    "README.md": "tests/project/test_readme.py",
    "docs/archive.md": "tests/project/test_archive_guide.py",
    "docs/cli.md": "tests/project/test_cli_reference.py",
    "docs/client.md": "tests/project/test_readme.py",
    "docs/errors.md": "tests/project/test_readme.py",
    "docs/index.md": "tests/project/test_readme.py",
    "docs/quickstart.md": "tests/project/test_readme.py",
    "docs/scale.md": "tests/segments/test_guide.py",
    "docs/search.md": "tests/project/test_search_guide.py",
    "docs/segments.md": "tests/segments/test_guide.py",
    "docs/segments/heatmaps.md": "tests/segments/test_guide.py",
    "docs/segments/mobile.md": "tests/segments/test_guide.py",
    "docs/segments/page.md": "tests/segments/test_guide.py",
    "docs/segments/player.md": "tests/segments/test_guide.py",
    "docs/segments/steps.md": "tests/segments/test_guide.py",
    "docs/segments/summary.md": "tests/segments/test_guide.py",
    "docs/segments/tables.md": "tests/segments/test_guide.py",
    "docs/segments/timeline.md": "tests/segments/test_guide.py",
    "docs/testing.md": "tests/plugin/test_guide.py",
}
SAMPLE = load_sample()


def blocks(page: str, language: str = "python") -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def execute(page: str, block: str) -> None:
    exec(compile(block, page, "exec"), {"__name__": "__main__"})


@pytest.fixture
def emulator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """An emulator with a recorded session, to which all clients are connected, in a new working directory."""
    monkeypatch.chdir(tmp_path)
    emulator = Emulator(clock=ManualClock())  # so that nothing is waited for
    emulator.load_session(SAMPLE)
    with emulated_environment(emulator, {}):
        yield emulator


def test_every_page_with_blocks_has_tests_that_run_them() -> None:
    pages = ["README.md", *(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))]
    with_blocks = {page for page in pages if blocks(page) or blocks(page, "sh")}
    assert with_blocks == RUN_BY.keys()
    for page, test in RUN_BY.items():
        assert Path(page).name in (ROOT / test).read_text(encoding="utf-8")


def test_the_readme_is_short(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [len(block.splitlines()) for block in blocks("README.md", "sh")] == [2]
    assert [len(block.splitlines()) <= 12 for block in blocks("README.md")] == [True]
    assert len(re.findall(r"^!\[", text, re.MULTILINE)) == 1
    assert len(text.splitlines()) < 70


def test_the_readmes_block_does_something_useful(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    emulator = Emulator()
    emulator.load_segments("your-session-id", "your-view-id", list(SAMPLE.views[0].segments))
    http_client = httpx.Client(transport=emulator.transport())
    client = functools.partial(rum_replay.ReplayClient, api_key="a", app_key="b", http_client=http_client)
    with client() as replay:
        replay.viewership.record_watch("session-1", application_id="app", event_id="event")
    monkeypatch.setattr(rum_replay, "ReplayClient", client)
    monkeypatch.chdir(tmp_path)
    execute("README.md", blocks("README.md")[0])
    output = capsys.readouterr().out
    assert emulator.user.handle in output
    size = sum(map(len, SAMPLE.views[0].segments))
    assert f"{size} bytes in" in output
    assert sum(page.stat().st_size for page in (tmp_path / "replay").glob("page-*.bin")) == size


def test_the_blocks_of_the_clients_guide(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    synchronous, asynchronous, _ = blocks("docs/client.md")
    execute("docs/client.md", synchronous)
    assert capsys.readouterr().out == "1 Checkout 0\n"
    with rum_replay.ReplayClient() as replay:
        assert replay.playlists.get(1).description == "rage clicks on /pay"
    execute("docs/client.md", asynchronous)
    assert capsys.readouterr().out == "['Checkout']\n"


def test_the_block_on_the_generated_client_shows_what_it_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    emulator = Emulator()
    arguments = {"transport": emulator.transport()}
    client = functools.partial(rum_replay_api.AuthenticatedClient, httpx_args=arguments)
    monkeypatch.setattr(rum_replay_api, "AuthenticatedClient", client)
    *_, block = blocks("docs/client.md")
    execute("docs/client.md", block)
    assert "PlaylistArray" in capsys.readouterr().out
    emulator.faults.add(status=520, body="<html>", headers={"Retry-After": "7"})
    execute("docs/client.md", block)
    assert capsys.readouterr().out == "520 7 b'<html>'\n"


def test_the_blocks_on_errors(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    caught, created, retried = blocks("docs/errors.md")
    execute("docs/errors.md", caught)
    assert capsys.readouterr().out.startswith("404 ('")
    emulator.faults.add(status=429, headers={"Retry-After": "7"}, times=9)
    execute("docs/errors.md", caught)
    assert capsys.readouterr().out == "again in 7.0 seconds\n"
    emulator.faults.clear()
    emulator.faults.add(operation="CreateRumReplayPlaylist", disconnect="before", applied=True)
    execute("docs/errors.md", created)
    assert capsys.readouterr().out == "1\n"
    emulator.faults.add(operation="ListRumReplayPlaylists", status=503)
    execute("docs/errors.md", retried)
    assert re.fullmatch(r"waiting: RetryEvent\(.*\)\n1 1\n", capsys.readouterr().out)


def test_the_table_of_errors_is_complete() -> None:
    text = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    rows = "".join(line for line in text.splitlines() if line.startswith("|"))
    errors = {name for name in rum_replay.__all__ if name.endswith("Error")} - {"ReplayError", "StatusError"}
    assert set(re.findall(r"`(\w+Error)`", rows)) - {"ValueError", "OSError"} == errors


def test_the_block_of_the_first_page(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    with rum_replay.ReplayClient() as replay:
        replay.viewership.record_watch("session-1", application_id="app", event_id="event")
    (block,) = blocks("docs/index.md")
    execute("docs/index.md", block)
    assert capsys.readouterr().out == f"session-1 {emulator.user.handle} 1\n"


def test_the_quick_start_works(
    pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_python, in_a_test = blocks("docs/quickstart.md")
    (commands,) = blocks("docs/quickstart.md", "sh")
    for name in ("DD_SITE", "DATADOG_SITE", "DD_BEARER_TOKEN", "DD_ACCESS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    emulator = Emulator()
    emulator.load_session(SAMPLE)
    with emulator.serve() as base_url:
        for name, value in {"RUM_REPLAY_BASE_URL": base_url, "DD_API_KEY": "any", "DD_APP_KEY": "any"}.items():
            monkeypatch.setenv(name, value)
        execute("docs/quickstart.md", in_python)
        printed = capsys.readouterr().out
        assert len(printed.splitlines()) == len(SAMPLE.views)
        assert "14 clicks" in printed
        for command in commands.splitlines():
            words = shlex.split(command.replace("SESSION", SAMPLE.session_id), comments=True)
            assert run(words[1:]) == 0, (command, capsys.readouterr().err)
            assert capsys.readouterr().out, command
    assert {"replay.html", "heat.html"} <= {path.name for path in Path.cwd().iterdir()}
    pytester.makepyfile(in_a_test)
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
