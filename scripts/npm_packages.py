"""Packages of npm, as archives with their checksums."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

__all__ = ["fetch", "integrity", "member"]


def fetch(package: str, version: str, folder: Path) -> Path:
    """Download a package to an empty folder; returns the path of the archive."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm was not found; it comes with Node.js: https://nodejs.org/")
    command = [npm, "pack", f"{package}@{version}", "--silent", "--ignore-scripts", "--pack-destination", str(folder)]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    packed = list(folder.glob("*.tgz"))
    if result.returncode or len(packed) != 1:
        sys.exit(f"npm cannot download {package} {version}:\n{result.stdout}{result.stderr}")
    return packed[0]


def integrity(packed: Path) -> str:
    """The checksum of a package, as npm writes it."""
    return f"sha512-{base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()}"


def member(archive: tarfile.TarFile, path: str, named_in: str) -> bytes:
    """The content of a file in a package; without it, the program ends and says where the path is written."""
    try:
        file = archive.extractfile(f"package/{path}")
    except KeyError:
        file = None
    if file is None:
        sys.exit(f"the package no longer contains {path}; adapt {named_in}")
    return file.read()
