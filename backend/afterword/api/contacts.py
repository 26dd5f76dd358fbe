"""Contacts: the people somebody meets, each once, in however many opportunities."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import MISSING, StrictBool

from afterword.api import etags
from afterword.api.deps import Changing, Creating, Reading
from afterword.api.fields import ChannelName, Email, ExternalId, Given, Identifier, Instant, Line, Name, Searched, Told
from afterword.api.pages import Page, Pages
from afterword.api.routes import router
from afterword.services import contacts

routes = router("contacts")


class NewContact(Given):
    name: Name
    email: Email | None = None
    phone: Line | None = None
    linkedin: Line | None = None
    postal_address: Line | None = None
    preferred_channel: ChannelName | None = None
    do_not_contact: StrictBool = False
    external_id: ExternalId | None = None


class ContactChange(Given):
    """Fields to change; those left out are kept, null takes away."""

    name: Name | MISSING = MISSING
    email: Email | MISSING | None = MISSING
    phone: Line | MISSING | None = MISSING
    linkedin: Line | MISSING | None = MISSING
    postal_address: Line | MISSING | None = MISSING
    preferred_channel: ChannelName | MISSING | None = MISSING
    do_not_contact: StrictBool | MISSING = MISSING
    external_id: ExternalId | MISSING | None = MISSING


class Contact(Told):
    id: str
    name: str
    email: str | None
    phone: str | None
    linkedin: str | None
    postal_address: str | None
    preferred_channel: ChannelName | None
    do_not_contact: bool
    external_id: str | None
    created_at: Instant
    updated_at: Instant


class ContactPage(Page[Contact]):
    """A page of contacts."""


@routes.post("/contacts", status_code=201, operation_id="create_contact")
def create_contact(body: NewContact, access: Creating, response: Response) -> Contact:
    """Add somebody. A known `external_id` answers 200 with the contact that has it."""
    contact, new = contacts.create(access.session, access.account_id, body.model_dump(), access.now)
    response.status_code = 201 if new else 200
    response.headers["ETag"] = etags.of_version(contact.version)
    return Contact.model_validate(contact)


@routes.get("/contacts", operation_id="list_contacts")
def list_contacts(
    access: Reading,
    pages: Pages,
    email: Annotated[Searched | None, Query(description="The whole address, in any case.")] = None,
    name: Annotated[Searched | None, Query(description="The whole name, in any case.")] = None,
) -> ContactPage:
    """Contacts, oldest first."""
    found = contacts.listed(
        access.session, access.account_id, email=email, name=name, after=pages.after, limit=pages.one_more
    )
    next_cursor = pages.next_cursor([each.id for each in found])
    return ContactPage(items=[Contact.model_validate(each) for each in found[: pages.limit]], next_cursor=next_cursor)


@routes.get("/contacts/{contact_id}", operation_id="get_contact")
def get_contact(contact_id: Identifier, access: Reading, response: Response) -> Contact:
    """One contact."""
    contact = contacts.find(access.session, access.account_id, contact_id)
    response.headers["ETag"] = etags.of_version(contact.version)
    return Contact.model_validate(contact)


@routes.patch("/contacts/{contact_id}", operation_id="change_contact")
def change_contact(contact_id: Identifier, body: ContactChange, access: Changing, response: Response) -> Contact:
    """Change what is known of somebody; what is planned for them follows."""
    contact = contacts.find(access.session, access.account_id, contact_id)
    access.require_unchanged(etags.of_version(contact.version))
    contact = contacts.change(access.session, contact, access.account_id, body.values(), access.now)
    response.headers["ETag"] = etags.of_version(contact.version)
    return Contact.model_validate(contact)


@routes.delete("/contacts/{contact_id}", status_code=204, operation_id="delete_contact")
def delete_contact(contact_id: Identifier, access: Changing) -> None:
    """Remove somebody who takes part in no opportunity."""
    contact = contacts.find(access.session, access.account_id, contact_id)
    access.require_unchanged(etags.of_version(contact.version))
    contacts.remove(access.session, access.account_id, contact)
