"""Which sessions matter most. Pure: makes no requests."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import frozen
from rum_replay import WatchedSession, Watcher


@frozen
class RankedSession:
    """A session with a summary of its watchers."""

    session_id: str
    watch_count: int
    watchers: tuple[str, ...]
    """Handles, most frequent watcher first."""

    last_watched_at: datetime


def most_watched(watched: Iterable[tuple[WatchedSession, Sequence[Watcher]]], *, top: int) -> tuple[RankedSession, ...]:
    """The `top` sessions by number of watches; among equals, the one watched last is first."""
    ranked = [_ranked(session, watchers) for session, watchers in watched]
    ranked.sort(key=lambda session: (session.watch_count, session.last_watched_at), reverse=True)
    return tuple(ranked[:top])


def report(ranked: Sequence[RankedSession]) -> str:
    """One line for each session."""
    if not ranked:
        return "nothing was watched"
    return "\n".join(
        f"{place}. {session.session_id}: {session.watch_count} watches by {', '.join(session.watchers) or 'nobody'}"
        for place, session in enumerate(ranked, 1)
    )


def _ranked(session: WatchedSession, watchers: Sequence[Watcher]) -> RankedSession:
    by_count = sorted(watchers, key=lambda watcher: (-watcher.watch_count, watcher.handle))
    return RankedSession(
        session_id=session.id,
        watch_count=sum(watcher.watch_count for watcher in watchers),
        watchers=tuple(watcher.handle for watcher in by_count),
        last_watched_at=max([session.last_watched_at, *(watcher.last_watched_at for watcher in watchers)]),
    )
