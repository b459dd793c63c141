"""The page of a view at any time: apply its records one after another, or ask for the page at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from .._recording import View
from ..records import (
    ChangeRecord,
    DomSnapshot,
    FocusRecord,
    FrustrationRecord,
    FullSnapshotRecord,
    IncrementalSnapshotRecord,
    MetaRecord,
    MobileFullSnapshotRecord,
    MobileIncrementalSnapshotRecord,
    Number,
    Record,
    UnknownRecord,
    VisualViewportRecord,
)
from ..records._incremental import (
    IncrementalData,
    InputData,
    MediaInteractionData,
    MutationData,
    ScrollData,
    StyleSheetRuleData,
    ViewportResizeData,
)
from ..records._kinds import VisualViewport
from ._changes import Changes
from ._dictionaries import tree_as_dict
from ._document import Document
from ._effects import Effect, FocusSet, SnapshotTaken, UrlSet, ViewportResized, VisualViewportSet
from ._mutations import apply_mutation
from ._nodes import Node, Scroll, Size
from ._trees import add_tree

__all__ = ["Page", "page_at"]


class Page:
    """The DOM of one view. Records of all eras of browser SDKs may follow one another; raises nothing."""

    def __init__(self) -> None:
        self.viewport: Size | None = None
        """The layout viewport, scroll bars included, in pixels."""
        self.visual_viewport: VisualViewport | None = None
        self.url: str | None = None
        self.has_focus: bool | None = None
        self.time: Number | None = None
        """Timestamp of the last record applied, in milliseconds of Unix time."""
        self._document = Document()
        self._changes = Changes(self._document)
        self._slot: str | None = None
        self._has_snapshot = False

    @property
    def root(self) -> Node | None:
        """The document; None before the first full snapshot."""
        return self._document.root

    @property
    def nodes(self) -> Mapping[int, Node]:
        """All nodes that are in the page, by id."""
        return self._document.nodes

    @property
    def scroll(self) -> Scroll:
        """How far the document is scrolled, in pixels."""
        return self._document.scroll

    @property
    def problems(self) -> Counter[str]:
        """What did not fit, in words, and how often; such parts of records are left out."""
        return self._document.problems

    def find(self, id: int) -> Node | None:
        """The node with Datadog's id, if it is in the page."""
        return self._document.nodes.get(id)

    def to_dict(self) -> dict[str, Any]:
        """The page as JSON can hold it: `scroll` and `viewport` as pairs of pixels, `url`, `time` and the `tree`.

        Texts are strings. All other nodes are objects: `n` the name; of a doctype `name` in addition; of elements `id`
        (Datadog's own), `a` the attributes, `svg: true` where it is SVG; `c` the children. What is known of state:
        `value`, `checked` or for options `selected`, `indeterminate`, `scroll` and `size` as pairs, `playing`, `image`.
        `css` the rules of a `<style>` or `<link>`; `adopted` those of each sheet that script adopted; `shadow` the
        shadow root. Nodes more than 400 levels deep are left out, for JSON libraries cannot write them; their parent
        says `cut: true`. Raises SegmentError where there are more than 64 Mi characters.
        """
        return {
            "url": self.url,
            "time": self.time,
            "viewport": None if self.viewport is None else [self.viewport.width, self.viewport.height],
            "scroll": [self.scroll.left, self.scroll.top],
            "tree": None if self.root is None else tree_as_dict(self.root),
        }

    def apply(self, record: Record) -> tuple[Effect, ...]:
        """Apply the next record of the view, in the order of (index_in_view, position), and say what it did.

        Records that do not touch the page, such as clicks and moves of the mouse, do nothing.
        """
        if isinstance(record, UnknownRecord):
            self._document.problem("a record of a kind that is not known")
            return ()
        if isinstance(record, MobileFullSnapshotRecord | MobileIncrementalSnapshotRecord):
            self._document.problem("a record of a mobile screen, which has no DOM")
            return ()
        if self._has_snapshot and record.slot_id != self._slot:
            self._document.problem("a record of another web view")
            return ()
        if not isinstance(record, FrustrationRecord):  # Its timestamp is that of clicks before it.
            self.time = record.timestamp
        if isinstance(record, FullSnapshotRecord):
            return self._take_snapshot(record)
        if isinstance(record, ChangeRecord):
            self._changes.apply(record.data)
        elif isinstance(record, IncrementalSnapshotRecord):
            self._apply_incremental(record.data)
        elif isinstance(record, MetaRecord):
            self._resize(record.data.width, record.data.height)
            if record.data.href is not None:
                self.url = record.data.href
                self._document.effects.append(UrlSet(self.url))
        elif isinstance(record, VisualViewportRecord):
            self._document.effects.append(VisualViewportSet(record.data))
        elif isinstance(record, FocusRecord):
            self.has_focus = record.data.has_focus
            self._document.effects.append(FocusSet(self.has_focus))
        return self._effects()

    def _take_snapshot(self, record: FullSnapshotRecord) -> tuple[Effect, ...]:
        self._slot, self._has_snapshot = record.slot_id, True
        document = self._document
        document.clear()
        self._changes.clear()
        if isinstance(record.data, DomSnapshot):
            add_tree(document, record.data.node, None, None)
            offset = record.data.initial_offset
            document.scroll = Scroll(offset.left, offset.top)
            if document.root is not None:
                document.root.scroll = document.scroll
        else:
            self._changes.apply(record.data)
        return SnapshotTaken(document.root), *[e for e in self._effects() if isinstance(e, VisualViewportSet)]

    def _apply_incremental(self, data: IncrementalData) -> None:
        document = self._document
        if isinstance(data, MutationData):
            apply_mutation(document, data)
        elif isinstance(data, ViewportResizeData):
            self._resize(data.width, data.height)
        elif isinstance(data, ScrollData | InputData | MediaInteractionData | StyleSheetRuleData):
            node = document.node(data.id)
            if node is not None:
                self._change_state(node, data)

    def _change_state(
        self, node: Node, data: ScrollData | InputData | MediaInteractionData | StyleSheetRuleData
    ) -> None:
        document = self._document
        if isinstance(data, ScrollData):
            document.set_scroll(node, data.x, data.y)
        elif isinstance(data, InputData):
            if data.text is not None:
                document.set_value(node, data.text)
            if data.is_checked is not None:
                document.set_checked(node, data.is_checked)
        elif isinstance(data, MediaInteractionData):
            document.set_playing(node, data.type == 0)
        else:
            for removal in data.removes:
                document.delete_rule(node, _as_path(removal.index))
            for addition in data.adds:
                document.insert_rule(node, addition.rule, _as_path(0 if addition.index is None else addition.index))

    def _resize(self, width: Number, height: Number) -> None:
        self.viewport = Size(width, height)
        self._document.effects.append(ViewportResized(width, height))

    def _effects(self) -> tuple[Effect, ...]:
        effects = self._document.take_effects()
        for effect in effects:
            if isinstance(effect, VisualViewportSet):
                self.visual_viewport = effect.viewport
        return effects


def _as_path(index: int | tuple[int, ...]) -> tuple[int, ...]:
    return index if isinstance(index, tuple) else (index,)


def page_at(view: View, time: Number | None = None) -> Page:
    """The page as all records up to a time left it.

    `time` is in milliseconds of Unix time; None means the end. Records apply in their order, and the first one that is
    later ends it: what one says builds on those before. Decodes the view from its beginning, in constant memory.
    Raises SegmentError where the source cannot be read again.
    """
    page = Page()
    for record in view.records():
        if time is not None and not isinstance(record, FrustrationRecord | UnknownRecord) and record.timestamp > time:
            break
        page.apply(record)
    return page
