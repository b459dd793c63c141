# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
"""Functions of this area that build the arguments for httpx.Client.request"""

from .create_replay_heatmap_snapshot import (
    _get_kwargs as create_replay_heatmap_snapshot_kwargs,
)
from .delete_replay_heatmap_snapshot import (
    _get_kwargs as delete_replay_heatmap_snapshot_kwargs,
)
from .list_replay_heatmap_snapshots import (
    _get_kwargs as list_replay_heatmap_snapshots_kwargs,
)
from .update_replay_heatmap_snapshot import (
    _get_kwargs as update_replay_heatmap_snapshot_kwargs,
)

__all__ = (
    "create_replay_heatmap_snapshot_kwargs",
    "delete_replay_heatmap_snapshot_kwargs",
    "list_replay_heatmap_snapshots_kwargs",
    "update_replay_heatmap_snapshot_kwargs",
)
