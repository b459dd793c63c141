"""The one place that touches the HTTP library: requests go out and come back here, and its exceptions end here."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

import attrs
import httpx

from .._answers import Answer, Failure, Streamed
from .._clock import Clock, clock_for, is_overridden
from .._content_coding import BodyDecoder, BodyLimitError, CodingError, TruncatedError
from .._credentials import Credentials
from .._errors import ConfigurationError, InvalidRequestError
from .._exchange import Done, Exchange
from .._processes import PerProcess
from .._rate_limit_ledger import Sleep
from .._retry import RetryEvent, RetryPolicy
from .._runtime import AsyncConsumer, AsyncEvent, async_abandon, async_wait
from .._slots import Slots
from .._timeouts import Timeout
from .._version import __version__
from .connections import AsyncConnections
from .failures import AsyncSendingProgress, failure
from .network import Allowance, allowance, give_up

if TYPE_CHECKING:
    from .._calls import Call

__all__ = ["DEFAULT_MAX_BODY_SIZE", "AsyncTransport", "Body"]

T = TypeVar("T")
R = TypeVar("R")

_PYTHON = ".".join(map(str, sys.version_info[:3]))  # platform.python_version() would cost 3 ms at import
DEFAULT_MAX_BODY_SIZE = 64 << 20
"""Bytes."""

USER_AGENT = f"rum-replay/{__version__} python/{_PYTHON} httpx/{httpx.__version__}"


@attrs.frozen
class Body:
    """The body of a successful answer while it arrives."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""

    chunks: AsyncIterator[bytes]

    ends_by_close: bool
    """Whether only the end of the connection shows that the body has ended."""


def _host_of(transport: AsyncTransport) -> str:
    return httpx.URL(transport.base_url).host


def _timeout_of(transport: AsyncTransport) -> httpx.Timeout:
    return httpx.Timeout(**attrs.asdict(transport.timeout))


