"""Decoding 10,000 heatmap snapshots from the bytes of an answer to models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
from datadog_api_client import ApiClient, Configuration
from datadog_api_client.v2.model.snapshot_array import SnapshotArray
from rum_replay import HeatmapSnapshot, ReplayClient
from rum_replay._decoding import decode_list

from .answers import KEYS, VIEW_NAME, snapshots
from .measure import Row, paired, seconds, times

__all__ = ["run"]


def run(*, quick: bool) -> Iterator[Row]:
    count, rounds = (200, 1) if quick else (10_000, 41)
    body = snapshots(count)
    what = f"{count:,} snapshots, bytes to models"
    decode = decode_list(HeatmapSnapshot)
    official = ApiClient(Configuration())  # type: ignore[no-untyped-call]

    def decode_officially() -> Any:
        # This is what the official client does with the bytes of an answer by default.
        return official.deserialize(body.decode("utf-8"), (SnapshotArray,), check_type=True)

    assert [snapshot.id for snapshot in decode(body)] == [str(item.id) for item in decode_officially().data]

    pair = paired(lambda: decode(body), lambda: json.loads(body), rounds=rounds)
    yield Row(
        f"{what}, against `json.loads` alone",
        seconds(pair.ours),
        seconds(pair.other),
        times(pair.ratio),
        "≤ 1.7 ×",
        pair.ratio <= 1.7,
    )

    pair = paired(lambda: decode(body), decode_officially, rounds=0 if quick else 7)
    yield Row(
        f"{what}, against the official client",
        seconds(pair.ours),
        seconds(pair.other),
        f"{1 / pair.ratio:.1f} times faster",
        "≥ 40 times faster",
        1 / pair.ratio >= 40,
    )

    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    with (
        httpx.Client(transport=transport) as http_client,
        ReplayClient(api_key=KEYS["DD-API-KEY"], app_key=KEYS["DD-APPLICATION-KEY"], http_client=http_client) as client,
    ):
        pair = paired(lambda: list(client.heatmaps.list(VIEW_NAME)), lambda: json.loads(body), rounds=rounds)
    yield Row(
        f"{count:,} snapshots, the whole call without a network, against `json.loads` alone",
        seconds(pair.ours),
        seconds(pair.other),
        times(pair.ratio),
    )
