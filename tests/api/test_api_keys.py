"""API keys over HTTP."""

from __future__ import annotations

import httpx
import pytest

from api.conftest import Server
from support.problems import refused_fields
from support.requests import post


def with_key(server: Server, key: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=30, trust_env=False)


def test_a_key_is_shown_once_and_works_until_it_is_deleted(client: httpx.Client, server: Server) -> None:
    made = post(client, "/api-keys", {"name": "n8n"})
    assert made["key"].startswith(f"afw_{made['prefix']}_")
    with with_key(server, made["key"]) as program:
        assert program.get("/me").status_code == 200
        assert client.delete(f"/api-keys/{made['id']}").status_code == 204
        refused_fields(program.get("/me"), 401)
    refused_fields(client.delete(f"/api-keys/{made['id']}"), 404)


def test_a_list_of_keys_shows_none(client: httpx.Client) -> None:
    made = post(client, "/api-keys", {"name": "n8n"})
    listed = client.get("/api-keys")
    assert made["key"] not in listed.text
    assert [each["name"] for each in listed.json()["items"]] == ["tests", "n8n"]


def test_only_the_hash_of_a_key_is_kept(client: httpx.Client, server: Server) -> None:
    secret = post(client, "/api-keys", {"name": "n8n"})["key"].rpartition("_")[2]
    with server.database.read() as session:
        kept = session.exec_driver_sql("SELECT * FROM api_keys").all()
    assert secret not in repr(kept)


def test_the_use_of_a_key_is_noted(client: httpx.Client) -> None:
    client.get("/me")
    assert client.get("/api-keys").json()["items"][0]["last_used_at"] is not None


@pytest.mark.parametrize(
    "key",
    ["afw", "afw_x_y", "Bearer", "afw__", "afw_00000000_" + "x" * 43, "\x7f", "a" * 5000],
)
def test_a_wrong_key_is_no_key(server: Server, key: str) -> None:
    with with_key(server, key) as program:
        answer = program.get("/me")
    refused_fields(answer, 401)
    assert answer.headers["www-authenticate"] == "Bearer"


def test_no_key_is_no_access(anonymous: httpx.Client) -> None:
    for path in ("/me", "/interviews", "/next-actions", "/webhook-endpoints"):
        refused_fields(anonymous.get(path), 401)
    refused_fields(anonymous.post("/interviews", json={}), 401)
