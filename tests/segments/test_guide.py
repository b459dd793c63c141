"""docs/segments.md: its blocks run, on a recording that was downloaded."""

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
GUIDE = (ROOT / "docs" / "segments.md").read_text(encoding="utf-8")
COMMANDS = [
    line.removesuffix(" --open")
    for block in re.findall(r"^```sh\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
    # Downloading needs an account, a PNG Chromium, and a URL a server; all have tests of their own.
    if line.startswith("rum-replay segments ") and not re.search(r" download |\.png$|s3://", line)
]


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


def test_the_python_blocks_run_one_after_another(downloads: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {"folders": [downloads / "VIEW"]}
    blocks = re.findall(r"^```python\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 11
    for block in (block for block in blocks if "s3://" not in block):
        exec(compile(block, "docs/segments.md", "exec"), names)
    printed = capsys.readouterr().out
    assert "117 records in 3 segments" in printed
    assert "#buy" in printed
    assert "14 clicks" in printed
    assert "<button" in str(names["markup"])
    assert {path.name for path in downloads.parent.iterdir()} == {"downloads", "heat.html", "replay.html", "replays"}


def test_the_block_that_starts_processes_runs_as_a_program(downloads: Path) -> None:
    (program,) = (
        block
        for block in re.findall(r"^```python\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
        if "ProcessPoolExecutor" in block
    )
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


@pytest.mark.parametrize("image", re.findall(r"\]\((images/.*?)\)", GUIDE))
def test_its_pictures_are_there(image: str) -> None:
    assert (ROOT / "docs" / image).stat().st_size > 10_000
