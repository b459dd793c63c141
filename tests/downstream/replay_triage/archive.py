"""Keeping a replay on disk."""

from pathlib import Path

from replay_triage.connection import connect


def keep(session_id: str, view_id: str, folder: Path) -> int:
    """Download a view's segments into a folder; returns their size in bytes."""
    with connect() as replay:
        return replay.sessions.download_segments(session_id, view_id, folder).size
