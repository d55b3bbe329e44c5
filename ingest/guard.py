"""Which network addresses may be reached: public ones, and those that the operator has named. Pure, no network."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from ingest.trouble import AddressRefused

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

# IANA special-purpose registries, written out because what `ipaddress` calls global differs between patch releases.
_NOT_PUBLIC_4 = (
    IPv4Network("0.0.0.0/8"),  # this network
    IPv4Network("10.0.0.0/8"),
    IPv4Network("100.64.0.0/10"),  # carrier-grade NAT
    IPv4Network("127.0.0.0/8"),
    IPv4Network("169.254.0.0/16"),  # link-local, and the metadata service of clouds
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.0.2.0/24"),
    IPv4Network("192.88.99.0/24"),  # 6to4 relays
    IPv4Network("192.168.0.0/16"),
    IPv4Network("198.18.0.0/15"),
    IPv4Network("198.51.100.0/24"),
    IPv4Network("203.0.113.0/24"),
    IPv4Network("224.0.0.0/4"),  # multicast
    IPv4Network("240.0.0.0/4"),  # reserved, broadcast
)
# Only 2000::/3 is global unicast: this alone shuts out loopback, link-local, multicast, unique-local, IPv4-mapped
# (::ffff:0:0/96) and NAT64 (64:ff9b::/96). Within it: Teredo and other protocols, documentation, 6to4.
_GLOBAL_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = (
    IPv6Network("2001::/23"),
    IPv6Network("2001:db8::/32"),
    IPv6Network("2002::/16"),
    IPv6Network("3fff::/20"),
)
# A name whose last label is a number is an IPv4 address to the C library, in decimal, octal, hexadecimal or short form.
_NUMERIC_END = re.compile(r"(?:^|\.)(?:\d+|0[xX][0-9a-fA-F]*)\.?$")
_DOTTED_QUAD = re.compile(r"(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}")


@dataclass(frozen=True, slots=True)
class Guard:
    """What may be reached. `allow_ports`, if given, narrows `allow_nets` to those hosts (as written) and ports."""

    allow_nets: tuple[Network, ...] = ()
    allow_ports: frozenset[tuple[str, int]] | None = None
    public: bool = True  # False shuts out even public addresses: the demonstration reaches nothing but itself

    def admits(self, address: Address, host: str, port: int) -> bool:
        """True if a connection to this address, found under this host name, may be opened."""
        if self.public and is_public(address):
            return True
        if not any(address in net for net in self.allow_nets):
            return False
        return self.allow_ports is None or (host.lower(), port) in self.allow_ports

    def choose(self, host: str, port: int, found: Sequence[str]) -> tuple[str, ...]:
        """The found addresses that may be connected to, in order; AddressRefused if there is none.

        The sentence does not repeat what a name resolved to: it may be shown to someone who must not map our network.
        """
        good = tuple(text for text in found if self._admits_text(text, host, port))
        if not good:
            raise AddressRefused(self.refusal(host, port))
        return good

    def refusal(self, host: str, port: int) -> str:
        """The sentence with which a place is refused."""
        return (
            f"The address guard refuses {host}:{port}, because it does not lead to a public address; "
            "use a public one, or have the operator allow its network."
        )

    def _admits_text(self, text: str, host: str, port: int) -> bool:
        try:
            return self.admits(ip_address(text), host, port)
        except ValueError:
            return False


def is_public(address: Address) -> bool:
    """True for global unicast addresses only; forms that wrap an IPv4 address are not (mapped, NAT64, 6to4, Teredo)."""
    if isinstance(address, IPv4Address):
        return not any(address in net for net in _NOT_PUBLIC_4)
    return address in _GLOBAL_6 and not any(address in net for net in _NOT_PUBLIC_6)


def literal(host: str) -> str | None:
    """The address if the host is one, None if it is a name; AddressRefused for disguised forms (0177.1, 2130706433)."""
    if ":" in host or _DOTTED_QUAD.fullmatch(host):
        try:
            return str(ip_address(host))
        except ValueError:
            raise AddressRefused(f"{host} is not an address; write it in its usual form.") from None
    if _NUMERIC_END.search(host):
        raise AddressRefused(f"The address guard refuses {host}; write the address in its usual form, or use a name.")
    return None
