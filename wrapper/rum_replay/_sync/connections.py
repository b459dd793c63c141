# Derived from rum_replay/_async by scripts/unasync. Do not edit.
"""What the calls of a client share in one process: connections, and the queues in front of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import attrs
import httpx

from .._certificates import no_certificates, trusted_certificates
from .._content_coding import accepted_codings
from .._errors import ConfigurationError
from .._processes import PerProcess
from .._proxies import proxy_for, proxy_variables
from .._rate_limit_ledger import RateLimitLedger
from .._slots import Slots
from .network import connection_pools, most_connections, watch

if TYPE_CHECKING:
    import ssl

__all__ = ["Connections", "new_client", "shared_connections", "usable_client"]


@attrs.frozen
class Connections:
    """A process that was forked makes its own: two processes on one connection would read each other's answers."""

    client: httpx.Client
    make_client: Callable[[], httpx.Client] | None
    """None for the caller's HTTP client, which cannot be made anew."""

    slots: Slots | None
    """As many as there are connections; None where that is unknown."""

    ledger: RateLimitLedger = attrs.field(factory=RateLimitLedger)
    inherited: bool = False
    """The HTTP client was forked with connections in it."""

    def check_usable(self) -> None:
        """Raises ConfigurationError after a fork, if the caller's HTTP client may not be used any more."""
        if self.inherited:
            raise ConfigurationError(
                "http_client was forked with connections that the parent process goes on using: make the HTTP client "
                "after the fork, in each process, or leave http_client out, and connections are made anew"
            )


def shared_connections(
    client: httpx.Client, make_client: Callable[[], httpx.Client] | None = None
) -> PerProcess[Connections]:
    """The connections of a client and of its copies, in this process and in those that are forked from it."""
    return PerProcess(_connections(client, make_client), _renewed)


def _connections(client: httpx.Client, make_client: Callable[[], httpx.Client] | None) -> Connections:
    most = most_connections(client)
    return Connections(client, make_client, None if most is None else Slots(most))


def _renewed(of_parent: Connections) -> Connections:
    client, make_client = of_parent.client, of_parent.make_client
    if make_client is not None and not client.is_closed:
        client = make_client()
    connections = _connections(client, make_client)
    inherited = make_client is None and any(pool.connections for pool in connection_pools(client))
    return attrs.evolve(connections, inherited=inherited)


def new_client(base_url: str) -> httpx.Client:
    """An HTTP client of ours; plain http, which is for this machine, uses no proxy.

    Raises ConfigurationError where the environment's proxy or certificate settings are unusable.
    """
    if httpx.URL(base_url).scheme == "https":
        # httpx itself would take an IPv6 network in NO_PROXY for a host with a port.
        verify, proxy = trusted_certificates(os.environ), proxy_for(base_url, proxy_variables())
    else:
        verify, proxy = no_certificates(), None
    client = httpx.Client(
        trust_env=False,
        verify=verify,
        proxy=None if proxy is None else _with_certificates(httpx.Proxy(proxy.url), verify),
        headers={"Accept-Encoding": accepted_codings()},
    )
    watch(client)
    return client


def _with_certificates(proxy: httpx.Proxy, verify: ssl.SSLContext) -> httpx.Proxy:
    # Only a proxy that is itself reached by TLS may have a context.
    return httpx.Proxy(proxy.url, auth=proxy.auth, ssl_context=verify) if proxy.url.scheme == "https" else proxy


def usable_client(base_url: str, chosen: httpx.Client | None) -> httpx.Client:
    """The caller's HTTP client, or a new one.

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
        return chosen if chosen is not None else new_client(base_url)
    except (httpx.InvalidURL, ValueError, OSError, ImportError) as error:
        reason = f"{type(error).__name__}: {error}"
    raise ConfigurationError(f"no HTTP client can be set up for {base_url}: {reason}")
