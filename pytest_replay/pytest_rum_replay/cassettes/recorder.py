"""httpx patched so that requests reach our cassettes, by vcrpy's stubs. The only module that imports vcrpy.

vcrpy's stubs know how to read and make requests and answers of the HTTP library. The behavior of its own cassettes and
patches is replaced: their search is quadratic, their matching ignores bodies, saving them can leave the patches in
place, and so does ending them in another order than the reverse of their beginning.
"""

import logging
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from functools import partial, wraps
from threading import RLock
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

import httpx
from attrs import define, field, frozen
from rum_replay._extras import install_command
from rum_replay._sites import is_loopback

from pytest_rum_replay.cassettes.cassette import Cassette, Sent
from pytest_rum_replay.cassettes.errors import CassetteUsageError
from pytest_rum_replay.cassettes.latecomers import Running, check_sender, note_left_behind, some_left_behind
from pytest_rum_replay.interaction import Headers, RecordedRequest, RecordedResponse

try:
    from vcr.stubs.httpx_stubs import (  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]
        vcr_handle_async_request,  # pyright: ignore[reportUnknownVariableType]
        vcr_handle_request,  # pyright: ignore[reportUnknownVariableType]
    )
except ImportError as error:
    raise ImportError(f"cassettes need vcrpy ({error}): {install_command('pytest')}", name=error.name) from error

__all__ = ["recording_with", "refusing_outside"]

_vcr_handle: Callable[..., Any] = cast(Any, vcr_handle_request)
_vcr_handle_async: Callable[..., Any] = cast(Any, vcr_handle_async_request)

# They log whole URLs, including the credentials in them.
_LOGGERS = ("vcr.request", "vcr.stubs.httpx_stubs")

_changing = RLock()
_open: list[Cassette] = []
_patches: "list[_Patch]" = []
_sending: ContextVar[bool] = ContextVar("rum_replay_sending", default=False)
"""Whether a request is being sent for a cassette, so that no other one sees it."""


@contextmanager
def recording_with(cassette: Cassette) -> Generator[None]:
    """Redirect the requests that httpx sends over a network to the cassette within the context.

    In-process transports (ASGI, WSGI, mocks and custom ones) are not affected: an app that is called through one is the
    code under test, and an answer from the cassette would keep it from running.

    While a cassette is open that outlasts single tests, another may be opened, and gets the requests until it ends.
    Otherwise raises CassetteUsageError: the patches affect the whole process, so two cassettes, in two threads for
    example, would get each other's requests.
    """
    with _changing:
        if any(not other.outlasts_tests for other in _open):
            raise CassetteUsageError(
                f"{cassette.path} cannot be opened while another cassette is open: httpx is patched for the whole "
                "process"
            )
        _open.append(cassette)
    _watch_latecomers()
    before = Running.now()
    try:
        with _silenced(), _patched(partial(_recording, _Recorder(cassette))):
            yield
    finally:
        _open.remove(cassette)
        if not cassette.outlasts_tests:
            note_left_behind(before, cassette.node_id)
        _watch_latecomers()


@contextmanager
def refusing_outside(reason: str) -> Generator[None]:
    """Raise CassetteUsageError for requests that httpx would send over a network while no cassette is open.

    Those to this machine are sent: they need no network, and a server may have to be asked whether it is ready.
    """

    def check(request: httpx.Request) -> None:
        if not _open and not is_loopback(request.url.host):
            raise CassetteUsageError(f"{request.method} {request.url.host} was not sent: {reason}")

    with _patched(partial(_checking, check)):
        yield


def _watch_latecomers() -> None:
    """Refuse what threads and tasks of earlier tests send while no cassette is open, as long as there are any."""
    with _changing:
        if some_left_behind() == _watching.is_active:
            return
        if _watching.is_active:
            _watching.stack.close()
        else:
            _watching.stack.enter_context(
                _patched(partial(_checking, lambda request: check_sender(f"{request.method} {request.url.host}")))
            )
        _watching.is_active = not _watching.is_active


