"""How an opportunity ended, or that it is open again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from afterword.errors import NotFound
from afterword.services import opportunities
from afterword.services.events import Occurrence
from afterword.services.limits import refuse_future
from afterword.services.opportunities import WholeOpportunity
from afterword.services.planner import plan_after_change, wake_account
from afterword.storage import opportunities as stored_opportunities
from afterword.storage import outcomes as stored
from afterword.storage.database import Session
from afterword.storage.identifiers import new_id
from afterword.storage.planned import CONCERNS_THE_OTHERS


def put(
    session: Session, account_id: str, opportunity_id: str, values: Mapping[str, Any], now: datetime
) -> WholeOpportunity:
    """Make this the governing outcome; the same one again changes nothing."""
    at = values.get("at") or now
    refuse_future(at, now, "an outcome")
    standing = opportunities.find(session, account_id, opportunity_id)
    if _same(standing, values):
        return standing
    stored.supersede(session, account_id, opportunity_id, now)
    made = {"id": new_id("out"), "account_id": account_id, "opportunity_id": opportunity_id, "created_at": now}
    stored.add(session, {**values, **made, "at": at})
    stored_opportunities.change(session, account_id, opportunity_id, {"updated_at": now})
    # An offer ends nothing: it is still to be answered.
    happened = "opportunity.updated" if values["status"] == "offer" else "opportunity.closed"
    plan_after_change(session, account_id, [opportunity_id], now, Occurrence(happened, opportunity_id))
    _wake_others(session, account_id, standing, values["status"], now)
    return opportunities.find(session, account_id, opportunity_id)


def reopen(session: Session, account_id: str, opportunity_id: str, now: datetime) -> None:
    """Take the governing outcome away; it stays in the history."""
    standing = opportunities.find(session, account_id, opportunity_id)
    if not stored.supersede(session, account_id, opportunity_id, now):
        raise NotFound(f"Opportunity {opportunity_id} has no outcome to take away.")
    stored_opportunities.change(session, account_id, opportunity_id, {"updated_at": now})
    plan_after_change(session, account_id, [opportunity_id], now, Occurrence("opportunity.updated", opportunity_id))
    _wake_others(session, account_id, standing, None, now)


def _wake_others(
    session: Session, account_id: str, before: WholeOpportunity, status: str | None, now: datetime
) -> None:
    """Have the others planned anew where an offer or an acceptance came or went: their advice may speak of it."""
    statuses = {status, before.outcome and before.outcome.status}
    if statuses.intersection(CONCERNS_THE_OTHERS):
        wake_account(session, account_id, now)


def _same(standing: WholeOpportunity, values: Mapping[str, Any]) -> bool:
    outcome = standing.outcome
    given = {key: value for key, value in values.items() if not (key == "at" and value is None)}
    return outcome is not None and all(getattr(outcome, key) == value for key, value in given.items())
