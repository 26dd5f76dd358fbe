"""A host of many hooks on loopback. Each path behaves as its test says; one ledger keeps what came and what was said.

It speaks HTTP by hand, because what these tests need no server library would do.
"""

from __future__ import annotations

import asyncio
import hashlib
import socket
import struct
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from standardwebhooks import Webhook

from support.recorded import SECRET

BACKLOG = 512


@dataclass(eq=False)
class Call:
    """One request. `sent_at` is what the sender's clock showed; `answered` is the status that was said, once it was."""

    path: str
    id: str
    at: float
    sent_at: int
    headers: dict[str, str]
    digest: str
    verified: bool
    hung_up: Callable[[], bool]
    answered: int | None = None


Behaviour = Callable[[Call, asyncio.StreamWriter], Awaitable[None]]


def answering(
    status: int = 200, headers: dict[str, str] | None = None, body: bytes = b"", after: float = 0
) -> Behaviour:
    """Give this answer, after so many seconds."""
    more = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
    head = f"HTTP/1.1 {status} Said\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode("latin-1")

    async def answer(call: Call, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(after)
        writer.write(head + body)
        await writer.drain()
        call.answered = status

    return answer


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Behave in each way once, and in the last from then on."""
    remaining = list(behaviours)

    async def behave(call: Call, writer: asyncio.StreamWriter) -> None:
        await (remaining.pop(0) if len(remaining) > 1 else remaining[0])(call, writer)

    return behave


def held_until(gate: threading.Event, behaviour: Behaviour) -> Behaviour:
    """Behave so only once the gate is open."""

    async def behave(call: Call, writer: asyncio.StreamWriter) -> None:
        while not gate.is_set():  # noqa: ASYNC110 -- it is opened in another thread
            await asyncio.sleep(0.01)
        await behaviour(call, writer)

    return behave


def reset(writer: asyncio.StreamWriter) -> None:
    """End the connection with RST in place of FIN."""
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@dataclass
class Host:
    """`behaviours` by path; a path without one is well. A secret that a test rotates to is added to `secrets`."""

    port: int = 0
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    ledger: list[Call] = field(default_factory=list)
    secrets: list[str] = field(default_factory=lambda: [SECRET])
    _open: dict[str, set[Call]] = field(default_factory=lambda: defaultdict(set))
    _most_at_once: Counter[str] = field(default_factory=Counter)
    _most_in_all: int = 0
    _well: Behaviour = field(default_factory=answering)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def calls(self, path: str) -> list[Call]:
        return [call for call in tuple(self.ledger) if call.path == path]

    def ids(self, path: str | None = None) -> Counter[str]:
        """How often each event came."""
        return Counter(call.id for call in tuple(self.ledger) if path in (None, call.path))

    def most_at_once(self, path: str | None = None) -> int:
        """How many requests were being answered at the same time, to one path or in all."""
        return self._most_in_all if path is None else self._most_at_once[path]

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer what comes on one connection until either side has had enough."""
        try:
            while not writer.is_closing():
                await self._answer(await self._read(reader), writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            return
        finally:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Call:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        at = time.time()
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:]) if name}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        call = Call(
            path=head[0].split()[1],
            id=headers.get("webhook-id", ""),
            at=at,
            sent_at=int(headers.get("webhook-timestamp", 0)),
            headers=headers,
            digest=hashlib.sha256(body).hexdigest(),
            verified=any(_verifies(secret, headers, body) for secret in self.secrets),
            hung_up=reader.at_eof,
        )
        self.ledger.append(call)
        return call

    async def _answer(self, call: Call, writer: asyncio.StreamWriter) -> None:
        self._open[call.path].add(call)
        self._most_at_once[call.path] = max(self._most_at_once[call.path], self._waiting(call.path))
        self._most_in_all = max(self._most_in_all, sum(map(self._waiting, self._open)))
        try:
            await self.behaviours.get(call.path, self._well)(call, writer)
        finally:
            self._open[call.path].remove(call)

    def _waiting(self, path: str) -> int:
        # Who has hung up waits no more, though the one that answers has not noticed yet.
        return sum(not call.hung_up() for call in self._open[path])


def _verifies(secret: str, headers: dict[str, str], body: bytes) -> bool:
    # Not the age of the timestamp, which the library looks at too: the sender's clock may be a test's own.
    sent_at = datetime.fromtimestamp(int(headers.get("webhook-timestamp", 0)), UTC)
    expected = Webhook(secret).sign(headers.get("webhook-id", ""), sent_at, body.decode())
    return expected in headers.get("webhook-signature", "").split()


@contextmanager
def hosting() -> Iterator[Host]:
    """A host that answers in a thread of its own."""
    host = Host()
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    async def serve() -> None:
        server = await asyncio.start_server(host.converse, "127.0.0.1", 0, backlog=BACKLOG)
        host.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            await server.serve_forever()

    def run() -> None:
        asyncio.set_event_loop(loop)
        serving = loop.create_task(serve())
        serving.add_done_callback(lambda _: loop.stop())
        loop.run_forever()
        # What the cancelled conversations still have to say to their connections.
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    thread = threading.Thread(target=run, name="host")
    thread.start()
    ready.wait(10)
    try:
        yield host
    finally:
        loop.call_soon_threadsafe(_cancel_all, loop)
        thread.join()


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()
