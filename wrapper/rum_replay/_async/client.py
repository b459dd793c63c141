"""The client: configuration resolved once, five groups of operations."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn, Self, TypeVar

import attrs
import httpx

from .._arguments import check_hook, check_size
from .._clock import Clock, checked_clock
from .._credentials import Credentials
from .._errors import ConfigurationError, InvalidRequestError
from .._public import public
from .._retry import DEFAULT_RETRY_POLICY, RetryEvent, RetryPolicy, checked_policy
from .._sites import resolve_base_url
from .._timeouts import DEFAULT_TIMEOUT, Timeout
from .connections import new_client, shared_connections, usable_client
from .transport import DEFAULT_MAX_BODY_SIZE, AsyncTransport

if TYPE_CHECKING:
    from .events import AsyncEvents
    from .heatmaps import AsyncHeatmaps
    from .playlists import AsyncPlaylists
    from .sessions import AsyncSessions
    from .viewership import AsyncViewership

__all__ = ["AsyncReplayClient", "transport_of"]

Hook = TypeVar("Hook", bound=Callable[..., object] | None)


class AsyncReplayClient:
    """Datadog's RUM Session Replay API: `playlists`, `heatmaps`, `viewership`, `sessions`, and the search for `events`.

    One client serves any number of threads or tasks at once. Use it as a context manager, or close it at the end. Its
    connections belong to the event loop that opened them, so a program that runs several needs a client for each.

    site: a site's name (`eu1`), its domain (`datadoghq.eu`), a URL of the web application, or any other domain; by
        default RUM_REPLAY_BASE_URL (see base_url), then DD_SITE, DATADOG_SITE, then us1.
    api_key, app_key: by default DD_API_KEY or DATADOG_API_KEY, and DD_APP_KEY or DATADOG_APP_KEY.
    bearer_token: instead of the keys; by default DD_BEARER_TOKEN or DD_ACCESS_TOKEN.
    base_url: instead of the site, for proxies and test servers; plain http for this machine only. The environment
        variable RUM_REPLAY_BASE_URL gives one to every client without `site` and `base_url`.
    timeout: seconds, or a Timeout; by default 5 to connect and 30 between two pieces of an answer.
    retry: see RetryPolicy.
    http_client: your own HTTP client, for another transport, proxy or certificates; it is never closed here. By
        default HTTPS_PROXY, ALL_PROXY and NO_PROXY decide about a proxy, SSL_CERT_FILE or SSL_CERT_DIR about
        certificates.
    on_retry: called with a RetryEvent before each wait.
    on_response: called with each answer as httpx.Response, failed attempts and errors included; must not block. Answers
        that were streamed (segments) or could not be decompressed have no `.content`.
    max_body_size: bytes that the body of an answer may have, compressed or not, unless it is a page of segments; by
        default 64 MiB. Of an error's larger body nothing is kept; another answer is an UnexpectedResponseError.
    clock: see Clock; by default this machine's. For tests.

    Raises ConfigurationError for options that make no sense, and for missing credentials.
    """

    def __init__(
        self,
        *,
        site: str | None = None,
        api_key: str | None = None,
        app_key: str | None = None,
        bearer_token: str | None = None,
        base_url: str | None = None,
        timeout: float | Timeout = DEFAULT_TIMEOUT,
        retry: RetryPolicy = DEFAULT_RETRY_POLICY,
        http_client: httpx.AsyncClient | None = None,
        on_retry: Callable[[RetryEvent], object] | None = None,
        on_response: Callable[[httpx.Response], object] | None = None,
        max_body_size: int = DEFAULT_MAX_BODY_SIZE,
        clock: Clock | None = None,
    ) -> None:
        given = Credentials(api_key, app_key, bearer_token)
        # From here on a traceback that shows local variables shows no secret.
        del api_key, app_key, bearer_token
        url = resolve_base_url(site, base_url)
        credentials = given.resolve()
        client = usable_client(url, http_client)
        self._owns_connections = http_client is None
        self._transport = AsyncTransport(
            base_url=url,
            credentials=credentials,
            connections=shared_connections(client, None if http_client is not None else partial(new_client, url)),
            timeout=Timeout.of(timeout),
            retry=checked_policy(retry),
            max_body_size=_checked_size(max_body_size),
            given_clock=checked_clock(clock),
            on_retry=_checked("on_retry", on_retry),
            on_response=_checked("on_response", on_response),
        )

    @cached_property
    def playlists(self) -> AsyncPlaylists:
        """Named sets of replays."""
        # The groups are imported when they are first used: most programs use one of them, and imports cost time.
        from .playlists import AsyncPlaylists

        return AsyncPlaylists(self._transport)

    @cached_property
    def heatmaps(self) -> AsyncHeatmaps:
        """Snapshots of views, for heatmaps to be drawn on."""
        from .heatmaps import AsyncHeatmaps

        return AsyncHeatmaps(self._transport)

    @cached_property
    def viewership(self) -> AsyncViewership:
        """Who watched which session."""
        from .viewership import AsyncViewership

        return AsyncViewership(self._transport)

    @cached_property
    def sessions(self) -> AsyncSessions:
        """The recorded segments of sessions."""
        from .sessions import AsyncSessions

        return AsyncSessions(self._transport)

    @cached_property
    def events(self) -> AsyncEvents:
        """The search for RUM events, by which sessions and views are found."""
        from .events import AsyncEvents

        return AsyncEvents(self._transport)

    def with_options(
        self,
        *,
        timeout: float | Timeout | None = None,
        retry: RetryPolicy | None = None,
        on_retry: Callable[[RetryEvent], object] | None = None,
        on_response: Callable[[httpx.Response], object] | None = None,
        max_body_size: int | None = None,
    ) -> Self:
        """A copy with other options that shares connections, credentials, clock and knowledge of rate limits.

        Closing the copy closes nothing. Options that are None stay as they are here.
        """
        given = self._transport
        copy = type(self).__new__(type(self))
        copy._owns_connections = False
        copy._transport = attrs.evolve(
            given,
            timeout=given.timeout if timeout is None else Timeout.of(timeout),
            retry=given.retry if retry is None else checked_policy(retry),
            max_body_size=given.max_body_size if max_body_size is None else _checked_size(max_body_size),
            on_retry=_checked("on_retry", on_retry) or given.on_retry,
            on_response=_checked("on_response", on_response) or given.on_response,
        )
        return copy

    @property
    def base_url(self) -> str:
        """Where requests go, without a slash at the end."""
        return self._transport.base_url

    async def aclose(self) -> None:
        """Close the connections that this client opened; your own HTTP client stays open."""
        if self._owns_connections:
            await self._transport.client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        # Tools that show a traceback's variables also show a client whose constructor has just failed.
        place = f"base_url={self.base_url!r}" if hasattr(self, "_transport") else "not set up"
        return f"{type(self).__name__}({place})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a client holds credentials and connections; make a new one where it is needed")


def transport_of(client: AsyncReplayClient) -> AsyncTransport:
    """What sends a client's requests, for functions that take a client."""
    return client._transport  # pyright: ignore[reportPrivateUsage] - of this module, and of nobody else


def _checked_size(size: int) -> int:
    try:
        return check_size("max_body_size", size)
    except InvalidRequestError as error:
        reason = str(error)
    raise ConfigurationError(reason)


def _checked(name: str, hook: Hook) -> Hook:
    return check_hook(name, hook, error=ConfigurationError)


public(AsyncReplayClient)
