from __future__ import annotations

import math
import sys
import time as system_time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rum_replay._rate_limits import RateLimit, parse_rate_limit

NOW = 1_782_907_200.0  # Wed, 01 Jul 2026 12:00:00 GMT

FOREVER = sys.float_info.max  # beyond any deadline, yet finite


def parsed(**headers: str) -> RateLimit:
    return parse_rate_limit({name.replace("_", "-"): value for name, value in headers.items()}, NOW)


def test_all_headers_are_read() -> None:
    assert parsed(
        x_ratelimit_limit="100",
        x_ratelimit_period="60",
        x_ratelimit_remaining="3",
        x_ratelimit_reset="12",
        x_ratelimit_name="rum_replay",
        retry_after="7",
    ) == RateLimit(limit=100.0, remaining=3.0, reset=12.0, retry_after=7.0, name="rum_replay")


def test_missing_headers_are_none_and_give_no_wait() -> None:
    assert parsed(content_type="application/json") == RateLimit()
    assert parsed().wait is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("7, 7", 7.0),
        ("7,9", 9.0),
        ("9 , 7", 9.0),
        ("7, soon", 7.0),
        ("1.5", 1.5),
        ("0", 0.0),
        ("-5", 0.0),
        ("  4 ", 4.0),
        ("1e1", 10.0),
        ("nan", None),
        ("inf", FOREVER),
        ("-inf", 0.0),
        ("1e400", FOREVER),
        ("9" * 5000, FOREVER),
        ("", None),
        (",", None),
        ("soon", None),
        ("0x10", None),
        ("7s", None),
        ("-7, 3", 3.0),
        (str(int(NOW) + 30), 30.0),
        (f"{NOW + 1.5:f}", 1.5),
        (str(int(NOW) - 30), 0.0),
        ("946684799", 946684799.0),
        ("946684800", 0.0),
    ],
)
def test_reset_in_any_form_is_converted_to_seconds_from_now_or_ignored(value: str, seconds: float | None) -> None:
    assert parsed(x_ratelimit_reset=value).reset == seconds
    assert parsed(x_ratelimit_reset=value).wait == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("1.5", 1.5),
        ("3, 5", 5.0),
        ("-1", 0.0),
        ("nan", None),
        ("1e400", FOREVER),
        ("garbage", None),
        ("", None),
        ("Wed, 01 Jul 2026 12:00:30 GMT", 30.0),
        ("Wed, 01 Jul 2026 11:00:00 GMT", 0.0),
        ("Wed, 01 Jul 2026 14:00:30 +0200", 30.0),
        ("Wed, 99 Jul 2026 12:00:30 GMT", None),
        ("Wed, 01 Jul 99999999 12:00:30 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert parsed(retry_after=value).retry_after == seconds
    assert parsed(retry_after=value).wait == seconds


@pytest.fixture
def local_zone_far_from_gmt(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "XXX-09:00")
        system_time.tzset()
        yield
    system_time.tzset()


@pytest.mark.parametrize("value", ["Wed, 01 Jul 2026 12:00:30 -0000", "Wed Jul  1 12:00:30 2026"])
@pytest.mark.usefixtures("local_zone_far_from_gmt")
def test_date_without_a_zone_is_gmt_regardless_of_the_local_zone(value: str) -> None:
    assert parsed(retry_after=value).retry_after == 30.0


def test_stricter_value_of_a_duplicated_header_is_used() -> None:
    limits = parsed(
        x_ratelimit_limit="100, 50", x_ratelimit_remaining="4, 0", x_ratelimit_reset="1, 9", retry_after="2, 8"
    )
    assert (limits.limit, limits.remaining, limits.reset, limits.retry_after) == (50.0, 0.0, 9.0, 8.0)


def test_retry_after_takes_precedence_over_reset_even_if_zero() -> None:
    assert parsed(retry_after="0", x_ratelimit_reset="50").wait == 0.0
    assert parsed(retry_after="never", x_ratelimit_reset="50").wait == 50.0


HEADER_NAMES = st.sampled_from(
    ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "x-ratelimit-name", "retry-after", "date"]
)
HEADER_VALUES = st.one_of(
    st.text(),
    st.floats().map(str),
    st.integers().map(str),
    st.from_regex(r"[A-Z][a-z]{2},? \d{1,2} [A-Z][a-z]{2} \d{1,9} \d\d:\d\d(:\d\d)?( [A-Z]{3}| [+-]\d{4,6})?"),
)


@given(headers=st.dictionaries(HEADER_NAMES, HEADER_VALUES), now=st.floats(min_value=0, max_value=1e11))
def test_no_header_value_raises_or_gives_an_invalid_number(headers: dict[str, str], now: float) -> None:
    limits = parse_rate_limit(headers, now)
    for number in (limits.limit, limits.remaining, limits.reset, limits.retry_after, limits.wait):
        assert number is None or (number >= 0.0 and math.isfinite(number))
