# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
"""Contains all the data models used in inputs/outputs"""

from .api_error_response import APIErrorResponse
from .error_detail import ErrorDetail
from .error_detail_meta import ErrorDetailMeta
from .error_response import ErrorResponse
from .playlist import Playlist
from .playlist_array import PlaylistArray
from .playlist_data import PlaylistData
from .playlist_data_attributes import PlaylistDataAttributes
from .playlist_data_attributes_created_by import PlaylistDataAttributesCreatedBy
from .playlist_data_type import PlaylistDataType
from .playlists_session import PlaylistsSession
from .playlists_session_array import PlaylistsSessionArray
from .playlists_session_data import PlaylistsSessionData
from .playlists_session_data_attributes import PlaylistsSessionDataAttributes
from .playlists_session_data_attributes_session_event import (
    PlaylistsSessionDataAttributesSessionEvent,
)
from .rum_event import RUMEvent
from .rum_event_attributes import RUMEventAttributes
from .rum_event_attributes_attributes import RUMEventAttributesAttributes
from .rum_event_type import RUMEventType
from .rum_events_response import RUMEventsResponse
from .rum_query_filter import RUMQueryFilter
from .rum_query_options import RUMQueryOptions
from .rum_query_page_options import RUMQueryPageOptions
from .rum_response_links import RUMResponseLinks
from .rum_response_metadata import RUMResponseMetadata
from .rum_response_page import RUMResponsePage
from .rum_response_status import RUMResponseStatus
from .rum_search_events_request import RUMSearchEventsRequest
from .rum_sort import RUMSort
from .rum_warning import RUMWarning
from .session_id_array import SessionIdArray
from .session_id_data import SessionIdData
from .snapshot import Snapshot
from .snapshot_array import SnapshotArray
from .snapshot_create_request import SnapshotCreateRequest
from .snapshot_create_request_data import SnapshotCreateRequestData
from .snapshot_create_request_data_attributes import SnapshotCreateRequestDataAttributes
from .snapshot_data import SnapshotData
from .snapshot_data_attributes import SnapshotDataAttributes
from .snapshot_update_request import SnapshotUpdateRequest
from .snapshot_update_request_data import SnapshotUpdateRequestData
from .snapshot_update_request_data_attributes import SnapshotUpdateRequestDataAttributes
from .snapshot_update_request_data_type import SnapshotUpdateRequestDataType
from .viewership_history_session_array import ViewershipHistorySessionArray
from .viewership_history_session_data import ViewershipHistorySessionData
from .viewership_history_session_data_attributes import (
    ViewershipHistorySessionDataAttributes,
)
from .viewership_history_session_data_attributes_session_event import (
    ViewershipHistorySessionDataAttributesSessionEvent,
)
from .viewership_history_session_data_type import ViewershipHistorySessionDataType
from .watch import Watch
from .watch_data import WatchData
from .watch_data_attributes import WatchDataAttributes
from .watch_data_type import WatchDataType
from .watcher_array import WatcherArray
from .watcher_data import WatcherData
from .watcher_data_attributes import WatcherDataAttributes
from .watcher_data_type import WatcherDataType

__all__ = (
    "APIErrorResponse",
    "ErrorDetail",
    "ErrorDetailMeta",
    "ErrorResponse",
    "Playlist",
    "PlaylistArray",
    "PlaylistData",
    "PlaylistDataAttributes",
    "PlaylistDataAttributesCreatedBy",
    "PlaylistDataType",
    "PlaylistsSession",
    "PlaylistsSessionArray",
    "PlaylistsSessionData",
    "PlaylistsSessionDataAttributes",
    "PlaylistsSessionDataAttributesSessionEvent",
    "RUMEvent",
    "RUMEventAttributes",
    "RUMEventAttributesAttributes",
    "RUMEventType",
    "RUMEventsResponse",
    "RUMQueryFilter",
    "RUMQueryOptions",
    "RUMQueryPageOptions",
    "RUMResponseLinks",
    "RUMResponseMetadata",
    "RUMResponsePage",
    "RUMResponseStatus",
    "RUMSearchEventsRequest",
    "RUMSort",
    "RUMWarning",
    "SessionIdArray",
    "SessionIdData",
    "Snapshot",
    "SnapshotArray",
    "SnapshotCreateRequest",
    "SnapshotCreateRequestData",
    "SnapshotCreateRequestDataAttributes",
    "SnapshotData",
    "SnapshotDataAttributes",
    "SnapshotUpdateRequest",
    "SnapshotUpdateRequestData",
    "SnapshotUpdateRequestDataAttributes",
    "SnapshotUpdateRequestDataType",
    "ViewershipHistorySessionArray",
    "ViewershipHistorySessionData",
    "ViewershipHistorySessionDataAttributes",
    "ViewershipHistorySessionDataAttributesSessionEvent",
    "ViewershipHistorySessionDataType",
    "Watch",
    "WatchData",
    "WatchDataAttributes",
    "WatchDataType",
    "WatcherArray",
    "WatcherData",
    "WatcherDataAttributes",
    "WatcherDataType",
)
