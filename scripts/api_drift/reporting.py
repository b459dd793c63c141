"""What `scripts/drift` prints about sources: text, JSON, and annotations and Markdown for GitHub."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from .comparison import Comparison, Difference
from .known import Explained
from .model import UnreadableError
from .rating import LEVELS, rated

__all__ = ["annotation", "as_annotations", "as_json", "as_summary", "as_text", "counted", "write_summary"]


def as_text(result: Explained, total: int, known_file: str) -> Iterator[str]:
    """The report for people; `total` is the number of our operations."""
    for comparison, new in result.new:
        yield f"{_heading(comparison, total)}: {counted(len(new), 'new difference') if new else 'no new differences'}"
        for difference, level, why in _in_order(new):
            yield f"  {level:<9} {difference.here}  {difference.text}"
            yield f"            there {difference.there}; {why}{_where(difference)}"
    for known, found in result.known.items():
        yield f"explained  {known_file}:{known.line}  {counted(len(found), 'difference')}: {known.reason}"
    for known in result.stale:
        yield f"stale      {known_file}:{known.line}  no longer occurs, remove it: {known.reason}"
    yield ", ".join(f"{number} {level}" for level, number in _totals(result).items())


def as_json(result: Explained, total: int, known_file: str) -> str:
    """The report for programs."""
    report = {
        "operations": total,
        "sources": [
            {
                "name": comparison.source.name,
                "kind": comparison.source.kind,
                "operations": [operation.name for operation in comparison.source.operations],
                "not_compared": comparison.missing,
                "differences": [_fields(*each) for each in _in_order(new)],
            }
            for comparison, new in result.new
        ],
        "explained": [
            {
                "file": known_file,
                "line": known.line,
                "reason": known.reason,
                "differences": [
                    {"source": comparison.source.name, **_fields(difference, *rated(difference))}
                    for comparison, difference in found
                ],
            }
            for known, found in result.known.items()
        ],
        "stale": [{"file": known_file, "line": known.line, "reason": known.reason} for known in result.stale],
        "totals": _totals(result),
    }
    return json.dumps(report, indent=2, ensure_ascii=False)


def as_annotations(result: Explained, known_file: str) -> Iterator[str]:
    """Workflow commands of GitHub: a warning at the line of our document for each new difference."""
    for comparison, new in result.new:
        for difference, level, why in _in_order(new):
            named = str(difference.there).startswith(comparison.source.name)
            there = str(difference.there) if named else f"{difference.there} in {comparison.source.name}"
            message = f"{difference.text} ({there}; {why})"
            yield annotation("warning", difference.here.file, difference.here.line, f"drift: {level}", message)
    for known in result.stale:
        message = f"This difference no longer occurs; remove the entry: {known.reason}"
        yield annotation("notice", known_file, known.line, "drift: stale", message)


def as_summary(result: Explained, total: int, known_file: str) -> Iterator[str]:
    """The report in Markdown."""
    yield "## API drift"
    yield ""
    yield ", ".join(f"{number} {level}" for level, number in _totals(result).items())
    for comparison, new in result.new:
        yield f"\n### {_heading(comparison, total)}\n"
        if not new:
            yield "No new differences."
            continue
        yield "| rating | difference | here | there | because |"
        yield "|---|---|---|---|---|"
        for difference, level, why in _in_order(new):
            cells = (level, difference.text, str(difference.here), str(difference.there), why + _where(difference))
            yield f"| {' | '.join(map(_cell, cells))} |"
    if result.known or result.stale:
        yield "\n### Known differences\n"
    for known, found in result.known.items():
        yield f"- {counted(len(found), 'difference')} ({known_file}:{known.line}): {known.reason}"
    for known in result.stale:
        yield f"- **stale** ({known_file}:{known.line}): {known.reason}"


def annotation(kind: str, file: str, line: int, title: str, message: str) -> str:
    """A workflow command of GitHub."""

    def escaped(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def property_escaped(text: str) -> str:
        return escaped(text).replace(":", "%3A").replace(",", "%2C")

    return f"::{kind} file={property_escaped(file)},line={line},title={property_escaped(title)}::{escaped(message)}"


def counted(number: int, noun: str) -> str:
    """`1 difference`, `2 differences`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _heading(comparison: Comparison, total: int) -> str:
    source = comparison.source
    had = total - len(comparison.missing)
    sites = "" if source.sites is None else f", {counted(len(source.sites), 'site')}"
    return f"{source.name} ({source.kind}, {had} of {counted(total, 'operation')}{sites})"


def _in_order(differences: Sequence[Difference]) -> list[tuple[Difference, str, str]]:
    """With rating and reason; the worst first, then by line."""
    found = [(difference, *rated(difference)) for difference in differences]
    return sorted(found, key=lambda each: (LEVELS.index(each[1]), each[0].here, each[0].text))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _where(difference: Difference) -> str:
    directions = " and ".join(f"{each}s" for each in sorted(difference.directions, reverse=True))
    parts = [f"in {directions}"] if directions else []
    if difference.operations and not difference.subject.startswith("operation "):
        shown = ", ".join(difference.operations[:3])
        parts.append(f"of {shown}{' …' if len(difference.operations) > 3 else ''}")
    return f" ({' '.join(parts)})" if parts else ""


def _fields(difference: Difference, level: str, why: str) -> dict[str, Any]:
    return {
        "rating": level,
        "kind": difference.kind,
        "change": difference.change,
        "subject": difference.subject,
        "text": difference.text,
        "here": {"file": difference.here.file, "line": difference.here.line},
        "there": {"file": difference.there.file, "line": difference.there.line},
        "directions": sorted(difference.directions),
        "operations": difference.operations,
        "because": why,
    }


def _totals(result: Explained) -> dict[str, int]:
    ratings = [rated(difference)[0] for _, new in result.new for difference in new]
    return {
        **{level: ratings.count(level) for level in LEVELS},
        "explained": sum(map(len, result.known.values())),
        "stale": len(result.stale),
    }


def write_summary(path: Path, lines: Iterable[str]) -> None:
    """Add lines to a summary; raises UnreadableError if that is not possible."""
    try:
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
    except OSError as error:
        raise UnreadableError(f"the summary {path} cannot be written: {error.strerror or error}") from None
