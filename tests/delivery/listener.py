"""Somebody on loopback who must not be reached."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Listener:
    """The connections that came, by their addresses."""

    port: int
    came: list[object] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Listener]:
    """One port, of 127.0.0.1 and, where the machine has it, of ::1. Each connection is noted and closed."""
    sockets = [socket.create_server(("127.0.0.1", 0), backlog=128)]
    listener = Listener(sockets[0].getsockname()[1])
    with suppress(OSError):
        sockets.append(socket.create_server(("::1", listener.port), family=socket.AF_INET6, backlog=128))
    ended = threading.Event()
    thread = threading.Thread(target=_note, args=(sockets, listener, ended))
    thread.start()
    try:
        yield listener
    finally:
        ended.set()
        thread.join()
        for each in sockets:
            each.close()


def _note(sockets: list[socket.socket], listener: Listener, ended: threading.Event) -> None:
    with selectors.DefaultSelector() as ready:
        for each in sockets:
            ready.register(each, selectors.EVENT_READ)
        while found := ready.select(0.05) or not ended.is_set():
            for key, _ in found if isinstance(found, list) else ():
                connection, address = key.fileobj.accept()  # type: ignore[union-attr]
                connection.close()
                listener.came.append(address)
