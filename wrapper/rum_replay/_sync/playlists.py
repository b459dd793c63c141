# Derived from rum_replay/_async by scripts/unasync. Do not edit.
"""Playlists: named sets of replays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from .._calls import playlists as calls
from .._models import Playlist, PlaylistSession
from .listing import Listing
from .transport import Transport

__all__ = ["Playlists"]


class Playlists:
    """The operations on playlists. A playlist's id may be the integer or the string that a playlist holds.

    Changing playlists requires the permission `rum_playlist_write`.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        query: str | None = None,
        created_by: str | None = None,
        page_size: int | None = None,
        start_page: int = 0,
        limit: int | None = None,
    ) -> Listing[Playlist]:
        """All playlists, fetched as they are iterated.

        `query` is text to find in them, `created_by` a user's UUID, `page_size` how many to fetch at once (default and
        maximum are the server's), `start_page` the first page, counted from 0, and `limit` how many items to return at
        most.

        Raises InvalidRequestError if `created_by` is not a UUID: for a handle, the API would find nothing.
        """
        pages = calls.list_pages(page_size=page_size, query=query, created_by=created_by)
        return Listing(self._transport, pages, start_page=start_page, limit=limit)

    def create(self, name: str, *, description: str | None = None) -> Playlist:
        """Create an empty playlist. The request is not repeated if it may have arrived: see RetryPolicy."""
        return self._transport.send(calls.create(name, description))

    def get(self, id: int | str) -> Playlist:
        """One playlist; raises NotFoundError if it does not exist."""
        return self._transport.send(calls.get(id))

    def update(self, id: int | str | Playlist, *, name: str, description: str | None = None) -> Playlist:
        """Replace a playlist's own fields. The API replaces all of them together.

        By id, only what is given is sent: a description left out may be lost, as may fields that a newer API has. To
        keep them, give the `Playlist` itself: what is left out, and the attributes that this release does not know (in
        `extra`), are sent as well, but not `created_at`, `created_by`, `updated_at` and `session_count`, which the
        server presumably sets. Changes that others made after it was fetched are overwritten. An empty description
        replaces the old one.
        """
        return self._transport.send(calls.update(id, name, description))

    def delete(self, id: int | str) -> None:
        """Delete a playlist. What happens to an extended retention of its replays is not documented."""
        self._transport.send(calls.delete(id))

    def list_sessions(
        self, id: int | str, *, page_size: int | None = None, start_page: int = 0, limit: int | None = None
    ) -> Listing[PlaylistSession]:
        """The sessions of a playlist, fetched as they are iterated; the paging arguments are those of `list`."""
        pages = calls.list_session_pages(id, page_size=page_size)
        return Listing(self._transport, pages, start_page=start_page, limit=limit)

    def add_session(
        self,
        id: int | str,
        session_id: str,
        *,
        ts: datetime | int | None = None,
        data_source: str | None = None,
    ) -> PlaylistSession:
        """Add a completed session to a playlist; a session that is in it already stays.

        Replays are kept for 30 days. If the caller has the permission `rum_extend_retention`, which by default only the
        Admin role has, adding also keeps the replay, but not its events, for up to 15 months from that day (billed by
        Datadog's terms); if that is switched off after day 30, the replay is deleted at once. No answer shows whether
        it is on.

        `ts` is an aware datetime or milliseconds of Unix time, by default now: Datadog documents it only as
        "server-side timestamp in milliseconds". `data_source` is `rum` (the server's default) or `product_analytics`.
        """
        moment = self._transport.now() if ts is None else ts
        return self._transport.send(calls.add_session(id, session_id, moment, data_source))

    def remove_session(self, id: int | str, session_id: str) -> None:
        """Remove a session from a playlist."""
        self._transport.send(calls.remove_session(id, session_id))

    def remove_sessions(self, id: int | str, session_ids: Iterable[str]) -> None:
        """Remove several sessions from a playlist in one request: a DELETE with a body, which some proxies drop."""
        self._transport.send(calls.remove_sessions(id, session_ids))
