"""The only place that creates clients. rum_replay reads site and credentials from the environment."""

import os

from rum_replay import AsyncReplayClient, ReplayClient

API_VARIABLE = "REPLAY_TRIAGE_API"
"""The base URL of a proxy in front of the API; without it, the site's."""


def connect() -> ReplayClient:
    return ReplayClient(base_url=os.environ.get(API_VARIABLE))


def connect_async() -> AsyncReplayClient:
    return AsyncReplayClient(base_url=os.environ.get(API_VARIABLE))
