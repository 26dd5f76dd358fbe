"""The guarded transport: what it holds to, whatever the receiver does."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from afterword.delivery.lookups import Lookups
from afterword.delivery.transport import LARGEST_ANSWER_BYTES
from delivery.corpus import Zones
from delivery.listener import listening
from delivery.speaking import EMPTY, OK, accepting, post, saying, speaking


def test_an_answer_has_its_status_headers_and_body() -> None:
    with speaking(saying(OK + b"Content-Length: 5\r\nX-Kind: one\r\n\r\nhello")) as url:
        answer = post(url)[0]
    assert (answer.status, answer.body, answer.error) == (200, "hello", None)
    assert answer.headers["x-kind"] == "one"
    assert answer.succeeded


def test_who_accepts_and_never_answers_is_left_at_the_deadline() -> None:
    with speaking(lambda _: time.sleep(3)) as url:
        answer = post(url, deadline_seconds=0.5)[0]
    assert (answer.status, answer.timed_out) == (None, True)
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


@pytest.mark.parametrize(
    "beginning", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\n", b"X", OK, b""]
)
def test_nor_does_one_that_never_gets_to_its_status(beginning: bytes) -> None:
    def trickle(connection: socket.socket) -> None:
        for _ in range(40):
            connection.sendall(beginning[:1] if beginning in (b"X", OK) else beginning)
            time.sleep(0.1)

    with speaking(trickle) as url:
        answer = post(url, deadline_seconds=0.5)[0]
    assert answer.duration_ms < 1500
    assert answer.status is None


def test_of_an_endless_answer_only_the_beginning_is_read_and_the_connection_is_not_used_again() -> None:
    connections = []

    def pour(connection: socket.socket) -> None:
        connections.append(connection.getpeername())
        connection.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")

    with speaking(pour) as url:
        for answer in post(url, url, deadline_seconds=5):
            assert answer.status == 200
            assert len(answer.body) == LARGEST_ANSWER_BYTES
            assert answer.duration_ms < 2000
    assert len(connections) == 2


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_a_compressed_answer_stays_as_it_is(encoding: str) -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    head = OK + f"Content-Encoding: {encoding}\r\nContent-Length: {len(bomb)}\r\n\r\n".encode()
    with speaking(saying(head + bomb)) as url:
        answer = post(url)[0]
    assert answer.status == 200
    assert answer.headers["content-encoding"] == encoding
    assert len(answer.body) <= LARGEST_ANSWER_BYTES
    assert "0" * 100 not in answer.body


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with listening() as elsewhere:
        for status in (301, 302, 303, 307, 308):
            head = f"HTTP/1.1 {status} Moved\r\nLocation: http://127.0.0.1:{elsewhere.port}/\r\n".encode()
            with speaking(saying(head + b"Content-Length: 0\r\n\r\n")) as url:
                [answer] = post(url)
            assert (answer.status, answer.error, answer.succeeded) == (status, None, False)
    assert elsewhere.came == []


def test_nobody_there_is_a_failure_and_no_matter_of_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    [answer] = post(f"http://127.0.0.1:{port}/")
    assert "Connect call failed" in (answer.error or "")
    assert not answer.timed_out


def test_who_resets_is_a_failure_and_no_matter_of_time() -> None:
    def reset(connection: socket.socket) -> None:
        # Closed with what came still unread and no time to linger: the other side sees a reset.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")

    with accepting(reset) as url:
        [answer] = post(url)
    assert (answer.status, answer.timed_out) == (None, False)
    assert answer.error


def test_a_name_that_is_not_looked_up_in_time_is_a_matter_of_time() -> None:
    never = threading.Event()

    def hang(_: str) -> Iterable[str]:
        never.wait(10)
        return []

    try:
        [answer] = post("http://hook.example/", lookups=Lookups(hang, seconds=0.3))
        assert answer.error == "hook.example was not looked up within 0.3 s"
        assert answer.timed_out
        assert answer.duration_ms < 1000
    finally:
        never.set()


def test_a_name_that_nobody_knows_is_a_failure() -> None:
    [answer] = post("http://hook.example/", lookups=Lookups(Zones()))
    assert answer.error == "the name cannot be looked up: Name or service not known"
    assert not answer.timed_out


def test_who_never_agrees_on_keys_is_left_when_connecting_has_taken_too_long() -> None:
    with accepting(lambda _: time.sleep(3)) as url:
        [answer] = post(url.replace("http:", "https:"), deadline_seconds=10, connect_seconds=0.4)
    assert answer.error == "no connection could be made in time"
    assert answer.timed_out
    assert answer.duration_ms < 1500


def test_the_name_stays_in_the_request_and_a_connection_is_used_again() -> None:
    heard: list[bytes] = []
    names = Zones({"hook.example": [["127.0.0.1"], ["10.0.0.1"]]})

    def twice(connection: socket.socket) -> None:
        connection.sendall(EMPTY)
        heard.append(connection.recv(65536))
        connection.sendall(EMPTY)

    with speaking(twice, heard) as url:
        port = url.split(":")[2].partition("/")[0]
        first, second = post(*[f"http://Hook.example:{port}/a?b=c#d"] * 2, lookups=Lookups(names))
    assert (first.succeeded, second.succeeded) == (True, True)
    assert names.asked == ["hook.example"], "the second went to the address that was looked at for the first"
    for request in heard:
        lines = request.decode().lower().split("\r\n")
        assert lines[0] == "post /a?b=c http/1.1"
        assert f"host: hook.example:{port}" in lines


def test_a_name_with_one_forbidden_answer_is_refused_and_one_that_turns_forbidden_too() -> None:
    names = Zones({"hook.example": [["127.0.0.1", "10.0.0.1"], ["127.0.0.1"], ["10.0.0.1"]]})
    with speaking(saying(OK + b"Connection: close\r\nContent-Length: 0\r\n\r\n")) as url:
        mixed, good, turned = post(*[url.replace("127.0.0.1", "hook.example")] * 3, lookups=Lookups(names))
    assert "10.0.0.1" in (mixed.error or "")
    assert good.succeeded
    assert "10.0.0.1" in (turned.error or "")
    assert names.asked == ["hook.example"] * 3


@pytest.mark.parametrize("host", ["localhost", "127.1", "n8n.localhost", "LOCALHOST."])
def test_what_the_operator_admits_is_reached_in_any_spelling(host: str) -> None:
    with speaking(saying(EMPTY)) as url:
        [answer] = post(url.replace("127.0.0.1", host), lookups=Lookups(Zones()))
    assert answer.succeeded, answer.error


def test_cookies_are_not_kept_from_one_request_to_the_next() -> None:
    heard: list[bytes] = []

    def set_cookie(connection: socket.socket) -> None:
        connection.sendall(OK + b"Set-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n")
        heard.append(connection.recv(65536))
        connection.sendall(EMPTY)

    with speaking(set_cookie) as url:
        assert all(answer.succeeded for answer in post(url, url))
    assert b"ookie" not in b"".join(heard)


@pytest.mark.parametrize("setting", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"])
@pytest.mark.parametrize("scheme", ["http", "https", "socks5"])
def test_the_environments_proxies_are_not_used(monkeypatch: pytest.MonkeyPatch, setting: str, scheme: str) -> None:
    with listening() as proxy, speaking(saying(EMPTY)) as url:
        for name in (setting, setting.lower()):
            monkeypatch.setenv(name, f"{scheme}://127.0.0.1:{proxy.port}")
        assert post(url)[0].succeeded
        assert post(url.replace("http:", "https:"))[0].error
    assert proxy.came == []


def test_nor_are_its_passwords(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    heard: list[bytes] = []
    passwords = tmp_path / "netrc"
    passwords.write_text("machine 127.0.0.1 login somebody password hidden\n")
    passwords.chmod(0o600)
    monkeypatch.setenv("NETRC", str(passwords))
    with speaking(saying(EMPTY), heard) as url:
        assert post(url)[0].succeeded
    assert b"uthorization" not in heard[0]
