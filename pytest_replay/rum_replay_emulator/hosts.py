"""The hosts that the server answers for, so that a web page cannot reach it under a name that was rebound to it."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address

import httpx
from attrs import frozen

__all__ = ["AllowedHosts", "checked_host", "host_of"]

_Address = IPv4Address | IPv6Address
_HOST = r"\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+"
_AUTHORITY = re.compile(rf"({_HOST})(?::[0-9]*)?", re.ASCII)
_LONGEST = 255


def host_of(authority: str) -> str | None:
    """The host of `host:port`, in lower case, without port, brackets and the dot that may end a name.

    Other spellings of addresses, such as `127.1` and `0x7f000001`, count as names. None for what is not a host with an
    optional port, such as one with a user name. The port does not matter: it may have been forwarded.
    """
    match = _AUTHORITY.fullmatch(authority)
    if match is None or len(match[1]) > _LONGEST:
        return None
    host = match[1].lower().removesuffix(".")
    if not host.startswith("["):
        return host or None
    return host[1:-1] if ":" in host and _address(host[1:-1]) is not None else None


def checked_host(text: str) -> str:
    """The form in which requests name a host to allow: a name, a pattern such as `*.example.com`, or an IP address.

    Names in other alphabets become Punycode. Raises ValueError for anything else.
    """
    wildcard = "*." if text.startswith("*.") else ""
    name = text.removeprefix(wildcard)
    try:
        if not name.isascii():
            name = httpx.URL(scheme="http", host=name).raw_host.decode("ascii")
    except (ValueError, httpx.InvalidURL):
        name = ""
    if ":" in name and not name.startswith("["):
        name = f"[{name}]"
    host = None if name.rpartition("]")[2].count(":") else host_of(name)
    if host is None or (wildcard and _address(host) is not None):
        raise ValueError(
            f"{text!r} is not a host: give a name, a pattern such as *.example.com, or an IP address, without a port"
        )
    return wildcard + host


@frozen
class AllowedHosts:
    """Loopback, the address that is listened on, and what was named.

    Nobody can rebind an address, so a server that listens on all addresses answers for any of them. Patterns match
    names below a domain, not the domain itself.
    """

    names: frozenset[str]
    addresses: frozenset[_Address]
    any_address: bool

    @classmethod
    def of(cls, listening: str, host: str, named: Iterable[str]) -> "AllowedHosts":
        """For a server that listens on this address because it was given this host, which may be a name.

        Raises ValueError for what `checked_host` refuses, and TypeError for a text in the place of a list of names.
        """
        if isinstance(named, str):
            raise TypeError(f"allowed_hosts must be a list of names such as [{named!r}], not a text")
        address = _address(listening.partition("%")[0])
        hosts = frozenset([*(checked_host(name) for name in named), *filter(None, [host_of(host)])])
        addresses = {found for host in hosts if (found := _address(host)) is not None}
        return cls(
            hosts,
            frozenset(addresses if address is None else addresses | {address}),
            address is not None and address.is_unspecified,
        )

    def answer(self, host: str) -> bool:
        """Whether requests to this host, as `host_of` gives it, are answered."""
        return self.trust(host) or (self.any_address and _address(host) is not None)

    def trust(self, host: str) -> bool:
        """Whether web pages of this host may make requests: those of other addresses may not."""
        address = _address(host)
        if address is not None:
            return address.is_loopback or address in self.addresses
        labels = host.split(".")
        parents = (".".join(["*", *labels[place:]]) for place in range(1, len(labels)))
        return labels[-1] == "localhost" or host in self.names or not self.names.isdisjoint(parents)


def _address(host: str) -> _Address | None:
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
