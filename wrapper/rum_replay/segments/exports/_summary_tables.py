"""The tables `views` and `sessions`: a row for each, with what happened in it."""

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
        meaning = f"{type.replace('_', ' ')}s that the SDK itself noticed; up to 6.31"
        return Column[Summarized](name, ColumnType.INTEGER, lambda of: of.frustrations.get(type, 0), meaning)

    return (
        column("source", ColumnType.TEXT, "`browser`, `android`, `ios` …"),
        Column[Summarized]("started_at", ColumnType.MOMENT, attrgetter("start"), "when it began"),
        Column[Summarized]("ended_at", ColumnType.MOMENT, attrgetter("end"), "when it ended"),
        column("duration", ColumnType.REAL, "how long it lasted, without what is between the views of a session", "ms"),
        column("heuristic_active_time", ColumnType.REAL, ACTIVITY_RULE, "ms"),
        column("segments", ColumnType.INTEGER, "how many there are"),
        column("records", ColumnType.INTEGER, "how many there are"),
        column("size", ColumnType.INTEGER, "of the segments as JSON", "bytes"),
        column("compressed_size", ColumnType.INTEGER, "of the segments as uploaded, where they all state it", "bytes"),
        column("pages", ColumnType.TEXTS, "the different URLs in order"),
        column("resizes", ColumnType.INTEGER, "how often the viewport got another size"),
        column("clicks", ColumnType.INTEGER, "clicks, and taps on mobile"),
        column("key_inputs", ColumnType.INTEGER, KEY_INPUT_RULE),
        column("selections", ColumnType.INTEGER, SELECTION_RULE),
        column("scrolls", ColumnType.INTEGER, "records of another scroll position of the document"),
        frustrations("rage_click"),
        frustrations("dead_click"),
        frustrations("error_click"),
        column("heuristic_rage_clicks", ColumnType.INTEGER, RAGE_CLICK_RULE),
        column("heuristic_dead_clicks", ColumnType.INTEGER, DEAD_CLICK_RULE),
        column("problems", ColumnType.TEXTS, "what is known to be missing or wrong"),
    )


_OfView = Column[ViewSummary]
_OfSession = Column[SessionSummary]

VIEWS = Table[ViewSummary](
    "views",
    (
        _OfView("session_id", ColumnType.TEXT, attrgetter("session_id"), "the session"),
        _OfView("view_id", ColumnType.TEXT, attrgetter("view_id"), "the view"),
        *_shared(ViewSummary),
        _OfView(
            "viewport_width",
            ColumnType.REAL,
            lambda view: None if view.viewport is None else view.viewport.width,
            "of the layout viewport at first",
            "px",
        ),
        _OfView(
            "viewport_height",
            ColumnType.REAL,
            lambda view: None if view.viewport is None else view.viewport.height,
            "of the layout viewport at first",
            "px",
        ),
        _OfView("scroll_depth", ColumnType.REAL, attrgetter("scroll_depth"), "lowest edge of the page seen", "px"),
        _OfView(
            "document_height",
            ColumnType.REAL,
            attrgetter("document_height"),
            "where it is recorded, which is rare",
            "px",
        ),
    ),
)

SESSIONS = Table[SessionSummary](
    "sessions",
    (
        _OfSession("session_id", ColumnType.TEXT, attrgetter("session_id"), "the session"),
        _OfSession("views", ColumnType.INTEGER, lambda session: len(session.views), "how many were exported together"),
        *_shared(SessionSummary),
    ),
)
