"""Names are looked up in few threads, and one that hangs holds up no other."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

import pytest
import uvloop

from afterword.delivery import lookups
from afterword.delivery.lookups import MOST_OF_ONE_DOMAIN, MOST_THREADS, Lookups, by_the_system

HERE = "127.0.0.1"


class Resolver:
    """Answers for names that do not hang, and for those that do once it is let go. Counts who is inside."""

    def __init__(self, hangs: Callable[[str], bool], pause: float = 0) -> None:
        self._hangs, self._pause = hangs, pause
        self.asked: list[str] = []
        self.inside = self.most_inside = 0
        self.lock, self.let_go = threading.Lock(), threading.Event()

    def __call__(self, host: str) -> Iterable[str]:
        with self.lock:
            self.asked.append(host)
            self.inside += 1
            self.most_inside = max(self.most_inside, self.inside)
        if self._hangs(host):
            self.let_go.wait(20)
        time.sleep(self._pause)
        with self.lock:
            self.inside -= 1
        return [HERE]


async def timed(asked: Coroutine[Any, Any, Any]) -> tuple[float, object]:
    started = time.monotonic()
    try:
        found: object = await asked
    except OSError as error:
        found = error
    return time.monotonic() - started, found


def test_callers_who_ask_for_one_name_at_a_time_share_one_look_up() -> None:
    resolver = Resolver(lambda _: False, pause=0.1)

    async def run() -> None:
        names = Lookups(resolver)
        found = await asyncio.gather(*(names.addresses("hook.example") for _ in range(64)))
        assert {str(each) for addresses in found for each in addresses} == {HERE}
        assert len(resolver.asked) == 1
        await names.addresses("hook.example")
        assert len(resolver.asked) == 2, "nothing is kept: the next connection asks again"

    uvloop.run(run())


def test_one_name_that_hangs_takes_one_thread_and_holds_up_nobody_else() -> None:
    resolver = Resolver(lambda host: host == "bad.example")

    async def run() -> None:
        names = Lookups(resolver, seconds=0.5)
        hanging = [asyncio.create_task(timed(names.addresses("bad.example"))) for _ in range(64)]
        await asyncio.sleep(0.05)
        good = [await timed(names.addresses(f"hook{n}.example.org")) for n in range(50)]
        assert max(seconds for seconds, _ in good) < 0.3
        assert resolver.asked.count("bad.example") == 1
        for seconds, found in await asyncio.gather(*hanging):
            assert isinstance(found, TimeoutError)
            assert "bad.example was not looked up within 0.5 s" in str(found)
            assert 0.4 < seconds < 1.5

    try:
        uvloop.run(run())
    finally:
        resolver.let_go.set()


def test_a_domain_of_many_names_that_hang_takes_a_few_threads_and_forgets_who_gave_up() -> None:
    resolver = Resolver(lambda host: host.endswith("bad.example"))

    async def run() -> None:
        names = Lookups(resolver, seconds=0.4)
        hanging = [asyncio.create_task(timed(names.addresses(f"n{n}.bad.example"))) for n in range(200)]
        await asyncio.sleep(0.05)
        assert resolver.inside == MOST_OF_ONE_DOMAIN
        seconds, found = await timed(names.addresses("hook.example.org"))
        assert (found, seconds < 0.3) == ((lookups.parsed(HERE),), True)
        assert {type(found) for _, found in await asyncio.gather(*hanging)} == {TimeoutError}
        resolver.let_go.set()
        await names.addresses("later.bad.example")
        assert len(resolver.asked) <= 2 * MOST_OF_ONE_DOMAIN + 2, "who gave up is not looked up any more"

    try:
        uvloop.run(run())
    finally:
        resolver.let_go.set()


def test_names_of_one_domain_that_answer_all_get_their_turn() -> None:
    resolver = Resolver(lambda _: False, pause=0.01)

    async def run() -> None:
        names = Lookups(resolver)
        found = await asyncio.gather(*(names.addresses(f"n{n}.tenants.example") for n in range(100)))
        assert len(found) == 100

    uvloop.run(run())
    assert resolver.most_inside <= MOST_OF_ONE_DOMAIN


def test_threads_are_bounded_whatever_hangs() -> None:
    resolver = Resolver(lambda _: True)

    async def run() -> None:
        names = Lookups(resolver, seconds=0.5)
        await asyncio.gather(*(timed(names.addresses(f"host.domain{n}.example{n}")) for n in range(MOST_THREADS + 100)))

    try:
        uvloop.run(run())
        assert resolver.most_inside == MOST_THREADS
    finally:
        resolver.let_go.set()


@pytest.mark.parametrize(
    ("answer", "said"),
    [([], "has no address"), (["nonsense"], "cannot be looked up: 'nonsense'"), (["127.0.0.1", "x"], "cannot be")],
)
def test_what_is_no_answer_is_an_error(answer: list[str], said: str) -> None:
    with pytest.raises(OSError, match=f"hook.example {said}"):
        asyncio.run(Lookups(lambda _: answer).addresses("hook.example"))


def test_a_name_can_be_looked_up_again_after_any_failure() -> None:
    asked: list[str] = []

    def fails_first(host: str) -> Iterable[str]:
        asked.append(host)
        if len(asked) == 1:
            raise UnicodeError("label too long")
        return [HERE]

    async def run() -> None:
        names = Lookups(fails_first)
        with pytest.raises(OSError, match="label too long"):
            await names.addresses("hook.example")
        assert await names.addresses("hook.example")

    uvloop.run(run())


def test_the_system_is_asked_unless_told_otherwise() -> None:
    assert HERE in set(by_the_system("localhost"))
    assert asyncio.run(Lookups().addresses("localhost"))


def test_a_process_ends_although_a_look_up_hangs() -> None:
    program = """
import asyncio, time
from afterword.delivery.lookups import Lookups
def hang(host):
    time.sleep(60)
async def run():
    try:
        await Lookups(hang, seconds=0.1).addresses("bad.example")
    except TimeoutError:
        print("gave up")
asyncio.run(run())
"""
    started = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True, env=dict(os.environ)
    )
    assert ended.stdout.strip() == "gave up"
    assert ended.stderr == ""
    assert time.monotonic() - started < 20
