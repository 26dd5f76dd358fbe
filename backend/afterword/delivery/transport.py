"""HTTP to where a user wants it: guarded addresses, one deadline, little read, nothing followed.

httpx's requests and responses over aiohttp's connections. httpx's own timeout is per read and would let a trickling
body hold a sender for ever, hence the deadline around it all; a client of httpx keeps cookies, hence none.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from afterword.delivery.answers import Answer
from afterword.delivery.connections import Connector, Response
from afterword.delivery.failures import reason_of, took_too_long
from afterword.delivery.lookups import Lookups
from afterword.delivery.networks import Network, parsed
from afterword.delivery.resolver import GuardedResolver
from afterword.delivery.url_guard import Guard, Target

DEADLINE_SECONDS = 15.0
#: To look up the name, to connect and to agree on keys.
CONNECT_SECONDS = 5.0
#: Shorter than the five seconds after which common servers close: one that closes while we write is a failed attempt.
IDLE_SECONDS = 4.0
LARGEST_ANSWER_BYTES = 16 * 1024


class Transport:
    """Connections that are kept open between requests. Belongs to one event loop."""

    def __init__(
        self,
        allowed: Sequence[Network],
        own_url: str | None = None,
        deadline_seconds: float = DEADLINE_SECONDS,
        lookups: Lookups | None = None,
        tls: ssl.SSLContext | None = None,
        connect_seconds: float = CONNECT_SECONDS,
    ) -> None:
        self.deadline_seconds, self._connect_seconds = deadline_seconds, connect_seconds
        self._guard = Guard.of(allowed, own_url)
        # By its text alone a URL is judged once; its addresses are judged on every connection.
        self._target = lru_cache(maxsize=1024)(self._guard.target)
        self._lookups = lookups or Lookups()
        self._tls = tls or trusted_roots()
        self._http = AiohttpTransport(client=self._session, verify=self._tls, trust_env=False)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """POST and read the beginning of the answer. Never raises for what the other side does."""
        started = time.monotonic()
        deadline = asyncio.get_running_loop().time() + self.deadline_seconds
        try:
            status, answered, text = await self._exchange(self._target(url), body, headers, deadline)
        except (httpx.HTTPError, aiohttp.ClientError, OSError, ValueError) as error:
            return Answer(None, {}, "", reason_of(error), _elapsed_ms(started), took_too_long(error))
        return Answer(status, answered, text, None, _elapsed_ms(started))

    async def aclose(self) -> None:
        """Close what is open."""
        await self._http.aclose()

    async def _exchange(
        self, target: Target, body: bytes, headers: Mapping[str, str], deadline: float
    ) -> tuple[int, Mapping[str, str], str]:
        # What httpx calls the pool's timeout bounds, in aiohttp, everything until there is a connection.
        timeout = {"connect": self._connect_seconds, "pool": self._connect_seconds}
        # As a stream, httpx adds no headers of its own to it; what the connection needs is aiohttp's to say anyway.
        stream = httpx.ByteStream(body)
        request = httpx.Request("POST", target.url, headers=headers, stream=stream, extensions={"timeout": timeout})
        request.read()
        # Ours are ASCII. Left to find that out, httpx would read them all again and again.
        request.headers.encoding = "ascii"
        answered: httpx.Response | None = None
        read = bytearray()
        limit = asyncio.timeout_at(deadline)
        try:
            async with limit:
                answered = await self._http.handle_async_request(request)
                await _read_beginning(answered, read)
        except (TimeoutError, httpx.HTTPError, aiohttp.ClientError):
            # Once the status has been said, a body that breaks off takes nothing back.
            if answered is None and limit.expired():
                raise TimeoutError(f"no answer within {self.deadline_seconds:g} s") from None
            if answered is None:
                raise
        finally:
            if answered is not None:
                await answered.aclose()
        return answered.status_code, _first_headers(answered), _text_of(read)

    def _session(self) -> aiohttp.ClientSession:
        connector = Connector(
            resolver=GuardedResolver(self._guard, self._lookups),
            socket_factory=self._guarded_socket,
            ssl=self._tls,
            keepalive_timeout=IDLE_SECONDS,
            use_dns_cache=False,
            limit=0,
        )
        return aiohttp.ClientSession(
            connector=connector,
            response_class=Response,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
        )

    def _guarded_socket(self, address_info: Any) -> socket.socket:
        # The last look, at the very address that is about to be connected to, however it was arrived at.
        family, kind, protocol, _, address = address_info
        self._guard.check("", [parsed(str(address[0]))])
        return socket.socket(family, kind, protocol)


def trusted_roots() -> ssl.SSLContext:
    """Trust in the machine's own authorities, which an operator can add to, and in httpx's where there are none."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    context.set_alpn_protocols(["http/1.1"])
    return context


async def _read_beginning(response: httpx.Response, read: bytearray) -> None:
    async for chunk in response.stream:  # type: ignore[union-attr]
        read += chunk
        if len(read) >= LARGEST_ANSWER_BYTES:
            break


def _text_of(read: bytearray) -> str:
    return _storable(read[:LARGEST_ANSWER_BYTES].decode("utf-8", "replace"))


def _first_headers(response: httpx.Response) -> dict[str, str]:
    """As many headers as an answer's size allows; those that are too many say nothing that we act on."""
    found: dict[str, str] = {}
    room = LARGEST_ANSWER_BYTES
    for raw_name, raw_value in response.headers.raw:
        room -= len(raw_name) + len(raw_value)
        if room < 0:
            break
        name, value = _decoded(raw_name).lower(), _decoded(raw_value)
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _decoded(raw: bytes) -> str:
    # UTF-8 where it is, else what HTTP once took for granted.
    try:
        return _storable(raw.decode())
    except UnicodeDecodeError:
        return _storable(raw.decode("latin-1"))


def _storable(text: str) -> str:
    # PostgreSQL keeps no NUL in text.
    return text.replace("\x00", "\ufffd")


def _elapsed_ms(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
