"""Generating examples of the largest schema: our strategies against the one of schemathesis for the same contract."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy
from pytest_rum_replay.contract import schemas
from pytest_rum_replay.strategies import wire

from .measure import Row, paired, seconds

__all__ = ["run"]

_LARGEST = "SnapshotArray"
_THOUSAND = 1000


def run(*, quick: bool) -> Iterator[Row]:
    # schemathesis generates fewer examples, because each takes much longer; the cost of one example is compared.
    ours, theirs, rounds = (30, 10, 0) if quick else (_THOUSAND, 100, 3)
    other = _schemathesis_strategy().map(lambda case: case.body)
    for nasty in (False, True):
        strategy = wire(_LARGEST, nasty=nasty)
        # One run of each to measure the size of the examples.
        size, other_size = _average_size(strategy, ours), _average_size(other, theirs)
        # Processor time, because no example waits for anything.
        pair = paired(_maker(strategy, ours), _maker(other, theirs), rounds=rounds, clock=time.process_time)
        ours_for_thousand, other_for_thousand = pair.ours / ours * _THOUSAND, pair.other / theirs * _THOUSAND
        yield Row(
            f"1,000 examples of `{_LARGEST}`, {'nasty' if nasty else 'ordinary'}, against schemathesis; "
            f"an example is {size:,} and {other_size:,} bytes of JSON",
            seconds(ours_for_thousand),
            seconds(other_for_thousand),
            f"{other_for_thousand / ours_for_thousand:.1f} times faster",
            "≤ 5 s",
            ours_for_thousand <= 5,
        )


def _schemathesis_strategy() -> SearchStrategy[Any]:
    reference = {"$ref": f"#/components/schemas/{_LARGEST}"}
    body = {"required": True, "content": {"application/json": {"schema": reference}}}
    contract = {
        "openapi": "3.1.0",
        "info": {"title": "one operation with the schema as its body", "version": "1"},
        "paths": {"/": {"post": {"requestBody": body, "responses": {"200": {"description": "ok"}}}}},
        "components": {"schemas": {name: schemas.schema(name) for name in schemas.schema_names()}},
    }
    strategy: SearchStrategy[Any] = schemathesis.openapi.from_dict(contract)["/"]["POST"].as_strategy()
    return strategy


def _maker(
    strategy: SearchStrategy[Any], count: int, use: Callable[[Any], object] = lambda _: None
) -> Callable[[], None]:
    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(strategy)
    def make(example: Any) -> None:
        use(example)

    return make


def _average_size(strategy: SearchStrategy[Any], count: int) -> int:
    sizes: list[int] = []
    _maker(strategy, count, lambda example: sizes.append(len(json.dumps(example))))()
    return sum(sizes) // len(sizes)
