"""The network guard of tests: only allowed hosts are reached from this process, and only allowed names are resolved."""

import os
import socket
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from pytest_rum_replay.network.allowed_hosts import AllowedHosts
from pytest_rum_replay.network.blocked import BlockedAttempt, BlockedRouteError, NetworkBlockedError
from pytest_rum_replay.network.hook import installation

__all__ = ["BlockedAttempt", "BlockedRouteError", "NetworkBlockedError", "NetworkGuard"]


class NetworkGuard:
    """Blocks the process's access to the network, except for `allow_hosts`; also a context manager.

    An entry is a name, `*.example.com` for every name below example.com, an address, or a network such as 10.0.0.0/8.
    A port (`example.com:8443`) allows this port only; of a URL, its host and a port in it count. An allowed name also
    allows the addresses to which it resolves while the guard is installed. Several guards may be installed at a time;
    an attempt must be allowed by all of them. Raises ValueError for an invalid entry, TypeError for a single string.
    `note` is called with each blocked attempt, before the error is raised.
    """

    def __init__(
        self, allow_hosts: Iterable[str] = (), *, note: Callable[[BlockedAttempt], object] | None = None
    ) -> None:
        self.attempts: list[BlockedAttempt] = []
        """All blocked attempts in order, including those whose error was swallowed; clear it at any time."""
        self.hosts = AllowedHosts(allow_hosts)
        self._note = note

    def install(self) -> None:
        """Start guarding; has no effect if this guard is already installed."""
        installation.add(self)

    def remove(self) -> None:
        """Stop guarding; has no effect if this guard is not installed. Forgets the addresses of allowed names."""
        installation.discard(self)
        self.hosts.forget_addresses()

    def __enter__(self) -> Self:
        self.install()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()

    def check(
        self, action: str, host: str, port: str | None, error: type[NetworkBlockedError] = NetworkBlockedError
    ) -> None:
        """Raise the error, and keep the attempt, unless the host is allowed."""
        number = None if action == "name resolution" and port in ("", "0") else _number_of(port)
        if not self.hosts.allow(host, number):
            attempt = BlockedAttempt(action, host, port, os.environ.get("PYTEST_CURRENT_TEST"))
            self.attempts.append(attempt)
            if self._note is not None:
                self._note(attempt)
            raise error(attempt)


def _number_of(port: str | None) -> int | None:
    """The number of a port; None if it has none, such as an unknown service."""
    if port is None:
        return None
    try:
        return int(port) if port.isdecimal() else socket.getservbyname(port)
    except OSError:
        return None
