"""What the functions of the generated client make of answers that the contract does not describe."""

from __future__ import annotations

import datetime
import importlib
import inspect
import pickle
import pkgutil
from collections.abc import Iterator
from http import HTTPStatus
from types import ModuleType
from typing import Any

import httpx
import pytest
import rum_replay_api.api
from rum_replay_api import Client
from rum_replay_api.api.rum import search_rum_events
from rum_replay_api.api.rum_replay_playlists import list_rum_replay_playlists, update_rum_replay_playlist
from rum_replay_api.errors import UnexpectedBody, UnexpectedStatus
from rum_replay_api.models import (
    APIErrorResponse,
    ErrorDetail,
    ErrorResponse,
    PlaylistArray,
    PlaylistDataAttributes,
    WatchDataAttributes,
    WatcherDataAttributes,
)
from rum_replay_api.types import Response


def modules() -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages(rum_replay_api.api.__path__, "rum_replay_api.api."):
        module = importlib.import_module(info.name)
        if hasattr(module, "sync_detailed"):
            yield module


MODULES = list(modules())
LISTS = [module for module in MODULES if module.__name__.rpartition(".")[2].startswith("list_")]


class Body:
    def to_dict(self) -> dict[str, str]:
        return {}


def arguments_of(module: ModuleType) -> dict[str, Any]:
    """A value for each argument that the operation requires."""
    parameters = inspect.signature(module.sync_detailed).parameters
    needed = [name for name, row in parameters.items() if row.default is row.empty and name != "client"]
    return {name: Body() if name == "body" else "1" for name in needed}


async def answers_of(module: ModuleType, answer: httpx.Response, *, strict: bool) -> list[Any]:
    """What each of the four functions of an operation returns or raises; httpx's own answer is not shared."""

    def peer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    options: dict[str, Any] = {"httpx_args": {"transport": httpx.MockTransport(peer)}}
    client = Client("https://h", raise_on_unexpected_status=strict, **options)
    arguments = arguments_of(module)
    outcomes: list[Any] = []
    for name in ("sync_detailed", "sync", "asyncio_detailed", "asyncio"):
        try:
            outcome = getattr(module, name)(client=client, **arguments)
            outcomes.append(await outcome if inspect.isawaitable(outcome) else outcome)
        except UnexpectedStatus as error:
            outcomes.append(error)
    return outcomes


UNREADABLE = {
    "nothing": b"",
    "spaces": b" \n",
    "a page": b"<!DOCTYPE html><title>Too many</title>",
    "text": b"origin error",
    "half a document": b'{"errors": ["',
    "not UTF-8": b'{"errors": ["\xff\xfe"]}',
    "a text": b'"Forbidden"',
    "an empty text": b'""',
    "null": b"null",
    "a number": b"5",
    "an empty list": b"[]",
    "pairs": b'[["errors", []]]',
    "too deep": b"[" * 100_000,
    "a huge number": b"9" * 10_000,
}
ERRORS_OF_OTHER_FORMS = {
    "an object for the list": b'{"errors": {}}',
    "a text for the list": b'{"errors": "no"}',
    "an empty text for the list": b'{"errors": ""}',
    "a null item": b'{"errors": [null]}',
    "a number as item": b'{"errors": ["no", 5]}',
    "a list as item": b'{"errors": [[]]}',
}
HEADERS = {"Retry-After": "17", "Content-Type": "application/json"}


@pytest.mark.anyio
@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
async def test_no_answer_hides_its_status_headers_and_content(module: ModuleType) -> None:
    """Statuses without a name, and bodies from which no model can be built."""
    documented = [status for status in (400, 401, 403, 404, 409, 422, 429) if f"== {status}:" in inspect.getsource(module)]
    cases = [(status, body) for status in (302, 418, 500, 509, 520, 522, 599, 700) for body in (b"", b"origin error")]
    cases += [(status, body) for status in documented for body in (UNREADABLE | ERRORS_OF_OTHER_FORMS).values()]
    assert len(cases) > 90
    for status, body in cases:
        answer = httpx.Response(status, headers=HEADERS, content=body)
        for outcome in await answers_of(module, answer, strict=False):
            if isinstance(outcome, Response):
                assert (outcome.status_code, outcome.content, outcome.parsed) == (status, body, None)
                assert outcome.headers["retry-after"] == "17"
                assert isinstance(outcome.status_code, HTTPStatus) is (status in {*HTTPStatus})
            else:
                assert outcome is None, (status, body)
        for error in await answers_of(module, answer, strict=True):
            assert type(error) is (UnexpectedBody if status in documented else UnexpectedStatus), (status, body)
            assert (error.status_code, error.content, error.headers["retry-after"]) == (status, body, "17")
            assert str(status) in str(error)


