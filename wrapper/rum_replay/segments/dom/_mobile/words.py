"""The texts by which people know wireframes of an app that have none: only text wireframes have one of their own."""

from __future__ import annotations

from collections.abc import Sequence

from .._names.selectors import short_text
from .._nodes import Node, Size
from .drawing import Area, Box
from .wireframes import TEXT_ELEMENT

__all__ = ["words_beside", "words_on"]

_MAX_WORDS = 100
_MOST_TEXTS, _MOST_OTHERS = 3, 20
"""Texts and other wireframes on one that is known by what is written on it."""

_CAPTION_WITHIN = 16
"""Pixels between a picture and its caption, or by which they overlap."""

_ROW = 100
"""Pixels; hardly any row of a list or bar is higher."""

_Targets = Sequence[tuple[Area, Node]]
"""Everything that can be seen on a screen, from what is on top on."""


def words_on(node: Node, targets: _Targets, screen: Size | None) -> str:
    """What is written on a wireframe, as on a button.

    Nothing if it is much, or if it is written on something else that is drawn on the wireframe; nor if the wireframe is
    the background of most of the screen.
    """
    place = next((place for place, (_, one) in enumerate(targets) if one is node), 0)
    others, words = list[Box](), list[str]()
    if place and _is_most_of(screen, targets[place][0].whole):
        return ""
    for area, one in reversed(targets[:place]):
        x, y = area.whole.middle
        if not targets[place][0].whole.contains(x, y) or any(other.contains(x, y) for other in others):
            continue
        if one.name == TEXT_ELEMENT:
            words.append(short_text(one, _MAX_WORDS, None))
        else:
            others.append(area.whole)
        if len(words) > _MOST_TEXTS or len(others) > _MOST_OTHERS:
            return ""
    return " ".join(words)


def words_beside(node: Node, targets: _Targets, screen: Size | None) -> str:
    """What is written below a wireframe, as below the pictures of a tab bar, or else next to it in its row, as beside
    a switch; empty if nothing is.
    """
    box = next((area.whole for area, one in targets if one is node), None)
    if box is None or node.name == TEXT_ELEMENT or _is_most_of(screen, box):
        return ""
    found: list[tuple[bool, float, str]] = []
    for area, one in targets:
        if one.name != TEXT_ELEMENT:
            continue
        text, (x, y) = area.whole, area.whole.middle
        below = text.top - box.bottom
        aside = max(box.left - text.right, text.left - box.right)
        if box.left <= x <= box.right and abs(below) <= _CAPTION_WITHIN:
            found.append((False, abs(below), short_text(one, _MAX_WORDS, None)))
        elif aside >= 0 and box.top <= y <= box.bottom <= box.top + _ROW:
            found.append((True, aside, short_text(one, _MAX_WORDS, None)))
    return min(found, default=(True, 0, ""))[-1]


def _is_most_of(screen: Size | None, box: Box) -> bool:
    return screen is not None and (box.right - box.left) * (box.bottom - box.top) * 2 > screen.width * screen.height
