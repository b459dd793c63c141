from __future__ import annotations

import gc
import warnings
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st
from rum_replay import AsyncReplayClient, InvalidRequestError, ListPage, ReplayClient, ServerError
from rum_replay._paging import PageCursor

from .replay_driver import API_KEY, APP_KEY, Driver
from .replay_samples import (
    PLAYLIST_SESSION,
    SNAPSHOT,
    WATCHED_SESSION,
    WATCHER,
    item_response,
    list_response,
    playlist_data,
)


class PlaylistServer:
    """Serves `total` playlists, at most `cap` per page, with pages counted from 0."""

    def __init__(self, total: int, cap: int = 3) -> None:
        self.total = total
        self.cap = cap
        self.requested: list[tuple[int, int | None]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        number, size = int(request.url.params["page[number]"]), request.url.params.get("page[size]")
        self.requested.append((number, size and int(size)))
        size = min(self.cap, int(size or self.cap))
        return list_response(*map(playlist_data, range(self.total)[number * size : (number + 1) * size]))


def ids(items: Any) -> list[str]:
    return [item.id for item in items]


def test_pages_are_fetched_from_page_0_until_an_empty_page(driver: Driver) -> None:
    server = PlaylistServer(7)
    assert ids(driver.open(server).playlists.list()) == list("0123456")
    assert server.requested == [(0, None), (1, None), (2, None), (3, None)]


def test_page_size_capped_by_the_server_does_not_end_the_list_early(driver: Driver) -> None:
    server = PlaylistServer(7, cap=2)
    assert ids(driver.open(server).playlists.list(page_size=100)) == list("0123456")
    assert server.requested[0] == (0, 100)


def test_empty_list_takes_one_request(driver: Driver) -> None:
    server = PlaylistServer(0)
    assert ids(driver.open(server).playlists.list()) == []
    assert len(server.requested) == 1


def test_items_are_not_repeated_if_the_server_ignores_the_page_number(driver: Driver) -> None:
    requested = []

    def peer(request: httpx.Request) -> httpx.Response:
        requested.append(request.url.params["page[number]"])
        assert len(requested) < 10, "endless paging"
        return list_response(playlist_data(1), playlist_data(2))

    assert ids(driver.open(peer).playlists.list()) == ["1", "2"]
    assert requested == ["0", "1"]


def test_list_ends_if_the_server_starts_over_after_the_last_page(driver: Driver) -> None:
    pages = [
        list_response(playlist_data(1)),
        list_response(playlist_data(2)),
        list_response(playlist_data(1)),
    ]  # a request for a fourth page would be an IndexError
    client = driver.open(lambda request: pages[int(request.url.params["page[number]"])])
    assert ids(client.playlists.list()) == ["1", "2"]


def test_pages_are_fetched_lazily(driver: Driver) -> None:
    server = PlaylistServer(7)
    listing = driver.open(server).playlists.list()
    assert server.requested == []
    iterator = iter(listing)
    assert [next(iterator).id for _ in range(3)] == ["0", "1", "2"]
    assert len(server.requested) == 1
    assert next(iterator).id == "3"
    assert len(server.requested) == 2


def test_each_iteration_starts_over(driver: Driver) -> None:
    listing = driver.open(PlaylistServer(4)).playlists.list()
    assert ids(listing) == ids(listing) == list("0123")


@pytest.mark.parametrize(("limit", "requests"), [(0, 0), (1, 1), (3, 1), (4, 2), (7, 3), (8, 4), (100, 4)])
def test_limit_caps_the_items_and_fetches_no_unneeded_page(driver: Driver, limit: int, requests: int) -> None:
    server = PlaylistServer(7)
    assert ids(driver.open(server).playlists.list(limit=limit)) == list("0123456")[:limit]
    assert len(server.requested) == requests


def test_list_can_be_continued_from_a_given_page(driver: Driver) -> None:
    server = PlaylistServer(7)
    client = driver.open(server)
    first = next(iter(client.playlists.list().pages()))
    rest = client.playlists.list(start_page=first.number + 1)
    assert ids(first) + ids(rest) == list("0123456")
    assert [page.number for page in client.playlists.list(start_page=1).pages()] == [1, 2]


def test_pages_have_numbers_lengths_and_items(driver: Driver) -> None:
    pages = list(driver.open(PlaylistServer(7)).playlists.list(limit=5).pages())
    assert [(page.number, len(page), ids(page)) for page in pages] == [(0, 3, list("012")), (1, 2, list("34"))]
    assert isinstance(pages[0], ListPage)


def test_iteration_can_continue_with_the_same_page_after_an_error(driver: Driver) -> None:
    server = PlaylistServer(5)
    broken = True

    def peer(request: httpx.Request) -> httpx.Response:
        if broken and request.url.params["page[number]"] == "1":
            return httpx.Response(500)
        return server(request)

    iterator = iter(driver.open(peer).playlists.list())
    assert [next(iterator).id for _ in range(3)] == list("012")
    with pytest.raises(ServerError):
        next(iterator)
    broken = False
    assert ids(iterator) == list("34")


def test_iteration_abandoned_early_leaves_nothing_to_close() -> None:
    def peer(request: httpx.Request) -> httpx.Response:
        return (
            list_response(playlist_data(1), playlist_data(2))
            if "playlists" in request.url.path
            else httpx.Response(200, content=b"x")
        )

    async def main() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(peer)) as http_client:
            client = AsyncReplayClient(api_key=API_KEY, app_key=APP_KEY, site="us1", http_client=http_client)
            async for item in client.playlists.list():
                assert item.id == "1"
                break
            async for page in client.playlists.list().pages():
                assert page.number == 0
                break
            async for segment in client.sessions.iter_segments("s", "v"):
                assert segment.content == b"x"
                break
            gc.collect()

    gc.collect()  # what other tests left is theirs
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        trio.run(main)
    assert [str(warning.message) for warning in caught] == []


