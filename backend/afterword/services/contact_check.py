"""Whether somebody may be written to, asked of the stored facts: the same holds that stand beside the actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from afterword.errors import Conflict, FieldProblem, InvalidInput, InvalidPlaybook, NotFound
from afterword.formats.contact_check import told
from afterword.playbooks import shelf
from afterword.policy.contact_check import Advised, Answer, Message, answer
from afterword.policy.engine import evaluate
from afterword.policy.facts import Facts, Opportunity, Person
from afterword.services import contacts
from afterword.services.advice import advice
from afterword.services.playbooks import in_force
from afterword.storage import contacts as stored
from afterword.storage import next_actions, planned
from afterword.storage.contacts import Contact
from afterword.storage.database import Session
from afterword.storage.facts import Scope, read_facts

MOST_WITH_ONE_ADDRESS = 20
#: The opportunity of somebody who takes part in none: they may have to be left alone all the same.
NOWHERE = ""
#: Purposes of messages that fulfil no kind of action.
NO_KIND = frozenset({"reply", "other"})


@dataclass(frozen=True, slots=True)
class Query:
    """The message asked about. None leaves a field free; `at` None is the present. One of the first two is given."""

    contact_id: str | None = None
    email: str | None = None
    opportunity_id: str | None = None
    channel: str | None = None
    purpose: str | None = None
    at: datetime | None = None


def contact_check(session: Session, account_id: str, query: Query, now: datetime) -> dict[str, Any]:
    """Whether the message may be sent, what speaks against it, and what could be done instead.

    Where several contacts have the one address, each of them has to be free to be written to.
    """
    if query.opportunity_id and not next_actions.exists_in(session, account_id, "opportunity", query.opportunity_id):
        raise NotFound.of("opportunity", query.opportunity_id)
    found = _contacts(session, account_id, query)
    places = {each.id: _places(session, account_id, each, query) for each in found}
    about = [each for each in found if places[each.id]] if query.opportunity_id else found
    if not about:
        raise _not_there(found[0])
    told_of = [_checked(session, account_id, each, places[each.id], query, query.at or now) for each in about]
    return next((each for each in told_of if not each["allowed"]), told_of[0])


def _contacts(session: Session, account_id: str, query: Query) -> Sequence[Contact]:
    if (query.contact_id is None) == (query.email is None):
        wrong = "is one of two ways to say who is meant; send either contact_id or email, and not both"
        raise InvalidInput(
            "Say who is to be written to: send either contact_id or email.",
            (FieldProblem("contact_id", wrong), FieldProblem("email", wrong)),
        )
    if query.contact_id is not None:
        return (contacts.find(session, account_id, query.contact_id),)
    same = stored.page(session, account_id, email=query.email, name=None, after=None, limit=MOST_WITH_ONE_ADDRESS)
    if not same:
        raise NotFound(f"There is no contact with the address {query.email} in this account.")
    return same


def _places(session: Session, account_id: str, contact: Contact, query: Query) -> Sequence[str]:
    there = stored.opportunities_of(session, account_id, contact.id)
    return [each for each in there if query.opportunity_id in (None, each)]


def _not_there(contact: Contact) -> InvalidInput:
    text = f"is no opportunity that {contact.name} takes part in; leave it out to ask about all of theirs"
    return InvalidInput.at("opportunity_id", text)


def _checked(
    session: Session, account_id: str, contact: Contact, places: Sequence[str], query: Query, at: datetime
) -> dict[str, Any]:
    ask = _asking(session, account_id, contact, places, query)
    advised = ask(at)
    _refuse_unknown_purpose(advised, query.purpose)
    opportunity = query.opportunity_id if places else NOWHERE
    message = Message(contact.id, opportunity, query.channel, query.purpose)
    found: Answer = answer(lambda then: advised if then == at else ask(then), message, at)
    return told(found, message, advised)


def _asking(
    session: Session, account_id: str, contact: Contact, places: Sequence[str], query: Query
) -> Callable[[datetime], Advised]:
    """What is advised at any instant. A time that is travelled to may have known of offers that no longer stand."""
    if not places:
        return lambda at: _advised_nowhere(session, account_id, contact, at)
    scope = Scope(account_id, None if query.at else planned.bearing_on(session, account_id, places))

    def ask(at: datetime) -> Advised:
        facts = read_facts(session, scope, at)
        known = advice(session, account_id, facts, at)
        for each in known.unread:
            if each.opportunity in places:
                raise _unjudged(each.why)
        return Advised(known.timeline, facts.facts, known.playbooks)

    return ask


def _advised_nowhere(session: Session, account_id: str, contact: Contact, at: datetime) -> Advised:
    known = read_facts(session, Scope(account_id, frozenset()), at)
    alone = Facts(known.facts.calendar, (Opportunity(NOWHERE, company="", people=(_person(contact),)),))
    try:
        playbook = in_force(session, account_id, known.default_playbook, known.default_version)
    except InvalidPlaybook as unread:
        raise _unjudged(unread.detail) from None
    return Advised(evaluate(playbook, alone, at), alone, {NOWHERE: playbook})


def _unjudged(why: str) -> Conflict:
    return Conflict(f"No playbook can say whether it may be sent. {why}")


def _person(contact: Contact) -> Person:
    return Person(
        key=contact.id,
        name=contact.name,
        email=contact.email,
        phone=contact.phone,
        linkedin=contact.linkedin,
        postal_address=contact.postal_address,
        preferred_channel=contact.preferred_channel,
        do_not_contact=contact.do_not_contact,
    )


def _refuse_unknown_purpose(advised: Advised, purpose: str | None) -> None:
    """A purpose that was misspelt is forbidden by nothing, and must not pass for one that is allowed."""
    playbooks = (*advised.playbooks.values(), *shelf.known().values())
    kinds = {rule.kind for playbook in playbooks for rule in playbook.rules} | NO_KIND
    kinds |= {kind for playbook in playbooks for hold in playbook.holds for kind in hold.forbids}
    if purpose is not None and purpose not in kinds:
        raise InvalidInput.at(
            "purpose", f"is no kind that a playbook here knows; there are: {', '.join(sorted(kinds))}"
        )
