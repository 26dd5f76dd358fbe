"""Contacts: people of an account, whichever opportunities they take part in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from afterword.storage import rows
from afterword.storage.database import Session
from afterword.storage.tables import contacts, people


@dataclass(frozen=True, slots=True)
class Contact:
    id: str
    name: str
    email: str | None
    phone: str | None
    linkedin: str | None
    postal_address: str | None
    preferred_channel: str | None
    do_not_contact: bool
    external_id: str | None
    version: int
    created_at: datetime
    updated_at: datetime


def find(session: Session, account_id: str, contact_id: str) -> Contact | None:
    return rows.find(session, Contact, contacts, rows.mine(contacts, account_id, contact_id))


def find_by_external_id(session: Session, account_id: str, external_id: str) -> Contact | None:
    known = (contacts.c.account_id == account_id, contacts.c.external_id == external_id)
    return rows.find(session, Contact, contacts, *known)


def first_with_email(session: Session, account_id: str, email: str) -> Contact | None:
    found = page(session, account_id, email=email, name=None, after=None, limit=1)
    return found[0] if found else None


def first_with_name_in(session: Session, account_id: str, opportunity_id: str, name: str) -> Contact | None:
    """The first of an opportunity's people with exactly this name."""
    there = select(people.c.contact_id).where(
        people.c.account_id == account_id, people.c.opportunity_id == opportunity_id
    )
    conditions = (contacts.c.account_id == account_id, contacts.c.name == name, contacts.c.id.in_(there))
    found = rows.page(session, Contact, contacts, conditions, None, 1)
    return found[0] if found else None


def page(
    session: Session, account_id: str, *, email: str | None, name: str | None, after: str | None, limit: int
) -> list[Contact]:
    conditions: list[ColumnElement[bool]] = [contacts.c.account_id == account_id]
    if email is not None:
        conditions.append(contacts.c.email_key == email.casefold())
    if name is not None:
        conditions.append(contacts.c.name_key == name.casefold())
    return rows.page(session, Contact, contacts, conditions, after, limit)


def add(session: Session, values: Mapping[str, Any]) -> None:
    rows.add(session, contacts, {**values, **_keys(values), "version": 1})


def change(session: Session, account_id: str, contact_id: str, values: Mapping[str, Any]) -> None:
    changed = {**values, **_keys(values), "version": contacts.c.version + 1}
    rows.change(session, contacts, changed, rows.mine(contacts, account_id, contact_id))


def remove(session: Session, account_id: str, contact_id: str) -> None:
    rows.remove(session, contacts, rows.mine(contacts, account_id, contact_id))


def opportunities_of(session: Session, account_id: str, contact_id: str) -> list[str]:
    """The ids of the opportunities that somebody takes part in."""
    statement = select(people.c.opportunity_id).where(
        people.c.account_id == account_id, people.c.contact_id == contact_id
    )
    return list(session.scalars(statement.order_by(people.c.opportunity_id)))


def _keys(values: Mapping[str, Any]) -> dict[str, str | None]:
    """What lists are searched by: the same text without case."""
    return {
        f"{field}_key": None if values[field] is None else values[field].casefold()
        for field in ("name", "email")
        if field in values
    }
