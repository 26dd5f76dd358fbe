"""What a share link shows: the answers that its owner gets, of one opportunity or of all, as of now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from afterword.services import accounts, interviews, next_actions, opportunities, touches
from afterword.services.discretion import account_name
from afterword.services.interviews import WholeInterview
from afterword.services.limits import MOST_INTERVIEWS, MOST_TOUCHES
from afterword.services.next_actions import Query
from afterword.services.opportunities import WholeOpportunity
from afterword.storage import interviews as stored_interviews
from afterword.storage import opportunities as stored_opportunities
from afterword.storage import touches as stored_touches
from afterword.storage.accounts import Account
from afterword.storage.database import Session
from afterword.storage.opportunities import Opportunity
from afterword.storage.shares import Share
from afterword.storage.touches import Touch

MOST_ACTIONS = 500


@dataclass(frozen=True, slots=True)
class View:
    """`next_actions` is the whole answer, and `opportunities` are those that it speaks of. Where it is about all of
    them, no more is shown of each than its name and the rounds that are spoken of."""

    account: Account
    account_name: str | None
    next_actions: dict[str, Any]
    opportunities: Sequence[Opportunity]
    opportunity: WholeOpportunity | None
    interviews: Sequence[WholeInterview]
    touches: Sequence[Touch]


def view(session: Session, share: Share, now: datetime) -> View:
    if share.opportunity_id is None:
        return _of_today(session, share.account_id, now)
    return _of_opportunity(session, share.account_id, share.opportunity_id, now)


def _of_today(session: Session, account_id: str, now: datetime) -> View:
    told = next_actions.next_actions(session, account_id, Query(limit=MOST_ACTIONS), now, shared=True).told
    about = {each["opportunity_id"] for each in (*told["actions"], *told["holds"])} - {None}
    named = stored_opportunities.among(session, account_id, about)
    rounds = interviews.among(session, account_id, {each["interview_id"] for each in told["actions"]} - {None}, now)
    account = accounts.find(session, account_id)
    return View(account, account_name(session, account), told, named, None, rounds, ())


def _of_opportunity(session: Session, account_id: str, opportunity_id: str, now: datetime) -> View:
    told = next_actions.opportunity_timeline(
        session, account_id, opportunity_id, now, None, explain=False, shared=True
    )  # fmt: skip
    wanted = stored_interviews.Filter(opportunity_id)
    rounds = interviews.listed(session, account_id, wanted, None, MOST_INTERVIEWS, now)
    said = touches.listed(session, account_id, stored_touches.Filter(opportunity_id), None, MOST_TOUCHES)
    whole = opportunities.find(session, account_id, opportunity_id)
    account = accounts.find(session, account_id)
    return View(account, account_name(session, account), told, [whole.opportunity], whole, rounds, said)
