from __future__ import annotations

import gc
import mmap
import tracemalloc
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rum_replay import ConnectionFailedError, SegmentPage, UnexpectedResponseError, find_paging_token
from rum_replay._segment_pages import SegmentWalk, digest_of

from .loopback_peer import Received, serve
from .replay_driver import Driver


class PageServer:
    """Serves pages by token: the token of page n is `n`."""

    def __init__(self, *pages: bytes) -> None:
        self.pages = pages
        self.requested: list[dict[str, str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requested.append(dict(request.url.params))
        number = int(request.url.params.get("paging", "0"))
        headers = {"x-next-paging": str(number + 1)} if number + 1 < len(self.pages) else {}
        return httpx.Response(200, content=self.pages[number], headers={"content-type": "x/y", **headers})


def test_tokens_are_followed_until_a_page_without_one(driver: Driver) -> None:
    server = PageServer(b"one", b"", b"\x00three")
    pages = list(driver.open(server).sessions.iter_segments("s", "v"))
    assert [(page.content, page.next_paging, page.content_type) for page in pages] == [
        (b"one", "1", "x/y"),
        (b"", "2", "x/y"),
        (b"\x00three", None, "x/y"),
    ]
    assert server.requested == [{}, {"paging": "1"}, {"paging": "2"}]
    assert pages[0].headers["x-next-paging"] == "1"


def test_all_arguments_are_sent_with_each_token(driver: Driver) -> None:
    server = PageServer(b"zero", b"one", b"two")
    client = driver.open(server)
    options: dict[str, Any] = {"source": "blob", "ts": 5, "max_list_size": 9, "paging": "1"}
    assert [page.content for page in client.sessions.iter_segments("s", "v", **options)] == [b"one", b"two"]
    common = {"source": "blob", "ts": "5", "max_list_size": "9"}
    assert server.requested == [{**common, "paging": "1"}, {**common, "paging": "2"}]


def test_repeated_token_ends_the_iteration(driver: Driver) -> None:
    responses = {None: (b"a", "t1"), "t1": (b"b", "t2"), "t2": (b"c", "t1")}
    requested = []

    def peer(request: httpx.Request) -> httpx.Response:
        requested.append(request.url.params.get("paging"))
        assert len(requested) < 10, "endless paging"
        content, token = responses[requested[-1]]
        return httpx.Response(200, content=content, headers={"x-next-paging": token})

    assert [page.content for page in driver.open(peer).sessions.iter_segments("s", "v")] == [b"a", b"b", b"c"]
    assert requested == [None, "t1", "t2"]


def test_repeated_page_ends_the_iteration_and_is_not_yielded_again(driver: Driver) -> None:
    requested = []

    def peer(request: httpx.Request) -> httpx.Response:
        requested.append(request.url.params.get("paging"))
        assert len(requested) < 10, "endless paging"
        return httpx.Response(200, content=b"same", headers={"x-next-paging": f"t{len(requested)}"})

    assert [page.content for page in driver.open(peer).sessions.iter_segments("s", "v")] == [b"same"]
    assert requested == [None, "t1"]


def test_custom_token_finder_gets_headers_and_content(driver: Driver) -> None:
    seen: list[tuple[str | None, bytes]] = []

    def finder(headers: Mapping[str, str], content: Any) -> str | None:
        seen.append((headers.get("content-type"), bytes(content)))
        return "1" if content == b"one" else ""

    server = PageServer(b"one", b"two", b"three")
    pages = list(driver.open(server).sessions.iter_segments("s", "v", next_paging=finder))
    assert [(page.content, page.next_paging) for page in pages] == [(b"one", "1"), (b"two", None)]
    assert seen == [("x/y", b"one"), ("x/y", b"two")]


def test_interrupted_page_is_fetched_again_from_its_start(driver: Driver) -> None:
    def respond(received: Received) -> None:
        if len(loopback.received) < 3:
            received.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
            raise ConnectionAbortedError
        received.respond(200, body=b"the whole!")

    with serve(respond) as loopback:
        pages = list(driver.open(loopback.url).sessions.iter_segments("s", "v"))
    assert [page.content for page in pages] == [b"the whole!"]
    assert len(loopback.received) == 3


def test_time_spent_receiving_a_page_does_not_count_towards_the_deadline(driver: Driver) -> None:
    """A page that is interrupted after an hour is still worth another attempt."""
    sent = []

    class Slow(httpx.SyncByteStream, httpx.AsyncByteStream):
        def _receive(self) -> bytes:
            driver.clock.advance(3600)
            return b"part"

        def __iter__(self) -> Any:
            yield self._receive()
            raise httpx.ReadError("broken off")

        async def __aiter__(self) -> Any:
            yield self._receive()
            raise httpx.ReadError("broken off")

    def peer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, stream=Slow()) if len(sent) < 4 else httpx.Response(200, content=b"whole")

    pages = list(driver.open(peer).sessions.iter_segments("s", "v"))
    assert [page.content for page in pages] == [b"whole"]
    assert len(sent) == 4


def test_page_that_is_always_interrupted_raises_our_own_error(driver: Driver) -> None:
    def respond(received: Received) -> None:
        received.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        raise ConnectionAbortedError

    with serve(respond) as loopback, pytest.raises(ConnectionFailedError, match="after 4 attempts"):
        list(driver.open(loopback.url).sessions.iter_segments("s", "v"))


def test_request_accepts_any_type_but_no_compression(driver: Driver) -> None:
    requests: list[httpx.Request] = []

    def peer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, content=b"x")

    assert len(list(driver.open(peer).sessions.iter_segments("s", "v"))) == 1
    assert requests[0].headers["accept-encoding"] == "identity"
    assert requests[0].headers["accept"] == "*/*"


