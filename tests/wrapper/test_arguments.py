from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from datetime import time as clock_time
from decimal import Decimal
from fractions import Fraction
from typing import Any
from unittest.mock import MagicMock
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rum_replay import InvalidRequestError, ReplayClient
from rum_replay._arguments import (
    check_count,
    check_each,
    check_flag,
    check_id,
    check_ids,
    check_instance,
    check_integer,
    check_number,
    check_playlist_id,
    check_size,
    check_text,
    check_user_uuid,
    to_datetime,
    to_milliseconds,
    to_timestamp,
)
from rum_replay._times import parse_rfc3339, rfc3339

from .loopback_peer import Loopback, serve
from .replay_driver import Driver
from .replay_samples import list_response

UUID = "5b1f6e80-7c24-4d39-8a55-c0e9d2f4713b"
BAD_IDS: list[Any] = ["", " ", "\t", ".", "..", "a\nb", "a\x00", "\x1f", "\x7f", "\x85", "a\u2028b", "\u2029", "\ud800"]
BAD_IDS += [None, 5, 5.0, b"id", ["id"], True]


@pytest.mark.parametrize("value", BAD_IDS, ids=ascii)
def test_unsafe_id_is_rejected(value: Any) -> None:
    with pytest.raises(InvalidRequestError, match="the_id"):
        check_id("the_id", value)


@pytest.mark.parametrize("value", ["...", "a..b", "%2e%2e", "a/b", "?x=1#y", "ä 💥", "-", "0", "a" * 5000, ".a", "..;"])
def test_any_other_id_is_accepted_unchanged(value: str) -> None:
    assert check_id("id", value) == value


@given(st.text())
def test_check_id_returns_the_id_or_raises_invalid_request_error(value: str) -> None:
    try:
        assert check_id("id", value) == value
    except InvalidRequestError:
        controls = any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in value)
        assert controls or value in (".", "..") or not value.strip()


@pytest.mark.parametrize("value", [0, 42, "42", "0", 2**63 - 1, str(2**63 - 1)])
def test_playlist_id_may_be_an_integer_or_a_string_of_digits(value: int | str) -> None:
    assert check_playlist_id(value) == int(value)


