"""One opportunity as it is known at an instant: rounds, touches, replies, the wait in force, whom to write to.

Touches, marks, outcomes and changes of status dated after the instant are not known yet; neither are the decision day
and the preferred way of an interview that is not over, and an interview scheduled later is not known at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from afterword.policy.calendar import LocalCalendar, plus_days
from afterword.policy.facts import Calendar, Interview, Mark, Opportunity, Person, Touch

OUTSIDE_THE_TEAM = frozenset({"reference", "insider"})


@dataclass(frozen=True, eq=False, slots=True)
class Round:
    """An interview as known at the instant. `over` once its end has passed; `further` when another came before it.

    `calendar` is the working calendar in its zone.
    """

    interview: Interview
    status: str
    over: bool
    further: bool
    calendar: LocalCalendar

    @property
    def held(self) -> bool:
        """Over, and neither cancelled nor missed: nobody has to press a button for the clock to start."""
        return self.over and self.status == "scheduled"

    @property
    def ahead(self) -> bool:
        """Still to come, or going on."""
        return not self.over and self.status == "scheduled"


class Wait(NamedTuple):
    """A wait for the employer's word. `key` names the fact that began it, `start` is that fact's instant (UTC).

    `promise` is the day that counts, `named` the day as they named it, which may have been too early to count.
    """

    key: str
    start: datetime
    promise: date | None = None
    said_by: str | None = None
    named: date | None = None


class Situation:
    """Facts of one opportunity, filtered by what is known at `at` and indexed for the rules."""

    def __init__(self, opportunity: Opportunity, calendar: Calendar, at: datetime) -> None:
        self.opportunity, self.key, self.at = opportunity, opportunity.key, at
        self.people = {person.key: person for person in opportunity.people}
        self.place: dict[str | None, int] = {key: index for index, key in enumerate(self.people)}
        self.rounds = rounds_known(opportunity, calendar, at)
        self.live = tuple(round for round in self.rounds if round.status == "scheduled")
        self.dropped = tuple(round for round in self.rounds if round.status != "scheduled")
        self.held = tuple(sorted((round for round in self.live if round.over), key=lambda r: r.interview.ends_at))
        self.ahead = tuple(round for round in self.live if not round.over)
        self.governing = self.held[-1] if self.held else None
        self.outcome = opportunity.outcome if opportunity.outcome and opportunity.outcome.at <= at else None
        latest = self.governing or (self.rounds[-1] if self.rounds else None)
        self.calendar = latest.calendar if latest else LocalCalendar.of(calendar, calendar.zone, opportunity.holidays)
        self._held_with = held_with(self.held)
        self._points_of_contact: dict[str | None, Person | None] = {}
        self._index_touches()
        self.waits = tuple(self._waits())
        self.wait = self.wait_at(at)

    def _index_touches(self) -> None:
        known = sorted((touch for touch in self.opportunity.touches if touch.at <= self.at), key=lambda t: t.at)
        self.sent: dict[str, list[Touch]] = {}
        self.sent_to: dict[tuple[str, str], list[Touch]] = {}
        self.replies: list[Touch] = []
        self.last_contact: datetime | None = None
        for touch in known:
            if touch.direction == "outbound" and touch.purpose:
                self.sent.setdefault(touch.purpose, []).append(touch)
                self.sent_to.setdefault((touch.purpose, touch.person), []).append(touch)
            if touch.automatic or not self.in_team(touch.person):
                continue
            self.last_contact = touch.at
            if touch.direction == "inbound":
                self.replies.append(touch)
        self.marks: dict[str, list[Mark]] = {}
        for mark in sorted((mark for mark in self.opportunity.marks if mark.at <= self.at), key=lambda m: m.at):
            self.marks.setdefault(mark.kind, []).append(mark)
        self.kinds_dealt_with = self.sent.keys() | self.marks.keys()

    def in_team(self, key: str) -> bool:
        """Whether somebody is of the employer's side, and not only a reference or an insider."""
        person = self.people.get(key)
        roles = person.roles if person else ()
        return not roles or not OUTSIDE_THE_TEAM.issuperset(roles) or self.interviewed(key)

    def interviewed(self, key: str) -> bool:
        """Whether somebody took part, or will, in a round that still stands."""
        return any(key in round.interview.people for round in self.live)

    def rounds_with(self, key: str) -> tuple[Round, ...]:
        """The held rounds somebody took part in, first to last."""
        return self._held_with.get(key, ())

    def _waits(self) -> Iterator[Wait]:
        """The waits of the governing round, one after another: its own, then those that replies began."""
        if self.governing is None:
            return
        interview, calendar = self.governing.interview, self.governing.calendar
        promise = promised(interview.decision_on, interview.ends_at, calendar)
        wait = Wait(interview.key, interview.ends_at, promise, interview.decision_said_by, interview.decision_on)
        yield wait
        for reply in self.replies_of_round():
            promise = promised(reply.decision_on, reply.at, calendar)
            if promise is not None and promise != wait.promise:
                wait = Wait(reply.key, reply.at, promise, reply.person, reply.decision_on)
                yield wait
            elif wait.promise is None or calendar.day(reply.at) >= wait.promise:
                wait = Wait(reply.key, reply.at)
                yield wait

    def wait_at(self, instant: datetime) -> Wait | None:
        """The wait that was in force at an instant; None before any round was over."""
        return next((wait for wait in reversed(self.waits) if wait.start <= instant), None)

    @property
    def new_dates(self) -> int:
        """How many replies of the round named a new date."""
        return sum(1 for wait in self.waits[1:] if wait.promise is not None)

    def replies_of_round(self) -> Iterable[Touch]:
        """Replies since the governing round ended: each held round starts afresh."""
        if self.governing is None:
            return ()
        ended = self.governing.interview.ends_at
        return (reply for reply in self.replies if reply.at >= ended)

    def reachable(self, people: Iterable[str]) -> Iterable[Person]:
        """Those of the given people who may be written to, in the order given."""
        found = (self.people.get(key) for key in people)
        return (person for person in found if person is not None and not person.do_not_contact)

    def point_of_contact(self, round: Round | None) -> Person | None:
        """Whom to write to about a round, or about the opportunity as a whole; None when nobody is left."""
        key = round.interview.key if round else None
        if key not in self._points_of_contact:
            taking_part = round or self.governing or (self.rounds[-1] if self.rounds else None)
            people = taking_part.interview.people if taking_part else ()
            self._points_of_contact[key] = next(self._points_of_contact_first_to_last(people), None)
        return self._points_of_contact[key]

    def _points_of_contact_first_to_last(self, taking_part: Iterable[str]) -> Iterator[Person]:
        """The one marked so, who named the day, the recruiter, the hiring manager, who took part."""
        everyone = tuple(self.reachable(self.people))
        said_by = self.wait.said_by if self.wait and self.wait.promise else None
        yield from (person for person in everyone if person.point_of_contact)
        yield from (person for person in everyone if person.key == said_by)
        yield from (person for person in everyone if "recruiter" in person.roles)
        yield from (person for person in everyone if "hiring_manager" in person.roles)
        yield from self.reachable(taking_part)


