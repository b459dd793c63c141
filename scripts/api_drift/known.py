"""Differences that are known and explained, in `known_drift.toml`; they are not reported again."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from attrs import define, field, frozen

from .comparison import Comparison, Difference
from .model import UnreadableError, read_text

__all__ = ["Explained", "Known", "explained", "read_known"]

_ENTRY = re.compile(r"\s*\[\[\s*known\s*\]\]")
_NEEDED = {"sources", "subjects", "changes", "reason"}
_SOURCES = {"page", "openapi", "client"}


@frozen
class Known:
    """Some differences with their reason."""

    sources: tuple[str, ...]
    """The kinds of sources."""

    subjects: tuple[str, ...]
    changes: tuple[str, ...]
    """Patterns with `*`, of `Difference.text` in two parts: before and after the colon."""

    reason: str
    line: int
    sometimes: bool = False
    """Whether only some sources of these kinds differ so, such as older pages."""

    def explains(self, difference: Difference, kind: str) -> bool:
        subject, _, change = difference.text.partition(": ")
        return (
            kind in self.sources
            and any(fnmatchcase(subject, _literal(pattern)) for pattern in self.subjects)
            and any(fnmatchcase(change, _literal(pattern)) for pattern in self.changes)
        )

    def concerns(self, comparison: Comparison) -> bool:
        """Whether the comparison could have shown it."""
        return comparison.source.kind in self.sources and any(
            fnmatchcase(subject, _literal(pattern)) for pattern in self.subjects for subject in comparison.subjects
        )


@define
class Explained:
    """Differences divided into those that are new and those that are known."""

    new: list[tuple[Comparison, list[Difference]]] = field(factory=list)
    known: dict[Known, list[tuple[Comparison, Difference]]] = field(factory=dict)
    stale: list[Known] = field(factory=list)
    """Known differences that no longer occur in any of the sources that could show them."""


def explained(comparisons: Iterable[Comparison], known: Sequence[Known]) -> Explained:
    """Divide differences by the first known one that explains each."""
    comparisons = list(comparisons)
    result = Explained()
    for comparison in comparisons:
        new: list[Difference] = []
        for difference in comparison.differences:
            reason = next((each for each in known if each.explains(difference, comparison.source.kind)), None)
            if reason is None:
                new.append(difference)
            else:
                result.known.setdefault(reason, []).append((comparison, difference))
        result.new.append((comparison, new))
    result.stale = [
        each
        for each in known
        if each not in result.known and not each.sometimes and any(map(each.concerns, comparisons))
    ]
    return result


def read_known(path: Path) -> list[Known]:
    """The known differences in a file; raises UnreadableError for an entry that lacks something, such as its reason."""
    text = read_text(path, path.name)
    try:
        entries: list[dict[str, Any]] = tomllib.loads(text).get("known", [])
    except tomllib.TOMLDecodeError as error:
        raise UnreadableError(f"{path.name} is not valid TOML: {error}") from None
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if _ENTRY.match(line)]
    found: list[Known] = []
    for entry, line in zip(entries, lines, strict=True):
        lacking, unknown = _NEEDED - entry.keys(), entry.keys() - _NEEDED - {"sometimes"}
        if lacking or unknown or not str(entry["reason"]).strip() or not _SOURCES.issuperset(entry["sources"]):
            raise UnreadableError(
                f"{path.name}:{line}: an entry has sources (of {', '.join(sorted(_SOURCES))}), subjects, changes and a "
                "reason, and perhaps sometimes = true"
            )
        found.append(
            Known(
                tuple(entry["sources"]),
                tuple(entry["subjects"]),
                tuple(entry["changes"]),
                " ".join(entry["reason"].split()),
                line,
                entry.get("sometimes", False),
            )
        )
    return found


def _literal(pattern: str) -> str:
    """Names hold brackets, as in `page[size]`, so only `*` is a wildcard."""
    return pattern.replace("[", "[[]").replace("?", "[?]")
