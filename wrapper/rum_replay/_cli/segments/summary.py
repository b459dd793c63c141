"""`rum-replay segments summary`: what happened in sessions and views."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import click

from ..arguments import columns_option, sources_argument
from ..commands import RowCommand, Settings
from ..output import ALL_COLUMNS, Column, Columns, milliseconds_column
from .recordings import opened_one_by_one, progress_of_sessions
from .workers import Workers, check_failed, failures_as_json, worker_options

if TYPE_CHECKING:
    from ...segments.summary import SessionSummary, ViewSummary

__all__ = ["summary"]


def _time(milliseconds: float | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)


def _frustrations(of: ViewSummary | SessionSummary) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in of.frustrations.items())


def _seen(view: ViewSummary) -> str | None:
    if view.scroll_depth is None:
        return None
    share, height = view.scroll_share, view.document_height
    of_all = "" if share is None or height is None else f" of {round(height)} px ({share:.0%})"
    return f"{round(view.scroll_depth)} px{of_all}"


_SESSION_COLUMNS: Columns[SessionSummary] = {
    "session": lambda session: session.session_id,
    "views": lambda session: len(session.views),
    "started at": lambda session: _time(session.start),
    "duration": milliseconds_column(lambda session: session.duration),
    "active*": milliseconds_column(lambda session: session.active_time),
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
    "duration": milliseconds_column(lambda view: view.duration),
    "active*": milliseconds_column(lambda view: view.active_time),
    "records": lambda view: view.records,
    "bytes": lambda view: view.size,
    "uploaded bytes": lambda view: view.compressed_size,
    "viewport": lambda view: view.viewport and f"{view.viewport.width:.0f}x{view.viewport.height:.0f}",
    "resizes": lambda view: view.resizes,
    "clicks": lambda view: view.clicks,
    "key inputs*": lambda view: view.key_inputs,
    "selections*": lambda view: view.selections,
    "scrolls": lambda view: view.scrolls,
    "seen down to": Column(lambda view: view.scroll_depth, _seen, "px"),
    "rage clicks*": lambda view: view.rage_clicks,
    "dead clicks*": lambda view: view.dead_clicks,
    "frustrations recorded": _frustrations,
    "segments missing": lambda view: ", ".join(f"{first}-{last}" for first, last in view.report.gaps),
    "pages": lambda view: " ".join(view.pages),
}
_IN_CSV_ONLY: Columns[ViewSummary] = {"session": lambda view: view.session_id}
_FIRST = ("session", "view", "duration", "clicks", "rage clicks*", "dead clicks*", "active*", "started at")
"""What a terminal without room for all columns shows first."""

_Table = Literal["sessions", "views"]


@click.command("summary", cls=RowCommand)
@sources_argument
@columns_option(_SESSION_COLUMNS, _VIEW_COLUMNS)
@click.option(
    "--table",
    type=click.Choice(["sessions", "views"]),
    help="Only this table; both by default, in CSV only the views.",
)
@worker_options
@click.pass_obj
def summary(
    settings: Settings,
    *,
    sources: tuple[str, ...],
    columns: list[str] | None,
    table: _Table | None,
    jobs: int | None,
    dask: str | None,
) -> None:
    """Summarize what happened in sessions and views.

    SOURCE is a directory filled by `segments download`, any other folder or file of segments, or - for standard input.

    Segments do not record everything: values marked with an asterisk are estimates, and the rules behind them are
    printed below the tables.
    """
    from ...segments.summary import RULES, summarize

    output = settings.output
    if output.form == "csv":
        table = table or "views"
    workers = Workers(settings, jobs, dask)
    if "-" in sources:
        found = summarize(opened_one_by_one(settings, sources, "summarizing"))
    else:
        with workers.executor() as executor, progress_of_sessions(settings, sources, "summarizing") as note:
            found = summarize(sources, executor=executor, progress=note)
    session_columns, view_columns = _SESSION_COLUMNS, _VIEW_COLUMNS
    if output.form == "csv":
        view_columns = {**_IN_CSV_ONLY, **_VIEW_COLUMNS}
    if table != "views" and _any_chosen(_SESSION_COLUMNS, columns):
        output.items(found.sessions, session_columns, _session_as_json, columns, first=_FIRST)
        output.say()
    if table != "sessions" and _any_chosen(view_columns, columns):
        output.items(found.views, view_columns, _view_as_json, columns, first=_FIRST)
        output.say()
    if output.prints_objects:
        failed = failures_as_json(found.failed)
        output.json({"type": "notes", "problems": list(found.problems), "failed": failed, "rules": list(RULES)})
    else:
        for rule in RULES:
            output.footnote(f"* {rule}")
        for problem in found.problems[: len(found.problems) - len(found.failed)]:
            output.note(f"problem: {problem}")
    check_failed(settings, found.failed)


def _session_as_json(session: SessionSummary) -> dict[str, Any]:
    return {"type": "session", **session.to_dict()}


def _view_as_json(view: ViewSummary) -> dict[str, Any]:
    return {"type": "view", **view.to_dict()}


def _any_chosen(columns: Columns[Any], chosen: list[str] | None) -> bool:
    return chosen is None or chosen == [ALL_COLUMNS] or any(heading in columns for heading in chosen)
