"""Everything for Datadog's RUM Session Replay API: playlists, heatmap snapshots, viewership, segments.

    from rum_replay import ReplayClient

    with ReplayClient() as replay:  # DD_SITE, DD_API_KEY, DD_APP_KEY
        for playlist in replay.playlists.list(query="Checkout"):
            print(playlist.name, playlist.session_count)

`AsyncReplayClient` is the same with `async with`, `await` and `async for`.
"""

from ._async.client import AsyncReplayClient
from ._sync.client import ReplayClient
from ._version import __version__
from .downloads import DownloadProgress, PageFile, SegmentDownload
from .errors import (
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    ConflictError,
    ConnectionFailedError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ReplayError,
    RequestTimeoutError,
    ServerError,
    StatusError,
    UnexpectedResponseError,
)
from .models import HeatmapSnapshot, Playlist, PlaylistCreator, PlaylistSession, Watch, WatchedSession, Watcher
from .paging import Page
from .retry import RetryEvent, RetryPolicy
from .segment_pages import SegmentPage, find_paging_token
from .timeouts import Timeout

__all__ = [
    "AsyncReplayClient",
    "AuthenticationError",
    "BadRequestError",
    "ConfigurationError",
    "ConflictError",
    "ConnectionFailedError",
    "DownloadProgress",
    "HeatmapSnapshot",
    "InvalidRequestError",
    "NotFoundError",
    "Page",
    "PageFile",
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
    "SegmentDownload",
    "SegmentPage",
    "ServerError",
    "StatusError",
    "Timeout",
    "UnexpectedResponseError",
    "Watch",
    "WatchedSession",
    "Watcher",
    "__version__",
    "find_paging_token",
]
