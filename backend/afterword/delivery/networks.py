"""Which addresses are public, by a table of our own.

Python's `is_global` calls several of these public (NAT64, 6to4, multicast, site-local). The table follows the
registries of special-purpose addresses (RFC 6890) and adds what they leave out. Of what they call globally reachable it
refuses the anycast services too: nobody receives webhooks there, and the nearest may stand in the operator's network.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_SPECIAL_4 = {
    "0.0.0.0/8": "of this network (RFC 1122)",
    "10.0.0.0/8": "private (RFC 1918)",
    "100.64.0.0/10": "shared behind a carrier's NAT (RFC 6598)",
    "127.0.0.0/8": "loopback (RFC 1122)",
    "168.63.129.16/32": "the host of a virtual machine (Azure's, in no registry)",
    "169.254.0.0/16": "link-local (RFC 3927), where clouds keep credentials",
    "172.16.0.0/12": "private (RFC 1918)",
    "192.0.0.0/24": "set aside for protocols (RFC 6890)",
    "192.0.2.0/24": "for documentation (RFC 5737)",
    "192.31.196.0/24": "anycast of AS112 (RFC 7535)",
    "192.52.193.0/24": "anycast of AMT relays (RFC 7450)",
    "192.88.99.0/24": "anycast of 6to4 relays (RFC 7526)",
    "192.168.0.0/16": "private (RFC 1918)",
    "192.175.48.0/24": "anycast of AS112 (RFC 7534)",
    "198.18.0.0/15": "for benchmarks (RFC 2544)",
    "198.51.100.0/24": "for documentation (RFC 5737)",
    "203.0.113.0/24": "for documentation (RFC 5737)",
    "224.0.0.0/4": "multicast (RFC 5771)",
    "240.0.0.0/4": "reserved (RFC 1112)",
}
_SPECIAL_6 = {
    # Within global unicast.
    "2001::/32": "Teredo, which carries an IPv4 address (RFC 4380)",
    "2001::/23": "set aside for protocols (RFC 2928)",
    "2001:db8::/32": "for documentation (RFC 3849)",
    "2002::/16": "6to4, which carries an IPv4 address (RFC 3056)",
    "2620:4f:8000::/48": "anycast of AS112 (RFC 7534)",
    "3ffe::/16": "of the 6bone, which is no more (RFC 3701)",
    "3fff::/20": "for documentation (RFC 9637)",
    # Outside of it nothing is public; these are named for the message.
    "::/128": "of this network (RFC 4291)",
    "::1/128": "loopback (RFC 4291)",
    "::ffff:0:0/96": "an IPv4 address in disguise (RFC 4291)",
    "::ffff:0:0:0/96": "an IPv4 address in translation (RFC 2765)",
    "::/96": "an IPv4 address in disguise (RFC 4291)",
    "64:ff9b::/96": "NAT64, which carries an IPv4 address (RFC 6052)",
    "64:ff9b:1::/48": "NAT64 of a network's own (RFC 8215)",
    "100::/64": "discarded (RFC 6666)",
    "100:0:0:1::/64": "a dummy (RFC 9780)",
    "5f00::/16": "for segment routing (RFC 9602)",
    "fc00::/7": "private (RFC 4193)",
    "fe80::/10": "link-local (RFC 4291)",
    "fec0::/10": "site-local (RFC 3879)",
    "ff00::/8": "multicast (RFC 4291)",
}
_FORBIDDEN_4 = tuple((IPv4Network(network), what) for network, what in _SPECIAL_4.items())
_FORBIDDEN_6 = tuple((IPv6Network(network), what) for network, what in _SPECIAL_6.items())
_GLOBAL_UNICAST = IPv6Network("2000::/3")
#: The half of an interface identifier that says that the other half is an IPv4 address (RFC 5214), in any network.
_ISATAP = (0x00005EFE, 0x02005EFE)


def parsed(text: str) -> Address:
    """The address a resolver or a socket names; a zone (`%eth0`) is link-local's and is dropped."""
    return ip_address(text.partition("%")[0])


def within(address: Address, networks: tuple[Network, ...]) -> bool:
    """Whether an address is in one of these networks."""
    return any(address in network for network in networks if network.version == address.version)


def why_forbidden(address: Address) -> str | None:
    """What an address is that is not public; None for a public one."""
    if isinstance(address, IPv4Address):
        return next((what for network, what in _FORBIDDEN_4 if address in network), None)
    named = next((what for network, what in _FORBIDDEN_6 if address in network), None)
    if named is not None:
        return named
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        return "ISATAP, which carries an IPv4 address (RFC 5214)"
    return None if address in _GLOBAL_UNICAST else "not global unicast (RFC 4291)"
