"""The tables `views` and `sessions`: one row per view or session, with its summary."""

from __future__ import annotations

from operator import attrgetter
from typing import TypeVar

from ..summary import (
    ACTIVITY_RULE,
    DEAD_CLICK_RULE,
    KEY_INPUT_RULE,
    RAGE_CLICK_RULE,
    SELECTION_RULE,
    SessionSummary,
    ViewSummary,
)
from ._columns import Column, ColumnType, Table

__all__ = ["SESSIONS", "VIEWS"]

Summarized = TypeVar("Summarized", ViewSummary, SessionSummary)


def _shared(_: type[Summarized]) -> tuple[Column[Summarized], ...]:
    """The columns that both tables have."""

    def column(name: str, type: ColumnType, meaning: str, unit: str | None = None) -> Column[Summarized]:
        return Column[Summarized](name, type, attrgetter(name.removeprefix("heuristic_")), meaning, unit)

    def frustrations(type: str) -> Column[Summarized]:
        name = f"recorded_{type}s"
        meaning = f"{type.replace('_', ' ')}s detected by the SDK itself; up to 6.31"
        return Column[Summarized](name, ColumnType.INTEGER, lambda summary: summary.frustrations.get(type, 0), meaning)

    return (
        column("source", ColumnType.TEXT, "`browser`, `android`, `ios` …"),
        Column[Summarized]("started_at", ColumnType.MOMENT, attrgetter("start"), "start"),
        Column[Summarized]("ended_at", ColumnType.MOMENT, attrgetter("end"), "end"),
        column(
            "duration", ColumnType.REAL, "from start to end; for a session, only the time that its views cover", "ms"
        ),
        column("heuristic_active_time", ColumnType.REAL, ACTIVITY_RULE, "ms"),
        column("segments", ColumnType.INTEGER, "number of segments"),
        column("records", ColumnType.INTEGER, "number of records"),
        column("size", ColumnType.INTEGER, "size of the segments as JSON", "bytes"),
        column(
            "compressed_size", ColumnType.INTEGER, "size of the segments as uploaded, if all of them state it", "bytes"
        ),
        column("pages", ColumnType.TEXTS, "distinct URLs, in order"),
        column("resizes", ColumnType.INTEGER, "number of changes of the viewport's size"),
        column("clicks", ColumnType.INTEGER, "number of clicks, by pointers, keys and scripts, or of taps on mobile"),
        column("key_inputs", ColumnType.INTEGER, KEY_INPUT_RULE),
        column("selections", ColumnType.INTEGER, SELECTION_RULE),
        column("scrolls", ColumnType.INTEGER, "number of records of a new scroll position of the document"),
        frustrations("rage_click"),
        frustrations("dead_click"),
        frustrations("error_click"),
        column("heuristic_rage_clicks", ColumnType.INTEGER, RAGE_CLICK_RULE),
        column("heuristic_dead_clicks", ColumnType.INTEGER, DEAD_CLICK_RULE),
        column("problems", ColumnType.TEXTS, "everything that is known to be missing or wrong"),
    )


_OfView = Column[ViewSummary]
_OfSession = Column[SessionSummary]

VIEWS = Table[ViewSummary](
    "views",
    (
        _OfView("session_id", ColumnType.TEXT, attrgetter("session_id"), "id of the session"),
        _OfView("view_id", ColumnType.TEXT, attrgetter("view_id"), "id of the view"),
        *_shared(ViewSummary),
        _OfView(
            "viewport_width",
            ColumnType.REAL,
            lambda view: None if view.viewport is None else view.viewport.width,
            "initial width of the layout viewport",
            "px",
        ),
        _OfView(
            "viewport_height",
            ColumnType.REAL,
            lambda view: None if view.viewport is None else view.viewport.height,
            "initial height of the layout viewport",
            "px",
        ),
        _OfView(
            "scroll_depth",
            ColumnType.REAL,
            attrgetter("scroll_depth"),
            "lowest edge of the page that was in the viewport",
            "px",
        ),
        _OfView(
            "document_height",
            ColumnType.REAL,
            attrgetter("document_height"),
            "height of the document; rarely recorded",
            "px",
        ),
    ),
)

SESSIONS = Table[SessionSummary](
    "sessions",
    (
        _OfSession("session_id", ColumnType.TEXT, attrgetter("session_id"), "id of the session"),
        _OfSession(
            "views",
            ColumnType.INTEGER,
            lambda session: len(session.views),
            "number of views, of those exported together",
        ),
        *_shared(SessionSummary),
    ),
)
