"""A page is whole or it is not kept: bodies that are cut off, partial answers, and pages that are too large."""

from __future__ import annotations

import gzip
import importlib
import itertools
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from rum_replay import ConnectionFailedError, InvalidRequestError, ReplayClient, UnexpectedResponseError

from .loopback_peer import Received, serve
from .replay_driver import Driver

brotli: Any = importlib.import_module("brotli")
zstandard: Any = importlib.import_module("zstandard")

BODY = b"".join(b"%d," % number for number in range(20_000))
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: brotli.compress(data, quality=1),
    "zstd": zstandard.ZstdCompressor().compress,
}
STACKS = [*((name,) for name in ENCODERS), *itertools.permutations(ENCODERS, 2)]


def encoded(stack: tuple[str, ...], data: bytes = BODY) -> bytes:
    for name in stack:
        data = ENCODERS[name](data)
    return data


def answer(received: Received, headers: Mapping[str, str], body: bytes, *, framing: str, status: int = 200) -> None:
    """Send an answer whose end is shown by its length, by chunks, or by the end of the connection."""
    if framing == "length":
        received.respond(status, headers, body)
        return
    head = {**headers, "Connection": "close"} | ({"Transfer-Encoding": "chunked"} if framing == "chunks" else {})
    received.write(f"HTTP/1.1 {status} X\r\n".encode())
    received.write("".join(f"{name}: {value}\r\n" for name, value in head.items()).encode() + b"\r\n")
    received.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if framing == "chunks" else body)
    raise ConnectionAbortedError


FRAMINGS = ["length", "chunks", "close"]


