# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
"""Functions of this area that build the arguments for httpx.Client.request"""

from .create_rum_replay_session_watch import (
    _get_kwargs as create_rum_replay_session_watch_kwargs,
)
from .delete_rum_replay_session_watch import (
    _get_kwargs as delete_rum_replay_session_watch_kwargs,
)
from .list_rum_replay_session_watchers import (
    _get_kwargs as list_rum_replay_session_watchers_kwargs,
)
from .list_rum_replay_viewership_history_sessions import (
    _get_kwargs as list_rum_replay_viewership_history_sessions_kwargs,
)

__all__ = (
    "create_rum_replay_session_watch_kwargs",
    "delete_rum_replay_session_watch_kwargs",
    "list_rum_replay_session_watchers_kwargs",
    "list_rum_replay_viewership_history_sessions_kwargs",
)