@pytest.mark.parametrize(
    "value", ["", ".", "..", "abc", "4.2", "-1", "+1", " 1", "1_0", "٤٢", "1" * 5000, -1, 2**63, str(2**63)], ids=ascii
)
def test_playlist_id_that_is_not_a_valid_number_is_rejected(value: Any) -> None:
    with pytest.raises(InvalidRequestError, match="playlist id must be a whole number") as caught:
        check_playlist_id(value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("value", [None, True, False, 4.0, b"4", [4]])
def test_playlist_id_of_the_wrong_type_is_rejected(value: Any) -> None:
    with pytest.raises(InvalidRequestError, match="playlist id"):
        check_playlist_id(value)


def test_each_id_in_a_list_is_checked() -> None:
    assert check_ids("ids", iter(["a", "b"])) == ["a", "b"]
    with pytest.raises(InvalidRequestError, match=r"ids\[1\] is '\.\.'"):
        check_ids("ids", ["a", ".."])
    with pytest.raises(InvalidRequestError, match="ids is empty"):
        check_ids("ids", [])
    with pytest.raises(InvalidRequestError, match="not one string"):
        check_ids("ids", "abc")
    with pytest.raises(InvalidRequestError, match="not NoneType") as caught:
        check_ids("ids", None)  # type: ignore[arg-type]
    assert caught.value.__context__ is None


def test_values_are_checked_for_type_and_range() -> None:
    assert check_text("x", "") == ""
    assert check_integer("x", -(2**63)) == -(2**63)
    assert check_count("x", 0, least=0) == 0
    assert check_size("x", 1) == 1
    assert check_number("x", 0.5, least=0.5) == 0.5
    assert check_instance("x", {}, dict, "a mapping") == {}
    assert list(check_each("x", iter([{}, {}]), dict, "a mapping")) == [{}, {}]
    with pytest.raises(InvalidRequestError, match=r"^x\[1\] must be a mapping, not str"):
        list(check_each("x", [{}, "text"], dict, "a mapping"))
    assert check_flag("x", False) is False
    assert [check_number("x", value) for value in (-(2**63), 2**63 - 1, 1.5, -1e300)] == [
        -(2**63),
        2**63 - 1,
        1.5,
        -1e300,
    ]
    refused: list[Callable[[], object]] = [
        lambda: check_text("x", 1),
        lambda: check_text("x", "\udfff"),
        lambda: check_integer("x", 1.0),
        lambda: check_integer("x", True),
        lambda: check_integer("x", 2**63),
        lambda: check_integer("x", -(2**63) - 1),
        lambda: check_count("x", -1, least=0),
        lambda: check_size("x", 0),
        lambda: check_number("x", "1"),
        lambda: check_number("x", True),
        lambda: check_number("x", None),
        lambda: check_number("x", 2**63),
        lambda: check_number("x", float("nan")),
        lambda: check_number("x", float("-inf")),
        lambda: check_number("x", -0.5, least=0),
        lambda: check_instance("x", "text", dict, "a mapping"),
        lambda: list(check_each("x", None, dict, "a mapping")),  # type: ignore[arg-type]
        lambda: check_flag("x", 1),
        lambda: check_flag("x", None),
    ]
    for check in refused:
        with pytest.raises(InvalidRequestError, match=r"^x "):
            check()


BERLIN = timezone(timedelta(hours=2))


def test_times_are_aware_datetimes_or_milliseconds() -> None:
    moment = datetime(2026, 7, 1, 14, 0, 0, 1999, tzinfo=BERLIN)
    assert to_milliseconds("ts", moment) == 1_782_907_200_001
    assert to_milliseconds("ts", 12) == 12
    assert to_milliseconds("ts", datetime(1969, 12, 31, 23, 59, 59, 999_500, tzinfo=UTC)) == -1
    assert to_datetime("ts", moment) == moment
    assert to_datetime("ts", 1_782_907_200_001) == datetime(2026, 7, 1, 12, 0, 0, 1000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (datetime(2026, 7, 1, 14, 0, 0, 1000, tzinfo=BERLIN), 1_782_907_200_001),
        (datetime(2026, 7, 1, 12, 0, 0, 1500, tzinfo=UTC), 1_782_907_200_001.5),
        (datetime(1969, 12, 31, 23, 59, 59, 999_500, tzinfo=UTC), -0.5),
        (1_782_907_200_001, 1_782_907_200_001),
        (0.25, 0.25),
    ],
)
def test_timestamp_keeps_fractions_of_a_millisecond(given: Any, expected: float) -> None:
    found = to_timestamp("at", given)
    assert (found, type(found)) == (expected, type(expected))


class NotATime(datetime):
    """Like pandas' NaT: a datetime that supports no operations."""

    def utcoffset(self) -> timedelta | None:
        raise ValueError("NaTType does not support utcoffset")


class AnotherYear(datetime):
    """Like pandas' times beyond the year 9999: C code sees another date."""

    @property
    def year(self) -> int:
        return 20_000


class Offset(tzinfo):
    """A time zone that raises or returns what it is given."""

    def __init__(self, outcome: Any) -> None:
        self.outcome = outcome

    def utcoffset(self, _: datetime | None) -> Any:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def dst(self, _: datetime | None) -> None:
        return None

    def tzname(self, _: datetime | None) -> None:
        return None


ODD_TIMES: dict[str, Any] = {
    "text": "2026-07-01T12:00:00Z",
    "digits": "1782907200000",
    "bytes": b"1782907200000",
    "nothing": None,
    "bool": True,
    "nan": float("nan"),
    "infinity": float("inf"),
    "beyond 64 bits": 2**63,
    "beyond the calendar": 253_402_300_800_000,
    "before the calendar": -62_135_596_800_001,
    "decimal": Decimal(1_782_907_200_000),
    "fraction": Fraction(3, 2),
    "complex": 1j,
    "duration": timedelta(1),
    "date": date(2026, 7, 1),
    "time of day": clock_time(12, 0, tzinfo=UTC),
    "struct_time": time.gmtime(0),
    "like NaT": NotATime(2026, 7, 1, tzinfo=UTC),
    "like a year of pandas": AnotherYear(2026, 7, 1, tzinfo=UTC),
    "naive": datetime(2026, 7, 1),
    "no offset": datetime(2026, 7, 1, tzinfo=Offset(None)),
    "broken zone": datetime(2026, 7, 1, tzinfo=Offset(LookupError("no such zone"))),
    "zone of the wrong type": datetime(2026, 7, 1, tzinfo=Offset("+02:00")),
    "offset of days": datetime(2026, 7, 1, tzinfo=Offset(timedelta(days=2))),
    "mock": MagicMock(),
    "mock of a datetime": MagicMock(spec=datetime),
}
SENT = [to_milliseconds, to_datetime]


