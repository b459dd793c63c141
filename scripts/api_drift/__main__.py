"""Compare openapi.yaml with Datadog's documentation and clients, or with recorded traffic.

A SOURCE is a page of Datadog's API reference in Markdown, an OpenAPI 3 document in YAML or JSON, the word
datadog-api-client for the client that is installed beside this project, or the folder of an environment that has it.
With --traffic it is a cassette of the pytest plugin or of vcrpy, a HAR file, or a log that `on_response` wrote as JSON
lines (see CONTRIBUTING.md); requests and answers that do not fit are listed, without their values, and a patch of
openapi.yaml follows that makes them fit: scripts/drift --traffic FILE --patch | git apply

The exit status is 0 without new differences, 1 with some, and 2 if a source cannot be read.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from .client import INSTALLED, read_client
from .comparison import compared
from .known import explained, read_known
from .model import Source, UnreadableError, read_text
from .openapi import read_openapi
from .pages import read_page
from .rating import rules
from .reporting import as_annotations, as_json, as_summary, as_text, write_summary

ROOT = Path(__file__).resolve().parent.parent.parent
KNOWN = "scripts/api_drift/known_drift.toml"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/drift", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sources", nargs="*", metavar="SOURCE")
    parser.add_argument("--traffic", action="store_true", help="the sources are recorded requests and answers")
    parser.add_argument(
        "--format", choices=["text", "json", "github"], default="text", help="of the report; text by default"
    )
    parser.add_argument(
        "--summary",
        metavar="FILE",
        default=os.environ.get("GITHUB_STEP_SUMMARY"),
        help="add the report in Markdown to it",
    )
    parser.add_argument("--patch", action="store_true", help="with --traffic: print nothing but the patch")
    parser.add_argument("--rules", action="store_true", help="print how differences are rated, and why")
    parser.add_argument(
        "--contract", metavar="FILE", default="openapi.yaml", help="compare this document instead of ours"
    )
    parser.add_argument(
        "--relative-to", metavar="FOLDER", default=".", help=argparse.SUPPRESS
    )  # where the command was given
    options = parser.parse_args(arguments)
    if options.rules:
        print(*rules(), sep="\n")
        return 0
    if not options.sources:
        parser.error("name at least one SOURCE")
    folder = Path(options.relative_to)
    try:
        contract = ROOT / "openapi.yaml" if options.contract == "openapi.yaml" else folder / options.contract
        text = read_text(contract, options.contract)
        if options.traffic:
            from .traffic_report import report_traffic

            return report_traffic(text, options.contract, options.sources, folder, options)
        return _report_sources(read_openapi(text, options.contract), folder, options)
    except UnreadableError as error:
        return _unreadable(error)


def _report_sources(ours: Source, folder: Path, options: argparse.Namespace) -> int:
    known = read_known(ROOT / KNOWN)
    sources, status = [], 0
    for name in options.sources:
        try:
            sources.append(read_source(name, folder, ours))
        except UnreadableError as error:
            status = _unreadable(error)
    if not sources:
        return status
    result = explained([compared(ours, source) for source in sources], known)
    total = len(ours.operations)
    if options.format == "json":
        print(as_json(result, total, KNOWN))
    elif options.format == "github":
        _print(as_annotations(result, KNOWN))
        _print(as_text(result, total, KNOWN))
    else:
        _print(as_text(result, total, KNOWN))
    if options.summary:
        write_summary(folder / options.summary, as_summary(result, total, KNOWN))
    return status or int(any(new for _, new in result.new))


def read_source(name: str, folder: Path, ours: Source) -> Source:
    path = folder / name
    if name == INSTALLED and not path.exists():
        return read_client(None, name, ours)
    if path.is_dir():
        return read_client(path.absolute(), name, ours)
    text = read_text(path, name)
    is_document = re.search(r"\A\s*\{(?!%)|^(['\"]?)(openapi|swagger)\1\s*:", text, re.MULTILINE) is not None
    if is_document or path.suffix in (".json", ".yaml", ".yml"):
        return read_openapi(text, name, ours)
    return read_page(text, name, ours)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _unreadable(error: UnreadableError) -> int:
    print(f"scripts/drift: {error}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