@define
class _Watching:
    stack: ExitStack = field(factory=ExitStack)
    is_active: bool = False


_watching = _Watching()


def _checking(check: Callable[[httpx.Request], None], methods: "_Methods") -> "_Methods":
    def handle(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        check(request)
        return methods.handle(transport, request)

    async def handle_async(transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        check(request)
        return await methods.handle_async(transport, request)

    return _Methods(handle, handle_async)


@frozen
class _Methods:
    """How the transports of httpx handle a request."""

    handle: Callable[[httpx.HTTPTransport, httpx.Request], httpx.Response]
    handle_async: Callable[[httpx.AsyncHTTPTransport, httpx.Request], Awaitable[httpx.Response]]

    @classmethod
    def current(cls) -> "_Methods":
        return cls(httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request)

    def install(self) -> None:
        httpx.HTTPTransport.handle_request = self.handle  # type: ignore[method-assign, assignment]
        httpx.AsyncHTTPTransport.handle_async_request = self.handle_async  # type: ignore[method-assign, assignment]


@define(eq=False)
class _Patch:
    below: _Methods
    above: _Methods = field(init=False)
    ended: bool = field(init=False, default=False)


@contextmanager
def _patched(change: Callable[[_Methods], _Methods]) -> Generator[None]:
    """Let httpx use other methods, which are made of the present ones.

    Several such contexts may end in any order: one that others were entered after lets requests pass until those end.
    """
    with _changing:
        _remove_ended()
        patch = _Patch(_Methods.current())
        patch.above = _passing(patch, change(patch.below))
        patch.above.install()
        _patches.append(patch)
    try:
        yield
    finally:
        with _changing:
            patch.ended = True
            _remove_ended()


def _remove_ended() -> None:
    while _patches and _patches[-1].ended and _patches[-1].above == _Methods.current():
        _patches.pop().below.install()


def _passing(patch: _Patch, changed: _Methods) -> _Methods:
    """The changed methods, but those below for what is sent for a cassette, and once the patch has ended."""
    below = patch.below

    @wraps(below.handle)
    def handle_request(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        __tracebackhide__ = True
        return (below if patch.ended or _sending.get() else changed).handle(transport, request)

    @wraps(below.handle_async)
    async def handle_async_request(transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        __tracebackhide__ = True
        return await (below if patch.ended or _sending.get() else changed).handle_async(transport, request)

    return _Methods(handle_request, handle_async_request)


def _recording(recorder: "_Recorder", methods: _Methods) -> _Methods:
    """Methods that get answers from a cassette, or send a request and record it."""

    @wraps(methods.handle)
    def send(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        token = _sending.set(True)
        try:
            return methods.handle(transport, request)
        finally:
            _sending.reset(token)

    @wraps(methods.handle_async)
    async def send_async(transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        token = _sending.set(True)
        try:
            return await methods.handle_async(transport, request)
        finally:
            _sending.reset(token)

    return _Methods(_vcr_handle(recorder, send, httpx), _vcr_handle_async(recorder, send_async, httpx))


class _Request(Protocol):
    """The used part of `vcr.request.Request`, which is compared by identity."""

    method: str
    uri: str
    headers: Mapping[str, str]
    body: bytes


class _Recorder:
    """What vcrpy's stubs take for one of vcrpy's cassettes."""

    def __init__(self, cassette: Cassette) -> None:
        self._cassette = cassette
        self._answers: dict[_Request, RecordedResponse] = {}
        self._sent: dict[_Request, Sent] = {}

    write_protected = False
    """Our cassette raises an error of its own for what it has no answer to."""

    def can_play_response_for(self, request: _Request) -> bool:
        __tracebackhide__ = True
        check_sender(f"{request.method} {urlsplit(request.uri).hostname}")
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
