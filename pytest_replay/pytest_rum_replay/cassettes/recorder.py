"""vcrpy put to work: it patches httpx, and asks a cassette of ours for answers. The only module that imports vcrpy.

From vcrpy come the patches and the stubs in the HTTP library. What its own cassettes do with requests and answers is
replaced: its search is quadratic, its matching ignores bodies and its saving can leave the patches on.
"""

import logging
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from typing import Any, Protocol, cast

import httpx
from vcr.cassette import Cassette as _VcrCassette  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]
from vcr.patch import PATCHER_NAMES  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]
from vcr.stubs.httpx_stubs import (  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]
    vcr_handle_async_request,  # pyright: ignore[reportUnknownVariableType]
    vcr_handle_request,  # pyright: ignore[reportUnknownVariableType]
)

from pytest_rum_replay.cassettes.cassette import Cassette, Sent
from pytest_rum_replay.cassettes.content_coding import decoded
from pytest_rum_replay.cassettes.errors import CassetteUsageError
from pytest_rum_replay.interaction import Headers, RecordedRequest, RecordedResponse

__all__ = ["recording_with"]

# They write whole URLs, and so the credentials in them, into the log.
_TALKATIVE = ("vcr.request", "vcr.cassette", "vcr.stubs.httpx_stubs")

_one_at_a_time = Lock()


class _Request(Protocol):
    """What is used of `vcr.request.Request`, which is compared by identity."""

    method: str
    uri: str
    headers: Mapping[str, str]
    body: bytes


@contextmanager
def recording_with(cassette: Cassette) -> Generator[None]:
    """Lead what httpx would send over a network to the cassette while the context lasts.

    Transports that stay in the process (ASGI, WSGI, mocks and any of one's own) are left alone: an app that is called
    through one is the code under test, and an answer from the cassette would keep it from running.

    Raises CassetteUsageError while another cassette is open: the patches hold for the whole process, so two cassettes,
    in two threads say, would get each other's requests.
    """
    if not _one_at_a_time.acquire(blocking=False):
        raise CassetteUsageError(
            f"{cassette.path} cannot be opened while another cassette is open: httpx is patched for the whole process"
        )
    try:
        with _silenced(), _patched(path=str(cassette.path), cassette=cassette):
            yield
    finally:
        _one_at_a_time.release()


class _Recorder(_VcrCassette):  # type: ignore[misc]
    """What vcrpy's stubs talk to."""

    def __init__(self, path: str, cassette: Cassette) -> None:
        # vcrpy's own patches of httpx call what httpx had when vcrpy was imported, which may have been somebody's patch
        # for one test; these call what httpx has now. And they leave transports that stay in the process alone.
        sync, asynchronous = httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            path,
            skip_patchers=PATCHER_NAMES,
            custom_patches=[
                (httpx.HTTPTransport, "handle_request", vcr_handle_request(self, sync, httpx)),
                (
                    httpx.AsyncHTTPTransport,
                    "handle_async_request",
                    vcr_handle_async_request(self, asynchronous, httpx),
                ),
            ],
        )
        self._cassette = cassette
        self._answers: dict[_Request, RecordedResponse] = {}
        self._sent: dict[_Request, Sent] = {}

    def _load(self) -> None:
        """Done by our cassette, before anything is patched."""

    def _save(self, force: bool = False) -> None:
        """Done by our cassette once everything is unpatched: a failure here would leave vcrpy's patches on."""

    @property
    def write_protected(self) -> bool:
        return self._cassette.replaying

    def can_play_response_for(self, request: _Request) -> bool:
        __tracebackhide__ = True
        answer = self._cassette.ask(_request_of(request))
        if isinstance(answer, Sent):
            self._sent[request] = answer
            return False
        self._answers[request] = answer
        return True

    def play_response(self, request: _Request) -> dict[str, Any]:
        return _for_vcr(self._answers.pop(request))

    def append(self, request: _Request, response: dict[str, Any]) -> None:
        self._cassette.record(self._sent.pop(request), _response_of(response))


_patched: Callable[..., AbstractContextManager[object]] = cast(Any, _Recorder).use


@contextmanager
def _silenced() -> Generator[None]:
    loggers = [logger for name in _TALKATIVE if not (logger := logging.getLogger(name)).disabled]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger in loggers:
            logger.disabled = False


def _request_of(request: _Request) -> RecordedRequest:
    headers: Headers = tuple((name.lower(), value) for name, value in request.headers.items())
    headers, body = decoded(headers, request.body)
    return RecordedRequest(request.method, request.uri, headers, body)


def _response_of(response: dict[str, Any]) -> RecordedResponse:
    headers: Headers = tuple((name.lower(), value) for name, values in response["headers"].items() for value in values)
    headers, body = decoded(headers, response["body"]["string"])
    return RecordedResponse(response["status"]["code"], response["status"]["message"], headers, body)


def _for_vcr(response: RecordedResponse) -> dict[str, Any]:
    grouped: dict[bytes, list[bytes]] = {}
    for name, value in response.headers:
        # As bytes, since httpx takes text for headers only where it is ASCII.
        grouped.setdefault(name.encode(), []).append(value.encode())
    return {
        "status": {"code": response.status, "message": response.reason},
        "headers": grouped,
        "body": {"string": response.body},
    }
