"""`events.search`: lazily, page by page, and never silently partial."""

from __future__ import annotations

import json
import warnings
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from rum_replay import (
    BadRequestError,
    EventPage,
    InvalidRequestError,
    PartialResultWarning,
    PermissionDeniedError,
    RumEvent,
    SearchWarning,
    UnexpectedResponseError,
)
from rum_replay._times import rfc3339

from .event_samples import END, START, WINDOW, bodies, client_of, emulator_with, event, view
from .replay_driver import Driver
from .replay_samples import EXAMPLES


def ids(events: Any) -> list[str]:
    return [one.id for one in events]


def numbered(*numbers: int) -> list[str]:
    return [f"event-{number:06}" for number in numbers]


class Pages:
    """Answers with one body after the other; one more request is an IndexError."""

    def __init__(self, *answers: dict[str, Any] | int) -> None:
        self.answers = [*answers]
        self.asked: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(json.loads(request.content))
        answer = self.answers[len(self.asked) - 1]
        return httpx.Response(answer) if isinstance(answer, int) else httpx.Response(200, json=answer)

    @property
    def cursors(self) -> list[str | None]:
        return [body["page"].get("cursor") for body in self.asked]


def page(*numbers: int, after: str | None = None, **meta: Any) -> dict[str, Any]:
    return {
        "data": [event(number) for number in numbers],
        "meta": {**({"page": {"after": after}} if after else {}), **meta},
    }


def test_events_are_found_page_by_page_as_they_are_needed(driver: Driver) -> None:
    emulator = emulator_with(event(number) for number in range(7))
    search = client_of(driver, emulator).events.search(page_size=3, **WINDOW)
    assert bodies(emulator) == []
    iterator = iter(search)
    assert [next(iterator).id for _ in range(3)] == numbered(0, 1, 2)
    assert len(bodies(emulator)) == 1
    assert ids(iterator) == numbered(3, 4, 5, 6)
    assert ids(search) == numbered(*range(7))


def test_pages_have_cursor_status_and_warnings_and_can_be_continued(driver: Driver) -> None:
    client = client_of(driver, emulator_with(event(number) for number in range(5)))
    first, *_ = client.events.search(page_size=2, **WINDOW).pages()
    assert isinstance(first, EventPage)
    assert (len(first), ids(first), first.status, first.warnings, first.partial) == (2, numbered(0, 1), "done", (), ())
    rest = client.events.search(cursor=first.cursor, **WINDOW)
    assert ids(rest) == numbered(2, 3, 4)


def test_the_first_request_says_everything_and_later_ones_only_move_the_cursor(sync_driver: Driver) -> None:
    peer = Pages(page(1, after="c1"), page(2, after="c2"), page())
    search = sync_driver.open(peer).events.search('@view.name:"a b"', sort="-timestamp", page_size=7, **WINDOW)
    assert ids(search) == numbered(1, 2)
    assert peer.asked[0] == {
        "filter": {"query": '@view.name:"a b"', "from": "2026-07-01T10:00:00.000Z", "to": "2026-07-02T10:00:00.000Z"},
        "page": {"limit": 7},
        "sort": "-timestamp",
    }
    assert peer.cursors == [None, "c1", "c2"]
    assert all(asked["filter"] == peer.asked[0]["filter"] for asked in peer.asked)


def test_relative_times_are_fixed_before_the_first_page(sync_driver: Driver) -> None:
    peer = Pages(page(1, after="c1"), page(2))
    search = sync_driver.open(peer).events.search(start=timedelta(days=7), end=None)
    sync_driver.clock.advance(3_600)
    iterator = iter(search)
    next(iterator)
    sync_driver.clock.advance(3_600)
    next(iterator)
    now = datetime.fromtimestamp(1_782_907_200, UTC)
    wanted = {"from": rfc3339(now - timedelta(days=7)), "to": rfc3339(now)}
    assert [{key: asked["filter"][key] for key in wanted} for asked in peer.asked] == [wanted, wanted]


@pytest.mark.parametrize(
    ("answers", "found", "requests"),
    [
        ([page(1, 2, after="a"), page(3, after="b"), page(4, 5)], [1, 2, 3, 4, 5], 3),  # a short page is not the end
        ([page(1, after="a"), page(after="b")], [1], 2),  # an empty one is, even with a cursor
        ([page(1, after="a"), {"data": []}], [1], 2),  # as recorded
        ([page(1, after="a"), {}], [1], 2),
        ([{"data": None, "meta": None}], [], 1),
    ],
)
def test_the_end_is_an_empty_page_or_one_without_a_cursor(
    sync_driver: Driver, answers: list[dict[str, Any]], found: list[int], requests: int
) -> None:
    peer = Pages(*answers)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ids(sync_driver.open(peer).events.search(page_size=2, **WINDOW)) == numbered(*found)
    assert len(peer.asked) == requests


