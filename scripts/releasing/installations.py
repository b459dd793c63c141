"""The wheel in clean environments, alone and with each extra, as users would have it."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import environments
import minimum_versions

from . import ROOT

__all__ = ["with_each_extra", "with_lowest_and_newest_versions"]

_DEMO = ["-m", "rum_replay", "demo"]
# What each extra is for, tried with nothing else installed. `{folder}` is an empty folder.
USES: dict[str, Sequence[str]] = {
    "": [
        "-c",
        "import rum_replay, rum_replay.query, rum_replay_api\n"
        "from rum_replay import *\n"
        "from rum_replay import segments\n"
        "from rum_replay_emulator.sample import load_sample\n"
        "assert segments.summarize(segments.open(load_sample().views[0].segments[0])).views",
    ],
    "analysis": [
        "-c",
        "from rum_replay import segments\n"
        "from rum_replay_emulator.sample import load_sample\n"
        "recording = segments.open(load_sample().views[0].segments[0])\n"
        "assert segments.export(recording, r'{folder}', format='parquet').files\n"
        "segments.heatmap_of(recording).write_html(r'{folder}/heatmap.html')",
    ],
    "cli": ["-m", "rum_replay", "--help"],
    "dask": ["-c", "import dask, distributed, rum_replay.segments"],
    "emulator": ["-m", "rum_replay_emulator", "--help"],
    "pytest": ["-m", "pytest", "-q", "-p", "no:cacheprovider", "{folder}"],
    "remote": [
        "-c",
        "import fsspec, s3fs\n"
        "from rum_replay import segments\n"
        "from rum_replay_emulator.sample import load_sample\n"
        "fsspec.filesystem('memory').pipe('/s.zlib', load_sample().views[0].segments[0])\n"
        "assert segments.summarize(segments.open('memory://s.zlib')).views",
    ],
    "cli,emulator": _DEMO,
    "all": _DEMO,
}
_TEST = """
def test_the_emulator_answers(rum_replay_client):
    rum_replay_client.playlists.create("A")
    assert [playlist.name for playlist in rum_replay_client.playlists.list()] == ["A"]
"""


def with_each_extra(wheel: Path, folder: Path) -> Iterator[str]:
    """What does not work when the wheel is installed with the pinned versions."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for extra in extras.keys() - USES.keys() - {"neighbors", "release", "site", "test"}:
        yield f"there is no program that tries the extra {extra}: add one to {Path(__file__).name}"
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    for number, extra in enumerate(USES):
        yield from _tried(wheel, extra, pins, folder / f"extra-{number}", f"with [{extra}]" if extra else "alone")


def with_lowest_and_newest_versions(wheel: Path, folder: Path) -> Iterator[str]:
    """What does not work with the lowest versions of all dependencies, and with the newest that they allow."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    lowest = "\n".join(minimum_versions.constraints(project, pins))
    yield from _tried(wheel, "all", lowest, folder / "lowest", "with the lowest versions")
    yield from _tried(wheel, "all", "", folder / "newest", "with the newest versions")


def _tried(wheel: Path, extra: str, pins: str, folder: Path, where: str) -> Iterator[str]:
    python, work = environments.make(folder / "environment"), folder / "work"
    work.mkdir()
    (work / "test_it.py").write_text(_TEST, encoding="utf-8")
    (folder / "constraints.txt").write_text(pins, encoding="utf-8")
    name = f"{wheel}[{extra}]" if extra else str(wheel)
    use = [str(python), "-I", *(part.replace("{folder}", str(work)) for part in USES[extra])]
    try:
        environments.install(python, "-c", str(folder / "constraints.txt"), name, cwd=work)
    except environments.InstallationError as error:
        yield _reported(f"{where}, the wheel cannot be installed:", str(error))
    else:
        done = subprocess.run(use, cwd=work, capture_output=True, text=True, errors="replace", check=False)
        if done.returncode:
            yield _reported(f"{where}, the wheel does not work:", f"{done.stdout}\n{done.stderr}")
    shutil.rmtree(folder)


def _reported(what: str, output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return "\n    ".join([what, *lines[-8:]])
