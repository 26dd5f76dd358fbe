"""A facts document stored: the same facts, the same answers, with ids where the document had keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from afterword.errors import FieldProblem, InvalidInput
from afterword.formats.facts_document import FactsDocument, OpportunityPart
from afterword.formats.facts_reading import question
from afterword.policy.facts import Calendar, Facts, Interview, Mark, Opportunity, Person, Touch
from afterword.policy.offsets import zone_with
from afterword.services import accounts, contacts, playbooks
from afterword.services.limits import CLOCKS_DIFFER_BY
from afterword.services.planner import plan_after_change
from afterword.storage import contacts as stored_contacts
from afterword.storage import interviews, marks, opportunities, outcomes, people, touches
from afterword.storage.database import Session
from afterword.storage.facts import WEEKDAYS
from afterword.storage.identifiers import new_id

_DETAILS = ("email", "phone", "linkedin", "postal_address", "preferred_channel")


@dataclass
class Import:
    """What became of the document's keys: contacts by key, the rest by the keys of opportunity and part."""

    account_id: str
    now: datetime
    contacts: dict[str, str] = field(default_factory=dict)
    opportunities: dict[str, str] = field(default_factory=dict)
    interviews: dict[tuple[str, str], str] = field(default_factory=dict)

    def owned(self, prefix: str) -> dict[str, Any]:
        """The columns that every new row has."""
        return {"id": new_id(prefix), "account_id": self.account_id, "created_at": self.now, "updated_at": self.now}


def store(session: Session, account_id: str, document: FactsDocument, now: datetime) -> Import:
    """Store all of a document or none of it. An account without opportunities takes over its calendar and playbook."""
    facts = question(document).facts
    playbook_id = _playbook_id(session, account_id, document)
    _refuse_unstorable(document)
    _refuse_future(document, now)
    made = Import(account_id, now)
    is_empty = not opportunities.page(session, account_id, company=None, outcome=None, after=None, limit=1)
    settings = _settings(document, facts.calendar, playbook_id) if is_empty else {}
    accounts.change(session, accounts.find(session, account_id), settings, now)
    _store_contacts(session, made, facts)
    for opportunity, part in zip(facts.opportunities, document.opportunities, strict=True):
        own_playbook = playbook_id if "playbook" not in settings else None
        _store_opportunity(session, made, opportunity, {"holidays": part.holidays, "playbook_id": own_playbook})
    plan_after_change(session, account_id, made.opportunities.values(), now)
    return made


def _playbook_id(session: Session, account_id: str, document: FactsDocument) -> str | None:
    if "playbook" not in document.model_fields_set:
        return None
    if not isinstance(document.playbook, str):
        raise InvalidInput.at("playbook", "cannot be a whole playbook in an import; name one by its id")
    return playbooks.available(session, account_id, document.playbook).id


def _refuse_unstorable(document: FactsDocument) -> None:
    """Refuse what the other routes would not have stored either."""
    problems = [
        problem
        for number, part in enumerate(document.opportunities)
        for problem in _blank_names(part, f"opportunities.{number}")
    ]
    if problems:
        raise InvalidInput("The facts document cannot be stored.", tuple(problems))


def _blank_names(part: OpportunityPart, path: str) -> Iterator[FieldProblem]:
    names = {"company": part.company, "role": part.role}
    names |= {f"people.{place}.name": person.name for place, person in enumerate(part.people)}
    for field_name, name in names.items():
        if name is not None and not name.strip():
            yield FieldProblem(f"{path}.{field_name}", "must not be blank")


def _refuse_future(document: FactsDocument, now: datetime) -> None:
    for number, part in enumerate(document.opportunities):
        happened = {f"touches.{place}.at": touch.at for place, touch in enumerate(part.touches)}
        happened |= {f"marks.{place}.at": mark.at for place, mark in enumerate(part.marks)}
        if part.outcome is not None:
            happened["outcome.at"] = part.outcome.at
        for path, at in happened.items():
            if at > now + CLOCKS_DIFFER_BY:
                raise InvalidInput.at(f"opportunities.{number}.{path}", "is in the future; store what has happened")


