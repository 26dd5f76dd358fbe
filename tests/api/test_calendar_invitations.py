"""Calendar invitations over HTTP: read, stored nowhere, and known again when they move."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from api.conftest import Server
from support.invitations import an_event, corpus
from support.problems import refused_fields
from support.requests import post


def read(client: httpx.Client, text: str) -> dict[str, Any]:
    return post(client, "/calendar-invitations", {"text": text}, 200)


def log(client: httpx.Client, text: str) -> dict[str, Any]:
    """As the form does: what was read, sent to be logged."""
    invitation = read(client, text)["invitation"]
    taken = ("external_id", "starts_at", "ends_at", "time_zone", "format", "people")
    return post(client, "/interviews", {"company": "Acme", **{name: invitation[name] for name in taken}})


def test_an_invitation_is_read_and_nothing_is_stored(client: httpx.Client) -> None:
    before = client.get("/me").json()
    told = read(client, corpus("google"))
    assert told["invitation"] == {
        "uid": "5k0example9mq2@google.com",
        "external_id": "ics:5k0example9mq2@google.com",
        "sequence": 0,
        "status": "confirmed",
        "summary": "Interview: Data engineer (Acme)",
        "company": "Acme",
        "starts_at": "2026-03-10T18:00:00Z",
        "ends_at": "2026-03-10T18:45:00Z",
        "time_zone": "America/New_York",
        "format": "video",
        "people": [
            {"name": "Ana Ruiz", "email": "ana@acme.example", "roles": ["interviewer"]},
            {"name": "Ben Okafor", "email": "ben@acme.example", "roles": ["interviewer"]},
            {"name": "me", "email": "me@mail.example", "roles": ["interviewer"]},
        ],
    }
    assert told["interview_id"] is None
    assert told["readings"]
    assert client.get("/interviews").json()["items"] == []
    assert client.get("/me").json() == before


def test_whoever_asks_is_not_among_the_people(fresh: Server) -> None:
    with httpx.Client(base_url=f"{fresh.url}/api/v1", timeout=30, trust_env=False) as browser:
        post(browser, "/accounts", {"email": "Me@mail.example", "password": "a long enough one"})
        told = read(browser, corpus("google"))
    assert [each["name"] for each in told["invitation"]["people"]] == ["Ana Ruiz", "Ben Okafor"]


def test_a_later_version_finds_the_interview_that_was_logged_from_it(client: httpx.Client) -> None:
    logged = log(client, corpus("google"))
    assert logged["external_id"] == "ics:5k0example9mq2@google.com"
    moved = read(client, corpus("google").replace("20260310T14", "20260312T14").replace("SEQUENCE:0", "SEQUENCE:1"))
    assert moved["interview_id"] == logged["id"]
    assert read(client, corpus("called-off"))["interview_id"] == logged["id"]
    assert read(client, corpus("outlook"))["interview_id"] is None


def test_it_finds_no_interview_of_another_account(client: httpx.Client, stranger: httpx.Client) -> None:
    log(client, corpus("google"))
    assert read(stranger, corpus("google"))["interview_id"] is None


def test_an_occurrence_that_moves_is_found_when_another_calendar_writes_it_in_utc(client: httpx.Client) -> None:
    in_berlin = corpus("one-of-a-series")
    logged = log(client, in_berlin)
    zone = ";TZID=/freeassociation.sourceforge.net/Europe/Berlin:20260309T100000"
    in_utc = in_berlin.replace(f"RECURRENCE-ID{zone}", "RECURRENCE-ID:20260309T090000Z")
    assert in_utc != in_berlin
    moved = read(client, in_utc.replace("20260310T15", "20260311T15").replace("20260310T16", "20260311T16"))
    assert moved["interview_id"] == logged["id"]


def test_somebody_without_a_name_is_not_called_by_an_address(client: httpx.Client) -> None:
    told = read(client, an_event("ATTENDEE:mailto:tess@acme.example"))["invitation"]["people"]
    assert told == [{"name": "tess", "email": "tess@acme.example", "roles": ["interviewer"]}]


def test_a_long_uid_is_known_again(client: httpx.Client) -> None:
    logged = log(client, an_event(uid="x" * 500))
    assert read(client, an_event(uid="x" * 500))["interview_id"] == logged["id"]
    assert read(client, an_event(uid="x" * 501))["interview_id"] is None


def test_a_floating_time_is_read_in_the_accounts_zone(client: httpx.Client) -> None:
    client.patch("/me", json={"time_zone": "Asia/Kolkata"}).raise_for_status()
    told = read(client, an_event("DTSTART:20260303T140000"))["invitation"]
    assert (told["starts_at"], told["time_zone"]) == ("2026-03-03T08:30:00Z", "Asia/Kolkata")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "must not be empty"),
        ("\x00", "has a control character"),
        ("x" * 200_001, "must have at most 200000 characters"),
        ("Tuesday at two", "has no line BEGIN:VCALENDAR"),
        (an_event("RRULE:FREQ=DAILY"), "(line 6)"),
        (an_event().replace("VERSION:2.0", "METHOD:REPLY"), "send the invitation itself"),
    ],
)
def test_a_refusal_is_at_the_text(client: httpx.Client, text: str, words: str) -> None:
    answer = client.post("/calendar-invitations", json={"text": text})
    assert words in refused_fields(answer)["text"]


def test_the_line_is_told_apart_from_the_words(client: httpx.Client) -> None:
    (problem,) = client.post("/calendar-invitations", json={"text": an_event("broken")}).json()["errors"]
    assert problem["line"] == 6


def test_ten_megabytes_are_refused_at_once_with_what_to_do(client: httpx.Client) -> None:
    body = b'{"text": "' + b"x" * 10_000_000 + b'"}'
    started = time.perf_counter()
    answer = client.post("/calendar-invitations", content=body, headers={"Content-Type": "application/json"})
    assert time.perf_counter() - started < 2
    refused_fields(answer, 413)
    assert "without attachments" in answer.json()["detail"]


def test_nobody_unknown_is_answered(anonymous: httpx.Client) -> None:
    refused_fields(anonymous.post("/calendar-invitations", json={"text": an_event()}), 401)
