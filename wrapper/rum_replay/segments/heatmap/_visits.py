"""The pages of a view, each with its clicks in pixels of the page."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

import attrs

from .._recording import View
from .._work.jobs import Job, ViewPlace, places_of
from ..dom import Effect, Node, Page, Size
from ..dom._names.element_names import Element, Elements
from ..dom._page import is_inner
from ..dom._page_at import page_of
from ..dom._visual_viewport import visible_from
from ..records import Number, Record
from ..summary._click_targets import is_unattributed
from ..summary._clicks import Click
from ..summary._gestures import Clicks, is_movement
from ..summary._quantities import plausible_pixels
from ..summary._taps import Taps
from ._placement import Anchoring, Placement, Places
from ._sticky import Sticking

__all__ = [
    "PageClick",
    "SessionVisits",
    "ViewVisits",
    "Visit",
    "address_of",
    "layout_of",
    "session_visits",
    "visits_in",
]

_MAX_CLICKS = 1_000_000
"""Clicks kept of one page of a view; a person makes at most one a second, and a view lasts hours."""

_MAX_VISITS, _MAX_CHARACTERS = 10_000, 8 << 20
"""Pages of a view, and the characters of their URLs."""

_MAX_CLICKED_ELEMENTS = 10_000
"""Distinct elements named in a view; selectors are up to some kilobytes long, and nobody clicks on that many."""

_MAX_SCROLL_BAR_WIDTH = 40
"""Pixels; a visual viewport that is wider or narrower than the layout viewport by more has other reasons."""

_UNKNOWN = "something that is not in the recording"
_EMPTY_SCREEN = "the screen, where nothing is drawn"
_MAX_TAG = 60  # Characters; names of custom elements have any length.
_CONTROLS = frozenset({"a", "button", "input", "label", "select", "summary", "textarea"})
_ROLES = frozenset({"button", "checkbox", "link", "menuitem", "option", "radio", "switch", "tab"})
_MAX_DEPTH = 100


@attrs.frozen(kw_only=True)
class PageClick:
    """A click, a touch that the browser turned into one, or a tap on the screen of a mobile app."""

    x: Number
    """Pixels from the left edge of the page, when neither the page nor anything in it is scrolled; see `placement`.

    In a heatmap, from the left edge of the picture; see `Heatmap.origin`.
    """

    y: Number
    """Pixels from the top edge."""

    session_id: str | None
    view_id: str | None
    time: Number
    """Milliseconds of Unix time."""

    label: str = _UNKNOWN
    """What was clicked, as in `ClickedElement`."""

    selector: str | None = None
    """The CSS selector of what was clicked; None if it is not in the recording."""

    placement: Placement = Placement.PAGE
    """The rule by which it was placed."""


@attrs.define(kw_only=True, eq=False)
class Visit:
    """One page of one view, at one width of the viewport."""

    open_view: Callable[[], View]
    """Gives the view, which may have to be opened anew."""

    url: str
    """Its address, see `address_of`."""

    width: Number
    """Width of the viewport, in pixels."""

    start: Number
    """When it was first seen, in milliseconds of Unix time."""

    end: Number = 0
    """When it was last seen."""

    records: int = 0
    """Number of records of the view up to when it was last seen or, if it was ever known, last known."""

    is_uncertain: bool = True
    """Whether it was never known, because records of the view are missing."""

    bottom: Number = 0
    """The lowest edge of the page that was in the viewport, in pixels from the top of the page."""

    scrolled: Number = 0
    """The furthest that it was scrolled from its left edge, in pixels."""

    clicks: list[PageClick] = attrs.field(factory=list[PageClick])
    moves: dict[int, Sticking | Anchoring] = attrs.field(factory=dict[int, "Sticking | Anchoring"])
    """What else places clicks, by their index: other clicks, or the size of the viewport that is shown."""

    scrollers: set[str] = attrs.field(factory=set[str])
    """Selectors of the elements that were scrolled around clicks."""

    inner_bottom: Number = 0
    """The lowest edge of what was in the viewport, as if the elements that scroll were as high as their content."""

    inner_right: Number = 0

    before: tuple[Number, Number] = (0, 0)
    """How far what is clicked was scrolled beyond the left and the upper edge of the page, in pixels.

    What is laid out from right to left, or from the bottom up, scrolls to negative positions.
    """

    @property
    def view(self) -> View:
        """The view that it is of."""
        return self.open_view()


@attrs.frozen(kw_only=True)
class ViewVisits:
    """The pages of one view."""

    place: ViewPlace
    ids: tuple[str | None, str | None]
    """Of the session and the view."""

    visits: list[Visit]
    """In the order in which they were first seen."""

    left_out: Counter[str]
    """Clicks that cannot be placed on a page, by reason."""


def visits_in(place: ViewPlace, view: View) -> ViewVisits:
    """The pages of a view; reads its records once."""
    left_out = Counter[str]()
    visits = _visits_of(view, left_out)
    return ViewVisits(place=place, ids=(view.session_id, view.id), visits=visits, left_out=left_out)


@attrs.frozen(kw_only=True)
class SessionVisits:
    """What a worker finds in a session."""

    sessions: frozenset[str | None]
    reason: str | None
    views: tuple[ViewVisits, ...]


def session_visits(job: Job) -> SessionVisits:
    """What a worker does: the pages of a session. Their views stay behind; the parent opens the one that it shows."""
    views: list[ViewVisits] = []
    reason: str | None = None
    for source in job.recordings():
        views += [visits_in(place, view) for place, view in places_of(source)]
        reason = reason or source.reason()
    for view in views:
        for visit in view.visits:
            visit.open_view = _left_behind
    sessions = frozenset(view.ids[0] for view in views)
    return SessionVisits(sessions=sessions, reason=reason, views=tuple(views))


def _left_behind() -> View:
    raise AssertionError("the view of a visit that another process found must be set")


def _visits_of(view: View, left_out: Counter[str]) -> list[Visit]:
    """The pages of a view, in the order in which they were first seen; reads the view's records once.

    Clicks that cannot be placed on a page are counted in `left_out`, by reason.
    """
    page, targets, visits = page_of(view), _Targets(), _Visits(view)
    layout: Size | None = None
    visit: Visit | None = None
    for number, placed in enumerate(view.placed_records(), 1):
        record = placed.record
        effects = page.apply(record, placed.gap)
        targets.note(effects, page)
        click = targets.click_in(record, page)
        if effects:
            layout = layout_of(page)
        if layout is None:
            if click is not None:
                left_out["made before the page or the size of its viewport is recorded"] += 1
            continue
        if effects or visit is None:
            visit = visits.seen(page, layout)
        if visit is not None and page.time is not None:
            if page.uncertain_because is None or visit.is_uncertain:
                visit.records, visit.is_uncertain = number, page.uncertain_because is not None
            visit.end = page.time
        if click is not None:
            reason = _add_click(click, visit, page, layout, targets)
            if reason is not None:
                left_out[reason] += 1
    last, layout = targets.last_tap(view), layout_of(page)
    if last is not None and layout is not None:
        visit = visits.by_page.get((address_of(page, view), layout.width))
        reason = _add_click(last, visit, page, layout, targets)
        if reason is not None:
            left_out[reason] += 1
    return list(visits.by_page.values())


class _Visits:
    """The pages of a view so far."""

    def __init__(self, view: View) -> None:
        self.by_page: dict[tuple[str, Number], Visit] = {}
        self._view = view
        self._characters = 0

    def seen(self, page: Page, layout: Size) -> Visit | None:
        """The visit to a page as it is now; None if there are too many, or if the time is not known."""
        key = (address_of(page, self._view), layout.width)
        visit = self.by_page.get(key)
        if visit is None:
            if len(self.by_page) >= _MAX_VISITS or self._characters >= _MAX_CHARACTERS or page.time is None:
                return None
            self._characters += len(key[0])
            open_view = partial(_same, self._view)
            visit = self.by_page[key] = Visit(open_view=open_view, url=key[0], width=layout.width, start=page.time)
        visit.bottom = max(visit.bottom, page.scroll.top + layout.height)
        visit.scrolled = max(visit.scrolled, page.scroll.left)
        return visit


def _same(view: View) -> View:
    return view


def address_of(page: Page, view: View) -> str:
    """The URL of a page; a mobile screen, which has none, is known by the id of its view. Empty if not recorded."""
    return f"view:{view.id}" if page.is_mobile and page.url is None and view.id is not None else page.url or ""


def layout_of(page: Page) -> Size | None:
    """The size in which the page is laid out, in pixels; None if it is not recorded or makes no sense.

    This is the viewport without its scroll bar, if the visual viewport shows that there is one, or none any more.
    """
    viewport = page.viewport
    if page.root is None or viewport is None:
        return None
    lengths = (viewport.width, viewport.height, page.scroll.left, page.scroll.top)
    known = (plausible_pixels(length) for length in lengths)
    width, height, left, top = known
    if width is None or height is None or left is None or top is None or width < 1 or height < 1:
        return None
    visual = page.visual_viewport
    inner = None if visual is None else plausible_pixels(visual.width * visual.scale)
    if inner is not None and abs(round(inner) - width) <= _MAX_SCROLL_BAR_WIDTH:
        width = max(1, round(inner))
    return Size(width, height)


def _add_click(click: Click, visit: Visit | None, page: Page, layout: Size, targets: _Targets) -> str | None:
    """Add a click to a visit, or return the reason why it is left out."""
    node = None if click.node_id is None else page.find(click.node_id)
    if not targets.clicks.is_by_pointer(click, node):
        return "made by a key, a script or the browser, without a position"
    if click.x is None or click.y is None:
        return "recorded without a position"
    left, top = visible_from(page)
    x, y = click.x + left, click.y + top
    width = layout.width if page.viewport is None else max(layout.width, page.viewport.width)
    if not (0 <= x <= width and 0 <= y <= layout.height):
        return "outside the viewport"
    if is_unattributed(page, click.node_id):
        return "on unknown elements, because records before them are missing"
    if visit is None or len(visit.clicks) >= _MAX_CLICKS:
        return "more than are kept of a view"
    place = targets.places.of(x, y, node, page, layout)
    element = targets.of(click, page)
    if place.moves is not None:
        visit.moves[len(visit.clicks)] = place.moves
    if place.placement is not Placement.VIEWPORT:
        above = y + page.scroll.top - place.y  # No page scrolls there as a whole.
        visit.before = max(visit.before[0], x - place.x), max(visit.before[1], above)
    if place.scrollers:
        visit.scrollers.update(place.scrollers)
        visit.inner_right = max(visit.inner_right, place.x - x + layout.width)
        visit.inner_bottom = max(visit.inner_bottom, place.y - y + layout.height)
    view = visit.view
    unknown = _EMPTY_SCREEN if page.is_mobile else _UNKNOWN
    visit.clicks.append(
        PageClick(
            x=place.x,
            y=place.y,
            session_id=view.session_id,
            view_id=view.id,
            time=click.time,
            label=unknown if element is None else sys.intern(_label(element)),
            selector=None if element is None else sys.intern(element.selector),
            placement=place.placement,
        )
    )
    return None


class _Targets:
    """What was clicked in a view: the button, link or other control that contains the clicked node, or the node."""

    def __init__(self) -> None:
        self.places = Places()
        self._elements = Elements()
        self._taps = Taps(self._elements.find)
        self.clicks = Clicks()
        self._tap: Click | None = None
        """The tap that was found last."""
        self._selectors = set[str]()

    def note(self, effects: Sequence[Effect], page: Page) -> None:
        """Note what a record did to the page."""
        if effects:
            self._elements.note(effects)
            self.places.note(effects, page)

    def click_in(self, record: Record, page: Page) -> Click | None:
        """The click that a record contains, or the tap that it makes certain, if any."""
        if is_movement(record):
            self.clicks.note(record)
            return None
        self._tap = self._taps.tap_in(record, page)
        click = None if is_inner(page, record) else self.clicks.click_in(record)
        found = None if click is None else attrs.evolve(click, node_id=self.clicks.clicked(click, page))
        return self._tap or found

    def last_tap(self, view: View) -> Click | None:
        """The tap that the end of the view makes certain."""
        self._tap = self._taps.end(view.followed_at)
        return self._tap

    def of(self, click: Click, page: Page) -> Element | None:
        """The element; None if it is not in the recording, or if there are more than are named."""
        if click is self._tap:
            element = self._taps.element
        else:
            node = None if click.node_id is None else page.find(click.node_id)
            element = None if node is None else self._elements.find(page, _control(node).id)
        if element is None or (
            element.selector not in self._selectors and len(self._selectors) >= _MAX_CLICKED_ELEMENTS
        ):
            return None
        self._selectors.add(element.selector)
        return element


def _control(node: Node) -> Node:
    ancestor: Node | None = node
    for _ in range(_MAX_DEPTH):
        if ancestor is None:
            break
        if ancestor.name in _CONTROLS or ancestor.attributes.get("role") in _ROLES:
            return ancestor
        ancestor = ancestor.parent
    return node


def _label(element: Element) -> str:
    tag = element.name[:_MAX_TAG]
    if element.caption is not None:
        return f"{tag} “{element.caption}”"
    return tag if element.privacy is None else f"{tag} ({element.privacy} for privacy)"
