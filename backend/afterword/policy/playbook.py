"""The rule language as data: what a playbook says, once it has been read and checked.

A rule is about a subject (`Rule.subject`), fires when all its conditions hold and its opening can be reckoned, and
yields an action in a window. A hold rule yields something to leave alone. `docs/playbooks.md` is the language's guide;
`playbooks/loader.py` builds these objects from YAML or JSON and refuses what it cannot read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import NamedTuple

from afterword.policy.timeline import Citation

PERSONAL = frozenset({"person", "reference", "insider"})
ANCHORS = (
    "interview.start",
    "interview.end",
    "interview.scheduled_at",
    "interview.status_at",
    "last_round.end",
    "wait",
    "promise",
    "outcome.at",
    "outcome.answer_by",
    "last_done",
    "last_reply",
    "last_contact",
    "reply_to",
    "other_offer.at",
    "other_offer.answer_by",
    "other_acceptance.at",
    "opens",
    "due",
)
#: An anchor that somebody else set as a deadline: a due counted from it moves back to a working day, never on.
DEADLINES = ("outcome.answer_by", "other_offer.answer_by")
#: Anchors that are the same for everybody who took part in a round.
OF_THE_ROUND = frozenset({"interview.start", "interview.end", "interview.scheduled_at", "opens", "due"})
#: Anchors that belong to the present wait for an answer, and not to the round as such.
OF_THE_WAIT = ("wait", "promise", "last_done", "last_reply", "last_contact")


class Condition(NamedTuple):
    """One named condition and its arguments; `conditions.CONDITIONS` says what it means."""

    name: str
    arguments: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}: {', '.join(self.arguments)}" if self.arguments else self.name


@dataclass(frozen=True, slots=True)
class Offset:
    """How far from an anchor: elapsed time, calendar days, or working days. Exactly one is set."""

    elapsed: timedelta | None = None
    days: int | None = None
    working_days: int | None = None

    @property
    def counts_back(self) -> bool:
        """Whether it lies before its anchor, in days."""
        return (self.days or self.working_days or 0) < 0


@dataclass(frozen=True, slots=True)
class Point:
    """An anchor and an offset. `rule` is the argument of `last_done` and `reply_to`; `when` and `why` are its own."""

    anchor: str
    offset: Offset
    rule: str | None = None
    when: tuple[Condition, ...] = ()
    why: str | None = None

    def __str__(self) -> str:
        return f"{self.anchor}({self.rule})" if self.rule else self.anchor


@dataclass(frozen=True, slots=True)
class Moment:
    """Points in the order given: the first that is known counts, or with `latest` the latest of those that are."""

    points: tuple[Point, ...]
    latest: bool = False
    at_least: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """Further attempts, `every` so long after the last one sent; `max` is the allowance, None for no limit.

    From attempt `optional_from` on they are optional, and due by `optional_due` in place of `due`.
    """

    every: Offset
    max: int | None = None
    optional_from: int | None = None
    due: Moment | None = None
    optional_due: Moment | None = None


@dataclass(frozen=True, eq=False)
class ChannelAdvice:
    """Channels in order of preference. `prefer` lists those in which a person's own preference leads."""

    recommended: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()
    as_asked: bool = False
    as_theirs: bool = False
    when: tuple[Condition, ...] = ()

    @cached_property
    def own(self) -> tuple[str, ...]:
        """The channels that are good enough, best first."""
        return self.recommended + self.allowed


