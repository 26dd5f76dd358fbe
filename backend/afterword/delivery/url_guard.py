"""Where the server may be sent to. An operator's allowed networks are the only way round the table of addresses.

A URL is looked at when it is saved, again when it is posted to, and its addresses on every connection: a name that led
to a good address a moment ago may lead to a bad one now.
"""

from __future__ import annotations

import re
import socket
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from afterword.delivery import own_addresses
from afterword.delivery.lookups import Lookups
from afterword.delivery.networks import Address, Network, parsed, why_forbidden, within

if TYPE_CHECKING:
    import httpx

SETTING = "AFTERWORD_ALLOWED_NETWORKS"
_LOOPBACK = (IPv4Address("127.0.0.1"), IPv6Address("::1"))
_SOME_TEXT_NO_URL_HAS = re.compile(r"[\x00-\x20\x7f\\]")
#: Letters beyond these would be read in one way by one program and otherwise by the next.
_NAME = re.compile(r"[0-9a-z_-]{1,63}(\.[0-9a-z_-]{1,63})*")
_LONGEST_NAME = 253


class AddressRefused(OSError):
    """An address that may not be reached. An OSError, so that HTTP clients treat it as a failed connection."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that is sound: as it is sent to, and its host as it is compared.

    `address` is the host's own where it is written out, in whatever spelling.
    """

    url: httpx.URL
    host: str
    address: Address | None


@dataclass(frozen=True, slots=True)
class Guard:
    """What one server may reach. `own_host` is its own; `is_own` tells the addresses of the machine it runs on."""

    allowed: tuple[Network, ...] = ()
    own_host: str | None = None
    is_own: Callable[[Address], bool] = own_addresses.holds

    @classmethod
    def of(cls, allowed: Sequence[Network], own_url: str | None) -> Guard:
        return cls(tuple(allowed), _own_host(own_url) if own_url else None)

    def target(self, url: str) -> Target:
        """The target of a URL, by what is written in it alone. AddressRefused says what is wrong with it."""
        found = target_of(url)
        known = self.known_addresses(found.host)
        if known:
            self._check_public(known)
        return found

    def known_addresses(self, host: str) -> tuple[Address, ...]:
        """The addresses of a host that need no look-up, and must not be left to one."""
        if host == "localhost" or host.endswith(".localhost"):
            # Both are this machine (RFC 6761). Who admits one means that one.
            return tuple(each for each in _LOOPBACK if within(each, self.allowed)) or _LOOPBACK[:1]
        address = _literal(host)
        return () if address is None else (address,)

    def check(self, host: str, found: Sequence[Address]) -> None:
        """Refuse when any of a host's addresses is forbidden: a name with one bad answer is a trap."""
        strange = self._check_public(found)
        if host == self.own_host and (strange or not found):
            raise AddressRefused(f"leads back to this server; {_remedy(strange)}")
        own = [address for address in strange if self.is_own(address)]
        if own:
            raise AddressRefused(f"leads to the machine that this server runs on; {_remedy(own)}")

    def _check_public(self, found: Sequence[Address]) -> list[Address]:
        """The addresses that are public; those that the operator admits are left out."""
        strange = [address for address in dict.fromkeys(found) if not within(address, self.allowed)]
        forbidden = {address: what for address in strange if (what := why_forbidden(address))}
        if forbidden:
            address, what = next(iter(forbidden.items()))
            raise AddressRefused(f"leads to {address}, which is {what} and not public; {_remedy(forbidden)}")
        return strange


async def check_url(url: str, guard: Guard, lookups: Lookups) -> None:
    """Refuse a URL that is malformed or leads, by what its name resolves to now, where the server may not go.

    A name that does not resolve today may do so tomorrow; it is looked at again on every connection.
    """
    host = target_of(url).host
    found = guard.known_addresses(host)
    if not found:
        with suppress(OSError):
            found = await lookups.addresses(host)
    guard.check(host, found)


@lru_cache(maxsize=1024)
def target_of(url: str) -> Target:
    """A URL taken apart, once by Python and once by the HTTP client, who must agree on whom it leads to."""
    # Imported with the first URL: a server without webhooks does not pay for it.
    import httpx

    host = _host_by_python(url)
    try:
        sent = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused(f"is not a URL: {error}") from None
    if host.isascii() and _plain(sent.raw_host) != host:
        raise AddressRefused("has a host that programs read differently; write it in plain letters")
    host = _plain(sent.raw_host)
    address = _literal(host)
    if address is not None:
        return Target(sent.copy_with(host=str(address)), host, address)
    if len(host) > _LONGEST_NAME or not _NAME.fullmatch(host):
        raise AddressRefused("has a host that is no name and no address; use letters, digits, - and .")
    return Target(sent, host, None)


def _own_host(url: str) -> str | None:
    try:
        return target_of(url).host
    except AddressRefused:
        return _plain(urlsplit(url).hostname or "") or None


def _host_by_python(url: str) -> str:
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
    if parts.netloc.endswith(":"):
        # Some programs go on from here to the name of a unix socket.
        raise AddressRefused("has a colon without a port behind its host; remove it")
    host = (parts.hostname or "").rstrip(".")
    if not host:
        raise AddressRefused("has no host")
    if unicodedata.normalize("NFKC", host) != host:
        raise AddressRefused("has a host in look-alike characters; write it in plain ones")
    return host


def _plain(host: str | bytes) -> str:
    text = host.decode("ascii") if isinstance(host, bytes) else host
    return text.lower().rstrip(".")


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


def _remedy(addresses: Iterable[Address]) -> str:
    values = ",".join(f"{address}/{address.max_prefixlen}" for address in addresses)
    return f"the operator may allow it by adding {values or 'its address'} to {SETTING}"
