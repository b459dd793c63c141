"""Summaries: one pass over the records of each view, in memory that does not grow with their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from operator import itemgetter
from typing import Any, cast

import attrs

from ..._arguments import check_hook, check_instance
from .._completeness import RecordCounts, Report, UnknownKinds, view_report
from .._gaps import Gap
from .._limits import Limits
from .._parsing.budget import Unreadable
from .._recording import Recording, View
from .._work.by_session import FailedSource, Recordings, SessionPlan, SessionProgress, check_executor, items_in
from .._work.jobs import Job, OpenedSource, ViewPlace, places_of
from ..dom import Effect, Page, Scrolled
from ..dom._page import is_inner
from ..records import FrustrationRecord, IncrementalSnapshotRecord, Number, Record
from ..records._incremental import MouseInteractionData
from ._activity import ACTIVITY_RULE, Activity
from ._click_targets import is_unattributed
from ._clicks import CLICK_DIFFERENCES, DEAD_CLICK_RULE, RAGE_CLICK_RULE, Signal
from ._fields import KEY_INPUT_RULE, SELECTION_RULE, FieldInputs
from ._gestures import LABEL_RULE, MOVEMENT, Clicks, is_interaction
from ._quantities import is_moment, plausible_bytes
from ._screen import Screen
from ._sessions import SessionSummary, sessions_of
from ._signals import Signals
from ._taps import MOBILE_RULE, TAP_RULE, Taps
from ._views import ViewSummary

__all__ = ["RULES", "Summary", "ViewSummarizer", "summarize", "summarize_view"]

RULES = (
    ACTIVITY_RULE,
    KEY_INPUT_RULE,
    SELECTION_RULE,
    LABEL_RULE,
    TAP_RULE,
    MOBILE_RULE,
    RAGE_CLICK_RULE,
    DEAD_CLICK_RULE,
    CLICK_DIFFERENCES,
)
"""How everything is inferred that segments do not state, one sentence each."""

# Items that a damaged or hostile recording may contain in any number are kept up to this one; all are counted.
_MAX_KEPT = 1_000


@attrs.frozen
class Summary:
    """Summary of a recording, or of several."""

    sessions: tuple[SessionSummary, ...]
    """Ordered by start."""

    views: tuple[ViewSummary, ...]
    """Recording by recording, and in each ordered by start."""

    problems: tuple[str, ...] = attrs.field(repr=False)
    """Everything that is known to be wrong, as in `Recording.report`. If it is empty, parts may still be missing."""

    failed: tuple[FailedSource, ...] = ()
    """What could not be read, and is not summarized."""

    def to_dict(self) -> dict[str, Any]:
        """The summary as JSON values."""
        return {
            "sessions": [session.to_dict() for session in self.sessions],
            "views": [view.to_dict() for view in self.views],
            "problems": list(self.problems),
            "rules": list(RULES),
        }


def summarize(
    recordings: Recordings,
    *,
    executor: Executor | None = None,
    progress: Callable[[SessionProgress], object] | None = None,
) -> Summary:
    """Summarize a recording or several; reads every record once, in memory that does not grow with their number.

    Views come recording by recording, in each by their start; of a view that occurs twice, the last occurrence counts.

    Give sources instead of recordings, such as paths of folders, and each session is opened when its turn comes. What
    cannot be read is listed in `failed` and in `problems`, and the rest is summarized. With an `executor`, of threads,
    processes or a Dask cluster (`Client.get_executor()`), workers do this session by session, with the same result;
    see `export` about what they open, and about workers that die. `progress` is called after each session of sources,
    or of an executor.

    Raises InvalidRequestError for arguments of other types, and if the executor was shut down; SegmentError if the
    source of a large recording cannot be read again; ConfigurationError if the workers of the executor cannot do any
    work. If no source can be read, the error of the first is raised.
    """
    check_executor(executor)
    check_hook("progress", progress)
    items, are_recordings = items_in(recordings)
    if executor is None and are_recordings:
        opened = (OpenedSource(number, 0, item) for number, item in enumerate(cast("Iterable[Recording]", items)))
        return _summary([_summarized(opened)], ())
    plan = SessionPlan(items, executor)
    found = plan.results(_summarize_session, progress=progress)
    return _summary([result for _, result in found], tuple(plan.failed))


@attrs.frozen(kw_only=True)
class _Summarized:
    """What a worker finds out about a session, or about everything."""

    sessions: frozenset[str | None]
    reason: str | None
    views: tuple[tuple[ViewPlace, ViewSummary], ...]
    unreadable: tuple[tuple[int, int, Unreadable], ...]
    unreadable_count: int


def _summarize_session(job: Job) -> _Summarized:
    """What a worker does."""
    return _summarized(job.recordings())


def _summarized(sources: Iterable[OpenedSource]) -> _Summarized:
    views: list[tuple[ViewPlace, ViewSummary]] = []
    unreadable: list[tuple[int, int, Unreadable]] = []
    reason: str | None = None
    count = 0
    for source in sources:
        reason = reason or source.reason()
        views += [(place, summarize_view(view)) for place, view in places_of(source)]
        unreadable += source.unreadable()
        count += source.recording.unreadable_count
    sessions = frozenset(view.session_id for _, view in views)
    return _Summarized(
        sessions=sessions,
        reason=reason,
        views=tuple(views),
        unreadable=tuple(unreadable),
        unreadable_count=count,
    )


def _summary(found: Sequence[_Summarized], failed: tuple[FailedSource, ...]) -> Summary:
    placed = sorted((one for part in found for one in part.views), key=itemgetter(0))
    views = tuple({(view.session_id, view.view_id): view for _, view in placed}.values())
    unreadable = sorted((one for part in found for one in part.unreadable), key=itemgetter(0, 1))
    most = max(Limits().max_unreadable, *(len(part.unreadable) for part in found), 0)
    unknown = UnknownKinds()
    for view in views:
        unknown.note_all(view.unknown)
    report = Report(
        views=tuple(view.report for view in views),
        unknown=dict(unknown.most_common()),
        unreadable=tuple(one for _, _, one in unreadable[:most]),
        unreadable_count=sum(part.unreadable_count for part in found),
    )
    problems = (*report.problems, *map(str, failed))
    return Summary(sessions_of(views), views, problems, failed)


def summarize_view(view: View) -> ViewSummary:
    """Summarize a view; reads its records once.

    Raises InvalidRequestError for anything but a view, and SegmentError if its source cannot be read again.
    """
    page, summarizer = Page(), ViewSummarizer(check_instance("view", view, View, "a View"))
    for placed in view.placed_records():
        record, gap = placed.record, placed.gap
        summarizer.add(record, page.apply(record, gap), page, gap)
    return summarizer.summary()


class ViewSummarizer:
    """Takes the records of a view in order, each with its effects on the page."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._counts = RecordCounts()
        self._records = 0
        self._clicks = 0
        self._unattributed_clicks = 0
        self._screen = Screen()
        self._fields = FieldInputs()
        self._taps = Taps[None]()
        self._activity = Activity()
        self._signals = Signals()
        self._pointers = Clicks()
        self.clicked: int | None = None
        """The node that the record that was added last clicked: what was there when the button went down."""

        self._signal_counts = Counter[str]()
        self._kept_signals: list[Signal] = []
        self._frustrations = Counter[str]()
        self._first: Number | None = None
        self._last: Number | None = None

    def add(self, record: Record, effects: Sequence[Effect], page: Page, gap: Gap | None = None) -> None:
        """Add the next record; `effects` are what `page.apply` returned for it, and `gap` is what is missing."""
        self._records += 1
        self._counts.add(record)
        click, has_input = None, False
        data = record.data if type(record) is IncrementalSnapshotRecord else None
        if type(data) not in MOVEMENT:
            if effects or type(data) is not MouseInteractionData:
                is_resized = self._screen.add(record, effects, page)
                has_input = self._fields.add(effects, page, record.timestamp or 0) or is_resized
                has_input = has_input or any(type(effect) is Scrolled for effect in effects)
            # The page of a web view records taps, too.
            if not page.is_mobile or not is_inner(page, record):
                click = self._taps.tap_in(record, page) if data is None else self._pointers.click_in(record)
            self.clicked = None
            if click is not None:
                self.clicked = None if data is None else self._pointers.clicked(click, page)
                self._clicks += 1
                self._unattributed_clicks += is_unattributed(page, click.node_id)
        elif not page.is_mobile:
            self._pointers.note(record)
        if signals := self._signals.add(record, effects, page, click, gap):
            self._note(signals)
        if isinstance(record, FrustrationRecord):
            self._note_frustration(record)
            return  # its timestamp is that of the click, so it goes backwards
        time = record.timestamp
        if not is_moment(time):
            return
        if self._first is None or time < self._first:
            self._first = time
        if self._last is None or time > self._last:
            self._last = time
        if has_input or is_interaction(record):
            self._activity.add(time)

    def summary(self) -> ViewSummary:
        """The summary of all records so far; nothing can be added afterwards."""
        view, screen, fields = self._view, self._screen, self._fields
        self._clicks += self._taps.end(view.followed_at) is not None
        self._note(self._signals.end())
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
            unattributed_clicks=self._unattributed_clicks,
            key_inputs=fields.key_inputs,
            selections=fields.selections,
            scrolls=screen.scrolls,
            scroll_depth=screen.scroll_depth,
            document_height=screen.document_height,
            frustrations=dict(self._frustrations),
            rage_clicks=self._signal_counts["rage_click"],
            dead_clicks=self._signal_counts["dead_click"],
            signals=tuple(self._kept_signals),
            report=report,
            unknown=dict(unknown),
            problems=Report(
                views=(report,), unknown=dict(unknown.most_common()), unreadable=(), unreadable_count=0
            ).problems,
        )

    def _note_frustration(self, record: FrustrationRecord) -> None:
        for noticed in record.data.frustration_types:
            if noticed in self._frustrations or len(self._frustrations) < _MAX_KEPT:
                self._frustrations[noticed] += 1

    def _note(self, signals: Iterable[Signal]) -> None:
        for signal in signals:
            self._signal_counts[signal.kind] += 1
            if len(self._kept_signals) < _MAX_KEPT:
                self._kept_signals.append(signal)


def _compressed_size(view: View) -> int | None:
    sizes = [plausible_bytes(segment.metadata.compressed_segment_size) for segment in view.segments]
    known = [size for size in sizes if size is not None]
    return sum(known) if known and len(known) == len(sizes) else None