@dataclass(frozen=True, eq=False)
class Rule:
    """Advice: who it is for, when it fires, its window, how, why and on whose word."""

    id: str
    kind: str
    subject: str
    title: str
    why: str
    sources: tuple[Citation, ...]
    dissent: tuple[Citation, ...] = ()
    when: tuple[Condition, ...] = ()
    opens: Moment | None = None
    best: Moment | None = None
    due: Moment | None = None
    expires: Moment | None = None
    after: str | None = None
    repeat: Repeat | None = None
    channel: tuple[ChannelAdvice, ...] = ()
    to: tuple[str, ...] = ()
    optional: bool = False
    message: bool = False
    fixed: bool = False
    once: bool = False
    newest_round_only: bool = False
    settles_every_round: bool = False
    outlives_outcome: bool = False
    one_a_day: bool = False
    ends: tuple[str, ...] = ()
    checklist: tuple[str, ...] = ()

    @cached_property
    def follows_outcome(self) -> bool:
        """Whether an outcome opens it; every other rule is ended by one."""
        return any(condition.name == "outcome" for condition in self.when)

    @cached_property
    def asks_status(self) -> bool:
        """Whether it is about cancelled or missed rounds, which yield nothing to other rules."""
        return any(condition.name in ("status", "missed_by") for condition in self.when)

    @cached_property
    def personal(self) -> bool:
        """Whether it is about one person each time."""
        return self.subject in PERSONAL

    @cached_property
    def often_asked(self) -> bool:
        """Whether other rules and holds ask how it stands, so that its answers are worth remembering."""
        return self.repeat is not None or bool(self.ends)

    @cached_property
    def may_be_phoned(self) -> bool:
        """Whether the telephone may be the channel to use, which then decides when its window opens."""
        return any(
            advice.as_asked or advice.as_theirs or "phone" in (*advice.own, *advice.prefer) for advice in self.channel
        )

    @cached_property
    def audience(self) -> tuple[object, ...]:
        """What decides whom it is about: rules that agree in it are about the same subjects."""
        if self.subject == "person":
            return (self.subject, self.once, self.follows_outcome)
        return (self.subject, self.asks_status, self.addressees, self.answers)

    @cached_property
    def addressees(self) -> tuple[str, ...]:
        """Whom its message goes to where it is not about one person, best first."""
        of_opportunity = self.message and self.subject == "opportunity"
        return self.to or (("point_of_contact",) if of_opportunity else ())

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """Every moment of its first attempt's window."""
        return tuple(moment for moment in (self.opens, self.best, self.due, self.expires) if moment)

    @cached_property
    def counted_from(self) -> str:
        """What its opening may be counted from, as it is written."""
        points = self.opens.points if self.opens else ()
        return " or ".join(dict.fromkeys(map(str, points)))

    @cached_property
    def timed_by_round(self) -> bool:
        """Whether it has one window for everybody who took part in a round, which is then reckoned once."""
        points = [point for moment in self.moments for point in moment.points]
        same = all(point.anchor in OF_THE_ROUND and not point.when for point in points)
        return self.personal and not self.repeat and same

    @cached_property
    def answers(self) -> str | None:
        """The id of the rule to which a reply opens this one."""
        points = self.opens.points if self.opens else ()
        return next((point.rule for point in points if point.anchor == "reply_to"), None)

    @cached_property
    def answers_wait(self) -> bool:
        """Whether it is about the present wait, so that a new wait makes a new obligation."""
        points = self.opens.points if self.opens else ()
        return self.subject == "opportunity" and any(point.anchor in OF_THE_WAIT for point in points)


@dataclass(frozen=True, eq=False)
class HoldRule:
    """Something to leave alone. `forbids` are kinds; with `all_messages` every kind of outbound contact.

    `until_opening_of` names the rule whose opening lifts the hold; None holds until a fact ends it.
    """

    id: str
    kind: str
    subject: str
    why: str
    sources: tuple[Citation, ...]
    when: tuple[Condition, ...] = ()
    forbids: tuple[str, ...] = ()
    all_messages: bool = False
    channel: str | None = None
    until_opening_of: str | None = None
    spares: tuple[Condition, ...] = ()
    outlives_outcome: bool = False

    follows_outcome = False

    def covers(self, kind: str) -> bool:
        """Whether it speaks of a kind; one that only closes a channel speaks of all."""
        return self.all_messages or not self.forbids or kind in self.forbids


@dataclass(frozen=True, eq=False)
class Playbook:
    """A whole policy: actions and holds, in the order in which they are shown."""

    id: str
    version: str
    title: str
    rules: tuple[Rule, ...]
    holds: tuple[HoldRule, ...]

    @cached_property
    def by_id(self) -> dict[str, Rule]:
        """Its rules by their ids."""
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def dated(self) -> tuple[Rule, ...]:
        """The rules that have a window."""
        return tuple(rule for rule in self.rules if rule.subject != "account")

    @cached_property
    def standing(self) -> tuple[Rule, ...]:
        """Advice to the account as a whole, which has none."""
        return tuple(rule for rule in self.rules if rule.subject == "account")

    @cached_property
    def order(self) -> dict[str, int]:
        """The place of each rule."""
        return {rule.id: index for index, rule in enumerate(self.rules)}

    @cached_property
    def enders(self) -> dict[str, tuple[Rule, ...]]:
        """For each kind, the rules that end it once they fire."""
        kinds = {kind for rule in self.rules for kind in rule.ends}
        return {kind: tuple(rule for rule in self.rules if kind in rule.ends) for kind in kinds}

    @cached_property
    def message_kinds(self) -> tuple[str, ...]:
        """Every kind of outbound contact it knows."""
        return tuple(dict.fromkeys(rule.kind for rule in self.rules if rule.message))
