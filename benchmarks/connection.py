"""A client on a connection that is kept: next to no work of its own, so that the server's is what is measured."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable
from typing import NamedTuple

LONGEST_WAIT_SECONDS = 30


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    """One connection to a server on loopback."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), LONGEST_WAIT_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def get(self, asked: bytes) -> Answer:
        self._socket.sendall(asked)
        told = self._received()
        while b"\r\n\r\n" not in told:
            told += self._received()
        head, _, rest = told.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        status, headers = int(first.split()[1]), dict(line.lower().split(": ", 1) for line in lines)
        parts, missing = [rest], (0 if status == 304 else int(headers["content-length"])) - len(rest)
        while missing > 0:
            parts.append(self._received())
            missing -= len(parts[-1])
        return Answer(status, headers, b"".join(parts))

    def _received(self) -> bytes:
        found = self._socket.recv(1 << 18)
        if not found:
            raise ConnectionError("The server closed the connection.")
        return found


def request(path: str, headers: Iterable[tuple[str, str]] = ()) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def rate(port: int, asked: bytes, callers: int, seconds: float) -> float:
    """Answers 304 a second to so many callers at once, each on its own connection."""
    counts = [0] * callers

    def ask(number: int) -> None:
        with Client(port) as client:
            end = time.perf_counter() + seconds
            while time.perf_counter() < end:
                if client.get(asked).status != 304:
                    raise RuntimeError("The answer was not 304.")
                counts[number] += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(callers)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not all(counts):
        raise RuntimeError("A caller got no answer of status 304; run it again.")
    return sum(counts) / (time.perf_counter() - start)
