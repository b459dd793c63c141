# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
"""Functions of this area that build the arguments for httpx.Client.request"""

from .add_rum_replay_session_to_playlist import (
    _get_kwargs as add_rum_replay_session_to_playlist_kwargs,
)
from .bulk_remove_rum_replay_playlist_sessions import (
    _get_kwargs as bulk_remove_rum_replay_playlist_sessions_kwargs,
)
from .create_rum_replay_playlist import _get_kwargs as create_rum_replay_playlist_kwargs
from .delete_rum_replay_playlist import _get_kwargs as delete_rum_replay_playlist_kwargs
from .get_rum_replay_playlist import _get_kwargs as get_rum_replay_playlist_kwargs
from .list_rum_replay_playlist_sessions import (
    _get_kwargs as list_rum_replay_playlist_sessions_kwargs,
)
from .list_rum_replay_playlists import _get_kwargs as list_rum_replay_playlists_kwargs
from .remove_rum_replay_session_from_playlist import (
    _get_kwargs as remove_rum_replay_session_from_playlist_kwargs,
)
from .update_rum_replay_playlist import _get_kwargs as update_rum_replay_playlist_kwargs

__all__ = (
    "add_rum_replay_session_to_playlist_kwargs",
    "bulk_remove_rum_replay_playlist_sessions_kwargs",
    "create_rum_replay_playlist_kwargs",
    "delete_rum_replay_playlist_kwargs",
    "get_rum_replay_playlist_kwargs",
    "list_rum_replay_playlist_sessions_kwargs",
    "list_rum_replay_playlists_kwargs",
    "remove_rum_replay_session_from_playlist_kwargs",
    "update_rum_replay_playlist_kwargs",
)
