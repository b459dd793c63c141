"""The steps of `rum-replay demo`. Each compares the answers of the API with what they must be."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from .. import query
from .commands import CommandError
from .output import cell, counted

if TYPE_CHECKING:
    from rum_replay_emulator.sample import SampleSession, SampleView

    from .. import ReplayClient

__all__ = ["DemoSteps", "Rows"]

Rows = list[dict[str, Any]]
"""What a step prints: JSON objects, each with its `type`; in tables, the other keys are the headings."""

_PLAYLISTS = {
    "Checkout bugs": "rage clicks on the pay button",
    "Slow pages": "views that took more than 3 s",
    "For support": "what customers reported",
}
_OTHER_SESSIONS = ("1f0d7a52-0000-4000-8000-000000000001", "1f0d7a52-0000-4000-8000-000000000002")
_VIEW_NAME = "/checkout"

_QUESTION = query.url_path("/second")
_SINCE = timedelta(days=1)
_MOMENTS = 10
_WIDTH = 66
"""Characters of a sentence that fit beside its time."""


def _check(passed: bool, failure: str) -> None:
    if not passed:
        raise CommandError(f"the demo failed: {failure}")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


@attrs.frozen
class DemoSteps:
    """The steps, with one client and one recorded session. A step raises CommandError if a check fails."""

    replay: ReplayClient
    sample: SampleSession
    directory: Path

    def all(self) -> Iterator[tuple[str, Callable[[], Rows]]]:
        """The title of each step, and the step."""
        yield 'Ask which sessions of the last day saw "/second", and for their views', self.search
        yield "Archive them: all segments of all views, and their events", self.archive
        yield "Summarize what is in the archive", self.summarize
        yield "List the ten most important moments, in order", self.timeline
        yield "Write a page that plays it", self.play
        yield "Create three playlists, list them two at a time, change one", self.create_playlists
        yield 'Add the recorded session and two others to "Checkout bugs"', self.fill_playlist
        yield "Remove the two others again", self.remove_sessions
        yield "Record two watches of the session; list who watched it", self.watch
        yield "Create a heatmap snapshot, move it to another moment, delete it", self.snapshot
        for view in self.sample.views:
            yield f"Download view {view.view_id}, one segment per page", partial(self.download, view)
            yield f"Compare view {view.view_id} as a whole", partial(self.compare, view)
        yield "Delete everything again", self.clean_up

    def search(self) -> Rows:
        """Find the recorded session, with both views, by the path of its second page."""
        found = list(self.replay.sessions.search(_QUESTION, start=_SINCE, end=None))
        _check([session.id for session in found] == [self.sample.session_id], "the search found other sessions")
        views = found[0].views
        _check(
            [view.id for view in views] == [view.view_id for view in self.sample.views],
            "the search found other views than were recorded",
        )
        return [{"type": "found", "view": view.id, "page": view.url, "segments": view.segments} for view in views]

    def archive(self) -> Rows:
        """Fetch everything that was recorded of the sessions that the question finds."""
        from .. import archive

        status = archive(self.replay, _QUESTION, self._archive, start=_SINCE)
        views = self.sample.views
        _check(
            (status.saved, status.failed, status.waiting) == (len(views), 0, 0),
            f"the archive has {status.saved} of {counted(len(views), 'view')}",
        )
        for view in views:
            pages = sorted(self._archive.glob(f"*/*/*/{view.view_id}/page-*.bin"))
            archived = _sha256(b"".join(page.read_bytes() for page in pages))
            recorded = _sha256(b"".join(view.segments))
            _check(
                archived == recorded,
                f"view {view.view_id} has SHA-256 {archived} in the archive, the recorded one {recorded}",
            )
        return [
            {"type": "archived", "sessions": status.sessions, "views": status.saved, "bytes_of_segments": status.size}
        ]

    def summarize(self) -> Rows:
        """Summarize each view."""
        from .. import segments

        views = segments.summarize(self._archive).views
        _check(
            [view.view_id for view in views] == [view.view_id for view in self.sample.views],
            "the summary has other views than were recorded",
        )
        return [
            {
                "type": "summary",
                "page": view.pages[0] if view.pages else None,
                "seconds": round((view.end - view.start) / 1000, 1) if view.start and view.end else None,
                "clicks": view.clicks,
                "rage_clicks": view.rage_clicks,
                "dead_clicks": view.dead_clicks,
            }
            for view in views
        ]

    def timeline(self) -> Rows:
        """The most important moments."""
        from .. import segments

        moments = segments.timeline(segments.open(self._archive)).excerpt(_MOMENTS).entries
        _check(moments[0].kind == "page", "the session does not begin with a page")
        return [
            {"type": "moment", "at": f"{moment.time / 1000:.1f} s", "what_happened": _cut(moment.text)}
            for moment in moments
        ]

    def play(self) -> Rows:
        """Write the player."""
        from .. import segments
        from ..segments.player import write_player

        page = write_player(segments.open(self._archive), self.directory / "replay.html")
        return [{"type": "player", "file": page.name, "bytes": page.stat().st_size}]

    @property
    def _archive(self) -> Path:
        return self.directory / "archive"

    def create_playlists(self) -> Rows:
        """Create three playlists and list them in two pages."""
        made = [self.replay.playlists.create(name, description=text) for name, text in _PLAYLISTS.items()]
        pages = list(self.replay.playlists.list(page_size=2).pages())
        _check(
            [len(page) for page in pages] == [2, 1], "three playlists did not arrive as a page of two and a page of one"
        )
        _check(
            [item.id for page in pages for item in page] == [playlist.id for playlist in made],
            "other playlists were listed than were created",
        )
        slow = self.replay.playlists.update(made[1].id, name=made[1].name, description="more than 5 s")
        _check(self.replay.playlists.get(slow.id).description == "more than 5 s", "the update of a playlist was lost")
        return [
            {
                "type": "playlist",
                "page": page.number,
                "id": playlist.id,
                "name": playlist.name,
                "description": playlist.description,
            }
            for page in pages
            for playlist in page
        ]

    def fill_playlist(self) -> Rows:
        """Add the recorded session and two made-up ones, and list them in two pages."""
        playlist_id = self._playlist_id()
        sessions = [self.sample.session_id, *_OTHER_SESSIONS]
        for session_id in sessions:
            self.replay.playlists.add_session(playlist_id, session_id)
        pages = list(self.replay.playlists.list_sessions(playlist_id, page_size=2).pages())
        _check(
            [len(page) for page in pages] == [2, 1], "three sessions did not arrive as a page of two and a page of one"
        )
        _check(
            sorted(session.id for page in pages for session in page) == sorted(sessions),
            "the playlist contains other sessions than were added",
        )
        return [
            {"type": "session", "page": page.number, "session": session.id, "track": session.track}
            for page in pages
            for session in page
        ]

    def remove_sessions(self) -> Rows:
        """Remove the made-up sessions; the recorded one stays."""
        playlist_id = self._playlist_id()
        self.replay.playlists.remove_sessions(playlist_id, _OTHER_SESSIONS)
        left = list(self.replay.playlists.list_sessions(playlist_id))
        _check([session.id for session in left] == [self.sample.session_id], "the wrong sessions were removed")
        playlist = self.replay.playlists.get(playlist_id)
        _check(playlist.session_count == 1, f"the playlist counts {playlist.session_count} sessions, not 1")
        return [{"type": "session", "session": session.id, "track": session.track} for session in left]

    def watch(self) -> Rows:
        """Record a watch for each view of the recorded session."""
        session_id, views = self.sample.session_id, self.sample.views
        for view in views:
            self.replay.viewership.record_watch(
                session_id, application_id=self.sample.application_id, event_id=view.view_id, timestamp=view.end
            )
        watchers = list(self.replay.viewership.list_watchers(session_id, page_size=1))
        _check([watcher.watch_count for watcher in watchers] == [len(views)], "the watches were not counted")
        history = list(self.replay.viewership.list_history(watched_after=views[0].start, page_size=1))
        _check([session.id for session in history] == [session_id], "the history lacks the session")
        _check(
            history[0].last_watched_at == watchers[0].last_watched_at, "history and watchers disagree about the time"
        )
        return [
            {
                "type": "watcher",
                "user": watcher.handle,
                "watches": watcher.watch_count,
                "last_watched_at": cell(watcher.last_watched_at),
            }
            for watcher in watchers
        ]

    def snapshot(self) -> Rows:
        """Create a heatmap snapshot, move it and delete it."""
        first, last = self.sample.views[0], self.sample.views[-1]
        made = self.replay.heatmaps.create(
            application_id=self.sample.application_id,
            device_type="desktop",
            event_id=first.view_id,
            is_device_type_selected_by_user=True,
            snapshot_name="Before the redesign",
            start=0,
            view_name=_VIEW_NAME,
            session_id=self.sample.session_id,
            view_id=first.view_id,
        )
        start = last.start - first.start
        self.replay.heatmaps.update(
            made.id, event_id=last.view_id, is_device_type_selected_by_user=True, start=start, view_id=last.view_id
        )
        listed = list(self.replay.heatmaps.list(_VIEW_NAME, device_type="desktop"))
        _check([snapshot.id for snapshot in listed] == [made.id], "the snapshot is not listed")
        _check(listed[0].start == start and listed[0].view_id == last.view_id, "the snapshot was not moved")
        self.replay.heatmaps.delete(made.id)
        _check(not list(self.replay.heatmaps.list(_VIEW_NAME)), "the snapshot is still listed after its deletion")
        return [
            {
                "type": "snapshot",
                "name": snapshot.snapshot_name,
                "view": snapshot.view_name,
                "device": snapshot.device_type,
                "start_ms": snapshot.start,
            }
            for snapshot in listed
        ]

    def download(self, view: SampleView) -> Rows:
        """Download the segments of a view, one per page, and compare each with the recorded one."""
        saved = self.replay.sessions.download_segments(
            self.sample.session_id, view.view_id, self.directory / view.view_id, max_list_size=1
        )
        _check(
            len(saved.pages) == len(view.segments),
            f"view {view.view_id} has {counted(len(view.segments), 'segment')}, the download has "
            f"{counted(len(saved.pages), 'page')}",
        )
        rows: Rows = []
        for page, file, segment in zip(saved.pages, saved.files, view.segments, strict=True):
            content = file.read_bytes()
            downloaded, recorded = _sha256(content), _sha256(segment)
            _check(
                downloaded == recorded == page.sha256,
                f"{page.file} of view {view.view_id} has SHA-256 {downloaded}, the recorded segment {recorded}",
            )
            rows.append(
                {
                    "type": "segment",
                    "file": page.file,
                    "bytes": len(content),
                    "sha256": f"{downloaded[:16]}…",
                    "as_recorded": True,
                }
            )
        return rows

    def compare(self, view: SampleView) -> Rows:
        """Compare all downloaded bytes of a view with all its recorded ones."""
        files = sorted((self.directory / view.view_id).glob("page-*.bin"))
        downloaded = _sha256(b"".join(file.read_bytes() for file in files))
        recorded = _sha256(b"".join(view.segments))
        _check(
            downloaded == recorded,
            f"view {view.view_id} has SHA-256 {downloaded} as a whole, the recorded one {recorded}",
        )
        return [
            {"type": "view", "origin": "recorded", "sha256": recorded},
            {"type": "view", "origin": "downloaded", "sha256": downloaded},
        ]

    def clean_up(self) -> Rows:
        """Delete the watches, remove the session from its playlist, and delete the playlists."""
        session_id = self.sample.session_id
        self.replay.viewership.delete_watches(session_id)
        _check(
            not list(self.replay.viewership.list_watchers(session_id)), "watches are still listed after their deletion"
        )
        self.replay.playlists.remove_session(self._playlist_id(), session_id)
        for playlist in list(self.replay.playlists.list()):
            _check(
                playlist.session_count == 0, f"playlist {playlist.id} counts {playlist.session_count} sessions, not 0"
            )
            self.replay.playlists.delete(playlist.id)
        _check(not list(self.replay.playlists.list()), "playlists are still listed after their deletion")
        return []

    def _playlist_id(self) -> str:
        found = [playlist.id for playlist in self.replay.playlists.list(query="checkout", limit=1)]
        _check(len(found) == 1, "the search for a playlist found none")
        return found[0]
