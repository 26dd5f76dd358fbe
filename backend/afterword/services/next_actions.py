"""What to do next, as the policy sees the account's stored facts."""

from __future__ import annotations

import hashlib
import importlib.metadata
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from afterword.errors import NotFound
from afterword.formats.answer import IDS, answer
from afterword.formats.answer import action_id as id_of
from afterword.formats.instants import written
from afterword.playbooks import shelf
from afterword.policy.changes import changes
from afterword.policy.facts import Facts
from afterword.policy.timeline import LISTED_STATES, PAST, STATES, Action, Hold, Silence, Timeline
from afterword.services.advice import Advice, advice
from afterword.services.circles import bearing_on
from afterword.services.discretion import naming_only, without_addresses
from afterword.storage import next_actions as stored
from afterword.storage import planned
from afterword.storage.database import Session
from afterword.storage.facts import Scope, read_facts

USUAL_HORIZON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for. None leaves a field free; `at` None is the present, and `until` None the horizon."""

    at: datetime | None = None
    playbook: str | None = None
    opportunity_id: str | None = None
    interview_id: str | None = None
    contact_id: str | None = None
    states: tuple[str, ...] = LISTED_STATES
    until: datetime | None = None
    explain: bool = False
    limit: int = 100
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """The answer to a query, the offset of the next page if there is one, and when what is told changes by itself."""

    told: dict[str, Any]
    following: int | None
    changes_at: datetime | None


def next_actions(session: Session, account_id: str, query: Query, now: datetime, shared: bool = False) -> Page:
    """One page of what there is to do; `shared`, it is for whoever has a link."""
    refuse_unknown_subjects(session, account_id, query)
    at = query.at or now
    facts = read_facts(session, Scope(account_id), at)
    if shared:
        facts = without_addresses(facts)
    past = not PAST.isdisjoint(query.states)
    known = advice(session, account_id, facts, at, query.playbook, query.explain, past)
    timeline = _about(known.timeline, query, facts.facts)
    found = timeline.listed(query.states, query.until or horizon(at))
    end = query.offset + query.limit
    told = answer(timeline, found[query.offset : end], facts.facts, IDS, query.explain) | not_advised(known, query)
    changes_at = None if query.at else known.timeline.look_again_at
    return Page(told, end if end < len(found) else None, changes_at)


def horizon(at: datetime) -> datetime:
    """The end of the day, in UTC, thirty days on: all day long the same, so that an answer holds all day."""
    return (at + USUAL_HORIZON).astimezone(UTC).replace(hour=23, minute=59, second=59, microsecond=999_999)


def is_watched(session: Session, account_id: str, page: Page) -> bool:
    """Whether the account will be planned anew no later than the page changes, so that its tag may be given out. It
    will not where a worker whose clock is ahead has planned already, or where another playbook is asked than its own.
    """
    if page.changes_at is None:
        return True
    wake_at = stored.next_wake(session, account_id)
    return wake_at is not None and wake_at <= page.changes_at


def opportunity_timeline(
    session: Session,
    account_id: str,
    opportunity_id: str,
    at: datetime,
    playbook: str | None,
    explain: bool,
    with_changes: bool = False,
    shared: bool = False,
) -> dict[str, Any]:
    """Everything about one opportunity, whatever its state, however far ahead; `shared`, it is for whoever has a link,
    and names no other employer."""
    query = Query(at=at, playbook=playbook, opportunity_id=opportunity_id, states=STATES, explain=explain)
    refuse_unknown_subjects(session, account_id, query)
    facts = read_facts(session, Scope(account_id), at)
    if shared:
        facts = naming_only(without_addresses(facts), opportunity_id)
    known = advice(session, account_id, facts, at, playbook, explain)
    timeline = _about(known.timeline, query, facts.facts)
    told = answer(timeline, timeline.actions, facts.facts, IDS, explain) | not_advised(known, query)
    return told | {"changes": _changes(known, facts.facts, opportunity_id, at)} if with_changes else told


def _changes(known: Advice, facts: Facts, opportunity_id: str, at: datetime) -> list[str]:
    """When what is said of an opportunity changes; nothing where nobody could judge it."""
    judge = known.playbooks.get(opportunity_id)
    if judge is None:
        return []
    return [written(each) for each in changes(judge, bearing_on(facts, (opportunity_id,)), opportunity_id, at)]


def entity_tag(session: Session, account_id: str, query: Query, now: datetime) -> str | None:
    """The weak tag of the answer that was last given to a query; None when time has changed that answer since."""
    version, zone, is_due = stored.freshness(session, account_id, now)
    if query.at is None and is_due:
        return None
    # With a new day, here or in UTC, something may come into view or within a week, without any fact having changed.
    days = None if query.at else (now.date(), now.astimezone(ZoneInfo(zone)).date())
    # The account too: a browser that kept the answer of one must not take it for another's.
    named = repr((account_id, version, _release(), shelf.versions(), days, query))
    return f'W/"{hashlib.sha256(named.encode()).hexdigest()[:32]}"'


@lru_cache(maxsize=1)
def _release() -> str:
    return importlib.metadata.version("afterword")


def refuse_unknown_subjects(session: Session, account_id: str, query: Query) -> None:
    """NotFound for an id that the account does not have."""
    for noun in ("opportunity", "interview", "contact"):
        identifier = getattr(query, f"{noun}_id")
        if identifier is not None and not stored.exists_in(session, account_id, noun, identifier):
            raise NotFound.of(noun, identifier)


def known_action(session: Session, account_id: str, action_id: str, at: datetime) -> tuple[Action, Facts]:
    """The action of an id among everything that the policy says as of an instant, and the facts it speaks of."""
    facts = read_facts(session, _scope_of(session, account_id, action_id), at)
    timeline = advice(session, account_id, facts, at).timeline
    found = next((each for each in timeline.actions if id_of(each) == action_id), None)
    if found is None:
        raise NotFound(f"There is no action {action_id} now; a reply, an outcome or a new round may have ended it.")
    return found, facts.facts


def _scope_of(session: Session, account_id: str, action_id: str) -> Scope:
    # What was planned says where to look, so that one mark does not cost a look at everything.
    opportunity_id = planned.opportunity_of(session, account_id, action_id)
    if opportunity_id is None:
        return Scope(account_id)
    return Scope(account_id, planned.bearing_on(session, account_id, (opportunity_id,)))


def not_advised(known: Advice, query: Query) -> dict[str, Any]:
    """What an answer says of opportunities that nobody could judge; nothing where there are none."""
    told = [
        {"opportunity_id": each.opportunity, "playbook": each.playbook, "version": each.version, "why": each.why}
        for each in known.unread
        if query.opportunity_id in (None, each.opportunity)
    ]
    return {"not_advised": told} if told else {}


def _about(timeline: Timeline, query: Query, facts: Facts) -> Timeline:
    """The part of a timeline that a query is about."""

    def is_wanted(subject: Action | Silence) -> bool:
        return (
            query.opportunity_id in (None, subject.opportunity)
            and query.interview_id in (None, subject.interview)
            and query.contact_id in (None, subject.person)
        )

    return replace(
        timeline,
        actions=tuple(filter(is_wanted, timeline.actions)),
        holds=tuple(hold for hold in timeline.holds if _bears_on(hold, query, facts)),
        silences=tuple(filter(is_wanted, timeline.silences)),
    )


def _bears_on(hold: Hold, query: Query, facts: Facts) -> bool:
    """Whether a hold bears on what is asked about; one of an opportunity bears on all the people that it spares not."""
    if query.opportunity_id not in (None, hold.opportunity):
        return False
    if query.contact_id is None or hold.person is not None:
        return query.contact_id in (None, hold.person)
    people = next((one.people for one in facts.opportunities if one.key == hold.opportunity), ())
    return query.contact_id not in hold.spares and any(person.key == query.contact_id for person in people)
