"""Contacts: made, changed and removed; what is planned for them follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from afterword.errors import Conflict, NotFound
from afterword.services.planner import plan_after_change
from afterword.storage import contacts as stored
from afterword.storage.contacts import Contact
from afterword.storage.database import Session
from afterword.storage.identifiers import new_id


def create(session: Session, account_id: str, values: Mapping[str, Any], now: datetime) -> tuple[Contact, bool]:
    """The contact, and whether it is new: one with a known external id is the existing one."""
    external_id = values.get("external_id")
    known = stored.find_by_external_id(session, account_id, external_id) if external_id else None
    return (known, False) if known else (add(session, account_id, values, now), True)


def add(session: Session, account_id: str, values: Mapping[str, Any], now: datetime) -> Contact:
    identifier = new_id("con")
    made = {"id": identifier, "account_id": account_id, "created_at": now, "updated_at": now}
    stored.add(session, {**values, **made})
    return find(session, account_id, identifier)


def find(session: Session, account_id: str, contact_id: str) -> Contact:
    found = stored.find(session, account_id, contact_id)
    if found is None:
        raise NotFound.of("contact", contact_id)
    return found


def listed(
    session: Session, account_id: str, *, email: str | None, name: str | None, after: str | None, limit: int
) -> list[Contact]:
    return stored.page(session, account_id, email=email, name=name, after=after, limit=limit)


def change(session: Session, contact: Contact, account_id: str, values: Mapping[str, Any], now: datetime) -> Contact:
    changed = {key: value for key, value in values.items() if getattr(contact, key) != value}
    if not changed:
        return contact
    require_free_external_id(session, account_id, changed.get("external_id"))
    stored.change(session, account_id, contact.id, {**changed, "updated_at": now})
    plan_after_change(session, account_id, stored.opportunities_of(session, account_id, contact.id), now)
    return find(session, account_id, contact.id)


def require_free_external_id(session: Session, account_id: str, external_id: str | None) -> None:
    other = stored.find_by_external_id(session, account_id, external_id) if external_id else None
    if other:
        raise Conflict(f"external_id is already that of contact {other.id}. Each can belong to one contact.")


def remove(session: Session, account_id: str, contact: Contact) -> None:
    """Remove somebody who takes part in nothing; whoever does stays, with what was said to them."""
    there = stored.opportunities_of(session, account_id, contact.id)
    if there:
        raise Conflict(
            f"{contact.name} takes part in {len(there)} opportunities, such as {there[0]}. "
            "Take them out of `people` there first, or set do_not_contact."
        )
    stored.remove(session, account_id, contact.id)
