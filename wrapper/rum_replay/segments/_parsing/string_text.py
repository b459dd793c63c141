"""JSON or an upload within a JSON string, as in HAR files, decoded in constant memory."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from functools import partial

from .budget import Budget
from .window import Chunk, Window

__all__ = ["START_OF_UPLOAD", "decode_bytes", "decode_string", "holds_records", "is_upload", "may_be_json"]

_STEP = 1 << 16
START_OF_UPLOAD = rb'--[^"\\]{1,200}+\\r\\nContent-Disposition: form-data; name=\\"(?:image|segment)\\"'
_UPLOAD = re.compile(START_OF_UPLOAD)
_LONGEST_ESCAPE = 12
# Of a string in a string, the escapes are escaped.
_BLANK = rb"(?>[ \t]|\\++[nrt])*+"
_RECORDS = re.compile(rb'(?<!\\)\\++"records\\++"%b:%b\[%b\{' % (_BLANK, _BLANK, _BLANK))
_START = re.compile(rb'(?>[ \t]|\\++[nrt"])*+[\[{]')
_CONTENT = re.compile(_START.pattern + rb'(?>[^"\\]++|\\.)*+', re.DOTALL)
# Everything up to the closing quote, except for an escape that is cut or wrong, or half of a pair of them.
_RUN = re.compile(
    rb'(?>[^"\\]++|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}'
    rb'|\\u(?![dD][89abAB])[0-9a-fA-F]{4}|\\["\\/bfnrt])*+'
)
_HALF_OF_A_PAIR = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}".encode()


def may_be_json(head: bytes) -> bool:
    """Whether the content of a string begins as that of JSON with records does."""
    return _START.match(head) is not None


def holds_records(head: bytes) -> bool:
    """Whether a string whose content begins like this is JSON with records."""
    content = _CONTENT.match(head)
    return content is not None and _RECORDS.search(content.group()) is not None


def is_upload(head: bytes) -> bool:
    """Whether a string whose content begins like this is what an SDK uploads, which is multipart."""
    return _UPLOAD.match(head) is not None


def decode_string(window: Window, budget: Budget, encoding: str = "utf-8") -> Iterator[Chunk]:
    """Decode up to the closing quote, or to what no string may hold, and leave the cursor there."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while window.fill(_LONGEST_ESCAPE) or window.fill(1):
        window.fill(_STEP)
        location = window.location()
        run = _RUN.match(window.data, window.cursor, window.cursor + _STEP)
        assert run is not None  # the pattern also matches nothing
        window.cursor = run.end()
        text = json.loads(f'"{decoder.decode(run.group())}"', strict=False)
        content = text.encode(encoding, "replace")
        if not content:
            if _HALF_OF_A_PAIR.match(window.data, window.cursor) is None:
                return
            window.cursor += 6
            content = _REPLACEMENT
        budget.count_unpacked(location, len(content))
        yield Chunk(content, location.offset, exact=False)


decode_bytes = partial(decode_string, encoding="latin-1")
"""The same for a string in which each character is a byte, as proxies and browsers write what is no text."""
