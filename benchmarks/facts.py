"""The facts of `control.py`, as the policy is told them and as a document that can be stored."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from afterword.policy.facts import Calendar, Facts, Interview, Opportunity, Person, Touch
from benchmarks import control

HOUR = timedelta(hours=1)
ROLES = {"ana": "hiring_manager", "kim": "reference"}
INTERVIEWERS = control.PEOPLE[:3]
DIRECTIONS = {"out": "outbound", "in": "inbound"}
CALENDAR = Calendar(control.NY, frozenset(control.WORKING), frozenset(date(*each) for each in sorted(control.HOLIDAYS)))


def facts() -> Facts:
    """One opportunity: 3 rounds, 4 people, 10 touches."""
    people = tuple(
        Person(key, key.title(), (ROLES.get(key, "interviewer"),), email=f"{key}@acme.example")
        for key in control.PEOPLE
    )
    interviews = tuple(
        Interview(f"i{number}", end - HOUR, end, control.NY, round=number, people=INTERVIEWERS)
        for number, end in enumerate(control.ROUNDS, 1)
    )
    touches = tuple(
        Touch(f"t{number}", person, DIRECTIONS[way], at, "email", why if way == "out" else None)
        for number, (person, way, why, at, _) in enumerate(control.TOUCHES)
    )
    one = Opportunity("o", "Acme", "Data engineer", people=people, interviews=interviews, touches=touches)
    return Facts(CALENDAR, (one,))


def document(numbers: range) -> dict[str, Any]:
    """As many opportunities, each with people of its own."""
    return {"at": control.AT.isoformat(), "opportunities": [_opportunity(number) for number in numbers]}


def _opportunity(number: int) -> dict[str, Any]:
    (one,) = facts().opportunities
    return {
        "key": f"o{number}",
        "company": f"Acme {number}",
        "role": one.role,
        "people": [_person(each, number) for each in one.people],
        "interviews": [_interview(each, number) for each in one.interviews],
        "touches": [_touch(each, number) for each in one.touches],
    }


def _person(person: Person, number: int) -> dict[str, Any]:
    email = f"{person.key}@{number}.example"
    return {"key": f"{person.key}{number}", "name": person.name, "roles": [*person.roles], "email": email}


def _interview(interview: Interview, number: int) -> dict[str, Any]:
    return {
        "key": interview.key,
        "round": interview.round,
        "starts_at": interview.starts_at.isoformat(),
        "ends_at": interview.ends_at.isoformat(),
        "time_zone": "America/New_York",
        "people": [f"{each}{number}" for each in interview.people],
    }


def _touch(touch: Touch, number: int) -> dict[str, Any]:
    told = {"key": touch.key, "person": f"{touch.person}{number}", "direction": touch.direction, "channel": "email"}
    purpose = {} if touch.purpose is None else {"purpose": touch.purpose}
    return {**told, **purpose, "at": touch.at.isoformat()}