@pytest.mark.parametrize(("limit", "requests"), [(0, 0), (1, 1), (3, 1), (4, 2), (7, 3), (100, 4)])
def test_a_limit_caps_the_events_and_fetches_no_unneeded_page(sync_driver: Driver, limit: int, requests: int) -> None:
    emulator = emulator_with(event(number) for number in range(7))
    found = client_of(sync_driver, emulator).events.search(page_size=3, limit=limit, **WINDOW)
    assert ids(found) == numbered(*range(7))[:limit]
    assert len(bodies(emulator)) == requests


def test_a_page_cut_by_the_limit_has_no_cursor_since_it_would_skip_events(sync_driver: Driver) -> None:
    peer = Pages(page(1, 2, 3, after="c"))
    (only,) = sync_driver.open(peer).events.search(limit=2, **WINDOW).pages()
    assert (ids(only), only.cursor) == (numbered(1, 2), None)


@pytest.mark.parametrize("limit", [2, 3])
def test_pages_are_not_larger_than_the_limit_so_that_their_cursor_skips_nothing(driver: Driver, limit: int) -> None:
    emulator = emulator_with(event(number) for number in range(7))
    client = client_of(driver, emulator)
    (first,) = client.events.search(limit=limit, page_size=3, **WINDOW).pages()
    rest = client.events.search(cursor=first.cursor, **WINDOW)
    assert ids(first) + ids(rest) == numbered(*range(7))
    assert [body["page"]["limit"] for body in bodies(emulator)] == [limit, 1000, 1000]


def test_a_search_that_timed_out_is_not_silently_partial(driver: Driver) -> None:
    emulator = emulator_with(event(number) for number in range(4))
    emulator.faults.add(operation="SearchRUMEvents", partial=True, times=1)
    search = client_of(driver, emulator).events.search(page_size=4, **WINDOW)
    assert not search.partial
    with pytest.warns(PartialResultWarning, match="did not return everything.*'timeout'"):
        assert ids(search) == numbered(0, 1)
    assert search.partial == ("the search ended with the status 'timeout'",)


def test_an_empty_page_that_timed_out_is_not_silently_partial(sync_driver: Driver) -> None:
    search = sync_driver.open(Pages(page(status="timeout"))).events.search(**WINDOW)
    with pytest.warns(PartialResultWarning):
        (only,) = search.pages()
    assert (len(only), only.status) == (0, "timeout")
    assert only.partial == search.partial != ()


def test_warnings_of_the_server_are_kept_and_issued_once_for_each_iteration(driver: Driver) -> None:
    warned: dict[str, Any] = {"warnings": [{"code": "unknown_index", "title": "Index missing", "detail": "eu-2"}, {}]}
    answers = [page(1, after="a", **warned), page(2, after="b", **warned), page(3, **warned)]
    search = driver.open(Pages(*answers, *answers)).events.search(**WINDOW)
    for _ in range(2):
        with warnings.catch_warnings(record=True) as issued:
            warnings.simplefilter("always")
            pages = list(search.pages())
        assert [one.category for one in issued] == [PartialResultWarning]
    assert search.partial == ("Index missing: eu-2", "a warning without a text")
    assert pages[0].warnings[0] == SearchWarning(code="unknown_index", title="Index missing", detail="eu-2")


def test_a_cursor_that_comes_again_ends_the_search_and_counts_as_missing_events(sync_driver: Driver) -> None:
    peer = Pages(page(1, after="a"), page(2, after="b"), page(3, after="a"))
    search = sync_driver.open(peer).events.search(**WINDOW)
    with pytest.warns(PartialResultWarning, match="a cursor again"):
        assert ids(search) == numbered(1, 2, 3)
    assert search.partial


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_search_is_repeated_like_a_get(driver: Driver, status: int) -> None:
    peer = Pages(page(1, after="a"), status, status, page(2))
    assert ids(driver.open(peer).events.search(**WINDOW)) == numbered(1, 2)
    assert peer.cursors == [None, "a", "a", "a"]


def test_a_search_whose_connection_broke_is_repeated(driver: Driver) -> None:
    emulator = emulator_with([event(1)])
    emulator.faults.add(operation="SearchRUMEvents", disconnect="body", times=1)
    assert ids(client_of(driver, emulator).events.search(**WINDOW)) == numbered(1)


def test_after_an_error_iterating_goes_on_with_the_same_page(driver: Driver) -> None:
    peer = Pages(page(1, after="a"), 400, page(2))
    iterator = iter(driver.open(peer).events.search(**WINDOW))
    assert next(iterator).id == numbered(1)[0]
    with pytest.raises(BadRequestError):
        next(iterator)
    assert ids(iterator) == numbered(2)


