"""Published advisories about the pinned packages, those of users and of development alike, and about the player."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from . import ROOT, UnknownError

__all__ = ["of_python_packages", "of_vendored_player"]

CONSTRAINTS = ROOT / "constraints.txt"
ORIGIN = ROOT / "wrapper" / "rum_replay" / "segments" / "player" / "vendor" / "origin.json"


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
