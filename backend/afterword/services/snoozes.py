"""Times to which an action could be put off."""

from __future__ import annotations

from datetime import datetime, tzinfo

from afterword.policy.calendar import LocalCalendar
from afterword.policy.facts import Facts, Opportunity
from afterword.policy.snoozes import SnoozeTime, snooze_times
from afterword.policy.timeline import Action
from afterword.services.next_actions import known_action
from afterword.storage.database import Session


def suggested(session: Session, account_id: str, action_id: str, now: datetime) -> tuple[SnoozeTime, ...]:
    """By the working calendar of the action's opportunity, where its interview was."""
    action, facts = known_action(session, account_id, action_id, now)
    return snooze_times(action, now, _calendar_of(action, facts))


def _calendar_of(action: Action, facts: Facts) -> LocalCalendar:
    opportunity = next((each for each in facts.opportunities if each.key == action.opportunity), None)
    holidays = opportunity.holidays if opportunity else None
    return LocalCalendar.of(facts.calendar, _zone_of(action, opportunity) or facts.calendar.zone, holidays)


def _zone_of(action: Action, opportunity: Opportunity | None) -> tzinfo | None:
    rounds = opportunity.interviews if opportunity else ()
    return next((each.zone for each in rounds if each.key == action.interview), None)
