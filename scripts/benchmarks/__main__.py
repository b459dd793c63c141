"""Measure speed, size and memory, as ratios of ours to the alternatives.

usage: scripts/benchmark [name ...] [--quick] [--write]
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from .measure import Row

RESULTS = Path(__file__).with_name("RESULTS.md")
# --write replaces only what is between these lines; people write the rest.
_SECTION = re.compile(r"^### (\w+)\n(.*?)(?=^### |\Z)", re.MULTILINE | re.DOTALL)
BEGIN, END = "<!-- measured: scripts/benchmark --write -->\n", "<!-- end of what was measured -->\n"


class Run(Protocol):
    def __call__(self, *, quick: bool) -> Iterator[Row]: ...


MEASURES = (
    "decode",
    "get",
    "import",
    "size",
    "download",
    "archive",
    "pages",
    "emulator",
    "segments",
    "analysis",
    "player",
    "many",
    "bounds",
    "cassettes",
    "plugin",
    "secrecy",
    "strategies",
)
"""Each is the module of that name; they are imported when they are used, because some take long."""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/benchmark", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="name", help=f"one of {', '.join(MEASURES)}; all by default")
    parser.add_argument("--quick", action="store_true", help="few and small, to see that it runs; ignore the numbers")
    parser.add_argument("--write", action="store_true", help=f"replace their numbers in {RESULTS.name}")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in MEASURES]
    if unknown:
        parser.error(f"there is no measure {', '.join(unknown)}; there are {', '.join(MEASURES)}")
    if options.write and options.quick:
        parser.error("--write requires full measurements; leave out --quick")
    for name in options.names or MEASURES:
        rows: list[Row] = []
        for row in _run_of(name)(quick=options.quick):
            rows.append(row)
            print(f"{name}: {row.measure}", flush=True)
            print(f"    {row.ratio} ({row.ours} / {row.other}) {_aim(row)}".rstrip(), flush=True)
        if options.write:
            write(name, rows)
    if options.quick:
        print("This was a quick run, which only shows that everything works.")
    return 0


def _run_of(name: str) -> Run:
    run: Run = import_module(f".{'importing' if name == 'import' else name}", __package__).run
    return run


def _aim(row: Row) -> str:
    return f"— aim {row.aim}: {row.verdict}" if row.aim else ""


def write(name: str, rows: Sequence[Row]) -> None:
    """Replace the numbers of one measure in RESULTS.md and keep the rest."""
    text = RESULTS.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    numbers, _, after = rest.partition(END)
    sections = dict(_SECTION.findall(numbers))
    sections[name] = measured(rows)
    in_order = "".join(f"### {known}\n{sections[known]}" for known in MEASURES if known in sections)
    RESULTS.write_text(before + BEGIN + "\n" + in_order + END + after, encoding="utf-8", newline="\n")


def measured(rows: Sequence[Row]) -> str:
    """The machine and the numbers, in Markdown."""
    lines = [
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {_machine()}.",
        "",
        "| measure | ours | the other | ratio | aim | |",
        "|---|---:|---:|---:|---|---|",
        *(f"| {row.measure} | {row.ours} | {row.other} | {row.ratio} | {row.aim} | {row.verdict} |" for row in rows),
        "",
    ]
    return "\n".join(lines) + "\n"


def _machine() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in ("httpx", "msgspec", "attrs", "datadog-api-client"))
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"{platform.python_implementation()} {platform.python_version()}, {libraries}"
    )


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
