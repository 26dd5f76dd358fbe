"""From a rule's points to instants: the three kinds of offset, and what the working calendar moves.

Hours are elapsed time and never moved. Days open at the start of contact hours of their first day and are due at the
end of contact hours of their last; for outbound messages the working calendar moves them to a working day.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from afterword.policy.anchors import READERS
from afterword.policy.calendar import LocalCalendar, plus_days
from afterword.policy.conditions import first_failure
from afterword.policy.playbook import DEADLINES, Moment, Offset, Point, Rule
from afterword.policy.subject import Subject
from afterword.policy.timeline import Literal, Window

GRACE = timedelta(hours=1)


class Opening(NamedTuple):
    """When a window opens: `at` as moved, `literal_at` unmoved, `anchored` its anchor.

    `day` is its unmoved local day; None where hours are counted, and only a due in days asks what day that is.
    """

    at: datetime
    literal_at: datetime
    anchored: datetime
    day: date | None = None
    why: str | None = None
    moved: bool = False


class Due(NamedTuple):
    """When a window is due, as moved by the working calendar and before."""

    at: datetime
    literal_at: datetime
    moved: bool = False


def counted(offset: Offset, day: date, calendar: LocalCalendar) -> date:
    """The local day so many days or working days on."""
    if offset.working_days is not None:
        return calendar.plus_working_days(day, offset.working_days)
    return plus_days(day, offset.days or 0)


def opening_at(offset: Offset, origin: datetime | date, calendar: LocalCalendar, why: str | None = None) -> Opening:
    """The unmoved opening so far from an anchor. No window opens before its anchor, unless it counts back from it."""
    if isinstance(origin, datetime):
        anchored, first_day = origin, None
    else:
        anchored, first_day = calendar.instant(origin, time()), origin
    if offset.elapsed is not None:
        at = (calendar.opening(first_day) if first_day else anchored) + offset.elapsed
        return Opening(at, at, anchored, None, why)
    day = counted(offset, first_day or calendar.day(anchored), calendar)
    at = calendar.opening(day)
    if at < anchored and not offset.counts_back:
        at = anchored
    return Opening(at, at, anchored, day, why)


def reached(offset: Offset, origin: datetime | date, calendar: LocalCalendar) -> datetime:
    """The instant so far from an anchor."""
    if offset.elapsed is not None and isinstance(origin, datetime):
        return origin + offset.elapsed
    return opening_at(offset, origin, calendar).at


def literal_opening(moment: Moment, subject: Subject) -> Opening | None:
    """The opening as the rule alone gives it; None when no anchor of it is known."""
    latest: Opening | None = None
    for point in moment.points:
        origin = READERS[point.anchor](subject, point)
        if origin is None or (point.when and first_failure(point.when, subject)):
            continue
        opening = opening_at(point.offset, origin, subject.calendar, point.why)
        if not moment.latest:
            return opening
        latest = opening if latest is None else later_of(latest, opening)
    return latest


def later_of(one: Opening, other: Opening) -> Opening:
    """The later of two openings, from the later of their anchors; the first where they are the same."""
    later = other if other.at > one.at else one
    return later._replace(anchored=max(one.anchored, other.anchored))


def moved_by_calendar(rule: Rule, opening: Opening, calendar: LocalCalendar) -> Opening:
    """The opening on a working day, where the rule is an outbound message counted in days."""
    if opening.day is None or not rule.message or rule.fixed:
        return opening
    working = calendar.working_day_from(opening.day)
    return opening if working == opening.day else opening._replace(at=calendar.opening(working), moved=True)


def in_contact_hours(opening: Opening, calendar: LocalCalendar) -> Opening:
    """The opening within contact hours, for what is said on the telephone."""
    at = calendar.in_contact_hours(opening.at)
    if at == opening.at:
        return opening
    day = opening.day or calendar.day(opening.at)
    return opening._replace(at=at, literal_at=opening.literal_at if opening.moved else at, day=day)


def due_at(point: Point, opening: Opening, rule: Rule, subject: Subject) -> Due | None:
    """One due point as an instant. What is counted from the opening counts days from its unmoved day."""
    calendar, offset, from_opening = subject.calendar, point.offset, point.anchor == "opens"
    origin = opening.at if from_opening else READERS[point.anchor](subject, point)
    if origin is None:
        return None
    if offset.elapsed is not None:
        at = (origin if isinstance(origin, datetime) else calendar.closing(origin)) + offset.elapsed
        return Due(at, at)
    day = calendar.day(origin) if isinstance(origin, datetime) else origin
    if offset.working_days is not None:
        at = calendar.closing(calendar.plus_working_days(day, offset.working_days))
        return Due(at, at)
    if from_opening and opening.day is not None:
        day = opening.day
    return moved_due(plus_days(day, offset.days or 0), point, rule, calendar)


def moved_due(day: date, point: Point, rule: Rule, calendar: LocalCalendar) -> Due:
    """The end of contact hours of a day; a message's on a working day, which for somebody's deadline is before it."""
    literal_at = calendar.closing(day)
    if not rule.message or rule.fixed:
        return Due(literal_at, literal_at)
    working = calendar.working_day_from(day, -1 if point.anchor in DEADLINES else 1)
    return Due(literal_at, literal_at) if working == day else Due(calendar.closing(working), literal_at, moved=True)


def due_of(moment: Moment, opening: Opening, rule: Rule, subject: Subject) -> Due | None:
    """A due as an instant, never before the window opens: one that would be is an hour after it."""
    latest: Due | None = None
    for point in moment.points:
        due = None if point.when and first_failure(point.when, subject) else due_at(point, opening, rule, subject)
        if due is not None:
            latest = due if latest is None else max(latest, due)
            if not moment.latest:
                break
    if latest is None:
        return None
    at = latest.at
    if moment.at_least is not None:
        at = max(at, opening.at + moment.at_least)
    if at <= opening.at:
        at = opening.at + GRACE
    return latest if at == latest.at else latest._replace(at=at)


def instant_of(moment: Moment, opening: Opening, due: Due | None, subject: Subject) -> datetime | None:
    """A best or an expiry: the first known point (or the latest), unmoved."""
    latest: datetime | None = None
    for point in moment.points:
        origin = end_origin(point, opening, due, subject)
        if origin is None or (point.when and first_failure(point.when, subject)):
            continue
        at = reached(point.offset, origin, subject.calendar)
        latest = at if latest is None else max(latest, at)
        if not moment.latest:
            break
    return latest


def end_origin(point: Point, opening: Opening, due: Due | None, subject: Subject) -> datetime | date | None:
    """What a best or an expiry is counted from, which may be the window's own opening or due."""
    if point.anchor == "due":
        return due.at if due else None
    return opening.at if point.anchor == "opens" else READERS[point.anchor](subject, point)


def best_of(moment: Moment, opening: Opening, due: Due | None, subject: Subject) -> datetime | None:
    """The best instant, kept out of the night and never past due."""
    best = instant_of(moment, opening, due, subject)
    if best is None:
        return None
    best = subject.calendar.polite(best)
    return min(best, due.at) if due else best


def window(rule: Rule, opening: Opening, due: Due | None, subject: Subject) -> Window:
    """The whole window; `literal` is there only where the working calendar moved something."""
    literal: Literal | None = None
    if opening.moved or (due is not None and due.moved):
        literal = Literal(opening.literal_at, (due.literal_at if due.moved else due.at) if due else None)
    best_at = best_of(rule.best, opening, due, subject) if rule.best else None
    expires_at = instant_of(rule.expires, opening, due, subject) if rule.expires else None
    return Window(opening.at, best_at, due.at if due else None, expires_at, literal)
