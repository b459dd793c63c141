"""Converts the records of a view to events of rrweb's player, for all formats of recordings alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator

import attrs
import msgspec

from .. import _inert as inert
from .._completeness import RecordCounts
from .._gaps import Gap, PlacedRecord
from .._recording import View
from .._timelines import TimelineClock
from .._web_views import InnerRecords
from ..dom import (
    AttributeSet,
    CheckedSet,
    Effect,
    ImageSet,
    Node,
    NodeAdded,
    NodeRemoved,
    RuleDeleted,
    RuleInserted,
    Scroll,
    Scrolled,
    SizeSet,
    SnapshotTaken,
    StyleSheetsSet,
    TextSet,
    TopLayerSet,
    ValueSet,
    ViewportResized,
    VisualViewportSet,
    nodes_below,
)
from ..dom._markup.drawings import Drawings
from ..dom._nodes import DOCUMENT, ELEMENT
from ..dom._page import is_inner
from ..dom._page_at import page_of
from ..dom._visual_viewport import visible_from
from ..records import (
    FrustrationRecord,
    IncrementalSnapshotRecord,
    MobileIncrementalSnapshotRecord,
    Number,
    Record,
)
from ..records._interactions import CLICK
from ._chunks import Checkpoint, Pace
from ._events import MutationBatch, Source, full_snapshot, incremental, meta, shifted
from ._focus import FocusEvents
from ._frame import Frame
from ._marks import Marks
from ._motion import Births
from ._names import text_to_show
from ._nodes import Serializer
from ._overlays import Overlays
from ._plugins import changed_plugins
from ._pointer import finger_events, is_interaction, pointer_events
from ._style_sheets import StyleSheets
from ._view_span import ViewSpan

__all__ = ["Conversion"]

_MAX_URL_LENGTH = 8_192  # Each snapshot has one.
_MUTATIONS = (NodeRemoved, AttributeSet, TextSet, SizeSet, ImageSet, TopLayerSet)
_ENTRIES = (ValueSet, CheckedSet)
_STYLE_SHEETS = (StyleSheetsSet, RuleInserted, RuleDeleted)


@attrs.define
class Conversion:
    """Converts one view after another for one timeline."""

    clock: TimelineClock
    drawings: Drawings = attrs.field(factory=Drawings)
    pace: Pace = attrs.field(factory=Pace)
    notes: Counter[str] = attrs.field(factory=Counter[str])
    """Everything that cannot be shown or was invalid: a description of each kind, and how many."""

    last_style_id: int = 0
    has_page: bool = False
    """Whether the page of any view is shown so far."""

    def view_events(self, view: View, counts: RecordCounts) -> Generator[bytes, None, bool]:
        """All events of a view and, up to its first full snapshot, marks over the page before; whether it has one."""
        conversion = _ViewConversion(view, self, counts)
        yield from conversion.events(view)
        self.has_page |= conversion.span.is_shown
        self.last_style_id = conversion.style_sheets.last_id
        conversion.serializer.attributes.count_canvases()
        # Unlike `update`, this leaves no counts of zero.
        self.notes += conversion.serializer.attributes.notes
        self.notes += conversion.overlays.notes()
        self.notes += conversion.page.problems
        return conversion.span.is_shown


class _ViewConversion:
    def __init__(self, view: View, of: Conversion, counts: RecordCounts) -> None:
        self.page = page_of(view)
        self.span = ViewSpan(self.page, view.id, of.has_page)
        self.serializer = Serializer(of.drawings)
        self.overlays = Overlays(self.page)
        self._frame = Frame(self.page)
        self._focus = FocusEvents(self.page, self.serializer)
        self.style_sheets = StyleSheets(self.page, self.serializer, of.last_style_id)
        self._clock = of.clock
        self._pace = of.pace
        self._births = Births()
        self._counts = counts
        self._now: Number = 0
        self._marks = Marks(self.page)
        self._page_id: int = 0
        """The id of the root element."""

    def events(self, view: View) -> Iterator[bytes]:
        inner = InnerRecords(view)
        for placed in view.placed_records():
            if view.companions:
                for one in inner.before(placed.record):
                    yield from self._placed(one)
            if placed.gap is None:
                yield from self._record(placed.record, None)
            else:
                yield from self._placed(placed)
            if self._pace.is_due and self.span.is_shown:
                yield from self._checkpoint()
        for one in inner.rest():
            yield from self._placed(one)
        yield from self._gap(view.gap_at_end)
        if self.span.has_begun:
            yield from self._marks.end(self._now, view.followed_at)

    def _placed(self, placed: PlacedRecord) -> Iterator[bytes]:
        gap = placed.gap
        if gap is not None:
            yield from self._gap(gap.before)
        yield from self._record(placed.record, gap)
        if gap is not None:
            yield from self._gap(gap.within)

    def _gap(self, reason: str | None) -> Iterator[bytes]:
        """What is missing at this time."""
        if reason is not None:
            self._marks.note_gap()
            yield from self.span.gap(reason, self._now)

    def _record(self, record: Record, gap: Gap | None) -> Iterator[bytes]:
        self._counts.add(record)
        effects = self.page.apply(record, gap)
        if isinstance(record, FrustrationRecord):
            if self.span.has_begun:
                yield self._marks.frustration(record, self._now)
            yield from self._marks.clicks(record, effects, gap, self._now, are_shown=self.span.has_begun)
            return
        if record.timestamp is not None:
            self._now = self._clock.at(record.timestamp)
        if effects:
            self._marks.note_effects(effects, self._now)
            is_new = _replaces_page(effects)
            if is_new or (self.span.is_shown and self._builds_inner_page_again(effects)):
                self._births.clear()
                yield from self._snapshot(is_new=is_new)
                self.overlays.start(nodes_below(self.page.root) if self.page.root is not None else ())
            elif self.span.is_shown:
                if self._pace.is_moving:
                    self._births.note(effects, self._now)
                yield from self._effects(effects)
            self.overlays.note_effects(effects)
        yield from self.span.note(self._now)
        if self.page.is_mobile and is_inner(self.page, record):
            return  # Its clicks are taps on the screen, too.
        if self.span.is_shown:
            if moved := [*self._focus.after(record, effects, self._now)]:
                yield from moved
                yield from self.style_sheets.of_added((), set(), self._now)
            yield from self._pointer(record)
        yield from self._marks.clicks(record, effects, gap, self._now, are_shown=self.span.has_begun)
        tap = self._marks.tap
        if self.span.is_shown and tap is not None and (root := self.page.root) is not None:
            place = {"id": shifted(root.id), "x": tap.x, "y": tap.y}
            yield incremental(self._now, Source.MOUSE_INTERACTION, type=CLICK, **place)

    def _pointer(self, record: Record) -> Iterator[bytes]:
        root = self.page.root
        if isinstance(record, IncrementalSnapshotRecord):
            # The player may highlight what the pointer is on: where that is not known, the whole page.
            page_id = None if self.page.knows_elements else self._page_id
            yield from pointer_events(record.data, self._now, page_id, visible_from(self.page))
            if is_interaction(record.data):
                self._marks.note_interaction(record.id, self._now)
        elif isinstance(record, MobileIncrementalSnapshotRecord) and root is not None:
            yield from finger_events(record.data, self._now, root.id)

    def _builds_inner_page_again(self, effects: Iterable[Effect]) -> bool:
        """Whether a web view has another page, or another frame: the player keeps documents that it has."""
        return self.page.is_mobile and any(
            isinstance(effect, NodeAdded) and self.serializer.is_inner_document(effect.node.id) for effect in effects
        )

    def _snapshot(self, *, is_new: bool) -> Iterator[bytes]:
        root = self.page.root
        if root is None:
            return
        if is_new:
            yield from self.span.snapshot(self._now)
        top_level = root.children if root.kind is DOCUMENT else [root]
        self._page_id = next((node.id for node in top_level if node.kind is ELEMENT), root.id)
        document = self.serializer.document(root)
        self.style_sheets.start()
        yield from self._page(root, document)

    def _page(self, root: Node, document: bytes) -> Iterator[bytes]:
        """The events that build the page as it is."""
        scroll = self.page.scroll
        width, height = self._frame.size
        yield meta(self._now, width, height, (self.page.url or "")[:_MAX_URL_LENGTH])
        yield full_snapshot(self._now, document, scroll.left, scroll.top)
        yield from self.style_sheets.of_page(root, self._now)
        if self.page.is_mobile:
            pages = [node for node in nodes_below(root) if node.kind is DOCUMENT and node is not root]
            for page in pages:
                yield from self._inner_page(page)

    def _checkpoint(self) -> Iterator[bytes]:
        """The page once more, so that the player can start here."""
        root = self.page.root
        if root is None:
            return
        with self.serializer.again():
            document = self.serializer.document(root)
            events = list(self._page(root, document))
        if self.serializer.is_cut:
            self._pace.begin(len(document))
        else:
            began = self._births.of(self.page) if self._pace.is_moving else b"{}"
            yield Checkpoint.of(self._now, events, began)

    def _inner_page(self, root: Node) -> Iterator[bytes]:
        """The page of a web view, whole, in its frame."""
        frame = root.parent
        if frame is None or not self.serializer.is_shown(frame.id):
            return
        mutations = MutationBatch(self._now)
        mutations.add(msgspec.Raw(self.serializer.inner_document(root)), shifted(frame.id), None)
        yield from mutations.events()
        self.style_sheets.note_inner_page()
        yield from self.style_sheets.of_page(root, self._now)
        if root.scroll is not None:
            position = {"x": root.scroll.left, "y": root.scroll.top}
            yield incremental(self._now, Source.SCROLL, id=shifted(root.id), **position)

    def _effects(self, effects: tuple[Effect, ...]) -> Iterator[bytes]:
        mutations = MutationBatch(self._now)
        whole: set[int] = set()
        for effect in effects:
            if isinstance(effect, NodeAdded):
                if self.page.is_mobile and effect.node.kind is DOCUMENT:
                    yield from mutations.events()
                    yield from self._inner_page(effect.node)
                    whole = {node.id for node in nodes_below(effect.node)}
                elif effect.node.id not in whole and self._add(effect, mutations) and effect.node.scroll is not None:
                    yield from self._scrolled(effect.node, effect.node.scroll, mutations)
            elif isinstance(effect, _MUTATIONS):
                self._mutation(effect, mutations)
            else:
                yield from mutations.events()
                yield from self._state(effect)
            if mutations.is_large:
                yield from mutations.events()
        yield from mutations.events()
        if self.serializer.attributes.plugins:
            yield from self._plugins(effects)
        yield from self.style_sheets.of_added(effects, whole, self._now)

    def _state(self, effect: Effect) -> Iterator[bytes]:
        if isinstance(effect, ViewportResized | VisualViewportSet):
            yield from self._frame.events(effect, self._now)
        elif isinstance(effect, Scrolled):
            if self.serializer.is_shown(effect.id):
                yield incremental(self._now, Source.SCROLL, id=shifted(effect.id), x=effect.left, y=effect.top)
        elif isinstance(effect, _ENTRIES):
            yield from self._input(effect)
        elif isinstance(effect, _STYLE_SHEETS):
            yield from self.style_sheets.changed(effect, self._now)

    def _mutation(
        self, effect: NodeRemoved | AttributeSet | TextSet | SizeSet | ImageSet | TopLayerSet, mutations: MutationBatch
    ) -> None:
        serializer, attributes = self.serializer, self.serializer.attributes
        if not serializer.is_shown(effect.id):
            return
        target = shifted(effect.id)
        if isinstance(effect, NodeRemoved):
            # The player replaces the page of a web view as a whole.
            if effect.parent_id is not None and not serializer.is_inner_document(effect.id):
                is_shadow = serializer.is_shadow_root(effect.parent_id)
                mutations.remove(target, serializer.parent_id(effect.parent_id), is_shadow=is_shadow)
            return
        node = self.page.nodes.get(effect.id)
        if node is None:  # The same record removes it later.
            return
        if isinstance(effect, SizeSet):
            mutations.set_attributes(target, attributes.size(node))
        elif isinstance(effect, TopLayerSet):
            mutations.set_attributes(target, attributes.top_layer(node, is_in=effect.is_in))
        elif isinstance(effect, ImageSet):
            if node.name == "canvas":
                mutations.set_attributes(target, attributes.drawing(node))
        elif isinstance(effect, TextSet):
            mutations.set_text(target, text_to_show(effect.text, node.parent))
        elif inert.is_attribute_name(effect.name):
            mutations.set_attributes(target, attributes.changed(node, effect.name, effect.value))

    def _add(self, effect: NodeAdded, mutations: MutationBatch) -> bool:
        """Add a node; whether the player has it then."""
        node = effect.node
        parent = None if effect.parent_id is None else self.page.nodes.get(effect.parent_id)
        addition = None if parent is None else self.serializer.addition(node, parent)
        if addition is None:
            return False
        before = effect.before_id
        next_id = shifted(before) if before is not None and self.serializer.is_shown(before) else None
        parent_id, serialized = addition
        mutations.add(serialized, parent_id, next_id)
        return True

    def _plugins(self, effects: tuple[Effect, ...]) -> Iterator[bytes]:
        """What is in the place of a plugin has its name from the start; with another one, it is built once more."""
        for plugin in changed_plugins(effects, self.page, self.serializer):
            if plugin.parent is not None:
                mutations = MutationBatch(self._now)
                self._mutation(NodeRemoved(plugin.id, plugin.parent.id), mutations)
                for node in nodes_below(plugin):
                    before = plugin.next_sibling if node is plugin else None
                    parent_id = None if node.parent is None else node.parent.id
                    self._add(NodeAdded(node, parent_id, None if before is None else before.id), mutations)
                yield from mutations.events()

    def _scrolled(self, node: Node, scroll: Scroll, mutations: MutationBatch) -> Iterator[bytes]:
        yield from mutations.events()
        yield incremental(self._now, Source.SCROLL, id=shifted(node.id), x=scroll.left, y=scroll.top)

    def _input(self, effect: ValueSet | CheckedSet) -> Iterator[bytes]:
        node = self.page.nodes.get(effect.id)
        if node is None and self.page.uncertain_because is not None:
            yield from self._marks.input(effect, self._now)
        if node is None or not self.serializer.is_shown(effect.id):
            return
        if node.name == "option":
            # The player sets only the value of a select; it takes multiple selections from this attribute.
            mutations = MutationBatch(self._now)
            mutations.set_attributes(shifted(node.id), {"selected": "" if node.checked else None})
            yield from mutations.events()
            return
        # The player sets both, so it needs both.
        state = {"text": node.value or "", "isChecked": bool(node.checked)}
        yield incremental(self._now, Source.INPUT, id=shifted(node.id), **state)
        yield from self._marks.input(effect, self._now)


def _replaces_page(effects: Iterable[Effect]) -> bool:
    return any(
        type(effect) is SnapshotTaken or (type(effect) is NodeAdded and effect.parent_id is None) for effect in effects
    )