@attrs.frozen(kw_only=True)
class AsyncTransport:
    """Sends calls over shared connections."""

    base_url: str
    credentials: Credentials
    connections: PerProcess[AsyncConnections] = attrs.field(repr=False)
    timeout: Timeout
    retry: RetryPolicy
    max_body_size: int = DEFAULT_MAX_BODY_SIZE
    given_clock: Clock | None = attrs.field(default=None, repr=False)
    on_retry: Callable[[RetryEvent], object] | None = None
    on_response: Callable[[httpx.Response], object] | None = None
    _host: str = attrs.field(init=False, repr=False, default=attrs.Factory(_host_of, takes_self=True))
    _timeout: httpx.Timeout = attrs.field(init=False, repr=False, default=attrs.Factory(_timeout_of, takes_self=True))

    @property
    def client(self) -> httpx.AsyncClient:
        """The HTTP client of this process."""
        return self.connections.get().client

    @property
    def clock(self) -> Clock:
        """The clock of this client: the one it was given, or else this machine's."""
        return self.given_clock or clock_for(self._host)

    def now(self) -> int:
        """Unix time in milliseconds."""
        return int(self.clock.time() * 1000)

    async def send(self, call: Call[T]) -> T:
        """Make the call, with retries; raises a ReplayError if it fails for good."""
        return cast("T", await self._call(call, None))

    async def stream(self, call: Call[Any], consume: AsyncConsumer[Body, R]) -> R:
        """Make the call, passing the body of a successful answer to `consume` as it arrives; gives what that returns.

        `consume` is called once for each attempt, and starts anew each time.
        """
        return cast("R", await self._call(call, consume))

    async def _call(self, call: Call[Any], consume: AsyncConsumer[Body, Any] | None) -> Any:
        clock, policy, connections = self.clock, self.retry, self.connections.get()
        if self.given_clock is None and is_overridden(self._host):
            policy = attrs.evolve(policy, jitter=0.0)
        exchange = Exchange(
            call, policy=policy, clock=clock, ledger=connections.ledger, credentials=self.credentials, host=self._host
        )
        try:
            while True:
                await self._wait_for_turn(exchange, clock)
                exchange.sending()
                step = exchange.ended(await self._attempt_in_slot(call, consume, exchange, connections))
                if isinstance(step, Done):
                    return step.value
                if self.on_retry is not None:
                    self.on_retry(step.event)
                await clock.async_sleep(step.wait)
        finally:
            exchange.leave()

    @staticmethod
    async def _wait_for_turn(exchange: Exchange[Any], clock: Clock) -> None:
        while True:
            wakeup = AsyncEvent()
            step = exchange.before_sending(wakeup)
            if step is None:
                return
            if isinstance(step, Sleep):
                await clock.async_sleep(step.seconds)
            else:
                await async_wait(wakeup)

    async def _attempt_in_slot(
        self,
        call: Call[Any],
        consume: AsyncConsumer[Body, Any] | None,
        exchange: Exchange[Any],
        connections: AsyncConnections,
    ) -> Answer | Failure:
        slots = connections.slots
        if slots is None:
            return await self._attempt(call, consume, exchange, connections)
        if not await self._take_slot(slots):
            seconds = f"no connection became free within {self.timeout.pool:g} s"
            return Failure("PoolTimeout", seconds, timed_out=True, may_have_been_applied=False)
        try:
            return await self._attempt(call, consume, exchange, connections)
        finally:
            slots.give_back()

    async def _take_slot(self, slots: Slots) -> bool:
        if (waiter := slots.take(wakeup := AsyncEvent())) is None:
            return True
        try:
            await async_wait(wakeup, self.timeout.pool)
        except BaseException:
            # A call that is cancelled at the moment at which it gets its slot must not keep it.
            if slots.stop_waiting(waiter):
                slots.give_back()
            raise
        return slots.stop_waiting(waiter)

    async def _attempt(
        self,
        call: Call[Any],
        consume: AsyncConsumer[Body, Any] | None,
        exchange: Exchange[Any],
        connections: AsyncConnections,
    ) -> Answer | Failure:
        connections.check_usable()
        if connections.client.is_closed:
            raise exchange.closed()
        request = self._request(call, connections.client)
        progress = AsyncSendingProgress()
        request.extensions["trace"] = progress
        allowed = Allowance(self.clock, exchange.seconds_for_attempt(self.timeout.read))
        token = allowance.set(allowed)
        try:
            response = await self._send(request, connections.client)
            allowed.head_bytes = None
            answer = await self._received(response, call, consume, exchange, allowed)
            if isinstance(answer, Failure):
                return answer
        except httpx.HTTPStatusError as error:
            # Raised by a hook of the caller's HTTP client, perhaps before the answer was read.
            response = error.response
            headers = dict(response.headers.items())
            answer = Answer(response.status_code, headers, _already_read(response))
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            # Only words leave this handler: the exception's frames hold the request's bytes, and the keys in them.
            # The words may quote bytes that are not HTTP, such as an echo of the request.
            return failure(error, progress, self.credentials)
        except BaseException as error:
            if not isinstance(error, Exception):
                await give_up(connections.client, progress)
            raise
        finally:
            allowance.reset(token)
        if self.on_response is not None:
            self.on_response(response)
        return answer

    async def _received(
        self,
        response: httpx.Response,
        call: Call[Any],
        consume: AsyncConsumer[Body, Any] | None,
        exchange: Exchange[Any],
        allowed: Allowance,
    ) -> Answer | Failure:
        """The answer whose head has arrived, with its body."""
        headers = dict(response.headers.items())
        exchange.answered(response.status_code, headers)
        try:
            if consume is None or not exchange.is_whole(response.status_code):
                return Answer(response.status_code, headers, await self._read(response, allowed))
            allowed.ends_at = None
            started = self.clock.monotonic()
            kept = self.credentials.redact_values(headers)  # in a manifest, for others to read
            try:
                consumed = await _consumed(response, kept, call.max_page_size, consume)
            finally:
                exchange.extend_deadline(self.clock.monotonic() - started)
            return Answer(response.status_code, headers, b"", streamed=Streamed(consumed))
        except TruncatedError as error:
            return Failure("TruncatedBody", str(error))
        except (CodingError, httpx.DecodingError) as error:
            unreadable = f"it cannot be decompressed: {error}"
        except BodyLimitError as error:
            unreadable = str(error)
        finally:
            await response.aclose()
        return Answer(response.status_code, headers, b"", unreadable=unreadable)

    async def _send(self, request: httpx.Request, client: httpx.AsyncClient) -> httpx.Response:
        auth = None if self.credentials.are_bearer else httpx.USE_CLIENT_DEFAULT  # it would take the token's place
        try:
            return await client.send(request, stream=True, auth=auth, follow_redirects=False)
        except UnicodeError as error:  # names of proxies are encoded only when they are looked up
            reason = str(error)
        except RuntimeError as error:
            raise ConfigurationError(f"the HTTP client cannot be used any more, or not here: {error}") from None
        raise httpx.ConnectError(reason)

    async def _read(self, response: httpx.Response, allowed: Allowance) -> bytes:
        """The whole body, decoded, within the time and the size that it may take."""
        if response.is_stream_consumed:  # by a hook of the caller's HTTP client
            return await response.aread()
        stream = response.stream
        assert isinstance(stream, httpx.AsyncByteStream)
        size, chunks = 0, list[bytes]()
        try:
            async for chunk in stream:
                if allowed.is_over:  # the caller's HTTP client does not ask
                    raise httpx.ReadTimeout(allowed.complaint)
                size += len(chunk)
                if size > self.max_body_size:
                    raise BodyLimitError(self.max_body_size, "max_body_size")
                chunks.append(chunk)
        finally:
            await stream.aclose()
        # Decoded once it is whole: a failure on the way would leave generators of the HTTP library half used, of which
        # trio warns.
        decoder = BodyDecoder(response.headers.get("content-encoding", ""), self.max_body_size)
        body = b"".join(piece for chunk in chunks for piece in decoder.feed(chunk))
        decoder.finish()
        if self.on_response is not None:
            # The hook's `content` is decoded by the HTTP library, which by now is known to stay within the limit.
            response.stream = httpx.ByteStream(b"".join(chunks))
            response.read()
        return body

    def _request(self, call: Call[Any], client: httpx.AsyncClient) -> httpx.Request:
        arguments = {**call.request, "url": self.base_url + call.request["url"]}
        headers = {"Accept": "application/json", "User-Agent": USER_AGENT, **arguments.pop("headers", {})}
        try:
            request = client.build_request(**arguments, timeout=self._timeout)
        except httpx.InvalidURL as error:
            reason = str(error)
        else:
            # Set one by one: handing them to build_request would merge and parse them all, at a cost that shows.
            for name, value in headers.items():
                request.headers[name] = value
            self.credentials.apply(request.headers)
            return request
        raise InvalidRequestError(f"the arguments make no URL that can be sent: {reason}")


