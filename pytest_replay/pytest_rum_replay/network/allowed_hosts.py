"""Which hosts may be reached: names, domains, addresses, networks, and always this machine itself."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

__all__ = ["AllowedHosts", "address_of"]

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class AllowedHosts:
    """Hosts from a list; an entry is a name, `*.example.com`, an address, or a network such as 10.0.0.0/8.

    Raises ValueError for an invalid entry, TypeError for a single string.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        self._names: set[str] = set()
        self._domains: list[str] = []
        self._networks: list[Network] = []
        self._resolved: set[Address] = set()
        if isinstance(entries, str):
            raise TypeError(f"allow_hosts must be several hosts, such as [{entries!r}], not one string")
        for entry in entries:
            self._allow(entry)

    def allow(self, host: str) -> bool:
        """Whether a name or an address may be reached."""
        address = address_of(host)
        if address is None:
            name = _normalized(host)
            is_local = name in ("", "localhost", "localhost.localdomain") or name.endswith(".localhost")
            return is_local or name in self._names or name.endswith(tuple(self._domains))
        if address.is_loopback or address.is_unspecified or address in self._resolved:
            return True
        return any(address in network for network in self._networks)

    def follow(self, name: str, addresses: Iterable[str]) -> None:
        """Allow the addresses of a name if the name itself is allowed."""
        if self.allow(name):
            self._resolved.update(filter(None, map(address_of, addresses)))

    def forget_addresses(self) -> None:
        """Forget the addresses allowed by `follow`."""
        self._resolved.clear()

    def _allow(self, entry: str) -> None:
        host = entry.strip().lower().rstrip(".").removeprefix("[").removesuffix("]")
        try:
            self._networks.append(ip_network(host))
        except ValueError as error:
            domain = host.removeprefix("*.")
            if not domain or any(character in domain for character in "/:*?#@[], \t"):
                raise ValueError(
                    f"not a host to allow: {entry!r}; give a name (api.datadoghq.com), *.name for the names below it, "
                    f"an address or a network (10.0.0.0/8), without scheme, port and path ({error})"
                ) from None
            name = _normalized(domain)
            if domain == host:
                self._names.add(name)
            else:
                self._domains.append("." + name)


def _normalized(name: str) -> str:
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
