"""Recordings with damage anywhere are summarized and exported as far as possible, without an exception."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from rum_replay import segments
from rum_replay.segments.exports import export
from rum_replay.segments.summary import summarize

from ..recorded import FOLDERS, NAMES, documents

WRONG: list[Any] = [None, -1, 10**30, 1e308, "", "x" * 1000, [], {}, True, [[[]]], {"id": {"id": 1}}, 2**63]


def damaged(value: Any, chance: random.Random, share: float) -> Any:
    """The value with some parts replaced, left out or repeated."""
    if chance.random() < share:
        return chance.choice(WRONG)
    if isinstance(value, list):
        parts = [damaged(one, chance, share) for one in value if chance.random() > share]
        return parts + parts[:1] if chance.random() < share else parts
    if isinstance(value, dict):
        return {name: damaged(one, chance, share) for name, one in value.items() if chance.random() > share}
    return value


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_wrong_values_anywhere(folder: Path, tmp_path: Path) -> None:
    for seed in range(6):
        chance = random.Random(seed)
        whole = [json.loads(document) for document in documents(folder)]
        content = json.dumps([damaged(one, chance, 0.001 * 4**seed) for one in whole]).encode()
        recorded = segments.open(content)
        summary = summarize(recorded)
        json.dumps(summary.to_dict(), allow_nan=False)
        done = export(recorded, tmp_path, format="jsonl")
        assert done.rows["records"] == recorded.count == sum(view.records for view in summary.views)
        assert summary.problems == recorded.report.problems


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_wrong_bytes_anywhere(folder: Path, tmp_path: Path) -> None:
    for seed in range(6):
        chance = random.Random(seed)
        content = bytearray(b"".join(documents(folder)))
        for _ in range(4**seed):
            content[chance.randrange(len(content))] = chance.randrange(256)
        recorded = segments.open(bytes(content))
        done = export(recorded, tmp_path, format="csv")
        assert done.rows["records"] == recorded.count
        assert len(summarize(recorded).views) == done.rows["views"]
