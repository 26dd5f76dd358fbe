"""Names that nobody answers for, given to the API: whoever saves them waits, and nobody else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from afterword.delivery.lookups import Lookups
from api.conftest import running
from support.accounts import open_account


def seconds_of(asked: Callable[[], httpx.Response]) -> tuple[float, int]:
    started = time.monotonic()
    status = asked().status_code
    return time.monotonic() - started, status


def test_whoever_saves_a_name_that_hangs_holds_up_nobody_else(database_url: str, tmp_path: Path) -> None:
    never = threading.Event()

    def hang(_: str) -> Iterable[str]:
        never.wait(30)
        return []

    with running(database_url, tmp_path) as server, ThreadPoolExecutor(24) as callers:
        server.backend.lookups = Lookups(hang, seconds=20)
        with open_account(server.database).client(server.url) as client:

            def save(number: int) -> tuple[float, int]:
                url = f"https://hook.domain{number}.example/"
                return seconds_of(lambda: client.post("/webhook-endpoints", json={"url": url}))

            saving = [callers.submit(save, number) for number in range(24)]
            time.sleep(0.5)
            others = [seconds_of(lambda: client.get("/webhook-endpoints")) for _ in range(5)]
            written = seconds_of(lambda: client.post("/webhook-endpoints", json={"url": "https://1.1.1.1/"}))
            assert not any(each.done() for each in saving)
            never.set()
            assert {status for _, status in others} == {httpx.codes.OK}
            assert max(seconds for seconds, _ in others) < 5
            assert (written[1], written[0] < 5) == (httpx.codes.CREATED, True)
            # What cannot be looked up now may be good tomorrow; it is looked at on every connection.
            assert {each.result()[1] for each in saving} == {httpx.codes.CREATED}
