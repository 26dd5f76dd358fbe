"""One person is not chased for two jobs on one day: windows of the same kind to the same person are kept apart."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, NamedTuple

from afterword.policy.playbook import Rule
from afterword.policy.resolution import next_opening
from afterword.policy.situation import Situation
from afterword.policy.subject import Subject
from afterword.policy.windows import Opening

if TYPE_CHECKING:
    from afterword.policy.case import Case


class Candidate(NamedTuple):
    """A window that may have to give way: when its wait ended, and its opening so far."""

    wait_ended: datetime
    subject: Subject
    opening: Opening


def spaced(case: Case, rule: Rule) -> dict[str, Opening]:
    """For each opportunity's key, when the rule's next attempt opens once the others to the same person are seen.

    First what was sent to that person from another opportunity on the day of the opening or later puts it on the
    working day after; then, of those that still open on one day, the one whose wait ended first keeps it and each
    further one moves one working day more, once.
    """
    sent = sendings(case, rule)
    candidates: list[Candidate] = []
    for situation in case.situations:
        found = next_opening(case, rule, situation)
        if found is not None:
            subject, wait_ended, opening = found
            candidates.append(Candidate(wait_ended, subject, after_sendings(sent, subject, opening)))
    by_day: defaultdict[tuple[str, date], list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        subject = candidate.subject
        if subject.person is not None:
            by_day[subject.person.key, subject.calendar.day(candidate.opening.at)].append(candidate)
    openings: dict[str, Opening] = {}
    for crowd in by_day.values():
        crowd.sort(key=attrgetter("wait_ended"))  # in a tie the one given first stays first
        for place, candidate in enumerate(crowd):
            key = candidate.subject.situation.key
            openings[key] = later_by(candidate.opening, candidate.subject, place)
    return openings


def sendings(case: Case, rule: Rule) -> dict[str, list[tuple[datetime, Situation]]]:
    """When each person was sent something of the rule's kind, first to last, and about which opportunity."""
    found: defaultdict[str, list[tuple[datetime, Situation]]] = defaultdict(list)
    for situation in case.situations:
        for touch in situation.sent.get(rule.kind, ()):
            found[touch.person].append((touch.at, situation))
    return {person: sorted(sent, key=itemgetter(0)) for person, sent in found.items()}


def after_sendings(sent: dict[str, list[tuple[datetime, Situation]]], subject: Subject, opening: Opening) -> Opening:
    """The opening, put off by each message to the same person about another opportunity on its day or later."""
    calendar = subject.calendar
    for sent_at, situation in sent.get(subject.person.key, ()) if subject.person else ():
        if situation is not subject.situation and calendar.day(sent_at) >= calendar.day(opening.at):
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
