"""What the style sheets of a page give elements, as far as the recorded CSS says it: the cascade of some properties.

What is read: inline styles, and the style sheets whose text is recorded, with the selectors of `_css.matching`, media
queries on the size of the viewport, nested rules, and cascade layers. Rules that depend on a state, such as `:hover`,
on containers or on other media do not count.

Source: https://www.w3.org/TR/css-cascade-5/#cascade-sort
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

import attrs

from .._css.matching import Budget, Selector, TooManyStepsError, keys_of, scope_of, selectors_of
from .._css.media import applies
from .._css.missing_sheets import missing_sheets
from .._css.style_rules import Block, Declaration, Properties, blocks_in
from .._effects import (
    Effect,
    NodeAdded,
    NodeRemoved,
    RuleDeleted,
    RuleInserted,
    SnapshotTaken,
    StyleSheetsSet,
    TextSet,
)
from .._nodes import Node, NodeKind, Size
from .._page import Page
from .._style_sheets import StyleSheet

__all__ = ["Cascade"]

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

_Rank = tuple[Any, ...]
_TREES = {"host": 0, "slotted": 0, "": 1, "part": 2}
"""Which of the rules in different trees counts: that further out."""


@attrs.frozen
class _Owner:
    """What has style sheets: a `<style>`, a `<link>`, the document or a shadow root."""

    node: Node
    scope: Node | None
    """The shadow root in which they apply; None for the document."""


class _Rules:
    """The rules of a document or shadow root, by what they select."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = blocks

    @cached_property
    def _rules(self) -> dict[str, list[tuple[Selector, _Rank, Block]]]:
        rules: dict[str, list[tuple[Selector, _Rank, Block]]] = {}
        selectors = (
            (selector, (layer, selector.specificity, number), block)
            for number, (layer, block) in enumerate(zip(_layers(self._blocks), self._blocks, strict=True))
            for selector in selectors_of(block.selectors, with_pseudo_elements=True)
        )
        for one in islice(selectors, _MAX_RULES):
            rules.setdefault(one[0].key, []).append(one)
        return rules

    def of(self, element: Node, reach: str, budget: Budget) -> Iterator[tuple[_Rank, Block]]:
        """The rules that select an element in a tree, each with its rank among those that are equally important."""
        for key in keys_of(element):
            for selector, rank, block in self._rules.get(key, ()):
                if selector.reach == reach and selector.selects(element, budget):
                    yield (_TREES[reach], *rank), block


def _layers(blocks: Iterable[Block]) -> Iterator[tuple[float, ...]]:
    """How the layers of rules rank: those named later above others, and what is in none above all."""
    known: dict[tuple[str, ...], int] = {}
    for block in blocks:
        around = (block.layer[: number + 1] for number in range(len(block.layer)))
        yield (*(known.setdefault(one, len(known)) for one in around), math.inf)


class Cascade:
    """The style sheets of a page, as records change it."""

    def __init__(self, properties: Properties, budget: int = _BUDGET) -> None:
        self._properties = properties
        self._budget = budget
        self._owners: dict[int, _Owner] | None = None
        self._blocks: dict[int, tuple[Block, ...]] = {}
        """Of each owner, by its id."""
        self._parts: dict[tuple[str, str | None], tuple[Block, ...]] = {}
        """Of each part of a sheet, since scripts change single rules, and components share theirs."""
        self._rules: dict[Node | None, _Rules] | None = None
        self._viewport: Size | None = None
        self._are_complete = True
        self._matter = False
        """Whether a style sheet declares anything that matters; otherwise they count beside inline styles only."""

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
        if not self._matter and not any(map(self._matters, elements)):
            rules = {}
        budget = Budget(self._budget)
        scopes: dict[Node | None, Node | None] = {}
        for element in reversed(elements):
            above = element.parent
            is_top = above is not None and above.kind is NodeKind.SHADOW_ROOT
            scopes[element] = above if is_top else scopes[above] if above in scopes else scope_of(element)
        try:
            return [self._values(element, rules, scopes[element], budget) for element in elements]
        except TooManyStepsError:
            return None
        finally:
            self.steps += self._budget - budget.left

    def _values(
        self, element: Node, rules: dict[Node | None, _Rules], scope: Node | None, budget: Budget
    ) -> dict[str, str]:
        found: dict[str, tuple[_Rank, str]] = {}

        def note(rank: _Rank, declarations: Iterable[Declaration]) -> None:
            for name, value, is_important in declarations:
                one = ((is_important, *(_reversed(rank) if is_important else rank)), value)
                if name not in found or one[0] >= found[name][0]:
                    found[name] = one

        for reach, tree in _trees(element, scope):
            if (found_there := rules.get(tree)) is not None:
                for rank, block in found_there.of(element, reach, budget):
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
            scopes: dict[Node | None, list[Block]] = {}
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
                self._are_complete &= not missing_sheets(owner.node)
                scopes.setdefault(owner.scope, []).extend(self._blocks[number])
            self.steps += sum(map(len, scopes.values()))
            applying = {
                scope: [block for block in blocks if all(applies(one, viewport) for one in block.media)][:_MAX_BLOCKS]
                for scope, blocks in scopes.items()
            }
            declared = (one for blocks in applying.values() for block in blocks for one in block.declarations)
            self._matter = any(self._properties.matters(name, value) for name, value, _ in declared)
            self._rules = {scope: _Rules(blocks) for scope, blocks in applying.items()}
        return self._rules

    def _matters(self, element: Node) -> bool:
        """Whether the inline style of an element declares anything that matters."""
        style = element.attributes.get("style", "")
        declared = self._properties.declarations(style) if len(style) <= _MAX_STYLE else ()
        return any(self._properties.matters(name, value) for name, value, _ in declared)


def _reversed(rank: _Rank) -> _Rank:
    """The rank of what is important: what is further in, and earlier layers, count before others."""
    if len(rank) == 1:
        return rank
    is_inline, tree, layer, *others = rank
    return (is_inline, -tree, tuple(-one for one in layer), *others)


def _trees(element: Node, scope: Node | None) -> Iterator[tuple[str, Node | None]]:
    """The documents and shadow roots whose style sheets may select an element, given the one that it is in."""
    yield "", scope
    if element.shadow_root is not None:
        yield "host", element.shadow_root
    if element.parent is not None and element.parent.shadow_root is not None:
        yield "slotted", element.parent.shadow_root
    if scope is not None and scope.parent is not None and "part" in element.attributes:
        yield "part", scope_of(scope.parent)


def _blocks_of(
    owner: Node, read: dict[tuple[str, str | None], tuple[Block, ...]], properties: Properties
) -> Iterator[Block]:
    """The rules of an owner; `read` has those of parts that were read before."""
    sheets = owner.style_sheets
    if not sheets and owner.name == "style":
        sheets = (StyleSheet("".join(child.text for child in owner.children)),)
    for sheet in sheets:
        if not sheet.disabled:
            media = ", ".join(sheet.media) or owner.attributes.get("media")
            for part in sheet.parts:
                if (part, media) not in read:
                    read[part, media] = blocks_in(part, (media,) if media else (), properties, _MAX_BLOCKS)
                yield from read[part, media]
