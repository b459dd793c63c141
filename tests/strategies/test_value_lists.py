"""The value lists of the strategies, written out independently: a lost value would weaken tests unnoticed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import jsonschema_rs
import pytest
from pytest_rum_replay.strategies.documents import UNLISTED_VALUES
from pytest_rum_replay.strategies.invalid import EXAMPLES_OF_TYPES, HALF_PAIRS, INVALID_TIMES
from pytest_rum_replay.strategies.operations import INVALID_INTEGERS, INVALID_JSON
from pytest_rum_replay.strategies.values import EXTREME_TIMES, TRICKY_TEXTS

LISTS: dict[str, tuple[Iterable[Any], list[Any]]] = {
    "UNLISTED_VALUES": (UNLISTED_VALUES, ["of_tomorrow", "", "RUM_REPLAY_PLAYLIST", "\xfcnbekannt\x00", "\U0001f3ac"]),
    "TRICKY_TEXTS": (
        TRICKY_TEXTS,
        [
            "\x00",
            "\x1b[31m",
            "\u202etxt.exe",
            "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd",
            "e\u0301",
            "\ufeff",
            "\u2028",
            "\uffff",
            "\U0001f469\u200d\U0001f469\u200d\U0001f467",
            "\U0010ffff",
            "\u0131",
            "null",
            "\\u0000",
            '"\\/',
            "..",
            "../..",
            "%00",
            "'; --",
            "<script>",
            "\r\nX: y",
            " ",
            "x" * 2000,
        ],
    ),
    "EXTREME_TIMES": (
        EXTREME_TIMES,
        [
            "0001-01-01T00:00:00Z",
            "0001-01-01T00:00:00+23:59",
            "9999-12-31T23:59:59.999999Z",
            "9999-12-31T23:59:59-23:59",
            "2024-02-29T23:59:59.999999999+14:00",
            "1969-12-31T23:59:59.999Z",
            "2038-01-19T03:14:08Z",
            "2026-07-01t12:00:00z",
            "2026-07-01T12:00:00-00:00",
        ],
    ),
    "INVALID_INTEGERS": (INVALID_INTEGERS, ["", "x", "1.5", "1e3", "+1", " 1", "0x10", "1_000", "--1", "\u0661"]),
    "INVALID_JSON": (
        INVALID_JSON,
        [b"{", b'{"data": }', b"[1,]", b"{'data': 1}", b'"\xff"', b"\xef\xbb\xbf{}", b"<html></html>", b"NaN"],
    ),
    "INVALID_TIMES": (
        INVALID_TIMES,
        [
            "",
            "yesterday",
            "2026-07-01",
            "2026-07-01T12:00:00",
            "2026-07-01 12:00:00Z",
            "2026-02-30T12:00:00Z",
            "2026-13-01T12:00:00Z",
            "2026-07-01T24:00:00Z",
            "2026-07-01T12:00:00+0200",
            "1782907200000",
        ],
    ),
    "HALF_PAIRS": (HALF_PAIRS, ["\ud83d", "cut off \ud83d", "\udc00\ud800", "\udfffx"]),
}


@pytest.mark.parametrize("name", LISTS)
def test_every_value_is_used(name: str) -> None:
    used, expected = LISTS[name]
    assert list(used) == expected


def test_every_type_has_its_examples() -> None:
    assert EXAMPLES_OF_TYPES == {
        "null": [None],
        "string": ["", "5", "true"],
        "integer": [0, 5, -(10**25)],
        "number": [1.5, 1e300],
        "boolean": [False, True],
        "array": [[], ["x"]],
        "object": [{}, {"id": "x"}],
    }


def test_invalid_times_are_invalid_and_extreme_ones_are_valid() -> None:
    validator = jsonschema_rs.Draft202012Validator({"format": "date-time"}, validate_formats=True)
    assert [text for text in INVALID_TIMES if validator.is_valid(text)] == []
    assert [text for text in EXTREME_TIMES if not validator.is_valid(text)] == []
    assert [text for text in EXTREME_TIMES if datetime.fromisoformat(text.upper()).utcoffset() is None] == []
