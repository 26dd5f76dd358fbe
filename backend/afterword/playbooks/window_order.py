"""Windows the right way round: nothing closes before it opens, whatever the facts, and what repeats comes later.

Two points are compared when they count from one anchor. In one unit they are compared as they are; hours with days only
where the hours of a day, a change of clocks and the working calendar leave no doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from math import inf

from afterword.errors import FieldProblem
from afterword.playbooks.compiler import ON_OPENING_DAY, WEEK_AFTER_OUTCOME
from afterword.playbooks.mentions import Entry
from afterword.policy.playbook import DEADLINES, Moment, Offset, Point, Repeat, Rule

HOUR = timedelta(hours=1)
#: Anchors that are known where any is that could stand after them in a list: of those, none ever counts.
ALWAYS_KNOWN = frozenset({"interview.start", "interview.end", "wait", "outcome.at", "opens"})


def window_problems(rule: Entry) -> Iterator[FieldProblem]:
    """Windows that are missing, not wanted, or close before they open."""
    if not isinstance(rule, Rule):
        return
    if rule.subject == "account":
        if rule.opens or rule.due or rule.repeat:
            yield FieldProblem("opens", "advice to the account is always open; leave the window out")
        return
    if rule.opens is None:
        yield FieldProblem("opens", "is missing; say when the window opens, like {anchor: interview.end, plus: PT1H}")
        return
    yield from _own_ends(rule)
    for name, end in (("best", rule.best), ("due", rule.due), ("expires", rule.expires)):
        if end and not end.at_least and closes_before(rule, "opens", rule.opens, end):
            yield FieldProblem(name, "is before the window opens; make it later than opens")
    due = _given_due(rule)
    if due and rule.expires and closes_before(rule, "due", due, rule.expires):
        yield FieldProblem("expires", "is before the due; make it later, or write expires: due")
    yield from _repeat_problems(rule, rule.repeat)


def _own_ends(rule: Rule) -> Iterator[FieldProblem]:
    """Points that are counted from what they make."""
    due = "cannot be counted from the due; name another anchor, like opens"
    opens = "a window cannot open at its own opening or due; name another anchor"
    for name, moment, refused, text in (
        ("opens", rule.opens, ("opens", "due"), opens),
        ("best", rule.best, ("due",), due),
        ("due", rule.due, ("due",), due),
        ("repeat.due", rule.repeat and rule.repeat.due, ("due",), due),
    ):
        for number, point in enumerate(moment.points if moment else ()):
            if point.anchor in refused:
                yield FieldProblem(f"{name}.points.{number}.anchor", text)


def _given_due(rule: Rule) -> Moment | None:
    """The due that was written, and not filled in."""
    return None if rule.due is ON_OPENING_DAY or rule.due is WEEK_AFTER_OUTCOME else rule.due


def _repeat_problems(rule: Rule, repeat: Repeat | None) -> Iterator[FieldProblem]:
    if repeat is None:
        if rule.one_a_day:
            yield FieldProblem("one_a_day", "is for rules that repeat; add repeat or remove it")
        return
    if rule.one_a_day and rule.subject != "opportunity":
        yield FieldProblem("one_a_day", "is for rules about the opportunity; write for: opportunity or remove it")
    if not _is_positive(repeat.every):
        yield FieldProblem("repeat.every", "must be later than the attempt before, like P7D")
    if repeat.max is not None and repeat.optional_from is not None and repeat.optional_from > repeat.max:
        text = f"is beyond the {repeat.max} that max allows; lower it or remove it"
        yield FieldProblem("repeat.optional_from", text)
    if rule.once:
        yield FieldProblem("once", "is for what is owed once, and this repeats; remove once or repeat")
    if rule.newest_round_only:
        yield FieldProblem("newest_round_only", "has no meaning for what repeats; remove it or repeat")
    for due in (repeat.due, repeat.optional_due):
        if due and any(_counts_back(point, "opens") for point in due.points):
            yield FieldProblem("repeat.due", "is before the attempt opens; make it later")
            return


def _is_positive(offset: Offset) -> bool:
    return (offset.elapsed or timedelta(0)) > timedelta(0) or (offset.days or offset.working_days or 0) > 0


def _counts_back(point: Point, start: str) -> bool:
    """Whether a point is before the start that it is counted from."""
    offset = point.offset
    negative = (offset.elapsed or timedelta(0)) < timedelta(0) or (offset.days or offset.working_days or 0) < 0
    return point.anchor == start and negative


def closes_before(rule: Rule, start: str, opens: Moment, end: Moment) -> bool:
    """Whether an end is certainly before its start (`opens` or `due`) whenever certain points of both count."""
    starts = _used(opens)
    early = [
        _counts_back(last, start) or any(_before(rule, last, first) for first in starts)
        for last in (end.points if end.latest else _used(end))
    ]
    if end.latest:
        return all(early) and (opens.latest or len(starts) == 1)
    return any(early)


def _used(moment: Moment) -> tuple[Point, ...]:
    """The points of which one counts: all of a `latest`, else those up to the first that is always known."""
    points = moment.points
    if moment.latest:
        return points
    sure = next((n for n, point in enumerate(points) if point.anchor in ALWAYS_KNOWN and not point.when), len(points))
    return points[: sure + 1]


def _before(rule: Rule, last: Point, first: Point) -> bool:
    """Whether a point is certainly before another from the same anchor; conditions of their own leave doubt."""
    if (first.anchor, first.rule) != (last.anchor, last.rule) or first.when or last.when:
        return False
    units = ((first.offset.elapsed, last.offset.elapsed), (first.offset.days, last.offset.days))
    for one, other in (*units, (first.offset.working_days, last.offset.working_days)):
        if one is not None and other is not None:
            return bool(other < one)  # type: ignore[operator]
    moves = rule.message and not rule.fixed
    if moves and first.anchor in DEADLINES:
        return False
    return _latest_hours(last.offset, moves) < _earliest_hours(first.offset)


def _earliest_hours(offset: Offset) -> float:
    """How many hours after its anchor an opening is at least: a day may begin, and clocks change, just then."""
    if offset.elapsed is not None:
        return offset.elapsed / HOUR
    days = offset.days if offset.days is not None else offset.working_days or 0
    return (days - 1) * 24 - 1


def _latest_hours(offset: Offset, moves: bool) -> float:
    """How many hours after its anchor an end is at most; no telling where the working calendar may move it."""
    if offset.elapsed is not None:
        return offset.elapsed / HOUR + 24
    return inf if moves or offset.days is None else (offset.days + 1) * 24 + 1
