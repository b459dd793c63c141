"""Which elements the style sheets of a page may hide: those that a rule selects which hides, in whatever circumstances.

Whether such a rule applies depends on others, on the size of the window and on states that are not recorded, so this
only says of what it is not certain that it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from ._effects import Effect, NodeAdded, RuleInserted, SnapshotTaken, StyleSheetsSet
from ._matching import Budget, Selector, TooManyStepsError, keys_of, selectors_of
from ._nodes import Node, walk
from ._page import Page

__all__ = ["HidingRules"]

_BUDGET = 10_000
"""Elements to compare with selectors for one element."""

_MOST_READ = 20_000_000
"""Nodes that are visited to find the style sheets of a page, which is done again after each change of them."""

_MAX_RULES = 5_000
_MAX_SHEETS = 1_000
_MAX_SELECTORS = 10_000  # Characters.
_OWNERS = frozenset({"link", "style"})
_COMMENT = re.compile(r"/\*[^*]*+(?>\*(?!/)[^*]*+)*+(?:\*/)?+")
_RULE = re.compile(r"(?P<selectors>[^{};]*+)\{(?P<declarations>[^{}]*+)\}")
_HIDES = re.compile(r"(?<![-\w])(?:display\s*+:\s*+none|visibility\s*+:\s*+(?:hidden|collapse))", re.IGNORECASE)


class HidingRules:
    """The rules of one page's style sheets that hide something; rules that were removed may be among them."""

    def __init__(self) -> None:
        self._rules: dict[str, list[Selector]] | None = None
        """By what they select; None if they must be read."""

        self._left = _MOST_READ
        self._read: dict[str, list[Selector]] = {}
        """By the text of the style sheet, since pages add the same one again and again."""

    def note(self, effects: Sequence[Effect]) -> None:
        """Note what a record did to the page."""
        if self._rules is not None and any(map(_adds_rules, effects)):
            self._rules = None

    def may_hide(self, node: Node, page: Page) -> bool:
        """Whether a rule may hide an element, apart from those around it."""
        if self._rules is None:
            self._left -= len(page.nodes)
            self._rules = self._all(page) if self._left >= 0 else None
        if self._rules is None:
            return True
        budget = Budget(_BUDGET)
        try:
            found = (selector for key in keys_of(node) for selector in self._rules.get(key, ()))
            return any(selector.selects(node, budget) for selector in found)
        except TooManyStepsError:
            return True

    def _all(self, page: Page) -> dict[str, list[Selector]]:
        rules: dict[str, list[Selector]] = {}
        texts = () if page.root is None else islice(_texts(page.root), _MAX_SHEETS)
        selectors = (selector for text in dict.fromkeys(texts) for selector in self._selectors(text))
        for selector in islice(selectors, _MAX_RULES):
            rules.setdefault(selector.key, []).append(selector)
        return rules

    def _selectors(self, css: str) -> list[Selector]:
        if css not in self._read:
            if len(self._read) >= _MAX_SHEETS:
                self._read.clear()
            self._read[css] = list(islice(_hiding(css), _MAX_RULES))
        return self._read[css]


def _adds_rules(effect: Effect) -> bool:
    if isinstance(effect, NodeAdded):
        return effect.node.name in _OWNERS or bool(effect.node.style_sheets)
    return isinstance(effect, SnapshotTaken | StyleSheetsSet | RuleInserted)


def _texts(root: Node) -> Iterator[str]:
    for node in walk(root):
        for sheet in node.style_sheets:
            yield from sheet.parts
        if node.name == "style" and not node.style_sheets:
            yield "".join(child.text for child in node.children)


def _hiding(css: str) -> Iterator[Selector]:
    if not _HIDES.search(css):
        return
    for rule in _RULE.finditer(_COMMENT.sub("", css)):
        if _HIDES.search(rule["declarations"]) and len(rule["selectors"]) <= _MAX_SELECTORS:
            yield from selectors_of(rule["selectors"].strip())
