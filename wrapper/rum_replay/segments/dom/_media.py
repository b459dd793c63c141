"""Media queries that depend on the size of the viewport, decided for one size, or on whether scripts run: some did.

What shows a recorded page, such as a heatmap, may show it in a frame of another size.
"""

from __future__ import annotations

import re

from ._nodes import Size

__all__ = ["applies"]

_NUMBER = r"(?P<{0}>\d{{1,9}}(?:\.\d{{1,9}})?)(?P<{0}_unit>px|em|rem)?"
_RANGE = re.compile(
    rf"(?:(?P<bound>min|max)-)(?P<plain>width|height)\s*+:\s*+{_NUMBER.format('limit')}"
    rf"|(?P<name>width|height)\s*+(?P<operator>[<>]=?)\s*+{_NUMBER.format('value')}"
    rf"|{_NUMBER.format('low')}\s*+(?P<left>[<>]=?)\s*+(?P<side>width|height)"
    rf"(?:\s*+(?P<right>[<>]=?)\s*+{_NUMBER.format('high')})?"
    r"|orientation\s*+:\s*+(?P<orientation>portrait|landscape)"
    r"|(?P<scripting>scripting)(?>\s*+:\s*+(?P<scripts>enabled|initial-only|none))?+",
    re.IGNORECASE,
)
_TERM = re.compile(
    r"\s*+(?:(?P<and>and\b)|(?P<only>only\b)|(?P<type>all|screen)\b|(?P<print>print)\b|\((?P<feature>[^()]*+)\))\s*+",
    re.IGNORECASE,
)
_EM = 16  # Pixels.


def applies(queries: str, viewport: Size) -> bool | None:
    """Whether a list of media queries applies on a screen; None if that depends on more than the viewport's size."""
    answers = [_applies(query, viewport) for query in queries.split(",")]
    if True in answers:
        return True
    return None if None in answers else False


def _applies(query: str, viewport: Size) -> bool | None:
    answer: bool | None = True
    position, query = 0, query.strip()
    while position < len(query):
        term = _TERM.match(query, position)
        if term is None:
            return None
        position = term.end()
        if term["print"]:
            return False
        if term["feature"] is not None:
            one = _holds(term["feature"].strip(), viewport)
            if one is False:
                return False
            answer = None if one is None else answer
    return answer


def _holds(feature: str, viewport: Size) -> bool | None:
    found = _RANGE.fullmatch(feature)
    if found is None:
        return None
    if found["scripting"]:
        return (found["scripts"] or "enabled").lower() == "enabled"
    if found["orientation"]:
        return (viewport.width > viewport.height) == (found["orientation"].lower() == "landscape")
    size = (found["plain"] or found["name"] or found["side"]).lower()
    actual = viewport.width if size == "width" else viewport.height
    if found["plain"]:
        limit = _pixels(found, "limit")
        return actual >= limit if found["bound"].lower() == "min" else actual <= limit
    if found["name"]:
        return _compare(actual, found["operator"], _pixels(found, "value"))
    is_above = _compare(_pixels(found, "low"), found["left"], actual)
    return is_above and (not found["right"] or _compare(actual, found["right"], _pixels(found, "high")))


def _pixels(found: re.Match[str], name: str) -> float:
    return float(found[name]) * (1 if (found[f"{name}_unit"] or "px").lower() == "px" else _EM)


def _compare(one: float, operator: str, other: float) -> bool:
    if operator[0] == "<":
        return one < other or (one == other and operator == "<=")
    return one > other or (one == other and operator == ">=")
