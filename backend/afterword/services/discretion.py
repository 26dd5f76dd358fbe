"""What is left out of the facts before somebody with a share link is told of them."""

from __future__ import annotations

from dataclasses import replace

from afterword.storage import accounts
from afterword.storage.accounts import Account
from afterword.storage.database import Session
from afterword.storage.facts import StoredFacts


def account_name(session: Session, account: Account) -> str | None:
    """What the owner calls the account; None where that is still the beginning of an address, as at sign-up."""
    addresses = accounts.addresses_of(session, account.id)
    return None if account.name in {shown_name(address) for address in addresses} else account.name


def shown_name(name: str) -> str:
    """A person's name; of one that is an address, as calendars give it, what stands before the @."""
    return name.partition("@")[0] or name


def without_addresses(stored: StoredFacts) -> StoredFacts:
    """The same facts with nobody's address for a name."""
    opportunities = tuple(
        replace(each, people=tuple(replace(person, name=shown_name(person.name)) for person in each.people))
        for each in stored.facts.opportunities
    )
    return replace(stored, facts=replace(stored.facts, opportunities=opportunities))


def naming_only(stored: StoredFacts, opportunity_id: str) -> StoredFacts:
    """The same facts without the names of other employers: an offer of theirs can be the reason for a message here."""
    opportunities = tuple(
        each if each.key == opportunity_id else replace(each, company="another employer")
        for each in stored.facts.opportunities
    )
    return replace(stored, facts=replace(stored.facts, opportunities=opportunities))
