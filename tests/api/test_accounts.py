"""Signing up and the account's settings over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.conftest import Server, running
from support.problems import refused_fields

ME = {"email": "Me@Example.org", "password": "a long enough one", "time_zone": "America/New_York"}


@pytest.fixture
def visitor(fresh: Server) -> Iterator[httpx.Client]:
    with visiting(fresh) as opened:
        yield opened


def visiting(server: Server) -> httpx.Client:
    return httpx.Client(base_url=f"{server.url}/api/v1", timeout=30, trust_env=False)


def test_signing_up_signs_in(visitor: httpx.Client) -> None:
    answer = visitor.post("/accounts", json=ME)
    assert answer.status_code == 201
    told = visitor.get("/me").json()
    assert told == answer.json()
    assert told["user"]["email"] == "me@example.org"
    assert told["account"]["name"] == "me"
    assert told["account"]["time_zone"] == "America/New_York"
    assert told["account"]["working_days"] == ["mon", "tue", "wed", "thu", "fri"]
    assert (told["account"]["contact_from"], told["account"]["playbook"]) == ("09:00", "balanced")


def test_the_cookie_is_kept_from_scripts_and_other_sites(visitor: httpx.Client) -> None:
    cookie = visitor.post("/accounts", json=ME).headers["set-cookie"]
    assert cookie.startswith("afterword_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie


def test_the_password_is_not_kept_and_not_told(visitor: httpx.Client, fresh: Server) -> None:
    assert ME["password"] not in visitor.post("/accounts", json=ME).text
    with fresh.database.read() as session:
        kept = session.exec_driver_sql("SELECT password_hash FROM users").scalar_one()
    assert kept.startswith("$argon2id$")


def test_only_the_first_signs_up_unless_told_otherwise(visitor: httpx.Client) -> None:
    assert visitor.post("/accounts", json=ME).status_code == 201
    refused_fields(visitor.post("/accounts", json={**ME, "email": "two@example.org"}), 403)


def test_of_many_who_come_first_at_once_one_is(fresh: Server) -> None:
    statuses: list[int] = []

    def sign_up(number: int) -> None:
        with visiting(fresh) as visitor:
            body = {**ME, "email": f"p{number}@example.org"}
            statuses.append(visitor.post("/accounts", json=body).status_code)

    threads = [threading.Thread(target=sign_up, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201, 403, 403, 403]


def test_an_open_server_takes_everybody_once(database_url: str, tmp_path: Path) -> None:
    with running(database_url, tmp_path, registration="open") as server, visiting(server) as visitor:
        assert visitor.post("/accounts", json=ME).status_code == 201
        assert visitor.post("/accounts", json={**ME, "email": "two@example.org"}).status_code == 201
        refused_fields(visitor.post("/accounts", json={**ME, "email": "ME@example.ORG"}), 409)


def test_a_closed_server_takes_nobody(database_url: str, tmp_path: Path) -> None:
    with running(database_url, tmp_path, registration="closed") as server, visiting(server) as visitor:
        refused_fields(visitor.post("/accounts", json=ME), 403)


def test_where_strangers_can_come_first_the_first_shows_the_code(database_url: str, tmp_path: Path) -> None:
    with running(database_url, tmp_path, "open sesame") as server, visiting(server) as visitor:
        assert "code" in refused_fields(visitor.post("/accounts", json=ME))
        assert "code" in refused_fields(visitor.post("/accounts", json={**ME, "code": "open barley"}))
        assert visitor.post("/accounts", json={**ME, "code": "open sesame"}).status_code == 201


def test_behind_https_the_cookie_is_bound_to_the_host(database_url: str, tmp_path: Path) -> None:
    with (
        running(database_url, tmp_path, public_url="https://afterword.example") as server,
        visiting(server) as visitor,
    ):
        cookie = visitor.post("/accounts", json=ME).headers["set-cookie"]
    assert cookie.startswith("__Host-afterword_session=")
    assert "Secure" in cookie
    assert "Path=/" in cookie


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "me"}, "email"),
        ({"email": "a b@c"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 201}, "password"),
        ({"time_zone": "Middle/Earth"}, "time_zone"),
        ({"working_days": []}, "working_days"),
        ({"working_days": ["someday"]}, "working_days.0"),
        ({"holidays": "ATLANTIS"}, "holidays"),
        ({"contact_from": "25:00"}, "contact_from"),
        ({"contact_from": "18:00"}, "contact_until"),
        ({"playbook": "no-such"}, "playbook"),
        ({"is_admin": True}, "is_admin"),
    ],
)
def test_what_cannot_be_is_refused_and_nobody_is_signed_up(
    visitor: httpx.Client, wrong: dict[str, Any], field: str
) -> None:
    assert field in refused_fields(visitor.post("/accounts", json={**ME, **wrong}))
    assert visitor.post("/accounts", json=ME).status_code == 201


def test_settings_are_changed(client: httpx.Client) -> None:
    change = {"time_zone": "Europe/Berlin", "holidays": "DE", "working_days": ["sun", "mon"], "contact_until": "18:30"}
    told = client.patch("/me", json=change).json()["account"]
    assert {key: told[key] for key in change} == {**change, "working_days": ["mon", "sun"]}
    assert client.get("/me").json()["account"] == told
    assert client.get("/me").json()["user"] is None


def test_settings_that_cannot_be_are_refused(client: httpx.Client) -> None:
    assert "contact_until" in refused_fields(client.patch("/me", json={"contact_from": "18:00"}))
    assert "time_zone" in refused_fields(client.patch("/me", json={"time_zone": None}))
    assert "playbook" in refused_fields(client.patch("/me", json={"playbook": "no-such"}))
