"""`rum-replay segments play`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from ..recorded import FOLDERS


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rum_replay", "segments", "play", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_it_writes_a_page_to_the_output_and_reports_its_content(tmp_path: Path) -> None:
    result = run(str(FOLDERS[0]), "-o", "page.html", "--title", "A day", folder=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    page = tmp_path / "page.html"
    assert result.stdout == f"page.html: 2 views, {page.stat().st_size} bytes\n"
    assert "<title>A day</title>" in page.read_text(encoding="utf-8")


def test_several_sources_become_one_page_which_json_describes(tmp_path: Path) -> None:
    result = run(str(FOLDERS[0]), str(FOLDERS[1]), "--json", folder=tmp_path)
    size = (tmp_path / "replay.html").stat().st_size
    assert json.loads(result.stdout) == {"file": "replay.html", "views": 4, "size": size}


def test_it_opens_the_page_in_a_browser(tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text('#!/bin/sh\necho "$1" > opened\n')
    browser.chmod(0o755)
    command = [sys.executable, "-m", "rum_replay", "segments", "play", str(FOLDERS[0]), "--open"]
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "BROWSER": str(browser), "HOME": str(tmp_path)}
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment, check=False)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "opened").read_text().strip() == (tmp_path / "replay.html").as_uri()


def test_a_recording_that_cannot_be_played_is_one_line_and_status_1(tmp_path: Path) -> None:
    mobile = json.dumps({"view": {"id": "v"}, "source": "ios", "records": [{"type": 7, "timestamp": 1}]})
    (tmp_path / "mobile.json").write_text(mobile)
    result = run("mobile.json", folder=tmp_path)
    assert result.returncode == 1
    assert result.stderr.startswith("error: there is nothing to play; for each view: it has no full snapshot ")
    assert not (tmp_path / "replay.html").exists()
