"""Which addresses the server may be sent to. An operator's allowed networks are the only way round the table.

Python's `is_global` calls several of these public (NAT64, 6to4, multicast, site-local), hence a table of our own.
"""

from __future__ import annotations

import re
import socket
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

SETTING = "AFTERWORD_ALLOWED_NETWORKS"
_SOME_TEXT_NO_URL_HAS = re.compile(r"[\x00-\x20\x7f\\]")

_FORBIDDEN_4 = tuple(
    IPv4Network(network)
    for network in (
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
    )
)
#: Of IPv6 only global unicast is public at all, and of that not documentation, 6to4 and the special-purpose block.
_PUBLIC_6 = IPv6Network("2000::/3")
_FORBIDDEN_6 = tuple(
    IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
_ISATAP = (0x00005EFE, 0x02005EFE)


class AddressRefused(OSError):
    """An address that may not be reached. An OSError, so that HTTP clients treat it as a failed connection."""


def check_url(url: str, allowed: Sequence[Network], own_url: str | None = None) -> None:
    """Refuse a URL that is malformed or leads, by what its name resolves to now, where the server may not go.

    That is also the server itself, whose address is `own_url`.
    """
    host = _plain_host(_split(url))
    literal = _literal(host)
    found = [literal] if literal is not None else list(_resolved(host))
    check_addresses(found, allowed)
    if own_url is not None and host == host_of(own_url):
        check_own(found, allowed)


def host_of(url: str) -> str:
    """The host as it is compared: in lower case and without a trailing dot."""
    return _plain_host(_split(url))


def check_own(found: Iterable[Address], allowed: Sequence[Network]) -> None:
    """Refuse the server's own address, unless the operator admits it by name: there may be another service there."""
    for address in found:
        if not is_allowed(address, allowed):
            raise AddressRefused(
                f"leads back to this server; the operator may allow it by adding "
                f"{address}/{address.max_prefixlen} to {SETTING}"
            )


def check_addresses(found: Iterable[Address], allowed: Sequence[Network]) -> None:
    """Refuse when any of the addresses is forbidden: a name with one bad answer is a trap."""
    for address in found:
        if is_forbidden(address, allowed):
            raise AddressRefused(
                f"leads to {address}, which is not a public address; the operator may allow it by adding "
                f"{address}/{address.max_prefixlen} to {SETTING}"
            )


def is_allowed(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether the operator admits an address by name."""
    return any(address in network for network in allowed if network.version == address.version)


def is_forbidden(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether the table forbids an address and the operator does not admit it."""
    if is_allowed(address, allowed):
        return False
    if isinstance(address, IPv4Address):
        return any(address in network for network in _FORBIDDEN_4)
    return _is_forbidden_6(address)


def parsed(text: str) -> Address:
    """The address a resolver or a socket names; a zone (`%eth0`) is link-local's and is dropped."""
    return ip_address(text.partition("%")[0])


def _is_forbidden_6(address: IPv6Address) -> bool:
    if address not in _PUBLIC_6 or any(address in network for network in _FORBIDDEN_6):
        return True
    return (int(address) >> 32) & 0xFFFFFFFF in _ISATAP


def _split(url: str) -> SplitResult:
    if _SOME_TEXT_NO_URL_HAS.search(url):
        raise AddressRefused("has a space, a backslash or a control character in it; remove it")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise AddressRefused(f"is not a URL: {error}") from None
    if parts.scheme not in ("http", "https"):
        raise AddressRefused("must begin with https:// or http://")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("must not carry a user name or password")
    return parts


def _plain_host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not host:
        raise AddressRefused("has no host")
    if unicodedata.normalize("NFKC", host) != host:
        raise AddressRefused("has a host in look-alike characters; write it in plain ones")
    return host


def _literal(host: str) -> Address | None:
    """The address a host writes out, in any of the spellings that a C library takes for one."""
    if ":" in host:
        try:
            return parsed(host)
        except ValueError:
            raise AddressRefused("has a host that is not an IPv6 address") from None
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeEncodeError):
        return None


def _resolved(host: str) -> Iterator[Address]:
    if host == "localhost" or host.endswith(".localhost"):
        yield IPv4Address("127.0.0.1")
        return
    try:
        answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        # A name that does not resolve today may do so tomorrow; it is looked at again on every connection.
        return
    for answer in answers:
        yield parsed(str(answer[4][0]))
