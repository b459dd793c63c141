"""The summary of a session: the sum of its views."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import attrs

from ..._arguments import check_each
from ..records import Number
from ._quantities import Span, covered
from ._views import ViewSummary

__all__ = ["SessionSummary", "sessions_of"]


@attrs.frozen(kw_only=True)
class SessionSummary:
    """Summary of a session, as far as its views were given: there may be other recorded views."""

    session_id: str | None
    """None for the views that do not state theirs, all together."""

    application_id: str | None
    source: str | None
    views: tuple[ViewSummary, ...] = attrs.field(repr=False)
    """Ordered by start."""

    start: Number | None
    """Milliseconds of Unix time."""

    end: Number | None
    """Milliseconds of Unix time."""

    duration: Number | None
    """Milliseconds that the views cover; overlaps count once, and time between views does not count."""

    active_time: Number
    """Milliseconds during which somebody was active in any view; a heuristic, see `ACTIVITY_RULE`."""

    segments: int
    records: int
    size: int
    """Size of all segments as JSON, in bytes."""

    compressed_size: int | None
    """Size of all segments as uploaded, in bytes; None unless all of them state it."""

    pages: tuple[str, ...]
    """Distinct URLs, in order."""

    resizes: int
    clicks: int
    key_inputs: int
    selections: int
    scrolls: int
    frustrations: dict[str, int] = attrs.field(hash=False)
    """Number of frustrations that the SDK recorded, by type; browser SDK up to 6.31 only."""

    rage_clicks: int
    """A heuristic, see `RAGE_CLICK_RULE`."""

    dead_clicks: int
    """A heuristic, see `DEAD_CLICK_RULE`."""

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that is known to be wrong with its views, one sentence each."""
        return tuple(problem for view in self.views for problem in view.problems)

    def to_dict(self) -> dict[str, Any]:
        """The summary as JSON values, with views as their ids; results of a rule of ours are under `heuristics`."""
        heuristics = ("active_time", "rage_clicks", "dead_clicks")
        fields = attrs.asdict(self, recurse=False, filter=lambda field, _: field.name not in ("views", *heuristics))
        return fields | {
            "views": [view.view_id for view in self.views],
            "pages": list(self.pages),
            "problems": list(self.problems),
            "heuristics": {name: getattr(self, name) for name in heuristics},
        }


def sessions_of(views: Iterable[ViewSummary]) -> tuple[SessionSummary, ...]:
    """The sessions of some views, ordered by start; each view must be given only once.

    Raises InvalidRequestError for anything but summaries of views.
    """
    by_session: dict[str | None, list[ViewSummary]] = {}
    for view in check_each("views", views, ViewSummary, "a ViewSummary"):
        by_session.setdefault(view.session_id, []).append(view)
    sessions = [_session(*session) for session in by_session.items()]
    return tuple(sorted(sessions, key=_by_start))


def _by_start(summary: ViewSummary | SessionSummary) -> tuple[bool, Number]:
    return summary.start is None, summary.start or 0


def _session(id: str | None, views: list[ViewSummary]) -> SessionSummary:
    views.sort(key=_by_start)
    spans = [Span(view.start, view.end) for view in views if view.start is not None and view.end is not None]
    compressed = [view.compressed_size for view in views if view.compressed_size is not None]
    frustrations = Counter[str]()
    for view in views:
        frustrations.update(view.frustrations)
    return SessionSummary(
        session_id=id,
        application_id=next((view.application_id for view in views if view.application_id is not None), None),
        source=next((view.source for view in views if view.source is not None), None),
        views=tuple(views),
        start=min((span.start for span in spans), default=None),
        end=max((span.end for span in spans), default=None),
        duration=covered(spans) if spans else None,
        active_time=covered(span for view in views for span in view.activity),
        segments=sum(view.segments for view in views),
        records=sum(view.records for view in views),
        size=sum(view.size for view in views),
        compressed_size=sum(compressed) if len(compressed) == len(views) else None,
        pages=tuple(dict.fromkeys(page for view in views for page in view.pages)),
        resizes=sum(view.resizes for view in views),
        clicks=sum(view.clicks for view in views),
        key_inputs=sum(view.key_inputs for view in views),
        selections=sum(view.selections for view in views),
        scrolls=sum(view.scrolls for view in views),
        frustrations=dict(frustrations),
        rage_clicks=sum(view.rage_clicks for view in views),
        dead_clicks=sum(view.dead_clicks for view in views),
    )
