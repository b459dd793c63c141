"""Download rrweb-player from npm into the package, or compare the vendored files with it.

usage: scripts/vendor_player [--check | --version VERSION]

Without options, downloads the version in origin.json again, which must have the checksums recorded there; with
--version, downloads another version and records its checksums. With --check nothing is written; if files differ, they
are listed and the exit status is 1. Requires npm, which uses the registry that it is configured for.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import derived
from npm_packages import fetch, integrity, member

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "wrapper" / "rum_replay" / "segments" / "player" / "vendor"
PACKAGE = "rrweb-player"
SCRIPT = "FILES in scripts/vendor_player.py"
FILES = {"rrweb-player.js": "dist/rrweb-player.umd.min.cjs", "rrweb-player.css": "dist/style.min.css"}
KEPT = ("LICENSE",)
"""Files that are not in the package on npm."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/vendor_player", description=(__doc__ or "").partition("\n")[0])
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="write nothing; list what differs and fail")
    choice.add_argument("--version", help="download another version")
    options = parser.parse_args()
    origin = json.loads((VENDOR / "origin.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "fresh"
        fresh.mkdir()
        found = unpack(fetch(PACKAGE, options.version or origin["version"], Path(folder)), fresh)
        if options.version is None and found["integrity"] != origin["integrity"]:
            sys.exit(f"{PACKAGE} {origin['version']} has changed: its checksum is {found['integrity']}")
        text = json.dumps(found, indent=2) + "\n"
        (fresh / "origin.json").write_text(text, encoding="utf-8", newline="\n")
        names = [*FILES, "origin.json"]
        if not options.check:
            for name in names:
                derived.replace(fresh / name, VENDOR / name)
            return 0
        rows = [row for name in names for row in derived.differences(fresh / name, VENDOR / name)]
    if rows:
        print(f"These files are not those of {PACKAGE}; run scripts/vendor_player:", *rows, sep="\n  ", file=sys.stderr)
    return 1 if rows else 0


def unpack(packed: Path, target: Path) -> dict[str, Any]:
    """Write the files that the player needs; returns the content of origin.json."""
    sums: dict[str, dict[str, str]] = {}
    with tarfile.open(packed) as archive:
        package = json.loads(member(archive, "package.json", SCRIPT))
        for name, path in FILES.items():
            content = member(archive, path, SCRIPT)
            # The page embeds them in elements.
            end = b"</style" if name.endswith(".css") else b"</script"
            if end in content.lower() or b"<!--" in content:
                sys.exit(f"{path} cannot be embedded in a page: it contains an end tag or a comment")
            (target / name).write_bytes(content)
            sums[name] = {"path": path, "sha256": hashlib.sha256(content).hexdigest()}
    kept = {name: {"sha256": hashlib.sha256((VENDOR / name).read_bytes()).hexdigest()} for name in KEPT}
    return {
        "package": PACKAGE,
        "version": package["version"],
        "license": package["license"],
        "repository": package["repository"]["url"],
        "integrity": integrity(packed),
        "files": sums | kept,
    }


if __name__ == "__main__":
    sys.exit(main())
