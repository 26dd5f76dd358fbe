"""What names resolve to, asked in threads of its own, so that a resolver which does not answer holds up nobody else.

Callers who ask for the same name while it is looked up share one look-up, and only a few are made at a time of names
under one domain: a domain whose servers hang takes those few threads and no more. Nothing is kept: the next connection
asks again.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress

from afterword.delivery.networks import Address, parsed

#: Less than a connection may take in all.
SECONDS = 4.0
MOST_THREADS = 128
MOST_OF_ONE_DOMAIN = 4

Resolve = Callable[[str], Iterable[str]]
Addresses = tuple[Address, ...]


def by_the_system(host: str) -> Iterable[str]:
    """The addresses of a name, as every program of the machine sees them; of kinds that the machine itself has."""
    answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return [str(address[0]) for _, _, _, _, address in answers]


class Lookups:
    """Asked from event loops. `resolve` may block; OSError says that it found nothing."""

    def __init__(self, resolve: Resolve = by_the_system, seconds: float = SECONDS) -> None:
        self._resolve, self._seconds = resolve, seconds
        self._lock = threading.Lock()
        self._asked: dict[str, Future[Addresses]] = {}
        # Names that wait for a thread, longest first, and when the last who asked gives up.
        self._waiting: dict[str, float] = {}
        self._busy: Counter[str] = Counter()

    async def addresses(self, host: str) -> Addresses:
        """Every address of a name, at least one. OSError where there is none, TimeoutError when it takes too long."""
        asked = asyncio.wrap_future(self._ask(host))
        try:
            async with asyncio.timeout(self._seconds):
                found = await asked
        except TimeoutError:
            raise TimeoutError(f"{host} was not looked up within {self._seconds:g} s") from None
        if not found:
            raise OSError(f"{host} has no address")
        return found

    def _ask(self, host: str) -> Future[Addresses]:
        with self._lock:
            if host not in self._asked:
                asked: Future[Addresses] = Future()
                # From here on nobody who gives up can take it from the others who wait for it.
                asked.set_running_or_notify_cancel()
                self._asked[host] = asked
                self._waiting[host] = 0
            if host in self._waiting:
                self._waiting[host] = time.monotonic() + self._seconds
            found = self._asked[host]
        self._begin()
        return found

    def _begin(self) -> None:
        while host := self._next():
            # A daemon: the process can end although a look-up hangs.
            thread = threading.Thread(target=self._look_up, args=(host,), name=f"lookup {host}", daemon=True)
            try:
                thread.start()
            except RuntimeError:
                self._end(host, error=OSError("there is no thread left to look it up in"))

    def _next(self) -> str | None:
        """The name that has waited longest and may be looked up now. It is counted from here on."""
        with self._lock:
            self._forget_who_gave_up()
            if self._busy.total() >= MOST_THREADS:
                return None
            for host in self._waiting:
                if self._busy[_domain(host)] < MOST_OF_ONE_DOMAIN:
                    del self._waiting[host]
                    self._busy[_domain(host)] += 1
                    return host
        return None

    def _forget_who_gave_up(self) -> None:
        now = time.monotonic()
        for host in [host for host, until in self._waiting.items() if until < now]:
            del self._waiting[host], self._asked[host]

    def _look_up(self, host: str) -> None:
        found: Addresses = ()
        error: OSError | None = OSError(f"{host} cannot be looked up")
        try:
            found, error = tuple(parsed(text) for text in self._resolve(host)), None
        except OSError as failed:
            error = failed
        except ValueError as unsound:  # a name that no resolver takes, an answer that is no address
            error = OSError(f"{host} cannot be looked up: {unsound}")
        finally:
            self._end(host, found, error)
            self._begin()

    def _end(self, host: str, found: Addresses = (), error: OSError | None = None) -> None:
        with self._lock:
            asked = self._asked.pop(host)
            self._busy[_domain(host)] -= 1
            self._busy += Counter()  # forgets domains that have none
        # An event loop that has ended meanwhile has nobody left who waits.
        with suppress(RuntimeError):
            asked.set_exception(error) if error else asked.set_result(found)


def _domain(host: str) -> str:
    return ".".join(host.split(".")[-2:])
