"""Everything for Datadog's RUM Session Replay API: playlists, heatmap snapshots, viewership, segments.

    from rum_replay import ReplayClient

    with ReplayClient() as replay:  # DD_SITE, DD_API_KEY, DD_APP_KEY
        for playlist in replay.playlists.list(query="Checkout"):
            print(playlist.name, playlist.session_count)

`AsyncReplayClient` is the same with `async with`, `await` and `async for`.
"""

from ._version import __version__

TYPE_CHECKING = False  # as type checkers know it; importing `typing` takes longer than everything else here
if TYPE_CHECKING:
    from ._archive.status import ArchiveFailure, ArchiveProgress, ArchiveStatus
    from ._archive_checks import ArchiveCheck, check_archive
    from ._archiving import archive, archive_status
    from ._async.client import AsyncReplayClient
    from ._clock import Clock, SystemClock
    from ._downloads import DownloadProgress, SegmentDownload
    from ._errors import (
        AuthenticationError,
        BadRequestError,
        ConfigurationError,
        ConflictError,
        ConnectionFailedError,
        FileError,
        InvalidRequestError,
        NotFoundError,
        PermissionDeniedError,
        RateLimitError,
        ReplayError,
        RequestTimeoutError,
        SegmentError,
        SegmentLimitError,
        ServerError,
        StatusError,
        UnexpectedResponseError,
        UnprocessableEntityError,
    )
    from ._events import EventPage, PartialResultWarning, RumEvent, SearchWarning
    from ._found_sessions import FoundSession, FoundView
    from ._manifest import PageFile
    from ._models import HeatmapSnapshot, Playlist, PlaylistCreator, PlaylistSession, Watch, WatchedSession, Watcher
    from ._paging import ListPage
    from ._retry import RetryEvent, RetryPolicy
    from ._segment_pages import SegmentPage, find_paging_token
    from ._session_downloads import SessionDownload, SessionDownloadProgress, ViewDownload
    from ._sync.client import ReplayClient
    from ._timeouts import Timeout

__all__ = [
    "ArchiveCheck",
    "ArchiveFailure",
    "ArchiveProgress",
    "ArchiveStatus",
    "AsyncReplayClient",
    "AuthenticationError",
    "BadRequestError",
    "Clock",
    "ConfigurationError",
    "ConflictError",
    "ConnectionFailedError",
    "DownloadProgress",
    "EventPage",
    "FileError",
    "FoundSession",
    "FoundView",
    "HeatmapSnapshot",
    "InvalidRequestError",
    "ListPage",
    "NotFoundError",
    "PageFile",
    "PartialResultWarning",
    "PermissionDeniedError",
    "Playlist",
    "PlaylistCreator",
    "PlaylistSession",
    "RateLimitError",
    "ReplayClient",
    "ReplayError",
    "RequestTimeoutError",
    "RetryEvent",
    "RetryPolicy",
    "RumEvent",
    "SearchWarning",
    "SegmentDownload",
    "SegmentError",
    "SegmentLimitError",
    "SegmentPage",
    "ServerError",
    "SessionDownload",
    "SessionDownloadProgress",
    "StatusError",
    "SystemClock",
    "Timeout",
    "UnexpectedResponseError",
    "UnprocessableEntityError",
    "ViewDownload",
    "Watch",
    "WatchedSession",
    "Watcher",
    "__version__",
    "archive",
    "archive_status",
    "check_archive",
    "find_paging_token",
]

# The module of each name that is not an error. Modules are imported when a name is first used: a program that uses one
# client does not pay for the other, and one that only catches errors pays for neither.
_MODULES = {
    "ArchiveCheck": "_archive_checks",
    "ArchiveFailure": "_archive.status",
    "ArchiveProgress": "_archive.status",
    "ArchiveStatus": "_archive.status",
    "AsyncReplayClient": "_async.client",
    "Clock": "_clock",
    "DownloadProgress": "_downloads",
    "EventPage": "_events",
    "FoundSession": "_found_sessions",
    "FoundView": "_found_sessions",
    "HeatmapSnapshot": "_models",
    "ListPage": "_paging",
    "PageFile": "_manifest",
    "PartialResultWarning": "_events",
    "Playlist": "_models",
    "PlaylistCreator": "_models",
    "PlaylistSession": "_models",
    "ReplayClient": "_sync.client",
    "RetryEvent": "_retry",
    "RetryPolicy": "_retry",
    "RumEvent": "_events",
    "SearchWarning": "_events",
    "SegmentDownload": "_downloads",
    "SegmentPage": "_segment_pages",
    "SessionDownload": "_session_downloads",
    "SessionDownloadProgress": "_session_downloads",
    "SystemClock": "_clock",
    "Timeout": "_timeouts",
    "ViewDownload": "_session_downloads",
    "Watch": "_models",
    "WatchedSession": "_models",
    "Watcher": "_models",
    "archive": "_archiving",
    "archive_status": "_archiving",
    "check_archive": "_archive_checks",
    "find_paging_token": "_segment_pages",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=import_module(__name__))
    value = getattr(import_module(f".{_MODULES.get(name, '_errors')}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
