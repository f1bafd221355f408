"""Which addresses are out in the world, and which are somebody's own network."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

__all__ = ["Address", "Network", "is_allowed", "is_public", "literal"]

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

# The IANA special-purpose registries, written out: what Python calls global changes from release to release.
NOT_PUBLIC_4: tuple[Network, ...] = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
GLOBAL_UNICAST_6 = ip_network("2000::/3")
# Teredo and its neighbours, documentation, 6to4. Mapped, compatible and 64:ff9b addresses are outside of 2000::/3.
NOT_PUBLIC_6: tuple[Network, ...] = tuple(map(ip_network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))


def is_public(address: Address) -> bool:
    """False for every address that could mean a machine of ours: private, link-local, loopback, shared, multicast,
    reserved, and those of IPv6 that carry one of IPv4 in them (mapped, 6to4, Teredo, 64:ff9b)."""
    if address.version == 4:
        return not any(address in network for network in NOT_PUBLIC_4)
    return address in GLOBAL_UNICAST_6 and not any(address in network for network in NOT_PUBLIC_6)


def is_allowed(address: Address, allow: Sequence[Network]) -> bool:
    """In a range that the operator has named. A mapped address is the IPv4 one that it reaches."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return any((mapped or address) in network for network in allow)


def literal(host: str) -> Address | None:
    """The address that a host name is, when it is one. Odd spellings (octal, one number) are left to the resolver."""
    try:
        return ip_address(host)
    except ValueError:
        return None