def test_a_403_names_the_permission_that_only_search_needs(driver: Driver) -> None:
    with pytest.raises(PermissionDeniedError, match="rum_apps_read"):
        list(driver.open(Pages(403)).events.search(**WINDOW))


def test_an_event_is_flat_and_keeps_everything(sync_driver: Driver) -> None:
    (found,) = sync_driver.open(Pages(EXAMPLES["EventPage"])).events.search(limit=1, **WINDOW)
    (wire,) = EXAMPLES["EventPage"]["data"]
    assert isinstance(found, RumEvent)
    own = wire["attributes"]["attributes"]
    assert (found.id, found.type, found.attributes) == (wire["id"], "view", own)
    ids = (found.session_id, found.view_id, found.application_id)
    assert ids == tuple(own[name]["id"] for name in ("session", "view", "application"))
    assert found.timestamp == datetime.fromisoformat(wire["attributes"]["timestamp"])
    assert found.extra == {"service": "shop-web", "tags": wire["attributes"]["tags"]}
    assert found.to_dict() == wire


@pytest.mark.parametrize(
    "wire",
    [
        {},
        {"id": "e"},
        {"id": None, "attributes": None},
        {"attributes": {"attributes": {"type": 5, "session": "s", "view": {"id": ["v"]}, "application": None}}},
        {"id": "e", "new": 1, "attributes": {"also": 2, "attributes": {}}},
    ],
)
def test_nothing_of_an_event_is_required(sync_driver: Driver, wire: dict[str, Any]) -> None:
    (found,) = sync_driver.open(Pages({"data": [wire]})).events.search(**WINDOW)
    assert (found.type, found.session_id, found.view_id, found.application_id) == (None, None, None, None)
    assert found.to_dict() == wire
    assert set(found.extra) == {"new", "also"} & {*wire, *(wire.get("attributes") or {})}


def test_an_event_that_was_made_or_changed_has_a_wire_form() -> None:
    made = RumEvent(
        id="e",
        type="view",
        timestamp=START,
        session_id="s",
        view_id="v",
        application_id=None,
        attributes={"view": {"url": "personal"}, "session": 3},
        extra={"service": "web"},
    )
    assert made.to_dict() == {
        "id": "e",
        "type": "rum",
        "attributes": {
            "service": "web",
            "timestamp": "2026-07-01T10:00:00+00:00",
            "attributes": {"type": "view", "session": {"id": "s"}, "view": {"url": "personal", "id": "v"}},
        },
    }
    assert "personal" not in repr(made)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "it is empty"),
        (b"<html>", "it is not JSON"),
        (b"[]", "Expected `object`"),
        (b'{"data": [null]}', r"data\[0\]"),
        (b'{"data": {}}', "data"),
        (b'{"data": [{"id": 5}]}', r"data\[0\].id"),
        (b'{"data": [{"attributes": {"timestamp": "2026-07-01T10:00:00"}}]}', r"data\[0\].attributes.timestamp"),
        (b'{"meta": {"page": {"after": 5}}}', "meta.page.after"),
    ],
)
def test_an_answer_that_does_not_fit_says_where(sync_driver: Driver, body: bytes, reason: str) -> None:
    client = sync_driver.open(lambda _: httpx.Response(200, content=body))
    with pytest.raises(UnexpectedResponseError, match=reason) as caught:
        list(client.events.search(**WINDOW))
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"query": ""}, "query"),
        ({"query": " "}, "query"),
        ({"query": None}, "query"),
        ({"start": datetime(2026, 7, 1)}, "naive"),
        ({"start": END, "end": START}, "earlier"),
        ({"start": timedelta(days=-1), "end": None}, "earlier"),
        ({"start": timedelta.max}, "years 1 to 9999"),
        ({"start": 1_782_907_200}, "milliseconds"),
        ({"start": "7d"}, "start"),
        ({"end": "now"}, "end"),
        ({"sort": "newest"}, "sort"),
        ({"page_size": 0}, "page_size"),
        ({"page_size": 1001}, "at most 1,000"),
        ({"limit": -1}, "limit"),
        ({"cursor": 5}, "cursor"),
    ],
)
def test_arguments_that_make_no_search_are_refused_at_once(
    sync_driver: Driver, changed: dict[str, Any], named: str
) -> None:
    with pytest.raises(InvalidRequestError, match=named):
        sync_driver.open(Pages()).events.search(**{**WINDOW, **changed})


def test_views_of_the_sample_have_ids_of_all_levels(sync_driver: Driver) -> None:
    emulator = emulator_with([view(1, "s", "v")])
    (found,) = client_of(sync_driver, emulator).events.search(**WINDOW)
    assert (found.session_id, found.view_id, found.application_id) == ("s", "v", "app")
