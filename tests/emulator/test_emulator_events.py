"""The search for RUM events: its pages, times and limits, and the events of recorded sessions."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest
from rum_replay_emulator import Assumptions, Emulator
from rum_replay_emulator.mobile_sample import load_mobile_sample
from rum_replay_emulator.sample import load_sample

from .emulator_api import Api, ApiOf

SEARCH = "/api/v2/rum/events/search"
ALL = {"from": "0", "to": "4102444800000"}


def event(id: str, timestamp: str, **own: Any) -> dict[str, Any]:
    return {"id": id, "type": "rum", "attributes": {"timestamp": timestamp, "attributes": {"type": "view", **own}}}


def day(number: int) -> str:
    return f"2026-06-{number:02}T00:00:00Z"


def asked(api: Api, query: str = "*", /, **body: Any) -> httpx.Response:
    return api.post(SEARCH, json={"filter": {"query": query, **ALL}, **body})


def found(api: Api, query: str = "*", /, **body: Any) -> list[str]:
    response = asked(api, query, **body)
    assert response.status_code == 200, response.text
    return [one["id"] for one in response.json()["data"]]


def refusal(response: httpx.Response) -> str:
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    return str(error)


@pytest.fixture
def filled(api: Api) -> Api:
    api.emulator.load_events(event(f"e{number:02}", day(number)) for number in range(1, 13))
    return api


def test_events_are_sorted_by_their_time_then_their_id(api: Api) -> None:
    times = {"b": day(2), "a": day(2), "c": day(1)}
    api.emulator.load_events(event(name, time) for name, time in times.items())
    assert found(api, sort="timestamp") == ["c", "a", "b"]
    assert found(api, sort="-timestamp") == ["b", "a", "c"]


@pytest.mark.parametrize(("assumed", "expected"), [("-timestamp", ["e12", "e11"]), ("timestamp", ["e01", "e02"])])
def test_the_order_without_a_sort_is_an_assumption(api_of: ApiOf, assumed: Any, expected: list[str]) -> None:
    api = api_of(Emulator(assumptions=Assumptions(default_event_sort=assumed)))
    api.emulator.load_events(event(f"e{number:02}", day(number)) for number in range(1, 13))
    assert found(api, page={"limit": 2}) == expected


def test_a_page_has_ten_events_unless_a_limit_says_otherwise(filled: Api) -> None:
    assert len(found(filled)) == 10
    assert len(found(filled, page={"limit": 1000})) == 12


@pytest.mark.parametrize("order", ["timestamp", "-timestamp"])
@pytest.mark.parametrize("limit", [1, 5, 12])
def test_cursors_lead_through_all_events_once(filled: Api, order: str, limit: int) -> None:
    seen: list[str] = []
    page: dict[str, Any] = {"limit": limit}
    for _ in range(20):
        body = asked(filled, sort=order, page=page).json()
        seen += [one["id"] for one in body["data"]]
        if "page" not in body["meta"]:
            break
        page["cursor"] = body["meta"]["page"]["after"]
    assert body["data"] == []  # the last page is empty, as in recorded answers
    assert seen == sorted(seen, reverse=order == "-timestamp")
    assert len(seen) == 12


def test_a_cursor_is_the_id_of_the_last_event_in_base64(filled: Api) -> None:
    body = asked(filled, sort="timestamp", page={"limit": 2}).json()
    after = body["meta"]["page"]["after"]
    assert json.loads(base64.b64decode(after + "=" * (-len(after) % 4))) == {"after": "e02"}
    assert (body["meta"]["status"], body["meta"]["warnings"]) == ("done", [])


def test_without_an_empty_last_page_the_last_events_have_no_cursor(api_of: ApiOf) -> None:
    api = api_of(Emulator(assumptions=Assumptions(last_event_page_is_empty=False)))
    api.emulator.load_events(event(f"e{number}", day(number)) for number in range(1, 5))
    first = asked(api, page={"limit": 2}).json()["meta"]["page"]["after"]
    assert "page" not in asked(api, page={"limit": 2, "cursor": first}).json()["meta"]


@pytest.mark.parametrize("cursor", ["x", "!", "", "eyJhZnRlciI6Im5vbmUifQ", "W10", "bnVsbA"])
def test_an_unknown_cursor_is_400_by_assumption(filled: Api, api_of: ApiOf, cursor: str) -> None:
    assert "page.cursor" in refusal(asked(filled, page={"cursor": cursor}))
    lenient = api_of(Emulator(assumptions=Assumptions(unknown_event_cursor_is_400=False)))
    lenient.emulator.load_events([event("a", day(1))])
    assert found(lenient, page={"cursor": cursor}) == []


def test_an_event_that_arrives_later_is_found_from_a_cursor_on(filled: Api) -> None:
    after = asked(filled, sort="timestamp", page={"limit": 11}).json()["meta"]["page"]["after"]
    filled.emulator.load_events([event("later", day(20)), event("earlier", day(1))])
    assert found(filled, sort="timestamp", page={"cursor": after}) == ["e12", "later"]


@pytest.mark.parametrize("limit", [1001, 2**31, "5", 1.5])
def test_a_limit_beyond_what_is_documented_is_400(filled: Api, limit: Any) -> None:
    assert "limit" in refusal(asked(filled, page={"limit": limit}))


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_the_default_or_400_by_assumption(filled: Api, api_of: ApiOf, limit: int) -> None:
    assert len(found(filled, page={"limit": limit})) == 10
    strict = api_of(Emulator(assumptions=Assumptions(paging_below_range_is_400=True)))
    assert "page.limit" in refusal(asked(strict, page={"limit": limit}))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-06-02T00:00:00Z", "2026-06-03T00:00:00Z", ["e02", "e03"]),
        ("2026-06-02T00:00:00.001Z", "2026-06-02T23:59:59Z", []),
        ("2026-06-02T02:00:00+02:00", "2026-06-02T02:00:00+02:00", ["e02"]),
        ("1780358400000", "1780358400000", ["e02"]),
        ("now-30d", "now-27d", ["e02", "e03", "e04"]),  # now is noon of July 1
        ("now-708h", "now-707h", ["e02"]),
        ("now-4w", "now-39600m", ["e04"]),
        ("now", "now+1d", []),
        ("2026-06-03T00:00:00Z", "2026-06-02T00:00:00Z", []),
    ],
)
def test_times_are_dates_date_math_or_milliseconds(filled: Api, start: str, end: str, expected: list[str]) -> None:
    response = filled.post(SEARCH, json={"filter": {"from": start, "to": end}, "sort": "timestamp"})
    assert [one["id"] for one in response.json()["data"]] == expected


def test_by_default_the_last_quarter_of_an_hour_is_searched(api: Api) -> None:
    api.emulator.load_events([event("old", "2026-07-01T11:44:59Z"), event("new", "2026-07-01T11:45:00Z")])
    assert [one["id"] for one in api.post(SEARCH, json={}).json()["data"]] == ["new"]


def test_whether_the_end_is_part_of_the_range_is_an_assumption(api_of: ApiOf) -> None:
    api = api_of(Emulator(assumptions=Assumptions(event_at_end_is_found=False)))
    api.emulator.load_events([event("a", day(1)), event("b", day(2))])
    response = api.post(SEARCH, json={"filter": {"from": day(1), "to": day(2)}})
    assert [one["id"] for one in response.json()["data"]] == ["a"]


@pytest.mark.parametrize(
    "time", ["", "yesterday", "now-7x", "2026-06-01", "2026-06-01T00:00:00", "2026-02-30T00:00:00Z", "-5", "9" * 17]
)
@pytest.mark.parametrize("name", ["from", "to"])
def test_other_times_are_400(api: Api, name: str, time: str) -> None:
    assert refusal(api.post(SEARCH, json={"filter": {name: time}})).startswith(f"filter.{name}: must be a time")


def test_a_query_that_is_not_understood_is_400_with_its_place(api: Api) -> None:
    assert refusal(asked(api, "@type:view checkout")).startswith("query, character 12: expected name:value")


def test_timezone_and_offset_exclude_each_other_by_assumption(api: Api, api_of: ApiOf) -> None:
    both = {"timezone": "UTC", "time_offset": 5}
    assert "timezone" in refusal(asked(api, options=both))
    assert found(api, options={"timezone": "UTC"}) == found(api, options={"time_offset": 5}) == []
    assert found(api_of(Emulator(assumptions=Assumptions(timezone_with_offset_is_400=False))), options=both) == []


def test_an_event_with_the_id_of_another_takes_its_place(api: Api) -> None:
    api.emulator.load_events([event("a", day(1), n=1)])
    api.emulator.load_events([event("a", day(2), n=2)])
    (only,) = asked(api).json()["data"]
    assert only == event("a", day(2), n=2)


@pytest.mark.parametrize(
    ("wire", "reason"),
    [
        ({"type": "rum", "attributes": {"timestamp": day(1)}}, "needs an id"),
        ({"id": "a", "type": "rum", "attributes": {}}, "needs an id and attributes.timestamp"),
        ({"id": 5, "attributes": {"timestamp": day(1)}}, "id"),
        ({"id": "a", "attributes": {"timestamp": "today"}}, "timestamp"),
    ],
)
def test_loading_checks_events_and_loads_all_or_none(api: Api, wire: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=f"event 1: .*{reason}"):
        api.emulator.load_events([event("ok", day(1)), wire])
    assert found(api) == []


def test_loaded_events_are_copies_and_are_forgotten_by_a_reset(api: Api) -> None:
    mine = event("a", day(1), n=1)
    api.emulator.load_events([mine])
    mine["attributes"]["attributes"]["n"] = 2
    assert found(api, "@n:1") == ["a"]
    api.emulator.reset()
    assert found(api) == []


def test_a_partial_answer_has_half_of_the_events_and_says_so(filled: Api) -> None:
    filled.emulator.faults.add(operation="SearchRUMEvents", partial=True, times=1)
    response = asked(filled, page={"limit": 4}, sort="timestamp")
    assert response.status_code == 200
    assert response.json()["meta"]["status"] == "timeout"
    assert [one["id"] for one in response.json()["data"]] == ["e01", "e02"]
    assert asked(filled).json()["meta"]["status"] == "done"


def test_a_refusal_is_never_partial(filled: Api) -> None:
    filled.emulator.faults.add(operation="SearchRUMEvents", partial=True, times=1)
    assert asked(filled, "checkout").json().keys() == {"errors"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"operation": "GetSegments"},
        {"operation": None},
        {"operation": "SearchRUMEvents", "status": 500},
        {"operation": "SearchRUMEvents", "body": "x"},
        {"operation": "SearchRUMEvents", "timeout": "read"},
        {"operation": "SearchRUMEvents", "disconnect": "before"},
    ],
)
def test_partial_is_for_real_answers_of_a_search(emulator: Emulator, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="partial"):
        emulator.faults.add(partial=True, **wrong)


def test_a_recorded_session_is_found_with_its_views_and_clicks(api: Api) -> None:
    sample = load_sample()
    api.emulator.load_session(sample)
    (session,) = asked(api, "@type:session").json()["data"]
    own = session["attributes"]["attributes"]
    assert own["session"]["id"] == sample.session_id
    assert (own["session"]["is_active"], own["session"]["has_replay"]) == (False, True)
    assert own["session"]["time_spent"] == (sample.views[-1].end - sample.views[0].start) * 1_000_000
    assert own["session"]["view"]["count"] == 2
    views = asked(api, "@type:view", sort="timestamp").json()["data"]
    assert [one["attributes"]["attributes"]["view"]["id"] for one in views] == [one.view_id for one in sample.views]
    assert [one["attributes"]["attributes"]["view"]["url_path"] for one in views] == ["/", "/second"]
    stats = [one["attributes"]["attributes"]["_dd"]["replay_stats"] for one in views]
    assert [one["segments_count"] for one in stats] == [3, 1]
    assert [one["records_count"] for one in stats] == [117, 12]
    clicks = [one["attributes"]["attributes"]["view"]["action"]["count"] for one in views]
    assert len(found(api, "@type:action @action.type:click", page={"limit": 1000})) == sum(clicks) == 15
    assert own["session"]["action"]["count"] == 15


def test_the_events_of_a_session_say_that_it_ended_an_hour_ago_or_when_asked(api: Api) -> None:
    sample = load_sample()
    api.emulator.load_session(sample)
    last = {"filter": {"query": "@view.url_path:*second", "from": "now-3601s", "to": "now-3600s"}}
    (view, *_) = api.post(SEARCH, json={**last, "sort": "timestamp"}).json()["data"]
    assert view["attributes"]["timestamp"] == "2026-07-01T10:59:59.100Z"
    api.emulator.load_session(sample, ended_at=sample.views[-1].end)
    (view, *_) = asked(api, "@view.url_path:*second @type:view").json()["data"]
    assert view["attributes"]["timestamp"] == "2026-11-21T03:00:10.260Z"
    assert sample.events()[0]["attributes"]["timestamp"] == "2026-11-21T02:59:57.735Z"


def test_a_session_of_a_mobile_app_has_events_without_addresses(api: Api) -> None:
    mobile = load_mobile_sample()
    api.emulator.load_session(mobile)
    (view,) = asked(api, "@type:view").json()["data"]
    assert view["attributes"]["attributes"]["view"].keys() == {"id", "time_spent", "is_active", "action"}
    assert api.get(
        f"/api/v2/rum/replay/sessions/{mobile.session_id}/views/{mobile.views[0].view_id}/segments"
    ).is_success
