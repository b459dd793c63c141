"""What an archive holds, how far a run has come, and what failed: plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import attrs

from .._public import public
from .._resource import AwareDatetime

__all__ = ["ArchiveFailure", "ArchiveProgress", "ArchiveProgressHook", "ArchiveStatus"]


@attrs.frozen(kw_only=True)
class ArchiveFailure:
    """A session or view that is not in the archive, or a session that is not in a playlist, and why."""

    session_id: str
    view_id: str | None
    """None if it is about the session."""

    playlist_id: int | None
    """The playlist that the session could not be added to; None if it is about recordings."""

    error: str
    """The name of the error's class, such as `ServerError`."""

    message: str


@attrs.frozen(kw_only=True)
class ArchiveStatus:
    """What an archive holds, by its journal."""

    directory: Path
    sessions: int
    """Those that were found in all runs."""

    views: int
    saved: int
    """Views with segments, all of which are on disk as far as the API named them."""

    without_segments: int
    """Views of which the API knows none: normal, since recording may begin late or stop."""

    failed: int
    """Views that failed in any run, sessions that could not be added to a playlist, and ids of which the last run found
    nothing: see `failures()`."""

    waiting: int
    """Views that are still to be fetched."""

    running: int
    """Sessions that had not ended when they were last looked at; each run looks at them again."""

    size: int
    """Bytes of the segments."""

    fetched: int
    """Views that the last run fetched."""

    fetched_size: int
    """Bytes of the segments of these."""

    in_playlists: int
    """How many times a session was added to a playlist. Whether that keeps its replay longer is in no answer."""

    not_in_playlists: int
    """How many times that is still to be done, because the session has not ended, or the run was stopped."""

    partial: tuple[str, ...]
    """Why sessions or views may be missing from what the last search found; empty if none is known to be."""

    finished: bool
    """Whether the last run came to its end: otherwise it is still going on, or the next one goes on with it."""

    started_at: AwareDatetime | None
    """When the last run began, by the clock of its machine; None if there was none."""

    def failures(self) -> Iterator[ArchiveFailure]:
        """Everything that failed, read from the journal as it is iterated; raises FileError if that is not possible."""
        from .report import failures_in

        return failures_in(self.directory)


@attrs.frozen(kw_only=True)
class ArchiveProgress:
    """What a `progress` callback receives, after each session that is found and each view that is fetched."""

    doing: Literal["searching", "adding", "downloading", "checking"]
    """`adding` is about a playlist; `checking` is what `check_archive` does."""

    completed: int
    """Sessions found or added, or views fetched or checked, by this run."""

    total: int | None
    """How many there are to add, fetch or check; None while they are searched for."""

    failed: int
    """How many of those failed."""

    size: int
    """Bytes of segments fetched by this run, or found to be whole."""


ArchiveProgressHook = Callable[[ArchiveProgress], object]

public(ArchiveFailure, ArchiveProgress, ArchiveStatus)
