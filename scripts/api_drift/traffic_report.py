"""What `scripts/drift --traffic` prints: what does not fit, and the patch that makes it fit."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from .conformance import Contract
from .misfits import Misfit
from .model import UnreadableError
from .patching import patch, patched
from .reporting import annotation, counted, write_summary
from .traffic import Exchange, read_traffic

__all__ = ["report_traffic"]

_MAX_PLACES = 3


def report_traffic(text: str, name: str, files: Sequence[str], folder: Path, options: argparse.Namespace) -> int:
    """Compare files with the contract and print the report; the exit status of the command."""
    contract = Contract(text, name)
    exchanges, status = [], 0
    for file in files:
        try:
            found = read_traffic(folder / file, file)
            ours = [exchange for exchange in found if contract.is_addressed(exchange)]
            if not ours:
                raise UnreadableError(f"{file} has no request to this API among its {counted(len(found), 'request')}")
            exchanges += ours
        except UnreadableError as error:
            print(f"scripts/drift: {error}", file=sys.stderr)
            status = 2
    if not exchanges:
        return status
    misfits = contract.misfits(exchanges)
    after, left = patched(text, name, exchanges)
    change = patch(text, after, name)
    if options.patch:
        print(change, end="")
    elif options.format == "json":
        print(_as_json(exchanges, misfits, left, change))
    else:
        if options.format == "github":
            for misfit in misfits:
                print(annotation("warning", misfit.here.file, misfit.here.line, "drift: traffic", misfit.text))
        for line in _as_text(exchanges, misfits, left, change):
            print(line)
    if options.summary:
        lines = _as_text(exchanges, misfits, left, change)
        write_summary(folder / options.summary, ["## API drift in traffic", "", "```", *lines, "```"])
    return status or int(bool(misfits))


def _as_text(
    exchanges: Sequence[Exchange], misfits: Sequence[Misfit], left: Sequence[Misfit], change: str
) -> Iterator[str]:
    for misfit in misfits:
        yield f"{misfit.here}  {misfit.text}"
        more = f" and {len(misfit.where) - _MAX_PLACES} more" if len(misfit.where) > _MAX_PLACES else ""
        yield f"    {', '.join(misfit.where[:_MAX_PLACES])}{more}"
    yield f"{counted(len(exchanges), 'request')}: {counted(len(misfits), 'misfit') if misfits else 'all fit'}"
    for misfit in left:
        yield f"no change is proposed for {misfit.text}"
    if change:
        yield "This patch makes the rest fit:" if left else "This patch makes them fit:"
        yield ""
        yield change.rstrip("\n")


def _as_json(exchanges: Sequence[Exchange], misfits: Sequence[Misfit], left: Sequence[Misfit], change: str) -> str:
    report = {
        "requests": len(exchanges),
        "misfits": [
            {
                "kind": misfit.kind,
                "text": misfit.text,
                "operation": misfit.operation,
                "place": misfit.place,
                "here": {"file": misfit.here.file, "line": misfit.here.line},
                "where": misfit.where,
            }
            for misfit in misfits
        ],
        "without_proposal": [misfit.text for misfit in left],
        "patch": change,
    }
    return json.dumps(report, indent=2, ensure_ascii=False)
