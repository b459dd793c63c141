"""Texts, numbers, times and arbitrary JSON values: ordinary ones, and valid ones that programs often mishandle."""

import string
from datetime import datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from rum_replay._times import rfc3339

__all__ = [
    "EXTREME_TIMES",
    "TEXTS",
    "TRICKY_TEXTS",
    "Strategy",
    "integers",
    "json_values",
    "leap_seconds",
    "nasty_integers",
    "nasty_json_values",
    "nasty_texts",
    "nasty_times",
    "segments",
    "times",
    "unknown_names",
]

Strategy = SearchStrategy[Any]

TEXTS: Strategy = st.text(string.ascii_letters + string.digits + " -_.,:/äéßñ日本", max_size=12)
"""Ordinary text as people and programs write it."""

segments: Strategy = st.text(string.digits + string.ascii_letters + "-_", min_size=1, max_size=36)
"""Ids that need no encoding in a path."""

TRICKY_TEXTS = [
    "\0",  # ends a string in C
    "\x1b[31m",  # commands a terminal
    "\u202etxt.exe",  # displayed from right to left
    "שלום עולם",
    "e\u0301",  # two code points for one character
    "\ufeff",  # a byte order mark
    "\u2028",  # ends a line in JavaScript, not in JSON
    "\uffff",  # not a character
    "👩\u200d👩\u200d👧",  # one symbol made of five code points, some beyond 16 bits
    "\U0010ffff",
    "ı",  # changes its length or identity with its case
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
]

nasty_texts: Strategy = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(TRICKY_TEXTS)
"""Any text that UTF-8 can encode."""

times: Strategy = st.integers(0, 4_102_444_799_999).map(rfc3339)
"""RFC 3339 with milliseconds, in UTC, in the years 1970 to 2099."""

QUERIES: Strategy = st.sampled_from(
    [
        "*",
        "@type:view",
        "@type:(view OR session) -@session.type:synthetics",
        '@view.url_path:"/check out" @view.error.count:>0',
        r"@view.url_path:\/department\/* service:shop-*",
        "@view.loading_time:[1s TO 3s] OR (@type:error env:prod)",
    ]
)
"""Searches for RUM events, in the documented syntax."""

SEARCH_TIMES: Strategy = (
    times | st.sampled_from(["now", "now-7d", "now-15m"]) | st.integers(0, 4_102_444_799_999).map(str)
)
"""The forms of times in a search: RFC 3339, date math, and milliseconds of Unix time as a text."""

EXTREME_TIMES = [
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+23:59",  # in UTC, before the year 1
    "9999-12-31T23:59:59.999999Z",
    "9999-12-31T23:59:59-23:59",  # in UTC, after the year 9999
    "2024-02-29T23:59:59.999999999+14:00",
    "1969-12-31T23:59:59.999Z",
    "2038-01-19T03:14:08Z",
    "2026-07-01t12:00:00z",
    "2026-07-01T12:00:00-00:00",
]


leap_seconds: Strategy = st.sampled_from(["2016-12-31T23:59:60Z", "1990-12-31T15:59:60.5-08:00"])
"""Valid in RFC 3339; Python's calendar has none."""


def _time(local: datetime, fraction: str, offset: int | None) -> str:
    sign = "-" if (offset or 0) < 0 else "+"
    hours, minutes = divmod(abs(offset or 0), 60)
    zone = "Z" if offset is None else f"{sign}{hours:02}:{minutes:02}"
    return f"{local.replace(microsecond=0).isoformat()}{fraction and '.'}{fraction}{zone}"


nasty_times: Strategy = st.sampled_from(EXTREME_TIMES) | st.builds(
    _time,
    st.datetimes(max_value=datetime(9998, 12, 31)),
    st.text(string.digits, max_size=9),
    st.none() | st.integers(-1439, 1439),
)
"""RFC 3339 in the years 1 to 9999, with any offset, and fractions down to nanoseconds."""


def integers(least: int, most: int) -> Strategy:
    """Typical counts, sizes and times in milliseconds."""
    return st.integers(max(least, 0), min(most, 2**42))


def nasty_integers(least: int, most: int) -> Strategy:
    """The whole range, with an emphasis on its ends."""
    return st.sampled_from([least, most, max(least, -1)]) | st.integers(least, most)


def _json(texts: Strategy, numbers: Strategy) -> Strategy:
    scalars = st.none() | st.booleans() | numbers | texts
    flat = scalars | st.lists(scalars, max_size=2) | st.dictionaries(texts, scalars, max_size=2)
    return scalars | st.lists(flat, max_size=2) | st.dictionaries(texts, flat, max_size=2)


json_values: Strategy = _json(TEXTS, st.integers(-1000, 1000))
nasty_json_values: Strategy = _json(
    nasty_texts, st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False)
)
"""Arbitrary JSON, with integers beyond 64 bits and all finite numbers."""

unknown_names: Strategy = nasty_texts | st.sampled_from(
    # Names used in other resources, in JSON:API, in Python and in this project's own classes.
    [
        *(
            "id",
            "type",
            "attributes",
            "relationships",
            "links",
            "meta",
            "name",
            "track",
            "data",
            "handle",
            "created_at",
        ),
        *("extra", "_wire", "additional_properties", "type_", "self", "__class__", "__init__", "to_dict"),
    ]
)
"""Names of fields that are not in the contract."""