def _settings(document: FactsDocument, calendar: Calendar, playbook_id: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {} if playbook_id is None else {"playbook": playbook_id}
    if "calendar" in document.model_fields_set:
        found |= {
            "time_zone": zone_name(calendar.zone, "calendar.time_zone"),
            "working_days": [WEEKDAYS[day] for day in sorted(calendar.working_days)],
            "holidays": document.calendar.holidays,
            "contact_from": calendar.contact_from.isoformat("minutes"),
            "contact_until": calendar.contact_until.isoformat("minutes"),
        }
    return found


def zone_name(zone: tzinfo, path: str) -> str:
    """The IANA name of a zone; of a bare offset only whole hours have one."""
    if isinstance(zone, ZoneInfo):
        return zone.key
    name = zone_with(zone.utcoffset(None) or timedelta(0))
    if name is None:
        raise InvalidInput.at(path, "is missing, and no zone has just this offset; name one like Asia/Kolkata")
    return name


def _store_contacts(session: Session, made: Import, facts: Facts) -> None:
    known = _known_contacts(session, made.account_id, facts)
    for person in (person for opportunity in facts.opportunities for person in opportunity.people):
        details = {name: getattr(person, name) for name in _DETAILS if getattr(person, name) is not None}
        if person.key in made.contacts:
            _complete(session, made, person, details)
        elif person.key in known:
            made.contacts[person.key] = known[person.key]
        else:
            row = {**dict.fromkeys(_DETAILS), **details, "name": person.name, "do_not_contact": person.do_not_contact}
            made.contacts[person.key] = contacts.add(session, made.account_id, row, made.now).id


def _known_contacts(session: Session, account_id: str, facts: Facts) -> dict[str, str]:
    """Contacts that the account had before, by the key of the one person in the document with their address."""
    found: dict[str, str] = {}
    for person in (person for opportunity in facts.opportunities for person in opportunity.people):
        contact = stored_contacts.first_with_email(session, account_id, person.email) if person.email else None
        if contact is not None and contact.id not in found.values():
            found.setdefault(person.key, contact.id)
    return found


def _complete(session: Session, made: Import, person: Person, details: Mapping[str, Any]) -> None:
    contact = contacts.find(session, made.account_id, made.contacts[person.key])
    blanks = {name: value for name, value in details.items() if getattr(contact, name) is None}
    if person.do_not_contact:
        blanks["do_not_contact"] = True
    contacts.change(session, contact, made.account_id, blanks, made.now)


def _store_opportunity(session: Session, made: Import, opportunity: Opportunity, extra: Mapping[str, Any]) -> None:
    row = made.owned("opp")
    made.opportunities[opportunity.key] = row["id"]
    opportunities.add(
        session,
        {
            **row,
            **extra,
            "company": opportunity.company,
            "role": opportunity.role,
            "applied_on": opportunity.applied_on,
            "long_process": opportunity.long_process,
        },
    )
    for person in opportunity.people:
        _store_person(session, made, row["id"], person)
    for interview in opportunity.interviews:
        _store_interview(session, made, opportunity.key, interview)
    for touch in opportunity.touches:
        _store_touch(session, made, opportunity.key, touch)
    for mark in opportunity.marks:
        _store_mark(session, made, opportunity.key, mark)
    _store_outcome(session, made, row["id"], opportunity)


def _store_person(session: Session, made: Import, opportunity_id: str, person: Person) -> None:
    place = {
        "id": new_id("per"),
        "account_id": made.account_id,
        "opportunity_id": opportunity_id,
        "contact_id": made.contacts[person.key],
        "roles": list(person.roles),
        "point_of_contact": person.point_of_contact,
        "connected": person.connected,
    }
    people.add(session, place)


def _store_interview(session: Session, made: Import, opportunity: str, interview: Interview) -> None:
    row = made.owned("int")
    opportunity_id = made.opportunities[opportunity]
    made.interviews[(opportunity, interview.key)] = row["id"]
    copied = (
        "round", "format", "status", "status_at", "missed_by", "starts_at", "ends_at", "scheduled_at", "decision_on",
        "follow_up_channel",
    )  # fmt: skip
    interviews.add(
        session,
        {
            **row,
            **{name: getattr(interview, name) for name in copied},
            "opportunity_id": opportunity_id,
            "time_zone": zone_name(interview.zone, f"opportunities.{opportunity}.interviews.{interview.key}.time_zone"),
            "decision_said_by": _contact(made, interview.decision_said_by),
        },
    )
    taking_part = [made.contacts[key] for key in interview.people]
    people.replace_participants(session, made.account_id, opportunity_id, row["id"], taking_part)


def _store_touch(session: Session, made: Import, opportunity: str, touch: Touch) -> None:
    copied = ("direction", "purpose", "channel", "at", "decision_on", "automatic")
    touches.add(
        session,
        {
            **made.owned("tch"),
            **{name: getattr(touch, name) for name in copied},
            "opportunity_id": made.opportunities[opportunity],
            "contact_id": _contact(made, touch.person or None),
            "interview_id": _interview(made, opportunity, touch.interview),
        },
    )


def _store_mark(session: Session, made: Import, opportunity: str, mark: Mark) -> None:
    marks.add(
        session,
        made.account_id,
        marks.Mark(
            id=new_id("mrk"),
            kind=mark.kind,
            opportunity_id=made.opportunities[opportunity],
            interview_id=_interview(made, opportunity, mark.interview),
            contact_id=_contact(made, mark.person),
            attempt=mark.attempt,
            wait=None,
            state=mark.state,
            at=mark.at,
            until=mark.until,
            note=None,
            touch_id=None,
        ),
    )


def _store_outcome(session: Session, made: Import, opportunity_id: str, opportunity: Opportunity) -> None:
    outcome = opportunity.outcome
    if outcome is not None:
        row = {
            "id": new_id("out"),
            "account_id": made.account_id,
            "opportunity_id": opportunity_id,
            "status": outcome.status,
            "at": outcome.at,
            "start_date": outcome.start_date,
            "answer_by": outcome.answer_by,
            "created_at": made.now,
        }
        outcomes.add(session, row)


def _contact(made: Import, key: str | None) -> str | None:
    return None if key is None else made.contacts[key]


def _interview(made: Import, opportunity: str, key: str | None) -> str | None:
    return None if key is None else made.interviews[(opportunity, key)]
