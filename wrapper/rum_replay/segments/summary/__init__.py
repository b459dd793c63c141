"""Summaries of recordings: what people did in each view and session.

    from rum_replay import segments

    summary = segments.summarize(segments.open("downloads/9d2c7a60"))
    for view in summary.views:
        print(view.pages, view.duration, view.clicks, view.key_inputs, view.rage_clicks)
    print(summary.to_dict())

Segments contain neither keys nor errors nor network requests. Everything else is inferred by heuristics, which `RULES`
lists; those of rage and dead clicks follow Datadog's SDK as far as segments allow.
"""

from ..._public import public, public_exports
from ._activity import ACTIVITY_RULE
from ._clicks import CLICK_DIFFERENCES, DEAD_CLICK_RULE, RAGE_CLICK_RULE, Click, Signal
from ._fields import KEY_INPUT_RULE, SELECTION_RULE
from ._gestures import LABEL_RULE
from ._quantities import Span
from ._screen import Viewport
from ._sessions import SessionSummary, sessions_of
from ._summarizer import RULES, Summary, summarize, summarize_view
from ._taps import MOBILE_RULE, TAP_RULE
from ._views import ViewSummary

__all__ = [
    "ACTIVITY_RULE",
    "CLICK_DIFFERENCES",
    "DEAD_CLICK_RULE",
    "KEY_INPUT_RULE",
    "LABEL_RULE",
    "MOBILE_RULE",
    "RAGE_CLICK_RULE",
    "RULES",
    "SELECTION_RULE",
    "TAP_RULE",
    "Click",
    "SessionSummary",
    "Signal",
    "Span",
    "Summary",
    "ViewSummary",
    "Viewport",
    "sessions_of",
    "summarize",
    "summarize_view",
]

public_exports(globals(), __all__, __name__)
public(SessionSummary, Summary, ViewSummary, module="rum_replay.segments")
