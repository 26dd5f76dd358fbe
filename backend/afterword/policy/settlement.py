"""Which touches and marks settle which action: done, skipped or snoozed, and how many attempts a round has seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from afterword.policy.facts import Mark, Touch
from afterword.policy.playbook import Moment, Rule
from afterword.policy.situation import Round
from afterword.policy.subject import Subject
from afterword.policy.timeline import Settlement
from afterword.policy.windows import literal_opening


def settled(rule: Rule, subject: Subject, since: datetime) -> Settlement | None:
    """What settled a rule for its subject. Nothing dated before the anchor does, but for a `once` rule."""
    if rule.kind not in subject.situation.kinds_dealt_with:
        return None
    for touch in sent_for(rule, subject):
        if counts(rule, subject, since, touch):
            return Settlement("done", touch.at)
    return by_mark(rule, subject, since, attempt=1)


def sent_for(rule: Rule, subject: Subject) -> Sequence[Touch]:
    """What was sent of a rule's kind, to the person it is about, first to last."""
    situation, person = subject.situation, subject.person
    if not rule.personal:
        return situation.sent.get(rule.kind, ())
    return situation.sent_to.get((rule.kind, person.key), ()) if person else ()


def by_mark(rule: Rule, subject: Subject, since: datetime, attempt: int) -> Settlement | None:
    """The latest mark on an attempt; a mark of done is never revived by a later one."""
    latest: Settlement | None = None
    for mark in subject.situation.marks.get(rule.kind, ()):
        if mark.attempt != attempt or not counts(rule, subject, since, mark):
            continue
        latest = Settlement(mark.state, mark.at, mark.until)
        if mark.state == "done":
            break
    return latest


def counts(rule: Rule, subject: Subject, since: datetime, deed: Touch | Mark) -> bool:
    """Whether a touch or mark speaks of this rule's action for this subject."""
    if rule.personal and deed.person not in (None, subject.person.key if subject.person else None):
        return False
    if rule.once:
        return True
    return deed.at >= since and of_round(rule, subject, deed)


def of_round(rule: Rule, subject: Subject, deed: Touch | Mark) -> bool:
    """Whether a deed belongs to the subject's round: the one it names, else the latest that was owed by then.

    What is about the opportunity or follows its outcome is settled whichever round a deed names.
    """
    round = subject.round
    if round is None or rule.subject == "opportunity" or rule.follows_outcome:
        return True
    if deed.interview is not None:
        return deed.interview == round.interview.key
    if rule.settles_every_round:
        return round.interview.ends_at <= deed.at
    return not any(begins_by(rule, subject, later, deed.at) for later in later_rounds(rule, subject, round))


def later_rounds(rule: Rule, subject: Subject, round: Round) -> Iterator[Round]:
    """The standing rounds after one, with the same person where the rule is about a person."""
    person = subject.person if rule.personal else None
    for other in subject.situation.live:
        took_part = person is None or person.key in other.interview.people
        if took_part and other.interview.starts_at > round.interview.starts_at:
            yield other


def begins_by(rule: Rule, subject: Subject, round: Round, at: datetime) -> bool:
    """Whether the rule was owed for a round by an instant."""
    opening = literal_opening(rule.opens, subject.in_round(round)) if rule.opens else None
    return opening is not None and opening.anchored <= at


class Series(NamedTuple):
    """The attempts of a repeating rule that are dealt with, in order.

    `used_up`: as many were sent as are allowed. `ended`: that, or the next one was skipped in the present wait.
    """

    dealt_with: tuple[Settlement, ...]
    used_up: bool = False
    ended: bool = False

    @property
    def next(self) -> int:
        """The number of the next attempt; numbers never start again."""
        return len(self.dealt_with) + 1

    @property
    def last_sent(self) -> datetime | None:
        """When the last was sent; when it was skipped, if none was ever sent."""
        sent = [attempt.at for attempt in self.dealt_with if attempt.state == "done"]
        return sent[-1] if sent else (self.dealt_with[-1].at if self.dealt_with else None)


def series(rule: Rule, subject: Subject, since: datetime) -> Series:
    """The attempts since the anchor.

    In a series without a limit skipping one moves on to the next. In a limited one only what was sent counts, a new
    date that a reply named allows one more, and skipping the next one ends it until a reply begins a new wait.
    """
    limited = rule.repeat is not None and rule.repeat.max is not None
    counted = ("done",) if limited else ("done", "skipped")
    touches = [touch for touch in sent_for(rule, subject) if counts(rule, subject, since, touch)]
    marks = [mark for mark in subject.situation.marks.get(rule.kind, ()) if counts(rule, subject, since, mark)]
    deeds: list[Touch | Mark] = [*touches, *marks]
    dealt_with: list[Settlement] = []
    for deed in sorted(deeds, key=lambda deed: deed.at):
        if isinstance(deed, Touch):
            dealt_with.append(Settlement("done", deed.at))
        elif deed.state in counted and deed.attempt > len(dealt_with):
            dealt_with.append(Settlement(deed.state, deed.at))
    if not limited:
        return Series(tuple(dealt_with))
    if len(dealt_with) >= allowance(rule, subject):
        return Series(tuple(dealt_with), used_up=True, ended=True)
    mark = by_mark(rule, subject, wait_began(rule, subject, since), len(dealt_with) + 1)
    skipped = mark is not None and mark.state == "skipped"
    return Series((*dealt_with, *([mark] if mark and skipped else ())), ended=skipped)


def wait_began(rule: Rule, subject: Subject, since: datetime) -> datetime:
    """From when on a mark speaks of the next attempt: the present wait, where the rule is about one."""
    return subject.wait.start if rule.answers_wait and subject.wait else since


def allowance(rule: Rule, subject: Subject) -> int:
    """How many attempts may be sent: the rule's own, and one more for each reply that named a new date."""
    own = rule.repeat.max if rule.repeat and rule.repeat.max else 0
    return own + (subject.situation.new_dates if rule.answers_wait else 0)


def terms(rule: Rule, attempt: int) -> tuple[bool, Moment | None]:
    """Whether an attempt is optional, and its due. One beyond the rule's rows is, and has the last row's due."""
    repeat = rule.repeat
    if repeat is None or attempt == 1:
        return rule.optional, rule.due
    row = attempt if repeat.max is None else min(attempt, repeat.max)
    beyond = repeat.max is not None and attempt > repeat.max
    optional_row = repeat.optional_from is not None and row >= repeat.optional_from
    if row == 1:
        return True, rule.due
    return rule.optional or optional_row or beyond, repeat.optional_due if optional_row else repeat.due
