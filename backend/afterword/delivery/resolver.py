"""Resolves once per connection, and refuses a name of which any answer is forbidden."""

from __future__ import annotations

import socket

from aiohttp.abc import AbstractResolver, ResolveResult

from afterword.delivery.lookups import Lookups
from afterword.delivery.networks import Address
from afterword.delivery.url_guard import Guard


class GuardedResolver(AbstractResolver):
    """What aiohttp asks for the addresses that it then connects to. HTTP clients name hosts as str or as bytes."""

    def __init__(self, guard: Guard, lookups: Lookups) -> None:
        self._guard, self._lookups = guard, lookups

    async def resolve(
        self, host: str | bytes, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        name = (host.decode("ascii") if isinstance(host, bytes) else host).lower().rstrip(".")
        found = self._guard.known_addresses(name) or await self._lookups.addresses(name)
        self._guard.check(name, found)
        answers = [_answer(name, address, port) for address in dict.fromkeys(found)]
        return [answer for answer in answers if family in (socket.AF_UNSPEC, answer["family"])]

    async def close(self) -> None:
        """Nothing is open: look-ups end by themselves."""


def _answer(name: str, address: Address, port: int) -> ResolveResult:
    return ResolveResult(
        hostname=name,
        host=str(address),
        port=port,
        family=socket.AF_INET if address.version == 4 else socket.AF_INET6,
        proto=socket.IPPROTO_TCP,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )
