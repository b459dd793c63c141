"""Archives: one function for both clients, and what an archive holds."""

from __future__ import annotations

import os
from collections.abc import Coroutine, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, overload

from ._archive.report import status_of
from ._archive.status import ArchiveProgressHook, ArchiveStatus
from ._arguments import check_path
from ._async import archiving as asynchronous
from ._async.client import AsyncReplayClient
from ._async.client import transport_of as async_transport_of
from ._errors import InvalidRequestError
from ._sync import archiving as synchronous
from ._sync.client import ReplayClient, transport_of

__all__ = ["archive", "archive_status"]


@overload
def archive(
    client: ReplayClient,
    query_or_session_ids: str | Iterable[str],
    directory: str | os.PathLike[str],
    *,
    start: datetime | int | timedelta | None = None,
    end: datetime | int | None = None,
    concurrency: int = 8,
    keep_in: int | str | None = None,
    retry_failed: bool = False,
    progress: ArchiveProgressHook | None = None,
) -> ArchiveStatus: ...


@overload
def archive(
    client: AsyncReplayClient,
    query_or_session_ids: str | Iterable[str],
    directory: str | os.PathLike[str],
    *,
    start: datetime | int | timedelta | None = None,
    end: datetime | int | None = None,
    concurrency: int = 8,
    keep_in: int | str | None = None,
    retry_failed: bool = False,
    progress: ArchiveProgressHook | None = None,
) -> Coroutine[Any, Any, ArchiveStatus]: ...


def archive(
    client: ReplayClient | AsyncReplayClient,
    query_or_session_ids: str | Iterable[str],
    directory: str | os.PathLike[str],
    *,
    start: datetime | int | timedelta | None = None,
    end: datetime | int | None = None,
    concurrency: int = 8,
    keep_in: int | str | None = None,
    retry_failed: bool = False,
    progress: ArchiveProgressHook | None = None,
) -> ArchiveStatus | Coroutine[Any, Any, ArchiveStatus]:
    """Download all segments of all views of the sessions that a query finds, and their events; a second run goes on.

    `query_or_session_ids` is a query for `sessions.search`, such as `@view.error.count:>0`, or ids of sessions, which
    may be any number of them. `start` and `end` are those of `events.search`; by default the last 30 days, as long as
    events are kept. With an `AsyncReplayClient`, the outcome is awaited.

    `directory` gets a folder `application_id=…/day=…/SESSION/VIEW` for each view, with `view-event.json`, and its pages
    as `sessions.download_segments` writes them; beside the views is `session-event.json`. The day is the UTC day on
    which the session began. Everything that reads segments takes the directory. `archive.sqlite` is the journal: what
    was found, what is done, what failed and why. Nothing that grows with the number of sessions is held in memory.

    A run that was stopped, even by a kill, is gone on with by the next one in the same directory, whatever its query.
    What is whole is not requested again, except for views that may have gone on: those that were found while their
    session had not ended, and those whose event has changed since; of these, the last page is requested once more.
    Sessions that had not ended are looked up again in each run, until they have. A session has ended when its event
    says so, or when it began 5 hours before the latest event that was found. What failed, such as a view for which the
    server answers 500 again and again, is kept in the journal and left alone, unless `retry_failed`.

    `concurrency` is how many views are fetched at a time. All requests share the rate limits of the client, and wait
    for them. A run ends with an error when the credentials are refused, the disk is full, or 20 views in a row fail:
    what is left is up to the next run.

    `keep_in`, the id of a playlist, adds each session to it, once it has ended. Replays are kept for 30 days. If the
    caller has the permission `rum_extend_retention`, which by default only the Admin role has, adding also keeps the
    replay, but not its events, for up to 15 months from that day (billed by Datadog's terms); no answer shows whether
    it is on. A session may be added twice when a run is killed in between, which changes nothing.

    `progress` is called with an ArchiveProgress, never by two threads at a time.

    Raises a ReplayError if the sessions cannot be searched for, or if nothing more can be fetched; InvalidRequestError
    if another run is going on in the directory, or it is the archive of another API (a site, or a base URL); FileError
    if the directory or its journal cannot be read or written, is damaged or of a newer version. Failures of single
    views and sessions are in the result. If the server says that it did not find everything, `partial` in the result
    says why, and a PartialResultWarning is issued.
    """
    options: dict[str, Any] = {
        "start": start,
        "end": end,
        "concurrency": concurrency,
        "keep_in": keep_in,
        "retry_failed": retry_failed,
        "progress": progress,
    }
    if isinstance(client, ReplayClient):
        return synchronous.archive(transport_of(client), query_or_session_ids, directory, **options)
    if isinstance(client, AsyncReplayClient):  # pyright: ignore[reportUnnecessaryIsInstance]
        return asynchronous.archive(async_transport_of(client), query_or_session_ids, directory, **options)
    raise InvalidRequestError(f"client must be a ReplayClient or AsyncReplayClient, not {type(client).__name__}")


def archive_status(directory: str | os.PathLike[str]) -> ArchiveStatus:
    """What an archive holds and what is left to do, by its journal; makes no request, also while a run is going on.

    Raises FileError if there is no journal, or if it cannot be read, is damaged or of a newer version.
    """
    return status_of(Path(check_path("directory", directory)))
