"""Files that were not made here have the bytes that were recorded when they came in; checked without network access."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLAYER = ROOT / "wrapper" / "rum_replay" / "segments" / "player" / "vendor"
SAMPLE = ROOT / "pytest_replay" / "rum_replay_emulator" / "sample"
RECORDINGS = ROOT / "tests" / "data" / "segments"
PAGES = ROOT / "tests" / "data" / "pages"
RECORDED_PAGE = ROOT / "tests" / "data" / "recorded-page"
FOLDERS = [PLAYER, SAMPLE, RECORDINGS, PAGES, RECORDED_PAGE]
SUMS = ("origin.json", "SHA256SUMS")

# Made here: pictures of the guide by scripts/pictures, and inputs of the fuzzer.
OURS = [ROOT / "docs" / "images", ROOT / "tests" / "segments" / "fuzz" / "seeds"]
FROM_ELSEWHERE = {".eot", ".gif", ".ico", ".jpg", ".map", ".otf", ".png", ".svg", ".ttf", ".wasm", ".woff", ".woff2"}


def recorded_sums(folder: Path) -> dict[str, str]:
    """The SHA-256 sum of each file in a folder, by its path there."""
    if (folder / "origin.json").exists():
        files = json.loads((folder / "origin.json").read_bytes())["files"]
        return {name: file["sha256"] for name, file in files.items()}
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def differences(folder: Path) -> list[str]:
    """What is not as recorded: changed, missing and additional files."""
    recorded = recorded_sums(folder)
    present = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files_below(folder)
        if path.name not in ("README.md", "__init__.py", *SUMS)
    }
    return sorted(name for name in {*recorded, *present} if recorded.get(name) != present.get(name))


def files_below(folder: Path) -> Iterator[Path]:
    left_out = ("__pycache__", ".hypothesis", ".pytest_cache")  # made by tests
    return (path for path in folder.rglob("*") if path.is_file() and not set(left_out).intersection(path.parts))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_files_from_elsewhere_are_as_recorded(folder: Path) -> None:
    assert len(recorded_sums(folder)) >= 3
    assert differences(folder) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_changed_a_missing_and_an_additional_file_are_found(folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    changed, missing, *_ = sorted(recorded_sums(copy))
    content = bytearray((copy / changed).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / changed).write_bytes(content)
    (copy / missing).unlink()
    (copy / "font.woff2").write_bytes(b"")
    assert differences(copy) == sorted([changed, missing, "font.woff2"])


def test_the_recorded_pages_say_what_recorded_them_and_stay_small() -> None:
    stated = json.loads((PAGES / "origin.json").read_bytes())
    assert (stated["package"], stated["license"]) == ("@datadog/browser-rum", "Apache-2.0")
    assert stated["version"]
    assert stated["integrity"].startswith("sha512-")
    assert (ROOT / stated["refresh"]).is_file()
    assert sum(path.stat().st_size for path in files_below(PAGES)) < 600_000
    # The SDK itself is not here.
    assert {path.suffix for path in files_below(PAGES)} == {".html", ".json", ".md", ".multipart", ".png"}


def test_nothing_else_is_from_elsewhere() -> None:
    """Neither binary files, nor what nobody writes by hand, nor folders for third-party code."""
    sources = ("docs", "generated", "pytest_replay", "scripts", "tests", "wrapper")
    unknown = [
        path.relative_to(ROOT).as_posix()
        for source in sources
        for path in files_below(ROOT / source)
        if not any(folder in path.parents for folder in [*FOLDERS, *OURS]) and is_from_elsewhere(path)
    ]
    assert unknown == []


def is_from_elsewhere(path: Path) -> bool:
    is_third_party = {"third_party", "vendor", "vendored"} & {part.lower() for part in path.parts}
    return bool(is_third_party) or path.suffix in FROM_ELSEWHERE or ".min." in path.name or b"\0" in path.read_bytes()
