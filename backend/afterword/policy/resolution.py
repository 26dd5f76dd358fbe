"""A rule resolved for a subject: its actions, each in its window and state, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from afterword.policy.playbook import Condition, Moment, Rule
from afterword.policy.settlement import Series, by_mark, settled, terms, wait_began
from afterword.policy.situation import Situation
from afterword.policy.subject import Subject
from afterword.policy.timeline import PAST, Action, Channel, Settlement, Window
from afterword.policy.windows import (
    Opening,
    due_of,
    in_contact_hours,
    literal_opening,
    moved_by_calendar,
    opening_at,
    window,
)
from afterword.policy.wording import sentence

if TYPE_CHECKING:
    from afterword.policy.case import Case

#: Why a rule is silent: its own condition that does not hold, or what else stopped it, in words.
Reason = Condition | str
DEALT_WITH = ("done", "skipped")


class Untold(NamedTuple):
    """An action that is over and not asked for: reckoned, because others may wait for it, and not put into words."""

    state: str
    window: Window
    settlement: Settlement | None


class Resolution(NamedTuple):
    """A rule for a subject: its actions, the next one last, or the one reason why there is none to come."""

    actions: tuple[Action | Untold, ...] = ()
    reason: Reason | None = None
    used_up: bool = False
    ended: bool = False


NOBODY = "there is nobody to write to"
MET_AGAIN = "a later round with the same person took its place"
USED_UP = "as many were sent as are well received"
SKIPPED = "you skipped the next one"


def resolved(case: Case, rule: Rule, subject: Subject) -> Resolution:
    """The rule's actions for the subject."""
    found = repeated(case, rule, subject) if rule.repeat else single(case, rule, subject)
    if isinstance(found, Action | Untold):
        return Resolution((found,))
    return found if isinstance(found, Resolution) else Resolution((), found)


def single(case: Case, rule: Rule, subject: Subject) -> Action | Untold | Reason:
    """The one action of a rule that does not repeat, or why there is none."""
    opening = opening_or_reason(case, rule, subject)
    if not isinstance(opening, Opening):
        return opening
    settlement = settled(rule, subject, opening.anchored)
    if rule.newest_round_only and met_again(subject) and not (settlement and settlement.state == "done"):
        return MET_AGAIN
    opening = moved_by_calendar(rule, opening, subject.calendar)
    return acted(case, rule, subject, opening, 1, settlement)


def opening_or_reason(case: Case, rule: Rule, subject: Subject) -> Opening | Reason:
    """When the rule's window opens by itself, or why it does not fire."""
    reason = case.why_silent(rule, subject)
    if reason is not None:
        return reason
    opening = case.opening(rule, subject)
    if opening is None:
        return f"it opens from {rule.counted_from}, which is not known"
    if subject.person is None and rule.addressees and rule.message and is_without_addressee(rule, subject):
        return NOBODY
    return opening


def is_without_addressee(rule: Rule, subject: Subject) -> bool:
    """Whether there is nobody whom a message may go to.

    About a single interview it may still go to somebody who is not named yet, but not where those who are asked not to
    be contacted.
    """
    everyone = subject.situation.opportunity.people
    return rule.subject == "opportunity" or any(person.do_not_contact for person in everyone)


def met_again(subject: Subject) -> bool:
    """Whether a later round with the same person was held."""
    round, person = subject.round, subject.person
    rounds = subject.situation.rounds_with(person.key) if person else ()
    return round is not None and bool(rounds) and rounds[-1].interview.ends_at > round.interview.ends_at


def repeated(case: Case, rule: Rule, subject: Subject) -> Resolution | Reason:
    """The attempts that are dealt with, and the next one where another is allowed; or why there are none."""
    own = opening_or_reason(case, rule, subject)
    if not isinstance(own, Opening):
        return own
    attempts = case.series(rule, subject)
    past = tuple(past_attempt(case, rule, subject, attempts, number, own) for number in range(1, attempts.next))
    if attempts.ended:
        return Resolution(past, USED_UP if attempts.used_up else SKIPPED, attempts.used_up, attempts.ended)
    native = attempt_opening(rule, subject, attempts, attempts.next, own)
    opening = native
    if rule.one_a_day and len(case.situations) > 1:
        opening = case.spaced(rule, subject.situation) or native
    since = wait_began(rule, subject, own.anchored)
    following = acted(case, rule, subject, opening, attempts.next, by_mark(rule, subject, since, attempts.next))
    if opening.at != native.at and isinstance(following, Action):
        following = following._replace(moved_from=native.at)
    return Resolution((*past, following))


def past_attempt(
    case: Case, rule: Rule, subject: Subject, attempts: Series, number: int, own: Opening
) -> Action | Untold:
    """An attempt that is dealt with, in the window that it had under the wait then in force."""
    settlement = attempts.dealt_with[number - 1]
    if rule.answers_wait and rule.opens:
        then = subject.waiting_since(subject.situation.wait_at(settlement.at))
        own_then = literal_opening(rule.opens, then)
        subject, own = (then, own_then) if own_then else (subject, own)
    opening = attempt_opening(rule, subject, attempts, number, own)
    return acted(case, rule, subject, opening, number, settlement)


