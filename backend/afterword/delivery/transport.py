"""HTTP to where a user wants it: guarded addresses, one deadline, little read, nothing followed.

httpx's requests and responses over aiohttp's connections. httpx's own timeout is per read and would let a trickling
body hold a sender for ever, hence the deadline around it all; a client of httpx keeps cookies, hence none.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from httpx_aiohttp import AiohttpTransport

from afterword.delivery.answers import Answer
from afterword.delivery.url_guard import AddressRefused, Network, check_addresses, check_own, host_of, parsed

DEADLINE_SECONDS = 15.0
CONNECT_SECONDS = 5.0
LARGEST_ANSWER_BYTES = 16 * 1024
LONGEST_ERROR = 500


class Transport:
    """Connections that are kept open between requests. Belongs to one event loop."""

    def __init__(
        self,
        allowed: Sequence[Network],
        own_url: str | None = None,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self.deadline_seconds = deadline_seconds
        self._allowed = allowed
        self._own_host = own_url and host_of(own_url)
        self._http = AiohttpTransport(client=self._session, trust_env=False)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """POST and read the beginning of the answer. Never raises for what the other side does."""
        started = time.monotonic()
        deadline = asyncio.get_running_loop().time() + self.deadline_seconds
        try:
            status, answered, text = await self._exchange(url, body, headers, deadline)
        except TimeoutError:
            return _failed(f"no answer within {self.deadline_seconds:g} s", started, timed_out=True)
        except httpx.TimeoutException as error:
            return _failed(_reason(error), started, timed_out=True)
        except (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError, ValueError) as error:
            return _failed(_reason(error), started)
        return Answer(status, answered, text, None, _elapsed_ms(started))

    async def aclose(self) -> None:
        """Close what is open."""
        await self._http.aclose()

    async def _exchange(
        self, url: str, body: bytes, headers: Mapping[str, str], deadline: float
    ) -> tuple[int, Mapping[str, str], str]:
        timeout = {"connect": CONNECT_SECONDS, "read": None, "write": None, "pool": None}
        request = httpx.Request("POST", url, headers=headers, content=body, extensions={"timeout": timeout})
        async with asyncio.timeout_at(deadline):
            response = await self._http.handle_async_request(request)
        try:
            text = await _beginning(response, deadline)
        finally:
            await response.aclose()
        return response.status_code, {name.lower(): value for name, value in response.headers.items()}, text

    def _session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            resolver=_GuardedResolver(self._allowed, self._own_host),
            socket_factory=self._guarded_socket,
            use_dns_cache=False,
            limit=0,
        )
        return aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False, auto_decompress=False
        )

    def _guarded_socket(self, address_info: Any) -> socket.socket:
        # The last look, at the very address that is about to be connected to, however it was arrived at.
        family, kind, protocol, _, address = address_info
        check_addresses([parsed(str(address[0]))], self._allowed)
        return socket.socket(family, kind, protocol)


class _GuardedResolver(AbstractResolver):
    """Resolves once per connection, and refuses a name of which any answer is forbidden."""

    def __init__(self, allowed: Sequence[Network], own_host: str | None) -> None:
        self._allowed, self._own_host = allowed, own_host
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str | bytes, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        name = host.decode("ascii") if isinstance(host, bytes) else host
        found = await self._resolver.resolve(name, port, family)
        addresses = [parsed(answer["host"]) for answer in found]
        check_addresses(addresses, self._allowed)
        if name.lower().rstrip(".") == self._own_host:
            check_own(addresses, self._allowed)
        return found

    async def close(self) -> None:
        await self._resolver.close()


async def _beginning(response: httpx.Response, deadline: float) -> str:
    """What comes of the body in time. The status has been said by then: a body that breaks off takes nothing back."""
    read = bytearray()
    with suppress(TimeoutError, httpx.HTTPError, aiohttp.ClientError):
        async with asyncio.timeout_at(deadline):
            async for chunk in response.stream:  # type: ignore[union-attr]
                read += chunk
                if len(read) >= LARGEST_ANSWER_BYTES:
                    break
    # PostgreSQL keeps no NUL in text.
    return bytes(read[:LARGEST_ANSWER_BYTES]).decode("utf-8", "replace").replace("\x00", "\ufffd")


def _reason(error: BaseException) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, AddressRefused):
            return f"refused: {cause}"[:LONGEST_ERROR]
        cause = cause.__cause__ or cause.__context__
    return (str(error) or type(error).__name__)[:LONGEST_ERROR]


def _failed(reason: str, started: float, timed_out: bool = False) -> Answer:
    return Answer(None, {}, "", reason, _elapsed_ms(started), timed_out)


def _elapsed_ms(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
