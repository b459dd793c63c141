"""`rum-replay events`: the search for RUM events."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, cast

import click

from .arguments import columns_option
from .commands import Group, Settings
from .output import Columns, wire_form
from .searching import SINCE, period_options, query_argument, searched

if TYPE_CHECKING:
    from .. import RumEvent

__all__ = ["events"]


def _in_view(event: RumEvent, name: str) -> Any:
    view: object = event.attributes.get("view")
    return cast("dict[str, Any]", view).get(name) if isinstance(view, dict) else None


_COLUMNS: Columns[RumEvent] = {
    "time": lambda event: event.timestamp,
    "type": lambda event: event.type,
    "session": lambda event: event.session_id,
    "view": lambda event: event.view_id,
    "path": lambda event: _in_view(event, "url_path"),
    "view name": lambda event: _in_view(event, "name"),
    "application": lambda event: event.application_id,
    "id": lambda event: event.id,
}


@click.group(cls=Group)
def events() -> None:
    """Search RUM events, which lead to sessions and views.

    This needs the permission rum_apps_read, as the searches of `sessions` do and no other command does.
    """


@events.command("search")
@query_argument
@period_options("7 days ago")
@click.option(
    "--sort",
    type=click.Choice(["timestamp", "-timestamp"]),
    default="timestamp",
    show_default=True,
    help="Oldest or newest first.",
)
@click.option("--limit", type=int, metavar="N", help="List at most N; all by default.")
@click.option("--page-size", type=int, default=1000, show_default=True, metavar="N", help="Events per request.")
@columns_option(_COLUMNS)
@click.pass_obj
def search_events(
    settings: Settings,
    *,
    query: str,
    start: datetime | int | None,
    end: datetime | int | None,
    sort: Literal["timestamp", "-timestamp"],
    limit: int | None,
    page_size: int,
    columns: list[str] | None,
) -> None:
    """List the events that match a query.

    QUERY is in the syntax of the RUM Explorer, in quotes for the shell, such as '@type:error @view.url_path:"/pay"'; by
    default `*`, every event. Write -- before one that begins with a minus. Only events that a retention filter kept are
    found, for 30 days; resources and long tasks for 15.
    """
    with settings.client() as replay:
        found = replay.events.search(
            query, start=SINCE if start is None else start, end=end, sort=sort, page_size=page_size, limit=limit
        )
        with searched(settings, found, "events") as shown:
            settings.output.items(shown, _COLUMNS, wire_form, columns, first=("time", "type", "session"))
