"""Which hosts may be reached: names, domains, addresses, networks, and always this machine itself."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import NoReturn

from pytest_rum_replay.network.this_machine import Address, address_of, is_own_address, is_own_name, normalized

__all__ = ["AllowedHosts"]

Network = IPv4Network | IPv6Network
Ports = set[int | None]
"""Allowed ports; None among them: all."""

_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*")
_NUMBERS = re.compile(r"(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){0,3}")
_MAX_PORT = 65_535
_FORMS = (
    "Allowed are a name (api.datadoghq.com), *.name for all names below it, an address or a network (10.0.0.0/8), "
    "and one port of these (api.datadoghq.com:443, [2001:db8::1]:443)"
)


class AllowedHosts:
    """Hosts from a list; an entry is a name, `*.example.com`, an address, or a network such as 10.0.0.0/8.

    A port (`example.com:8443`, `[::1]:8443`) allows this port only. Of a URL only its host and its port, if written,
    count. Raises ValueError for an invalid entry, TypeError for a single string.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        self._names: list[tuple[str, int | None]] = []
        self._networks: list[tuple[Network, int | None]] = []
        self._resolved: dict[Address, Ports] = {}
        if isinstance(entries, str):
            raise TypeError(f"allow_hosts must be several hosts, such as [{entries!r}], not one string")
        for entry in entries:
            host, port = _parsed(entry)
            if isinstance(host, str):
                self._names.append((host, port))
            else:
                self._networks.append((host, port))

    def allow(self, host: str, port: int | None = None) -> bool:
        """Whether a name or an address may be reached at a port; None: whether it may be reached at any."""
        address = address_of(host)
        if address is None:
            name = normalized(host)
            return _open(self._ports_of_name(name), port) or is_own_name(name)
        ports = {allowed for network, allowed in self._networks if address in network}
        return _open(ports | self._resolved.get(address, set()), port) or is_own_address(address)

    def follow(self, name: str, addresses: Iterable[str]) -> None:
        """Allow the addresses of a name as far as an entry allows the name itself."""
        if ports := self._ports_of_name(normalized(name)):
            for host in addresses:
                if (address := address_of(host)) is not None:
                    self._resolved.setdefault(address, set()).update(ports)

    def forget_addresses(self) -> None:
        """Forget the addresses allowed by `follow`."""
        self._resolved.clear()

    def _ports_of_name(self, name: str) -> Ports:
        return {
            port for allowed, port in self._names if name == allowed or (allowed[0] == "." and name.endswith(allowed))
        }


def _open(ports: Ports, port: int | None) -> bool:
    return bool(ports) if port is None else not ports.isdisjoint((None, port))


def _parsed(entry: str) -> tuple[str | Network, int | None]:
    """A normalized name, `.example.com` for the names below one, or a network; and the only allowed port, if any."""
    text = entry.strip().lower().removeprefix("//")
    scheme, separator, rest = text.partition("://")
    if separator and not scheme:
        _refuse(entry, "it has no scheme before ://")
    written = rest if separator else text
    network, prefix_separator, prefix = written.partition("/")
    if not separator and prefix_separator and prefix and address_of(network.strip("[]")) is not None:
        return _network(entry, f"{network.strip('[]')}/{prefix.rstrip('/')}"), None
    if not separator and address_of(written) is not None:  # an IPv6 address without brackets
        return _network(entry, written), None
    authority = re.split(r"[/?#\\]", written, maxsplit=1)[0].rpartition("@")[2]
    host, port = _without_port(entry, authority)
    if address_of(host) is not None:
        return _network(entry, host), port
    return _name(entry, host), port


def _without_port(entry: str, authority: str) -> tuple[str, int | None]:
    if authority.startswith("["):
        host, bracket, port = authority[1:].partition("]")
        if not bracket or address_of(host) is None or (port and not port.startswith(":")):
            _refuse(entry, "only an IPv6 address is written in brackets, with the port after them")
        colon, port = port[:1], port[1:]
    else:
        host, colon, port = authority.partition(":")
    if not colon:
        return host, None
    if not (port.isascii() and port.isdecimal() and len(port) <= len(str(_MAX_PORT)) and 0 < int(port) <= _MAX_PORT):
        _refuse(entry, f"a port is a number from 1 to {_MAX_PORT}")
    return host, int(port)


def _network(entry: str, text: str) -> Network:
    host, slash, prefix = text.partition("/")
    address = address_of(host)
    host = host.partition("%")[0] if slash else str(address)
    try:
        return ip_network(f"{host}{slash}{prefix}")
    except ValueError:
        try:
            network = ip_network(f"{host}{slash}{prefix}", strict=False)
        except ValueError:
            _refuse(entry, "it is not a network; a single address is written without a slash")
        _refuse(entry, f"write {network} for the network, or {host} for the address")


def _name(entry: str, host: str) -> str:
    wildcard = host.startswith("*.")
    name = normalized(host.removeprefix("*."))
    if host == "":
        _refuse(entry, "it has no host")
    if any(character.isspace() for character in host):
        _refuse(entry, "several hosts are separated by commas")
    if host.startswith("."):
        _refuse(entry, f"write *{host} for all names below {host[1:]}")
    if "*" in name:
        _refuse(entry, "a * may only be the first part of a name, as in *.example.com")
    if _NUMBERS.fullmatch(name):
        _refuse(entry, "an address is written in full, as in 192.0.2.1")
    if not _NAME.fullmatch(name):
        _refuse(entry, "it contains what no host name does")
    return f".{name}" if wildcard else name


def _refuse(entry: str, why: str) -> NoReturn:
    from pytest_rum_replay.secrecy.messages import without_credentials

    # A pasted URL may contain a password.
    shown = without_credentials(re.sub(r"(^|//)[^/@]*@", r"\1…@", entry))
    raise ValueError(f"not a host to allow: {shown!r}: {why}. {_FORMS}")
