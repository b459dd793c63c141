"""Check what a release depends on.

usage: scripts/release --check

Lists the published advisories about the pinned Python packages, those of users and of development alike, and about
the vendored player. The exit status is 1 if there are any, and 2 if a source of advisories cannot be reached, so that
it is not known.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "constraints.txt"
ORIGIN = ROOT / "wrapper" / "rum_replay" / "segments" / "player" / "vendor" / "origin.json"


class UnknownError(Exception):
    """Whether there are advisories could not be found out; the text says why."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/release", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", required=True, help="write nothing")
    parser.parse_args()
    known = unknown = 0
    for subject, advisories in (("Python packages", of_python_packages), ("vendored player", of_vendored_player)):
        try:
            for advisory in advisories():
                print(f"{subject}: {advisory}")
                known += 1
        except UnknownError as error:
            print(f"{subject}: it is not known whether there are advisories: {error}")
            unknown += 1
    print(f"{known} known advisories, {unknown} of 2 sources could not be asked")
    return 1 if known else 2 if unknown else 0


def of_python_packages() -> Iterator[str]:
    """Advisories about the versions in constraints.txt, from the package index."""
    command = [sys.executable, "-m", "pip_audit", "--format=json", "--progress-spinner=off"]
    report = json_of([*command, "--no-deps", "--disable-pip", f"--requirement={CONSTRAINTS}"])
    packages: list[dict[str, Any]] = report["dependencies"]
    for package in packages:
        for one in package.get("vulns", ()):
            names = ", ".join([one["id"], *one["aliases"]])
            fixed = " and ".join(one["fix_versions"]) or "no version"
            yield f"{package['name']} {package['version']}: {names}, fixed in {fixed}"
    skipped = [package["skip_reason"] for package in packages if "skip_reason" in package]
    if skipped:
        raise UnknownError(f"{len(skipped)} of {len(packages)} packages were not checked, first: {skipped[0]}")


def of_vendored_player() -> Iterator[str]:
    """Advisories about the vendored version of rrweb-player and what it is built from, from npm."""
    origin = json.loads(ORIGIN.read_text(encoding="utf-8"))
    npm = shutil.which("npm")
    if npm is None:
        raise UnknownError("npm was not found; it comes with Node.js: https://nodejs.org/")
    with tempfile.TemporaryDirectory() as folder:
        project = {"dependencies": {origin["package"]: origin["version"]}}
        (Path(folder) / "package.json").write_text(json.dumps(project), encoding="utf-8")
        # The first one finds out what the player is built from; nothing is installed.
        json_of([npm, "install", "--json", "--package-lock-only", "--ignore-scripts", "--no-audit"], folder)
        report = json_of([npm, "audit", "--json", "--package-lock-only"], folder)
    if "vulnerabilities" not in report:
        raise UnknownError(str(report.get("message", "npm printed something else than a report")))
    for found in report["vulnerabilities"].values():
        for one in found["via"]:
            if isinstance(one, dict):  # otherwise it is the name of another package, which is listed itself
                yield f"{found['name']}: {one['title']}, {one['url']}"


def json_of(command: Sequence[str], folder: str | None = None) -> dict[str, Any]:
    """What a program prints; raises UnknownError if that is no JSON object."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    try:
        report = json.loads(done.stdout)
    except ValueError:
        report = None
    if not isinstance(report, dict):
        raise UnknownError((done.stderr.strip().splitlines() or ["the program printed nothing"])[-1])
    return report


if __name__ == "__main__":
    sys.exit(main())
