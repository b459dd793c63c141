"""The network guard: only allowed hosts are reached from this machine, and only allowed names are resolved.

An audit hook (`sys.addaudithook`) decides. It sees everything that the interpreter's socket module does, whatever the
caller: a reference to `socket.socket` or `getaddrinfo` that was imported earlier, asyncio's and trio's event loops,
threads, fixtures of any scope. An audit hook cannot be removed; while no guard is installed it returns immediately.

Patches do two things that a hook cannot. Socket methods that are given a name instead of an address resolve it before
the hook is called, so their patches check names first. And the addresses of allowed names must be allowed too; they
are known only from the results of the resolving functions. The patches are undone when the last guard is removed.

Always allowed: loopback, the unspecified address (also this machine), `localhost` and all names below it, sockets
outside IP such as AF_UNIX, and existing connections. Not seen: other processes, libraries with their own network layer
in C such as uvloop, pycurl and gRPC, and on Windows connections to literal addresses by asyncio's proactor loop.
"""

import os
import socket
import sys
from collections.abc import Callable, Iterable, Mapping
from threading import RLock
from types import TracebackType
from typing import Any, Self, cast

from attrs import frozen

from pytest_rum_replay.network.allowed_hosts import AllowedHosts, address_of

__all__ = ["BlockedAttempt", "NetworkBlockedError", "NetworkGuard"]

_INHERITED = object()
_LOCAL_FAMILIES = frozenset(
    getattr(socket, name)
    for name in ("AF_UNIX", "AF_NETLINK", "AF_ALG", "AF_SYSTEM", "AF_ROUTE")
    if hasattr(socket, name)
)


@frozen
class BlockedAttempt:
    """An attempt that the guard blocked."""

    action: str
    """connection, datagram or name resolution"""
    host: str
    port: str | None
    test: str | None
    """The running test and its phase, from pytest's PYTEST_CURRENT_TEST; None outside tests."""

    def __str__(self) -> str:
        where = (
            self.host
            if self.port is None
            else f"[{self.host}]:{self.port}"
            if ":" in self.host
            else f"{self.host}:{self.port}"
        )
        return f"{self.action} to {where}" if self.action != "name resolution" else f"name resolution of {where}"


class NetworkBlockedError(Exception):
    """The network guard blocked an `attempt`.

    It is deliberately neither an OSError nor a RuntimeError: HTTP libraries treat an OSError as a network failure,
    which clients retry, and rum_replay treats a RuntimeError as a closed HTTP client. Code that catches every Exception
    still swallows it, so the guard keeps each attempt in `NetworkGuard.attempts`. Structured concurrency (trio's
    nurseries, anyio when it connects to a literal address) wraps it in an ExceptionGroup.
    """

    def __init__(self, attempt: BlockedAttempt) -> None:
        from pytest_rum_replay.secrecy.messages import without_credentials

        during = f" during {attempt.test}" if attempt.test else ""
        super().__init__(
            without_credentials(
                f"the network guard blocked a {attempt}{during}. To avoid the network, use the fixture "
                "rum_replay_emulator (or rum_replay_server) or replay a cassette with rum_replay_cassette; to allow "
                f"it, add the host: --rum-replay-allow-hosts={attempt.host}"
            )
        )
        self.attempt = attempt

    def __reduce__(self) -> tuple[type[Self], tuple[BlockedAttempt]]:
        return type(self), (self.attempt,)


class NetworkGuard:
    """Blocks the process's access to the network, except for `allow_hosts`; also a context manager.

    An entry is a name, `*.example.com` for every name below example.com, an address, or a network such as 10.0.0.0/8.
    An allowed name also allows the addresses to which it resolves while the guard is installed. Several guards may be
    installed at a time; an attempt must be allowed by all of them. Raises ValueError for an invalid entry, TypeError
    for a single string.
    """

    def __init__(self, allow_hosts: Iterable[str] = ()) -> None:
        self.attempts: list[BlockedAttempt] = []
        """All blocked attempts in order, including those whose error was swallowed; clear it at any time."""
        self.hosts = AllowedHosts(allow_hosts)

    def install(self) -> None:
        """Start guarding; has no effect if this guard is already installed."""
        _installation.add(self)

    def remove(self) -> None:
        """Stop guarding; has no effect if this guard is not installed. Forgets the addresses of allowed names."""
        _installation.discard(self)
        self.hosts.forget_addresses()

    def __enter__(self) -> Self:
        self.install()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()

    def check(self, action: str, host: str, port: str | None) -> None:
        """Raise NetworkBlockedError, and keep the attempt, unless the host is allowed."""
        if not self.hosts.allow(host):
            attempt = BlockedAttempt(action, host, port, os.environ.get("PYTEST_CURRENT_TEST"))
            self.attempts.append(attempt)
            raise NetworkBlockedError(attempt)