PAGED: list[tuple[dict[str, Any], Callable[[ReplayClient], Any]]] = [
    (PLAYLIST_SESSION, lambda client: client.playlists.list_sessions("48213", page_size=2, start_page=4)),
    (WATCHER, lambda client: client.viewership.list_watchers("s", page_size=2, start_page=4)),
    (WATCHED_SESSION, lambda client: client.viewership.list_history(page_size=2, start_page=4)),
    (playlist_data(1), lambda client: client.playlists.list(page_size=2, start_page=4)),
]


@pytest.mark.parametrize(("item", "call"), PAGED)
def test_all_paged_lists_use_the_same_paging(
    driver: Driver, item: dict[str, Any], call: Callable[[ReplayClient], Any]
) -> None:
    requested = []

    def peer(request: httpx.Request) -> httpx.Response:
        params = dict(request.url.params)
        requested.append((params["page[number]"], params["page[size]"]))
        number = int(params["page[number]"])
        return (
            list_response({**item, "id": f"{number}-a"}, {**item, "id": f"{number}-b"})
            if number < 6
            else list_response()
        )

    assert ids(call(driver.open(peer))) == ["4-a", "4-b", "5-a", "5-b"]
    assert requested == [("4", "2"), ("5", "2"), ("6", "2")]


def test_items_without_ids_are_compared_by_their_whole_content(driver: Driver) -> None:
    def watcher(count: int) -> dict[str, Any]:
        return {"type": "rum_replay_watcher", "attributes": {**WATCHER["attributes"], "watch_count": count}}

    pages = [list_response(watcher(1)), list_response(watcher(2)), list_response(watcher(1))]
    client = driver.open(lambda request: pages[int(request.url.params["page[number]"])])
    assert [item.watch_count for item in client.viewership.list_watchers("s")] == [1, 2]


def test_snapshot_list_has_a_limit_but_no_pages(driver: Driver) -> None:
    requested = []

    def peer(request: httpx.Request) -> httpx.Response:
        requested.append(dict(request.url.params))
        return list_response({**SNAPSHOT, "id": "1"}, {**SNAPSHOT, "id": "2"}, {**SNAPSHOT, "id": "3"})

    client = driver.open(peer)
    assert ids(client.heatmaps.list("/checkout")) == ["1", "2", "3"]
    assert ids(client.heatmaps.list("/checkout", limit=2)) == ["1", "2"]
    assert ids(client.heatmaps.list("/checkout", limit=0)) == []
    assert requested == [{"filter[view_name]": "/checkout"}, {"filter[view_name]": "/checkout", "page[limit]": "2"}]


@pytest.mark.parametrize(
    "options",
    [
        {"page_size": 0},
        {"page_size": True},
        {"page_size": "5"},
        {"start_page": -1},
        {"start_page": None},
        {"start_page": 1.0},
        {"limit": -1},
        {"limit": "3"},
        {"limit": False},
    ],
)
def test_invalid_paging_arguments_are_rejected_when_the_list_is_created(
    driver: Driver, options: dict[str, Any]
) -> None:
    client = driver.open(lambda _: item_response())
    name = next(iter(options))
    with pytest.raises(InvalidRequestError, match=name):
        client.playlists.list(**options)
    with pytest.raises(InvalidRequestError, match=name):
        client.playlists.list_sessions(1, **options)
    with pytest.raises(InvalidRequestError, match=name):
        client.viewership.list_watchers("s", **options)
    with pytest.raises(InvalidRequestError, match=name):
        client.viewership.list_history(**options)
    if name == "limit":
        with pytest.raises(InvalidRequestError, match=name):
            client.heatmaps.list("v", **options)


@given(
    total=st.integers(0, 40),
    cap=st.integers(1, 12),
    page_size=st.none() | st.integers(1, 15),
    limit=st.none() | st.integers(0, 45),
    start_page=st.integers(0, 5),
)
def test_page_cursor_yields_each_item_after_the_start_once_and_in_order(
    total: int, cap: int, page_size: int | None, limit: int | None, start_page: int
) -> None:
    size = min(cap, page_size or cap)
    cursor: PageCursor[str] = PageCursor(start_page, limit)
    taken: list[str] = []
    while (number := cursor.next_number) is not None:
        items = [str(item) for item in range(total)[number * size : (number + 1) * size]]
        if (page := cursor.take(items)) is not None:
            taken += page
    assert taken == [str(item) for item in range(total)][start_page * size :][:limit]


def test_page_that_shares_only_its_first_item_with_an_earlier_page_does_not_end_the_list(driver: Driver) -> None:
    pages = [
        list_response(playlist_data(1), playlist_data(2)),
        list_response(playlist_data(1), playlist_data(3)),
        list_response(),
    ]
    client = driver.open(lambda request: pages[int(request.url.params["page[number]"])])
    assert ids(client.playlists.list()) == ["1", "2", "1", "3"]


def test_the_only_page_of_snapshots_has_the_number_0(driver: Driver) -> None:
    client = driver.open(lambda _: list_response(SNAPSHOT))
    assert [(page.number, len(page)) for page in client.heatmaps.list("/v").pages()] == [(0, 1)]
