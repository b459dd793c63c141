"""The answers that both sides receive: all fields present, values as long as those of the API."""

from __future__ import annotations

import json
from uuid import UUID

__all__ = ["APPLICATION", "KEYS", "PLAYLIST", "VIEW_NAME", "snapshots"]

VIEW_NAME = "/checkout/payment"
APPLICATION = str(UUID(int=0x1A2B3C4D << 96, version=4))
KEYS = {"DD-API-KEY": "0123456789abcdef" * 2, "DD-APPLICATION-KEY": "0123456789abcdef0123" * 2}
"""Invented, as long as Datadog's."""


def snapshots(count: int) -> bytes:
    """The body of ListReplayHeatmapSnapshots with this many snapshots."""
    return json.dumps({"data": [_snapshot(number) for number in range(count)]}).encode()


def _snapshot(number: int) -> dict[str, object]:
    return {
        "id": str(UUID(int=number << 64, version=4)),
        "type": "snapshots",
        "attributes": {
            "application_id": APPLICATION,
            "created_at": f"2026-03-{number % 28 + 1:02}T09:{number % 60:02}:17.123456+00:00",
            "created_by": "Mira Holt",
            "created_by_handle": "mira.holt@example.com",
            "created_by_user_id": 7_015_524,
            "device_type": ("desktop", "mobile", "tablet")[number % 3],
            "event_id": str(UUID(int=number << 32, version=4)),
            "is_device_type_selected_by_user": number % 2 == 0,
            "modified_at": f"2026-04-{number % 28 + 1:02}T10:{number % 60:02}:42.654321+00:00",
            "org_id": 2_000_123,
            "session_id": str(UUID(int=number << 48, version=4)),
            "snapshot_name": f"Payment form, step {number}",
            "start": 1_000 + number,
            "view_id": str(UUID(int=number << 80, version=4)),
            "view_name": VIEW_NAME,
        },
    }


PLAYLIST = json.dumps(
    {
        "data": {
            "id": "42",
            "type": "rum_replay_playlist",
            "attributes": {
                "name": "Checkout bugs",
                "description": "Rage clicks on the payment form",
                "session_count": 17,
                "created_at": "2026-03-11T09:41:17.123456+00:00",
                "updated_at": "2026-04-02T15:03:42.654321+00:00",
                "created_by": {
                    "handle": "mira.holt@example.com",
                    "icon": "https://example.com/avatars/mira.png",
                    "id": "7015524",
                    "name": "Mira Holt",
                    "uuid": "5b1f6e80-7c24-4d39-8a55-c0e9d2f4713b",
                },
            },
        }
    }
).encode()
"""The body of GetRumReplayPlaylist for playlist 42."""
