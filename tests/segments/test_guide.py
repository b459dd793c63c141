"""The guide to segments: what its pages show runs, on a recording that was downloaded."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .recorded import FOLDERS

ROOT = Path(__file__).resolve().parents[2]
NAMES = (
    "segments.md",
    "segments/damage.md",
    "segments/heatmaps.md",
    "segments/mobile.md",
    "segments/page.md",
    "segments/player.md",
    "segments/steps.md",
    "segments/summary.md",
    "segments/tables.md",
    "segments/timeline.md",
    "scale.md",
)
PAGES = {name: (ROOT / "docs" / name).read_text(encoding="utf-8") for name in NAMES}


def blocks(name: str, language: str = "python") -> list[str]:
    """The code of a page; what needs a server is tested elsewhere."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", PAGES[name], re.DOTALL | re.MULTILINE)
    return [block for block in found if "s3://" not in block]


COMMANDS = {
    line.removesuffix(" --open"): None
    for name in NAMES
    for block in blocks(name, "sh")
    for line in block.splitlines()
    # Downloading needs an account, and a PNG Chromium; both have tests of their own.
    if line.startswith("rum-replay segments ") and not re.search(r" download |\.png$", line)
}
PROGRAM = "ProcessPoolExecutor"


@pytest.fixture
def downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder `downloads` with a view in it, in the working directory."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "downloads"
    (recorded,) = (folder for folder in FOLDERS if folder.name == "browser-sdk-7.16.2-allow")
    (folder / "VIEW").mkdir(parents=True)
    first, *others = sorted(recorded.glob("*.zlib"))
    view = re.search(r"view[0-9a-f]{8}", first.name)
    for file in (first, *others):
        if view is not None and view[0] in file.name:
            shutil.copy(file, folder / "VIEW")
    return folder


PRINTED = {
    "segments.md": "117 records in 3 segments",
    "segments/heatmaps.md": "14 clicks",
    "segments/mobile.md": "False None",
    "segments/page.md": "#buy",
    "segments/summary.md": "12524 14 11 1300",
    "segments/timeline.md": "rage click",
}
"""Something that the blocks of each page print."""

WRITTEN = {
    "segments/heatmaps.md": {"heat.html"},
    "segments/player.md": {"replay.html"},
    "segments/tables.md": {"replays"},
}


@pytest.mark.parametrize("name", [name for name in NAMES if blocks(name) and PROGRAM not in PAGES[name]])
def test_the_python_blocks_of_a_page_need_no_other(
    downloads: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    names: dict[str, object] = {}
    for block in blocks(name):
        exec(compile(block, f"docs/{name}", "exec"), names)
    assert PRINTED.get(name, "") in capsys.readouterr().out
    written = {path.name for path in downloads.parent.iterdir()} - {"downloads"}
    assert written == WRITTEN.get(name, set())
    if name == "segments/page.md":
        assert "<button" in str(names["markup"])
    if name == "segments/steps.md":
        assert "def test_session" in str(names["source"])


def test_the_block_that_starts_processes_runs_as_a_program(downloads: Path) -> None:
    (program,) = (block for block in blocks("scale.md") if PROGRAM in block)
    (downloads.parent / "program.py").write_text(f"{program}    print(len(summary.sessions), done.rows)\n")
    command = [sys.executable, "program.py"]
    done = subprocess.run(command, cwd=downloads.parent, capture_output=True, text=True, check=True)
    assert done.stdout == "1 {'records': 117, 'views': 1, 'sessions': 1}\n"


@pytest.mark.skipif(sys.platform == "win32", reason="the blocks are for a POSIX shell")
@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_run(downloads: Path, command: str) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        command, shell=True, cwd=downloads.parent, env={**os.environ, "PATH": path}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout or " > " in command


def test_there_are_commands_for_all_that_can_be_made() -> None:
    verbs = {command.split()[2] for command in COMMANDS}
    assert verbs == {"play", "tree", "summary", "timeline", "steps", "heatmap", "export"}


@pytest.mark.parametrize(
    "image", [image for page in PAGES.values() for image in re.findall(r"\]\(\.\./(images/.*?)\)", page)]
)
def test_its_pictures_are_there(image: str) -> None:
    assert (ROOT / "docs" / image).stat().st_size > 10_000
