"""Opportunities with their people and outcome: made, changed, removed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from afterword.errors import Conflict, NotFound
from afterword.services import events, people, playbooks
from afterword.services.events import Occurrence
from afterword.services.planner import plan_after_change, wake_account
from afterword.storage import opportunities as stored
from afterword.storage import outcomes as stored_outcomes
from afterword.storage import people as stored_people
from afterword.storage.database import Session
from afterword.storage.identifiers import new_id
from afterword.storage.opportunities import Opportunity
from afterword.storage.outcomes import Outcome
from afterword.storage.people import Person


@dataclass(frozen=True, slots=True)
class WholeOpportunity:
    """An opportunity with who takes part in it and how it ended, if it did."""

    opportunity: Opportunity
    people: Sequence[Person]
    outcome: Outcome | None


def create(
    session: Session, account_id: str, values: Mapping[str, Any], now: datetime
) -> tuple[WholeOpportunity, bool]:
    """The opportunity, and whether it is new: one with a known external id is the existing one."""
    external_id = values.get("external_id")
    known = stored.find_by_external_id(session, account_id, external_id) if external_id else None
    if known:
        return find(session, account_id, known.id), False
    identifier = add(session, account_id, values, now)
    people.named(session, account_id, identifier, values.get("people") or (), now)
    plan_after_change(session, account_id, [identifier], now)
    return find(session, account_id, identifier), True


def add(session: Session, account_id: str, values: Mapping[str, Any], now: datetime) -> str:
    """Write the row alone; people and the plan are the caller's. Its id."""
    _require_playbook(session, account_id, values)
    identifier = new_id("opp")
    made = {"id": identifier, "account_id": account_id, "created_at": now, "updated_at": now}
    row = {key: value for key, value in values.items() if key != "people"}
    stored.add(session, {"long_process": False, **row, **made})
    return identifier


def find(session: Session, account_id: str, opportunity_id: str) -> WholeOpportunity:
    found = stored.find(session, account_id, opportunity_id)
    if found is None:
        raise NotFound.of("opportunity", opportunity_id)
    return _whole(session, account_id, [found])[0]


def listed(
    session: Session,
    account_id: str,
    *,
    company: str | None,
    outcome: Collection[str] | None,
    after: str | None,
    limit: int,
) -> list[WholeOpportunity]:
    found = stored.page(session, account_id, company=company, outcome=outcome, after=after, limit=limit)
    return _whole(session, account_id, found)


def change(
    session: Session, account_id: str, whole: WholeOpportunity, values: Mapping[str, Any], now: datetime
) -> WholeOpportunity:
    opportunity = whole.opportunity
    changed = {key: value for key, value in values.items() if key != "people"}
    _require_playbook(session, account_id, changed)
    if "playbook_id" in changed:
        changed["playbook_version"] = None
    if changed.get("external_id") not in (None, opportunity.external_id):
        _require_free_external_id(session, account_id, changed["external_id"])
    stored.change(session, account_id, opportunity.id, {**changed, "updated_at": now})
    if "people" in values:
        people.replace(session, account_id, opportunity.id, values["people"], now)
    cause = Occurrence("opportunity.updated", opportunity.id)
    plan_after_change(session, account_id, [opportunity.id], now, cause)
    return find(session, account_id, opportunity.id)


def remove(session: Session, account_id: str, opportunity_id: str, now: datetime) -> None:
    """Remove an opportunity with all that belongs to it. Its contacts stay."""
    near = stored.circle(session, account_id, opportunity_id)
    events.record(session, account_id, [Occurrence("opportunity.deleted", opportunity_id)], now)
    stored.remove(session, account_id, opportunity_id)
    plan_after_change(session, account_id, near, now)
    wake_account(session, account_id, now)


def _require_playbook(session: Session, account_id: str, values: Mapping[str, Any]) -> None:
    if values.get("playbook_id") is not None:
        playbooks.available(session, account_id, values["playbook_id"], "playbook_id")


def _require_free_external_id(session: Session, account_id: str, external_id: str) -> None:
    other = stored.find_by_external_id(session, account_id, external_id)
    if other:
        raise Conflict(f"external_id is already that of opportunity {other.id}. Each can belong to one opportunity.")


def _whole(session: Session, account_id: str, found: Sequence[Opportunity]) -> list[WholeOpportunity]:
    ids = [each.id for each in found]
    them = stored_people.of_opportunities(session, account_id, ids)
    ended = stored_outcomes.governing(session, account_id, ids)
    return [WholeOpportunity(each, them.get(each.id, ()), ended.get(each.id)) for each in found]
