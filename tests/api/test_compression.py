"""What is read comes compressed to whoever takes it so, and an answer that may tell a secret never does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

import afterword

ROOT = Path(afterword.__file__).parents[2]
#: Fields by which somebody could sign in, send or read as the account.
SECRETS = {"secret", "key", "token", "password", "url_with_secret"}


@pytest.mark.usefixtures("interview")
def test_what_is_read_is_smaller_on_its_way(client: httpx.Client) -> None:
    answer = client.get("/next-actions", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert int(answer.headers["content-length"]) < len(answer.content) / 2
    plain = client.get("/next-actions", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers


@pytest.mark.usefixtures("interview")
def test_it_is_the_same_answer_by_its_tag(client: httpx.Client) -> None:
    tag = client.get("/next-actions", headers={"Accept-Encoding": "gzip"}).headers["etag"]
    held = {"Accept-Encoding": "gzip", "If-None-Match": tag}
    assert client.get("/next-actions", headers=held).status_code == httpx.codes.NOT_MODIFIED


def test_a_secret_is_told_uncompressed_however_long_the_answer(client: httpx.Client) -> None:
    wide = {"url": "https://1.1.1.1/hook", "description": "x" * 500, "headers": {f"x-{n}": "y" * 80 for n in range(10)}}
    for path, body in (("/api-keys", {"name": "k"}), ("/webhook-endpoints", wide)):
        answer = client.post(path, json=body, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == httpx.codes.CREATED, answer.text
        assert "content-encoding" not in answer.headers


def test_no_answer_to_get_tells_a_secret() -> None:
    document = json.loads((ROOT / "openapi" / "openapi.json").read_text())
    schemas = document["components"]["schemas"]
    told = {
        f"{path}: {name}"
        for path, item in document["paths"].items()
        if "get" in item
        for name in _fields(schemas, item["get"]["responses"], set())
        if name in SECRETS
    }
    assert told == set()


def _fields(schemas: dict[str, Any], part: Any, seen: set[str]) -> set[str]:
    """The names of all fields that a part of the document leads to."""
    if isinstance(part, list):
        return set().union(*(_fields(schemas, each, seen) for each in part))
    if not isinstance(part, dict):
        return set()
    name = str(part.get("$ref", "")).rpartition("/")[2]
    found = set(part["properties"]) if isinstance(part.get("properties"), dict) else set()
    if name and name not in seen:
        seen.add(name)
        found |= _fields(schemas, schemas[name], seen)
    return found.union(*(_fields(schemas, each, seen) for each in part.values()))
