"""The runner of golden cases: a case's facts as a facts document, and what an answer has against the case.

`python -m support.golden BASE_URL CASES.yaml ...` puts them to a running server and counts those that hold.
"""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

Case = dict[str, Any]
BASE = {
    "starts_at": "2026-03-03T14:00:00-05:00",
    "ends_at": "2026-03-03T15:00:00-05:00",
    "time_zone": "America/New_York",
}
INSTANTS = {"opens", "best", "due", "expires", "literal_opens", "literal_due", "until"}
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
OF_AN_INTERVIEW = (
    "status_at",
    "missed_by",
    "scheduled_at",
    "decision_on",
    "decision_said_by",
    "follow_up_channel",
)


def iso(value: Any) -> Any:
    """YAML's instants and days as text; everything else as it is."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def person(key: str, name: str, roles: list[str], given: Case) -> Case:
    """Contact fields are given as {key: value}, flags as a list of keys."""
    usual = f"{key}@acme.example" if key in ("ana", "ben") else None
    fields = {"phone": "phone", "linkedin": "linkedin", "postal_address": "postal", "preferred_channel": "prefer"}
    return {
        "key": key,
        "name": name,
        "roles": roles,
        "email": (given.get("email") or {}).get(key, usual),
        **{field: (given.get(word) or {}).get(key) for field, word in fields.items()},
        **{flag: key in given.get(flag, []) for flag in ("point_of_contact", "connected", "do_not_contact")},
    }


def interview(key: str, number: int, given: Case) -> Case:
    return {
        "key": key,
        "round": given.get("round", number),
        "format": given.get("format", "onsite"),
        "status": given.get("status", "scheduled"),
        **{field: iso(given.get(field, BASE[field])) for field in BASE},
        "people": given.get("people", ["ana", "ben"]),
        **{field: iso(given.get(field)) for field in OF_AN_INTERVIEW},
    }


def touches(given: Case) -> Iterator[Case]:
    for sent in given.get("sent", []):
        yield {
            "person": sent["person"],
            "direction": "outbound",
            "purpose": sent["kind"],
            "channel": sent.get("channel", "email"),
            "at": iso(sent["at"]),
            "interview": sent.get("interview"),
        }
    for reply in given.get("received", []):
        yield {
            "person": reply["person"],
            "direction": "inbound",
            "channel": reply.get("channel", "email"),
            "at": iso(reply["at"]),
            "decision_on": iso(reply.get("decision_on")),
            "automatic": reply.get("automatic", False),
        }


def mark(given: Case) -> Case:
    return {
        "kind": given["kind"],
        "interview": given.get("interview"),
        "person": given.get("person"),
        "attempt": given.get("attempt", 1),
        "state": given["state"],
        "at": iso(given["at"]),
        "until": iso(given.get("until")),
    }


def opportunity(key: str, given: Case) -> Case:
    people = [person("ana", "Ana Ruiz", ["hiring_manager"], given), person("ben", "Ben Ode", ["interviewer"], given)]
    people += [person(one["key"], one["key"].title(), [one["role"]], given) for one in given.get("others", [])]
    rounds = [given, *([given["next_round"]] if "next_round" in given else [])]
    outcome = given.get("outcome")
    return {
        "key": key,
        "company": key.title(),
        "role": "Data engineer",
        "long_process": given.get("long_process", False),
        "people": people,
        "interviews": [interview(f"i{number}", number, round) for number, round in enumerate(rounds, 1)],
        "touches": list(touches(given)),
        "marks": [mark(one) for one in given.get("marks", [])],
        "outcome": {key: iso(value) for key, value in outcome.items()} if outcome else None,
    }


def facts(case: Case) -> Case:
    """The case as a facts document."""
    given = case.get("given", {}) or {}
    others = [opportunity(key, one or {}) for key, one in given.get("also", {}).items()]
    calendar = dict(given.get("calendar") or {"working_days": EVERY_DAY, "holidays": None})
    calendar.setdefault("contact_hours", ["09:00", "17:00"])
    return {
        "at": iso(case["at"]),
        "playbook": case["playbook"],
        "opportunities": [opportunity("acme", given), *others],
        "calendar": calendar,
        **{key: iso(case[key]) for key in ("states", "until") if key in case},
    }


def instant(value: Any) -> Any:
    text = iso(value)
    return datetime.fromisoformat(text) if isinstance(text, str) and "T" in text else text


def field(action: Case, name: str) -> Any:
    """What a case calls by a short name, in an action of the answer."""
    window = action.get("window") or {}
    literal = window.get("literal") or {}
    named = {
        "opens": window.get("opens_at"),
        "best": window.get("best_at"),
        "due": window.get("due_at"),
        "expires": window.get("expires_at"),
        "literal_opens": literal.get("opens_at"),
        "literal_due": literal.get("due_at"),
        "opportunity": action.get("opportunity_id", action.get("opportunity")),
        "interview": action.get("interview_id", action.get("interview")),
        "person": (action.get("person") or {}).get("key"),
        "channel": (action.get("channel") or {}).get("recommended"),
    }
    return named.get(name, action.get(name))


def hold_field(hold: Case, name: str) -> Any:
    """What a case calls by a short name, in a hold of the answer: its people by their keys."""
    if name == "spares":
        return [each["key"] for each in hold.get("spares", [])]
    if name == "person":
        return (hold.get("person") or {}).get("key")
    return hold.get("opportunity_id", hold.get(name)) if name == "opportunity" else hold.get(name)


def matches(found: Case, wanted: Case, *, hold: bool = False) -> bool:
    """Whether an action or a hold has every field that is wanted of it."""
    for name, want in wanted.items():
        got = hold_field(found, name) if hold else field(found, name)
        if name in INSTANTS:
            if instant(got) != instant(want):
                return False
        elif got != want and str(got).replace("_", "-") != str(want):
            return False
    return True


def check(case: Case, answer: Case) -> list[str]:
    """What the answer has against the case; nothing when it holds."""
    actions, holds = answer.get("actions", []), answer.get("holds", [])
    bad = [
        f"missing {want} near {[one for one in actions if one.get('kind') == want['kind']][:2]}"
        for want in case.get("expect", [])
        if not any(matches(one, want) for one in actions)
    ]
    bad += [f"must not: {want}" for want in case.get("expect_none", []) if any(matches(one, want) for one in actions)]
    bad += [
        f"missing hold {want} among {[(one.get('kind'), one.get('until')) for one in holds]}"
        for want in case.get("holds", [])
        if not any(matches(one, want, hold=True) for one in holds)
    ]
    bad += [
        f"must not hold: {want}"
        for want in case.get("no_holds", [])
        if any(matches(one, want, hold=True) for one in holds)
    ]
    return bad + next_change(case, answer) + order(case, actions)


def next_change(case: Case, answer: Case) -> list[str]:
    if "next_change_at" not in case or instant(answer.get("next_change_at")) == instant(case["next_change_at"]):
        return []
    return [f"next_change_at is {answer.get('next_change_at')}, should be {case['next_change_at']}"]


def order(case: Case, actions: list[Case]) -> list[str]:
    kinds = [action["kind"] for action in actions]
    wanted = case.get("order", [])
    places = [kinds.index(kind) if kind in kinds else -1 for kind in wanted]
    return [f"order {wanted} in {kinds}"] if -1 in places or places != sorted(places) else []


def post(base: str, document: Case) -> Case:
    body = json.dumps(document).encode()
    request = urllib.request.Request(f"{base}/api/v1/timelines", body, {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            answer: Case = json.load(response)
    except urllib.error.HTTPError as refused:
        raise SystemExit(f"{refused.code}: {refused.read()[:600]!r}") from None
    return answer


def main(base: str, *files: str) -> int:
    cases = [case for file in files for case in yaml.safe_load(Path(file).read_text(encoding="utf-8"))]
    complaints = {case["id"]: check(case, post(base, facts(case))) for case in cases}
    for name, bad in complaints.items():
        for complaint in bad:
            sys.stdout.write(f"  {name}: {complaint}\n")
    good = sum(not bad for bad in complaints.values())
    sys.stdout.write(f"{good} of {len(cases)} cases hold\n")
    return int(good != len(cases))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
