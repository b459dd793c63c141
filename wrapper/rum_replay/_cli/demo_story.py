"""What `rum-replay demo` does, step by step. Each step compares what came back with what must have."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from .. import ReplayClient
from .commands import CommandError

if TYPE_CHECKING:
    from rum_replay_emulator.sample import SampleSession, SampleView

__all__ = ["Rows", "Story"]

Rows = list[dict[str, Any]]
"""What a step shows: lines of a table, by heading."""

_PLAYLISTS = {
    "Checkout bugs": "rage clicks on the pay button",
    "Slow pages": "views that took more than 3 s",
    "For support": "what customers reported",
}
_OTHER_SESSIONS = ("1f0d7a52-0000-4000-8000-000000000001", "1f0d7a52-0000-4000-8000-000000000002")
_VIEW_NAME = "/checkout"


def _check(holds: bool, otherwise: str) -> None:
    if not holds:
        raise CommandError(f"the demo failed: {otherwise}")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@attrs.frozen
class Story:
    """The steps, over one client and one recorded session. A step raises CommandError where something does not hold."""

    replay: ReplayClient
    sample: SampleSession
    directory: Path

    def steps(self) -> Iterator[tuple[str, Callable[[], Rows]]]:
        """What each step is about, and the step."""
        yield "Create three playlists, list them two at a time, change one", self.create_playlists
        yield 'Put the recorded session and two others into "Checkout bugs"', self.fill_playlist
        yield "Take those two others out again", self.empty_playlist
        yield "Record two watches of the session; ask who watched it", self.watch
        yield "Create a heatmap snapshot, move it to another moment, delete it", self.snapshot
        for view in self.sample.views:
            yield f"Download view {view.view_id}, a segment a page", partial(self.download, view)
            yield (
                f"Compare view {view.view_id} as a whole",
                partial(self.compare, view),
            )
        yield "Delete what was made", self.tidy_up

    def create_playlists(self) -> Rows:
        """Three playlists in two pages."""
        made = [self.replay.playlists.create(name, description=text) for name, text in _PLAYLISTS.items()]
        pages = list(self.replay.playlists.list(page_size=2).pages())
        _check([len(page) for page in pages] == [2, 1], "three playlists did not come as a page of two and one of one")
        _check([item.id for page in pages for item in page] == [playlist.id for playlist in made], "playlists differ")
        slow = self.replay.playlists.update(made[1].id, name=made[1].name, description="more than 5 s")
        _check(self.replay.playlists.get(slow.id).description == "more than 5 s", "the update of a playlist was lost")
        return [
            {"page": page.number, "id": playlist.id, "name": playlist.name, "description": playlist.description}
            for page in pages
            for playlist in page
        ]

    def fill_playlist(self) -> Rows:
        """The recorded session and two invented ones, in two pages."""
        playlist_id = self._playlist_id()
        sessions = [self.sample.session_id, *_OTHER_SESSIONS]
        for session_id in sessions:
            self.replay.playlists.add_session(playlist_id, session_id, ts=self.sample.views[0].start)
        pages = list(self.replay.playlists.list_sessions(playlist_id, page_size=2).pages())
        _check([len(page) for page in pages] == [2, 1], "three sessions did not come as a page of two and one of one")
        _check(
            sorted(session.id for page in pages for session in page) == sorted(sessions),
            "the playlist holds other sessions than were put into it",
        )
        return [
            {"page": page.number, "session": session.id, "track": session.track} for page in pages for session in page
        ]

    def empty_playlist(self) -> Rows:
        """The recorded session stays."""
        playlist_id = self._playlist_id()
        self.replay.playlists.remove_sessions(playlist_id, _OTHER_SESSIONS)
        left = list(self.replay.playlists.list_sessions(playlist_id))
        _check([session.id for session in left] == [self.sample.session_id], "the wrong sessions were taken out")
        playlist = self.replay.playlists.get(playlist_id)
        _check(playlist.session_count == 1, f"the playlist counts {playlist.session_count} sessions")
        return [{"session": session.id, "track": session.track} for session in left]

    def watch(self) -> Rows:
        """One watch for each view of the recorded session."""
        session_id, views = self.sample.session_id, self.sample.views
        for view in views:
            self.replay.viewership.record_watch(
                session_id, application_id=self.sample.application_id, event_id=view.view_id, timestamp=view.end
            )
        watchers = list(self.replay.viewership.list_watchers(session_id, page_size=1))
        _check([watcher.watch_count for watcher in watchers] == [len(views)], "the watches were not counted")
        history = list(self.replay.viewership.list_history(watched_after=views[0].start, page_size=1))
        _check([session.id for session in history] == [session_id], "the history lacks the session")
        _check(history[0].last_watched_at == watchers[0].last_watched_at, "history and watchers name different times")
        return [
            {"user": watcher.handle, "watches": watcher.watch_count, "last watched at": watcher.last_watched_at}
            for watcher in watchers
        ]

    def snapshot(self) -> Rows:
        """A heatmap snapshot from its creation to its deletion."""
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
        _check(not list(self.replay.heatmaps.list(_VIEW_NAME)), "the snapshot outlived its deletion")
        return [
            {
                "name": snapshot.snapshot_name,
                "view": snapshot.view_name,
                "device": snapshot.device_type,
                "ms into the session": snapshot.start,
            }
            for snapshot in listed
        ]

    def download(self, view: SampleView) -> Rows:
        """The segments of a view, each in a page of its own, and each as it was recorded."""
        saved = self.replay.sessions.download_segments(
            self.sample.session_id, view.view_id, self.directory / view.view_id, max_list_size=1
        )
        _check(
            len(saved.pages) == len(view.segments),
            f"view {view.view_id} has {len(view.segments)} segments, {len(saved.pages)} pages were downloaded",
        )
        rows: Rows = []
        for page, file, segment in zip(saved.pages, saved.files, view.segments, strict=True):
            content = file.read_bytes()
            downloaded, recorded = _sha256(content), _sha256(segment)
            _check(
                downloaded == recorded == page.sha256,
                f"{page.file} of view {view.view_id} has SHA-256 {downloaded}, recorded was {recorded}",
            )
            rows.append(
                {"file": page.file, "bytes": len(content), "SHA-256": f"{downloaded[:16]}…", "as recorded": True}
            )
        return rows

    def compare(self, view: SampleView) -> Rows:
        """All of a view's files one after another, against all of its segments."""
        files = sorted((self.directory / view.view_id).glob("page-*.bin"))
        downloaded = _sha256(b"".join(file.read_bytes() for file in files))
        recorded = _sha256(b"".join(view.segments))
        _check(
            downloaded == recorded, f"view {view.view_id} has SHA-256 {downloaded} as a whole, recorded was {recorded}"
        )
        return [{"what": "recorded", "SHA-256": recorded}, {"what": "downloaded", "SHA-256": downloaded}]

    def tidy_up(self) -> Rows:
        """The watches, the session's place in the playlist, the playlists."""
        session_id = self.sample.session_id
        self.replay.viewership.delete_watches(session_id)
        _check(not list(self.replay.viewership.list_watchers(session_id)), "watches outlived their deletion")
        self.replay.playlists.remove_session(self._playlist_id(), session_id)
        for playlist in list(self.replay.playlists.list()):
            _check(playlist.session_count == 0, f"playlist {playlist.id} counts {playlist.session_count} sessions")
            self.replay.playlists.delete(playlist.id)
        _check(not list(self.replay.playlists.list()), "playlists outlived their deletion")
        return []

    def _playlist_id(self) -> str:
        found = [playlist.id for playlist in self.replay.playlists.list(query="checkout", limit=1)]
        _check(len(found) == 1, "the search for a playlist found none")
        return found[0]
