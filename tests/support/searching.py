"""Somebody in the middle of looking for a job, with something on every screen, for whatever looks at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx

from afterword import clock
from support.eventually import eventually
from support.playbooks import AS_YAML, OUR_WAY
from support.screens import PASSWORD

ANA = {"name": "Ana Ruiz", "email": "ana@acme.example", "roles": ["hiring_manager"]}
BEN = {"name": "Ben Okafor", "email": "ben@acme.example", "roles": ["interviewer"]}
MEI = {"name": "Mei Tanaka", "email": "mei@northwind.example", "roles": ["recruiter"]}
INES = {"name": "Ines Duarte", "roles": ["hiring_manager"]}
TOM = {"name": "Tom Weller", "email": "tom@halden.example", "roles": ["interviewer"]}


@dataclass(frozen=True)
class Search:
    """Where it is, whose it is, and the ids by their nouns: `acme` has just been, `halden` has said no."""

    url: str
    email: str
    ids: dict[str, str]


@contextmanager
def signed_in(url: str, email: str) -> Iterator[httpx.Client]:
    """A program with the cookie of somebody who has just signed up."""
    with httpx.Client(base_url=f"{url}/api/v1", timeout=30, trust_env=False) as client:
        told(client.post("/accounts", json={"email": email, "password": PASSWORD, "time_zone": "America/New_York"}))
        yield client


def begin(url: str, email: str, hook: str) -> Search:
    """`hook` is where the webhooks go."""
    with signed_in(url, email) as client:
        endpoint = told(client.post("/webhook-endpoints", json={"url": hook, "description": "My spreadsheet"}))
        rounds = {name: told(client.post("/interviews", json=each)) for name, each in interviews().items()}
        told(client.post("/api-keys", json={"name": "Calendar script"}))
        told(client.post("/playbooks", content=OUR_WAY, headers=AS_YAML))
        what_was_said(client, rounds)
        write_recap(client, rounds["northwind"])
        settle(client, rounds["northwind"], "recap", "reflect", "thank-you")
        settle(client, rounds["halden"], "recap", "reflect")
        ids = {name: each["opportunity_id"] for name, each in rounds.items()}
        others = {
            "endpoint": endpoint["id"],
            "delivery": first_delivery(client),
            "round": rounds["northwind"]["id"],
            "share": share(client, "Coach Kim", None),
            "opportunity_share": share(client, "Sam", ids["acme"]),
        }
    return Search(url, email, ids | others)


def share(client: httpx.Client, name: str, opportunity_id: str | None) -> str:
    """The secret of a link for somebody who looks on."""
    made = told(client.post("/shares", json={"name": name, "opportunity_id": opportunity_id}))
    return str(made["secret"])


def first_delivery(client: httpx.Client) -> str:
    """Of a webhook that has arrived."""

    def arrived() -> list[dict[str, Any]]:
        return list(told(client.get("/deliveries", params={"state": "delivered"}))["items"])

    if not eventually(lambda: bool(arrived()), seconds=60):
        raise AssertionError("no webhook has arrived")
    return str(arrived()[0]["id"])


def interviews() -> dict[str, dict[str, Any]]:
    now = clock.now()
    return {
        "northwind": _round("Northwind", "Analytics lead", now - timedelta(days=8), MEI),
        "halden": _round("Halden", "Research analyst", now - timedelta(days=12), TOM),
        "larkspur": _round("Larkspur", "Platform engineer", now + timedelta(days=2), INES) | {"format": "video"},
        "acme": _round("Acme", "Data engineer", now - timedelta(minutes=25), ANA, BEN)
        | {"decision_on": f"{now + timedelta(days=6):%Y-%m-%d}"},
    }


def _round(company: str, role: str, ends_at: datetime, *people: dict[str, Any]) -> dict[str, Any]:
    times = {"starts_at": (ends_at - timedelta(hours=1)).isoformat(), "ends_at": ends_at.isoformat()}
    return {"company": company, "role": role, "people": list(people), **times}


def what_was_said(client: httpx.Client, rounds: dict[str, dict[str, Any]]) -> None:
    """A reply from one, a refusal from another."""
    reply = {
        "opportunity_id": rounds["northwind"]["opportunity_id"],
        "contact_id": rounds["northwind"]["people"][0]["contact_id"],
        "direction": "inbound",
        "channel": "email",
        "at": (clock.now() - timedelta(days=3)).isoformat(),
        "note": "We are still meeting people; bear with us.",
    }
    told(client.post("/touches", json=reply))
    refusal = {"status": "rejected", "at": (clock.now() - timedelta(hours=20)).isoformat()}
    told(client.put(f"/opportunities/{rounds['halden']['opportunity_id']}/outcome", json=refusal))


def write_recap(client: httpx.Client, interview: dict[str, Any]) -> None:
    words = {
        "discussed": "How the team reports to the board, with Mei.",
        "went_well": "The example about late invoices.",
        "answer_better": "Why I left my last team.",
        "they_need": "Somebody who writes things down.",
    }
    told(client.put(f"/interviews/{interview['id']}/recap", json=words))


def settle(client: httpx.Client, interview: dict[str, Any], *kinds: str) -> None:
    """Say of these actions of a round that they were done soon after it."""
    ends_at = datetime.fromisoformat(interview["ends_at"])
    query = {"interview_id": interview["id"], "state": ["overdue", "open", "lapsed"]}
    for action in told(client.get("/next-actions", params=query))["actions"]:
        if action["kind"] in kinds:
            at = {"at": (ends_at + timedelta(hours=3)).isoformat()}
            told(client.post(f"/next-actions/{action['id']}/done", json=at))


def told(answer: httpx.Response) -> Any:
    if answer.is_error:
        raise AssertionError(answer.text)
    return answer.json() if answer.content else None
