"""How the network guard sees what the process does: an audit hook and patches, shared by all guards.

The audit hook (`sys.addaudithook`) sees everything that the interpreter's socket module does, whatever the caller: a
reference to `socket.socket` or `getaddrinfo` that was imported earlier, asyncio's and trio's event loops, threads,
fixtures of any scope. An audit hook cannot be removed; while no guard is installed it returns immediately.

Patches do what a hook cannot:

- Socket methods that are given a name instead of an address resolve it before the hook is called, so their patches
  check names first.
- The addresses of allowed names must be allowed too; they are known only from the results of the resolving functions.
- A reverse look-up returns the address, and asks nobody for its name.
- Functions that would hide the guard's error, or that connect in C, check their host first (`connectors`).

They are undone when the last guard is removed.

Always allowed: this machine's names and addresses (`this_machine`), sockets outside IP such as AF_UNIX, and existing
connections. Not seen: other programs, libraries with their own network layer in C such as pycurl, gRPC and uvloop's
datagrams, and on Windows connections to literal addresses by `sock_connect` of asyncio's proactor loop.
"""

import socket
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from threading import RLock
from typing import TYPE_CHECKING, Any, cast

from pytest_rum_replay.network.blocked import BlockedRouteError, NetworkBlockedError
from pytest_rum_replay.network.connectors import CONNECTORS, Connector, ImportWatch
from pytest_rum_replay.network.this_machine import address_of, is_unguarded, learn_names, read_own_names, unguarded

if TYPE_CHECKING:
    from pytest_rum_replay.network.guard import NetworkGuard

__all__ = ["installation"]

_INHERITED = object()
_LOCAL_FAMILIES = frozenset(
    getattr(socket, name)
    for name in ("AF_UNIX", "AF_NETLINK", "AF_ALG", "AF_SYSTEM", "AF_ROUTE")
    if hasattr(socket, name)
)


