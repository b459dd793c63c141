"""What happened in a recording: its views and sessions, and what is wrong with it."""

from __future__ import annotations

from typing import Any

import attrs

from .._completeness import Report, UnknownKinds
from .._recording import Recording
from ._activity import ACTIVITY_RULE
from ._clicks import DEAD_CLICK_RULE, RAGE_CLICK_RULE
from ._fields import KEY_INPUT_RULE, SELECTION_RULE
from ._gestures import TAP_RULE
from ._sessions import SessionSummary, sessions_of
from ._summarizer import summarize_view
from ._views import ViewSummary

__all__ = ["RULES", "Summary", "summarize"]

RULES = (ACTIVITY_RULE, KEY_INPUT_RULE, SELECTION_RULE, TAP_RULE, RAGE_CLICK_RULE, DEAD_CLICK_RULE)
"""How everything is told that segments do not state, a sentence each."""


@attrs.frozen
class Summary:
    """What happened in a recording."""

    sessions: tuple[SessionSummary, ...]
    """By their start."""

    views: tuple[ViewSummary, ...]
    """By their start."""

    problems: tuple[str, ...] = attrs.field(repr=False)
    """All that is known to be wrong, as in `Recording.report`. None is no proof that all is there."""

    def to_dict(self) -> dict[str, Any]:
        """All of it as values of JSON."""
        return {
            "sessions": [session.to_dict() for session in self.sessions],
            "views": [view.to_dict() for view in self.views],
            "problems": list(self.problems),
            "rules": list(RULES),
        }


def summarize(recording: Recording) -> Summary:
    """Tell what happened; reads every record once, in memory that does not grow with their number.

    Raises SegmentError where the source of a large recording cannot be read again.
    """
    views = tuple(summarize_view(view) for view in recording.views)
    unknown = UnknownKinds()
    for view in views:
        unknown.note_all(view.unknown)
    report = Report(
        views=tuple(view.report for view in views),
        unknown=dict(unknown.most_common()),
        unreadable=recording.unreadable,
        unreadable_count=recording.unreadable_count,
    )
    return Summary(sessions_of(views), views, report.problems)
