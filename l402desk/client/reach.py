"""Which hosts and addresses lie on this machine or its network: no public server may send us there."""

from __future__ import annotations

import ipaddress

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# RFC 6761, 6762, 8375 and the names that home routers and companies use inside.
_INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "home.arpa")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")


def is_private_address(text: str) -> bool:
    """True unless ``text`` is an address of the public internet; what is no address at all counts as private.

    An IPv4 address inside an IPv6 one (mapped, compatible, NAT64, 6to4) is judged as the IPv4 address it is.
    """
    try:
        address: IPAddress = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return True
    if isinstance(address, ipaddress.IPv6Address) and (inner := _inner(address)) is not None:
        address = inner
    return not address.is_global or address.is_multicast


def is_private_host(host: str) -> bool:
    """True for an address that is private, and for a name that by its form is not on the public internet."""
    if ":" in host or host.rpartition(".")[2].isdigit():
        return is_private_address(host)
    return "." not in host or any(host == name or host.endswith(f".{name}") for name in _INSIDE)


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None