@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize("cut", [lambda data: data[: len(data) // 2], lambda data: data[:-1]], ids=["half", "one byte"])
@pytest.mark.parametrize("stack", STACKS, ids=", ".join)
def test_a_page_whose_compressed_data_is_cut_off_is_fetched_again(
    driver: Driver, tmp_path: Path, stack: tuple[str, ...], cut: Callable[[bytes], bytes], framing: str
) -> None:
    whole, headers = encoded(stack), {"Content-Encoding": ", ".join(stack)}

    def respond(received: Received) -> None:
        is_cut = len(loopback.received) % 2
        answer(received, headers, cut(whole) if is_cut else whole, framing=framing)

    with serve(respond) as loopback:
        sessions = driver.open(loopback.url).sessions
        download = sessions.download_segments("s", "v", tmp_path)
        assert len(loopback.received) == 2
        assert [page.content for page in sessions.iter_segments("s", "v")] == [BODY]
    assert [path.read_bytes() for path in download.files] == [BODY]


@pytest.mark.parametrize("cut", [4, 8, 1000], ids=["length", "checksum", "data"])
def test_a_page_that_is_always_cut_off_is_never_kept_and_the_pages_before_it_are(
    driver: Driver, tmp_path: Path, cut: int
) -> None:
    good, bad = gzip.compress(b"first"), gzip.compress(BODY)
    cut_off = True

    def respond(received: Received) -> None:
        is_first = "paging" not in received.target
        body = good if is_first else bad[:-cut] if cut_off else bad
        answer(
            received,
            {"Content-Encoding": "gzip"} | ({"X-Next-Paging": "1"} if is_first else {}),
            body,
            framing="length",
        )

    with serve(respond) as loopback:
        sessions = driver.open(loopback.url).sessions
        with pytest.raises(ConnectionFailedError, match="ends in the middle of its compressed data"):
            sessions.download_segments("s", "v", tmp_path)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.json", "page-00000.bin"]
        assert len(loopback.received) == 5
        pages = sessions.iter_segments("s", "v")
        assert next(iter(pages)).content == b"first"
        with pytest.raises(ConnectionFailedError, match="ends in the middle of its compressed data"):
            next(iter(pages))
        cut_off = False
        asked = len(loopback.received)
        download = sessions.download_segments("s", "v", tmp_path)
        assert len(loopback.received) == asked + 1
    assert [path.read_bytes() for path in download.files] == [b"first", BODY]


@pytest.mark.parametrize(
    ("coding", "framing", "ends_by_close"),
    [
        ("identity", "length", False),
        ("identity", "chunks", False),
        ("identity", "close", True),
        ("gzip", "close", False),
        ("br, zstd", "close", False),
    ],
)
def test_the_manifest_says_if_nothing_showed_where_a_page_ends(
    driver: Driver, tmp_path: Path, coding: str, framing: str, ends_by_close: bool
) -> None:
    body = encoded(tuple(name for name in coding.split(", ") if name != "identity"))
    with serve(lambda received: answer(received, {"Content-Encoding": coding}, body, framing=framing)) as loopback:
        sessions = driver.open(loopback.url).sessions
        (page,) = sessions.download_segments("s", "v", tmp_path).pages
        assert page.ends_by_close is ends_by_close
        assert sessions.download_segments("s", "v", tmp_path).pages == (page,)


# ---- Partial answers -------------------------------------------------------------------------------------------------

OPERATIONS: list[Callable[[ReplayClient], object]] = [
    lambda client: list(client.playlists.list()),
    lambda client: client.playlists.get(1),
    lambda client: client.playlists.create("name"),
    lambda client: client.playlists.delete(1),
    lambda client: list(client.heatmaps.list("/")),
    lambda client: client.viewership.delete_watches("s"),
    lambda client: list(client.viewership.list_history()),
]


@pytest.mark.parametrize("status", [203, 205, 206, 207, 208])
@pytest.mark.parametrize("operation", range(len(OPERATIONS)))
def test_an_answer_that_is_not_the_whole_one_is_an_error(driver: Driver, operation: int, status: int) -> None:
    with serve(lambda received: received.respond(status, {}, b'{"data": []}')) as loopback:
        with pytest.raises(UnexpectedResponseError, match=f"answered {status}, .* not the whole answer") as caught:
            OPERATIONS[operation](driver.open(loopback.url))
        assert caught.value.status == status
        assert len(loopback.received) == 1


@pytest.mark.parametrize("status", [201, 202, 203, 205, 206, 207, 226, 299])
def test_a_page_that_is_not_the_whole_answer_is_not_kept(driver: Driver, tmp_path: Path, status: int) -> None:
    headers = {"Content-Range": f"bytes 0-{len(BODY) - 1}/{2 * len(BODY)}"}
    with serve(lambda received: received.respond(status, headers, BODY)) as loopback:
        sessions = driver.open(loopback.url).sessions
        with pytest.raises(UnexpectedResponseError, match=f"answered {status}, .* not the whole answer"):
            sessions.download_segments("s", "v", tmp_path / "new")
        with pytest.raises(UnexpectedResponseError, match=f"answered {status}, .* not the whole answer"):
            list(sessions.iter_segments("s", "v"))
        assert len(loopback.received) == 2
    assert list(tmp_path.iterdir()) == []


# ---- Pages that are too large ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("stack", [(), *STACKS], ids=lambda stack: ", ".join(stack) or "identity")
def test_a_page_over_the_limit_is_refused_and_not_kept(driver: Driver, tmp_path: Path, stack: tuple[str, ...]) -> None:
    body, headers = encoded(stack), {"Content-Encoding": ", ".join(stack)}
    largest = max(len(encoded(stack[:count])) for count in range(len(stack) + 1))
    assert largest == len(BODY)
    with serve(lambda received: received.respond(200, headers, body)) as loopback:
        sessions = driver.open(loopback.url).sessions
        message = rf"it is larger than {len(BODY) - 1:,} bytes, the limit max_page_size"
        with pytest.raises(UnexpectedResponseError, match=message):
            sessions.download_segments("s", "v", tmp_path / "new", max_page_size=len(BODY) - 1)
        assert list(tmp_path.iterdir()) == []
        with pytest.raises(UnexpectedResponseError, match=message):
            list(sessions.iter_segments("s", "v", max_page_size=len(BODY) - 1))
        assert len(loopback.received) == 2
        assert sessions.download_segments("s", "v", tmp_path / "new", max_page_size=len(BODY)).size == len(BODY)
        assert [page.content for page in sessions.iter_segments("s", "v", max_page_size=len(BODY))] == [BODY]


def test_a_body_without_end_is_refused_though_it_unpacks_to_nothing(driver: Driver, tmp_path: Path) -> None:
    empty = gzip.compress(b"") * 1000

    def respond(received: Received) -> None:
        received.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
        while True:
            received.write(empty)

    with serve(respond) as loopback:
        sessions = driver.open(loopback.url).sessions
        with pytest.raises(UnexpectedResponseError, match=r"larger than 1,000,000 bytes, the limit max_page_size"):
            sessions.download_segments("s", "v", tmp_path / "new", max_page_size=1_000_000)
        with pytest.raises(UnexpectedResponseError, match=r"larger than 1,000,000 bytes, the limit max_page_size"):
            list(sessions.iter_segments("s", "v", max_page_size=1_000_000))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("limit", [0, -1, 1.5, "1", None, True])
def test_a_limit_that_is_not_a_size_is_rejected_before_any_request(driver: Driver, tmp_path: Path, limit: Any) -> None:
    with serve(lambda received: received.respond(200, {}, BODY)) as loopback:
        sessions = driver.open(loopback.url).sessions
        with pytest.raises(InvalidRequestError, match="max_page_size"):
            sessions.download_segments("s", "v", tmp_path / "new", max_page_size=limit)
        with pytest.raises(InvalidRequestError, match="max_page_size"):
            sessions.iter_segments("s", "v", max_page_size=limit)
        assert loopback.received == []
