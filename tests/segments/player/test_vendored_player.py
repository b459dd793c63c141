"""The vendored copy of rrweb-player, and the script that downloads it from npm."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
from rum_replay.segments import player

ROOT = Path(__file__).parents[3]
VENDOR = Path(player.__file__).parent / "vendor"


def origin() -> dict[str, Any]:
    stated: dict[str, Any] = json.loads((VENDOR / "origin.json").read_bytes())
    return stated


def test_the_files_are_those_of_the_npm_package_with_its_license() -> None:
    stated = origin()
    assert (stated["package"], stated["license"]) == ("rrweb-player", "MIT")
    assert stated["integrity"].startswith("sha512-")
    assert sorted(stated["files"]) == ["LICENSE", "rrweb-player.css", "rrweb-player.js"]
    assert "Permission is hereby granted, free of charge" in (VENDOR / "LICENSE").read_text(encoding="utf-8")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with only the script, and an npm that serves a small package."""
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    for name in ("vendor_player.py", "npm_packages.py", "derived.py"):
        (scripts / name).write_bytes((ROOT / "scripts" / name).read_bytes())
    vendor = tmp_path / "wrapper/rum_replay/segments/player/vendor"
    vendor.mkdir(parents=True)
    (vendor / "LICENSE").write_bytes(b"MIT")
    packed = pack({"dist/rrweb-player.umd.min.cjs": b"player", "dist/style.min.css": b"style"})
    publish(tmp_path, packed)
    return tmp_path


def pack(files: dict[str, bytes], version: str = "1.2.3") -> bytes:
    package = {"version": version, "license": "MIT", "repository": {"url": "git"}}
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in {"package.json": json.dumps(package).encode(), **files}.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def publish(checkout: Path, packed: bytes) -> None:
    """Let the npm of the checkout serve this package; it fails for any other version."""
    folder = checkout / "npm"
    folder.mkdir(exist_ok=True)
    (folder / "package.tgz").write_bytes(packed)
    npm = folder / "npm"
    npm.write_text(
        f'#!/bin/sh\n[ "$1 $2" = "pack rrweb-player@1.2.3" ] || {{ echo "no such version: $2" >&2; exit 1; }}\n'
        f'cp "{folder}/package.tgz" ./rrweb-player-1.2.3.tgz\n'
    )
    npm.chmod(0o755)
    digest = base64.b64encode(hashlib.sha512(packed).digest()).decode()
    stated = {"version": "1.2.3", "integrity": f"sha512-{digest}"}
    (checkout / "wrapper/rum_replay/segments/player/vendor/origin.json").write_text(json.dumps(stated))


def run(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(checkout / "scripts" / "vendor_player.py"), *arguments]
    search_path = os.pathsep.join([str(checkout / "npm"), "/usr/bin", "/bin"])
    environment = {**os.environ, "PATH": search_path}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_the_script_writes_the_files_and_then_finds_no_difference(checkout: Path) -> None:
    vendor = checkout / "wrapper/rum_replay/segments/player/vendor"
    assert "missing" in run(checkout, "--check").stderr
    assert run(checkout).returncode == 0
    assert (vendor / "rrweb-player.js").read_bytes() == b"player"
    assert json.loads((vendor / "origin.json").read_bytes())["files"]["rrweb-player.css"] == {
        "path": "dist/style.min.css",
        "sha256": hashlib.sha256(b"style").hexdigest(),
    }
    assert run(checkout, "--check").returncode == 0
    (vendor / "rrweb-player.js").write_bytes(b"changed")
    result = run(checkout, "--check")
    assert result.returncode == 1
    assert f"differs: {vendor}/rrweb-player.js" in result.stderr
    assert (vendor / "rrweb-player.js").read_bytes() == b"changed"


def test_the_script_refuses_a_package_with_another_hash(checkout: Path) -> None:
    stated = (checkout / "wrapper/rum_replay/segments/player/vendor/origin.json").read_bytes()
    publish(checkout, pack({"dist/rrweb-player.umd.min.cjs": b"other", "dist/style.min.css": b"style"}))
    (checkout / "wrapper/rum_replay/segments/player/vendor/origin.json").write_bytes(stated)
    result = run(checkout)
    assert result.returncode == 1
    assert "has changed" in result.stderr
    assert run(checkout, "--version", "1.2.3").returncode == 0


def test_the_script_refuses_files_that_would_end_the_elements_of_the_page(checkout: Path) -> None:
    publish(checkout, pack({"dist/rrweb-player.umd.min.cjs": b"'</Script>'", "dist/style.min.css": b"style"}))
    assert "cannot be embedded in a page" in run(checkout).stderr


def test_the_script_reports_errors_of_npm_and_missing_files(checkout: Path) -> None:
    result = run(checkout, "--version", "9.9.9")
    assert result.returncode == 1
    assert "npm cannot download rrweb-player 9.9.9:\nno such version" in result.stderr
    publish(checkout, pack({"dist/style.min.css": b"style"}))
    assert "no longer contains dist/rrweb-player.umd.min.cjs" in run(checkout).stderr
