"""What the style sheets of a page give elements, as far as the recorded CSS says it: the cascade of some properties.

What is read: inline styles, and the style sheets whose text is recorded, with the selectors of `_matching`, media
queries on the size of the viewport, and nested rules. Rules that depend on a state, such as `:hover`, on containers or
on other media do not count. Rules in cascade layers yield to all others.

Source: https://www.w3.org/TR/css-cascade-5/#cascade-sort
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import attrs

from ._effects import (
    Effect,
    NodeAdded,
    NodeRemoved,
    RuleDeleted,
    RuleInserted,
    SnapshotTaken,
    StyleSheetsSet,
    TextSet,
)
from ._matching import Budget, Selector, TooManyStepsError, keys_of, scope_of, selectors_of
from ._media import applies
from ._nodes import Node, NodeKind, Size
from ._page import Page
from ._style_sheets import StyleSheet

__all__ = ["Cascade", "Properties"]

_CHANGES = frozenset({NodeAdded, NodeRemoved, RuleDeleted, RuleInserted, SnapshotTaken, StyleSheetsSet, TextSet})
_OWNERS = frozenset({"link", "style"})
_BUDGET = 50_000
"""Elements to compare with selectors for one question."""

_MAX_BLOCKS = 20_000
"""Rules of a page that are read."""

_MAX_PARTS = 40_000
_MAX_RULES = 40_000
"""Selectors of a document or shadow root that are read."""

_MAX_STYLE = 100_000
"""Characters of an inline style; a longer one is not read."""

_MAX_NESTING = 32
_MAX_SELECTORS = 10_000  # Characters.
_TOKEN = re.compile(
    r""" "[^"\\\r\n\f]*+(?:\\.[^"\\\r\n\f]*+)*+"?+ | '[^'\\\r\n\f]*+(?:\\.[^'\\\r\n\f]*+)*+'?+
    | /\*[^*]*+(?>\*(?!/)[^*]*+)*+(?:\*/)?+ | url\(\s*+(?![\s"'])[^)\\]*+(?:\\.[^)\\]*+)*+\)?+ | \\.
    | [{}] """,
    re.DOTALL | re.VERBOSE,
)
_COMMENT = re.compile(r"/\*[^*]*+(?>\*(?!/)[^*]*+)*+(?:\*/)?+")
_WITH_RULES = ("@layer", "@media", "@supports")


_Rank = tuple[Any, ...]
_Declaration = tuple[str, str, bool]
"""A property, its value, and whether it is important."""


def _pattern_of(names: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![-\w])(?:-webkit-)?(?P<name>{names})\s*+:\s*+(?P<value>[^;{{}}!]++)(?P<important>![^;{{}}]*+)?+",
        re.IGNORECASE,
    )


@attrs.frozen(kw_only=True)
class Properties:
    """Which properties are read."""

    names: str
    """A regular expression for their names."""

    hints: tuple[str, ...]
    """Words of which there is one in every declaration that matters: most texts have none, which is quick to see."""

    shorthands: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict[str, tuple[str, ...]])
    matters: Callable[[str, str], bool]
    """Whether a property with a value matters; where none does, no rule needs to be looked at."""

    _pattern: re.Pattern[str] = attrs.field(
        init=False, default=attrs.Factory(lambda self: _pattern_of(self.names), takes_self=True)
    )

    def may_be_in(self, text: str) -> bool:
        """Whether there may be declarations that matter in a text."""
        lower = text.lower()
        return any(one in lower for one in self.hints)

    def declarations(self, text: str) -> Iterator[_Declaration]:
        """The declarations in a text."""
        if not self.may_be_in(text):
            return
        for found in self._pattern.finditer(_COMMENT.sub("", text) if "/*" in text else text):
            name, value = found["name"].lower(), found["value"].strip().lower()
            is_important = found["important"] is not None
            names = self.shorthands.get(name, (name,))
            values = value.split()[:4] or [""]
            for number, one in enumerate(names):
                # Of several values, those that are left out repeat the one two places before, or else the first.
                index = number if number < len(values) else max(0, number - 2)
                yield one, values[min(index, len(values) - 1)] if len(names) > 1 else value, is_important


@attrs.frozen
class _Block:
    """A rule of a style sheet."""

    selectors: tuple[Selector, ...]
    media: tuple[str, ...]
    is_layered: bool
    declarations: tuple[_Declaration, ...]


@attrs.frozen
class _Owner:
    """What has style sheets: a `<style>`, a `<link>`, the document or a shadow root."""

    node: Node
    scope: Node | None
    """The shadow root in which they apply; None for the document."""


class _Rules:
    """The rules of a document or shadow root, by what they select."""

    def __init__(self, blocks: Iterable[_Block]) -> None:
        self._rules: dict[str, list[tuple[Selector, int, _Block]]] = {}
        count = 0
        for number, block in enumerate(blocks):
            for selector in block.selectors:
                count += 1
                if count > _MAX_RULES:
                    return
                self._rules.setdefault(selector.key, []).append((selector, number, block))

    def of(self, element: Node, budget: Budget, *, as_host: bool = False) -> Iterator[tuple[_Rank, _Block]]:
        """The rules that select an element, each with its rank among those that are equally important."""
        for key in keys_of(element):
            for selector, number, block in self._rules.get(key, ()):
                if selector.is_of_host == as_host and selector.selects(element, budget):
                    yield (not as_host, not block.is_layered, selector.specificity, number), block


class Cascade:
    """The style sheets of a page, as records change it."""

    def __init__(self, properties: Properties, budget: int = _BUDGET) -> None:
        self._properties = properties
        self._budget = budget
        self._owners: dict[int, _Owner] | None = None
        self._blocks: dict[int, tuple[_Block, ...]] = {}
        """Of each owner, by its id."""
        self._parts: dict[tuple[str, str | None], tuple[_Block, ...]] = {}
        """Of each part of a sheet, since scripts change single rules, and components share theirs."""
        self._rules: dict[Node | None, _Rules] | None = None
        self._viewport: Size | None = None
        self._are_complete = True
        self.steps = 0
        """How many rules were looked at so far, and elements compared with selectors."""

    def note(self, effects: Sequence[Effect], page: Page) -> None:
        """Note what a record did to the page; nothing is kept until somebody asks."""
        owners = self._owners
        if owners is None:
            return
        for effect in effects:
            if type(effect) not in _CHANGES:
                continue
            if isinstance(effect, NodeAdded):
                if effect.node.name in _OWNERS or effect.node.style_sheets:
                    self._own(effect.node)
                elif effect.parent_id in owners:
                    self._forget(effect.parent_id)
            elif isinstance(effect, NodeRemoved):
                self._forget(effect.id)
                self._forget(effect.parent_id)
            elif isinstance(effect, RuleInserted | RuleDeleted):
                self._forget(effect.id)
            elif isinstance(effect, StyleSheetsSet):
                if (node := page.find(effect.id)) is not None:
                    self._own(node)
            elif isinstance(effect, TextSet):
                node = page.find(effect.id)
                self._forget(None if node is None or node.parent is None else node.parent.id)
            else:
                self._owners = None
                return

    def are_complete(self) -> bool:
        """Whether all style sheets of the page were recorded, as of the last question."""
        return self._are_complete

    def values(self, elements: Sequence[Node], page: Page, viewport: Size) -> list[dict[str, str]] | None:
        """What style sheets and their own style give elements, one of which is around the next; None if it would take
        too long to find out."""
        rules = self._read(page, viewport)
        budget = Budget(self._budget)
        scopes: dict[Node | None, Node | None] = {}
        for element in reversed(elements):
            above = element.parent
            is_top = above is not None and above.kind is NodeKind.SHADOW_ROOT
            scopes[element] = above if is_top else scopes[above] if above in scopes else scope_of(element)
        try:
            return [self._values(element, rules, rules.get(scopes[element]), budget) for element in elements]
        except TooManyStepsError:
            return None
        finally:
            self.steps += self._budget - budget.left

    def _values(
        self, element: Node, rules: dict[Node | None, _Rules], around: _Rules | None, budget: Budget
    ) -> dict[str, str]:
        found: dict[str, tuple[_Rank, str]] = {}

        def note(rank: _Rank, declarations: Iterable[_Declaration]) -> None:
            for name, value, is_important in declarations:
                one = ((is_important, *rank), value)
                if name not in found or one[0] >= found[name][0]:
                    found[name] = one

        if around is not None:
            for rank, block in around.of(element, budget):
                note((False, *rank), block.declarations)
        if element.shadow_root is not None and (inner := rules.get(element.shadow_root)) is not None:
            for rank, block in inner.of(element, budget, as_host=True):
                note((False, *rank), block.declarations)
        if 0 < len(style := element.attributes.get("style", "")) <= _MAX_STYLE:
            note((True,), self._properties.declarations(style))
        return {name: value for name, (_, value) in found.items()}

    def _own(self, node: Node) -> None:
        assert self._owners is not None
        self._owners[node.id] = _Owner(node, scope_of(node))
        self._blocks.pop(node.id, None)
        self._rules = None

    def _forget(self, number: int | None) -> None:
        if number is not None and self._owners is not None and number in self._owners:
            self._blocks.pop(number, None)
            self._rules = None

    def _read(self, page: Page, viewport: Size) -> dict[Node | None, _Rules]:
        if self._owners is None:
            self._owners, self._rules = {}, None
            self._blocks.clear()
            for node in page.nodes.values():
                if node.name in _OWNERS or node.style_sheets:
                    self._own(node)
        if self._rules is None or viewport != self._viewport:
            self._viewport, self._are_complete = viewport, True
            if len(self._parts) > _MAX_PARTS:
                self._parts.clear()
            scopes: dict[Node | None, list[_Block]] = {}
            # Adopted sheets, whose owners are not elements, come last.
            for owner in sorted(self._owners.values(), key=lambda owner: owner.node.kind is not NodeKind.ELEMENT):
                number = owner.node.id
                if page.nodes.get(number) is not owner.node:
                    del self._owners[number]
                    self._blocks.pop(number, None)
                    continue
                if number not in self._blocks:
                    self._blocks[number] = tuple(
                        islice(_blocks_of(owner.node, self._parts, self._properties), _MAX_BLOCKS)
                    )
                self._are_complete &= not _lacks_sheet(owner.node)
                scopes.setdefault(owner.scope, []).extend(self._blocks[number])
            self.steps += sum(map(len, scopes.values()))
            self._rules = {scope: _Rules(self._deciding(blocks, viewport)) for scope, blocks in scopes.items()}
        return self._rules

    def _deciding(self, blocks: Sequence[_Block], viewport: Size) -> list[_Block]:
        """The rules that apply; none, if none of them matters."""
        applying = [block for block in blocks if all(applies(one, viewport) for one in block.media)][:_MAX_BLOCKS]
        declared = (one for block in applying for one in block.declarations)
        return applying if any(self._properties.matters(name, value) for name, value, _ in declared) else []


def _lacks_sheet(node: Node) -> bool:
    return node.name == "link" and not node.style_sheets and "stylesheet" in node.attributes.get("rel", "").lower()


def _blocks_of(
    owner: Node, read: dict[tuple[str, str | None], tuple[_Block, ...]], properties: Properties
) -> Iterator[_Block]:
    """The rules of an owner; `read` has those of parts that were read before."""
    sheets = owner.style_sheets
    if not sheets and owner.name == "style":
        sheets = (StyleSheet("".join(child.text for child in owner.children)),)
    for sheet in sheets:
        if not sheet.disabled:
            media = ", ".join(sheet.media) or owner.attributes.get("media")
            for part in sheet.parts:
                if (part, media) not in read:
                    read[part, media] = tuple(
                        islice(_blocks_in(part, (media,) if media else (), properties), _MAX_BLOCKS)
                    )
                yield from read[part, media]


@attrs.define
class _Open:
    """A block that has begun."""

    selectors: str = ""
    """Empty in blocks that are not those of a selector."""

    media: tuple[str, ...] = ()
    is_layered: bool = False
    is_skipped: bool = False
    declarations: list[_Declaration] = attrs.field(factory=list[_Declaration])


def _blocks_in(css: str, media: tuple[str, ...], properties: Properties) -> Iterator[_Block]:
    """The rules of a text, from the outermost block inward, that declare any of the properties."""
    if not properties.may_be_in(css):
        return
    stack: list[_Open | str] = [_Open(media=media)]  # What begins a block is read only if the block matters.
    start = excess = 0
    for token in _TOKEN.finditer(css):
        mark = css[token.start()]
        if mark not in "{}":
            continue
        text = css[start : token.start()]
        start = token.end()
        if mark == "{":
            if len(stack) > _MAX_NESTING:
                excess += 1
                continue
            declarations, _, prelude = text.rpartition(";")
            if declared := list(properties.declarations(declarations)):
                _innermost(stack).declarations.extend(declared)
            stack.append(prelude)
        elif excess:
            excess -= 1
        elif len(stack) > 1:
            declared = list(properties.declarations(text))
            if declared or not isinstance(stack[-1], str):
                block = _innermost(stack)
                block.declarations.extend(declared)
                if block.declarations and block.selectors and not block.is_skipped:
                    yield _Block(
                        selectors_of(block.selectors), block.media, block.is_layered, tuple(block.declarations)
                    )
            stack.pop()


def _innermost(stack: list[_Open | str]) -> _Open:
    """The innermost block; it and those around it are read now, if they were not before."""
    around = _Open()
    for number, one in enumerate(stack):
        around = stack[number] = _opened(one, around) if isinstance(one, str) else one
    return around


def _opened(prelude: str, around: _Open) -> _Open:
    prelude = (_COMMENT.sub("", prelude) if "/*" in prelude else prelude).strip()
    if not prelude.startswith("@"):
        selectors = prelude
        if around.selectors:
            parent = f":is({around.selectors})"
            selectors = prelude.replace("&", parent) if "&" in prelude else f"{parent} {prelude}"
        is_skipped = around.is_skipped or len(selectors) > _MAX_SELECTORS
        return _Open(selectors[:_MAX_SELECTORS], around.media, around.is_layered, is_skipped)
    name = prelude.lower()
    media = (*around.media, prelude[len("@media") :]) if name.startswith("@media") else around.media
    is_layered = around.is_layered or name.startswith("@layer")
    is_skipped = around.is_skipped or not name.startswith(_WITH_RULES)
    return _Open(around.selectors, media, is_layered, is_skipped)
