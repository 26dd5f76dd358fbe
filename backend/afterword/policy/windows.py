"""From a rule's points to instants: anchors, the three kinds of offset, and what the working calendar moves.

Hours are elapsed time and never moved. Days open at the start of contact hours of their first day and are due at the
end of contact hours of their last; for outbound messages the working calendar moves them to a working day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import NamedTuple

from afterword.policy.calendar import LocalCalendar, plus_days, plus_elapsed
from afterword.policy.conditions import first_failure
from afterword.policy.elsewhere import first_other
from afterword.policy.playbook import DEADLINES, Moment, Offset, Point, Rule
from afterword.policy.subject import Subject
from afterword.policy.timeline import Literal, Window

GRACE = timedelta(hours=1)


class Opening(NamedTuple):
    """When a window opens: `at` as moved, `literal_at` unmoved, `anchored` its anchor.

    `day` is its unmoved local day; None where it is counted in hours, whose day nothing but a due may ask for.
    """

    at: datetime
    literal_at: datetime
    anchored: datetime
    day: date | None = None
    why: str | None = None
    moved: bool = False


def _of_interview(field: str) -> Callable[[Subject, Point], datetime | None]:
    def read(subject: Subject, _: Point) -> datetime | None:
        return getattr(subject.round.interview, field) if subject.round else None

    return read


def _last_round_end(subject: Subject, _: Point) -> datetime | None:
    """The end of the last held round before the subject's own."""
    starts = subject.round.interview.starts_at if subject.round else None
    ends = (round.interview.ends_at for round in subject.situation.held)
    return max((end for end in ends if starts is None or end <= starts), default=None)


def _wait(subject: Subject, _: Point) -> datetime | None:
    return subject.wait.start if subject.wait else None


def _promise(subject: Subject, _: Point) -> date | None:
    return subject.wait.promise if subject.wait else None


def _outcome_at(subject: Subject, _: Point) -> datetime | None:
    return subject.situation.outcome.at if subject.situation.outcome else None


def _answer_by(subject: Subject, _: Point) -> date | None:
    return subject.situation.outcome.answer_by if subject.situation.outcome else None


def _last_done(subject: Subject, point: Point) -> datetime | None:
    return subject.case.done_at(subject.case.playbook.by_id[point.rule or ""], subject)


def _last_reply(subject: Subject, _: Point) -> datetime | None:
    replies = tuple(subject.situation.replies_of_round())
    return replies[-1].at if replies else None


def _last_contact(subject: Subject, _: Point) -> datetime | None:
    return subject.situation.last_contact


def _reply_to(subject: Subject, point: Point) -> datetime | None:
    reply = subject.case.reply_to(subject.case.playbook.by_id[point.rule or ""], subject)
    return reply.at if reply else None


def _other_offer_at(subject: Subject, _: Point) -> datetime | None:
    other = first_other(subject.case.offering, subject.situation)
    return other.outcome.at if other and other.outcome else None


def _other_answer_by(subject: Subject, _: Point) -> date | None:
    other = first_other(subject.case.offering, subject.situation)
    return other.outcome.answer_by if other and other.outcome else None


def _other_acceptance_at(subject: Subject, _: Point) -> datetime | None:
    other = first_other(subject.case.accepted, subject.situation)
    return other.outcome.at if other and other.outcome else None


ANCHOR_READERS: dict[str, Callable[[Subject, Point], datetime | date | None]] = {
    "interview.start": _of_interview("starts_at"),
    "interview.end": _of_interview("ends_at"),
    "interview.scheduled_at": _of_interview("scheduled_at"),
    "interview.status_at": _of_interview("status_at"),
    "last_round.end": _last_round_end,
    "wait": _wait,
    "promise": _promise,
    "outcome.at": _outcome_at,
    "outcome.answer_by": _answer_by,
    "last_done": _last_done,
    "last_reply": _last_reply,
    "last_contact": _last_contact,
    "reply_to": _reply_to,
    "other_offer.at": _other_offer_at,
    "other_offer.answer_by": _other_answer_by,
    "other_acceptance.at": _other_acceptance_at,
}


def counted(offset: Offset, day: date, calendar: LocalCalendar) -> date:
    """The local day so many days or working days on."""
    if offset.working_days is not None:
        return calendar.plus_working_days(day, offset.working_days)
    return plus_days(day, offset.days or 0)


def opening_at(offset: Offset, origin: datetime | date, calendar: LocalCalendar, why: str | None = None) -> Opening:
    """The unmoved opening so far from an anchor. No window opens before its anchor, unless it counts back from it."""
    if isinstance(origin, datetime):
        anchored = origin
        if offset.elapsed is not None:
            at = plus_elapsed(origin, offset.elapsed)
            return Opening(at, at, anchored, None, why)
        day = counted(offset, calendar.day(origin), calendar)
    else:
        anchored = calendar.instant(origin, time())
        if offset.elapsed is not None:
            at = plus_elapsed(calendar.opening(origin), offset.elapsed)
            return Opening(at, at, anchored, None, why)
        day = counted(offset, origin, calendar)
    at = calendar.opening(day)
    if at < anchored and not offset.counts_back:
        at = anchored
    return Opening(at, at, anchored, day, why)


