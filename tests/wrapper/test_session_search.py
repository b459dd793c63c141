"""`sessions.search` and `sessions.views`: events of views become sessions with all their views."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import httpx
import pytest
from rum_replay import (
    InvalidRequestError,
    PartialResultWarning,
    PermissionDeniedError,
    RumEvent,
    ServerError,
    query,
)
from rum_replay._found_sessions import SessionBatches, query_for_sessions

from .event_samples import START, WINDOW, bodies, client_of, emulator_with, event, session, view
from .replay_driver import Driver

CHECKOUT = query.url_path("/checkout")


def many(count: int, views: int = 3) -> list[dict[str, Any]]:
    """Sessions one after the other, five minutes apart, each with a checkout as its second view."""
    events: list[dict[str, Any]] = []
    for number in range(count):
        name = f"session-{number:03}"
        events.append(session(len(events), name, at=number * 5, is_active=False, time_spent=4 * 60 * 10**9))
        for index in range(views):
            path = "/checkout" if index == 1 else "/"
            events.append(view(len(events), name, f"{name}-{index}", at=number * 5 + index, url_path=path))
    return events


def ids(found: Any) -> list[str]:
    return [one.id for one in found]


def test_sessions_are_grouped_and_completed_by_the_views_that_the_query_did_not_find(driver: Driver) -> None:
    client = client_of(driver, emulator_with(many(3)))
    found = list(client.sessions.search(CHECKOUT, **WINDOW))
    assert ids(found) == ["session-000", "session-001", "session-002"]
    second = found[1]
    assert ids(second.views) == ["session-001-0", "session-001-1", "session-001-2"]
    assert (second.application_id, second.started_at) == ("app", START + timedelta(minutes=5))
    assert (second.duration, second.completed) == (240_000, True)
    assert second.event is not None
    assert second.event.type == "session"


@pytest.mark.parametrize("hostile", ["a\nb", "\x1b[2J", "", " ", ".."])
def test_ids_of_sessions_that_no_query_can_hold_count_as_missing(sync_driver: Driver, hostile: str) -> None:
    """The token of a page is public, so events can have any ids."""
    client = client_of(sync_driver, emulator_with([*many(1), view(90, hostile, "v")]))
    assert ids(client.sessions.search(**WINDOW)) == ["session-000"]
    found = {event.id: event for event in client.events.search(**WINDOW)}
    assert found["event-000090"].session_id is None
    assert found["event-000090"].attributes["session"]["id"] == hostile


def test_a_session_comes_once_however_many_of_its_events_match(driver: Driver) -> None:
    client = client_of(driver, emulator_with(many(2, views=9)))
    assert ids(client.sessions.search(**WINDOW)) == ["session-000", "session-001"]


def test_events_of_sessions_that_alternate_over_pages_are_put_together(sync_driver: Driver) -> None:
    """1,200 views in turn of 30 sessions: the first page does not hold all of any."""
    events = [view(number, f"s{number % 30:02}", f"v{number:04}", at=number / 10) for number in range(1_200)]
    found = list(client_of(sync_driver, emulator_with(events)).sessions.search(**WINDOW))
    assert ids(found) == [f"s{number:02}" for number in range(30)]
    assert {len(one.views) for one in found} == {40}
    assert [view.id for view in found[7].views] == [f"v{number:04}" for number in range(7, 1_200, 30)]


def test_sessions_are_found_as_they_are_needed(driver: Driver) -> None:
    emulator = emulator_with(many(45))
    search = client_of(driver, emulator).sessions.search(CHECKOUT, **WINDOW)
    assert bodies(emulator) == []
    iterator = iter(search)
    assert len(list(islice(iterator, 20))) == 20
    ends_with_an_empty_page = 2
    assert len(bodies(emulator)) == 1 + ends_with_an_empty_page
    next(iterator)
    assert len(bodies(emulator)) == 1 + 2 * ends_with_an_empty_page
    assert len(list(iterator)) == 24


def test_the_requests_ask_for_views_then_for_everything_of_at_most_twenty_sessions(sync_driver: Driver) -> None:
    emulator = emulator_with(many(21), last_event_page_is_empty=False)
    list(client_of(sync_driver, emulator).sessions.search(CHECKOUT, **WINDOW))
    first, twenty, one = bodies(emulator)
    assert first["filter"]["query"] == f'@type:"view" {CHECKOUT} @session.has_replay:true'
    assert (first["sort"], first["page"]) == ("timestamp", {"limit": 1000})
    names = " OR ".join(f'"session-{number:03}"' for number in range(20))
    assert twenty["filter"]["query"] == f'@type:("session" OR "view") @session.id:({names})'
    assert one["filter"]["query"] == '@type:("session" OR "view") @session.id:"session-020"'
    # From 4 hours before the first event that was found until 4 hours after the last, both a checkout.
    assert twenty["filter"]["from"] == "2026-07-01T06:01:00.000Z"
    assert twenty["filter"]["to"] == "2026-07-01T15:36:00.000Z"


@pytest.mark.parametrize("hours", [-3.9, 3.9])
def test_views_outside_of_the_time_range_are_found_too(sync_driver: Driver, hours: float) -> None:
    events = [view(1, "s", "inside", at=60, url_path="/checkout"), view(2, "s", "outside", at=60 + hours * 60)]
    period: dict[str, Any] = {"start": START, "end": START + timedelta(hours=2)}
    (found,) = client_of(sync_driver, emulator_with(events)).sessions.search(CHECKOUT, **period)
    assert sorted(ids(found.views)) == ["inside", "outside"]


@pytest.mark.parametrize(("limit", "requests"), [(0, 0), (1, 2), (3, 2), (20, 2), (21, 3), (99, 4)])
def test_a_limit_caps_the_sessions_and_fetches_nothing_unneeded(sync_driver: Driver, limit: int, requests: int) -> None:
    emulator = emulator_with(many(45), last_event_page_is_empty=False)
    found = ids(client_of(sync_driver, emulator).sessions.search(CHECKOUT, limit=limit, **WINDOW))
    assert found == [f"session-{number:03}" for number in range(45)][:limit]
    assert len(bodies(emulator)) == requests


@pytest.mark.parametrize(
    ("completed", "limit", "expected"),
    [
        (None, None, ["ended", "running", "unknown"]),
        (True, None, ["ended"]),
        (False, None, ["running"]),
        (True, 1, ["ended"]),
        (False, 1, ["running"]),
        (None, 2, ["ended", "running"]),
    ],
)
def test_completed_is_what_the_event_of_the_session_says(
    sync_driver: Driver, completed: bool | None, limit: int | None, expected: list[str]
) -> None:
    events = [view(number, name, name) for number, name in enumerate(("ended", "running", "unknown"))]
    events += [session(7, "ended", is_active=False), session(8, "running", is_active=True), session(9, "unknown")]
    found = client_of(sync_driver, emulator_with(events)).sessions.search(completed=completed, limit=limit, **WINDOW)
    assert [(one.id, one.completed) for one in found] == [
        (name, {"ended": True, "running": False}.get(name)) for name in expected
    ]


def test_sessions_that_are_left_out_do_not_make_batches_smaller(sync_driver: Driver) -> None:
    events = [*(view(number, f"running-{number:02}", "v") for number in range(30)), view(30, "ended", "v")]
    emulator = emulator_with([*events, session(31, "ended", is_active=False)], last_event_page_is_empty=False)
    found = client_of(sync_driver, emulator).sessions.search(completed=True, limit=1, **WINDOW)
    assert ids(found) == ["ended"]
    assert len(bodies(emulator)) == 1 + 2


@pytest.mark.parametrize(
    ("has_replay", "expected"), [(True, ["with"]), (False, ["without"]), (None, ["with", "without"])]
)
def test_events_of_sessions_without_a_replay_lack_the_attribute(
    sync_driver: Driver, has_replay: bool | None, expected: list[str]
) -> None:
    events = [view(1, "with", "v1"), event(2, session={"id": "without"}, view={"id": "v2"})]
    found = client_of(sync_driver, emulator_with(events)).sessions.search(has_replay=has_replay, **WINDOW)
    assert ids(found) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("*", '@type:"view"'),
        ("@a:1 OR @b:2", '@type:"view" (@a:1 OR @b:2)'),
        ("@type:error @error.source:network", "@type:error @error.source:network"),
        ("(@type:error OR @type:action)", "(@type:error OR @type:action)"),
        ("-@type:error", '@type:"view" -@type:error'),
        ("@context.@type:x", '@type:"view" @context.@type:x'),
        ('@view.name:"@type:error"', '@type:"view" @view.name:"@type:error"'),
        (r"@view.name:\@type:error", r'@type:"view" @view.name:\@type:error'),
        ('@view.name:"a\\" @type:error"', '@type:"view" @view.name:"a\\" @type:error"'),
    ],
)
def test_a_query_is_about_views_unless_it_says_otherwise(given: str, expected: str) -> None:
    assert query_for_sessions(given, None) == expected


def test_a_query_about_errors_leads_to_sessions_with_all_views(sync_driver: Driver) -> None:
    error = event(9, at=1.5, kind="error", session={"id": "session-000", "has_replay": True}, view={"id": "x"})
    client = client_of(sync_driver, emulator_with([*many(2), error]))
    (found,) = client.sessions.search("@type:error", **WINDOW)
    assert (found.id, len(found.views)) == ("session-000", 3)


def test_what_only_the_first_query_found_is_not_lost(sync_driver: Driver) -> None:
    wires = [view(1, "s", "v1"), view(2, "s", "v2")]
    answers = [{"data": wires}, {"data": []}]
    client = sync_driver.open(lambda _: httpx.Response(200, json=answers.pop(0)))
    (found,) = client.sessions.search(**WINDOW)
    assert ids(found.views) == ["v1", "v2"]
    assert (found.duration, found.completed, found.event) == (None, None, None)


def test_a_view_that_comes_several_times_counts_once_as_it_was_last(sync_driver: Driver) -> None:
    events = [
        view(1, "s", "v", at=1, time_spent=5_000_000, url="u1"),
        view(2, "s", "v", at=1, time_spent=9_000_000, url="u2"),
        view(3, "s", "v", at=1, time_spent=7_000_000, url="u3"),
        session(4, "s", is_active=True, time_spent=8_000_000, at=0),
        session(5, "s", is_active=False, time_spent=9_500_000, at=0),
    ]
    (found,) = client_of(sync_driver, emulator_with(events)).sessions.search(**WINDOW)
    (only,) = found.views
    assert (only.duration, only.url) == (9, "u2")
    assert (found.duration, found.completed) == (9.5, True)


@pytest.mark.parametrize("partial_request", [0, 1])
def test_a_search_of_which_any_part_timed_out_is_not_silently_partial(driver: Driver, partial_request: int) -> None:
    emulator = emulator_with(many(2), last_event_page_is_empty=False)
    for number in range(2):
        emulator.faults.add(operation="SearchRUMEvents", partial=number == partial_request, delay=0.001, times=1)
    search = client_of(driver, emulator).sessions.search(CHECKOUT, **WINDOW)
    with pytest.warns(PartialResultWarning) as issued:
        assert len(list(search)) == 2 - (partial_request == 0)
    assert len(issued) == 1
    assert search.partial == ("the search ended with the status 'timeout'",)


def test_a_warning_names_the_line_that_searches(sync_driver: Driver) -> None:
    emulator = emulator_with(many(1))
    emulator.faults.add(operation="SearchRUMEvents", partial=True, times=None)
    client = client_of(sync_driver, emulator)
    for search in (
        client.events.search(**WINDOW),
        client.sessions.search(**WINDOW),
        client.sessions.views("session-000", **WINDOW),
    ):
        with pytest.warns(PartialResultWarning) as issued:
            list(search)
        assert [one.filename for one in issued] == [__file__]


def test_after_an_error_iterating_goes_on_with_the_same_sessions(driver: Driver) -> None:
    emulator = emulator_with(many(25), last_event_page_is_empty=False)
    iterator = iter(client_of(driver, emulator).sessions.search(CHECKOUT, **WINDOW))
    emulator.faults.add(operation="SearchRUMEvents", delay=0.001, times=1)
    emulator.faults.add(operation="SearchRUMEvents", status=500, times=4)
    with pytest.raises(ServerError):
        next(iterator)
    found = list(iterator)
    assert ids(found) == [f"session-{number:03}" for number in range(25)]
    assert {len(one.views) for one in found} == {3}


def test_a_403_names_the_permission(sync_driver: Driver) -> None:
    client = sync_driver.open(lambda _: httpx.Response(403))
    for found in (client.sessions.search(**WINDOW), client.sessions.views("s")):
        with pytest.raises(PermissionDeniedError, match="rum_apps_read"):
            list(found)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"query": ""}, "query"),
        ({"query": '"'}, "lacks a"),
        ({"query": 5}, "query"),
        ({"completed": "yes"}, "completed"),
        ({"has_replay": 1}, "has_replay"),
        ({"limit": -1}, "limit"),
        ({"end": START - timedelta(days=1)}, "earlier"),
    ],
)
def test_arguments_that_make_no_search_are_refused_at_once(
    sync_driver: Driver, changed: dict[str, Any], named: str
) -> None:
    client = client_of(sync_driver, emulator_with([]))
    with pytest.raises(InvalidRequestError, match=named):
        client.sessions.search(**{**WINDOW, **changed})


def test_views_of_a_session_in_order_with_what_is_known_of_them(driver: Driver) -> None:
    details = {"name": "Pay", "url": "https://shop.example/pay", "time_spent": 2_500_000_000}
    late = view(1, "s", "late", at=8, **details)
    late["attributes"]["attributes"]["_dd"] = {"replay_stats": {"segments_count": 4}}
    events = [late, view(2, "s", "early", at=3), view(3, "other", "x"), session(4, "s", at=0)]
    client = client_of(driver, emulator_with(events))
    search = client.sessions.views("s", **WINDOW)
    early, found = search
    assert (early.id, early.url, early.name, early.duration, early.segments) == ("early", None, None, None, None)
    assert (found.id, found.session_id, found.application_id) == ("late", "s", "app")
    assert (found.name, found.url, found.duration, found.segments) == ("Pay", "https://shop.example/pay", 2500, 4)
    assert (found.started_at, found.has_replay) == (START + timedelta(minutes=8), True)
    assert found.event.to_dict() == late
    assert "shop.example" not in repr(found)
    assert search.partial == ()
    assert ids(search) == ["early", "late"]


def test_views_are_looked_for_in_the_last_30_days(sync_driver: Driver) -> None:
    emulator = emulator_with([])
    assert list(client_of(sync_driver, emulator).sessions.views('a "b"')) == []
    (asked,) = bodies(emulator)
    now = datetime.fromtimestamp(sync_driver.clock.unix_time, UTC)
    start, end = (datetime.fromisoformat(asked["filter"][key]) for key in ("from", "to"))
    assert (start, end) == (now - timedelta(days=30), now)
    assert asked["filter"]["query"] == '@type:"view" @session.id:"a \\"b\\""'


def test_views_of_which_some_are_missing_are_not_silently_partial(driver: Driver) -> None:
    emulator = emulator_with(many(1))
    emulator.faults.add(operation="SearchRUMEvents", partial=True, times=1)
    search = client_of(driver, emulator).sessions.views("session-000", **WINDOW)
    with pytest.warns(PartialResultWarning):
        found = list(search)
    assert len(found) < 3
    assert search.partial


def seen(minute: int, session_id: str) -> RumEvent:
    at = START + timedelta(minutes=minute)
    return RumEvent(id=None, type="view", timestamp=at, session_id=session_id, view_id="v", application_id=None)


def test_only_the_sessions_of_some_hours_are_remembered() -> None:
    """A session a minute for five days: what is held does not grow with the time range."""
    batches, most, found = SessionBatches(), 0, 0
    for minute in range(5 * 24 * 60):
        batches.add(seen(minute, f"s{minute}"))
        most = max(most, len(batches._seen) + len(batches._events))
        if batches.is_full and (batch := batches.take()):
            found += len(batch.ids)
    assert found == 5 * 24 * 60
    assert most <= 8 * 60 + 1 + 20


def test_a_session_that_goes_on_for_four_hours_is_not_forgotten_meanwhile() -> None:
    batches, found = SessionBatches(), list[str]()
    for minute in range(4 * 60):
        batches.add(seen(minute, "long"))
        batches.add(seen(minute, f"s{minute}"))
        if batches.is_full and (batch := batches.take()):
            found += batch.ids
    assert found.count("long") == 1


def test_events_without_session_view_or_time_are_no_failure(sync_driver: Driver) -> None:
    wires: list[dict[str, Any]] = [
        {},
        {"id": "1", "attributes": {"attributes": {"type": "view", "session": {"id": "s"}}}},
        {"id": "2", "attributes": {"attributes": {"type": "view", "session": {"id": "s"}, "view": {"id": "v"}}}},
        {"id": "3", "attributes": {"attributes": {"type": "view", "view": {"id": "w", "time_spent": "long"}}}},
    ]
    asked: list[dict[str, Any]] = []

    def peer(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content))
        return httpx.Response(200, json={"data": wires})

    (found,) = sync_driver.open(peer).sessions.search(**WINDOW)
    assert (found.id, ids(found.views), found.started_at, found.duration) == ("s", ["v"], None, None)
    assert asked[1]["filter"]["from"] == "2026-07-01T06:00:00.000Z"  # 4 hours around the whole search
    assert asked[1]["filter"]["to"] == "2026-07-02T14:00:00.000Z"


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"])
def test_the_first_and_the_last_hours_of_the_calendar_are_no_failure(sync_driver: Driver, time: str) -> None:
    wire = view(1, "s", "v")
    wire["attributes"]["timestamp"] = time
    client = sync_driver.open(lambda _: httpx.Response(200, json={"data": [wire]}))
    assert ids(client.sessions.search(**WINDOW)) == ["s"]
