"""The page of a view, which its records change one after another."""

from __future__ import annotations

from collections import ChainMap, Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ..._arguments import check_instance, check_number, check_text
from ..._errors import InvalidRequestError
from .._gaps import Gap
from .._resources import Resource
from ..records import (
    ChangeRecord,
    CompositionTreeMutationData,
    DomSnapshot,
    FocusRecord,
    FrustrationRecord,
    FullSnapshotRecord,
    IncrementalData,
    IncrementalSnapshotRecord,
    MetaRecord,
    MobileFullSnapshotRecord,
    MobileIncrementalData,
    MobileIncrementalSnapshotRecord,
    MobileMutationData,
    MouseInteractionData,
    MouseMoveData,
    MutationData,
    Number,
    PointerInteractionData,
    Record,
    RecordBase,
    TouchMoveData,
    UnknownRecord,
    ViewportResizeData,
    VisualViewport,
    VisualViewportRecord,
)
from ._building.changes import Changes
from ._building.document import Document
from ._building.mutations import apply_mutation
from ._building.node_states import OF_A_NODE, change_state
from ._building.trees import add_tree
from ._certainty import Certainty
from ._dictionaries import tree_as_dict
from ._early_records import EarlyRecords, is_of_screen_size
from ._effects import Effect, FocusSet, SnapshotTaken, UrlSet, ViewportResized, VisualViewportSet
from ._mobile.screen import Screen
from ._mobile.web_views import SlotPage, Slots
from ._nodes import Node, Scroll, Size
from ._top_layer.focus import Focus

__all__ = ["MAX_URL_LENGTH", "Page", "is_inner", "own_id", "words_beside", "words_on"]

MAX_URL_LENGTH = 1 << 17
"""Characters of a URL that are kept; most servers accept 8,192."""

_RECORD = (RecordBase, UnknownRecord)
_MOVEMENT: frozenset[type[object]] = frozenset({MouseMoveData, TouchMoveData, PointerInteractionData})
_SNAPSHOT = (FullSnapshotRecord, MobileFullSnapshotRecord)
_ADDED_UNKNOWN = "changes of an unknown kind come before, which added nodes"
_GAP = "a gap, after which the page is a guess, up to the next full snapshot"


