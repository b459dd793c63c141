"""Media queries that depend on the size of the viewport, decided for one size, or on whether scripts run: some did.

What shows a recorded page, such as a heatmap, may show it in a frame of another size.
"""

from __future__ import annotations

import re

from .._nodes import Size

__all__ = ["applies"]

_NUMBER = r"(?P<{0}>\d{{1,9}}(?:\.\d{{1,9}})?)(?P<{0}_unit>px|em|rem)?"
_RANGE = re.compile(
    rf"(?:(?P<bound>min|max)-)(?P<plain>width|height)\s*+:\s*+{_NUMBER.format('limit')}"
    rf"|(?P<name>width|height)\s*+(?P<operator>[<>]=?)\s*+{_NUMBER.format('value')}"
    rf"|{_NUMBER.format('low')}\s*+(?P<left>[<>]=?)\s*+(?P<side>width|height)"
    rf"(?:\s*+(?P<right>[<>]=?)\s*+{_NUMBER.format('high')})?"
    r"|(?P<ratio>min|max)-aspect-ratio\s*+:\s*+(?P<wide_part>\d{1,5})(?:\s*+/\s*+(?P<high_part>[1-9]\d{0,4}))?"
    r"|orientation\s*+:\s*+(?P<orientation>portrait|landscape)"
    r"|(?P<scripting>scripting)(?>\s*+:\s*+(?P<scripts>enabled|initial-only|none))?+",
    re.IGNORECASE,
)
_TERM = re.compile(
    r"\s*+(?:(?P<and>and\b)|(?P<or>or\b)|(?P<only>only\b)|(?P<type>all|screen)\b|(?P<print>print)\b|\((?P<feature>[^()]*+)\))\s*+",
    re.IGNORECASE,
)
_NOT = re.compile(r"\s*+not\b", re.IGNORECASE)
_EM = 16  # Pixels.


def applies(queries: str, viewport: Size) -> bool | None:
    """Whether a list of media queries applies on a screen; None if that depends on more than the viewport's size."""
    answers = [_applies(query, viewport) for query in queries.split(",")]
    if True in answers:
        return True
    return None if None in answers else False


def _applies(query: str, viewport: Size) -> bool | None:
    negation = _NOT.match(query)
    answer = _meets(query[negation.end() :] if negation else query, viewport)
    return answer if negation is None or answer is None else not answer


def _meets(condition: str, viewport: Size) -> bool | None:
    """Whether what is joined by `and`, or by `or`, applies."""
    answers: list[bool | None] = []
    decisive = False  # The answer of one that decides about all.
    position, condition = 0, condition.strip()
    while position < len(condition):
        term = _TERM.match(condition, position)
        if term is None:
            return None
        position = term.end()
        if term["or"]:
            decisive = True
        elif term["print"]:
            answers.append(False)
        elif term["feature"] is not None:
            answers.append(_holds(term["feature"].strip(), viewport))
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive


def _holds(feature: str, viewport: Size) -> bool | None:
    found = _RANGE.fullmatch(feature)
    if found is None:
        return None
    if found["scripting"]:
        return (found["scripts"] or "enabled").lower() == "enabled"
    if found["orientation"] or found["ratio"]:
        return _is_shaped(found, viewport)
    size = (found["plain"] or found["name"] or found["side"]).lower()
    actual = viewport.width if size == "width" else viewport.height
    if found["plain"]:
        limit = _pixels(found, "limit")
        return actual >= limit if found["bound"].lower() == "min" else actual <= limit
    if found["name"]:
        return _compare(actual, found["operator"], _pixels(found, "value"))
    is_above = _compare(_pixels(found, "low"), found["left"], actual)
    return is_above and (not found["right"] or _compare(actual, found["right"], _pixels(found, "high")))


def _is_shaped(found: re.Match[str], viewport: Size) -> bool:
    if found["orientation"]:
        return (viewport.width > viewport.height) == (found["orientation"].lower() == "landscape")
    wider = viewport.width * int(found["high_part"] or 1) - viewport.height * int(found["wide_part"])
    return wider >= 0 if found["ratio"].lower() == "min" else wider <= 0


def _pixels(found: re.Match[str], name: str) -> float:
    return float(found[name]) * (1 if (found[f"{name}_unit"] or "px").lower() == "px" else _EM)


def _compare(one: float, operator: str, other: float) -> bool:
    if operator[0] == "<":
        return one < other or (one == other and operator == "<=")
    return one > other or (one == other and operator == ">=")
