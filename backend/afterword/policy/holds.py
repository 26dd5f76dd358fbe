"""What must be left alone: the holds that stand, and whether one of them forbids an action."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from afterword.policy.case import Case
from afterword.policy.playbook import HoldRule
from afterword.policy.resolution import DEALT_WITH
from afterword.policy.subject import Subject
from afterword.policy.timeline import Action, Hold
from afterword.policy.wording import sentence


def standing_holds(case: Case) -> Iterator[Hold]:
    """Every hold that stands, opportunity by opportunity."""
    for situation in case.situations:
        for rule in case.playbook.holds:
            for subject in case.standing(rule, situation):
                yield stated(case, rule, subject)


def stated(case: Case, rule: HoldRule, subject: Subject) -> Hold:
    """The hold as it is shown."""
    awaited = case.upcoming(case.playbook.by_id[rule.until_opening_of], subject) if rule.until_opening_of else None
    return Hold(
        rule=rule.id,
        kind=rule.kind,
        forbids=case.playbook.message_kinds if rule.all_messages else rule.forbids,
        channel=rule.channel,
        person=subject.person.key if subject.person else None,
        opportunity=subject.situation.key,
        until=awaited.window.opens_at if awaited and awaited.window else None,
        why=sentence(rule.why, case.words(subject)),
        sources=rule.sources,
        spares=case.spared(rule, subject.situation),
        all_messages=rule.all_messages,
    )


def forbids(hold: Hold, action: Action) -> bool:
    """Whether a hold speaks of an action: its opportunity, person, channel and kind."""
    channel = action.channel.recommended if action.channel else None
    return hold.concerns(action.opportunity, action.person, channel) and hold.forbids_kind(action.kind)


class Holds:
    """The holds of an answer, found by what they speak of."""

    def __init__(self, holds: Iterable[Hold]) -> None:
        self.all = tuple(holds)
        self._by_kind: dict[tuple[str | None, str], list[Hold]] = {}
        self._by_channel: dict[tuple[str | None, str | None], list[Hold]] = {}
        for hold in self.all:
            if hold.closes_channel:
                self._by_channel.setdefault((hold.opportunity, hold.channel), []).append(hold)
            for kind in hold.forbids:
                self._by_kind.setdefault((hold.opportunity, kind), []).append(hold)

    def against(self, action: Action) -> Hold | None:
        """The hold that forbids an action that was not dealt with, unless it lifts by the time the action opens."""
        if action.window is None or action.state in DEALT_WITH:
            return None
        channel = action.channel.recommended if action.channel else None
        of_kind = self._by_kind.get((action.opportunity, action.kind), [])
        of_channel = self._by_channel.get((action.opportunity, channel), [])
        for hold in of_kind + of_channel:
            awaited = hold.until is not None and action.state == "upcoming" and action.window.opens_at >= hold.until
            if not awaited and forbids(hold, action):
                return hold
        return None