def known_openings(moment: Moment, subject: Subject) -> Iterator[Opening]:
    """The opening by each point whose anchor is known and whose conditions hold, in the order given."""
    for point in moment.points:
        origin = ANCHOR_READERS[point.anchor](subject, point)
        if origin is not None and not (point.when and first_failure(point.when, subject)):
            yield opening_at(point.offset, origin, subject.calendar, point.why)


def literal_opening(moment: Moment, subject: Subject) -> Opening | None:
    """The opening as the rule alone gives it; None when no anchor of it is known."""
    if not moment.latest:
        return next(known_openings(moment, subject), None)
    known = tuple(known_openings(moment, subject))
    if not known:
        return None
    latest = max(known, key=attrgetter("at"))
    return latest._replace(anchored=max(opening.anchored for opening in known))


def moved_by_calendar(rule: Rule, opening: Opening, calendar: LocalCalendar) -> Opening:
    """The opening on a working day, where the rule is an outbound message counted in days."""
    if opening.day is None or not rule.message or rule.fixed:
        return opening
    working = calendar.working_day_from(opening.day)
    return opening if working == opening.day else opening._replace(at=calendar.opening(working), moved=True)


class Due(NamedTuple):
    """When a window is due, as moved by the working calendar and before."""

    at: datetime
    literal_at: datetime
    moved: bool = False


def due_at(point: Point, opening: Opening, rule: Rule, subject: Subject) -> Due | None:
    """One due point as an instant. What is counted from the opening counts days from its unmoved day."""
    calendar, offset = subject.calendar, point.offset
    from_opening = point.anchor == "opens"
    origin = opening.at if from_opening else ANCHOR_READERS[point.anchor](subject, point)
    if origin is None:
        return None
    if offset.elapsed is not None:
        start = origin if isinstance(origin, datetime) else calendar.closing(origin)
        at = plus_elapsed(start, offset.elapsed)
        return Due(at, at)
    day = calendar.day(origin) if isinstance(origin, datetime) else origin
    if offset.working_days is not None:
        at = calendar.closing(calendar.plus_working_days(day, offset.working_days))
        return Due(at, at)
    day = plus_days((from_opening and opening.day) or day, offset.days or 0)
    literal_at = calendar.closing(day)
    working = day
    if rule.message and not rule.fixed:
        working = calendar.working_day_from(day, -1 if point.anchor in DEADLINES else 1)
    return Due(literal_at, literal_at) if working == day else Due(calendar.closing(working), literal_at, moved=True)


def due_of(moment: Moment | None, opening: Opening, rule: Rule, subject: Subject) -> Due | None:
    """A due as an instant, never before the window opens: one that would be is an hour after it."""
    known: list[Due] = []
    for point in moment.points if moment else ():
        due = None if point.when and first_failure(point.when, subject) else due_at(point, opening, rule, subject)
        if due is not None:
            known.append(due)
            if moment and not moment.latest:
                break
    if not known:
        return None
    due = max(known)
    earliest = plus_elapsed(opening.at, (moment and moment.at_least) or timedelta(0))
    if due.at < earliest:
        due = due._replace(at=earliest)
    return due if due.at > opening.at else due._replace(at=plus_elapsed(opening.at, GRACE))


def instant_of(moment: Moment, opening: Opening, due: Due | None, subject: Subject) -> datetime | None:
    """A best or an expiry: the first known point (or the latest), unmoved."""
    known: list[datetime] = []
    for point in moment.points:
        origin: datetime | date | None
        if point.anchor == "due":
            origin = due.at if due else None
        elif point.anchor == "opens":
            origin = opening.at
        else:
            origin = ANCHOR_READERS[point.anchor](subject, point)
        if origin is None or (point.when and first_failure(point.when, subject)):
            continue
        known.append(opening_at(point.offset, origin, subject.calendar).at)
        if not moment.latest:
            break
    return max(known, default=None)


def best_of(rule: Rule, opening: Opening, due: Due | None, subject: Subject) -> datetime | None:
    """The best instant, kept out of the night and never past due."""
    if rule.best is None:
        return None
    best = instant_of(rule.best, opening, due, subject)
    if best is None:
        return None
    best = subject.calendar.polite(best)
    return min(best, due.at) if due else best


def window(rule: Rule, opening: Opening, due: Due | None, subject: Subject) -> Window:
    """The whole window; `literal` is there only where the working calendar moved something."""
    literal: Literal | None = None
    if opening.moved or (due is not None and due.moved):
        literal = Literal(opening.literal_at, (due.literal_at if due.moved else due.at) if due else None)
    return Window(
        opens_at=opening.at,
        best_at=best_of(rule, opening, due, subject),
        due_at=due.at if due else None,
        expires_at=instant_of(rule.expires, opening, due, subject) if rule.expires else None,
        literal=literal,
    )
