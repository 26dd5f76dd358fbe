"""Answers that are not quite HTTP: each comes out as an answer or as a reason, in text that can be kept and shown."""

from __future__ import annotations

import asyncio
import socket
import time

import pytest
import uvloop

from afterword import clock
from afterword.delivery.transport import LARGEST_ANSWER_BYTES, Transport
from afterword.storage.database import Database
from afterword.worker.sender import Sender
from delivery.speaking import LOOPBACK, OK, accepting, post, saying, speaking
from support.eventually import eventually
from support.recorded import Recorded

CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
NO_LENGTH = b"Content-Length: 0\r\n\r\n"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"", "closed before there was an answer"),
        (b"HTTP/1.1 200", "closed before there was an answer"),
        (OK + b"X-A: 1\r\n", "closed before there was an answer"),
        (b"not http at all\r\n\r\n", "Bad status line"),
        (b"<html>hello</html>\n", "Bad status line"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "Bad status line"),
        (b"\x00" * 100, "Bad status line"),
        (b"HTTP/9.9 200 OK\r\n" + NO_LENGTH, "Invalid HTTP version"),
        (b"HTTP/1.1 99 Low\r\n" + NO_LENGTH, "Invalid status code"),
        (b"HTTP/1.1 999999 High\r\n" + NO_LENGTH, "Invalid response status"),
        (OK + b"garbage\r\n" + NO_LENGTH, "Invalid header token"),
        (OK + b"X-\x00A: a\r\n" + NO_LENGTH, "Invalid header token"),
        (OK + b"X-A: a\x00b\r\n" + NO_LENGTH, "Invalid HTTP header"),
        (OK + b"X-A: " + b"a" * 9000 + b"\r\n" + NO_LENGTH, "Got more than 8190 bytes"),
        (OK + b"X-A: 1\r\n" * 200 + NO_LENGTH, "Too many headers"),
        (b"HTTP/1.1 200 " + b"a" * 9000 + b"\r\n" + NO_LENGTH, "Got more than 8190 bytes"),
        (OK + b"Content-Length: -5\r\n\r\n", "Content-Length"),
        (OK + b"Content-Length: 99999999999999999999999\r\n\r\n", "Content-Length overflow"),
        (OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nhello", "Duplicate Content-Length"),
        (OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "Content-Length"),
    ],
)
def test_what_is_no_http_is_a_failure_that_says_so(said: bytes, reason: str) -> None:
    with speaking(saying(said)) as url:
        [answer] = post(url)
    assert (answer.status, answer.timed_out) == (None, False)
    assert answer.error
    assert reason in answer.error
    assert answer.error.isprintable()
    assert len(answer.error) <= 500


