"""The control of the evaluated answer: SQL written by hand, `evaluate` for each opportunity, a dump by msgspec."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from afterword.playbooks.loader import builtin
from afterword.policy.engine import evaluate
from afterword.policy.facts import Facts, Interview, Opportunity, Person, Touch
from benchmarks import control
from benchmarks.facts import CALENDAR

OPPORTUNITIES = "SELECT id, company, role FROM opportunities WHERE account_id = ? ORDER BY id"
PEOPLE = """SELECT p.opportunity_id, c.id, c.name, p.roles, c.email, p.point_of_contact, p.connected, c.do_not_contact
    FROM people p JOIN contacts c ON c.account_id = p.account_id AND c.id = p.contact_id
    WHERE p.account_id = ? ORDER BY p.id"""
INTERVIEWS = """SELECT opportunity_id, id, starts_at, ends_at, time_zone, round, format, status
    FROM interviews WHERE account_id = ? ORDER BY starts_at, id"""
PARTICIPANTS = "SELECT interview_id, contact_id FROM interview_people WHERE account_id = ? ORDER BY position"
TOUCHES = """SELECT opportunity_id, id, contact_id, direction, at, channel, purpose, interview_id, automatic
    FROM touches WHERE account_id = ? ORDER BY at, id"""


def answer(path: str, account_id: str) -> bytes:
    """What is listed of each opportunity, and what is held, as JSON."""
    playbook = builtin()["balanced"]
    timelines = [
        evaluate(playbook, Facts(CALENDAR, (opportunity,)), control.AT, past=False)
        for opportunity in _load(path, account_id)
    ]
    return msgspec.json.encode([(timeline.listed(), timeline.holds) for timeline in timelines])


def _load(path: str, account_id: str) -> list[Opportunity]:
    connection = sqlite3.connect(path)
    try:
        return _opportunities(lambda statement: connection.execute(statement, (account_id,)))
    finally:
        connection.close()


def _opportunities(rows: Callable[[str], Iterable[tuple[Any, ...]]]) -> list[Opportunity]:
    participants: defaultdict[str, list[str]] = defaultdict(list)
    for interview, contact in rows(PARTICIPANTS):
        participants[interview].append(contact)
    people: defaultdict[str, list[Person]] = defaultdict(list)
    for opportunity, key, name, roles, email, point, connected, refuses in rows(PEOPLE):
        people[opportunity].append(
            Person(
                key,
                name,
                tuple(json.loads(roles)),
                email,
                None,
                None,
                None,
                None,
                bool(point),
                bool(connected),
                bool(refuses),
            )
        )
    interviews: defaultdict[str, list[Interview]] = defaultdict(list)
    for opportunity, key, starts, ends, zone, number, format, status in rows(INTERVIEWS):
        interviews[opportunity].append(
            Interview(
                key, _at(starts), _at(ends), ZoneInfo(zone), number, format, status, people=tuple(participants[key])
            )
        )
    touches: defaultdict[str, list[Touch]] = defaultdict(list)
    for opportunity, key, person, direction, at, channel, purpose, about, automatic in rows(TOUCHES):
        touches[opportunity].append(
            Touch(key, person or "", direction, _at(at), channel, purpose, about, None, bool(automatic))
        )
    return [
        Opportunity(
            key,
            company,
            role,
            people=tuple(people[key]),
            interviews=tuple(interviews[key]),
            touches=tuple(touches[key]),
        )
        for key, company, role in rows(OPPORTUNITIES)
    ]


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
