"""Everything for Datadog's RUM Session Replay API: playlists, heatmap snapshots, viewership, segments.

    from rum_replay import ReplayClient

    with ReplayClient() as replay:  # DD_SITE, DD_API_KEY, DD_APP_KEY
        for playlist in replay.playlists.list(query="Checkout"):
            print(playlist.name, playlist.session_count)

`AsyncReplayClient` is the same with `async with`, `await` and `async for`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._version import __version__
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

if TYPE_CHECKING:
    from ._async.client import AsyncReplayClient
    from ._sync.client import ReplayClient
    from .downloads import DownloadProgress, PageFile, SegmentDownload
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

# All but the errors is imported when it is first asked for: a program uses one of the clients and a few of the models.
_NAMES_OF = {
    "_async.client": ("AsyncReplayClient",),
    "_sync.client": ("ReplayClient",),
    "downloads": ("DownloadProgress", "PageFile", "SegmentDownload"),
    "models": (
        "HeatmapSnapshot",
        "Playlist",
        "PlaylistCreator",
        "PlaylistSession",
        "Watch",
        "WatchedSession",
        "Watcher",
    ),
    "paging": ("Page",),
    "retry": ("RetryEvent", "RetryPolicy"),
    "segment_pages": ("SegmentPage", "find_paging_token"),
    "timeouts": ("Timeout",),
}
_MODULE_OF = {name: module for module, names in _NAMES_OF.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f".{_MODULE_OF[name]}", __name__), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
