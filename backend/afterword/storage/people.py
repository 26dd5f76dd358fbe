"""People: the places that contacts have in opportunities and in interviews."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from afterword.storage import rows
from afterword.storage.database import Session
from afterword.storage.tables import contacts, interview_people, interviews, people, touches


@dataclass(frozen=True, slots=True)
class Person:
    """A contact in an opportunity."""

    opportunity_id: str
    contact_id: str
    name: str
    email: str | None
    phone: str | None
    linkedin: str | None
    postal_address: str | None
    preferred_channel: str | None
    do_not_contact: bool
    roles: list[str]
    point_of_contact: bool
    connected: bool


@dataclass(frozen=True, slots=True)
class Participant:
    """A contact in an interview."""

    interview_id: str
    contact_id: str
    name: str
    email: str | None
    roles: list[str]


_SAME_CONTACT = (people.c.account_id == contacts.c.account_id) & (people.c.contact_id == contacts.c.id)
_SAME_PERSON = (interview_people.c.opportunity_id == people.c.opportunity_id) & (
    interview_people.c.contact_id == people.c.contact_id
)


def of_opportunities(session: Session, account_id: str, ids: Iterable[str]) -> dict[str, list[Person]]:
    """The people of each opportunity, in the order they were named."""
    statement = (
        select(
            people.c.opportunity_id, people.c.contact_id, contacts.c.name, contacts.c.email, contacts.c.phone,
            contacts.c.linkedin, contacts.c.postal_address, contacts.c.preferred_channel, contacts.c.do_not_contact,
            people.c.roles, people.c.point_of_contact, people.c.connected,
        )
        .join(contacts, _SAME_CONTACT)
        .where(people.c.account_id == account_id, people.c.opportunity_id.in_(sorted(set(ids))))
        .order_by(people.c.id)
    )  # fmt: skip
    found: defaultdict[str, list[Person]] = defaultdict(list)
    for row in session.execute(statement).mappings():
        found[row["opportunity_id"]].append(Person(**row))
    return found


def of_interviews(session: Session, account_id: str, ids: Iterable[str]) -> dict[str, list[Participant]]:
    """Who took part in each interview, in the order they were named."""
    statement = (
        select(interview_people.c.interview_id, people.c.contact_id, contacts.c.name, contacts.c.email, people.c.roles)
        .join(people, _SAME_PERSON)
        .join(contacts, _SAME_CONTACT)
        .where(interview_people.c.account_id == account_id, interview_people.c.interview_id.in_(sorted(set(ids))))
        .order_by(interview_people.c.position)
    )
    found: defaultdict[str, list[Participant]] = defaultdict(list)
    for row in session.execute(statement):
        found[row.interview_id].append(Participant(*row))
    return found


def add(session: Session, values: Mapping[str, Any]) -> None:
    rows.add(session, people, values)


def change(session: Session, account_id: str, opportunity_id: str, contact_id: str, values: Mapping[str, Any]) -> None:
    place = (
        people.c.account_id == account_id,
        people.c.opportunity_id == opportunity_id,
        people.c.contact_id == contact_id,
    )
    rows.change(session, people, values, *place)


def remove(session: Session, account_id: str, opportunity_id: str, contact_id: str) -> None:
    place = (
        people.c.account_id == account_id,
        people.c.opportunity_id == opportunity_id,
        people.c.contact_id == contact_id,
    )
    rows.remove(session, people, *place)


def in_use(session: Session, account_id: str, opportunity_id: str) -> set[str]:
    """The contacts that an interview or touch of the opportunity speaks of."""
    speaks = [
        select(table.c[column]).where(table.c.account_id == account_id, table.c.opportunity_id == opportunity_id)
        for table, column in (
            (interview_people, "contact_id"),
            (touches, "contact_id"),
            (interviews, "decision_said_by"),
        )
    ]
    return {found for statement in speaks for found in session.scalars(statement) if found is not None}


def replace_participants(
    session: Session, account_id: str, opportunity_id: str, interview_id: str, contact_ids: Sequence[str]
) -> None:
    there = (interview_people.c.account_id == account_id, interview_people.c.interview_id == interview_id)
    rows.remove(session, interview_people, *there)
    if contact_ids:
        named = {
            "account_id": account_id,
            "opportunity_id": opportunity_id,
            "interview_id": interview_id,
        }
        session.execute(
            insert(interview_people),
            [{**named, "contact_id": each, "position": place} for place, each in enumerate(contact_ids)],
        )
