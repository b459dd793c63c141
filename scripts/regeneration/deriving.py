"""Derived files made anew, unless somebody has edited them: that would be lost, and belongs into their source."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import derived
import generate
import models
import unasync_wrapper

from .contract import Contract

__all__ = ["client", "drivers", "edited_by_hand", "models_of", "script"]

WRITTEN = "build/regenerated.json"
"""What the generated client was when it was made last: for each file, the SHA-256 sum."""


def client(root: Path) -> tuple[list[str], list[str]]:
    """Make the generated client and the emulator's contract; returns what was made, and what was edited by hand."""
    with tempfile.TemporaryDirectory() as folder:
        fresh, contract = Path(folder) / generate.CLIENT.name, Path(folder) / generate.EMULATOR_CONTRACT.name
        generate.generate_client(fresh, Path(folder) / "templates")
        generate.compile_contract(contract)
        edited = [line for line in edited_by_hand(root) if not _is_same(fresh, root, line.partition(":")[0])]
        if edited:
            return [], edited
        made: list[str] = []
        for new, present in ((fresh, generate.CLIENT), (contract, generate.EMULATOR_CONTRACT)):
            name = present.relative_to(root).as_posix()
            if rows := derived.differences(new, present):
                derived.replace(new, present)
                made.append(f"{name}: made anew, {len(rows)} of its files changed; read git diff {name}")
            else:
                made.append(f"{name}: up to date")
        _remember(root)
    return made, []


def edited_by_hand(root: Path) -> list[str]:
    """The generated files that are neither as the last commit has them nor as they were made last, with a line."""
    folder = generate.CLIENT.relative_to(root).as_posix()
    changed = _git(root, "diff", "--name-only", "--no-renames", "HEAD", "--", folder).splitlines()
    changed += _git(root, "ls-files", "--others", "--exclude-standard", "--", folder).splitlines()
    path = root / WRITTEN
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    found: list[str] = []
    for name in changed:
        if (root / name).exists() and known.get(name) != _sum(root / name):
            hunk = re.search(r"^@@ -\S+ \+(\d+)", _git(root, "diff", "-U0", "HEAD", "--", name), re.MULTILINE)
            found.append(
                f"{name}:{hunk[1] if hunk else 1}: somebody has edited this, and generated files are made from "
                f"openapi.yaml and scripts/templates: make the change there, then `git restore {name}`, or delete it"
            )
    return found


def _is_same(fresh: Path, root: Path, name: str) -> bool:
    """Whether a generated file is as it is made now."""
    new = fresh / (root / name).relative_to(generate.CLIENT)
    return new.exists() and new.read_bytes() == (root / name).read_bytes()


def _remember(root: Path) -> None:
    files = sorted(path for path in generate.CLIENT.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    path = root / WRITTEN
    path.parent.mkdir(exist_ok=True)
    sums = {each.relative_to(root).as_posix(): _sum(each) for each in files}
    path.write_text(json.dumps(sums, indent=1), encoding="utf-8", newline="\n")


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def models_of(contract: Contract, root: Path) -> str:
    """Make the classes that the client returns; says whether they changed."""
    name, fresh = models.MODULE.relative_to(root).as_posix(), models.module(contract.document)
    if models.MODULE.exists() and models.MODULE.read_text(encoding="utf-8") == fresh:
        return f"{name}: up to date"
    models.MODULE.write_text(fresh, encoding="utf-8", newline="\n")
    return f"{name}: made anew; read git diff {name}"


def drivers(root: Path) -> str:
    """Derive the synchronous client; says whether it changed."""
    present = unasync_wrapper.WRAPPER / "_sync"
    name = present.relative_to(root).as_posix()
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "_sync"
        unasync_wrapper.derive(fresh)
        if not derived.differences(fresh, present):
            return f"{name}: up to date"
        derived.replace(fresh, present)
    return f"{name}: made anew from _async"


def script(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script of the checkout, with the tools of this environment before any others."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=root,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )


def _git(root: Path, *arguments: str) -> str:
    finished = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    return finished.stdout