class _AsyncDecodedChunks:
    """A body as it arrives, without its content coding. An iterator, for the same reason as those of lists."""

    def __init__(self, arriving: AsyncIterator[bytes], decoder: BodyDecoder) -> None:
        self._arriving = arriving
        self._decoder = decoder
        self._pieces: Iterator[bytes] = iter(())

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        while (piece := next(self._pieces, None)) is None:
            try:
                self._pieces = self._decoder.feed(await self._arriving.__anext__())
            except StopAsyncIteration:
                self._decoder.finish()
                raise
        return piece


async def _consumed(
    response: httpx.Response, headers: Mapping[str, str], limit: int | None, consume: AsyncConsumer[Body, Any]
) -> Any:
    # What a hook of the caller's HTTP client has read is decoded by that.
    arriving = response.aiter_bytes() if response.is_stream_consumed else response.aiter_raw()
    try:
        return await consume(_body(response, headers, arriving, limit))
    except BaseException:
        await response.aclose()
        await async_abandon(arriving)
        raise


def _body(
    response: httpx.Response, headers: Mapping[str, str], arriving: AsyncIterator[bytes], limit: int | None
) -> Body:
    coding = "" if response.is_stream_consumed else headers.get("content-encoding", "")
    decoder = BodyDecoder(coding, limit, "max_page_size")
    has_length = not response.http_version.startswith("HTTP/1") or "content-length" in headers
    has_end = has_length or "transfer-encoding" in headers or decoder.knows_end or response.status_code == 204
    return Body(response.status_code, headers, _AsyncDecodedChunks(arriving, decoder), ends_by_close=not has_end)


def _already_read(response: httpx.Response) -> bytes:
    try:
        return response.content
    except httpx.ResponseNotRead:
        return b""