def held_with(held: Iterable[Round]) -> dict[str, tuple[Round, ...]]:
    """The held rounds that each took part in, first to last."""
    found: dict[str, tuple[Round, ...]] = {}
    for round in held:
        for key in round.interview.people:
            found[key] = (*found.get(key, ()), round)
    return found


def rounds_known(opportunity: Opportunity, calendar: Calendar, at: datetime) -> tuple[Round, ...]:
    """The interviews known at the instant by their start, each with its status as known then."""
    zones = {interview.zone for interview in opportunity.interviews}
    calendars = {zone: LocalCalendar.of(calendar, zone, opportunity.holidays) for zone in zones}
    known = [
        (interview, interview.status if interview.status_at is None or interview.status_at <= at else "scheduled")
        for interview in sorted(opportunity.interviews, key=lambda i: i.starts_at)
        if interview.scheduled_at is None or interview.scheduled_at <= at
    ]
    dropped = [interview.round for interview, status in known if status != "scheduled"]
    return tuple(
        Round(
            interview=interview,
            status=status,
            over=interview.ends_at <= at,
            further=interview.round - sum(1 for number in dropped if number < interview.round) > 1,
            calendar=calendars[interview.zone],
        )
        for interview, status in known
    )


def promised(decision_on: date | None, start: datetime, calendar: LocalCalendar) -> date | None:
    """The promised day; one before the day after the word was given counts as that day after."""
    return None if decision_on is None else max(decision_on, plus_days(calendar.day(start), 1))
