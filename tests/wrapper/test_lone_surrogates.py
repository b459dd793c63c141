"""Half of a surrogate pair in an answer, as JavaScript writes the text of a cut emoji, becomes U+FFFD."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from rum_replay import BadRequestError, ReplayClient, UnexpectedResponseError
from rum_replay._json import decode_json
from rum_replay_api import AuthenticatedClient
from rum_replay_api.api.rum_replay_playlists import list_rum_replay_playlists
from rum_replay_api.types import Unset

from .replay_driver import Driver

ESCAPES: list[tuple[str, str]] = [
    (r"cut \ud83d", "cut \ufffd"),
    (r"\ude00 cut", "\ufffd cut"),
    (r"\uD83D", "\ufffd"),
    (r"\uDE00\uD83D", "\ufffd\ufffd"),
    (r"\ud83d\ud83d\ude00", "\ufffd😀"),
    (r"\ud83d\ude00\ude00", "😀\ufffd"),
    (r"\uDbFf \udfFF", "\ufffd \ufffd"),
    (r"\ud83d\\ude00", "\ufffd\\ude00"),
    (r"\\ud83d \ud83d", "\\ud83d \ufffd"),
    (r"\\\ud83d", "\\\ufffd"),
    (r"\"\ud83d\"", '"\ufffd"'),
    (r"\ud7ff\ue000 \ud83d", "\ud7ff\ue000 \ufffd"),
    (r"\u0041\n\ud83d", "A\n\ufffd"),
]


def body_of(text: str) -> bytes:
    """A playlist with the text, as it is, in every place where a text can be."""
    item = (
        '{"id":"1","type":"rum_replay_playlist","attributes":{"name":"N","description":"T",'
        '"created_by":{"handle":"T","id":"u","uuid":"u","more":"T"},"new":{"T":["T"]}},"T":"T"}'
    )
    return item.replace("T", text).encode()


@pytest.mark.parametrize(("escaped", "expected"), ESCAPES)
def test_lists_and_single_models_are_read(driver: Driver, escaped: str, expected: str) -> None:
    item = body_of(escaped)
    good = body_of("good")
    bodies = iter([b'{"data":[%b,%b,%b]}' % (good, item, good), b'{"data":%b}' % item])
    client = driver.open(lambda _: httpx.Response(200, content=next(bodies)))
    playlists = list(client.playlists.list(limit=3))
    assert [playlist.description for playlist in playlists] == ["good", expected, "good"]
    for playlist in (playlists[1], client.playlists.get(1)):
        assert playlist.description == expected
        assert playlist.created_by is not None
        assert playlist.created_by.handle == expected
        assert playlist.created_by.extra == {"more": expected}
        assert playlist.extra == {"new": {expected: [expected]}, expected: expected}
        assert playlist.to_dict()["attributes"]["new"] == {expected: [expected]}


@pytest.mark.parametrize(("escaped", "expected"), ESCAPES)
@pytest.mark.parametrize("shape", ['{"errors":["no %s"]}', '{"errors":[{"detail":"no %s"}]}', '{"error":"no %s"}'])
def test_errors_are_read(sync_driver: Driver, shape: str, escaped: str, expected: str) -> None:
    body = (shape % escaped).encode()
    with pytest.raises(BadRequestError) as caught:
        sync_driver.open(lambda _: httpx.Response(400, content=body)).playlists.get(1)
    assert caught.value.errors == (f"no {expected}".strip(),)
    assert caught.value.body == body


@pytest.mark.parametrize(
    "body",
    [rb'{"data":["\ud83d"]}', rb'{"data":[{"id":5,"type":"\ud83d"}]}', rb'{"data":["\ud83d"', rb'{"data":"\ud83d\x"}'],
)
def test_unexpected_body_stays_as_it_was(sync_driver: Driver, body: bytes) -> None:
    client = sync_driver.open(lambda _: httpx.Response(200, content=body))
    with pytest.raises(UnexpectedResponseError) as caught:
        list(client.playlists.list())
    assert caught.value.body == body


def test_other_bytes_that_are_not_utf_8_are_still_refused(sync_driver: Driver) -> None:
    client = sync_driver.open(lambda _: httpx.Response(200, content=b'{"data":[{"id":"\xed\xa0\xbd"}]}'))
    with pytest.raises(UnexpectedResponseError, match="not JSON"):
        list(client.playlists.list())


@pytest.mark.parametrize("document", [{"a": "😀"}, ["\\ud83d"], "plain", {"\\": "\\\\ude00"}])
def test_good_documents_are_read_as_they_are(document: Any) -> None:
    for ensure_ascii in (True, False):
        assert decode_json(json.dumps(document, ensure_ascii=ensure_ascii).encode()) == document


READERS: list[Callable[[ReplayClient], object]] = [
    lambda client: list(client.playlists.list_sessions(1)),
    lambda client: list(client.heatmaps.list("/v")),
    lambda client: list(client.viewership.list_watchers("s")),
    lambda client: list(client.viewership.list_history()),
]


@pytest.mark.parametrize("read", READERS)
def test_all_lists_are_read(sync_driver: Driver, read: Callable[[ReplayClient], Any]) -> None:
    attributes = rb'{"new":"\ud83d","last_watched_at":"2026-07-01T12:00:00Z","watch_count":1,"handle":"h"}'
    body = rb'{"data":[{"id":"1","type":"\ud83d","attributes":%b}]}' % attributes
    client = sync_driver.open(lambda _: httpx.Response(200, content=body))
    (item,) = read(client)
    assert item.type == "\ufffd"
    assert item.extra["new"] == "\ufffd"


def test_the_generated_client_takes_such_a_list() -> None:
    body = b'{"data":[%b]}' % body_of(r"cut \ud83d")
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    with AuthenticatedClient("http://127.0.0.1", token="t", httpx_args={"transport": transport}) as client:
        page = list_rum_replay_playlists.sync(client=client)
    assert page is not None
    assert not isinstance(page, Unset)
    assert page.to_dict()["data"][0]["attributes"]["description"] == "cut \ud83d"
