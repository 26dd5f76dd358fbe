"""Whom and what a rule is about in one opportunity, and whom its message goes to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from afterword.policy.facts import Person, Touch
from afterword.policy.playbook import HoldRule, Rule
from afterword.policy.situation import Round, Situation
from afterword.policy.subject import Subject

if TYPE_CHECKING:
    from afterword.policy.case import Case


def subjects(case: Case, rule: Rule, situation: Situation) -> Iterator[Subject]:
    """Everybody and everything a rule is about in one opportunity."""
    if rule.subject == "opportunity":
        yield addressed(case, rule, situation, situation.governing)
    elif rule.subject == "interview":
        for round in situation.rounds if rule.asks_status else situation.live:
            yield addressed(case, rule, situation, round)
    elif rule.subject == "person":
        yield from interviewers(case, rule, situation)
    else:
        for person in situation.opportunity.people:
            if rule.subject in person.roles:
                rounds = situation.rounds_with(person.key) or situation.held or situation.ahead or (None,)
                yield case.about(situation, rounds[0], person)


def of_hold(case: Case, hold: HoldRule, situation: Situation) -> tuple[Subject, ...]:
    """What a hold is about in one opportunity: it as a whole, or each person in it."""
    people: tuple[Person | None, ...] = (None,) if hold.subject == "opportunity" else situation.opportunity.people
    return tuple([case.about(situation, situation.governing, person) for person in people])


def interviewers(case: Case, rule: Rule, situation: Situation) -> Iterator[Subject]:
    """Who took part or will, round by round; each only once where the rule is owed once or follows the outcome."""
    rounds = situation.live
    if rule.follows_outcome:
        rounds = situation.held
    elif rule.once:
        rounds = (*situation.held, *situation.ahead)
    seen: set[str] = set()
    for round in rounds:
        for key in round.interview.people:
            person = situation.people.get(key)
            if person is None or key in seen:
                continue
            if rule.once or rule.follows_outcome:
                seen.add(key)
            yield case.about(situation, situation.governing if rule.follows_outcome else round, person)


def seen_from(case: Case, rule: Rule, subject: Subject) -> Subject:
    """The subject of a rule that is not about one person, to which another rule refers."""
    situation = subject.situation
    return addressed(case, rule, situation, subject.round if rule.subject == "interview" else situation.governing)


def everybody(case: Case, rule: Rule, subject: Subject) -> tuple[Subject, ...] | None:
    """Whom a rule is about where a subject that it is not about asks how it stands; None where it is about that one.

    A rule for each person is asked by the opportunity, a reference or an insider as to everybody in the round; a rule
    for interviews, before any was held, as to them all.
    """
    if rule.subject == "interview":
        return case.subjects(rule, subject.situation) if subject.round is None else None
    if not rule.personal:
        return None
    subjects = case.subjects(rule, subject.situation)
    if any(one.person is subject.person for one in subjects):
        return None
    return tuple([one for one in subjects if one.round is subject.round]) or subjects


def addressed(case: Case, rule: Rule, situation: Situation, round: Round | None) -> Subject:
    """The subject of a rule that is about more than one person; its person is the one its message goes to."""
    subject = case.about(situation, round, None)
    for role in rule.addressees:
        person = holder(case, rule, subject, role)
        if person is not None:
            return subject.to(person)
    return subject


def holder(case: Case, rule: Rule, subject: Subject, role: str) -> Person | None:
    """Who may be written to and has a role: of a person, of the point of contact, or of who replied."""
    situation = subject.situation
    if role == "point_of_contact":
        return situation.point_of_contact(subject.round)
    if role == "replier":
        reply = answered(case, rule, subject)
        return situation.people.get(reply.person) if reply else None
    return next((person for person in situation.reachable(situation.people) if role in person.roles), None)


def answered(case: Case, rule: Rule, subject: Subject) -> Touch | None:
    """The reply that a rule's window is counted from, if it is counted from one."""
    return case.reply_to(case.playbook.by_id[rule.answers], subject) if rule.answers else None
