"""Lead through a change of the API, from openapi.yaml to the changelog. Run it again until nothing is left.

The steps are drift, edit, lint, generate, write, twin, documents, fill in, tests and changelog. Each does what a
program can do, and says what it did and what is left. The command stops at the first step that needs a person, and says
where and what to do. It never changes or removes what a person has written, and does nothing a second time.

A SOURCE is what scripts/drift compares the contract with, such as a page of Datadog's API reference; only with one is
there a drift to look at.

The exit status is 0 when nothing is left, 1 when something is, and 2 if a source or openapi.yaml cannot be read.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from api_drift.__main__ import read_source
from api_drift.model import UnreadableError
from api_drift.openapi import read_openapi

from .contract import NAME, Contract
from .steps import STEPS, Run

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/regenerate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sources", nargs="*", metavar="SOURCE")
    parser.add_argument("--since", metavar="REV", default="HEAD", help="compare openapi.yaml with this commit's")
    parser.add_argument("--until", metavar="STEP", choices=[*STEPS], help="stop after this step")
    parser.add_argument("--relative-to", metavar="FOLDER", default=".", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    try:
        text = (root / NAME).read_text(encoding="utf-8")
        ours = read_openapi(text, NAME) if options.sources else None
        sources = [read_source(name, Path(options.relative_to), ours) for name in options.sources] if ours else []
        run = Run(root, options.since, Contract(contract_at(root, options.since)), sources)
        return lead(run, until=options.until)
    except UnreadableError as error:
        print(f"scripts/regenerate: {error}", file=sys.stderr)
        return 2


def lead(run: Run, until: str | None = None) -> int:
    """Take one step after the other, up to the first that leaves something; 0 if none does."""
    for number, (name, step) in enumerate(STEPS.items(), start=1):
        run.done, run.left, run.next = [], [], "scripts/regenerate"
        print(f"{number}. {name}: {(step.__doc__ or '').strip()}", flush=True)
        step(run)
        for line in run.done:
            print(f"   {line}")
        if run.left:
            print("   Left to do:")
            for line in run.left:
                print(f"   * {line}")
            print(f"   Next: {run.next}")
            return 1
        if name == until:
            print(f"Stopped after this step; the next is {([*STEPS][number:] or ['none'])[0]}.")
            return 0
    print("Nothing is left. scripts/test runs all checks; then commit.")
    return 0


def contract_at(root: Path, revision: str) -> str:
    """The contract as a commit has it."""
    command = ["git", "show", f"{revision}:{NAME}"]
    shown = subprocess.run(command, cwd=root, capture_output=True, check=False)
    if shown.returncode:
        raise UnreadableError(f"{NAME} at {revision}: {shown.stderr.decode(errors='replace').strip()}")
    return shown.stdout.decode()


if __name__ == "__main__":
    sys.exit(main())
