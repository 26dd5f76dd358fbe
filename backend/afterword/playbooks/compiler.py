"""From the parts of a checked document to the policy's rules, with the language's defaults filled in."""

from __future__ import annotations

from datetime import timedelta

from afterword.playbooks.schema import (
    ChannelPart,
    CitationPart,
    ConditionPart,
    HoldPart,
    MomentPart,
    PointPart,
    RepeatPart,
    RulePart,
    split_anchor,
    split_plus,
)
from afterword.policy.playbook import ChannelAdvice, Condition, HoldRule, Moment, Offset, Point, Repeat, Rule
from afterword.policy.timeline import Citation

#: Anchors that are local days: without `plus` they mean the day, and all others the instant.
DAYS = frozenset({"promise", "outcome.answer_by", "other_offer.answer_by"})
ON_OPENING_DAY = Moment((Point("opens", Offset(days=0)),))
WEEK_AFTER_OUTCOME = Moment((Point("outcome.at", Offset(days=7)),))
WHEN_DUE = Moment((Point("due", Offset(elapsed=timedelta(0))),))


def conditions(parts: list[ConditionPart]) -> tuple[Condition, ...]:
    """Conditions in the order given."""
    return tuple(Condition(part.name, tuple(part.arguments)) for part in parts)


def offset(part: PointPart, anchor: str) -> Offset:
    """How far from the anchor."""
    if part.plus is None:
        return Offset(days=0) if anchor in DAYS else Offset(elapsed=timedelta(0))
    return distance(part.plus, part.working_days)


def distance(plus: str, working_days: bool = False) -> Offset:
    """A `plus` as elapsed time, days or working days."""
    sign, days, minutes = split_plus(plus)
    if minutes is not None:
        return Offset(elapsed=sign * timedelta(minutes=minutes))
    return Offset(working_days=sign * (days or 0)) if working_days else Offset(days=sign * (days or 0))


def point(part: PointPart) -> Point:
    """One anchor and offset."""
    anchor, rule = split_anchor(part.anchor)
    return Point(anchor, offset(part, anchor), rule, conditions(part.when), part.why)


def elapsed(text: str) -> timedelta:
    """A `plus` as elapsed time; a day is 24 hours here."""
    sign, days, minutes = split_plus(text)
    return sign * timedelta(days=days or 0, minutes=minutes or 0)


def moment(part: MomentPart | None) -> Moment | None:
    """Points as a moment; None for `never` and for nothing."""
    if part is None or part.points is None:
        return WHEN_DUE if part is not None and part.word == "due" else None
    return Moment(tuple(map(point, part.points)), part.latest, elapsed(part.at_least) if part.at_least else None)


def in_days(opens: Moment | None) -> bool:
    """Whether a window opens on a day rather than after so many hours."""
    return opens is not None and opens.points[0].offset.elapsed is None


def default_due(opens: Moment | None, optional: bool, after_outcome: bool) -> Moment | None:
    """The due of a rule that names none: the opening day, a week after an outcome, or none."""
    if optional:
        return None
    if in_days(opens):
        return ON_OPENING_DAY
    return WEEK_AFTER_OUTCOME if after_outcome else None


def repeat(part: RepeatPart | None, due: Moment | None, opens: Moment | None, optional: bool) -> Repeat | None:
    """Further attempts; without a due of their own they have the rule's where that is counted from the opening."""
    if part is None:
        return None
    of_opening = due if due and all(point.anchor == "opens" for point in due.points) else None
    given = moment(part.due) if part.due else of_opening
    fallback = None if part.due else default_due(opens, optional, after_outcome=False)
    return Repeat(distance(part.every), part.max, part.optional_from, given or fallback, given)


def channel_advice(part: ChannelPart) -> ChannelAdvice:
    """Channels, best first."""
    return ChannelAdvice(
        recommended=tuple(part.recommended),
        allowed=tuple(part.allowed),
        avoid=tuple(part.avoid),
        prefer=tuple(part.prefer),
        as_asked=part.as_asked,
        as_theirs=part.as_theirs,
        when=conditions(part.when),
    )


def citations(parts: list[CitationPart], titles: dict[str, str]) -> tuple[Citation, ...]:
    """Citations with the titles of their sources."""
    known = ((part, part.title or titles.get(part.source, part.source)) for part in parts)
    return tuple(Citation(part.source, part.locator, part.says, part.inferred, title) for part, title in known)


def default_title(part: RulePart) -> str:
    """A title for a rule that has none: its kind in words, and for whom."""
    words = part.kind.replace("-", " ").capitalize()
    addressed = part.subject in ("person", "reference", "insider")
    return words if part.subject == "account" else f"{words}: {'{person}, ' if addressed else ''}{{company}}"


def rule(part: RulePart, titles: dict[str, str]) -> Rule:
    """One rule of action."""
    opens = moment(part.opens)
    after_outcome = any(condition.name == "outcome" for condition in part.when)
    due = moment(part.due) if part.due else default_due(opens, part.optional, after_outcome)
    given_due = moment(part.due) if part.due else None
    return Rule(
        id=part.id,
        kind=part.kind,
        subject=part.subject,
        title=part.title or default_title(part),
        why=part.why or part.cite[0].says.replace("{", "{{").replace("}", "}}"),
        sources=citations(part.cite, titles),
        dissent=citations(part.dissent, titles),
        when=conditions(part.when),
        opens=opens,
        best=moment(part.best),
        due=due,
        expires=moment(part.expires),
        after=part.after,
        repeat=repeat(part.repeat, given_due, opens, part.optional),
        channel=tuple(map(channel_advice, part.channel)),
        to=tuple(part.to),
        optional=part.optional,
        message=bool(part.channel) if part.message is None else part.message,
        fixed=part.fixed,
        once=part.once,
        newest_round_only=part.newest_round_only,
        settles_every_round=part.settles_every_round,
        outlives_outcome=part.outlives_outcome,
        one_a_day=part.one_a_day,
        ends=tuple(part.ends),
        checklist=tuple(part.checklist),
    )


def hold(part: HoldPart, titles: dict[str, str]) -> HoldRule:
    """One hold."""
    return HoldRule(
        id=part.id,
        kind=part.kind,
        subject=part.subject,
        why=part.why or part.cite[0].says.replace("{", "{{").replace("}", "}}"),
        sources=citations(part.cite, titles),
        when=conditions(part.when),
        forbids=() if part.forbids == "all_messages" else tuple(part.forbids),
        all_messages=part.forbids == "all_messages",
        channel=part.channel,
        until_opening_of=part.until[len("opening(") : -1] if part.until else None,
        spares=conditions(part.spares),
        outlives_outcome=part.outlives_outcome,
    )
