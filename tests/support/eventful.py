"""An account to which everything has happened that there is an event for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from afterword.services import interviews, marks, opportunities, touches, webhook_endpoints
from afterword.services.marks import Deed
from support.recorded import DAY, END, HOUR, Recorded

#: More changes than one interview has; a guard against a plan that never ends.
MOST_STEPS = 100
OF_THE_FIRST_DAY = ("thank-you", "recap")


def live_through(mine: Recorded) -> None:
    """Have at least one event of every type written down, at instants of March 2026."""
    _left_alone(mine)
    _worked_on(mine)
    _said_and_done(mine)
    endpoint_id = mine.subscribe()
    with mine.database.write() as session:
        webhook_endpoints.send_test(session, mine.account_id, endpoint_id, END)
    with mine.database.write() as session:
        webhook_endpoints.give_up_on(session, mine.account_id, endpoint_id, "it answered 410 Gone", END)


def _left_alone(mine: Recorded) -> None:
    """Opened, overdue and lapsed; holds begin and end."""
    opportunity_id = mine.log(END - DAY, decision_on=(END + 7 * DAY).date()).interview.opportunity_id
    at: datetime | None = END
    for _ in range(MOST_STEPS):
        if at is None or at > END + 60 * DAY:
            break
        mine.plan(at, opportunity_id)
        at = mine.opportunity(opportunity_id).wake_at


def _worked_on(mine: Recorded) -> None:
    """Moved, withdrawn; changed, closed and deleted."""
    whole = mine.log(END + HOUR, company="Globex")
    opportunity_id = whole.interview.opportunity_id
    with mine.database.write() as session:
        later = {"ends_at": whole.interview.ends_at + HOUR / 2}
        interviews.change(session, mine.account_id, whole, later, END + 2 * HOUR)
        known = opportunities.find(session, mine.account_id, opportunity_id)
        opportunities.change(session, mine.account_id, known, {"role": "Analyst"}, END + 2 * HOUR)
    mine.end(END + 3 * HOUR, opportunity_id, "rejected")
    with mine.database.write() as session:
        interviews.remove(session, mine.account_id, whole.interview, END + 4 * HOUR)
        opportunities.remove(session, mine.account_id, opportunity_id, END + 4 * HOUR)


def _said_and_done(mine: Recorded) -> None:
    """Done, reopened, skipped, snoozed; a touch about a round."""
    now = END + HOUR
    whole = mine.log(now, company="Initech")
    for action_id in _open(mine, now, whole.interview.id):
        for deed in (Deed("done"), None, Deed("skipped"), Deed("snoozed", until=now + HOUR)):
            with mine.database.write() as session:
                if deed is None:
                    marks.reopen(session, mine.account_id, action_id, now)
                else:
                    marks.mark(session, mine.account_id, action_id, deed, now)
    reply = {"direction": "inbound", "channel": "email", "decision_on": (END + 9 * DAY).date()}
    with mine.database.write() as session:
        about = {"opportunity_id": whole.interview.opportunity_id, "interview_id": whole.interview.id, "at": now}
        touches.create(session, mine.account_id, {**reply, **about}, now)


def _open(mine: Recorded, now: datetime, interview_id: str) -> list[str]:
    found: list[dict[str, Any]] = list(mine.actions(now).values())
    mine_now = [each for each in found if each["interview_id"] == interview_id and each["state"] == "open"]
    return [each["id"] for each in mine_now if each["kind"] in OF_THE_FIRST_DAY]
