"""How Playwright compares the names of elements, and what of a name certainly is on the page."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from ..dom import Node
from ..dom._names.accessible_names import AccessibleName
from ._python import literal

__all__ = ["MAX_NAME", "Names", "by_name", "compared", "usable"]

MAX_NAME = 60
"""Characters of a name in a locator: part of a name is enough for Playwright."""

_LEAST_NAME = 2


def usable(name: AccessibleName) -> Iterator[tuple[str, bool]]:
    """What of a name certainly is on the page, and whether it is all of it."""
    if not name.text or name.is_masked or not name.is_certain:
        return
    if not name.parts:
        return  # All of it may be hidden.
    text = max(name.parts, key=len)
    if len(text) > MAX_NAME:
        text = text[:MAX_NAME].rpartition(" ")[0] or text[:MAX_NAME]
    if len(text) >= _LEAST_NAME or len(name.text) < _LEAST_NAME:
        yield text, text == name.text


def by_name(element: Node, text: str, names: Names | None, *, is_whole: bool) -> tuple[str, ...] | None:
    """The arguments that find an element by its name, which may be part of other names; None if they find others.

    Without `exact`, Playwright ignores case and looks for a part of the name, so that text that only style sheets add
    does no harm. White space is ignored here, because style sheets decide about it.
    """
    wanted = compared(text)
    if names is None or not wanted.lower:
        return None
    if {node for node, name in names if wanted.is_in(name)} == {element}:
        return (literal(text),)
    if is_whole and {node for node, name in names if wanted.equals(name)} == {element}:
        return (literal(text), "exact=True")
    return None


@attrs.frozen
class _Compared:
    """A text without white space: Playwright compares some in lower case and some in upper case."""

    lower: str
    upper: str

    def is_in(self, other: _Compared) -> bool:
        return self.lower in other.lower or self.upper in other.upper

    def equals(self, other: _Compared) -> bool:
        return self.lower == other.lower or self.upper == other.upper


Names = list[tuple[Node, _Compared]]


def compared(text: str) -> _Compared:
    squeezed = "".join(text.split())
    return _Compared(squeezed.lower(), squeezed.upper())