@pytest.mark.parametrize("convert", [*SENT, to_timestamp])
@pytest.mark.parametrize("name", ODD_TIMES)
def test_odd_time_is_an_error_of_this_library(name: str, convert: Callable[[str, Any], object]) -> None:
    if convert is to_timestamp and "the calendar" in name:
        assert convert("ts", ODD_TIMES[name]) == ODD_TIMES[name]  # recordings hold what a device's clock said
        return
    with pytest.raises(InvalidRequestError, match=r"^ts ") as caught:
        convert("ts", ODD_TIMES[name])
    assert caught.value.__context__ is None


def test_naive_datetime_is_explained() -> None:
    for name in ("naive", "no offset"):
        with pytest.raises(InvalidRequestError, match=r"ts is a naive datetime.*timezone\.utc"):
            to_milliseconds("ts", ODD_TIMES[name])


@pytest.mark.parametrize("convert", SENT)
def test_time_in_seconds_is_refused_with_both_readings(convert: Callable[[str, Any], object]) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        convert("ts", 1_795_000_000)
    assert str(caught.value) == (
        "ts is in milliseconds: 1795000000 would be 1970-01-21T18:36:40Z; if it is meant as seconds "
        "(2026-11-18T11:06:40Z), give 1795000000000, otherwise an aware datetime"
    )
    for refused in (10**9, 10**10 - 1):
        with pytest.raises(InvalidRequestError, match="as seconds"):
            convert("ts", refused)
    for taken in (0, 1, -1, 10**9 - 1, 10**10, -(10**9) - 5, 10**12, 253_402_300_799_999, -62_135_596_800_000):
        assert to_milliseconds("ts", convert("ts", taken)) == taken  # type: ignore[arg-type]
    assert to_milliseconds("ts", datetime(1970, 1, 21, tzinfo=UTC)) == 1_728_000_000


@pytest.mark.parametrize("convert", SENT)
def test_time_in_microseconds_or_nanoseconds_is_refused(convert: Callable[[str, Any], object]) -> None:
    for value, unit in ((1_795_000_000_000_000, "microseconds"), (1_795_000_000_000_000_000, "nanoseconds")):
        with pytest.raises(InvalidRequestError, match=rf"as {unit} \(2026-11-18T11:06:40Z\), give 1795000000000$"):
            convert("ts", value)


def test_datetimes_that_are_sent_run_no_foreign_code() -> None:
    class Loud(datetime):
        def isoformat(self, *_: Any, **__: Any) -> str:
            raise AssertionError

        def __sub__(self, _: Any) -> Any:
            raise AssertionError

        def astimezone(self, *_: Any) -> Any:
            raise AssertionError

    given = Loud(2026, 7, 1, 14, 0, 0, 1000, tzinfo=Offset(timedelta(hours=2)))
    assert to_milliseconds("ts", given) == 1_782_907_200_001
    sent = to_datetime("ts", given)
    assert (type(sent), type(sent.tzinfo)) == (datetime, timezone)
    assert sent.isoformat() == "2026-07-01T14:00:00.001000+02:00"


def test_range_that_ends_before_it_begins_is_refused(sync_driver: Driver) -> None:
    viewership = sync_driver.open(lambda _: list_response()).viewership
    early, late = datetime(2026, 7, 1, tzinfo=UTC), 1_782_907_200_000
    with pytest.raises(InvalidRequestError) as caught:
        viewership.list_history(watched_after=late, watched_before=early)
    assert str(caught.value) == (
        "watched_before (2026-07-01T00:00:00.000Z) is earlier than watched_after (2026-07-01T12:00:00.000Z)"
    )
    for after, before in ((early, late), (late, late), (0, 0), (late, None), (None, early)):
        assert list(viewership.list_history(watched_after=after, watched_before=before)) == []


