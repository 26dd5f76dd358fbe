"""Facts that do not fit together: read as docs/policy.md has it, or refused, the same on every way in."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from support import golden
from support.problems import refused_fields
from support.requests import post

CASES = Path(__file__).parents[1] / "policy" / "golden" / "facts-that-do-not-fit.yaml"
ODD = {case["id"]: case for case in yaml.safe_load(CASES.read_text(encoding="utf-8"))}
PLAIN = golden.facts({"playbook": "balanced", "at": "2026-03-03T15:30:00-05:00"})
STATES = ["overdue", "open", "upcoming", "snoozed", "done", "skipped", "lapsed"]
A_REPLY = {"person": "ana", "direction": "inbound", "at": "2026-03-05T10:00:00-05:00"}
A_MESSAGE = {"person": "ana", "direction": "outbound", "purpose": "thank-you", "at": "2026-03-03T16:00:00-05:00"}


def odd(**changes: Any) -> dict[str, Any]:
    """The plain facts with parts of the opportunity replaced; an interview's are given as `interview`."""
    document = deepcopy(PLAIN)
    (opportunity,) = document["opportunities"]
    opportunity["interviews"][0] |= changes.pop("interview", {})
    opportunity |= changes
    return document


def essence(answer: dict[str, Any]) -> list[Any]:
    """What an answer says, without the ids that differ between what is stored and what is not."""
    actions = [
        (each["kind"], each["attempt"], each["state"], str(each["window"]), str(each["channel"]), whom(each))
        for each in answer["actions"]
    ]
    return [*actions, *((each["kind"], str(each["until"]), whom(each)) for each in answer["holds"])]


def whom(item: dict[str, Any]) -> str | None:
    return item["person"] and item["person"]["name"]


def stored(client: httpx.Client, document: dict[str, Any]) -> dict[str, Any]:
    """The answer about the document once it is stored."""
    post(client, "/imports", document)
    query = {"at": document["at"], "until": "2027-12-31T00:00:00Z", "state": STATES, "limit": 500}
    answer = client.get("/next-actions", params=query)
    assert answer.status_code == httpx.codes.OK, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.parametrize("case", ODD.values(), ids=ODD)
def test_what_does_not_fit_is_read_the_same_stored_or_not(
    case: dict[str, Any], anonymous: httpx.Client, client: httpx.Client
) -> None:
    document = golden.facts(case)
    assert golden.check(case, post(anonymous, "/timelines", document, status=200)) == []
    told = post(anonymous, "/timelines", {**document, "states": STATES}, status=200)
    assert essence(stored(client, document)) == essence(told)


@pytest.mark.parametrize(
    "changes",
    [
        {"applied_on": "2026-05-01"},
        {"interview": {"status_at": "2026-03-01T10:00:00-05:00"}},
    ],
    ids=["applied after the interview", "a status date without a change of status"],
)
def test_what_no_window_counts_from_changes_nothing(
    changes: dict[str, Any], anonymous: httpx.Client, client: httpx.Client
) -> None:
    told = post(anonymous, "/timelines", {**PLAIN, "states": STATES}, status=200)
    assert post(anonymous, "/timelines", {**odd(**changes), "states": STATES}, status=200) == told
    assert essence(stored(client, odd(**changes))) == essence(told)


def test_the_purpose_of_a_reply_is_left_aside(anonymous: httpx.Client, client: httpx.Client) -> None:
    at = {"at": "2026-03-05T12:00:00-05:00", "states": STATES}
    plain = post(anonymous, "/timelines", odd(touches=[A_REPLY]) | at, status=200)
    thanked = odd(touches=[A_REPLY | {"purpose": "thank-you"}]) | at
    assert post(anonymous, "/timelines", thanked, status=200) == plain
    assert essence(stored(client, thanked)) == essence(plain)


REFUSED = {
    "longer than a day": ({"interview": {"ends_at": "2026-03-13T15:00:00-04:00"}}, "interviews.0.ends_at"),
    "ends before it starts": ({"interview": {"ends_at": "2026-03-03T13:00:00-05:00"}}, "interviews.0.ends_at"),
    "missed by somebody, and not missed": ({"interview": {"missed_by": "me"}}, "interviews.0.missed_by"),
    "an automatic message of mine": ({"touches": [A_MESSAGE | {"automatic": True}]}, "touches.0.automatic"),
    "their day, in my words": ({"touches": [A_MESSAGE | {"decision_on": "2026-03-20"}]}, "touches.0.decision_on"),
    "a day said by nobody": ({"interview": {"decision_said_by": "eve"}}, "interviews.0.decision_said_by"),
    "a touch with nobody": ({"touches": [A_REPLY | {"person": "eve"}]}, "touches.0.person"),
    "a touch about no interview": ({"touches": [A_MESSAGE | {"interview": "i9"}]}, "touches.0.interview"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "field"), REFUSED.values(), ids=REFUSED)
