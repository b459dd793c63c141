"""httpx patched with vcrpy's stubs, which get their answers from our cassette. The only module that imports vcrpy.

vcrpy provides the patches and the stubs for the HTTP library. The behavior of its own cassettes is replaced: their
search is quadratic, their matching ignores bodies, and saving them can leave the patches in place.
"""

import logging
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from typing import Any, Protocol, cast

import httpx
from rum_replay._extras import install_command

from pytest_rum_replay.cassettes.cassette import Cassette, Sent
from pytest_rum_replay.cassettes.errors import CassetteUsageError
from pytest_rum_replay.interaction import Headers, RecordedRequest, RecordedResponse

try:
    from vcr.cassette import Cassette as _VcrCassette  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]
    from vcr.patch import PATCHER_NAMES  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]
    from vcr.stubs.httpx_stubs import (  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]
        vcr_handle_async_request,  # pyright: ignore[reportUnknownVariableType]
        vcr_handle_request,  # pyright: ignore[reportUnknownVariableType]
    )
except ImportError as error:
    raise ImportError(f"cassettes need vcrpy ({error}): {install_command('pytest')}", name=error.name) from error

__all__ = ["recording_with"]

# They log whole URLs, including the credentials in them.
_LOGGERS = ("vcr.request", "vcr.stubs.httpx_stubs")

_one_at_a_time = Lock()


class _Request(Protocol):
    """The used part of `vcr.request.Request`, which is compared by identity."""

    method: str
    uri: str
    headers: Mapping[str, str]
    body: bytes


@contextmanager
def recording_with(cassette: Cassette) -> Generator[None]:
    """Redirect the requests that httpx sends over a network to the cassette within the context.

    In-process transports (ASGI, WSGI, mocks and custom ones) are not affected: an app that is called through one is the
    code under test, and an answer from the cassette would keep it from running.

    Raises CassetteUsageError while another cassette is open: the patches affect the whole process, so two cassettes, in
    two threads for example, would get each other's requests.
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
    """The cassette that vcrpy's stubs use."""

    def __init__(self, path: str, cassette: Cassette) -> None:
        # vcrpy's own patches call the methods that httpx had when vcrpy was imported, perhaps another test's patch;
        # these call the current methods. They also do not affect in-process transports.
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
        """Our cassette does this before anything is patched."""

    def _save(self, force: bool = False) -> None:
        """Our cassette does this once everything is unpatched: a failure here would leave vcrpy's patches in place."""

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
    loggers = [logger for name in _LOGGERS if not (logger := logging.getLogger(name)).disabled]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger in loggers:
            logger.disabled = False


def _request_of(request: _Request) -> RecordedRequest:
    headers: Headers = tuple((name.lower(), value) for name, value in request.headers.items())
    headers, body = _decompressed(headers, request.body)
    return RecordedRequest(request.method, request.uri, headers, body)


def _response_of(response: dict[str, Any]) -> RecordedResponse:
    headers: Headers = tuple((name.lower(), value) for name, values in response["headers"].items() for value in values)
    headers, body = _decompressed(headers, response["body"]["string"])
    return RecordedResponse(response["status"]["code"], response["status"]["message"], headers, body)


def _decompressed(headers: Headers, body: bytes) -> tuple[Headers, bytes]:
    """The decompressed body, and the headers without `content-encoding`.

    httpx does it, so a recording contains exactly what its clients read: gzip, deflate with and without the zlib
    wrapper, and br and zstd if their packages are installed. A body that httpx cannot decompress keeps its compression
    and its header, so that replaying it has the same result.
    """
    codings = [(name, value) for name, value in headers if name == "content-encoding"]
    if not codings:
        return headers, body
    try:
        plain = httpx.Response(200, headers=codings, content=body).content
    except httpx.DecodingError:
        return headers, body
    # Unknown codings are silently passed through; no compressed body equals its content.
    if plain == body:
        return headers, body
    return tuple(pair for pair in headers if pair[0] != "content-encoding"), plain


def _for_vcr(response: RecordedResponse) -> dict[str, Any]:
    grouped: dict[bytes, list[bytes]] = {}
    for name, value in response.headers:
        # As bytes, since httpx accepts text for headers only if it is ASCII.
        grouped.setdefault(name.encode(), []).append(value.encode())
    return {
        "status": {"code": response.status, "message": response.reason},
        "headers": grouped,
        "body": {"string": response.body},
    }
