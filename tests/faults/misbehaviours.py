"""How receivers misbehave, each in a way of its own."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable

from faults.host import Behaviour, Call, answering, reset

OK = b"HTTP/1.1 200 OK\r\n"
BOMB = gzip.compress(b"0" * 20_000_000)
#: The beginning of an answer in TLS that ends a handshake: an alert, fatal, handshake failure.
TLS_ALERT = b"\x15\x03\x03\x00\x02\x02\x28"

Speech = Callable[[asyncio.StreamWriter], Awaitable[None]]


def speaking(speech: Speech, status: int | None = None) -> Behaviour:
    """Say this and close the connection; `status` is what a patient listener would understand by it."""

    async def behave(call: Call, writer: asyncio.StreamWriter) -> None:
        call.answered = status
        await speech(writer)
        writer.close()

    return behave


async def silent(call: Call, _writer: asyncio.StreamWriter) -> None:
    """Say nothing for as long as the other side waits."""
    while not call.hung_up():  # noqa: ASYNC110 -- no event tells of it while the connection is being written to
        await asyncio.sleep(0.02)


def saying(text: bytes, status: int | None = None) -> Behaviour:
    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(text)
        await writer.drain()

    return speaking(say, status)


def trickling(text: bytes, rest: bytes, status: int | None = None) -> Behaviour:
    """Say the text at once and the rest byte by byte, over and over."""

    async def trickle(writer: asyncio.StreamWriter) -> None:
        writer.write(text)
        while True:
            for byte in rest:
                writer.write(bytes((byte,)))
                await writer.drain()
                await asyncio.sleep(0.02)

    return speaking(trickle, status)


def pouring(text: bytes, chunk: bytes, status: int | None = None) -> Behaviour:
    """Say the text, and then the chunk without end."""

    async def pour(writer: asyncio.StreamWriter) -> None:
        writer.write(text)
        while True:
            writer.write(chunk)
            await writer.drain()
            # Waiting for room is no waiting while there is some, and others are to be heard too.
            await asyncio.sleep(0)

    return speaking(pour, status)


def resetting(text: bytes = b"", status: int | None = None) -> Behaviour:
    """Say the text, and then end the connection with RST."""

    async def end(writer: asyncio.StreamWriter) -> None:
        writer.write(text)
        await writer.drain()
        await asyncio.sleep(0.05)
        reset(writer)

    return speaking(end, status)


#: After these there is no status: the attempt failed, whatever came later.
FAILING: dict[str, Behaviour] = {
    "/silent": silent,
    "/trickles-headers": trickling(OK, b"X: y\r\n"),
    "/trickles-status": trickling(b"", b"HTTP/1.1 200 OK"),
    "/continues": pouring(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "/endless-headers": pouring(OK, b"X-More: " + b"y" * 1000 + b"\r\n"),
    "/endless-header": pouring(OK + b"X-More: ", b"y" * 4096),
    "/closes": saying(b""),
    "/closes-within-status": saying(b"HTTP/1.1 20"),
    "/closes-within-headers": saying(OK + b"Content-Len"),
    "/resets": resetting(),
    "/resets-within-headers": resetting(OK + b"Content-Len"),
    "/babbles": saying(b"220 mail.example ESMTP\r\n\r\n"),
    "/impossible-status": saying(b"HTTP/1.1 999999 X\r\n\r\n"),
    "/switches-protocols": saying(b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", 101),
}
#: Here 200 was said before it went wrong, and what has been said is believed.
SAID_BEFORE: dict[str, Behaviour] = {
    "/trickles-body": trickling(OK + b"Content-Length: 1000\r\n\r\n", b".", 200),
    "/endless-body": pouring(OK + b"\r\n", b"x" * 4096, 200),
    "/endless-chunks": pouring(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"x" * 0x1000 + b"\r\n", 200),
    "/bomb": saying(OK + f"Content-Encoding: gzip\r\nContent-Length: {len(BOMB)}\r\n\r\n".encode() + BOMB, 200),
    "/closes-within-body": saying(OK + b"Content-Length: 100\r\n\r\nhalf", 200),
    "/resets-within-body": resetting(OK + b"Content-Length: 100\r\n\r\nhalf", 200),
}
REDIRECTS: dict[str, Behaviour] = {
    f"/redirects-{status}": answering(status, {"Location": "/elsewhere"}) for status in (301, 302, 303, 307, 308)
}
REFUSALS: dict[str, Behaviour] = {
    f"/says-{status}": answering(status) for status in (400, 401, 404, 418, 500, 503, 599)
}
