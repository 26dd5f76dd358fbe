"""`GET /opportunities/{id}/comparison`: the same facts under several playbooks."""

from __future__ import annotations

from typing import Any

import httpx
import jsonschema
import pytest
from sqlalchemy import update

from afterword.formats.answer_models import Comparison
from afterword.playbooks.loader import BUILTIN
from afterword.storage.tables import playbook_versions
from support.playbooks import OUR_WAY, OUR_WAY_REWORDED, put, send
from support.problems import refused_fields
from support.requests import post

AT = "2026-03-05T15:00:00Z"
PEOPLE = [
    {"name": "Ana Ruiz", "email": "ana@acme.example", "roles": ["hiring_manager"]},
    {"name": "Ben Ode", "email": "ben@acme.example", "postal_address": "1 Main Street"},
]


@pytest.fixture
def held(client: httpx.Client) -> dict[str, Any]:
    """An interview that was held on 3 March, with a decision promised for the 10th."""
    body = {"company": "Acme", "starts_at": "2026-03-03T14:00:00-05:00", "decision_on": "2026-03-10", "people": PEOPLE}
    return post(client, "/interviews", body)


def compared(client: httpx.Client, interview: dict[str, Any], *playbooks: str, **query: Any) -> dict[str, Any]:
    address = f"/opportunities/{interview['opportunity_id']}/comparison"
    answer = client.get(address, params={"at": AT, "playbook": playbooks, **query})
    assert answer.status_code == httpx.codes.OK, answer.text
    told: dict[str, Any] = answer.json()
    jsonschema.validate(told, Comparison.model_json_schema(mode="serialization"))
    return told


def test_each_playbook_says_here_what_it_says_alone(client: httpx.Client, held: dict[str, Any]) -> None:
    told = compared(client, held)
    assert [each["id"] for each in told["playbooks"]] == list(BUILTIN)
    assert (told["as_of"], told["opportunity_id"]) == (AT, held["opportunity_id"])
    for each in told["playbooks"]:
        query = {"at": AT, "playbook": each["id"]}
        alone = client.get(f"/opportunities/{held['opportunity_id']}/timeline", params=query).json()
        assert [each[name] for name in ("actions", "holds", "next_change_at")] == [
            alone[name] for name in ("actions", "holds", "next_change_at")
        ]


def test_each_obligation_has_one_row_with_what_each_playbook_says(client: httpx.Client, held: dict[str, Any]) -> None:
    told = compared(client, held, "three-things", "dos-and-donts")
    cells = [cell for row in told["rows"] for cell in row["by_playbook"].items()]
    assert {name for name, _ in cells} == {"three-things", "dos-and-donts"}
    actions = {(each["id"], one["id"]): one for each in told["playbooks"] for one in each["actions"]}
    found = {(name, cell["action_id"]): cell for name, cell in cells if cell}
    assert found.keys() == actions.keys()
    for place, cell in found.items():
        assert cell == {
            "action_id": place[1],
            **{name: actions[place][name] for name in ("state", "window", "channel")},
        }
    for row in told["rows"]:
        assert len({cell["action_id"] for cell in row["by_playbook"].values() if cell}) == 1
        opened = [cell["window"]["opens_at"] for cell in row["by_playbook"].values() if cell]
        row["first"] = min(opened)
    assert [row["first"] for row in told["rows"]] == sorted(row["first"] for row in told["rows"])


def test_a_follow_up_is_one_row_with_two_openings(client: httpx.Client, held: dict[str, Any]) -> None:
    told = compared(client, held, "balanced", "five-things")
    (row,) = (row for row in told["rows"] if row["kind"] == "follow-up")
    openings = {name: cell["window"]["opens_at"] for name, cell in row["by_playbook"].items()}
    # The promised day itself, and the day after, both at nine in New York.
    assert openings == {"five-things": "2026-03-10T13:00:00Z", "balanced": "2026-03-11T13:00:00Z"}
    assert (row["attempt"], row["interview_id"]) == (1, held["id"])
    assert row["person"]["name"] == "Ana Ruiz"
    cards = [row for row in told["rows"] if row["kind"] == "thank-you-card"]
    assert {row["person"]["name"] for row in cards} == {"Ben Ode"}
    assert all(row["by_playbook"]["five-things"] is None for row in cards)


def test_nothing_is_written_and_one_named_twice_is_asked_once(client: httpx.Client, held: dict[str, Any]) -> None:
    before = [client.get(path).json() for path in ("/events", "/opportunities", "/me")]
    told = compared(client, held, "eight-steps", "eight-steps")
    assert [each["id"] for each in told["playbooks"]] == ["eight-steps"]
    assert [client.get(path).json() for path in ("/events", "/opportunities", "/me")] == before


CALMER = "id: calmer\nextends: balanced\nrules:\n  - {id: follow-up, repeat: {every: P14D, max: 1}}\n"


def add_own(client: httpx.Client) -> str:
    """A playbook of one's own; its version."""
    answer = client.post("/playbooks", content=CALMER, headers={"Content-Type": "application/yaml"})
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return str(answer.json()["version"])


def test_ones_own_are_compared_too(client: httpx.Client, stranger: httpx.Client, held: dict[str, Any]) -> None:
    version = add_own(client)
    told = compared(client, held)
    mine = told["playbooks"][-1]
    assert (mine["id"], mine["version"]) == ("calmer", version)
    assert "not_advised" not in told
    assert [each["id"] for each in compared(client, held, "calmer")["playbooks"]] == ["calmer"]
    theirs = post(stranger, "/opportunities", {"company": "Globex"})["id"]
    refused_fields(stranger.get(f"/opportunities/{theirs}/comparison", params={"playbook": "calmer"}))


def test_a_title_is_the_one_that_was_stored_last(client: httpx.Client, held: dict[str, Any]) -> None:
    for store, text, title in ((send, OUR_WAY, "Our way"), (put, OUR_WAY_REWORDED, "Our old way")):
        store(client, text)
        (told,) = compared(client, held, "our-way")["playbooks"]
        assert told["title"] == title


def test_one_that_cannot_be_read_is_named_with_the_reason(
    client: httpx.Client, held: dict[str, Any], server: Any, account: Any
) -> None:
    add_own(client)
    with server.database.write() as session:
        mine = playbook_versions.c.account_id == account.id
        session.execute(update(playbook_versions).where(mine).values(document={"id": "calmer", "rules": [{}]}))
    told = compared(client, held, "balanced", "calmer")
    assert [each["id"] for each in told["playbooks"]] == ["balanced"]
    (unread,) = told["not_advised"]
    assert (unread["playbook"], unread["opportunity_id"]) == ("calmer", held["opportunity_id"])
    assert "cannot be read" in unread["why"]


def test_what_cannot_be_compared_is_refused(client: httpx.Client, stranger: httpx.Client, held: dict[str, Any]) -> None:
    address = f"/opportunities/{held['opportunity_id']}/comparison"
    unknown = refused_fields(client.get(address, params={"playbook": ["balanced", "none-such"]}))
    assert "three-things" in unknown["playbook"]
    assert refused_fields(client.get(address, params={"playbook": ["balanced"] * 21})).keys() == {"playbook"}
    for no_id in ("x" * 101, "", "\x00"):
        assert refused_fields(client.get(address, params={"playbook": no_id})).keys() == {"playbook.0"}
    assert refused_fields(client.get(address, params={"at": "soon"})).keys() == {"at"}
    refused_fields(stranger.get(address), 404)
    refused_fields(client.get("/opportunities/opp_0/comparison"), 404)