@pytest.mark.parametrize(
    ("said", "status", "body"),
    [
        (b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi", 200, "hi"),
        (b"HTTP/1.0 200 OK\r\n\r\nhi", 200, "hi"),
        (b"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", 200, "hi"),
        (b"HTTP/1.1 200 \xc4\xe3\xba\xc3\r\nContent-Length: 2\r\n\r\nhi", 200, "hi"),
        (b"HTTP/1.1 200 O\x00K\r\nContent-Length: 2\r\n\r\nhi", 200, "hi"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\nhi", 200, "hi"),
        (b"HTTP/1.1 102 Working\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + OK + b"\r\nhi", 200, "hi"),
        (b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\nx", 101, ""),
        (b"HTTP/1.1 204 None\r\n\r\n", 204, ""),
        (b"HTTP/1.1 205 Reset\r\nContent-Length: 2\r\n\r\nhi", 205, "hi"),
        (b"HTTP/1.1 304 Same\r\nContent-Length: 200\r\n\r\n", 304, ""),
        (b"HTTP/1.1 600 Beyond\r\n" + NO_LENGTH, 600, ""),
        (OK + b"Content-Length: 50\r\n\r\nbroken off", 200, "broken off"),
        (CHUNKED + b"2;a=b\r\nhi\r\n0\r\nX-Trailer: 1\r\n\r\n", 200, "hi"),
        (CHUNKED + b"2;" + b"a" * 100_000 + b"\r\nhi\r\n0\r\n\r\n", 200, "hi"),
        (CHUNKED + b"2\r\nhi\r\n", 200, "hi"),
        (OK + b"Content-Length: 4\r\n\r\na\x00\xff\xc3", 200, "a\ufffd\ufffd\ufffd"),
    ],
)
def test_what_can_be_understood_is_an_answer(said: bytes, status: int, body: str) -> None:
    with speaking(saying(said)) as url:
        [answer] = post(url)
    assert (answer.status, answer.body, answer.error) == (status, body, None)
    assert answer.succeeded == (200 <= status < 300)


@pytest.mark.parametrize(
    "rest",
    [b"zz\r\nhi\r\n", b"-5\r\nhi\r\n", b"ffffffffffffffffff\r\nhi\r\n", b"2\r\nhi\r\n0\r\n" + b"X-T: 1\r\n" * 5000],
)
@pytest.mark.parametrize("pause", [0, 0.2])
def test_a_body_that_turns_out_unsound_takes_nothing_back(rest: bytes, pause: float) -> None:
    def speak(connection: socket.socket) -> None:
        if not pause:
            connection.sendall(CHUNKED + rest)
            return
        connection.sendall(CHUNKED)
        time.sleep(pause)
        connection.sendall(rest)

    with speaking(speak) as url:
        [answer] = post(url, deadline_seconds=5)
    assert (answer.status, answer.error) == (200, None)
    assert answer.duration_ms < 2000, "nobody waits for what cannot come"


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("length", [b"", b"Content-Length: 5\r\n"])
def test_a_body_where_there_can_be_none_takes_nothing_back(version: str, length: bytes) -> None:
    with speaking(saying(f"HTTP/{version} 204 None\r\n".encode() + length + b"\r\nhello")) as url:
        answers = post(url, url)
    assert [(answer.status, answer.error) for answer in answers] == [(204, None)] * 2


@pytest.mark.parametrize("status", [200, 413, 401, 500])
def test_who_answers_before_reading_the_request_is_heard(status: int) -> None:
    def speak(connection: socket.socket) -> None:
        connection.sendall(f"HTTP/1.1 {status} Early\r\nConnection: close\r\n".encode() + NO_LENGTH)
        connection.shutdown(socket.SHUT_WR)
        time.sleep(0.2)

    with accepting(speak) as url:
        [answer] = post(url)
    assert (answer.status, answer.error) == (status, None)


def test_what_comes_while_nothing_is_asked_does_not_answer_the_next_request() -> None:
    asked: list[bytes] = []

    def speak(connection: socket.socket) -> None:
        if len(asked) > 1:
            connection.sendall(b"HTTP/1.1 500 Real\r\n" + NO_LENGTH)
            return
        connection.sendall(b"HTTP/1.1 204 None\r\n\r\n")
        time.sleep(0.1)
        connection.sendall(b"HTTP/1.1 200 Forged\r\nContent-Length: 6\r\n\r\nforged")
        time.sleep(0.5)

    async def twice(url: str) -> list[int | None]:
        transport = Transport(LOOPBACK)
        try:
            first = await transport.post(url, b"{}", {})
            await asyncio.sleep(0.3)
            return [first.status, (await transport.post(url, b"{}", {})).status]
        finally:
            await transport.aclose()

    with speaking(speak, asked) as url:
        assert uvloop.run(twice(url)) == [204, 500]


def test_no_more_headers_are_kept_than_an_answer_may_have() -> None:
    flood = b"".join(b"X-%d: %s\r\n" % (number, b"a" * 4000) for number in range(100))
    with speaking(saying(OK + flood + NO_LENGTH)) as url:
        [answer] = post(url)
    assert answer.status == 200
    assert 0 < sum(len(name) + len(value) for name, value in answer.headers.items()) <= LARGEST_ANSWER_BYTES


def test_whatever_is_answered_can_be_kept(database: Database) -> None:
    """In every kind of database: NUL, half characters, escapes, markup."""
    odd = b"X-Odd: \xff\xfe\xc3\x28\r\nX-Red: \x1b[31m\x07\r\nX-Markup: <script>alert(1)</script>\r\n"
    body = b"\x00\xff\xed\xa0\x80<script>alert(1)</script>\x1b[2J"
    with speaking(saying(OK + odd + b"Content-Length: %d\r\n\r\n" % len(body) + body)) as url:
        mine = Recorded.in_(database)
        mine.subscribe(url)
        mine.log(clock.now())
        sender = Sender(database, clock.now, LOOPBACK, None)
        sender.start()
        try:
            assert eventually(lambda: {each.state for each in mine.deliveries()} == {"delivered"})
        finally:
            sender.stop()


@pytest.mark.parametrize("said", [b"\x00" * 50, OK + b"X-A: \x00\x1b\xff\r\n" + NO_LENGTH])
def test_so_can_the_reason_of_a_failure(database: Database, said: bytes) -> None:
    with speaking(saying(said)) as url:
        mine = Recorded.in_(database)
        mine.subscribe(url)
        mine.log(clock.now())
        sender = Sender(database, clock.now, LOOPBACK, None, jitter=lambda: 0.0)
        sender.start()
        try:
            assert eventually(lambda: {each.state for each in mine.deliveries()} == {"retrying"})
        finally:
            sender.stop()
    assert all("not sound HTTP" in each.reason for each in mine.deliveries())
