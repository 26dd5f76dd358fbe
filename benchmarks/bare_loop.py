"""The control of sending: sign and POST, as fast as it can be written, with no database, no guard and no promise.

`httpx` builds httpx's requests and hands them to the aiohttp transport, without a client between; `aiohttp` is its
session alone. Each line on standard input is one run, and is answered with a line when all of it has been answered.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import lru_cache
from typing import Any

import aiohttp
import httpx
import uvloop
from httpx_aiohttp import AiohttpTransport

KEY = b"k" * 32
Post = Callable[[str, dict[str, str], bytes], Awaitable[int]]


async def run(asked: dict[str, Any], post: Post) -> None:
    """So many requests, from an instant on, so many at once."""
    numbers = iter(range(asked["count"]))
    await asyncio.sleep(asked["at"] - time.time())
    await asyncio.gather(
        *(_one_by_one(numbers, asked["urls"], asked["body"].encode(), post) for _ in range(asked["width"]))
    )


async def _one_by_one(numbers: Iterator[int], urls: list[str], body: bytes, post: Post) -> None:
    for number in numbers:
        status = await post(urls[number % len(urls)], _signed(f"evt_{number}", body), body)
        if status != httpx.codes.OK:
            raise RuntimeError(f"The receiver answered {status}.")


def _signed(event_id: str, body: bytes) -> dict[str, str]:
    at = str(int(time.time()))
    digest = hmac.digest(KEY, b"%s.%s.%s" % (event_id.encode(), at.encode(), body), hashlib.sha256)
    return {
        "webhook-id": event_id,
        "webhook-timestamp": at,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
        "content-type": "application/json",
    }


def by_httpx(session: aiohttp.ClientSession) -> Post:
    transport, parsed = AiohttpTransport(client=session), lru_cache(httpx.URL)

    async def post(url: str, headers: dict[str, str], body: bytes) -> int:
        # As a stream, for which httpx adds no headers of its own: so the product does it too.
        request = httpx.Request("POST", parsed(url), headers=headers, stream=httpx.ByteStream(body))
        request.read()
        request.headers.encoding = "ascii"
        response = await transport.handle_async_request(request)
        await response.aread()
        return response.status_code

    return post


def by_aiohttp(session: aiohttp.ClientSession) -> Post:
    async def post(url: str, headers: dict[str, str], body: bytes) -> int:
        async with session.post(url, data=body, headers=headers) as response:
            await response.read()
            return response.status

    return post


async def serve() -> None:
    """Do what each line asks for, on connections that are kept."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        ways = {"httpx": by_httpx(session), "aiohttp": by_aiohttp(session)}
        while line := await asyncio.to_thread(sys.stdin.readline):
            asked = json.loads(line)
            await run(asked, ways[asked["way"]])
            print("done", flush=True)


if __name__ == "__main__":
    uvloop.run(serve())
