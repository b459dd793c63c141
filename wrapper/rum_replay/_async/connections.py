"""What the calls of a client share in one process: connections, and the queues in front of them."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import httpx

from .._errors import ConfigurationError
from .._processes import PerProcess
from .._rate_limit_ledger import RateLimitLedger
from .._slots import Slots
from .network import connection_pools, most_connections

__all__ = ["AsyncConnections", "shared_connections"]


@attrs.frozen
class AsyncConnections:
    """A process that was forked makes its own: two processes on one connection would read each other's answers."""

    client: httpx.AsyncClient
    make_client: Callable[[], httpx.AsyncClient] | None
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
    client: httpx.AsyncClient, make_client: Callable[[], httpx.AsyncClient] | None = None
) -> PerProcess[AsyncConnections]:
    """The connections of a client and of its copies, in this process and in those that are forked from it."""
    return PerProcess(_connections(client, make_client), _renewed)


def _connections(client: httpx.AsyncClient, make_client: Callable[[], httpx.AsyncClient] | None) -> AsyncConnections:
    most = most_connections(client)
    return AsyncConnections(client, make_client, None if most is None else Slots(most))


def _renewed(of_parent: AsyncConnections) -> AsyncConnections:
    client, make_client = of_parent.client, of_parent.make_client
    if make_client is not None and not client.is_closed:
        client = make_client()
    connections = _connections(client, make_client)
    inherited = make_client is None and any(pool.connections for pool in connection_pools(client))
    return attrs.evolve(connections, inherited=inherited or of_parent.inherited)
