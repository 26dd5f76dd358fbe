"""Receivers that say what they are told to, byte by byte, and posting to them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from typing import Any

import uvloop

from afterword.delivery.answers import Answer
from afterword.delivery.transport import Transport

LOOPBACK = (ip_network("127.0.0.0/8"),)
OK = b"HTTP/1.1 200 OK\r\n"
EMPTY = OK + b"Content-Length: 0\r\n\r\n"

Speak = Callable[[socket.socket], None]


@contextmanager
def accepting(handle: Speak) -> Iterator[str]:
    """A server that has each connection handled in a thread and then closed; its address."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    def one(connection: socket.socket) -> None:
        with connection:
            try:
                handle(connection)
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/hook"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


@contextmanager
def speaking(speak: Speak, heard: list[bytes] | None = None) -> Iterator[str]:
    """A server that reads one request and then does as it is told; its address."""

    def handle(connection: socket.socket) -> None:
        request = connection.recv(65536)
        if heard is not None:
            heard.append(request)
        speak(connection)

    with accepting(handle) as url:
        yield url


def saying(text: bytes) -> Speak:
    return lambda connection: connection.sendall(text)


def post(
    *urls: str, deadline_seconds: float = 1.0, allowed: tuple[Any, ...] = LOOPBACK, **transport: Any
) -> list[Answer]:
    """What came of posting to each, one after the other, by one transport."""

    async def run() -> list[Answer]:
        opened = Transport(allowed, deadline_seconds=deadline_seconds, **transport)
        try:
            return [await opened.post(url, b"{}", {"accept-encoding": "identity"}) for url in urls]
        finally:
            await opened.aclose()

    return uvloop.run(run())