# httpx does not close its own generators when decompression fails.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_body_that_cannot_be_decompressed_raises_our_own_error(driver: Driver) -> None:
    def respond(received: Received) -> None:
        received.respond(200, {"Content-Encoding": "gzip"}, b"this is no gzip")

    with serve(respond) as loopback:
        client = driver.open(loopback.url)
        with pytest.raises(UnexpectedResponseError, match="cannot be decompressed"):
            list(client.sessions.iter_segments("s", "v"))
        with pytest.raises(UnexpectedResponseError, match="cannot be decompressed") as caught:
            client.playlists.get(1)
    assert caught.value.status == 200
    assert len(loopback.received) == 2


def test_no_page_is_kept_in_memory_while_the_next_is_fetched(sync_driver: Driver) -> None:
    pages: list[weakref.ref[SegmentPage]] = []
    alive_at_request: list[int] = []
    server = PageServer(*(bytes([number]) * 10 for number in range(5)))

    def peer(request: httpx.Request) -> httpx.Response:
        gc.collect()
        alive_at_request.append(sum(ref() is not None for ref in pages))
        return server(request)

    for page in sync_driver.open(peer).sessions.iter_segments("s", "v"):
        pages.append(weakref.ref(page))
        del page
    assert alive_at_request == [0, 0, 0, 0, 0]
    assert len(pages) == 5


@pytest.mark.no_cover  # Coverage tracing takes memory too.
def test_many_pages_take_the_memory_of_one(sync_driver: Driver) -> None:
    page_size = 4 << 20

    def respond(received: Received) -> None:
        number = len(loopback.received)
        body = bytes([number]) * page_size
        received.respond(200, {"x-next-paging": str(number)} if number < 6 else {}, body)

    with serve(respond) as loopback:
        client = sync_driver.open(loopback.url)
        tracemalloc.start()
        try:
            total = 0
            for page in client.sessions.iter_segments("s", "v"):
                total += len(page.content)
                del page
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert total == 6 * page_size
    # One page in the client, and one that the server, in the same process, is about to send.
    assert peak < 2.9 * page_size


@pytest.mark.parametrize(
    ("headers", "content", "token"),
    [
        ({"x-next-paging": "t"}, b"", "t"),
        ({"x-paging-next": "t"}, b"", "t"),
        ({"x-paging": "t"}, b"", "t"),
        ({"next-paging": "t"}, b"", "t"),
        ({"paging": "t"}, b"", "t"),
        ({"x-next-paging": ""}, b'{"paging": "t"}', "t"),
        ({"link": '<https://h/p?paging=t>; rel="next"'}, b"", "t"),
        ({"link": "<https://h/p?a=1&paging=t%2B%3D>; rel=next"}, b"", "t+="),
        (
            {"link": '<https://h/?paging=p>; rel="prev", <https://h/?paging=t,u>; title="a, b"; rel = "next"'},
            b"",
            "t,u",
        ),
        ({"link": '<https://h/?paging=p>; rel="prev"'}, b"", None),
        ({"link": '<https://h/?x=1>; rel="next"'}, b'{"paging": "t"}', "t"),
        ({"link": "<https://[/?paging=p>; rel=next"}, b"", None),
        ({"link": ";;;,,<"}, b"", None),
        ({}, b'{"next_paging": "t", "paging": "u"}', "t"),
        ({}, b' \r\n{"data": [1, {"paging": "no"}], "paging": "t"}', "t"),
        ({}, b'{"meta": {"next_paging": "t"}}', "t"),
        ({}, b'{"meta": {"paging": "t"}}', "t"),
        ({}, b'{"meta": {"page": {"after": "t"}}}', "t"),
        ({}, b'{"links": {"next": "https://h/p?paging=t&x=1"}}', "t"),
        ({}, b'{"links": {"next": "https://h/p"}}', None),
        ({}, b'{"links": {"next": {"href": 1}}}', None),
        ({}, b'{"paging": null, "meta": null, "links": []}', None),
        ({}, b'{"paging": "", "next_paging": 7, "meta": {"page": "x"}}', None),
        ({}, b'{"paging": "t"', None),
        ({}, b'{"paging": "\xff"}', None),
        ({}, b'["paging"]', None),
        ({}, b"", None),
        ({}, b"\x00\x01", None),
        ({"content-type": "application/json"}, b"not json", None),
    ],
)
def test_token_is_found_in_common_locations(
    headers: dict[str, str], content: bytes, token: str | None, tmp_path: Path
) -> None:
    assert find_paging_token(headers, content) == token
    if content:
        (tmp_path / "page").write_bytes(content)
        with (tmp_path / "page").open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            assert find_paging_token(headers, mapped) == token


@given(headers=st.dictionaries(st.sampled_from(["link", "paging", "x"]), st.text()), content=st.binary())
def test_searching_for_a_token_never_raises(headers: dict[str, str], content: bytes) -> None:
    for body in (content, b'{"paging": ' + content, b"{" * 100_000):
        token = find_paging_token(headers, body)
        assert token is None or token != ""


def test_segment_walk_records_why_it_ended() -> None:
    walk = SegmentWalk(None)
    assert walk.take(digest_of(b"a"), "t")
    assert (walk.paging, walk.end) == ("t", None)
    assert walk.take(digest_of(b"b"), None)
    assert walk.end == "no token found"

    walk = SegmentWalk("t")
    assert walk.take(digest_of(b"a"), "t")
    assert walk.end == "repeated token"

    walk = SegmentWalk(None)
    assert walk.take(digest_of(b"a"), "t")
    assert not walk.take(digest_of(b"a"), "u")
    assert walk.end == "repeated page"
