"""What our page for receivers types into a shell, and how its reader catches up, done on a real server."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from afterword import clock
from afterword.api.app import create_app
from afterword.config import Settings
from afterword.formats.standard_webhook import secret_of
from afterword.storage.database import Database
from afterword.worker import jobs
from afterword.worker.sender import Sender
from api.conftest import Server
from support.accounts import open_account
from support.eventually import eventually
from support.receiver import Receiver, receiving
from support.requests import AN_INTERVIEW, post
from support.served import served
from support.webhooks_page import example, named, table

ASK = re.search(r"^ask\(\) .+$", example("sh", "settings"), re.MULTILINE)
NOBODYS = secret_of(bytes(32))


@dataclass
class Shell:
    """Where the lines of the page are typed; `variables` are what its reader fills in."""

    variables: dict[str, str]

    def type(self, part: str) -> list[Any]:
        """What each line of that example answered, as JSON."""
        assert ASK is not None
        answers = []
        for line in example("sh", part).splitlines():
            script = f"set -eu\n{ASK.group()}\n{line}\n"
            ended = subprocess.run(
                ["bash", "-c", script],
                env={"PATH": os.environ["PATH"], **self.variables},
                capture_output=True,
                text=True,
                timeout=30,
                check=False,
            )
            assert ended.returncode == 0, ended.stdout + ended.stderr
            answers.append(json.loads(ended.stdout) if ended.stdout else None)
        return answers


@dataclass(frozen=True)
class Setting:
    """A server that sends, with one account, and a shell that knows its key."""

    database: Database
    client: httpx.Client
    shell: Shell

    def state(self, delivery_id: str) -> str:
        return str(self.client.get(f"/deliveries/{delivery_id}").json()["state"])

    def endpoint(self) -> dict[str, Any]:
        return dict(self.client.get(f"/webhook-endpoints/{self.shell.variables['endpoint']}").json())


@pytest.fixture
def setting(database: Database, database_url: str, tmp_path: Path) -> Iterator[Setting]:
    networks = (ip_network("127.0.0.0/8"),)
    account, sender = open_account(database), Sender(database, clock.now, networks, None)
    settings = Settings(database_url, tmp_path, allowed_networks=networks)
    with served(create_app(settings, database)) as url, account.client(url) as client:
        sender.start()
        yield Setting(database, client, Shell({"api": f"{url}/api/v1", "key": account.key}))
        sender.stop()


@pytest.fixture
def answers() -> list[int]:
    """The status that the receiver answers with, first and only."""
    return [204]


@pytest.fixture
def receiver(setting: Setting, answers: list[int]) -> Iterator[Receiver]:
    """One that has been subscribed with the lines of the page, and knows its secret."""
    with receiving(NOBODYS, lambda _: (answers[0], {}, b"")) as started:
        setting.shell.variables["hook"] = started.url
        [made] = setting.shell.type("subscribe")
        assert "webhook.test" not in made["event_types"]
        setting.shell.variables["endpoint"], started.secret = made["id"], made["secret"]
        yield started


def an_interview() -> dict[str, Any]:
    """One that has just ended, so that there is something to do."""
    return {**AN_INTERVIEW, "starts_at": (clock.now() - timedelta(hours=1)).isoformat()}


def types(receiver: Receiver) -> set[str]:
    return {each.payload["type"] if each.payload else "unsigned" for each in receiver.ledger}


def test_a_subscriber_is_sent_a_test_whatever_it_filters_and_then_what_it_asked_for(
    setting: Setting, receiver: Receiver
) -> None:
    [test, log] = setting.shell.type("test")
    assert [each["id"] for each in log["items"]] == [test["delivery_id"]]
    assert eventually(lambda: setting.state(test["delivery_id"]) == "delivered")
    assert types(receiver) == {"webhook.test"}
    [came] = receiver.ledger
    told = {name for row in table("header") for name in named(row[0])}
    assert told <= came.headers.keys()
    assert {name for name in came.headers if name.startswith("webhook-")} <= told
    assert f"`{came.headers['content-type']}`" in {row[1] for row in table("header")}
    assert f"`{came.headers['user-agent']}`" in {row[1] for row in table("header")}
    post(setting.client, "/interviews", an_interview())
    assert eventually(lambda: types(receiver) == {"webhook.test", "action.opened"})


def test_while_a_secret_is_replaced_both_verify(setting: Setting, receiver: Receiver) -> None:
    [replaced] = setting.shell.type("rotate")
    setting.shell.type("test")
    assert eventually(lambda: bool(receiver.ledger))
    [came] = receiver.ledger
    for secret in (receiver.secret, replaced["secret"]):
        assert Webhook(secret).verify(came.body, came.headers)["type"] == "webhook.test"


def test_who_answered_410_is_sent_nothing_until_it_is_enabled_and_then_what_it_missed(
    setting: Setting, receiver: Receiver, answers: list[int]
) -> None:
    setting.shell.variables["since"] = clock.now().isoformat()
    answers[0] = 410
    setting.shell.type("test")
    assert eventually(lambda: setting.endpoint()["disabled_reason"] == "it answered 410 Gone")
    post(setting.client, "/interviews", an_interview())
    answers[0] = 204
    [enabled, replay] = setting.shell.type("enable")
    assert (enabled["enabled"], replay["state"]) == (True, "running")
    while jobs.replay(setting.database, clock.now):
        pass
    assert eventually(lambda: "action.opened" in types(receiver))
    told = {each["type"] for each in setting.client.get("/events").json()["items"]}
    assert "endpoint.disabled" in told


def test_an_endpoint_is_changed_found_and_taken_away_as_often_as_one_likes(
    setting: Setting, receiver: Receiver
) -> None:
    [patched, found, gone] = setting.shell.type("change")
    assert (patched["event_types"], patched["header_names"], patched["paused"]) == (None, ["x-room"], False)
    assert [(each["id"], each["url"]) for each in found["items"]] == [(patched["id"], receiver.url)]
    assert gone is None
    again = setting.client.delete(f"/webhook-endpoints/{patched['id']}")
    assert again.status_code == httpx.codes.NO_CONTENT


@pytest.fixture
def catch_up() -> Callable[..., tuple[list[dict[str, Any]], list[dict[str, Any]], int]]:
    """The function of the page."""
    names: dict[str, Any] = {}
    exec(example("python", "absence"), names)
    return names["catch_up"]  # type: ignore[no-any-return]


def test_who_was_away_learns_all_it_missed_and_what_is_to_do_now(fresh: Server, catch_up: Any) -> None:
    account = open_account(fresh.database)
    with account.client(fresh.url) as client:
        reached = (f"{fresh.url}/api/v1", account.key)
        missed, to_do, after = catch_up(*reached, 0)
        assert (missed, to_do, after) == ([], client.get("/next-actions").json()["actions"], 0)
        for _ in range(40):
            post(client, "/interviews", an_interview())
        told = client.get("/events", params={"limit": 200}).json()["items"]
        missed, to_do, after = catch_up(*reached, 7)
        assert len(missed) > 200
        assert missed[:100] == told[7:107]
        assert [each["data"]["sequence"] for each in missed] == list(range(8, after + 1))
        assert to_do == client.get("/next-actions", params={"limit": 500}).json()["actions"]
        assert catch_up(*reached, after) == ([], to_do, after)


def test_who_was_away_for_too_long_is_told_so_and_begins_anew(fresh: Server, catch_up: Any) -> None:
    account = open_account(fresh.database)
    with account.client(fresh.url) as client:
        post(client, "/interviews", AN_INTERVIEW)
        jobs.forget(fresh.database, lambda: clock.now() + timedelta(days=31))
        refused = client.get("/events", params={"after": 1})
        assert refused.status_code == httpx.codes.GONE
        assert without_numbers(refused.json()) == without_numbers(json.loads(example("json", "forgotten")))
        post(client, "/interviews", an_interview())
        missed, to_do, after = catch_up(f"{fresh.url}/api/v1", account.key, 1)
        assert missed == client.get("/events", params={"limit": 200}).json()["items"]
        assert after == missed[-1]["data"]["sequence"]
        assert to_do == client.get("/next-actions").json()["actions"]
        assert to_do


def without_numbers(problem: dict[str, Any]) -> dict[str, Any]:
    return {**problem, "detail": re.sub(r"\d+", "n", problem["detail"])}
