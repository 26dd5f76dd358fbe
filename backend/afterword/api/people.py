"""People as requests name them: by the id of a contact, or with a name and what is known of them."""

from typing import Annotated

from pydantic import Field, StrictBool

from afterword.api.fields import ChannelName, Email, Given, Identifier, Line, Name, Role, Told

Roles = Annotated[list[Role], Field(max_length=5)]


class NamedPerson(Given):
    """Somebody who takes part: a contact's id, or a name.

    Somebody with this email, or of this name in the same opportunity, is recognised and not made twice.
    """

    contact_id: Identifier | None = None
    name: Name | None = None
    roles: Roles | None = None
    email: Email | None = None
    phone: Line | None = None
    linkedin: Line | None = None
    postal_address: Line | None = None
    preferred_channel: ChannelName | None = None
    do_not_contact: StrictBool | None = None
    point_of_contact: StrictBool | None = None
    connected: StrictBool | None = None


NamedPeople = Annotated[list[NamedPerson], Field(max_length=30)]


class OpportunityPerson(Told):
    """A contact in an opportunity."""

    contact_id: str
    name: str
    email: str | None
    phone: str | None
    linkedin: str | None
    postal_address: str | None
    preferred_channel: ChannelName | None
    do_not_contact: bool
    roles: list[Role]
    point_of_contact: bool
    connected: bool


class Participant(Told):
    """A contact in an interview; the roles are those in its opportunity."""

    contact_id: str
    name: str
    email: str | None
    roles: list[Role]
