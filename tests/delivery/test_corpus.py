"""Every address and URL of the corpus is refused when it is saved and when it is posted to; public ones pass."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import httpx
import pytest
import uvloop

from afterword import clock
from afterword.delivery.answers import Answer
from afterword.delivery.lookups import Lookups
from afterword.delivery.resolver import GuardedResolver
from afterword.delivery.transport import Transport
from afterword.delivery.url_guard import SETTING, Guard, check_url
from afterword.storage.database import Database
from afterword.worker.sender import Sender
from api.conftest import running
from delivery.corpus import OWN_URL, POSITIVES, PUBLIC, Zones, refusals, zones
from delivery.listener import listening
from support.accounts import open_account
from support.eventually import eventually
from support.problems import refused_fields
from support.recorded import Recorded

PORT = 8765
Say = Callable[[str], None]


@pytest.fixture
def client(database_url: str, tmp_path: Path) -> Iterator[httpx.Client]:
    """A caller of a server with a public address, in a world with the names of the corpus."""
    with running(database_url, tmp_path, public_url=OWN_URL) as server:
        server.backend.lookups = Lookups(zones())
        with open_account(server.database).client(server.url) as opened:
            yield opened


def is_explained(message: str, network: str | None) -> bool:
    return bool(message) if network is None else f"adding {network} to {SETTING}" in message


def test_every_url_of_the_corpus_is_refused_when_it_is_saved(client: httpx.Client, say: Say) -> None:
    kept = client.post("/webhook-endpoints", json={"url": "https://1.1.1.1/"}).json()
    refused = 0
    for url, network in refusals(PORT).items():
        for method, path in (("POST", "/webhook-endpoints"), ("PATCH", f"/webhook-endpoints/{kept['id']}")):
            problems = refused_fields(client.request(method, path, json={"url": url}))
            assert list(problems) == ["url"], url
            assert is_explained(problems["url"], network), (url, problems)
            refused += 1
    [only] = client.get("/webhook-endpoints").json()["items"]
    assert only["url"] == "https://1.1.1.1/"
    say(f"corpus: {refused} of {2 * len(refusals(PORT))} refused at save (POST and PATCH)")


def test_what_is_public_can_be_saved(client: httpx.Client, say: Say) -> None:
    passed = 0
    for url in POSITIVES:
        made = client.post("/webhook-endpoints", json={"url": url})
        assert made.status_code == httpx.codes.CREATED, (url, made.text)
        changed = client.patch(f"/webhook-endpoints/{made.json()['id']}", json={"url": url})
        assert (changed.status_code, changed.json()["url"]) == (httpx.codes.OK, url)
        passed += 2
    say(f"positives: {passed} of {2 * len(POSITIVES)} saved (POST and PATCH)")


def posted(urls: Mapping[str, str | None], names: Zones) -> dict[str, Answer]:
    async def run() -> dict[str, Answer]:
        transport = Transport((), OWN_URL, lookups=Lookups(names))
        try:
            return {url: await transport.post(url, b"{}", {}) for url in urls}
        finally:
            await transport.aclose()

    return uvloop.run(run())


def test_every_url_of_the_corpus_is_refused_when_it_is_posted_to_and_nobody_is_reached(say: Say) -> None:
    with listening() as listener:
        urls = refusals(listener.port)
        answers = posted(urls, zones())
        for url, answer in answers.items():
            assert (answer.status, answer.timed_out) == (None, False)
            assert answer.error, url
            assert answer.error.startswith("refused: "), (url, answer.error)
            assert is_explained(answer.error, urls[url]), (url, answer.error)
    assert listener.came == []
    say(f"corpus: {len(answers)} of {len(urls)} refused at connect, {len(listener.came)} connections")


def test_the_listener_would_have_noted_a_connection() -> None:
    with listening() as listener:
        socket.create_connection(("127.0.0.1", listener.port)).close()
        assert eventually(lambda: len(listener.came) == 1)


def test_what_is_public_passes_every_look_up_to_the_connection(say: Say) -> None:
    async def looked_at() -> list[str]:
        names, guard = Lookups(zones()), Guard.of((), OWN_URL)
        resolver, transport = GuardedResolver(guard, names), Transport((), OWN_URL, lookups=names)
        passed = []
        try:
            for url in POSITIVES:
                await check_url(url, guard, names)
                if "not-yet" not in url:
                    assert await resolver.resolve(guard.target(url).host)
                passed.append(url)
            for address in PUBLIC:
                family = socket.AF_INET6 if ":" in address else socket.AF_INET
                transport._guarded_socket((family, socket.SOCK_STREAM, 6, "", (address, 443))).close()
        finally:
            await transport.aclose()
        return passed

    passed = uvloop.run(looked_at())
    say(f"positives: {len(passed)} of {len(POSITIVES)} pass the guard, {len(PUBLIC)} sockets opened and not connected")


@pytest.mark.parametrize("kind", [str, str.encode], ids=["str", "bytes"])
@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:7f00:1", "169.254.169.254", "64:ff9b::a9fe:a9fe"])
def test_a_name_that_turns_bad_is_refused_whether_it_is_given_as_text_or_bytes(
    kind: Callable[[str], str | bytes], address: str
) -> None:
    names = Zones({"turns.example": [["1.1.1.1"], [address]]})
    resolver = GuardedResolver(Guard(), Lookups(names))

    async def twice() -> None:
        first = await resolver.resolve(kind("turns.example"), 443)  # type: ignore[arg-type]
        assert [answer["host"] for answer in first] == ["1.1.1.1"]
        with pytest.raises(OSError, match=f"adding {address}/"):
            await resolver.resolve(kind("Turns.Example."), 443)  # type: ignore[arg-type]

    uvloop.run(twice())
    assert names.asked == ["turns.example"] * 2


def test_a_name_that_was_good_when_it_was_saved_is_refused_when_it_is_sent_to(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    names = Zones({"turns.example": [["1.1.1.1"], ["127.0.0.1"]]})
    lookups = Lookups(names)
    with listening() as listener, running(database_url, tmp_path) as server:
        server.backend.lookups = lookups
        url = f"http://turns.example:{listener.port}/"
        with open_account(database).client(server.url) as client:
            assert client.post("/webhook-endpoints", json={"url": url}).status_code == httpx.codes.CREATED
        [answer] = posted({url: None}, names).values()
    assert answer.error
    assert answer.error.startswith("refused: leads to 127.0.0.1, which is loopback")
    assert listener.came == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433"])
def test_an_address_that_got_into_the_database_is_not_connected_to(database: Database, host: str) -> None:
    with listening() as listener:
        mine = Recorded.in_(database)
        mine.subscribe(f"http://{host}:{listener.port}/")
        mine.log(clock.now())
        sender = Sender(database, clock.now, (), None, jitter=lambda: 0.0)
        sender.start()
        try:
            assert eventually(lambda: {each.state for each in mine.deliveries()} == {"retrying"})
        finally:
            sender.stop()
    reasons = {each.reason for each in mine.deliveries()}
    assert all(reason.startswith("refused: leads to ") and SETTING in reason for reason in reasons)
    assert listener.came == []


def test_what_resolves_to_this_machines_public_address_leads_back_too() -> None:
    guard = Guard(is_own=lambda address: str(address) == "1.1.1.1")
    lookups = Lookups(zones())
    for url in ("https://1.1.1.1/", "https://public.example/", "https://both.example/"):
        with pytest.raises(OSError, match=f"adding 1.1.1.1/32 to {SETTING}"):
            asyncio.run(check_url(url, guard, lookups))
    asyncio.run(check_url("https://six.example/", guard, lookups))
