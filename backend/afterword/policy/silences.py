"""Why not: each rule and hold that did not fire, with the one thing that stopped it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from afterword.policy import audience
from afterword.policy.case import NOWHERE, Case
from afterword.policy.conditions import why_not
from afterword.policy.holds import Holds
from afterword.policy.playbook import Condition, HoldRule, Rule
from afterword.policy.resolution import Reason
from afterword.policy.situation import Situation
from afterword.policy.subject import Subject
from afterword.policy.timeline import Action, Silence


def silences(case: Case, actions: Iterable[Action], holds: Holds) -> Iterator[Silence]:
    """Each rule that did not fire for a subject it might have been about, each hold, and each action held back."""
    for situation in case.situations:
        for rule in case.playbook.dated:
            yield from of_rule(case, rule, situation)
        for hold in case.playbook.holds:
            yield from of_hold(case, hold, situation)
    yield from of_account(case)
    for action in actions:
        hold_against = holds.against(action)
        if hold_against is not None:
            because = f"{hold_against.kind} forbids it"
            yield Silence(action.rule, action.kind, action.opportunity, action.interview, action.person, because)


def of_rule(case: Case, rule: Rule, situation: Situation) -> Iterator[Silence]:
    """A rule's silences in one opportunity."""
    subjects = case.subjects(rule, situation)
    if not subjects:
        yield about_nobody(case, rule, situation)
    for subject in subjects:
        reason = case.resolve(rule, subject).reason
        if reason is not None:
            yield silence(rule, subject, reason)


def about_nobody(case: Case, rule: Rule | HoldRule, situation: Situation) -> Silence:
    """The silence of a rule or hold that has nobody and nothing to be about: what else stops it, if anything does."""
    subject = case.about(situation, situation.governing, None)
    reason = case.why_silent(rule, subject) if isinstance(rule, Rule) and rule.follows_outcome else None
    return silence(rule, subject, reason or f"there is no {rule.subject} it could be about")


def of_hold(case: Case, hold: HoldRule, situation: Situation) -> Iterator[Silence]:
    """A hold's silences in one opportunity."""
    subjects = audience.of_hold(case, hold, situation)
    if not subjects:
        yield about_nobody(case, hold, situation)
    for subject in subjects:
        reason = case.why_lifted(hold, subject)
        if reason is not None:
            yield silence(hold, subject, reason)


def of_account(case: Case) -> Iterator[Silence]:
    """Standing advice that is not given now."""
    subject = case.about(NOWHERE, None, None)
    for rule in case.playbook.standing:
        reason = case.why_silent(rule, subject)
        if reason is not None:
            yield silence(rule, subject, reason)._replace(opportunity=None)


def silence(rule: Rule | HoldRule, subject: Subject, reason: Reason) -> Silence:
    """One rule's silence about one subject."""
    interview = subject.round.interview.key if subject.round else None
    person = subject.person.key if subject.person else None
    because = why_not(reason) if isinstance(reason, Condition) else reason
    condition = str(reason) if isinstance(reason, Condition) else None
    return Silence(rule.id, rule.kind, subject.situation.key, interview, person, because, condition)