class Page:
    """The DOM of one view, which changes as the view's records are applied, in any mix of recording formats.

    `resources` are the images that were uploaded beside the segments, `recording.resources`; without them, canvases are
    empty. `is_route` says that the page began while it was used, as the routes of an app do: then a dialog that is open
    from the beginning is taken for modal. Raises InvalidRequestError if an argument has the wrong type.
    """

    def __init__(self, resources: Mapping[str, Resource] | None = None, *, is_route: bool = False) -> None:
        if resources is not None:
            check_instance("resources", resources, Mapping, "a mapping")
        self.viewport: Size | None = None
        """The size of the layout viewport in pixels; newer SDKs record it without scroll bars."""
        self.visual_viewport: VisualViewport | None = None
        self.url: str | None = None
        self.has_focus: bool | None = None
        self.time: Number | None = None
        """The timestamp of the last record that was applied, in milliseconds of Unix time."""
        self.is_mobile = False
        """Whether it is the screen of a mobile app: elements named `mobile-…`, one for each wireframe. Made from the
        schemas that Datadog publishes; no recording of an app was available to try it with."""
        self._is_route = check_instance("is_route", is_route, bool, "a bool")
        self._show_in(Document(resources or {}))

    def _show_in(self, document: Document) -> None:
        self._document = document
        self._changes = Changes(document)
        self._slot: str | None = None
        self._has_snapshot = False
        self._early = EarlyRecords()
        self._slots = Slots(document, _page_of_slot)
        self._screen = Screen(document, self._slots)
        self._certainty = Certainty()
        self._focus = Focus()

    @property
    def uncertain_since(self) -> Number | None:
        """Since when the page is a guess: the time of the last record before those that are missing, in milliseconds of
        Unix time. None if nothing is known to be missing since the last full snapshot.
        """
        slot = self._uncertain_slot
        return self._certainty.since if slot is None else slot.uncertain_since

    @property
    def uncertain_because(self) -> str | None:
        """What is missing since the last full snapshot: `segment 1 is missing`; None if nothing is known to be."""
        slot = self._uncertain_slot
        return self._certainty.because if slot is None else slot.uncertain_because

    @property
    def knows_elements(self) -> bool:
        """Whether the ids in records mean the nodes of this page; otherwise `find` gives a guess.

        Where records are missing, ids that are implicit are unknown up to the next full snapshot: in change records,
        nodes are numbered in the order in which they are added. Ids that are written, by browser SDKs up to 6 and from
        7 with change records turned off, mean the same elements throughout; only their state may be out of date.
        """
        pages = self._slots.pages
        return self._certainty.knows_elements and (not pages or all(one.knows_elements for one in pages))

    @property
    def _uncertain_slot(self) -> SlotPage | None:
        """The first web view that is a guess, on a mobile screen that is certain itself."""
        if not self.is_mobile or self._certainty.because is not None:
            return None
        return next((one for one in self._slots.pages if one.uncertain_because is not None), None)

    @property
    def root(self) -> Node | None:
        """The document; None before the first full snapshot."""
        return self._document.root

    @property
    def nodes(self) -> Mapping[int, Node]:
        """All nodes of the page by id; on a mobile screen, with those of its web views."""
        if not self.is_mobile:
            return self._document.nodes
        return ChainMap(self._document.nodes, *(inner.nodes for inner in self._slots.documents))

    @property
    def nodes_by_id_attribute(self) -> Mapping[str, AbstractSet[Node]]:
        """The elements of the page, including its shadow trees, by their attribute `id`."""
        return self._document.nodes_by_id_attribute

    @property
    def labels_by_for(self) -> Mapping[str, AbstractSet[Node]]:
        """The `<label>`s of the page, including its shadow trees, by their attribute `for`."""
        return self._document.labels_by_for

    @property
    def fields(self) -> Mapping[int, Node]:
        """The `<input>`s, `<textarea>`s, `<select>`s and `<option>`s of the page by id, as far as they have a state."""
        return self._document.fields

    @property
    def scroll(self) -> Scroll:
        """The scroll position of the document in pixels."""
        return self._document.scroll

    @property
    def problems(self) -> Counter[str]:
        """The parts of records that were invalid and therefore skipped: a description of each kind, and how many."""
        return self._document.problems

    def find(self, id: int) -> Node | None:
        """The node with this id of Datadog's; None if it is not in the page.

        On a mobile screen, the id of a wireframe finds its element, if it is a number from 0 to 2 147 483 632.
        Raises InvalidRequestError if `id` is not a whole number.
        """
        if type(id) is not int:
            raise InvalidRequestError(f"id must be a whole number, not {type(id).__name__}")
        return self.nodes.get(id)

    def node_at(self, x: Number, y: Number) -> Node | None:
        """The topmost visible wireframe at a point of a mobile screen, in pixels from its top left corner.

        What its clip and rounded corners, and the clips of layers around it, cut off is not part of a wireframe. None
        for pages of browsers. Raises InvalidRequestError if `x` or `y` is not a number.
        """
        return self._screen.node_at(check_number("x", x), check_number("y", y))

    def to_dict(self) -> dict[str, Any]:
        """The page as plain values for JSON: `url`, `time`, `scroll` and `viewport` as pairs of pixels, and the `tree`.

        In the tree, texts are strings and all other nodes are objects with these members:

        - `n`: the node's name; a doctype's own name is in `name`
        - `c`: its children; `shadow`: its shadow root
        - for elements, `id` (Datadog's), `a` (the attributes), and `svg: true` in SVG, `mathml: true` in MathML
        - the state of an element, where known: `value`, `checked` or for options `selected`, `indeterminate`, `scroll`
          and `size` as pairs of pixels, `playing`, `image`
        - `css`: the rules of a `<style>` or `<link>`; `adopted`: the rules of each adopted style sheet

        Where records are missing, the members `uncertain_since` and `uncertain_because` are there too.

        Nodes more than 400 levels deep are omitted, because JSON libraries cannot write them, and their parent has
        `cut: true`. Raises SegmentError if the page holds more than 64 Mi characters.
        """
        uncertain = {"uncertain_since": self.uncertain_since, "uncertain_because": self.uncertain_because}
        return {
            "url": self.url,
            "time": self.time,
            **({} if self.uncertain_because is None else uncertain),
            "viewport": None if self.viewport is None else [self.viewport.width, self.viewport.height],
            "scroll": [self.scroll.left, self.scroll.top],
            "tree": None if self.root is None else tree_as_dict(self.root),
        }

    def apply(self, record: Record, gap: Gap | None = None) -> tuple[Effect, ...]:
        """Apply the next record of the view, in the order of (index_in_view, position), and return its effects.

        Records that do not concern the page, such as clicks and mouse moves, have none; invalid parts of records are
        counted in `problems`. `gap` says what is missing, as `View.placed_records` states it. Raises
        InvalidRequestError if `record` is not a record, or if `gap` is not a Gap.
        """
        if (
            (type(record) is IncrementalSnapshotRecord or type(record) is ChangeRecord)
            and record.slot_id == self._slot
            and gap is None
            and self._has_snapshot
            and not self.is_mobile
            and record.slot_id is None
        ):
            # At once, since these are most of a recording.
            return self._apply_ordinary(record)
        check_instance("record", record, _RECORD, "a Record")
        slot = _slot_of(self, record) if self.is_mobile else None
        if gap is not None and slot is None:
            self._note_gap(check_instance("gap", gap, Gap, "a Gap"), record)
        if isinstance(record, UnknownRecord):
            self._document.note_problem("a record of an unknown kind")
            return ()
        if slot is None and self._is_for_others(record, gap):
            return ()
        if not isinstance(record, FrustrationRecord):  # It has the timestamp of an earlier click.
            self.time = record.timestamp
        if slot is not None:
            self._slots.apply(slot, record, gap, lambda: self._screen.redraw_slot(slot))
            return self._effects()
        self._document.allow_repeats(len(record.raw))
        if isinstance(record, _SNAPSHOT):
            return self._take_snapshot(record, gap)
        if not self._has_snapshot:
            self._certainty.note_before_snapshot(record)
        if self.time is not None:
            self._document.now = self.time
        self._change(record)
        return self._effects()

    def _is_for_others(self, record: RecordBase, gap: Gap | None) -> bool:
        """Whether a record neither concerns this page nor what is shown in it now."""
        if not self.is_mobile:
            self._early.note(record, gap)
            is_early = record.slot_id is not None and not self._has_snapshot and self._early.screen is not None
            if is_early or (self._slot is not None and is_of_screen_size(record)):
                return True
        is_of_another = self._has_snapshot and record.slot_id != self._slot and not _is_of_screen(record)
        if is_of_another:
            self._document.note_problem("a record from another web view")
        return is_of_another

    def _apply_ordinary(self, record: IncrementalSnapshotRecord | ChangeRecord) -> tuple[Effect, ...]:
        """Apply a record of which no part needs to be checked; most are movements."""
        self.time = record.timestamp
        self._document.allow_repeats(len(record.raw))
        data, document = record.data, self._document
        document.now = record.timestamp
        if type(data) is MouseInteractionData:
            self._note_use(data)
        elif type(data) in _MOVEMENT and not document.top_layer.dialogs and not document.top_layer.popovers:
            if type(data) is MouseMoveData:
                self._focus.movement = data
        else:
            self._change(record)
            return self._effects()
        return self._effects() if document.effects else ()

    def _change(self, record: Record) -> None:
        if isinstance(record, IncrementalSnapshotRecord):
            self._apply_incremental(record.data)
        elif isinstance(record, ChangeRecord):
            self._certainty.has_implicit_ids = True
            self._changes.apply(record.data)
        elif isinstance(record, MobileIncrementalSnapshotRecord):
            self._note_unread(record)
            self._apply_to_screen(record.data)
        elif isinstance(record, MetaRecord):
            self._resize(record.data.width, record.data.height)
            if record.data.href is not None:
                self.url = record.data.href[:MAX_URL_LENGTH]
                if len(record.data.href) > MAX_URL_LENGTH:
                    self._document.note_problem("a URL longer than 131,072 characters, which was cut")
                self._document.effects.append(UrlSet(self.url))
        elif isinstance(record, VisualViewportRecord):
            self._document.effects.append(VisualViewportSet(record.data))
        elif isinstance(record, FocusRecord):
            self.has_focus = record.data.has_focus
            self._document.effects.append(FocusSet(self.has_focus))

    def note_gap(self, missing: str) -> None:
        """Note what is missing after the last record that was applied, so that the page is a guess from then on.

        Raises InvalidRequestError if `missing` is not a string.
        """
        if self._certainty.note_gap(check_text("missing", missing), self.time):
            self._document.note_problem(_GAP)

    def _note_gap(self, gap: Gap, record: Record) -> None:
        # A full snapshot makes up for what is missing before it.
        missing = gap.within if isinstance(record, _SNAPSHOT) else gap.within or gap.before
        since = record.timestamp if self.time is None else self.time
        if missing is not None and self._certainty.note_gap(missing, since):
            self._document.note_problem(_GAP)
        if gap.before is not None:
            self._document.effects += self._document.top_layer.note_gap()

    def _take_snapshot(
        self, record: FullSnapshotRecord | MobileFullSnapshotRecord, gap: Gap | None
    ) -> tuple[Effect, ...]:
        self._slot, self._has_snapshot = record.slot_id, True
        was_mobile, self.is_mobile = self.is_mobile, isinstance(record, MobileFullSnapshotRecord)
        has_implicit_ids = isinstance(record.data, tuple)
        self._certainty.note_snapshot(
            None if gap is None else gap.within, record.timestamp, has_implicit_ids=has_implicit_ids
        )
        document = self._document
        if self._is_route:
            document.begun_at = record.timestamp
        self._slots.detach_all()
        self._screen.clear()
        self._changes.clear()
        self._focus.clear()
        if self.is_mobile and not was_mobile and record.slot_id is None:
            self._add_early()
        with document.replaced():
            if isinstance(record, MobileFullSnapshotRecord):
                self._note_unread(record)
                self.viewport = self._screen.take(record.data, self.viewport)
            elif isinstance(record.data, DomSnapshot):
                add_tree(document, record.data.node, None, None)
                offset = record.data.initial_offset
                document.scroll = Scroll(offset.left, offset.top)
                if document.root is not None:
                    document.root.scroll = document.scroll
            else:
                self._changes.apply(record.data)
        return SnapshotTaken(document.root), *[e for e in self._effects() if isinstance(e, VisualViewportSet)]

    def _add_early(self) -> None:
        """Add what web views recorded before the first snapshot of the screen around them."""
        if self._early.screen is not None:
            self.viewport, self.url = self._early.screen, None
        for slot, record, gap in self._early.take():
            self._document.allow_repeats(len(record.raw))
            self._slots.apply(slot, record, gap, lambda: None)

    def _apply_incremental(self, data: IncrementalData) -> None:
        document = self._document
        if isinstance(data, MutationData):
            apply_mutation(document, data)
        elif isinstance(data, ViewportResizeData):
            self._resize(data.width, data.height)
        elif isinstance(data, OF_A_NODE):
            change_state(document, data)
        elif isinstance(data, MouseInteractionData):
            self._note_use(data)
        elif isinstance(data, MouseMoveData):
            self._focus.movement = data
            if data.positions:
                document.note_use(data.positions[-1].id, None, is_known=self._certainty.knows_elements)

    def _note_use(self, data: MouseInteractionData) -> None:
        """Something was done to a node."""
        document = self._document
        if self._changes.have_unknown and data.id not in document.nodes:
            self.note_gap(_ADDED_UNKNOWN)
        is_known = self._certainty.knows_elements
        self._focus.note(data, document.known(data.id) if is_known else None, document.now)
        document.note_use(data.id, data.type, is_known=is_known)

    def _note_unread(self, record: MobileFullSnapshotRecord | MobileIncrementalSnapshotRecord) -> None:
        for problem in record.unread:
            self._document.note_problem(problem)

    def _apply_to_screen(self, data: MobileIncrementalData) -> None:
        if isinstance(data, MobileMutationData):
            self._screen.mutate(data)
        elif isinstance(data, CompositionTreeMutationData):
            self._screen.mutate_layers(data)
        elif isinstance(data, ViewportResizeData):
            self._resize(data.width, data.height)

    def _resize(self, width: Number, height: Number) -> None:
        before, self.viewport = self.viewport, Size(width, height)
        if self.viewport != before:  # Scripts dispatch `resize` too, as charts ask for it, and SDKs record that.
            self._document.effects.append(ViewportResized(width, height))
        self._screen.resize(self.viewport)

    def _effects(self) -> tuple[Effect, ...]:
        if self._document.top_layer.is_unsettled:
            self._document.settle(self._focus.pointed_at(self._document.nodes), is_used=self._focus.is_used)
        effects = self._document.take_effects()
        if VisualViewportSet in map(type, effects):
            for effect in effects:
                if isinstance(effect, VisualViewportSet):
                    self.visual_viewport = effect.viewport
        return effects