@pytest.mark.parametrize("convert", [to_milliseconds, to_datetime])
def test_times_sent_to_the_api_must_be_whole_milliseconds(convert: Callable[[str, Any], object]) -> None:
    with pytest.raises(InvalidRequestError, match=r"an aware datetime or a whole number of milliseconds .*, not float"):
        convert("ts", 1.5)


@pytest.mark.parametrize(
    ("time", "written"),
    [
        (1_782_907_200_250, "2026-07-01T12:00:00.250Z"),
        (datetime(2026, 7, 1, 14, 0, 0, 250_999, tzinfo=BERLIN), "2026-07-01T12:00:00.250Z"),
        (datetime(2026, 7, 1, 12, tzinfo=UTC), "2026-07-01T12:00:00.000Z"),
        (0, "1970-01-01T00:00:00.000Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (datetime(1, 1, 1, tzinfo=BERLIN), "0001-01-01T00:00:00.000+02:00"),
        (datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=2))), "9999-12-31T23:00:00.000-02:00"),
    ],
)
def test_times_are_formatted_as_rfc_3339(time: Any, written: str) -> None:
    assert rfc3339(time) == written
    assert rfc3339(time, "seconds") == re.sub(r"\.\d{3}", "", written)
    assert parse_rfc3339(written) - parse_rfc3339(rfc3339(time, "seconds")) < timedelta(seconds=1)


@pytest.mark.parametrize("text", ["2026-07-01T12:00:00", "2026-07-01", "12:00Z", "yesterday", "", "1782907200000"])
def test_text_that_is_not_a_time_with_an_offset_is_rejected(text: str) -> None:
    with pytest.raises(ValueError, match=f"^'{text}' (has no offset from UTC|is not a time)$") as caught:
        parse_rfc3339(text)
    assert caught.value.__context__ is None


def test_milliseconds_outside_the_calendar_are_rejected_with_our_own_error() -> None:
    with pytest.raises(InvalidRequestError, match="years 1 to 9999") as caught:
        to_datetime("timestamp", 2**62)
    assert caught.value.__context__ is None