def attempt_opening(rule: Rule, subject: Subject, attempts: Series, number: int, own: Opening) -> Opening:
    """The later of the wait's `own` opening and `every` days after the attempt before, as the calendar moves it."""
    if rule.repeat and number > 1:
        again = opening_at(rule.repeat.every, attempts.dealt_with[number - 2].at, subject.calendar)
        later = max(own, again, key=lambda opening: opening.at)
        own = own._replace(at=later.at, literal_at=later.at, day=later.day)
    return moved_by_calendar(rule, own, subject.calendar)


def next_opening(case: Case, rule: Rule, situation: Situation) -> tuple[Subject, datetime, Opening] | None:
    """When its wait ends and its next attempt opens, seen for itself alone; None where none does."""
    (subject,) = case.subjects(rule, situation)
    own = case.opening(rule, subject)
    if own is None or subject.person is None or case.why_silent(rule, subject) is not None:
        return None
    attempts = case.series(rule, subject)
    if attempts.ended:
        return None
    return subject, own.literal_at, attempt_opening(rule, subject, attempts, attempts.next, own)


def acted(
    case: Case, rule: Rule, subject: Subject, opening: Opening, attempt: int, settlement: Settlement | None
) -> Action | Untold:
    """One attempt in its window and state."""
    channel: Channel | None = None
    if rule.may_be_phoned:
        channel = case.channel(rule, subject)
        if channel and channel.recommended == "phone":
            opening = in_contact_hours(opening, subject.calendar)
    waiting, released = waits_for(case, rule, subject) if rule.after else (False, None)
    if released and released > opening.at:
        opening = opening._replace(at=released, literal_at=released, day=None, moved=False)
    optional, due_moment = terms(rule, attempt)
    frame = framed(case, rule, subject, opening, due_moment)
    state = state_of(frame, settlement, waiting, case.at)
    if state in PAST and not case.tells_past:
        return Untold(state, frame, settlement)
    if rule.channel and not rule.may_be_phoned:
        channel = case.channel(rule, subject)
    words = case.words(subject)
    words["attempt"] = attempt
    return Action(
        rule.id,
        rule.kind,
        attempt,
        sentence(rule.title, words),
        state,
        optional,
        rule.message,
        frame,
        subject.situation.key,
        subject.round.interview.key if subject.round else None,
        subject.wait.key if rule.answers_wait and subject.wait else None,
        subject.person.key if subject.person else None,
        channel,
        sentence(opening.why or rule.why, words),
        rule.checklist,
        rule.sources,
        rule.dissent,
        settlement,
    )


def framed(case: Case, rule: Rule, subject: Subject, opening: Opening, due_moment: Moment | None) -> Window:
    """The whole window, reckoned once for everybody in a round where it is the same for them all."""
    round = subject.round if rule.timed_by_round else None
    if round is None:
        due = due_of(due_moment, opening, rule, subject) if due_moment else None
        return window(rule, opening, due, subject)
    key = (rule, round, opening.at)
    found = case.windows.get(key)
    if found is None:
        due = due_of(due_moment, opening, rule, subject) if due_moment else None
        found = case.windows[key] = window(rule, opening, due, subject)
    return found


def waits_for(case: Case, rule: Rule, subject: Subject) -> tuple[bool, datetime | None]:
    """Whether the rule still waits for the one it comes after, and if not, when that was dealt with."""
    before = case.playbook.by_id[rule.after or ""]
    latest = [case.resolve(before, seen).actions[-1:] for seen in subjects_before(case, rule, before, subject)]
    released: datetime | None = None
    for found in (each for one in latest for each in one):
        if found.state not in (*DEALT_WITH, "lapsed"):
            return True, None
        settlement = found.settlement if found.state != "lapsed" else None
        at = settlement.at if settlement else (found.window and found.window.expires_at)
        released = max(filter(None, (released, at)), default=None)
    return False, released


def subjects_before(case: Case, rule: Rule, before: Rule, subject: Subject) -> Iterator[Subject]:
    """The subjects of the rule that comes before: everybody's, where this one is not about a person."""
    if not before.personal or rule.personal:
        yield case.as_seen_by(before, subject)
        return
    for seen in case.subjects(before, subject.situation):
        if rule.subject == "opportunity" or seen.round is subject.round:
            yield seen


def state_of(frame: Window, settlement: Settlement | None, waiting: bool, at: datetime) -> str:
    """The state of a window at the instant asked about."""
    if settlement and settlement.state in DEALT_WITH:
        return settlement.state
    if frame.expires_at is not None and at >= frame.expires_at:
        return "lapsed"
    if settlement and settlement.until is not None and at < settlement.until:
        return "snoozed"
    if waiting or at < frame.opens_at:
        return "upcoming"
    return "overdue" if frame.due_at is not None and at >= frame.due_at else "open"
