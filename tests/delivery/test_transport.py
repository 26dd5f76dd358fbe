"""The guarded transport against receivers that misbehave, on loopback."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_network

import pytest

from afterword.delivery.answers import Answer
from afterword.delivery.transport import LARGEST_ANSWER_BYTES, Transport

LOOPBACK = (ip_network("127.0.0.0/8"),)
OK = b"HTTP/1.1 200 OK\r\n"


@contextmanager
def speaking(speak: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that reads one request and then does as it is told; its address."""
    listener = socket.create_server(("127.0.0.1", 0))

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
                connection.recv(65536)
                speak(connection)
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


def post(*urls: str, deadline_seconds: float = 1.0, allowed: tuple[object, ...] = LOOPBACK) -> list[Answer]:
    async def run() -> list[Answer]:
        transport = Transport(allowed, deadline_seconds=deadline_seconds)  # type: ignore[arg-type]
        try:
            return [await transport.post(url, b"{}", {"accept-encoding": "identity"}) for url in urls]
        finally:
            await transport.aclose()

    return asyncio.run(run())


def test_an_answer_has_its_status_headers_and_body() -> None:
    with speaking(lambda s: s.sendall(OK + b"Content-Length: 5\r\nX-Kind: one\r\n\r\nhello")) as url:
        answer = post(url)[0]
    assert (answer.status, answer.body, answer.error) == (200, "hello", None)
    assert answer.headers["x-kind"] == "one"
    assert answer.succeeded


def test_who_accepts_and_never_answers_is_left_at_the_deadline() -> None:
    with speaking(lambda _: time.sleep(3)) as url:
        answer = post(url, deadline_seconds=0.5)[0]
    assert answer.status is None
    assert answer.error == "no answer within 0.5 s"
    assert 400 <= answer.duration_ms < 1500


def test_a_trickling_answer_does_not_outlast_the_deadline() -> None:
    def trickle(connection: socket.socket) -> None:
        connection.sendall(OK + b"Content-Length: 1000\r\n\r\n")
        for _ in range(40):
            connection.sendall(b".")
            time.sleep(0.1)

    with speaking(trickle) as url:
        answer = post(url, deadline_seconds=0.5)[0]
    assert answer.duration_ms < 1500
    assert answer.status == 200, "it was said before the body"
    assert answer.body.startswith("..")


def test_of_an_endless_answer_only_the_beginning_is_read() -> None:
    def pour(connection: socket.socket) -> None:
        connection.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")

    with speaking(pour) as url:
        answer = post(url, deadline_seconds=5)[0]
    assert answer.status == 200
    assert len(answer.body) == LARGEST_ANSWER_BYTES


def test_a_compressed_answer_is_not_inflated() -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    head = OK + f"Content-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode()
    with speaking(lambda s: s.sendall(head + bomb)) as url:
        answer = post(url)[0]
    assert answer.status == 200
    assert len(answer.body) <= LARGEST_ANSWER_BYTES


@pytest.mark.parametrize("spoken", [b"", b"HTTP/1.1 200", b"not http at all\r\n\r\n", b"HTTP/1.1 999999 X\r\n\r\n"])
def test_who_closes_or_babbles_is_a_failure(spoken: bytes) -> None:
    with speaking(lambda s: s.sendall(spoken)) as url:
        answer = post(url)[0]
    assert not answer.succeeded
    assert answer.error


def test_nobody_there_is_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}/")[0].error


def test_cookies_are_not_kept_from_one_request_to_the_next() -> None:
    heard: list[bytes] = []

    def set_cookie(connection: socket.socket) -> None:
        connection.sendall(OK + b"Set-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n")
        heard.append(connection.recv(65536))
        connection.sendall(OK + b"Content-Length: 0\r\n\r\n")

    with speaking(set_cookie) as url:
        post(url, url)
    assert b"ookie" not in b"".join(heard)


def test_the_environments_proxies_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with speaking(lambda s: s.sendall(OK + b"Content-Length: 0\r\n\r\n")) as url:
        assert post(url)[0].succeeded


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]"])
def test_an_address_is_looked_at_again_when_it_is_connected_to(host: str) -> None:
    reached: list[bytes] = []
    with speaking(lambda _: reached.append(b"yes")) as url:
        answer = post(url.replace("127.0.0.1", host), allowed=())[0]
    assert answer.status is None
    assert reached == []
    assert answer.error is not None


def test_a_name_with_one_forbidden_answer_is_refused_and_one_that_turns_forbidden_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = [["127.0.0.1", "10.0.0.1"], ["127.0.0.1"], ["10.0.0.1"]]
    asked: list[object] = []
    real = socket.getaddrinfo

    def resolve(host: object, port: object, *rest: object, **named: object) -> list[object]:
        if host not in ("hook.example", b"hook.example"):
            return real(host, port, *rest, **named)  # type: ignore[arg-type,return-value]
        asked.append(host)
        found = answers[len(asked) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    closing = OK + b"Connection: close\r\nContent-Length: 0\r\n\r\n"
    with speaking(lambda s: s.sendall(closing)) as url:
        mixed, good, turned = post(*[url.replace("127.0.0.1", "hook.example")] * 3)
    assert "10.0.0.1" in (mixed.error or "")
    assert good.succeeded
    assert "10.0.0.1" in (turned.error or "")
    assert len(asked) == 3
