"""The replay of a session on disk: a folder for each view, each with the pages of its segments. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast

import attrs

from ._arguments import check_id
from ._downloads import DownloadProgress, Progress, SegmentDownload
from ._errors import InvalidRequestError
from ._found_sessions import FoundView
from ._public import public

__all__ = ["SessionDownload", "SessionDownloadProgress", "SessionProgress", "ViewDownload", "view_ids", "view_progress"]

# Windows takes some names for devices, with any extension, and leaves out a dot at the end.
_DEVICE = r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|\Z)"
_FOLDER = re.compile(rf"(?!{_DEVICE})[a-z0-9_](?:[a-z0-9_.-]{{0,98}}[a-z0-9_-])?", re.IGNORECASE | re.ASCII)


@attrs.frozen(kw_only=True)
class ViewDownload:
    """What `sessions.download` got of one view."""

    view_id: str
    directory: Path
    """Where its segments are; there is no such folder if the API knows none."""

    segments: SegmentDownload | None
    """The pages of its segments; None if the API answers 404."""

    @property
    def has_segments(self) -> bool:
        """Whether there are any. A view without is normal: recording may begin late, or stop."""
        return self.segments is not None and self.segments.size > 0


@attrs.frozen(kw_only=True)
class SessionDownload:
    """What `sessions.download` got of a session."""

    session_id: str
    directory: Path
    views: tuple[ViewDownload, ...]
    partial: tuple[str, ...] = ()
    """Why views may be missing from those that were searched for; empty if none is known to be, or none was."""

    @property
    def size(self) -> int:
        """Bytes of the pages of all views."""
        return sum(view.segments.size for view in self.views if view.segments is not None)

    @property
    def without_segments(self) -> tuple[str, ...]:
        """The ids of the views that have no segments."""
        return tuple(view.view_id for view in self.views if not view.has_segments)


@attrs.frozen(kw_only=True)
class SessionDownloadProgress:
    """What a `progress` callback receives, after each few hundred KiB and after each page."""

    view_id: str
    view: int
    """Counted from 0."""

    views: int
    """How many there are."""

    page: int
    """The page of the view that is arriving, counted from 0."""

    total_bytes: int
    """Bytes of all pages of all views so far, including those of earlier calls."""


SessionProgress = Callable[[SessionDownloadProgress], object]


def view_ids(session_id: str, views: Iterable[str | FoundView]) -> list[str]:
    """The ids of views to download, each once.

    Raises InvalidRequestError for a view of another session, and for an id that cannot be the name of a folder.
    """
    if isinstance(views, str) or not isinstance(cast("object", views), Iterable):
        raise InvalidRequestError(f"views must be a list of ids or of FoundView, not {type(views).__name__}")
    ids: dict[str, None] = {}
    for index, view in enumerate(views):
        if isinstance(view, FoundView) and view.session_id != session_id:
            raise InvalidRequestError(f"views[{index}] belongs to session {view.session_id}, not to {session_id}")
        view_id = check_id(f"views[{index}]", view.id if isinstance(view, FoundView) else view)
        if not _FOLDER.fullmatch(view_id):
            raise InvalidRequestError(f"views[{index}] is {view_id!r:.80}, which cannot be the name of a folder")
        ids[view_id] = None
    return list(ids)


def view_progress(report: SessionProgress | None, view_id: str, view: int, views: int, before: int) -> Progress | None:
    """A `progress` for the download of one view; `before` are the bytes of the views before it."""
    if report is None:
        return None

    def note(progress: DownloadProgress) -> None:
        total = before + progress.total_bytes
        report(SessionDownloadProgress(view_id=view_id, view=view, views=views, page=progress.page, total_bytes=total))

    return note


public(SessionDownload, SessionDownloadProgress, ViewDownload)