def _text(host: object) -> str:
    return host.decode("utf-8", "replace") if isinstance(host, bytes | bytearray) else str(host)


def _host_and_port(address: object) -> tuple[object, object]:
    if not isinstance(address, tuple):
        return address, None
    host, port, *_ = *cast(tuple[object, ...], address), None, None
    return host, port


class _Installation:
    """The audit hook and the patches, shared by all guards."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._guards: tuple[NetworkGuard, ...] = ()
        self._patches: list[tuple[Any, str, Any, Any]] = []
        self._has_hook = False

    def add(self, guard: NetworkGuard) -> None:
        with self._lock:
            if guard not in self._guards:
                if not self._guards:
                    self._patch()
                if not self._has_hook:
                    sys.addaudithook(self._audit)
                    self._has_hook = True
                self._guards = (*self._guards, guard)

    def discard(self, guard: NetworkGuard) -> None:
        with self._lock:
            was_guarding = bool(self._guards)
            self._guards = tuple(other for other in self._guards if other is not guard)
            if was_guarding and not self._guards:
                self._unpatch()

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._guards or not event.startswith("socket."):
            return
        if event == "socket.connect":
            self._check_address("connection", *arguments)
        elif event in ("socket.sendto", "socket.sendmsg"):
            self._check_address("datagram", *arguments)
        elif event == "socket.getaddrinfo":
            host, port = arguments[:2]
            if host is not None and address_of(_text(host)) is None:  # an address resolves to itself, without a query
                self._check("name resolution", host, port)
        elif event in ("socket.gethostbyname", "socket.gethostbyaddr"):
            self._check("name resolution", arguments[0], None)
        elif event == "socket.getnameinfo":
            self._check("name resolution", *arguments[0][:2])

    def _check_address(self, action: str, sock: socket.socket, address: Any) -> None:
        if address is None or sock.family in _LOCAL_FAMILIES:
            return  # a socket without an address argument is connected, which was checked
        try:
            self._check(action, *_host_and_port(address))
        except NetworkBlockedError:
            if action == "connection":
                sock.close()  # callers only close it after an OSError; left open, it would warn in a later test
            raise

    def _check(self, action: str, host: object, port: object) -> None:
        for guard in reversed(self._guards):
            guard.check(action, _text(host), None if port is None else _text(port))

    def _patch(self) -> None:
        # The position of the address among the arguments of each method.
        for name, position in (("bind", 0), ("connect", 0), ("connect_ex", 0), ("sendto", -1), ("sendmsg", 3)):
            self._replace(socket.socket, name, self._checking_names(getattr(socket.socket, name), name, position))
        self._replace(socket, "getaddrinfo", self._following(socket.getaddrinfo, _addresses_of_getaddrinfo))
        self._replace(socket, "gethostbyname", self._following(socket.gethostbyname, lambda address: [address]))
        self._replace(socket, "gethostbyname_ex", self._following(socket.gethostbyname_ex, lambda found: found[2]))

    def _replace(self, owner: Any, name: str, replacement: Any) -> None:
        self._patches.append((owner, name, _own(owner, name), replacement))
        setattr(owner, name, replacement)

    def _unpatch(self) -> None:
        while self._patches:
            owner, name, original, replacement = self._patches.pop()
            if _own(owner, name) is not replacement:
                continue  # patched again since; without a guard, our patch below that one only passes calls on
            if original is _INHERITED:
                delattr(owner, name)
            else:
                setattr(owner, name, original)

    def _checking_names(self, method: Callable[..., Any], name: str, position: int) -> Callable[..., Any]:
        action = {"bind": "name resolution", "sendto": "datagram", "sendmsg": "datagram"}.get(name, "connection")

        def checked(sock: socket.socket, *arguments: Any) -> Any:
            address: Any = arguments[position] if -len(arguments) <= position < len(arguments) else None
            host, port = _host_and_port(address)
            if self._guards and port is not None and address_of(_text(host)) is None:
                self._check_address(action, sock, address)
            return method(sock, *arguments)

        checked.__name__, checked.__doc__ = name, method.__doc__
        return checked

    def _following(self, resolve: Callable[..., Any], addresses: Callable[[Any], Iterable[str]]) -> Callable[..., Any]:
        def followed(host: Any, *arguments: Any, **options: Any) -> Any:
            found = resolve(host, *arguments, **options)
            if host is not None:
                for guard in self._guards:
                    guard.hosts.follow(_text(host), addresses(found))
            return found

        followed.__name__, followed.__doc__ = resolve.__name__, resolve.__doc__
        return followed


def _own(owner: Any, name: str) -> Any:
    return cast(Mapping[str, Any], vars(owner)).get(name, _INHERITED)


def _addresses_of_getaddrinfo(found: Any) -> list[str]:
    return [str(address[0]) for _, _, _, _, address in found]


_installation = _Installation()
