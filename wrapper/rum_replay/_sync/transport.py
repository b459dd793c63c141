# Derived from rum_replay/_async by scripts/unasync. Do not edit.
"""The one place that touches the HTTP library: requests go out and come back here, and its exceptions end here."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

import attrs
import httpx

from .._answers import Answer, Failure, Streamed
from .._certificates import trusted_certificates
from .._clock import Clock, clock_for, is_overridden
from .._credentials import Credentials
from .._errors import ConfigurationError, InvalidRequestError
from .._exchange import Done, Exchange
from .._proxies import proxy_for, proxy_variables
from .._rate_limits import RateLimitLedger
from .._retry import RetryEvent, RetryPolicy
from .._runtime import Consumer
from .._timeouts import Timeout
from .._version import __version__

if TYPE_CHECKING:
    from .._calls import Call

__all__ = ["Transport", "Body", "usable_client"]

T = TypeVar("T")
R = TypeVar("R")

_PYTHON = ".".join(map(str, sys.version_info[:3]))  # platform.python_version() would cost 3 ms at import
USER_AGENT = f"rum-replay/{__version__} python/{_PYTHON} httpx/{httpx.__version__}"

# What certainly happens before a byte of the request is sent.
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


@attrs.frozen
class Body:
    """The body of a successful answer while it arrives."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""

    chunks: Iterator[bytes]


def _host_of(transport: Transport) -> str:
    return httpx.URL(transport.base_url).host


def _timeout_of(transport: Transport) -> httpx.Timeout:
    return httpx.Timeout(**attrs.asdict(transport.timeout))


@attrs.frozen(kw_only=True)
class Transport:
    """Sends calls over one pool of connections; copies with other options share the pool."""

    base_url: str
    credentials: Credentials
    client: httpx.Client = attrs.field(repr=False)
    timeout: Timeout
    retry: RetryPolicy
    given_clock: Clock | None = attrs.field(default=None, repr=False)
    ledger: RateLimitLedger = attrs.field(factory=RateLimitLedger, repr=False)
    on_retry: Callable[[RetryEvent], object] | None = None
    on_response: Callable[[httpx.Response], object] | None = None
    _host: str = attrs.field(init=False, repr=False, default=attrs.Factory(_host_of, takes_self=True))
    _timeout: httpx.Timeout = attrs.field(init=False, repr=False, default=attrs.Factory(_timeout_of, takes_self=True))

    @property
    def clock(self) -> Clock:
        """The clock of this client: the one it was given, or else this machine's."""
        return self.given_clock or clock_for(self._host)

    def now(self) -> int:
        """Unix time in milliseconds."""
        return int(self.clock.time() * 1000)

    def send(self, call: Call[T]) -> T:
        """Make the call, with retries; raises a ReplayError if it fails for good."""
        return cast("T", self._call(call, None))

    def stream(self, call: Call[Any], consume: Consumer[Body, R]) -> R:
        """Make the call, passing the body of a successful answer to `consume` as it arrives; gives what that returns.

        `consume` is called once for each attempt, and starts anew each time.
        """
        return cast("R", self._call(call, consume))

    def _call(self, call: Call[Any], consume: Consumer[Body, Any] | None) -> Any:
        clock, policy = self.clock, self.retry
        if self.given_clock is None and is_overridden(self._host):
            policy = attrs.evolve(policy, jitter=0.0)
        exchange = Exchange(
            call, policy=policy, clock=clock, ledger=self.ledger, credentials=self.credentials, host=self._host
        )
        if wait := exchange.wait_before_first_send():
            clock.sleep(wait)
        while True:
            exchange.sending()
            step = exchange.ended(self._attempt(call, consume, exchange))
            if isinstance(step, Done):
                return step.value
            if self.on_retry is not None:
                self.on_retry(step.event)
            clock.sleep(step.wait)

    def _attempt(
        self,
        call: Call[Any],
        consume: Consumer[Body, Any] | None,
        exchange: Exchange[Any],
    ) -> Answer | Failure:
        if self.client.is_closed:
            raise exchange.closed()
        request = self._request(call)
        try:
            response = self._send(request)
            headers = dict(response.headers.items())
            try:
                if consume is not None and response.is_success:
                    started = self.clock.monotonic()
                    try:
                        consumed = consume(Body(response.status_code, headers, response.iter_bytes()))
                    finally:
                        exchange.extend_deadline(self.clock.monotonic() - started)
                    answer = Answer(response.status_code, headers, b"", streamed=Streamed(consumed))
                else:
                    answer = Answer(response.status_code, headers, self._read(response))
            except httpx.DecodingError as error:
                answer = Answer(response.status_code, headers, b"", undecodable=str(error))
            finally:
                response.close()
        except httpx.HTTPStatusError as error:
            # Raised by a hook of the caller's HTTP client, perhaps before the answer was read.
            response = error.response
            answer = Answer(response.status_code, dict(response.headers.items()), _already_read(response))
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            # Only words leave this handler: the exception's frames hold the request's bytes, and the keys in them.
            # The words may quote bytes that are not HTTP, such as an echo of the request.
            return Failure(
                reason=type(error).__name__,
                detail=self.credentials.redact(str(error).encode("utf-8", "replace")).decode(),
                timed_out=isinstance(error, httpx.TimeoutException),
                may_have_been_applied=not isinstance(error, _NEVER_SENT),
            )
        if self.on_response is not None:
            self.on_response(response)
        return answer

    def _send(self, request: httpx.Request) -> httpx.Response:
        auth = None if self.credentials.are_bearer else httpx.USE_CLIENT_DEFAULT  # it would take the token's place
        try:
            return self.client.send(request, stream=True, auth=auth, follow_redirects=False)
        except UnicodeError as error:  # names of proxies are encoded only when they are looked up
            reason = str(error)
        except RuntimeError as error:
            raise ConfigurationError(f"the HTTP client cannot be used any more, or not here: {error}") from None
        raise httpx.ConnectError(reason)

    def _read(self, response: httpx.Response) -> bytes:
        """The whole body, decompressed; the read timeout alone would allow a byte now and then forever."""
        if response.is_stream_consumed:  # by a hook of the caller's HTTP client
            return response.read()
        stream = response.stream
        assert isinstance(stream, httpx.SyncByteStream)
        seconds = max(self.retry.deadline, self.timeout.read)
        ends_at = self.clock.monotonic() + seconds
        chunks: list[bytes] = []
        try:
            for chunk in stream:
                if self.clock.monotonic() > ends_at:
                    raise httpx.ReadTimeout(f"the body was still arriving after {seconds:g} s")
                chunks.append(chunk)
        finally:
            stream.close()
        # Decompressed once it is whole: a failure on the way would leave generators of the HTTP library half used, of
        # which trio warns.
        response.stream = httpx.ByteStream(b"".join(chunks))
        return response.read()

    def _request(self, call: Call[Any]) -> httpx.Request:
        arguments = {**call.request, "url": self.base_url + call.request["url"]}
        headers = {"Accept": "application/json", "User-Agent": USER_AGENT, **arguments.pop("headers", {})}
        try:
            request = self.client.build_request(**arguments, timeout=self._timeout)
        except httpx.InvalidURL as error:
            reason = str(error)
        else:
            # Set one by one: handing them to build_request would merge and parse them all, at a cost that shows.
            for name, value in headers.items():
                request.headers[name] = value
            self.credentials.apply(request.headers)
            return request
        raise InvalidRequestError(f"the arguments make no URL that can be sent: {reason}")


