"""Small facts and rules, for tests of one part of the policy: an opportunity, two people, rounds of an hour, UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from afterword.policy.case import Case
from afterword.policy.facts import Calendar, Facts, Interview, Mark, Opportunity, Outcome, Person, Touch
from afterword.policy.playbook import Condition, HoldRule, Moment, Offset, Playbook, Point, Rule

INSTANT = timedelta(microseconds=1)
ANA = Person("ana", "Ana Ruiz", ("hiring_manager",), email="ana@acme.example")
BEN = Person("ben", "Ben Ode", ("interviewer",), email="ben@acme.example")


def utc(text: str) -> datetime:
    """The instant of a text such as "2026-03-03 15:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def interview(key: str = "i1", starts: str = "2026-03-03 14:00", minutes: int = 60, **fields: Any) -> Interview:
    starts_at = utc(starts)
    usual: dict[str, Any] = {"people": ("ana",)}
    return Interview(key, starts_at, starts_at + timedelta(minutes=minutes), **{**usual, **fields})


def opportunity(*rounds: Interview, key: str = "acme", **fields: Any) -> Opportunity:
    usual: dict[str, Any] = {"people": (ANA, BEN), "interviews": rounds}
    return Opportunity(key, key.title(), **{**usual, **fields})


def sent(kind: str, when: str, person: str = "ana", **fields: Any) -> Touch:
    return Touch(f"sent {when}", person, "outbound", utc(when), purpose=kind, **fields)


def reply(when: str, person: str = "ana", **fields: Any) -> Touch:
    return Touch(f"reply {when}", person, "inbound", utc(when), **fields)


def mark(kind: str, state: str, when: str, **fields: Any) -> Mark:
    return Mark(kind, state, utc(when), **fields)


def outcome(status: str, when: str, **fields: Any) -> Outcome:
    return Outcome(status, utc(when), **fields)


def counted_from(anchor: str, hours: float = 0, rule: str | None = None) -> Moment:
    return Moment((Point(anchor, Offset(elapsed=timedelta(hours=hours)), rule),))


def rule(id: str, subject: str = "interview", **fields: Any) -> Rule:
    """A rule without conditions that opens at the end of the interview."""
    usual: dict[str, Any] = {"kind": id, "title": f"Do {id}", "why": f"{id} helps.", "sources": ()}
    return Rule(id=id, subject=subject, **{**usual, "opens": counted_from("interview.end"), **fields})


def hold_rule(id: str, subject: str = "opportunity", **fields: Any) -> HoldRule:
    usual: dict[str, Any] = {"kind": id, "why": f"{id} matters.", "sources": ()}
    return HoldRule(id=id, subject=subject, **{**usual, **fields})


def when(*conditions: str) -> tuple[Condition, ...]:
    """Conditions written as "outcome: offer, rejected" or, without arguments, as "held"."""
    parts = [text.partition(": ") for text in conditions]
    return tuple(Condition(name, tuple(filter(None, arguments.split(", ")))) for name, _, arguments in parts)


def playbook(*rules: Rule | HoldRule) -> Playbook:
    own = tuple(each for each in rules if isinstance(each, Rule))
    return Playbook("mine", "1", "Mine", own, tuple(each for each in rules if isinstance(each, HoldRule)))


def facts(*opportunities: Opportunity, calendar: Calendar | None = None) -> Facts:
    return Facts(calendar or Calendar(), opportunities)


def case(now: str, told: Opportunity | Facts, *rules: Rule | HoldRule) -> Case:
    """The facts of one opportunity, or of several, seen with a playbook at an instant."""
    return Case(playbook(*rules), told if isinstance(told, Facts) else facts(told), utc(now), tells_past=True)
