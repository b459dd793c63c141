"""Which proxy leads to a host, as the environment's variables have it, by the rules of curl and Go."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from importlib.util import find_spec
from urllib.parse import urlsplit
from urllib.request import getproxies

import attrs

from ._errors import ConfigurationError

__all__ = ["Proxy", "proxy_for", "proxy_variables"]

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_PORTS = {"http": 80, "https": 443}
_SCHEMES = ("http", "https", "socks5", "socks5h")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}")
_BRACKETED = re.compile(r"\[([^\[\]]*)\](/\d+)?(?::(.*))?", re.DOTALL)


@attrs.frozen
class Proxy:
    """A proxy, and the variable that names it."""

    variable: str
    url: str = attrs.field(repr=False)
    """It may hold a user name and password."""


def proxy_variables() -> Mapping[str, str]:
    """The environment; if it says nothing about proxies, the settings of macOS or Windows in the same form."""
    if any(name.lower().endswith("_proxy") for name in os.environ):
        return os.environ
    return {f"{scheme}_proxy": value for scheme, value in getproxies().items()}


def proxy_for(base_url: str, environment: Mapping[str, str]) -> Proxy | None:
    """The proxy for requests to `base_url`, an http or https URL; None to connect directly. Pure.

    `HTTPS_PROXY` (`HTTP_PROXY` for plain http) or else `ALL_PROXY` names it. A variable in lower case goes before the
    same in upper case, and switches that off if it is empty. `NO_PROXY` lists hosts that are reached directly,
    separated by commas or spaces:

    - `example.com` and `.example.com` match this name and all below it, `*.example.com` only those below it
    - `192.0.2.1`, `::1`, `[::1]`, `10.0.0.0/8` and `fe80::/10` match addresses; `fe80::1%eth0` only those of this zone
    - each may be followed by a port (`[::1]:8443`) and preceded by a scheme
    - `*` matches every host

    Raises ConfigurationError, which names the variable, if its value is not the URL of a proxy or an entry of NO_PROXY
    is no name, address or network. It does not repeat the URL of the proxy, nor any entry that may hold a password.
    """
    try:
        return _proxy_for(base_url, environment)
    except _FaultError as fault:
        reason = str(fault)
    del environment  # it holds the keys, and debuggers show local variables
    raise ConfigurationError(f"no HTTP client can be set up: {reason}")


class _FaultError(Exception):
    """What is wrong with which variable. It never leaves this module, whose frames hold secrets."""

    def __init__(self, variable: str, fault: str) -> None:
        super().__init__(f"{variable} cannot be used: {fault}")


def _proxy_for(base_url: str, environment: Mapping[str, str]) -> Proxy | None:
    parts = urlsplit(base_url)
    named = _first(environment, f"{parts.scheme}_proxy", "all_proxy")
    if named is None:
        return None
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    no_proxy, hosts = _first(environment, "no_proxy") or ("", "")
    entries = [_Entry.parse(no_proxy, text) for text in re.split(r"[\s,]+", hosts) if text]
    if any(entry.matches(parts.scheme, host, port) for entry in entries):
        return None
    variable, value = named
    url = value if "://" in value else f"http://{value}"
    fault = _fault_of(url)
    if fault is not None:
        raise _FaultError(variable, f"its value {fault}")
    return Proxy(variable, url)


def _first(environment: Mapping[str, str], *names: str) -> tuple[str, str] | None:
    """The first of the variables that is set to something, and its value."""
    for name in names:
        variable = name if name in environment else name.upper()
        value = environment.get(variable, "").strip()
        if value:
            return variable, value
    return None


def _fault_of(url: str) -> str | None:
    """What keeps the URL from being that of a proxy."""
    scheme = url.partition("://")[0]
    if not _SCHEME.fullmatch(scheme):
        return "does not start with a scheme such as http://"
    if scheme.lower() not in _SCHEMES:
        return f"has the scheme {scheme}; that of a proxy is one of {', '.join(_SCHEMES)}"
    if scheme.lower().startswith("socks") and find_spec("socksio") is None:
        return 'names a SOCKS proxy, which needs the package socksio: pip install "httpx[socks]"'
    return _fault_of_address(url)


def _fault_of_address(url: str) -> str | None:
    if not url.isprintable() or " " in url:
        return "contains a space or a control character"
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return "is not a URL: what is in brackets must be an IPv6 address"
    try:
        has_port = parts.port != 0
    except ValueError:
        has_port = False
    if not has_port:
        return "has a port that is not a number from 1 to 65535"
    return None if host else "names no host"


@attrs.frozen
class _Entry:
    """An entry of NO_PROXY."""

    scheme: str
    """Empty for any."""

    name: str
    """Ends with the names that match; empty for addresses."""

    network: _Network | None
    zone: str
    port: int | None

    @classmethod
    def parse(cls, variable: str, text: str) -> _Entry:
        if "@" in text:
            raise _FaultError(variable, "one of its entries contains an @, which no host has")
        scheme, _, rest = text.rpartition("://")
        rest = rest.rstrip("/")
        bracketed = _BRACKETED.fullmatch(rest)
        if bracketed is not None:
            host, port = bracketed[1] + (bracketed[2] or ""), bracketed[3]
        elif rest.count(":") > 1:
            host, port = rest, None
        else:
            host, _, port = rest.partition(":")
        if port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
            raise _FaultError(variable, f"the port of its entry {text[:100]!r} is not a number from 1 to 65535")
        network, zone = _network(host)
        if network is None and any(character in host for character in ":/[]"):
            raise _FaultError(variable, f"its entry {text[:100]!r} is not an IP address or network, nor a name")
        name = "" if network is not None else host if host == "*" else _ascii(host)
        return cls(scheme.lower().removeprefix("all"), name, network, zone, int(port) if port else None)

    def matches(self, scheme: str, host: str, port: int) -> bool:
        if self.scheme not in ("", scheme) or self.port not in (None, port):
            return False
        network, zone = _network(host)
        if self.network is None:
            below = self.name.removeprefix("*").lstrip(".")
            is_same = _ascii(host) == below and not self.name.startswith("*.")
            is_below = below != "" and _ascii(host).endswith(f".{below}")
            return self.name == "*" or (network is None and (is_same or is_below))
        return network is not None and network.network_address in self.network and self.zone in ("", zone)


def _network(host: str) -> tuple[_Network | None, str]:
    """The network that is written, or that of a single address, and its zone; IPv4 within IPv6 is IPv4."""
    address, slash, length = host.partition("/")
    address, _, zone = address.replace("%25", "%").partition("%")
    try:
        network = ipaddress.ip_network(address + slash + length, strict=False)
    except ValueError:
        return None, ""
    mapped = network.network_address.ipv4_mapped if isinstance(network, ipaddress.IPv6Network) else None
    if mapped is not None and network.prefixlen >= 96:
        return ipaddress.ip_network((mapped, network.prefixlen - 96), strict=False), zone
    return network, zone


def _ascii(name: str) -> str:
    """A name in lower case, as it is looked up; a dot at its end says only that it is whole."""
    lower = name.lower().rstrip(".")
    try:
        return lower if lower.isascii() else lower.encode("idna").decode()
    except UnicodeError:
        return lower
