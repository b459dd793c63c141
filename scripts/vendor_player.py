"""Take rrweb-player from npm into the package, or compare what stands there with it.

usage: scripts/vendor_player [--check | --version VERSION]

Without options the version in origin.json is taken again and must have the sums stated there; with --version another
one, whose sums are then stated. With --check nothing is written; what differs is listed and the exit status is 1.
Needs npm, which asks the registry that it is set up for.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import drift

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "wrapper" / "rum_replay" / "segments" / "player" / "vendor"
PACKAGE = "rrweb-player"
FILES = {"rrweb-player.js": "dist/rrweb-player.umd.min.cjs", "rrweb-player.css": "dist/style.min.css"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/vendor_player", description=(__doc__ or "").partition("\n")[0])
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="write nothing; list what differs and fail")
    choice.add_argument("--version", help="take another version")
    options = parser.parse_args()
    origin = json.loads((VENDOR / "origin.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "fresh"
        fresh.mkdir()
        found = unpack(fetch(options.version or origin["version"], Path(folder)), fresh)
        if options.version is None and found["integrity"] != origin["integrity"]:
            sys.exit(f"{PACKAGE} {origin['version']} is not what it was: its sum is {found['integrity']}")
        text = json.dumps(found, indent=2) + "\n"
        (fresh / "origin.json").write_text(text, encoding="utf-8", newline="\n")
        names = [*FILES, "origin.json"]
        if not options.check:
            for name in names:
                drift.replace(fresh / name, VENDOR / name)
            return 0
        rows = [row for name in names for row in drift.differences(fresh / name, VENDOR / name)]
    if rows:
        print(f"These files are not those of {PACKAGE}; run scripts/vendor_player:", *rows, sep="\n  ", file=sys.stderr)
    return 1 if rows else 0


def fetch(version: str, folder: Path) -> Path:
    """The package as npm gives it."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("this needs npm, which comes with Node.js: https://nodejs.org/")
    command = [npm, "pack", f"{PACKAGE}@{version}", "--silent", "--ignore-scripts", "--pack-destination", str(folder)]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    packed = list(folder.glob("*.tgz"))
    if result.returncode or len(packed) != 1:
        sys.exit(f"npm gives no {PACKAGE} {version}:\n{result.stdout}{result.stderr}")
    return packed[0]


def unpack(packed: Path, target: Path) -> dict[str, Any]:
    """Write the files that the player needs; gives what origin.json says of them."""
    sums: dict[str, dict[str, str]] = {}
    with tarfile.open(packed) as archive:
        package = json.loads(member(archive, "package.json"))
        for name, path in FILES.items():
            content = member(archive, path)
            # The page holds them within elements.
            end = b"</style" if name.endswith(".css") else b"</script"
            if end in content.lower() or b"<!--" in content:
                sys.exit(f"{path} cannot stand within a page: it holds an end tag or a comment")
            (target / name).write_bytes(content)
            sums[name] = {"path": path, "sha256": hashlib.sha256(content).hexdigest()}
    digest = base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
    return {
        "package": PACKAGE,
        "version": package["version"],
        "license": package["license"],
        "repository": package["repository"]["url"],
        "integrity": f"sha512-{digest}",
        "files": sums,
    }


def member(archive: tarfile.TarFile, path: str) -> bytes:
    """A file of the package."""
    try:
        file = archive.extractfile(f"package/{path}")
    except KeyError:
        file = None
    if file is None:
        sys.exit(f"{PACKAGE} holds no {path} any more; adapt FILES in scripts/vendor_player.py")
    return file.read()


if __name__ == "__main__":
    sys.exit(main())
