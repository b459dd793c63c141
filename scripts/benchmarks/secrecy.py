"""Redacting and searching the worst answers, against an ordinary one of the same size."""

from __future__ import annotations

import base64
import json
import random
import time
import zlib
from collections.abc import Iterator
from functools import partial

from pytest_rum_replay.interaction import RecordedResponse
from pytest_rum_replay.secrecy.compressed import InflateLimitError
from pytest_rum_replay.secrecy.leaks import find_leaks
from pytest_rum_replay.secrecy.redaction import Redactor

from .measure import Row, paired, seconds, times

__all__ = ["run"]

_KEY = "4f9c1b7a2e8d3c60519fa7b8d2e6043c"
_LIVE = (_KEY, "89abcdef01234567" * 2 + "a5b6c7d8", "ddapp_Ab/+cd&efGHijk12345")
_REPEATED = {
    "backslashes": b"\\",
    "JSON escapes": b"\\u0041",
    "percent-encoded letters": b"%41",
    "percent signs encoded again": b"%2525",
    "HTML entities": b"&#97;",
    "quoted-printable letters": b"=41",
    "beginnings of a credential": _KEY[:-1].encode() + b" ",
    "credentials in another case": _KEY.upper().encode() + b" ",
    "credentials with spaces": " ".join(_KEY).encode() + b"\n",
    "false starts of zlib": b"x\x9c",
    "nested arrays": b"[1,",
    "pairs of names and values": b'{"name":"api_key","value":"x"},',
}


def run(*, quick: bool) -> Iterator[Row]:
    size = 1 << 16 if quick else 8 << 20
    ordinary = _ordinary(size)
    noise = random.Random(1).randbytes(size)  # noqa: S311 - test values, not secrets
    inputs = {name: (part * (size // len(part) + 1))[:size] for name, part in _REPEATED.items()}
    inputs["Base64 of Base64 of Base64"] = base64.b64encode(base64.b64encode(base64.b64encode(noise)))[:size]
    inputs["Base64 of zlib"] = base64.b64encode(zlib.compress(noise))[:size]
    inputs["hexadecimal digits"] = noise.hex().encode()[:size]
    for name, data in inputs.items():
        rounds = 0 if quick else 1
        pair = paired(partial(_search, data), partial(_search, ordinary), rounds=rounds, clock=time.process_time)
        yield Row(
            f"redaction and search of {size >> 10:,} KiB: {name}, against a list of playlists",
            seconds(pair.ours),
            seconds(pair.other),
            times(pair.ratio),
            "≤ 3",
            pair.ratio <= 3,
        )


def _search(data: bytes) -> None:
    try:
        answer = Redactor(_LIVE).response(RecordedResponse(200, body=data))
        find_leaks(answer.body, _LIVE, most=6)
    except InflateLimitError:
        pass  # refused


def _ordinary(size: int) -> bytes:
    """JSON as the API answers it."""
    person = {"handle": "mira@example.com", "id": "5b1f6e80-7c24-4d39-8a55-c0e9d2f4713b", "icon": "https://x/y?a=1&b=2"}
    items = (
        {
            "id": str(number),
            "type": "rum_replay_playlist",
            "attributes": {
                "name": f'Checkout "{number}"',
                "created_at": "2026-07-01T12:00:00.000Z",
                "created_by": person,
                "key": "checkout",
            },
        }
        for number in range(size // 250)
    )
    return json.dumps({"data": list(items)}).encode()[:size]
