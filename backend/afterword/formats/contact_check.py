"""The answer to whether somebody may be written to, as data."""

from __future__ import annotations

from typing import Any

from afterword.formats.answer import IDS, Subjects, action_id, hold_item
from afterword.formats.instants import written
from afterword.policy.contact_check import Advised, Alternative, Answer, Message

MOST_HOLDS = 50


def told(answer: Answer, message: Message, advised: Advised) -> dict[str, Any]:
    """The verdict with the message it is about, the holds that speak against it, and what could be done instead."""
    subjects = Subjects(advised.facts, IDS)
    verdict = answer.verdict
    return {
        "as_of": written(advised.timeline.as_of),
        "allowed": verdict.allowed,
        "until": written(verdict.until) if verdict.until else None,
        "why": verdict.why,
        "person": _person(message, advised, subjects),
        "opportunity_id": message.opportunity or None,
        "channel": verdict.channel if verdict.allowed else message.channel,
        "purpose": message.purpose,
        "holds": [_hold(hold_item(hold, subjects)) for hold in verdict.against[:MOST_HOLDS]],
        "alternatives": [_alternative(each, advised, subjects) for each in answer.alternatives],
    }


def _hold(item: dict[str, Any]) -> dict[str, Any]:
    # Somebody who takes part in no opportunity may have to be left alone all the same.
    return {**item, "opportunity_id": item["opportunity_id"] or None}


def _alternative(alternative: Alternative, advised: Advised, subjects: Subjects) -> dict[str, Any]:
    message = alternative.message
    return {
        "type": alternative.type,
        "title": alternative.title,
        "at": written(alternative.at),
        "person": _person(message, advised, subjects),
        "opportunity_id": message.opportunity or None,
        "channel": message.channel,
        "purpose": message.purpose,
        "action_id": action_id(alternative.action) if alternative.action else None,
    }


def _person(message: Message, advised: Advised, subjects: Subjects) -> dict[str, Any] | None:
    return subjects.person(next(iter(advised.places(message)), None), message.person)