def is_inner(page: Page, record: Record) -> bool:
    """Whether a record is from a web view on a mobile screen."""
    return page.is_mobile and _slot_of(page, record) is not None


def focus_marks(page: Page, *, with_mouse: bool = False) -> dict[Node, dict[str, str]]:
    """The attributes by which style sheets find what has the focus, and what the mouse is on, for each element."""
    if not page.knows_elements:
        return {}
    return page._focus.marks(page._document.nodes, with_mouse=with_mouse)  # pyright: ignore[reportPrivateUsage] # of this module


def own_id(page: Page, record: Record, id: int) -> int:
    """The id, in a page, of the node with an id in a record."""
    slot = _slot_of(page, record) if page.is_mobile else None
    return id if slot is None else page._slots.base_of(slot) + id  # pyright: ignore[reportPrivateUsage] # of this module


def words_on(page: Page, node: Node) -> str:
    """What is written on a wireframe without a text of its own, as on a button; nothing in pages of browsers."""
    return page._screen.words_on(node) if page.is_mobile else ""  # pyright: ignore[reportPrivateUsage] # of this module


def words_beside(page: Page, node: Node) -> str:
    """What is written below or next to a wireframe on which nothing is written; nothing in pages of browsers."""
    return page._screen.words_beside(node) if page.is_mobile else ""  # pyright: ignore[reportPrivateUsage] # of this module


def _slot_of(page: Page, record: Record) -> str | None:
    """The slot that a record is from, if it is shown within this mobile screen."""
    own = page._slot  # pyright: ignore[reportPrivateUsage] # of this module
    return None if isinstance(record, UnknownRecord) or record.slot_id == own else record.slot_id


def _is_of_screen(record: RecordBase) -> bool:
    """Whether it shows the screen around the web view whose records came first."""
    return isinstance(record, MobileFullSnapshotRecord) and record.slot_id is None


def _page_of_slot(document: Document) -> Page:
    page = Page()
    page._show_in(document)  # pyright: ignore[reportPrivateUsage] # of this module
    return page
