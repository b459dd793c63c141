"""One pass over the records of a view, in memory that does not grow with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from .._completeness import RecordCounts, Report, view_report
from .._recording import View
from ..dom import Effect, Page, Scrolled
from ..records import FrustrationRecord, Number, Record
from ._activity import Activity
from ._clicks import Click, DeadClicks, RageClicks, Signal
from ._fields import FieldInputs
from ._gestures import Taps, click_in, is_interaction, is_reaction, takes_input
from ._quantities import is_moment, plausible_bytes
from ._screen import Screen
from ._views import ViewSummary

__all__ = ["ViewSummarizer", "summarize_view"]

# Kept of what there can be any number of in a damaged or hostile recording; counts are of all.
_MOST_KEPT = 1_000


def summarize_view(view: View) -> ViewSummary:
    """What happened in a view; reads its records once."""
    page, summarizer = Page(), ViewSummarizer(view)
    for record in view.records():
        summarizer.add(record, page.apply(record), page)
    return summarizer.summary()


class ViewSummarizer:
    """Takes the records of a view in order, each with what it did to the page."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._counts = RecordCounts()
        self._records = 0
        self._clicks = 0
        self._screen = Screen()
        self._fields = FieldInputs()
        self._taps = Taps()
        self._activity = Activity()
        self._signals = _Signals()
        self._frustrations = Counter[str]()
        self._first: Number | None = None
        self._last: Number | None = None

    def add(self, record: Record, effects: Sequence[Effect], page: Page) -> None:
        """Note the next record; `effects` are what `page.apply` gave for it."""
        self._records += 1
        self._counts.add(record)
        self._screen.add(record, effects, page)
        entered = self._fields.add(effects, page)
        click = click_in(record) or self._taps.tap_in(record)
        self._clicks += click is not None
        if isinstance(record, FrustrationRecord):
            for noticed in record.data.frustration_types:
                if noticed in self._frustrations or len(self._frustrations) < _MOST_KEPT:
                    self._frustrations[noticed] += 1
            return  # its timestamp is that of the click and goes backwards
        time = record.timestamp
        if time is None or not is_moment(time):
            return
        self._first = time if self._first is None else min(self._first, time)
        self._last = time if self._last is None else max(self._last, time)
        if entered or is_interaction(record) or any(isinstance(effect, Scrolled) for effect in effects):
            self._activity.add(time)
        self._signals.pass_to(time)
        if is_reaction(record, effects):
            self._signals.react()
        if click is not None:
            node = None if click.node_id is None else page.find(click.node_id)
            self._signals.add(click, expects_reaction=not takes_input(node))

    def summary(self) -> ViewSummary:
        """What all that was noted comes to. Ends the view: nothing can be added afterwards."""
        view, screen, fields = self._view, self._screen, self._fields
        self._signals.end(self._last)
        report = view_report(view.id, view.segments, view.duplicates, view.announced, self._counts)
        unknown = self._counts.unknown
        start = view.start if is_moment(view.start) else self._first
        end = view.end if is_moment(view.end) else self._last
        return ViewSummary(
            view_id=view.id,
            session_id=view.session_id,
            application_id=view.application_id,
            source=view.source,
            start=start,
            end=end if end is None or start is None else max(start, end),
            activity=self._activity.spans(),
            segments=len(view.segments),
            records=self._records,
            size=sum(segment.size for segment in view.segments),
            compressed_size=_compressed_size(view),
            viewport=screen.viewport,
            resizes=screen.resizes,
            pages=screen.pages,
            clicks=self._clicks,
            key_inputs=fields.key_inputs,
            selections=fields.selections,
            scrolls=screen.scrolls,
            scroll_depth=screen.scroll_depth,
            document_height=screen.document_height,
            frustrations=dict(self._frustrations),
            rage_clicks=self._signals.counts["rage_click"],
            dead_clicks=self._signals.counts["dead_click"],
            signals=tuple(self._signals.kept),
            report=report,
            unknown=dict(unknown),
            problems=Report(
                views=(report,), unknown=dict(unknown.most_common()), unreadable=(), unreadable_count=0
            ).problems,
        )


def _compressed_size(view: View) -> int | None:
    sizes = [plausible_bytes(segment.metadata.compressed_segment_size) for segment in view.segments]
    known = [size for size in sizes if size is not None]
    return sum(known) if known and len(known) == len(sizes) else None


class _Signals:
    """All rage and dead clicks counted, the first ones kept."""

    def __init__(self) -> None:
        self.kept: list[Signal] = []
        self.counts = Counter[str]()
        self._rage = RageClicks()
        self._dead = DeadClicks()

    def add(self, click: Click, *, expects_reaction: bool) -> None:
        self._note(self._rage.add(click))
        if expects_reaction:
            self._dead.add(click)

    def pass_to(self, time: Number) -> None:
        for signal in self._dead.pass_to(time):
            self._note(signal)

    def react(self) -> None:
        self._dead.react()

    def end(self, time: Number | None) -> None:
        self._note(self._rage.end())
        if time is not None:
            self.pass_to(time)

    def _note(self, signal: Signal | None) -> None:
        if signal is None:
            return
        self.counts[signal.kind] += 1
        if len(self.kept) < _MOST_KEPT:
            self.kept.append(signal)
