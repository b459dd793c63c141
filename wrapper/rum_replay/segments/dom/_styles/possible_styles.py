"""What the style sheets of a page may do to elements: what any rule says that selects them, in whatever circumstances.

Whether such a rule applies depends on others, on the size of the window and on states that are not recorded, so this
only says what is not certain, such as that an element is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal

from .._css.matching import Budget, Selector, TooManyStepsError, keys_of, selectors_of
from .._effects import Effect, NodeAdded, RuleInserted, SnapshotTaken, StyleSheetsSet
from .._names.selectors import HIDES
from .._nodes import Node, walk
from .._page import Page

__all__ = ["PossibleStyles"]

_BUDGET = 10_000
"""Elements to compare with selectors for one element."""

_MOST_READ = 20_000_000
"""Nodes that are visited to find the style sheets of a page, which is done again after each change of them."""

_MAX_RULES = 5_000
_MAX_SHEETS = 20_000
"""Texts of style sheets: some are recorded rule by rule."""

_MAX_SELECTORS = 10_000  # Characters.
_OWNERS = frozenset({"link", "style"})
_COMMENT = re.compile(r"/\*[^*]*+(?>\*(?!/)[^*]*+)*+(?:\*/)?+")
# It begins after a separator only, so that no long text, such as an image, is read from each of its characters.
_RULE = re.compile(r"(?<![^{};])(?P<selectors>[^{};]*+)\{(?P<declarations>[^{}]*+)\}")
_What = Literal["hide", "inline", "cover", "show"]


def _declared(what: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![-\w])(?:{what})(?![\w.])", re.IGNORECASE)


_WHAT: dict[_What, re.Pattern[str]] = {
    "hide": _declared(HIDES),
    "show": _declared(r"display\s*+:\s*+(?!none)\w++|visibility\s*+:\s*+visible"),
    "inline": _declared(r"display\s*+:\s*+(?:contents|inline)(?!-)"),
    "cover": _declared(
        rf"{HIDES}|opacity\s*+:\s*+0?\.?0++|pointer-events\s*+:\s*+none|clip(?:-path)?\s*+:\s*+\w++|appearance\s*+:\s*+none"
        r"|(?:width|height)\s*+:\s*+[01](?:px)?|(?:left|top)\s*+:\s*+-\d{3,}+(?:px|em|rem)"
    ),
}
"""What declarations do: `cover` is what pages do to fields in whose place they draw something else; `show` counts in
rules with `:hover` only, as if that were not there."""

_HOVER = ":hover"

_Rules = dict[tuple[_What, str], list[Selector]]
"""By what they do, and by what they select."""


class PossibleStyles:
    """The rules of one page's style sheets that matter here; rules that were removed may be among them."""

    def __init__(self) -> None:
        self._rules: _Rules | None = None
        """None if they must be read."""

        self._left = _MOST_READ
        self._read: dict[str, list[tuple[_What, Selector]]] = {}
        """By the text of the style sheet, since pages add the same one again and again."""

    def note(self, effects: Sequence[Effect]) -> None:
        """Note what a record did to the page."""
        if self._rules is not None and any(map(_adds_rules, effects)):
            self._rules = None

    def may_hide(self, node: Node, page: Page) -> bool:
        """Whether a rule may hide an element, apart from those around it."""
        return self._may("hide", node, page)

    def may_wait_for_pointer(self, node: Node, page: Page) -> bool:
        """Whether rules may hide an element until the pointer is on something, such as what contains it."""
        return self._may("show", node, page) and self._may("hide", node, page)

    def may_be_inline(self, node: Node, page: Page) -> bool:
        """Whether a rule may put an element on one line with what is around it, without space in between."""
        return self._may("inline", node, page)

    def may_be_covered(self, field: Node, page: Page) -> bool:
        """Whether a rule, or its own style, may hide a field or put it where nobody can click it."""
        own = field.attributes.get("style", "")[:_MAX_SELECTORS]
        return "hidden" in field.attributes or bool(_WHAT["cover"].search(own)) or self._may("cover", field, page)

    def _may(self, what: _What, node: Node, page: Page) -> bool:
        if self._rules is None:
            self._left -= len(page.nodes)
            self._rules = self._all(page) if self._left >= 0 else None
        if self._rules is None:
            return True
        budget = Budget(_BUDGET)
        try:
            found = (selector for key in keys_of(node) for selector in self._rules.get((what, key), ()))
            return any(selector.selects(node, budget) for selector in found)
        except TooManyStepsError:
            return True

    def _all(self, page: Page) -> _Rules:
        rules: _Rules = {}
        texts = [] if page.root is None else list(islice(_texts(page.root), _MAX_SHEETS))
        self._left -= len(texts)
        selectors = (one for text in dict.fromkeys(texts) for one in self._selectors(text))
        for what, selector in islice(selectors, _MAX_RULES):
            rules.setdefault((what, selector.key), []).append(selector)
        return rules

    def _selectors(self, css: str) -> list[tuple[_What, Selector]]:
        if css not in self._read:
            if len(self._read) >= _MAX_SHEETS:
                self._read.clear()
            self._read[css] = list(islice(_selectors_in(css), _MAX_RULES))
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


def _selectors_in(css: str) -> Iterator[tuple[_What, Selector]]:
    searched: list[tuple[_What, re.Pattern[str]]] = [
        (what, declared) for what, declared in _WHAT.items() if declared.search(css)
    ]
    if not searched:
        return
    for rule in _RULE.finditer(_COMMENT.sub("", css)):
        if len(rule["selectors"]) > _MAX_SELECTORS:
            continue
        for what, declared in searched:
            if declared.search(rule["declarations"]):
                text = rule["selectors"].strip()
                if what == "show":
                    text = ",".join(one.replace(_HOVER, "") for one in text.split(",") if _HOVER in one)
                for selector in selectors_of(text):
                    yield what, selector
