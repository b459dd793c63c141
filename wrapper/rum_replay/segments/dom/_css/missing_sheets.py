"""Style sheets that a page loads and that are not in the recording: of links, and those that others import."""

from __future__ import annotations

import re
from itertools import islice

from .._nodes import Node

__all__ = ["missing_sheets"]

_MAX_PARTS, _MAX_READ = 100, 10_000
"""Parts of a style sheet that are looked at, and characters of them: imports come first."""

_STATEMENT = re.compile(
    r"""(?>\s|/\*[^*]*+(?>\*(?!/)[^*]*+)*+\*/)*+"""
    r"""@(?P<name>import|charset|layer)\b(?>"[^"]*+"|'[^']*+'|url\([^)]*+\)|[^;{"'])*+(?:;|\Z)""",
    re.IGNORECASE,
)


def missing_sheets(element: Node) -> int:
    """How many style sheets an element loads that are not in the recording."""
    if element.name == "link" and not element.style_sheets:
        return int("stylesheet" in element.attributes.get("rel", "").lower())
    texts = ["".join(islice(sheet.parts, _MAX_PARTS)) for sheet in element.style_sheets if not sheet.disabled]
    if not texts and element.name == "style":
        texts = ["".join(child.text for child in element.children)]
    return sum(map(_imports, texts))


def _imports(css: str) -> int:
    count = start = 0
    while found := _STATEMENT.match(css, start, _MAX_READ):
        count += found["name"].lower() == "import"
        start = found.end()
    return count
