"""What belongs to this machine: its names and its addresses. Finding out sends nothing to a network."""

import os
import socket
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from threading import local

__all__ = [
    "Address",
    "address_of",
    "is_own_address",
    "is_own_name",
    "is_unguarded",
    "learn_names",
    "normalized",
    "read_own_names",
    "unguarded",
]

Address = IPv4Address | IPv6Address

_ANY_PORT = 9
_learned: set[str] = set()


class _Thread(local):
    is_unguarded = False


_thread = _Thread()


@contextmanager
def unguarded() -> Generator[None]:
    """The guard lets pass what this thread does in the context, which sends nothing."""
    before, _thread.is_unguarded = _thread.is_unguarded, True
    try:
        yield
    finally:
        _thread.is_unguarded = before


def is_unguarded() -> bool:
    return _thread.is_unguarded


def normalized(name: str) -> str:
    """The name as DNS compares it: lower case, without a final dot, in ASCII."""
    name = name.lower().rstrip(".")
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode()
    except UnicodeError:  # not an internationalized name either; compared as it is
        return name


def address_of(host: str) -> Address | None:
    """The address written in a host; None for a name. IPv4 mapped to IPv6 counts as IPv4."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def is_own_name(name: str) -> bool:
    """Whether a normalized name is this machine's, by its host name, its hosts file, or `learn_names`."""
    if name in ("", "localhost", "localhost.localdomain") or name.endswith(".localhost"):
        return True
    return name in _host_names() or name in _learned or name in _names_in_hosts_file()


def read_own_names() -> None:
    """Ask the system for this machine's names, before tests replace the functions or the files that know them."""
    _host_names()
    _names_in_hosts_file()


def learn_names(asked: str, found: Iterable[str]) -> None:
    """Remember the names that the resolver gave for a name or an address, if that is this machine's."""
    address = address_of(asked)
    if is_own_name(normalized(asked)) if address is None else is_own_address(address):
        _learned.update(normalized(name) for name in found if address_of(name) is None)


def is_own_address(address: Address) -> bool:
    """Whether an address is loopback, unspecified (also this machine), or assigned to one of its interfaces.

    For the last, a datagram socket is connected, which sends nothing: only to an own address is the way from there.
    """
    if address.is_loopback or address.is_unspecified:
        return True
    if address.is_multicast:
        return False
    # Not socket.socket, whose methods other libraries replace.
    probe = socket.SocketType(socket.AF_INET if address.version == 4 else socket.AF_INET6, socket.SOCK_DGRAM)
    try:
        with unguarded():
            probe.connect((str(address), _ANY_PORT))
        return address_of(probe.getsockname()[0]) == address
    except OSError:
        return False
    finally:
        probe.close()


@cache
def _host_names() -> tuple[str, str]:
    name = normalized(socket.gethostname())
    return name, name.partition(".")[0]


@cache
def _names_in_hosts_file() -> frozenset[str]:
    """The names of lines that have a loopback address or the host name."""
    if os.name == "nt":
        path = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "drivers", "etc", "hosts")
    else:
        path = Path("/etc/hosts")
    names: set[str] = set()
    with suppress(OSError):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            host, *aliases = line.partition("#")[0].split() or [""]
            found = {normalized(alias) for alias in aliases}
            address = address_of(host)
            if address is not None and (address.is_loopback or not found.isdisjoint(_host_names())):
                names |= found
    return frozenset(names)
