"""`rum-replay audit`: who watched which sessions, as far as the API knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from .._arguments import check_user_uuid, to_datetime
from .._errors import InvalidRequestError
from .._times import EPOCH, rfc3339
from .arguments import columns_option, time_option
from .commands import Group, Settings
from .ids import from_option, session_ids
from .many import Many
from .output import Columns, counted
from .searching import searched
from .tables import paragraph

if TYPE_CHECKING:
    from .. import AsyncReplayClient, WatchedSession, Watcher

__all__ = ["audit", "find_watches"]

_EVENTS_KEPT = timedelta(days=30)
"""How long a search finds sessions."""

_IDS_IN_REQUEST = 50
"""Session ids in one request for a history, so that its URL stays below 2,000 characters."""

_LIMITS = (
    "single watches: each user has one total for a session, of all time, and the time of the last watch",
    "watches that were deleted, or that are no longer kept: how long they are kept is not documented",
    "users of whom no watch of these sessions is left: nothing leads to their history",
)
"""What the API cannot know."""


@attrs.define
class _Watches:
    """What is known of one user and one session."""

    session_id: str
    user: str | None
    """The handle."""

    name: str | None
    user_id: str | None
    watch_count: int | None = None
    """Of all time; None where only the history has this."""

    last_watched_at: datetime = EPOCH
    event_id: str | None = None
    track: str | None = None
    found_in: list[str] = attrs.field(factory=list[str])
    """`watchers` of the session, `history` of the user, or both."""


_COLUMNS: Columns[_Watches] = {
    "session": lambda found: found.session_id,
    "user": lambda found: found.user,
    "name": lambda found: found.name,
    "UUID": lambda found: found.user_id,
    "watches": lambda found: found.watch_count,
    "last watched at": lambda found: found.last_watched_at,
    "event": lambda found: found.event_id,
    "track": lambda found: found.track,
    "found in": lambda found: ", ".join(found.found_in),
}


def _as_json(found: _Watches) -> dict[str, Any]:
    return {
        "type": "watches",
        "session_id": found.session_id,
        "user": found.user,
        "name": found.name,
        "user_id": found.user_id,
        "watch_count": found.watch_count,
        "last_watched_at": rfc3339(found.last_watched_at),
        "event_id": found.event_id,
        "track": found.track,
        "found_in": found.found_in,
    }


@click.group(cls=Group)
def audit() -> None:
    """Report across sessions and users."""


def _csv(ctx: click.Context, _: click.Parameter, value: bool) -> bool:
    settings = ctx.ensure_object(Settings)
    if value and settings.format is None:
        settings.format = "csv"
    return value


@audit.command("watches")
@click.option(
    "--sessions",
    "sessions",
    metavar="IDS",
    multiple=True,
    help="Session ids, separated by commas; repeatable. `-`: from standard input, one per line.",
)
@from_option
@click.option(
    "--query",
    metavar="QUERY",
    help="Instead of ids: the sessions of the last 30 days that `sessions search` finds by it.",
)
@time_option("--since", help="Only users who watched a session at this time or later; by default all")
@click.option("--other-sessions", is_flag=True, help="Also list other sessions that the same users watched.")
@click.option("--csv", "csv", is_flag=True, callback=_csv, help="The same as `-o csv`.")
@columns_option(_COLUMNS)
@click.pass_obj
def audit_watches(
    settings: Settings,
    *,
    sessions: tuple[str, ...],
    from_files: tuple[Path, ...],
    query: str | None,
    since: datetime | int | None,
    other_sessions: bool,
    csv: bool,
    columns: list[str] | None,
) -> None:
    """List who watched which sessions.

    Asks for the watchers of each session, and then for the history of each user that was found: a few requests for each
    session and user, several at a time. What the API cannot know comes first: in a table above it, in JSON and YAML as
    the first object, with CSV on standard error. Sessions and users that fail are named, the rest is listed all the
    same, and the exit status is 1.
    """
    if csv and settings.form != "csv":
        raise click.UsageError("--csv excludes --json and other forms of --output")
    ids: list[str] = []
    if query is None:
        given = [one.strip() for words in sessions for one in words.split(",") if one.strip()]
        ids = session_ids(given, from_files, option="--sessions or --query")
    elif sessions or from_files:
        raise click.UsageError("--query excludes --sessions and --from")
    if unusable := [one for one in ids if "," in one]:
        raise InvalidRequestError(f"session id {unusable[0]!r:.80} holds a comma, which the API reads as its end")
    output = settings.output
    if output.prints_objects:
        output.result("", {"type": "limits", "unknown": list(_LIMITS)}, one_of_several=True)
    elif settings.form == "csv":
        output.note(f"what the API cannot know: {'; '.join(_LIMITS)}")
    else:
        output.say("\n".join(["What the API cannot know:", *(paragraph(f"- {limit}") for limit in _LIMITS), ""]))
    if query is not None:
        ids = _search(settings, query)
    found, parts = find_watches(settings, ids, since=since, other_sessions=other_sessions)
    output.items(found, _COLUMNS, _as_json, columns, first=("session", "user", "watches", "last watched at"))
    watched = {one.session_id for one in found}
    unwatched = sum(one not in watched for one in ids)
    period = "" if since is None else f" since {rfc3339(to_datetime('since', since), 'seconds')}"
    output.say(f"no known watch{period}: {unwatched} of {counted(len(ids), 'session')}")
    for part in parts:
        part.conclude(settings)


def _search(settings: Settings, query: str) -> list[str]:
    with settings.client() as replay:
        found = replay.sessions.search(query, start=_EVENTS_KEPT, end=None)
        with searched(settings, found, "sessions") as shown:
            return [session.id for session in shown]


def find_watches(
    settings: Settings, ids: Sequence[str], *, since: datetime | int | None = None, other_sessions: bool = False
) -> tuple[list[_Watches], Sequence[Many[Any, Any]]]:
    """Who watched these sessions, in their order, and the work that was done for it, which knows what failed.

    since: an aware datetime or milliseconds of Unix time, to leave out users whose last watch of a session was earlier.
    other_sessions: also list other sessions that the same users watched, after those that were asked for.
    """
    table: dict[tuple[str, str], _Watches] = {}

    async def watchers(replay: AsyncReplayClient, some: Sequence[str]) -> Sequence[list[Watcher]]:
        return [[watcher async for watcher in replay.viewership.list_watchers(some[0])]]

    def add_watchers(session_id: str, found: list[Watcher]) -> None:
        for watcher in found:
            row = table.setdefault(
                (session_id, watcher.id or watcher.handle),
                _Watches(session_id, watcher.handle, watcher.name, watcher.id),
            )
            row.watch_count, row.last_watched_at = watcher.watch_count, watcher.last_watched_at
            row.found_in.append("watchers")

    of_sessions = Many(items=ids, send=watchers, show=add_watchers, doing="listing watchers", unit="sessions")
    of_sessions.work(settings)
    users = {row.user_id: row for row in table.values() if _is_uuid(row.user_id)}

    async def history(replay: AsyncReplayClient, some: Sequence[_Question]) -> Sequence[list[WatchedSession]]:
        question = some[0]
        listed = replay.viewership.list_history(
            created_by=question.user_id, watched_after=since, session_ids=question.session_ids
        )
        return [[session async for session in listed]]

    def add_history(question: _Question, found: list[WatchedSession]) -> None:
        user = users[question.user_id]
        for session in found:
            row = table.setdefault(
                (session.id, question.user_id), _Watches(session.id, user.user, user.name, user.user_id)
            )
            row.last_watched_at = max(row.last_watched_at, session.last_watched_at)
            row.event_id, row.track = session.event_id, session.track
            row.found_in.append("history")

    chunks = (
        [None] if other_sessions else [ids[at : at + _IDS_IN_REQUEST] for at in range(0, len(ids), _IDS_IN_REQUEST)]
    )
    of_users = Many(
        items=[
            _Question(user_id, user.user or user_id, chunk)
            for user_id, user in users.items()
            if user_id
            for chunk in chunks
        ],
        send=history,
        show=add_history,
        doing="listing histories",
        unit="requests for the history of a user",
        name=lambda question: question.user,
    )
    if of_users.items:
        of_users.work(settings)
    earliest = EPOCH if since is None else to_datetime("since", since)
    rows = [row for row in table.values() if row.last_watched_at >= earliest]
    return _in_order(rows, ids), (of_sessions, of_users)


@attrs.frozen
class _Question:
    """A request for the history of a user."""

    user_id: str
    user: str
    session_ids: Sequence[str] | None


def _is_uuid(user_id: str | None) -> bool:
    """Whether the API takes this as a user: what a watcher's id is, is not documented."""
    try:
        check_user_uuid("id", user_id)
    except InvalidRequestError:
        return False
    return True


def _in_order(rows: Iterable[_Watches], ids: Sequence[str]) -> list[_Watches]:
    """By session, as they were given, and the last watch first."""
    places = {session_id: place for place, session_id in enumerate(ids)}
    by_time = sorted(rows, key=lambda row: row.last_watched_at, reverse=True)
    return sorted(by_time, key=lambda row: (places.get(row.session_id, len(places)), row.session_id))
