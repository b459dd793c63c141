"""Lines of CHANGELOG.md about what is new in the contract."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from api_drift.comparison import Difference
from api_drift.rating import rated

from .parameters import Gained

__all__ = ["lines_about", "note", "unnamed"]

CHANGELOG = "CHANGELOG.md"


def note(lines: Sequence[str], root: Path) -> list[str]:
    """Add lines to what the topmost version adds; returns those that were not there."""
    path = root / CHANGELOG
    text = path.read_text(encoding="utf-8")
    new = [line for line in lines if line not in text]
    if new:
        start = text.index("\n## ")
        end = text.find("\n## ", start + 1)
        head, tail = text[: end if end > 0 else len(text)], text[end:] if end > 0 else ""
        if "### Added" not in head[start:]:
            head = head.rstrip("\n") + "\n\n### Added\n"
        added = head.index("### Added", start)
        after = head.find("\n### ", added + 1)
        section, rest = (head, "") if after < 0 else (head[:after], head[after:])
        text = section.rstrip("\n") + "\n" + "".join(f"{line}\n" for line in new) + rest + tail
        path.write_text(text, encoding="utf-8", newline="\n")
    return new


def lines_about(gained: Sequence[Gained], fields: Sequence[tuple[str, str]]) -> list[str]:
    """Lines about new attributes of models, and new parameters of methods."""
    lines = [f"- `{model}.{name}`, an attribute that the API has now." for model, name in fields]
    taken: dict[str, list[str]] = {}
    for each in gained:
        if "." in each.owner:
            taken.setdefault(each.argument.name, []).append(f"`{each.owner}`")
    for name, owners in taken.items():
        *others, last = owners
        lines.append(f"- {', '.join(others)} and {last} take `{name}=`." if others else f"- {last} takes `{name}=`.")
    return lines


def unnamed(differences: Sequence[Difference], root: Path) -> list[str]:
    """What the newest version should name, and does not."""
    text = (root / CHANGELOG).read_text(encoding="utf-8")
    start = text.index("\n## ") + 1
    newest = text[start : (text.find("\n## ", start) + 1) or len(text)]
    line = text.count("\n", 0, start) + 1
    found: list[str] = []
    for each in differences:
        name = _name(each)
        if rated(each)[0] != "cosmetic" and name not in newest:
            found.append(f"{CHANGELOG}:{line}: say what {name} means for users ({each.text})")
    return found


def _name(difference: Difference) -> str:
    """What a line about a difference must name: the operation, or the property of the schema."""
    kind, _, subject = difference.subject.partition(" ")
    words = difference.what.replace(":", " ").split()
    if kind == "schema" and words[0] == "property":
        return words[1].rpartition(".")[2]
    return subject or words[0]
