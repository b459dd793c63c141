"""`rum-replay segments summary`: what happened in sessions and views."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from ..arguments import sources_argument
from ..commands import Command, Settings
from ..output import Columns
from .recordings import opened_one_by_one

if TYPE_CHECKING:
    from ...segments.summary import SessionSummary, ViewSummary

__all__ = ["summary"]


def _seconds(milliseconds: float | None) -> str | None:
    return None if milliseconds is None else f"{milliseconds / 1000:.1f} s"


def _time(milliseconds: float | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)


def _frustrations(of: ViewSummary | SessionSummary) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in of.frustrations.items())


def _seen(view: ViewSummary) -> str | None:
    if view.scroll_depth is None:
        return None
    share = "" if view.scroll_share is None else f" of {view.document_height:g} px ({view.scroll_share:.0%})"
    return f"{view.scroll_depth:g} px{share}"


_SESSION_COLUMNS: Columns[SessionSummary] = {
    "session": lambda session: session.session_id,
    "views": lambda session: len(session.views),
    "started at": lambda session: _time(session.start),
    "duration": lambda session: _seconds(session.duration),
    "active*": lambda session: _seconds(session.active_time),
    "records": lambda session: session.records,
    "bytes": lambda session: session.size,
    "uploaded bytes": lambda session: session.compressed_size,
    "clicks": lambda session: session.clicks,
    "key inputs*": lambda session: session.key_inputs,
    "selections*": lambda session: session.selections,
    "rage clicks*": lambda session: session.rage_clicks,
    "dead clicks*": lambda session: session.dead_clicks,
    "frustrations recorded": _frustrations,
    "pages": lambda session: len(session.pages),
}
_VIEW_COLUMNS: Columns[ViewSummary] = {
    "view": lambda view: view.view_id,
    "started at": lambda view: _time(view.start),
    "duration": lambda view: _seconds(view.duration),
    "active*": lambda view: _seconds(view.active_time),
    "records": lambda view: view.records,
    "bytes": lambda view: view.size,
    "uploaded bytes": lambda view: view.compressed_size,
    "viewport": lambda view: view.viewport and f"{view.viewport.width}x{view.viewport.height}",
    "resizes": lambda view: view.resizes,
    "clicks": lambda view: view.clicks,
    "key inputs*": lambda view: view.key_inputs,
    "selections*": lambda view: view.selections,
    "scrolls": lambda view: view.scrolls,
    "seen down to": _seen,
    "rage clicks*": lambda view: view.rage_clicks,
    "dead clicks*": lambda view: view.dead_clicks,
    "frustrations recorded": _frustrations,
    "segments missing": lambda view: ", ".join(f"{first}-{last}" for first, last in view.report.gaps),
    "pages": lambda view: " ".join(view.pages),
}


@click.command("summary", cls=Command)
@sources_argument
@click.pass_obj
def summary(settings: Settings, *, sources: tuple[str, ...]) -> None:
    """Summarize what happened in sessions and views.

    SOURCE is a directory filled by `segments download`, any other folder or file of segments, or - for standard input.

    Segments do not record everything: values marked with an asterisk are estimates, and the rules behind them are
    printed below the tables.
    """
    from ...segments.summary import RULES, sessions_of, summarize

    output = settings.output
    summaries = [summarize(recording) for recording in opened_one_by_one(settings, sources, "summarizing")]
    # A view that is in several sources counts once, as the last of them has it.
    views = list({(view.session_id, view.view_id): view for found in summaries for view in found.views}.values())
    sessions = sessions_of(views)
    problems = [problem for found in summaries for problem in found.problems]
    output.items(sessions, _SESSION_COLUMNS, lambda session: {"type": "session", **session.to_dict()})
    output.say()
    output.items(views, _VIEW_COLUMNS, lambda view: {"type": "view", **view.to_dict()})
    if settings.json:
        output.json({"type": "notes", "problems": problems, "rules": list(RULES)})
        return
    output.say()
    for rule in RULES:
        output.say(f"* {rule}")
    for problem in problems:
        output.note(f"problem: {problem}")
