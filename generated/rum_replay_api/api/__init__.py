# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
"""All operations of the contract; the functions that call them are in the packages of their areas"""

from typing import NamedTuple


class Operation(NamedTuple):
    """One operation of the contract"""

    operation_id: str
    method: str
    url_template: str
    permission: str


LIST_RUM_REPLAY_PLAYLISTS = Operation(
    "ListRumReplayPlaylists", "GET", "/api/v2/rum/replay/playlists", "rum_session_replay_read"
)
CREATE_RUM_REPLAY_PLAYLIST = Operation(
    "CreateRumReplayPlaylist", "POST", "/api/v2/rum/replay/playlists", "rum_playlist_write"
)
GET_RUM_REPLAY_PLAYLIST = Operation(
    "GetRumReplayPlaylist", "GET", "/api/v2/rum/replay/playlists/{playlist_id}", "rum_session_replay_read"
)
UPDATE_RUM_REPLAY_PLAYLIST = Operation(
    "UpdateRumReplayPlaylist", "PUT", "/api/v2/rum/replay/playlists/{playlist_id}", "rum_playlist_write"
)
DELETE_RUM_REPLAY_PLAYLIST = Operation(
    "DeleteRumReplayPlaylist", "DELETE", "/api/v2/rum/replay/playlists/{playlist_id}", "rum_playlist_write"
)
LIST_RUM_REPLAY_PLAYLIST_SESSIONS = Operation(
    "ListRumReplayPlaylistSessions",
    "GET",
    "/api/v2/rum/replay/playlists/{playlist_id}/sessions",
    "rum_session_replay_read",
)
BULK_REMOVE_RUM_REPLAY_PLAYLIST_SESSIONS = Operation(
    "BulkRemoveRumReplayPlaylistSessions",
    "DELETE",
    "/api/v2/rum/replay/playlists/{playlist_id}/sessions",
    "rum_playlist_write",
)
ADD_RUM_REPLAY_SESSION_TO_PLAYLIST = Operation(
    "AddRumReplaySessionToPlaylist",
    "PUT",
    "/api/v2/rum/replay/playlists/{playlist_id}/sessions/{session_id}",
    "rum_playlist_write",
)
REMOVE_RUM_REPLAY_SESSION_FROM_PLAYLIST = Operation(
    "RemoveRumReplaySessionFromPlaylist",
    "DELETE",
    "/api/v2/rum/replay/playlists/{playlist_id}/sessions/{session_id}",
    "rum_playlist_write",
)
LIST_REPLAY_HEATMAP_SNAPSHOTS = Operation(
    "ListReplayHeatmapSnapshots", "GET", "/api/v2/replay/heatmap/snapshots", "rum_session_replay_read"
)
CREATE_REPLAY_HEATMAP_SNAPSHOT = Operation(
    "CreateReplayHeatmapSnapshot", "POST", "/api/v2/replay/heatmap/snapshots", "rum_session_replay_read"
)
DELETE_REPLAY_HEATMAP_SNAPSHOT = Operation(
    "DeleteReplayHeatmapSnapshot", "DELETE", "/api/v2/replay/heatmap/snapshots/{snapshot_id}", "rum_session_replay_read"
)
UPDATE_REPLAY_HEATMAP_SNAPSHOT = Operation(
    "UpdateReplayHeatmapSnapshot", "PATCH", "/api/v2/replay/heatmap/snapshots/{snapshot_id}", "rum_session_replay_read"
)
CREATE_RUM_REPLAY_SESSION_WATCH = Operation(
    "CreateRumReplaySessionWatch", "POST", "/api/v2/rum/replay/sessions/{session_id}/watches", "rum_session_replay_read"
)
DELETE_RUM_REPLAY_SESSION_WATCH = Operation(
    "DeleteRumReplaySessionWatch",
    "DELETE",
    "/api/v2/rum/replay/sessions/{session_id}/watches",
    "rum_session_replay_read",
)
LIST_RUM_REPLAY_SESSION_WATCHERS = Operation(
    "ListRumReplaySessionWatchers",
    "GET",
    "/api/v2/rum/replay/sessions/{session_id}/watchers",
    "rum_session_replay_read",
)
LIST_RUM_REPLAY_VIEWERSHIP_HISTORY_SESSIONS = Operation(
    "ListRumReplayViewershipHistorySessions",
    "GET",
    "/api/v2/rum/replay/viewership-history/sessions",
    "rum_session_replay_read",
)
GET_SEGMENTS = Operation(
    "GetSegments", "GET", "/api/v2/rum/replay/sessions/{session_id}/views/{view_id}/segments", "rum_session_replay_read"
)
SEARCH_RUM_EVENTS = Operation("SearchRUMEvents", "POST", "/api/v2/rum/events/search", "rum_apps_read")
