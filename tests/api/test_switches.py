"""Switching a playbook on, for some opportunities, all of them, or the account."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import update

from afterword import clock
from afterword.services import sessions
from afterword.services.accounts import Registration, sign_up
from afterword.storage.tables import memberships
from api.conftest import Server
from support.playbooks import AS_YAML, OUR_WAY, OUR_WAY_LATER, put, send
from support.problems import refused_fields
from support.requests import post

ON = "/playbooks/our-way/switch-on"


@pytest.fixture
def version(client: httpx.Client) -> str:
    return str(send(client, OUR_WAY).json()["version"])


@pytest.fixture
def three(client: httpx.Client) -> list[str]:
    return [post(client, "/opportunities", {"company": name})["id"] for name in ("Acme", "Brindle", "Cask")]


def judged_by(client: httpx.Client, opportunity_id: str) -> tuple[str | None, str]:
    told = client.get(f"/opportunities/{opportunity_id}").json()
    return told["playbook_id"], told["playbook_version"]


def on(client: httpx.Client, body: dict[str, Any], address: str = ON) -> dict[str, Any]:
    return post(client, address, body, 200)


def test_for_some(client: httpx.Client, version: str, three: list[str]) -> None:
    told = on(client, {"opportunity_ids": three[:2]})
    assert told == {"playbook": "our-way", "version": version, "moved": 2, "planned": True}
    assert [judged_by(client, each)[0] for each in three] == ["our-way", "our-way", None]


def test_for_all_that_are_open(client: httpx.Client, version: str, three: list[str]) -> None:
    client.put(f"/opportunities/{three[0]}/outcome", json={"status": "closed"})
    assert on(client, {"all_open": True})["moved"] == 2
    assert [judged_by(client, each) for each in three[1:]] == [("our-way", version)] * 2
    assert judged_by(client, three[0])[0] is None


def test_for_the_account(client: httpx.Client, version: str, three: list[str]) -> None:
    client.patch(f"/opportunities/{three[0]}", json={"playbook_id": "five-things"})
    assert on(client, {"default": True})["moved"] == 2
    account = client.get("/me").json()["account"]
    assert (account["playbook"], account["playbook_version"]) == ("our-way", version)
    assert judged_by(client, three[0])[0] == "five-things"
    assert judged_by(client, three[1]) == (None, version)
    assert on(client, {"default": True}, "/playbooks/balanced/switch-on")["moved"] == 2
    assert client.get("/me").json()["account"]["playbook_version"] is None


def test_a_new_version_waits_until_it_is_switched_on(client: httpx.Client, version: str, three: list[str]) -> None:
    on(client, {"opportunity_ids": three})
    later = put(client, OUR_WAY_LATER).json()["version"]
    assert {judged_by(client, each)[1] for each in three} == {version}
    client.patch(f"/opportunities/{three[0]}", json={"role": "Cook"})
    assert judged_by(client, three[0])[1] == version
    client.patch(f"/opportunities/{three[0]}", json={"playbook_id": "our-way"})
    assert judged_by(client, three[0])[1] == later
    assert on(client, {"all_open": True})["moved"] == 2


def test_what_an_opportunity_is_at_has_a_new_tag(client: httpx.Client, version: str, three: list[str]) -> None:
    assert version
    tag = client.get(f"/opportunities/{three[0]}").headers["etag"]
    on(client, {"opportunity_ids": three[:1]})
    refused_fields(client.patch(f"/opportunities/{three[0]}", json={}, headers={"If-Match": tag}), 412)


def test_it_is_done_once_for_each_idempotency_key(client: httpx.Client, version: str, three: list[str]) -> None:
    assert version
    key = {"Idempotency-Key": "9c"}
    first = client.post(ON, json={"all_open": True}, headers=key)
    again = client.post(ON, json={"all_open": True}, headers=key)
    assert first.json()["moved"] == len(three)
    assert again.json() == first.json()


@pytest.mark.parametrize(
    "body",
    [{}, {"default": False}, {"all_open": True, "default": True}, {"opportunity_ids": ["opp_1"], "all_open": True}],
)
def test_it_is_said_once_what_for(client: httpx.Client, version: str, body: dict[str, Any]) -> None:
    assert version
    assert "exactly one" in refused_fields(client.post(ON, json=body))["opportunity_ids"]


def test_what_is_not_there_is_not_found(client: httpx.Client, stranger: httpx.Client, three: list[str]) -> None:
    refused_fields(client.post(ON, json={"all_open": True}), 404)
    send(stranger, OUR_WAY)
    mine = post(stranger, "/opportunities", {"company": "Mine"})["id"]
    refused_fields(stranger.post(ON, json={"opportunity_ids": [mine, three[0]]}), 404)
    assert judged_by(stranger, mine)[0] is None, "all of them or none"


def test_a_viewer_looks_and_tries_and_changes_nothing(fresh: Server) -> None:
    now = clock.now()
    with fresh.database.write() as session:
        values = {"email": "me@example.org"}
        user, account = sign_up(session, Registration("open"), values, "no hash", now)
        _, token = sessions.start(session, user.id, now)
    cookies = {"afterword_session": token}
    with httpx.Client(base_url=f"{fresh.url}/api/v1", cookies=cookies, trust_env=False) as viewer:
        send(viewer, OUR_WAY)
        with fresh.database.write() as session:
            mine = memberships.c.account_id == account.id
            session.execute(update(memberships).where(mine).values(role="viewer"))
        assert viewer.get("/playbooks/our-way").status_code == 200
        assert viewer.post("/playbooks/our-way/dry-run").status_code == 200
        assert viewer.post("/playbooks/validate", content=OUR_WAY, headers=AS_YAML).json()["valid"] is True
        refused_fields(viewer.post("/playbooks", content=OUR_WAY, headers=AS_YAML), 403)
        refused_fields(viewer.put("/playbooks/our-way", content=OUR_WAY_LATER, headers=AS_YAML), 403)
        refused_fields(viewer.post(ON, json={"default": True}), 403)
        refused_fields(viewer.delete("/playbooks/our-way"), 403)
