"""The one place that makes clients. Site and credentials come from the environment, as rum_replay reads them."""

import os

from rum_replay import AsyncReplayClient, ReplayClient

API_VARIABLE = "REPLAY_TRIAGE_API"
"""Names the base URL of a proxy in front of the API; without it the site decides."""


def connect() -> ReplayClient:
    return ReplayClient(base_url=os.environ.get(API_VARIABLE))


def connect_async() -> AsyncReplayClient:
    return AsyncReplayClient(base_url=os.environ.get(API_VARIABLE))
