# Derived from rum_replay/_async by scripts/unasync. Do not edit.
"""An archive is filled: sessions are searched for, then all their views are fetched, several at a time."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Lock as ThreadLock
from typing import Literal, TypeVar

import attrs

from .._archive.folder import ArchiveFolder
from .._archive.journal import Wanted
from .._archive.report import status_of
from .._archive.status import ArchiveProgress, ArchiveProgressHook, ArchiveStatus
from .._arguments import (
    check_count,
    check_each_id,
    check_flag,
    check_hook,
    check_path,
    check_playlist_id,
    to_milliseconds,
)
from .._calls import events as event_calls
from .._calls import playlists as playlist_calls
from .._calls import sessions as session_calls
from .._downloads import DownloadFolder, DownloadProgress
from .._errors import (
    AuthenticationError,
    ConfigurationError,
    FileError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ReplayError,
)
from .._events import MissingEvents, RumEvent, SearchWalk
from .._found_sessions import FoundSession, SessionBatch, around, found_sessions, query_for_batch, query_for_sessions
from .._manifest import FILE_NAME
from .._runtime import Consumer, Work, run_blocking, together
from .._segment_pages import find_paging_token
from .events import EventPages
from .found_sessions import SessionSearch
from .sessions import RETENTION, downloaded
from .transport import Transport

__all__ = ["archive"]

T = TypeVar("T")

_MOST_PAGE_SIZE = 4 << 30
_IDS_IN_QUERY = 20
_FAILURES_IN_A_ROW = 20
"""After so many, with nothing that succeeded between them, a run ends: the rest would fail as well."""

_LONGEST_WAIT = 3_600.0
"""Seconds to wait for a rate limit before the next attempt, whatever the server says."""

_OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


class _StoppedError(Exception):
    """The run ends, because something else failed."""


def _is_for_all(error: ReplayError) -> bool:
    """Whether what failed for one view would fail for all."""
    if isinstance(error, FileError):
        return error.errno in _OF_THE_DISK
    return isinstance(error, AuthenticationError | ConfigurationError)


def _next_of(items: Iterator[T]) -> T | None:
    try:
        return items.__next__()
    except StopIteration:
        return None


def archive(
    transport: Transport,
    query_or_session_ids: str | Iterable[str],
    directory: str | os.PathLike[str],
    *,
    start: datetime | int | timedelta | None,
    end: datetime | int | None,
    concurrency: int,
    keep_in: int | str | None,
    retry_failed: bool,
    progress: ArchiveProgressHook | None,
) -> ArchiveStatus:
    """What `rum_replay.archive` does: see there."""
    query: str | None = None
    ids: Iterator[str] = iter(())
    if isinstance(query_or_session_ids, str):
        query = query_for_sessions(query_or_session_ids, True)
    else:
        ids = check_each_id("query_or_session_ids", query_or_session_ids)
    run = Archiving(
        transport=transport,
        query=query,
        session_ids=ids,
        period=event_calls.search_period(RETENTION if start is None else start, end, now=transport.now()),
        directory=Path(check_path("directory", directory)),
        concurrency=check_count("concurrency", concurrency, least=1),
        playlist=None if keep_in is None else check_playlist_id(keep_in),
        retry_failed=check_flag("retry_failed", retry_failed),
        progress=check_hook("progress", progress),
    )
    return run.run()


@attrs.define(kw_only=True)
class Archiving:
    """One run."""

    transport: Transport
    query: str | None
    """For events that lead to sessions; None for given ids."""

    session_ids: Iterator[str]
    period: event_calls.Period
    directory: Path
    concurrency: int
    playlist: int | None
    retry_failed: bool
    progress: ArchiveProgressHook | None

    _archive: ArchiveFolder = attrs.field(init=False)
    _reasons: dict[str, None] = attrs.field(factory=dict[str, None], init=False)
    """Why something may be missing, as far as that is noted."""

    _doing: Literal["searching", "adding", "downloading"] = attrs.field(default="searching", init=False)
    _completed: int = attrs.field(default=0, init=False)
    _total: int | None = attrs.field(default=None, init=False)
    _failed: int = attrs.field(default=0, init=False)
    _size: int = attrs.field(default=0, init=False)
    _last_taken: int = attrs.field(default=-1, init=False)
    _failures_in_a_row: int = attrs.field(default=0, init=False)
    _trouble: Exception | None = attrs.field(default=None, init=False)
    """Why the run ends before all is done."""

    _lock: ThreadLock = attrs.field(factory=ThreadLock, init=False)
    _report_lock: ThreadLock = attrs.field(factory=ThreadLock, init=False)
    """Threads report one at a time."""

    def run(self) -> ArchiveStatus:
        """Do everything that is to be done, as far as possible."""
        with run_blocking(partial(ArchiveFolder, self.directory, self.transport.base_url)) as archive:
            self._archive = archive
            if self.playlist is not None:
                self.transport.send(playlist_calls.get(self.playlist))  # fails at once if there is none
            self._search()
            if self.playlist is not None:
                count = run_blocking(partial(archive.journal.count_to_add, self.playlist))
                self._work("adding", count)
            self._work("downloading", run_blocking(archive.journal.count_views))
            run_blocking(archive.journal.end)
        return run_blocking(partial(status_of, self.directory))

    # ---- Searching ----

    def _search(self) -> None:
        journal = self._archive.journal
        what = "ids" if self.query is None else f"query {self.query}"
        begin = partial(
            journal.begin,
            what,
            self.period,
            self.transport.now(),
            playlist=self.playlist,
            retry_failed=self.retry_failed,
        )
        since = run_blocking(begin)
        self._report()
        if self.query is not None:
            self._search_for(self.query, (since, self.period[1]))
        while batch := self._unsettled(self.session_ids):
            self._look_up(batch, self.period, were_asked_for=True)
        while running := run_blocking(partial(journal.next_running, _IDS_IN_QUERY)):
            starts = [start for _, start in running if start is not None]
            period = around(min(starts), max(starts)) if len(starts) == len(running) else self.period
            self._look_up([session_id for session_id, _ in running], period, were_asked_for=False)
        run_blocking(partial(journal.searched, self.transport.now()))

    def _search_for(self, query: str, period: event_calls.Period) -> None:
        search = SessionSearch(self.transport, query, period, completed=None, limit=None)
        found = search.__iter__()
        searched_to: int | None = None
        while sessions := self._some_of(found):
            self._note_reasons(search.partial)
            note = partial(self._archive.found, sessions, playlist=self.playlist, searched_to=searched_to)
            run_blocking(partial(note, is_certain=not search.partial))
            if not search.partial:
                starts = [one.started_at for one in sessions if one.started_at is not None]
                times = [to_milliseconds("started_at", start) for start in starts]
                searched_to = max((time for time in (*times, searched_to) if time is not None), default=None)
            self._advance(len(sessions))
        self._note_reasons(search.partial)

    def _some_of(self, found: Iterator[FoundSession]) -> list[FoundSession]:
        """As many as one search completes: each time that they are noted waits for the disk."""
        some: list[FoundSession] = []
        while len(some) < _IDS_IN_QUERY and (one := self._patiently(partial(_next_of, found))) is not None:
            some.append(one)
        return some

    def _unsettled(self, ids: Iterator[str]) -> list[str]:
        """Some of the given sessions, without those of which all is known."""
        batch: dict[str, None] = {}
        while len(batch) < _IDS_IN_QUERY and (some := list(islice(ids, _IDS_IN_QUERY - len(batch)))):
            for session_id in some:
                settled = partial(self._archive.journal.is_settled, session_id, self.playlist)
                if not run_blocking(settled):
                    batch[session_id] = None
        return list(batch)

    def _look_up(self, ids: list[str], period: event_calls.Period, *, were_asked_for: bool) -> None:
        batch, reasons = SessionBatch(tuple(ids), ()), dict[str, None]()
        call = event_calls.search_events(query_for_batch(batch), period=period)
        pages = EventPages(self.transport, call, SearchWalk(None, None), MissingEvents(reasons))
        events: list[RumEvent] = []
        while (page := self._patiently(partial(_next_of, pages))) is not None:
            events.extend(page)
        self._note_reasons(tuple(reasons))
        sessions = found_sessions(batch, events)
        found = [one for one in sessions if one.views or one.event is not None]
        is_certain = not reasons
        note = partial(self._archive.found, found, playlist=self.playlist, is_certain=is_certain)
        run_blocking(note)
        missing = [one.id for one in sessions if one not in found]
        note_missing = partial(self._archive.journal.missing, missing, was_asked_for=were_asked_for)
        run_blocking(partial(note_missing, is_certain=is_certain))
        self._advance(len(sessions))

    def _note_reasons(self, reasons: tuple[str, ...]) -> None:
        if new := tuple(reason for reason in reasons if reason not in self._reasons):
            self._reasons.update(dict.fromkeys(new))
            run_blocking(partial(self._archive.journal.note_partial, new))

    def _patiently(self, do: Work[T]) -> T:
        """The outcome of something that is tried again after each window of a rate limit that refused it."""
        while True:
            try:
                return do()
            except RateLimitError as error:
                self._count_failure(error)
                waiting = min(error.retry_after or error.reset or 1.0, _LONGEST_WAIT)
            while waiting > 0:
                self._check_going_on()
                self.transport.clock.sleep(min(waiting, 1.0))
                waiting -= 1.0

    # ---- Adding and fetching ----

    def _work(self, doing: Literal["adding", "downloading"], total: int) -> None:
        self._doing, self._completed, self._total, self._last_taken = doing, 0, total, -1
        self._failures_in_a_row = 0
        self._report()
        do = self._add if doing == "adding" else self._fetch
        together(partial(self._one_after_another, do), min(self.concurrency, max(total, 1)), self._stop)
        if self._trouble is not None:
            raise self._trouble

    def _one_after_another(self, do: Consumer[Wanted, None]) -> None:
        try:
            while (wanted := run_blocking(self._next)) is not None:
                self._try(do, wanted)
        except _StoppedError:
            pass
        except Exception as error:  # noqa: BLE001 - raised once the others have ended
            self._trouble = self._trouble or error

    def _stop(self) -> None:
        self._trouble = self._trouble or _StoppedError()

    def _check_going_on(self, _: DownloadProgress | None = None) -> None:
        if self._trouble is not None:
            raise _StoppedError

    def _next(self) -> Wanted | None:
        with self._lock:
            self._check_going_on()
            journal = self._archive.journal
            if self._doing == "downloading":
                wanted = journal.next_view(self._last_taken)
            else:
                assert self.playlist is not None
                wanted = journal.next_to_add(self.playlist, self._last_taken)
            self._last_taken = self._last_taken if wanted is None else wanted.number
            return wanted

    def _try(self, do: Consumer[Wanted, None], wanted: Wanted) -> None:
        try:
            self._patiently(partial(do, wanted))
        except RateLimitError:
            raise
        except ReplayError as error:
            if _is_for_all(error) or (self._doing == "adding" and isinstance(error, PermissionDeniedError)):
                raise
            run_blocking(partial(self._archive.journal.failed, wanted, error))
            with self._lock:
                self._failed += 1
            self._count_failure(error)
        else:
            self._failures_in_a_row = 0
        self._advance()

    def _count_failure(self, error: ReplayError) -> None:
        with self._lock:
            self._failures_in_a_row += 1
            if self._failures_in_a_row >= _FAILURES_IN_A_ROW:
                raise error

    def _fetch(self, view: Wanted) -> None:
        folder = self._archive.of(view)
        call = partial(
            session_calls.get_segments,
            view.session_id,
            view.view_id,
            source=None,
            ts=None,
            max_list_size=None,
            max_page_size=_MOST_PAGE_SIZE,
        )
        first = call(paging=None)
        make_folder = partial(
            DownloadFolder,
            str(folder),
            self.transport.base_url + first.request["url"],
            first.request["params"],
            look_again=view.is_open,
        )
        size: int | None = None
        try:
            saved = downloaded(self.transport, call, make_folder, find_paging_token, self._check_going_on)
            size = saved.size
        except NotFoundError:
            if run_blocking((folder / FILE_NAME).exists):
                raise  # there were some, and not all have arrived
        run_blocking(partial(self._archive.journal.fetched, view, size))
        with self._lock:
            self._size += size or 0

    def _add(self, session: Wanted) -> None:
        assert self.playlist is not None
        call = playlist_calls.add_session(self.playlist, session.session_id, self.transport.now(), None)
        self.transport.send(call)
        # A run that is killed here adds it again, which changes nothing: a session that is in a playlist stays.
        run_blocking(partial(self._archive.journal.added, session))

    # ---- Progress ----

    def _advance(self, count: int = 1) -> None:
        with self._lock:
            self._completed += count
        self._report()

    def _report(self) -> None:
        if self.progress is None:
            return
        with self._report_lock:
            self.progress(
                ArchiveProgress(
                    doing=self._doing,
                    completed=self._completed,
                    total=self._total,
                    failed=self._failed,
                    size=self._size,
                )
            )
