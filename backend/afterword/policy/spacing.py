"""One person is not chased for two jobs on one day: windows of the same kind to the same person are kept apart."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from afterword.policy.playbook import Rule
from afterword.policy.subject import Subject
from afterword.policy.windows import Opening

if TYPE_CHECKING:
    from afterword.policy.case import Case


class Candidate(NamedTuple):
    """A window that may have to give way: when its wait ended, its opportunity's place, and its opening so far."""

    wait_ended: datetime
    place: int
    subject: Subject
    opening: Opening


def spaced(case: Case, rule: Rule) -> dict[str, Opening]:
    """For each opportunity's key, when the rule's next attempt opens once the others to the same person are seen.

    First what was sent to that person from another opportunity on the day of the opening or later puts it on the
    working day after; then, of those that still open on one day, the one whose wait ended first keeps it and each
    further one moves one working day more, once.
    """
    candidates: list[Candidate] = []
    for index, situation in enumerate(case.situations):
        found = case.next_opening(rule, situation)
        if found is not None:
            subject, wait_ended, opening = found
            candidates.append(Candidate(wait_ended, index, subject, after_sendings(case, rule, subject, opening)))
    by_day: defaultdict[tuple[str, date], list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        subject = candidate.subject
        if subject.person is not None:
            by_day[subject.person.key, subject.calendar.day(candidate.opening.at)].append(candidate)
    openings: dict[str, Opening] = {}
    for crowd in by_day.values():
        crowd.sort(key=lambda candidate: candidate[:2])
        for place, candidate in enumerate(crowd):
            key = candidate.subject.situation.key
            openings[key] = later_by(candidate.opening, candidate.subject, place)
    return openings


def after_sendings(case: Case, rule: Rule, subject: Subject, opening: Opening) -> Opening:
    """The opening, put off by each message to the same person about another opportunity on its day or later."""
    calendar = subject.calendar
    sendings = sorted(
        touch.at
        for other in case.situations
        if other is not subject.situation
        for touch in other.sent.get(rule.kind, ())
        if subject.person is not None and touch.person == subject.person.key
    )
    for sent_at in sendings:
        if calendar.day(sent_at) >= calendar.day(opening.at):
            opening = on_day(opening, subject, calendar.plus_working_days(calendar.day(sent_at), 1))
    return opening


def later_by(opening: Opening, subject: Subject, working_days: int) -> Opening:
    """The opening so many working days on."""
    if working_days == 0:
        return opening
    calendar = subject.calendar
    return on_day(opening, subject, calendar.plus_working_days(calendar.day(opening.at), working_days))


def on_day(opening: Opening, subject: Subject, day: date) -> Opening:
    """The opening at the start of contact hours of a day; what was literal stays so."""
    at = subject.calendar.opening(day)
    return opening._replace(at=at, day=day, literal_at=opening.literal_at if opening.moved else at)