@given(st.datetimes(timezones=st.timezones() | st.just(UTC)))
def test_any_aware_datetime_can_be_sent(moment: datetime) -> None:
    milliseconds = to_milliseconds("ts", moment)
    assert abs(milliseconds / 1000 - (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) < 0.002


CALLS_WITH_ID: list[Callable[[ReplayClient, Any], object]] = [
    lambda client, value: client.playlists.add_session(1, value),
    lambda client, value: client.playlists.remove_session(1, value),
    lambda client, value: client.playlists.remove_sessions(1, [value]),
    lambda client, value: client.heatmaps.delete(value),
    lambda client, value: client.heatmaps.update(value, event_id="e", is_device_type_selected_by_user=True, start=1),
    lambda client, value: client.viewership.record_watch(value, application_id="a", event_id="e"),
    lambda client, value: client.viewership.delete_watches(value),
    lambda client, value: client.viewership.list_watchers(value),
    lambda client, value: client.viewership.list_history(session_ids=[value]),
    lambda client, value: client.sessions.iter_segments(value, "v"),
    lambda client, value: client.sessions.iter_segments("s", value),
    lambda client, value: client.sessions.download_segments(value, "v", "/nonexistent/never-made"),
    lambda client, value: client.sessions.download_segments("s", value, "/nonexistent/never-made"),
]


@pytest.mark.parametrize("call", CALLS_WITH_ID)
def test_bad_id_is_rejected_before_any_request(driver: Driver, call: Callable[[ReplayClient, Any], object]) -> None:
    sent: list[object] = []
    client = driver.open(sent.append)  # type: ignore[arg-type]
    for value in ("", ".", "..", "a\r\nb", None):
        with pytest.raises(InvalidRequestError):
            call(client, value)
    assert sent == []


CALLS_WITH_PLAYLIST_ID: list[Callable[[ReplayClient, Any], object]] = [
    lambda client, value: client.playlists.get(value),
    lambda client, value: client.playlists.update(value, name="n"),
    lambda client, value: client.playlists.delete(value),
    lambda client, value: client.playlists.list_sessions(value),
    lambda client, value: client.playlists.add_session(value, "s"),
    lambda client, value: client.playlists.remove_session(value, "s"),
    lambda client, value: client.playlists.remove_sessions(value, ["s"]),
]


@pytest.mark.parametrize("call", CALLS_WITH_PLAYLIST_ID)
def test_bad_playlist_id_is_rejected_before_any_request(
    driver: Driver, call: Callable[[ReplayClient, Any], object]
) -> None:
    sent: list[object] = []
    client = driver.open(sent.append)  # type: ignore[arg-type]
    for value in ("..", "5/..", "", "x", None, -1):
        with pytest.raises(InvalidRequestError, match="playlist id"):
            call(client, value)
    assert sent == []


def test_id_with_a_comma_cannot_be_used_as_a_filter(driver: Driver) -> None:
    client = driver.open(lambda _: pytest.fail("sent"))
    with pytest.raises(InvalidRequestError, match=r"session_ids\[1\] holds a comma"):
        client.viewership.list_history(session_ids=["a", "b,c"])


@pytest.mark.parametrize(
    "value", ["ana@example.com", "Mira Holt", "7015524", "", "5b1f6e807c244d398a55c0e9d2f4713b", f" {UUID}", UUID[:-1]]
)
@pytest.mark.parametrize(
    "call",
    [
        lambda c, value: c.viewership.list_history(created_by=value),
        lambda c, value: c.playlists.list(created_by=value),
    ],
    ids=["viewership.list_history", "playlists.list"],
)
def test_a_user_that_is_not_named_by_a_uuid_is_rejected_before_any_request(
    driver: Driver, call: Callable[[ReplayClient, str], object], value: str
) -> None:
    client = driver.open(lambda _: pytest.fail("sent"))
    with pytest.raises(InvalidRequestError, match="created_by must be the UUID of a user") as caught:
        call(client, value)
    assert repr(value) in str(caught.value)


@pytest.mark.parametrize("value", [UUID, UUID.upper()])
def test_a_uuid_is_sent_as_it_is(value: str) -> None:
    assert check_user_uuid("created_by", value) == value


def test_arguments_too_long_for_a_url_are_rejected_without_a_retry(driver: Driver) -> None:
    client = driver.open(lambda _: pytest.fail("sent"))
    with pytest.raises(InvalidRequestError, match="no URL"):
        list(client.playlists.list(query="x" * 100_000))
    with pytest.raises(InvalidRequestError, match="no URL"):
        client.heatmaps.delete("x" * 100_000)
    assert driver.clock.slept == []


@pytest.fixture(scope="module")
def client_and_server() -> Iterator[tuple[ReplayClient, Loopback]]:
    driver = Driver("sync")
    with serve(lambda received: received.respond(204)) as server:
        yield driver.open(server.url), server
        driver.close()


@given(session_id=st.text(min_size=1, max_size=40))
def test_every_id_reaches_the_server_unchanged(
    session_id: str, client_and_server: tuple[ReplayClient, Loopback]
) -> None:
    try:
        check_id("id", session_id)
    except InvalidRequestError:
        assume(False)
    client, server = client_and_server
    client.playlists.remove_session(5, session_id)
    path = urlsplit(server.received[-1].target).path
    assert path.isascii()
    *front, last = path.split("/")
    assert "/".join(front) == "/api/v2/rum/replay/playlists/5/sessions"
    assert unquote(last, errors="strict") == session_id


@pytest.mark.parametrize("value", [10**5000, -(10**5000), 2**63], ids=["huge", "hugely negative", "just beyond"])
def test_playlist_id_beyond_64_bits_is_rejected_without_printing_it(value: int) -> None:
    with pytest.raises(InvalidRequestError, match=r"playlist id .* not one beyond 64 bits"):
        check_playlist_id(value)


def test_time_whose_utc_offset_has_seconds_is_sent_in_utc() -> None:
    local_mean_time = timezone(timedelta(hours=1, minutes=0, seconds=30))
    sent = to_datetime("timestamp", datetime(2026, 7, 1, 12, 0, 30, tzinfo=local_mean_time))
    assert sent.isoformat() == "2026-07-01T11:00:00+00:00"
    with pytest.raises(InvalidRequestError, match="not a date in the years 1 to 9999 in UTC"):
        to_datetime("timestamp", datetime(1, 1, 1, tzinfo=local_mean_time))
    plain = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    assert to_datetime("timestamp", plain).isoformat() == "2026-07-01T12:00:00+02:00"