class _Installation:
    """The audit hook and the patches."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._guards: tuple[NetworkGuard, ...] = ()
        self._patches: list[tuple[Any, str, Any, Any]] = []
        self._imports: ImportWatch | None = None
        self._has_hook = False

    def add(self, guard: "NetworkGuard") -> None:
        read_own_names()  # first: it is an audit event, at which a child process installs the guards of its parent
        with self._lock:
            if guard not in self._guards:
                if not self._guards:
                    self._patch()
                if not self._has_hook:
                    sys.addaudithook(self.audit)
                    self._has_hook = True
                self._guards = (*self._guards, guard)

    def discard(self, guard: "NetworkGuard") -> None:
        with self._lock:
            was_guarding = bool(self._guards)
            self._guards = tuple(other for other in self._guards if other is not guard)
            if was_guarding and not self._guards:
                self._unpatch()

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        """The audit hook."""
        if not self._guards or not event.startswith("socket.") or is_unguarded():
            return
        if event == "socket.connect":
            self._check_address("connection", *arguments)
        elif event in ("socket.sendto", "socket.sendmsg"):
            self._check_address("datagram", *arguments)
        elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
            host, port, *_ = *arguments, None
            if host is not None and address_of(_text(host)) is None:  # an address resolves to itself, without a query
                self._check("name resolution", host, port)
        elif event == "socket.gethostbyaddr":
            self._check("name resolution", arguments[0], None)
        elif event == "socket.getnameinfo" and self._hides_name_of(arguments[0][0]):
            self._check("name resolution", *arguments[0][:2])

    def _check_address(self, action: str, sock: socket.socket, address: Any) -> None:
        if address is None or sock.family in _LOCAL_FAMILIES:
            return  # a socket without an address argument is connected, which was checked
        connects = action == "connection"
        error = BlockedRouteError if connects and sock.type == socket.SOCK_DGRAM else NetworkBlockedError
        try:
            self._check(action, *_host_and_port(address), error)
        except NetworkBlockedError as blocked:
            if connects and not isinstance(blocked, OSError):
                sock.close()  # callers only close it after an OSError; left open, it would warn in a later test
            raise

    def _check(
        self, action: str, host: object, port: object, error: type[NetworkBlockedError] = NetworkBlockedError
    ) -> None:
        for guard in reversed(self._guards):
            guard.check(action, _text(host), None if port is None else _text(port), error)

    def _patch(self) -> None:
        # The position of the address among the arguments of each method.
        for name, position in (("bind", 0), ("connect", 0), ("connect_ex", 0), ("sendto", -1), ("sendmsg", 3)):
            self._replace(socket.socket, name, self._checking_names(getattr(socket.socket, name), name, position))
        self._replace(socket, "getaddrinfo", self._following_getaddrinfo(socket.getaddrinfo))
        self._replace(socket, "gethostbyname", self._following(socket.gethostbyname, lambda address: ([], [address])))
        self._replace(socket, "gethostbyname_ex", self._following(socket.gethostbyname_ex, _names_and_addresses))
        self._replace(socket, "gethostbyaddr", self._gethostbyaddr(socket.gethostbyaddr))
        self._replace(socket, "getnameinfo", self._getnameinfo(socket.getnameinfo))
        modules = list(dict.fromkeys(connector.module for connector in CONNECTORS))
        self._imports = ImportWatch(modules, self._patch_connectors)
        for module in modules:
            self._patch_connectors(module)

    def _patch_connectors(self, module: str) -> None:
        with self._lock:
            for connector in CONNECTORS:
                # None: the guard was removed while another thread imported the module.
                if connector.module == module and self._imports is not None:
                    for owner, function in list(connector.places()):
                        self._replace(owner, connector.name, self._checking_host(function, connector))

    def _replace(self, owner: Any, name: str, replacement: Any) -> None:
        self._patches.append((owner, name, _own(owner, name), replacement))
        setattr(owner, name, replacement)

    def _unpatch(self) -> None:
        if self._imports is not None:
            self._imports.remove()
            self._imports = None
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

    def _checking_host(self, function: Callable[..., Any], connector: Connector) -> Callable[..., Any]:
        position = connector.host_at + bool(connector.owner)
        resolves = connector.name == "getaddrinfo"

        @wraps(function)
        async def checked(*arguments: Any, **options: Any) -> Any:
            host, port, *_ = *arguments[position:], None, None
            host = options.get("host", options.get("remote_host", options.get("remote_addr", host)))
            port = options.get("port", options.get("remote_port", port))
            if isinstance(host, tuple):
                host, port = _host_and_port(cast(object, host))
            if host is not None:
                is_name = address_of(_text(host)) is None
                if is_name or not resolves:
                    self._check("name resolution" if is_name else "connection", host, port)
            found = await function(*arguments, **options)
            if resolves and host is not None:
                self._follow(host, *_found_by_getaddrinfo(found))
            return found

        return checked

    def _following(
        self, resolve: Callable[..., Any], found_in: Callable[[Any], tuple[Iterable[str], Iterable[str]]]
    ) -> Callable[..., Any]:
        @wraps(resolve)
        def followed(host: Any, *arguments: Any, **options: Any) -> Any:
            found = resolve(host, *arguments, **options)
            if host is not None:
                self._follow(host, *found_in(found))
            return found

        return followed

    def _following_getaddrinfo(self, resolve: Callable[..., Any]) -> Callable[..., Any]:
        followed = self._following(resolve, _found_by_getaddrinfo)

        @wraps(resolve)
        def getaddrinfo(host: Any, port: Any, *arguments: Any, **options: Any) -> Any:
            flags = arguments[3] if len(arguments) > 3 else options.get("flags", 0)
            if flags & socket.AI_NUMERICHOST:  # only whether it is an address, which needs no query
                with unguarded():
                    return resolve(host, port, *arguments, **options)
            return followed(host, port, *arguments, **options)

        return getaddrinfo

    def _gethostbyaddr(self, resolve: Callable[..., Any]) -> Callable[..., Any]:
        followed = self._following(resolve, _names_and_addresses)

        @wraps(resolve)
        def gethostbyaddr(host: Any) -> Any:
            if self._hides_name_of(host):
                return _text(host), [], [_text(host)]
            return followed(host)

        return gethostbyaddr

    def _getnameinfo(self, resolve: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(resolve)
        def getnameinfo(sockaddr: Any, flags: int) -> Any:
            if not (isinstance(sockaddr, tuple) and sockaddr and self._hides_name_of(cast(Any, sockaddr)[0])):
                return resolve(sockaddr, flags)
            if flags & socket.NI_NAMEREQD:
                raise socket.gaierror(socket.EAI_NONAME, "the network guard asks nobody for the name of an address")
            with unguarded():
                return resolve(sockaddr, flags | socket.NI_NUMERICHOST)

        return getnameinfo

    def _hides_name_of(self, host: object) -> bool:
        text = _text(host)
        return address_of(text) is not None and not all(guard.hosts.allow(text) for guard in self._guards)

    def _follow(self, host: object, names: Iterable[str], addresses: Iterable[str]) -> None:
        if self._guards:
            learn_names(_text(host), names)
        for guard in self._guards:
            guard.hosts.follow(_text(host), addresses)


def _text(host: object) -> str:
    return host.decode("utf-8", "replace") if isinstance(host, bytes | bytearray) else str(host)


def _host_and_port(address: object) -> tuple[object, object]:
    if not isinstance(address, tuple):
        return address, None
    host, port, *_ = *cast(tuple[object, ...], address), None, None
    return host, port


def _own(owner: Any, name: str) -> Any:
    return cast(Mapping[str, Any], vars(owner)).get(name, _INHERITED)


def _found_by_getaddrinfo(found: Any) -> tuple[list[str], list[str]]:
    return [name for _, _, _, name, _ in found if name], [str(address[0]) for _, _, _, _, address in found]


def _names_and_addresses(found: Any) -> tuple[list[str], list[str]]:
    name, aliases, addresses = found
    return [name, *aliases], addresses


installation = _Installation()
