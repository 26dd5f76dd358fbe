"""A webhook receiver on loopback that keeps a ledger: what came, when, and whether its signature verifies."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError


@dataclass(frozen=True)
class Received:
    """One request. `payload` is None when it was not signed with our secret."""

    id: str
    at: float
    headers: dict[str, str]
    payload: dict[str, Any] | None
    body: bytes = b""


@dataclass
class Receiver:
    url: str
    secret: str
    ledger: list[Received] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, headers: dict[str, str], body: bytes) -> None:
        try:
            payload = Webhook(self.secret).verify(body, headers)
        except WebhookVerificationError:
            payload = None
        with self.lock:
            self.ledger.append(Received(headers.get("webhook-id", ""), time.time(), headers, payload, body))

    @property
    def ids(self) -> set[str]:
        with self.lock:
            return {each.id for each in self.ledger}

    def wait_for(self, enough: Callable[[], bool], seconds: float) -> bool:
        """Whether it was enough within so many seconds."""
        until = time.monotonic() + seconds
        while not enough() and time.monotonic() < until:
            time.sleep(0.05)
        return enough()


Answer = tuple[int, dict[str, str], bytes]


@contextmanager
def receiving(
    secret: str, answer: Callable[[int], Answer] = lambda _: (200, {}, b""), pause: float = 0
) -> Iterator[Receiver]:
    """A receiver that gives the n-th request (from 1) the answer of n, after a pause."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            receiver.note({name.lower(): value for name, value in self.headers.items()}, body)
            time.sleep(pause)
            status, headers, text = answer(len(receiver.ledger))
            self.send_response(status)
            for name, value in {"content-length": str(len(text)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = _Quiet(("127.0.0.1", 0), Handler)
    receiver = Receiver(f"http://127.0.0.1:{server.server_address[1]}/hook", secret)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """A sender that is killed half-way is what some tests are about."""
