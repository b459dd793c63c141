"""JSON as JavaScript writes it: it may cut a string between two surrogates and writes the lone one as an escape.

Decoders that are strict about Unicode refuse that, though RFC 8259 allows it.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

__all__ = ["FAILURES", "decode_json", "without_lone_surrogates"]

FAILURES = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for bytes that it cannot decode."""

# Pairs and other escapes match too, so that no match starts inside one; only a lone surrogate is captured.
_LONE_SURROGATE = re.compile(
    rb"\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(\\u[dD][89a-fA-F][\da-fA-F]{2})|\\.", re.DOTALL
)


def without_lone_surrogates(document: bytes) -> bytes:
    """The document with U+FFFD in place of each half of a pair that has no other half."""
    return _LONE_SURROGATE.sub(_replaced, document)


def _replaced(match: re.Match[bytes]) -> bytes:
    return rb"\ufffd" if match[1] else match[0]


_decoder = msgspec.json.Decoder()


def decode_json(document: bytes) -> Any:
    """The value of a JSON document, with U+FFFD for lone surrogates; raises one of `FAILURES`."""
    try:
        return _decoder.decode(document)
    except FAILURES:
        # Only now: good documents are not searched.
        if (repaired := without_lone_surrogates(document)) == document:
            raise
    return _decoder.decode(repaired)
