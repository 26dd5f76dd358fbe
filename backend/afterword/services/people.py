"""People named in a request: an existing contact's id, or somebody known by email or name, or somebody new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from afterword.errors import FieldProblem, InvalidInput
from afterword.services import contacts
from afterword.storage import contacts as stored_contacts
from afterword.storage import opportunities as stored_opportunities
from afterword.storage import people as stored
from afterword.storage.contacts import Contact
from afterword.storage.database import Session
from afterword.storage.identifiers import new_id
from afterword.storage.people import Person

MOST_PEOPLE = 30
_PLACE = ("roles", "point_of_contact", "connected")
_CONTACT = ("name", "email", "phone", "linkedin", "postal_address", "preferred_channel", "do_not_contact")


def named(
    session: Session, account_id: str, opportunity_id: str, people: Sequence[Mapping[str, Any]], now: datetime
) -> list[str]:
    """The contact ids of the people named, each now with a place in the opportunity, in their order."""
    there = {each.contact_id: each for each in _of(session, account_id, opportunity_id)}
    found: list[str] = []
    for number, values in enumerate(people):
        contact = _contact(session, account_id, opportunity_id, values, f"people.{number}", now)
        if contact.id in found:
            raise InvalidInput.at(f"people.{number}", f"names {contact.name} a second time; name everybody once")
        _place(session, account_id, opportunity_id, contact.id, there.get(contact.id), values)
        found.append(contact.id)
    if len(there.keys() | set(found)) > MOST_PEOPLE:
        raise InvalidInput.at("people", f"would be more than the {MOST_PEOPLE} people that an opportunity can have")
    if _of(session, account_id, opportunity_id) != list(there.values()):
        stored_opportunities.change(session, account_id, opportunity_id, {"updated_at": now})
    return found


def replace(
    session: Session, account_id: str, opportunity_id: str, people: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """Make the people of an opportunity exactly those named."""
    before = _of(session, account_id, opportunity_id)
    kept = named(session, account_id, opportunity_id, people, now)
    gone = [each for each in before if each.contact_id not in kept]
    _require_unused(session, account_id, opportunity_id, gone)
    for each in gone:
        stored.remove(session, account_id, opportunity_id, each.contact_id)


def require_places(
    session: Session, account_id: str, opportunity_id: str, contact_ids: Mapping[str, str | None]
) -> None:
    """Refuse fields (by path) that name a contact who is not one of the opportunity's people."""
    there = {each.contact_id for each in _of(session, account_id, opportunity_id)}
    problems = tuple(
        FieldProblem(path, f"{contact_id} is not one of the people of this opportunity; add them to it first")
        for path, contact_id in contact_ids.items()
        if contact_id is not None and contact_id not in there
    )
    if problems:
        raise InvalidInput("Somebody is named who does not take part in this opportunity.", problems)


def _of(session: Session, account_id: str, opportunity_id: str) -> list[Person]:
    return stored.of_opportunities(session, account_id, [opportunity_id]).get(opportunity_id, [])


def _contact(
    session: Session, account_id: str, opportunity_id: str, values: Mapping[str, Any], path: str, now: datetime
) -> Contact:
    details = {key: values[key] for key in _CONTACT if values.get(key) is not None}
    if values.get("contact_id"):
        named = _known(session, account_id, values["contact_id"], path)
        return _completed(session, account_id, named, details, now)
    known = _recognised(session, account_id, opportunity_id, details)
    if known:
        return _completed(session, account_id, known, details, now)
    if not details.get("name"):
        raise InvalidInput.at(f"{path}.name", "is missing: nobody here has this email; say what they are called")
    return contacts.add(session, account_id, {"do_not_contact": False, **details}, now)


def _known(session: Session, account_id: str, contact_id: str, path: str) -> Contact:
    found = stored_contacts.find(session, account_id, contact_id)
    if found is None:
        raise InvalidInput.at(f"{path}.contact_id", "is not the id of a contact; leave it out and give a name")
    return found


def _recognised(session: Session, account_id: str, opportunity_id: str, details: Mapping[str, Any]) -> Contact | None:
    if "email" in details:
        found = stored_contacts.first_with_email(session, account_id, details["email"])
        if found:
            return found
    return _namesake(session, account_id, opportunity_id, details)


def _namesake(session: Session, account_id: str, opportunity_id: str, details: Mapping[str, Any]) -> Contact | None:
    # Somebody of the same name with another address is somebody else.
    if "name" not in details:
        return None
    found = stored_contacts.first_with_name_in(session, account_id, opportunity_id, details["name"])
    return found if found and ("email" not in details or found.email is None) else None


def _completed(
    session: Session, account_id: str, contact: Contact, details: Mapping[str, Any], now: datetime
) -> Contact:
    """Fill in what was not known; nothing that was is overwritten."""
    blanks = {key: value for key, value in details.items() if getattr(contact, key) in (None, False) and value}
    return contacts.change(session, contact, account_id, blanks, now)


def _place(
    session: Session,
    account_id: str,
    opportunity_id: str,
    contact_id: str,
    there: Person | None,
    values: Mapping[str, Any],
) -> None:
    given = {key: values[key] for key in _PLACE if key in values and values[key] is not None}
    if there is None:
        place = {"account_id": account_id, "opportunity_id": opportunity_id, "contact_id": contact_id}
        blank = {"roles": [], "point_of_contact": False, "connected": False}
        stored.add(session, {"id": new_id("per"), **place, **blank, **given})
    elif given:
        stored.change(session, account_id, opportunity_id, contact_id, given)


def _require_unused(session: Session, account_id: str, opportunity_id: str, gone: Sequence[Person]) -> None:
    used = stored.in_use(session, account_id, opportunity_id)
    for person in gone:
        if person.contact_id in used:
            raise InvalidInput.at(
                "people", f"leaves out {person.name}, who took part in an interview or was written to; keep them"
            )
