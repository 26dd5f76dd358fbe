"""What the receiver says of what it got."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from benchmarks.processes import free_port, module, wait_for


@dataclass(frozen=True)
class Arrivals:
    """How many requests, when the last of them came, and when each event first did, in seconds since the epoch."""

    requests: int
    last: float
    arrived: Mapping[str, float]


@dataclass(frozen=True)
class Ledger:
    client: httpx.Client

    def urls(self, count: int) -> Sequence[str]:
        """So many endpoints of the receiver's."""
        return [str(self.client.base_url.join(_path(number))) for number in range(count)]

    def arrivals(self) -> Arrivals:
        return Arrivals(**self.client.get("/").raise_for_status().json())

    def forget(self) -> None:
        self.client.delete("/").raise_for_status()

    def hang(self, numbers: Collection[int]) -> None:
        """Answer no more requests to these endpoints, and all others, those that were left hanging too."""
        self.client.put("/", json=[_path(number) for number in numbers]).raise_for_status()


@contextmanager
def receiving() -> Iterator[Ledger]:
    """A receiver that runs meanwhile."""
    port = free_port()
    with (
        module("receiver", str(port)) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as client,
    ):
        wait_for(process, port)
        yield Ledger(client)


def _path(number: int) -> str:
    return f"/hooks/{number}"
