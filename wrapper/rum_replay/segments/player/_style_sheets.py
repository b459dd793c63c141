"""Events for style sheets: adopted ones, those of elements that change, and rules of ours in shadow roots."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from .. import _inert as inert
from ..dom import Effect, Node, NodeAdded, Page, RuleDeleted, RuleInserted, StyleSheet, StyleSheetsSet, nodes_below
from ..dom._markup.html import scopes_of
from ..dom._nodes import DOCUMENT, ELEMENT, SHADOW_ROOT
from ..records import Number
from ._events import MutationBatch, Source, incremental, shifted
from ._names import css_to_show, style_text
from ._nodes import Serializer

__all__ = ["StyleSheets"]

_OWN_RULES = (inert.MEDIA_RULE, inert.UNSIZED_RULE, inert.HIDDEN_RULE, inert.in_first_layer(inert.FOCUS_RULE))


class StyleSheets:
    """The style sheets of one view."""

    def __init__(self, page: Page, serializer: Serializer, last_id: int) -> None:
        self.last_id = last_id
        """The player numbers adopted style sheets throughout a timeline."""
        self._page = page
        self._serializer = serializer
        self._ruled: set[int] = set()
        """The ids of shadow roots in which rules of ours apply; elsewhere, the page of the player has them."""

    def start(self) -> None:
        """The page was built anew."""
        self._ruled = {node.id for node in self._new_scopes()}

    def note_inner_page(self) -> None:
        """The page of a web view was built."""
        self._ruled.update(node.id for node in self._new_scopes())

    def of_page(self, root: Node, now: Number) -> Iterator[bytes]:
        """The adopted style sheets of a page, or of one in a web view."""
        for node in nodes_below(root):
            if node.kind not in (DOCUMENT, SHADOW_ROOT) or not self._serializer.is_shown(node.id):
                continue
            # An empty list for the document too, or those of the previous page would remain.
            if node.style_sheets or node is root or node.id in self._ruled:
                yield self._adopt(node, node.style_sheets, now)

    def of_added(self, effects: Collection[Effect], whole: set[int], now: Number) -> Iterator[bytes]:
        """Those of shadow roots that were added, or need rules of ours now, except for those in `whole`."""
        new_scopes = [node for node in self._new_scopes() if node.id not in self._ruled]
        self._ruled.update(node.id for node in new_scopes)
        for node in dict.fromkeys((*self._added_with_sheets(effects, whole), *new_scopes)):
            yield self._adopt(node, node.style_sheets, now)

    def changed(self, effect: StyleSheetsSet | RuleInserted | RuleDeleted, now: Number) -> Iterator[bytes]:
        """A style sheet has other rules, or a node other style sheets."""
        node = self._page.nodes.get(effect.id)
        if not self._serializer.is_shown(effect.id):
            return
        if not isinstance(effect, StyleSheetsSet):
            yield self._rule(effect, now)
        elif node is not None and node.kind is not ELEMENT:
            yield self._adopt(node, effect.sheets, now)
        elif node is not None and node.name in ("style", "link"):
            mutations = MutationBatch(now)
            css = style_text(effect.sheets)
            self._serializer.attributes.note_css(css)
            mutations.set_attributes(shifted(node.id), {"_cssText": css})
            yield from mutations.events()

    def _added_with_sheets(self, effects: Collection[Effect], whole: set[int]) -> Iterator[Node]:
        """Shadow roots that were added with the style sheets that they adopt, and are there still."""
        changed = {effect.id for effect in effects if isinstance(effect, StyleSheetsSet)}
        for effect in effects:
            if isinstance(effect, NodeAdded) and effect.node.kind is SHADOW_ROOT and effect.node.style_sheets:
                node = effect.node
                if node.id in changed:
                    continue  # They have events of their own.
                is_there = self._page.nodes.get(node.id) is node and self._serializer.is_shown(node.id)
                if is_there and node.id not in whole:
                    yield node

    def _new_scopes(self) -> list[Node]:
        """The shadow roots with elements, converted since this was last asked, that need rules of ours."""
        attributes = self._serializer.attributes
        nodes, attributes.with_rules = attributes.with_rules, []
        root = self._page.root
        there = [node for node in nodes if self._page.nodes.get(node.id) is node]
        scopes = scopes_of(there, root) if root is not None and there else ()
        return sorted((node for node in scopes if node is not None), key=lambda node: node.id)

    def _adopt(self, node: Node, sheets: tuple[StyleSheet, ...], now: Number) -> bytes:
        """Adopted style sheets, each as one rule that contains all others."""
        styles: list[dict[str, object]] = []
        if node.id in self._ruled and node.kind is SHADOW_ROOT:
            self.last_id += 1
            styles.append({"styleId": self.last_id, "rules": [{"rule": rule, "index": 0} for rule in _OWN_RULES]})
        for sheet in sheets:
            self.last_id += 1
            media = ", ".join(sheet.media) if not sheet.disabled else "not all"
            css = css_to_show(f"@media {media or 'all'}{{{sheet.text}}}")
            self._serializer.attributes.note_css(css)
            styles.append({"styleId": self.last_id, "rules": [{"rule": css, "index": 0}]})
        ids = [style["styleId"] for style in styles]
        host = self._serializer.parent_id(node.id)
        return incremental(now, Source.ADOPTED_STYLE_SHEET, id=host, styles=styles, styleIds=ids)

    def _rule(self, effect: RuleInserted | RuleDeleted, now: Number) -> bytes:
        path = list(effect.index)
        index = path if len(path) > 1 else path[0]
        if isinstance(effect, RuleInserted):
            change = {"adds": [{"rule": css_to_show(effect.rule), "index": index}]}
        else:
            change = {"removes": [{"index": index}]}
        return incremental(now, Source.STYLE_SHEET_RULE, id=shifted(effect.id), **change)
