"""Every refusal is a problem document that says what and where, and no more."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest

from afterword import errors
from afterword.api.errors import STATUS, status_of
from support.problems import refused_fields


def test_every_error_has_a_status() -> None:
    kinds = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, Exception)]
    started = [each for each in kinds if each is not errors.AfterwordError]
    for kind in started:
        refusal = kind("x", 1) if "retry_after_seconds" in kind.__init__.__code__.co_varnames else kind("x")
        assert 400 <= status_of(refusal) < 600
        assert any(base in STATUS for base in kind.__mro__)


def test_an_unknown_address_and_a_wrong_method(client: httpx.Client) -> None:
    refused_fields(client.get("/nothing-here"), 404)
    refused_fields(client.get("/contacts/con_0/shoes"), 404)
    refused_fields(client.put("/contacts", json={}), 405)


@pytest.mark.parametrize(
    "body", [b"{", b"", b"\xff\xfe", b"[1, 2]", b'"text"', b"null", b"NaN", b'{"name": "\\ud800"}', b"[" * 100_000]
)
def test_a_body_that_is_no_object(client: httpx.Client, body: bytes) -> None:
    answer = client.post("/contacts", content=body, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.get("/contacts").json()["items"] == []


@pytest.mark.parametrize("identifier", ["0", "con_", "%00", "con_%00", "CON_0", "x" * 500, "con_' OR 1=1", "💌"])
def test_an_id_that_cannot_be_is_not_there(client: httpx.Client, identifier: str) -> None:
    for noun in ("contacts", "interviews", "opportunities", "touches", "webhook-endpoints", "deliveries"):
        refused_fields(client.get(f"/{noun}/{identifier}"), 404)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/contacts?name=%00", "name"),
        ("/contacts?email=a%00b", "email"),
        ("/opportunities?company=%00", "company"),
        ("/touches?contact_id=%00", "contact_id"),
        ("/interviews?from=2026-03-03", "from"),
        ("/interviews?opportunity_id=x", "opportunity_id"),
        ("/opportunities?outcome=ghosted", "outcome.0"),
    ],
)
def test_a_filter_that_cannot_be_is_refused(client: httpx.Client, path: str, field: str) -> None:
    assert field in refused_fields(client.get(path))


def test_a_body_over_the_limit_is_refused_by_what_it_says(client: httpx.Client) -> None:
    refused_fields(client.post("/contacts", json={"name": "x" * 300_000}), 413)


def test_a_body_over_the_limit_is_refused_as_it_comes(client: httpx.Client) -> None:
    def endless() -> Iterator[bytes]:
        yield b'{"name": "'
        for _ in range(40):
            yield b"x" * 10_000
        yield b'"}'

    answer = client.post("/contacts", content=endless(), headers={"Content-Type": "application/json"})
    refused_fields(answer, 413)
    assert answer.json() == client.post("/contacts", json={"name": "x" * 300_000}).json()


@pytest.mark.parametrize("body", [b"\xff", b'{"name": "\xe9"}', b"9" * 5_000, b"[" * 100_000])
def test_json_that_cannot_be_read_is_refused_with_a_remedy(client: httpx.Client, body: bytes) -> None:
    answer = client.post("/contacts", content=body, headers={"Content-Type": "application/json"})
    assert list(refused_fields(answer, 400)) == [""]
    assert answer.json()["detail"].startswith("The body is not JSON that can be read: ")
    assert answer.json()["detail"].endswith("; send UTF-8 JSON.")


def test_messages_are_for_whoever_sent_the_request(client: httpx.Client) -> None:
    wrong = {
        "starts_at": "2026-03-03T14:00:00",
        "round": "two",
        "long_process": "maybe",
        "people": [{"name": 7}, "Ana"],
        "format": "hologram",
        "unknown": 1,
    }
    told = json.dumps(client.post("/interviews", json=wrong).json()).lower()
    for jargon in ("pydantic", "input should", "extra inputs", "type=", "validator", "regex", "str type"):
        assert jargon not in told


def test_each_wrong_field_is_named_at_once(client: httpx.Client) -> None:
    fields = refused_fields(client.post("/contacts", json={"email": "x", "phone": 1, "shoe_size": 42}))
    assert fields.keys() == {"name", "email", "phone", "shoe_size"}
