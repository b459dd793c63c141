"""`rum-replay segments heatmap`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from PIL import Image

from .. import made
from ..recorded import FOLDERS, NAMES

ALLOW = FOLDERS[NAMES.index("browser-sdk-7.16.2-allow")]


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rum_replay", "segments", "heatmap", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_it_writes_html_and_reports_what_is_shown(tmp_path: Path) -> None:
    result = run(str(ALLOW), folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stdout == "heat.html: 14 clicks on http://127.0.0.1:44033/\n"
    assert result.stderr == "not shown: 1 click on other pages\n"
    html = (tmp_path / "heat.html").read_text(encoding="utf-8")
    assert html.startswith("<!DOCTYPE html>")
    assert run(str(ALLOW), "-o", "heat.htm", folder=tmp_path).returncode == 0
    assert (tmp_path / "heat.htm").read_text(encoding="utf-8") == html


def test_many_sources_make_one_picture_and_json_describes_it(tmp_path: Path) -> None:
    options = ["--url", "http://127.0.0.1:*/", "--background", str(ALLOW / "shot-0-initial.png"), "--json"]
    result = run(*map(str, FOLDERS), "-o", "heat.PNG", *options, folder=tmp_path)
    assert result.returncode == 0, result.stderr
    described = json.loads(result.stdout)
    assert (described["clicks"], described["sessions"], described["views"]) == (98, 7, 7)
    assert (described["file"], described["pattern"]) == ("heat.PNG", options[1])
    assert described["left_out"] == {"on other pages": 7}
    assert described["placements"] == {"page": 98}
    with Image.open(tmp_path / "heat.PNG") as picture:
        assert picture.width == 1000


def test_the_time_the_layout_and_the_height_can_be_chosen(tmp_path: Path) -> None:
    records = [made.meta(), made.snapshot(), made.click(5), made.event(4, 10, width=400, height=900), made.click(15)]
    (tmp_path / "x").write_bytes(made.segment(*records, made.click(16)))
    for options, clicks in (
        (["--at", "2026-11-21T03:00:00.007Z"], 1),
        (["--width", "990"], 1),
        (["--width", "401", "--tolerance", "0"], None),
        (["--tolerance", "600", "--height", "21"], 3),
    ):
        result = run("x", "--json", *options, folder=tmp_path)
        assert (json.loads(result.stdout)["clicks"] if result.stdout else None) == clicks, (options, result.stderr)


def test_it_says_that_the_page_is_a_guess(tmp_path: Path) -> None:
    (tmp_path / "0").write_bytes(made.segment(made.meta(), made.snapshot(), made.click(1)))
    (tmp_path / "2").write_bytes(made.segment(made.click(500), made.click(900), index_in_view=2))
    result = run(".", "--at", "2026-11-21T03:00:00.600Z", folder=tmp_path)
    assert result.stderr == "the page may have looked different: segment 1 is missing\n"


def test_nothing_to_show_is_a_one_line_error_and_options_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(made.segment(made.meta(), made.snapshot()))
    result = run("x", folder=tmp_path)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "error: there is nothing to show: no clicks are recorded on 'http://shop/'\n"
    for options in (["-o", "x.pdf"], ["--background", "x"], ["--at", "5", "--width", "5"]):
        assert run("x", *options, folder=tmp_path).returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