@pytest.mark.anyio
@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
async def test_no_success_hides_its_status_headers_and_content(module: ModuleType) -> None:
    documented = [status for status in (200, 201) if f"== {status}:" in inspect.getsource(module)]
    as_bytes = module.__name__.endswith("get_segments")
    cases = [(status, body) for status in documented for body in UNREADABLE.values()]
    forms = [b'{"data": []}', b'{"data": [{"type": "x"}]}']
    if module in (*LISTS, search_rum_events):
        forms = [b'{"data": {}}', b'{"data": ""}', b'{"data": [null]}', b'{"data": ["x"]}']
        forms.append(b'{"data": [{"type": "x", "attributes": []}]}')
    if module in LISTS:  # Of a search nothing is required.
        forms += [b"{}", b'{"data": null}', b'{"data": [{"type": null}]}']
    cases += [(status, body) for status in documented for body in forms]
    for status, body in cases:
        answer = httpx.Response(status, headers=HEADERS, content=body)
        for outcome in await answers_of(module, answer, strict=False):
            detailed = outcome if isinstance(outcome, Response) else None
            assert detailed is None or (detailed.status_code, detailed.content) == (status, body)
            assert ((detailed.parsed if detailed else outcome) is None) is not as_bytes, (status, body)
        for outcome in await answers_of(module, answer, strict=True):
            assert isinstance(outcome, UnexpectedBody) is not as_bytes, (status, body)


@pytest.mark.anyio
@pytest.mark.parametrize("media_type", ["application/json", "Application/Vnd.API+JSON ; charset=utf-8", "text/plain", None])
async def test_json_is_read_whatever_the_answer_calls_it(media_type: str | None) -> None:
    headers = {} if media_type is None else {"Content-Type": media_type}
    answer = httpx.Response(200, headers=headers, content=b'{"data": [{"type": "rum_replay_playlist", "id": "5"}]}')
    detailed, found, *_ = await answers_of(list_rum_replay_playlists, answer, strict=True)
    assert isinstance(found, PlaylistArray)
    assert [playlist.id for playlist in found.data] == ["5"]
    assert detailed.parsed == found


@pytest.mark.anyio
async def test_errors_as_texts_and_as_objects_are_read() -> None:
    body = b'{"errors": ["no", {"status": "409", "title": "Conflict", "meta": {"a": 1}}]}'
    _, found, *_ = await answers_of(update_rum_replay_playlist, httpx.Response(422, content=body), strict=True)
    assert isinstance(found, ErrorResponse)
    assert isinstance(found.errors, list)
    text, entry = found.errors
    assert text == "no"
    assert isinstance(entry, ErrorDetail)
    assert (entry.status, entry.title) == ("409", "Conflict")
    _, found, *_ = await answers_of(
        update_rum_replay_playlist, httpx.Response(429, content=b'{"errors": ["slow"]}'), strict=True
    )
    assert isinstance(found, APIErrorResponse)
    assert found.errors == ["slow"]


def test_errors_show_an_excerpt_and_survive_pickling() -> None:
    error = UnexpectedBody(429, b"\xff<title>" + b"x" * 100_000, httpx.Headers({"Retry-After": "1"}))
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.status_code, again.content) == (UnexpectedBody, 429, error.content)
    assert again.headers["retry-after"] == "1"
    assert str(again) == str(error)
    assert str(error).startswith("status 429, with a body that does not fit the contract: \\xff<title>xxx")
    assert len(str(error)) < 500
    assert UnexpectedStatus(520, b"").headers == {}
    assert str(UnexpectedStatus(520, b"")) == "status 520, a status that is not in the contract: no content"


NAIVE = datetime.datetime(2026, 7, 1, 12, 0)
AWARE = NAIVE.replace(tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    "model",
    [
        lambda moment: WatchDataAttributes(application_id="a", event_id="e", timestamp=moment),
        lambda moment: PlaylistDataAttributes(name="n", created_at=moment),
        lambda moment: PlaylistDataAttributes(name="n", updated_at=moment),
        lambda moment: WatcherDataAttributes(handle="h", last_watched_at=moment, watch_count=1),
    ],
    ids=["required", "optional", "another optional one", "not sent by any operation"],
)
def test_a_naive_datetime_is_refused_before_it_is_sent(model: Any) -> None:
    with pytest.raises(ValueError, match=r"2026-07-01 12:00:00 is a naive datetime: it has no time zone; use"):
        model(NAIVE).to_dict()
    assert "2026-07-01T12:00:00+00:00" in model(AWARE).to_dict().values()


@pytest.mark.parametrize("text", ["2026-07-01T12:00:00", "2026-07-01", "yesterday", 5, None])
def test_a_time_without_an_offset_does_not_fit_the_contract(text: Any) -> None:
    wire = {"handle": "h", "watch_count": 1, "last_watched_at": text}
    with pytest.raises((ValueError, AttributeError)):
        WatcherDataAttributes.from_dict(wire)
    assert WatcherDataAttributes.from_dict(wire | {"last_watched_at": "2026-07-01t12:00:00z"}).last_watched_at == AWARE
