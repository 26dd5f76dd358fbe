"""`evaluate`: the policy's whole face. Total on accepted facts, deterministic, in a stable order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from afterword.policy.case import Case, Occurrence
from afterword.policy.facts import Facts
from afterword.policy.playbook import HoldRule, Playbook, Rule
from afterword.policy.subject import Subject
from afterword.policy.timeline import STATES, Action, Hold, Silence, Timeline
from afterword.policy.wording import Words, sentence

RANKS = {state: rank for rank, state in enumerate(STATES)}
STANDING_ADVICE = "account"


def evaluate(playbook: Playbook, facts: Facts, at: datetime, explain: bool = False) -> Timeline:
    """What to do and what to leave alone at an instant.

    `facts` are the opportunities that bear on one another; `at` is aware, in UTC. Facts dated after `at` are not known
    yet. With `explain` the answer also carries each rule that did not fire and the one condition that stopped it.
    Never raises on facts that were accepted. The order is state, due, rule, opportunity, person.
    """
    case = Case(playbook, facts, at)
    holds = tuple(stated(case, hold, subject) for hold, subject in standing_holds(case))
    found = [*occurrences(case)]
    visible = [action for action in map(put_into_words, found) if not forbidden(action, holds)]
    actions = [*visible, *standing_advice(case)]
    return Timeline(
        as_of=at,
        next_change_at=next_change(case, visible, found, holds),
        playbook=playbook.id,
        actions=tuple(sorted(actions, key=Place(case))),
        holds=holds,
        silences=tuple(silences(case)) if explain else (),
        next_fact_at=next_fact(facts, at),
    )


def dated_rules(playbook: Playbook) -> Iterator[Rule]:
    """The rules that have a window."""
    return (rule for rule in playbook.rules if rule.subject != STANDING_ADVICE)


def occurrences(case: Case) -> Iterator[Occurrence]:
    """Every occurrence of every rule with a window."""
    for situation in case.situations:
        for rule in dated_rules(case.playbook):
            if rule.follows_outcome and situation.outcome is None:
                continue
            for subject in case.subjects(rule, situation):
                yield from case.resolve(rule, subject).occurrences


def put_into_words(occurrence: Occurrence) -> Action:
    """The action as it is shown."""
    rule, subject = occurrence.rule, occurrence.subject
    words = Words(subject, occurrence.attempt)
    return Action(
        rule=rule.id,
        kind=rule.kind,
        attempt=occurrence.attempt,
        title=sentence(rule.title, words),
        state=occurrence.state,
        optional=occurrence.optional,
        message=rule.message,
        window=occurrence.window,
        opportunity=subject.situation.key,
        interview=subject.round.interview.key if subject.round else None,
        wait=subject.wait.key if rule.answers_wait and subject.wait else None,
        person=subject.person.key if subject.person else None,
        channel=occurrence.channel,
        why=sentence(occurrence.why, words),
        checklist=rule.checklist,
        sources=rule.sources,
        dissent=rule.dissent,
    )


def standing_advice(case: Case) -> Iterator[Action]:
    """Advice to the account as a whole: always open, no window."""
    subject = Subject.of(case, case.nowhere, None, None)
    for rule in case.playbook.rules:
        if rule.subject == STANDING_ADVICE and case.why_silent(rule, subject) is None:
            yield Action(
                rule=rule.id,
                kind=rule.kind,
                attempt=1,
                title=rule.title,
                state="open",
                optional=rule.optional,
                message=rule.message,
                window=None,
                opportunity=None,
                interview=None,
                wait=None,
                person=None,
                channel=None,
                why=rule.why,
                checklist=rule.checklist,
                sources=rule.sources,
                dissent=rule.dissent,
            )


def standing_holds(case: Case) -> Iterator[tuple[HoldRule, Subject]]:
    """Every hold that stands, opportunity by opportunity."""
    for situation in case.situations:
        for hold in case.playbook.holds:
            yield from case.standing(hold, situation)


def stated(case: Case, hold: HoldRule, subject: Subject) -> Hold:
    """The hold as it is shown."""
    until: datetime | None = None
    if hold.until_opening_of:
        awaited = case.upcoming(case.playbook.by_id[hold.until_opening_of], subject)
        until = awaited.window.opens_at if awaited else None
    spared = (Subject.of(case, subject.situation, None, person) for person in subject.situation.opportunity.people)
    return Hold(
        rule=hold.id,
        kind=hold.kind,
        forbids=case.playbook.message_kinds if hold.all_messages else hold.forbids,
        channel=hold.channel,
        person=subject.person.key if subject.person else None,
        opportunity=subject.situation.key,
        until=until,
        why=sentence(hold.why, Words(subject)),
        sources=hold.sources,
        spares=tuple(one.person.key for one in spared if one.person and case.spares(hold, one)),
        all_messages=hold.all_messages,
    )


def forbidden(action: Action, holds: Iterable[Hold]) -> bool:
    """Whether a hold forbids an action that was not dealt with, and does not lift by the time it opens."""
    if action.state in ("done", "skipped") or action.window is None:
        return False
    return any(
        forbids(hold, action)
        and not (hold.until is not None and action.state == "upcoming" and action.window.opens_at >= hold.until)
        for hold in holds
    )


def forbids(hold: Hold, action: Action) -> bool:
    """Whether a hold speaks of an action: its opportunity, person, channel and kind."""
    channel = action.channel.recommended if action.channel else None
    return hold.concerns(action.opportunity, action.person, channel) and hold.forbids_kind(action.kind)


def next_change(
    case: Case, actions: Iterable[Action], found: Iterable[Occurrence], holds: Iterable[Hold]
) -> datetime | None:
    """The earliest instant after `at` at which something changes by itself; `best` is no change."""
    instants: set[datetime | None] = {hold.until for hold in holds}
    for action in actions:
        if action.window and action.state not in ("done", "skipped", "lapsed"):
            instants |= {action.window.opens_at, action.window.due_at, action.window.expires_at}
    for occurrence in found:
        instants.add(occurrence.moved_from)
        if occurrence.state == "snoozed" and occurrence.settlement:
            instants.add(occurrence.settlement.until)
    for situation in case.situations:
        for round in situation.live:
            instants |= {round.interview.starts_at, round.interview.ends_at}
    return min((instant for instant in instants if instant is not None and instant > case.at), default=None)


def next_fact(facts: Facts, at: datetime) -> datetime | None:
    """The earliest instant after `at` at which a fact becomes known."""
    instants: set[datetime | None] = set()
    for one in facts.opportunities:
        instants |= {touch.at for touch in one.touches} | {mark.at for mark in one.marks}
        instants |= {interview.status_at for interview in one.interviews}
        instants |= {interview.scheduled_at for interview in one.interviews}
        instants.add(one.outcome.at if one.outcome else None)
    return min((instant for instant in instants if instant is not None and instant > at), default=None)


class Place:
    """The sort key of an action: state, due (those without one last), rule, opportunity, person."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.opportunities = {situation.key: index for index, situation in enumerate(case.situations)}

    def __call__(self, action: Action) -> tuple[int, bool, datetime, int, int, int]:
        due = action.window.due_at if action.window else None
        opportunity = self.opportunities.get(action.opportunity or "", len(self.opportunities))
        people = self.case.situations[opportunity].place if action.opportunity else {}
        return (
            RANKS[action.state],
            due is None,
            due or self.case.at,
            self.case.playbook.order[action.rule],
            opportunity,
            people.get(action.person or "", -1),
        )


def silences(case: Case) -> Iterator[Silence]:
    """Each rule and hold that did not fire, for each subject it might have been about."""
    for situation in case.situations:
        for rule in dated_rules(case.playbook):
            subjects = [*case.subjects(rule, situation)]
            if not subjects:
                because = f"there is no {rule.subject} it could be about"
                yield Silence(rule.id, rule.kind, situation.key, None, None, because)
            for subject in subjects:
                reason = case.resolve(rule, subject).reason
                if reason is not None:
                    yield silence(rule, subject, reason)
        for hold in case.playbook.holds:
            subject = Subject.of(case, situation, situation.governing, None)
            reason = case.why_silent(hold, subject)
            if reason is not None and hold.subject == "opportunity":
                yield silence(hold, subject, reason)


def silence(rule: Rule | HoldRule, subject: Subject, reason: str) -> Silence:
    """One rule's silence about one subject."""
    interview = subject.round.interview.key if subject.round else None
    person = subject.person.key if subject.person else None
    return Silence(rule.id, rule.kind, subject.situation.key, interview, person, reason)