def test_what_can_only_be_a_slip_is_refused_at_its_field(
    changes: dict[str, Any], field: str, anonymous: httpx.Client, client: httpx.Client
) -> None:
    document = odd(**changes)
    said = refused_fields(anonymous.post("/timelines", json=document))
    assert list(said) == [f"opportunities.0.{field}"]
    assert refused_fields(client.post("/imports", json=document)) == said


@pytest.mark.parametrize("ahead", ["touches", "marks", "outcome"])
def test_what_is_still_to_happen_is_not_known_and_not_stored(
    ahead: str, anonymous: httpx.Client, client: httpx.Client
) -> None:
    at = "2099-03-03T12:00:00Z"
    told = {
        "touches": [A_REPLY | {"at": at, "decision_on": "2099-04-01"}],
        "marks": [{"kind": "recap", "interview": "i1", "state": "done", "at": at}],
        "outcome": {"status": "rejected", "at": at},
    }
    plain, document = post(anonymous, "/timelines", PLAIN, status=200), odd(**{ahead: told[ahead]})
    assert post(anonymous, "/timelines", document, status=200) == plain
    path = "outcome.at" if ahead == "outcome" else f"{ahead}.0.at"
    assert list(refused_fields(client.post("/imports", json=document))) == [f"opportunities.0.{path}"]


AN_HOUR = {"company": "Acme", "starts_at": "2026-03-03T14:00:00-05:00"}
TWO_MARKED = [{"name": name, "point_of_contact": True} for name in ("Ana Ruiz", "Ben Ode")]


@pytest.mark.parametrize(
    "odd_fields",
    [
        {"people": TWO_MARKED},
        {"status": "missed"},
        {"status": "cancelled", "status_at": "2026-02-01T10:00:00Z", "scheduled_at": "2026-02-20T10:00:00Z"},
        {"decision_on": "2026-02-10"},
        {"applied_on": "2026-05-01"},
        {"people": [{"name": "Ana Ruiz", "connected": True, "do_not_contact": True}]},
    ],
    ids=["two points of contact", "missed by nobody", "cancelled first", "a past day", "applied later", "connected"],
)
def test_a_request_may_say_what_a_document_may(odd_fields: dict[str, Any], client: httpx.Client) -> None:
    post(client, "/interviews", AN_HOUR | odd_fields)


def test_the_first_of_two_points_of_contact_is_written_to(client: httpx.Client) -> None:
    made = post(client, "/interviews", AN_HOUR | {"people": TWO_MARKED})
    timeline = client.get(f"/opportunities/{made['opportunity_id']}/timeline", params={"at": "2026-03-04T12:00:00Z"})
    assert {whom(each) for each in timeline.json()["actions"] if each["kind"] == "follow-up"} == {"Ana Ruiz"}


def test_an_opportunity_may_have_the_same_round_twice(client: httpx.Client) -> None:
    made = post(client, "/interviews", AN_HOUR | {"round": 1})
    again = {"opportunity_id": made["opportunity_id"], "starts_at": "2026-03-03T14:30:00-05:00", "round": 1}
    assert post(client, "/interviews", again)["round"] == 1


@pytest.mark.parametrize(
    "outcome",
    [
        {"status": "rejected", "at": "2026-01-01T10:00:00Z", "answer_by": "2026-03-20"},
        {"status": "offer", "at": "2026-03-12T10:00:00Z", "answer_by": "2026-03-10", "start_date": "2026-04-01"},
    ],
    ids=["a rejection to be answered, before the interview", "an offer to be answered before it came, with a start"],
)
def test_an_outcome_may_not_fit_the_rest(outcome: dict[str, Any], client: httpx.Client) -> None:
    made = post(client, "/interviews", AN_HOUR)
    answer = client.put(f"/opportunities/{made['opportunity_id']}/outcome", json=outcome)
    assert answer.status_code == httpx.codes.OK, answer.text
    assert answer.json()["outcome"]["answer_by"] == outcome["answer_by"]