def _already_read(response: httpx.Response) -> bytes:
    try:
        return response.content
    except httpx.ResponseNotRead:
        return b""


def usable_client(base_url: str, chosen: httpx.Client | None) -> httpx.Client:
    """The caller's HTTP client, or a new one; plain http, which is for this machine, then uses no proxy.

    Raises ConfigurationError for a client of the wrong kind, for a URL that httpx does not take, and where the
    environment's proxy or certificate settings are unusable.
    """
    if chosen is not None and not isinstance(chosen, httpx.Client):  # pyright: ignore[reportUnnecessaryIsInstance]
        # Named outside of the f-string: what unasync sees inside of one depends on the version of Python.
        wanted, given = httpx.Client.__name__, type(chosen).__name__
        raise ConfigurationError(f"http_client must be an httpx.{wanted}, not {given}")
    try:
        url = httpx.URL(base_url)
        _ = url.host  # decoded only now, and refused if it is not a valid internationalized name
        url.raw_host.decode().encode("idna")  # refuses what DNS would: empty labels, and those beyond 63 characters
        if chosen is not None:
            return chosen
        if url.scheme == "http":
            return httpx.Client(trust_env=False)
        # httpx itself would take an IPv6 network in NO_PROXY for a host with a port.
        verify = trusted_certificates(os.environ) or True
        proxy = proxy_for(base_url, proxy_variables())
        return httpx.Client(trust_env=False, verify=verify, proxy=None if proxy is None else httpx.Proxy(proxy.url))
    except (httpx.InvalidURL, ValueError, OSError, ImportError) as error:
        reason = f"{type(error).__name__}: {error}"
    raise ConfigurationError(f"no HTTP client can be set up for {base_url}: {reason}")
