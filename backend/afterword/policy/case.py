"""One question put to a playbook: the facts at an instant, and every rule resolved against them, each at most once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from afterword.policy import audience, channels
from afterword.policy.conditions import first_failure, why_not
from afterword.policy.elsewhere import accepted, offering
from afterword.policy.facts import Facts, Opportunity, Person, Touch
from afterword.policy.playbook import HoldRule, Playbook, Rule
from afterword.policy.settlement import PERSONAL, Series, Settlement, by_mark, series, settled, terms, wait_began
from afterword.policy.situation import Round, Situation
from afterword.policy.spacing import spaced
from afterword.policy.subject import Subject
from afterword.policy.timeline import Channel, Window
from afterword.policy.windows import Opening, due_of, literal_opening, moved_by_calendar, opening_at, window


class Occurrence(NamedTuple):
    """One action before it is put into words."""

    rule: Rule
    subject: Subject
    attempt: int
    optional: bool
    window: Window
    state: str
    settlement: Settlement | None
    channel: Channel | None
    why: str
    moved_from: datetime | None = None


class Resolution(NamedTuple):
    """A rule for a subject: its occurrences, the next one last, or the one reason why there is none."""

    occurrences: tuple[Occurrence, ...] = ()
    reason: str | None = None
    used_up: bool = False
    ended: bool = False


class Case:
    """Resolves rules for subjects, remembering each answer, because rules refer to one another."""

    def __init__(self, playbook: Playbook, facts: Facts, at: datetime) -> None:
        self.playbook, self.facts, self.at = playbook, facts, at
        self.situations = tuple(Situation(opportunity, facts.calendar, at) for opportunity in facts.opportunities)
        self.offering, self.accepted = offering(self.situations), accepted(self.situations)
        self.nowhere = Situation(Opportunity(key="", company=""), facts.calendar, at)
        self._resolutions: dict[tuple[str, str, str | None, str | None], Resolution] = {}
        self._spaced: dict[str, dict[str, Opening]] = {}
        self._channel_holds: dict[tuple[str, str | None], tuple[HoldRule, ...]] = {}

    # Subjects

    def subjects(self, rule: Rule, situation: Situation) -> Iterator[Subject]:
        """Everybody and everything a rule is about in one opportunity."""
        return audience.subjects(self, rule, situation)

    def as_seen_by(self, rule: Rule, subject: Subject) -> Subject:
        """The subject of another rule that a rule refers to."""
        return audience.seen_from(self, rule, subject)

    # What rules ask of one another

    def done_at(self, rule: Rule, subject: Subject) -> datetime | None:
        """When a rule was last done for a subject; for somebody in several rounds, when first in any of them."""
        seen = self.as_seen_by(rule, subject)
        if rule.repeat:
            return self.series(rule, seen).last_sent
        rounds = (subject.round, *subject.situation.rounds_with(seen.person.key)) if seen.person else (subject.round,)
        times = [self._done_in(rule, seen.in_round(round)) for round in rounds]
        return times[0] or min((time for time in times if time), default=None)

    def _done_in(self, rule: Rule, subject: Subject) -> datetime | None:
        opening = literal_opening(rule.opens, subject) if rule.opens else None
        settlement = settled(rule, subject, opening.anchored) if opening else None
        return settlement.at if settlement and settlement.state == "done" else None

    def series(self, rule: Rule, subject: Subject) -> Series:
        """The attempts of a repeating rule since its anchor."""
        since = self._since(rule, subject)
        return series(rule, subject, since) if since else Series(())

    @staticmethod
    def _since(rule: Rule, subject: Subject) -> datetime | None:
        """From when on deeds count: the end of the round for a rule about the wait, else the window's anchor."""
        if rule.answers_wait and subject.round:
            return subject.round.interview.ends_at
        opening = literal_opening(rule.opens, subject) if rule.opens else None
        return opening.anchored if opening else None

    def used_up(self, rule: Rule, subject: Subject) -> bool:
        """Whether a repeating rule would fire, were its allowance not used."""
        return self.resolve(rule, self.as_seen_by(rule, subject)).used_up

    def ended(self, rule: Rule, subject: Subject) -> bool:
        """Whether a repeating rule would fire, were its allowance not used and its next attempt not skipped."""
        return self.resolve(rule, self.as_seen_by(rule, subject)).ended

    def upcoming(self, rule: Rule, subject: Subject) -> Occurrence | None:
        """The next occurrence of a rule where it is still to come."""
        occurrences = self.resolve(rule, self.as_seen_by(rule, subject)).occurrences
        return occurrences[-1] if occurrences and occurrences[-1].state == "upcoming" else None

    def moved_for_another(self, rule: Rule, subject: Subject) -> bool:
        """Whether the next occurrence would be open by now, had another opportunity not come first."""
        occurrence = self.upcoming(rule, subject)
        return occurrence is not None and occurrence.moved_from is not None and occurrence.moved_from <= self.at

    def reply_to(self, rule: Rule, subject: Subject) -> Touch | None:
        """The first reply after a rule was done."""
        done = self.done_at(rule, subject)
        replies = subject.situation.replies
        return next((reply for reply in replies if reply.at > done), None) if done else None

    # Channels

    def channel(self, rule: Rule, subject: Subject) -> Channel | None:
        """How to say it, or None where the rule has no word on it."""
        seen = subject if rule.subject in PERSONAL else self.as_seen_by(rule, subject)
        advice = channels.advice_for(rule, seen)
        if advice is None:
            return None
        return channels.choose(advice, seen, self._theirs(rule, seen), self._held(rule, seen))

    def unreachable(self, rule: Rule, subject: Subject) -> bool:
        """Whether none of a rule's channels can be used, for want of an address."""
        advice = channels.advice_for(rule, subject)
        return advice is not None and not any(channels.usable(advice, subject, None, self._held(rule, subject)))

    def _theirs(self, rule: Rule, subject: Subject) -> str | None:
        reply = audience.answered(self, rule, subject)
        return reply.channel if reply else None

    def _held(self, rule: Rule, subject: Subject) -> tuple[str, ...]:
        """Channels that a hold closes to a rule's kind for this person."""
        return tuple(hold.channel for hold in self._closing(subject) if hold.channel and hold.covers(rule.kind))

    def _closing(self, subject: Subject) -> tuple[HoldRule, ...]:
        """The holds that close a channel to this person, or to the opportunity where nobody is addressed."""
        situation, person = subject.situation, subject.person
        key = (situation.key, person.key if person else None)
        if key not in self._channel_holds:
            self._channel_holds[key] = ()  # while the holds' own conditions are read, none stands yet
            self._channel_holds[key] = tuple(
                hold
                for hold in self.playbook.holds
                if hold.channel and self._stands_for(hold, situation, person) and not self.spares(hold, subject)
            )
        return self._channel_holds[key]

    def _stands_for(self, hold: HoldRule, situation: Situation, person: Person | None) -> bool:
        if hold.subject == "opportunity":
            person = None
        elif person is None:
            return False
        return self.why_silent(hold, Subject.of(self, situation, situation.governing, person)) is None

    # Holds

    def standing(self, hold: HoldRule, situation: Situation) -> Iterator[tuple[HoldRule, Subject]]:
        """The subjects for which a hold stands."""
        people: tuple[Person | None, ...] = (None,) if hold.subject == "opportunity" else situation.opportunity.people
        for person in people:
            subject = Subject.of(self, situation, situation.governing, person)
            if self.why_silent(hold, subject) is None:
                yield hold, subject

    def why_silent(self, rule: Rule | HoldRule, subject: Subject) -> str | None:
        """The one reason why a rule or hold is silent; None when nothing stops it."""
        return self._ended(rule, subject) or self._failed(rule, subject)

    def spares(self, hold: HoldRule, subject: Subject) -> bool:
        """Whether a hold does not speak of this person."""
        return subject.person is not None and any(first_failure((one,), subject) is None for one in hold.spares)

    # Resolving

    def resolve(self, rule: Rule, subject: Subject) -> Resolution:
        """The rule's occurrences for the subject."""
        interview = subject.round.interview.key if subject.round else None
        person = subject.person.key if subject.person else None
        key = (rule.id, subject.situation.key, interview, person)
        if key not in self._resolutions:
            self._resolutions[key] = self._resolve(rule, subject)
        return self._resolutions[key]

    def _resolve(self, rule: Rule, subject: Subject) -> Resolution:
        reason = self._ended(rule, subject) or self._failed(rule, subject)
        if reason:
            return Resolution(reason=reason)
        opening = literal_opening(rule.opens, subject) if rule.opens else None
        if opening is None:
            return Resolution(reason="what its window is counted from is not known")
        if rule.message and rule.subject == "opportunity" and subject.person is None:
            return Resolution(reason="there is nobody to write to")
        if rule.repeat:
            return self._repeated(rule, subject, opening)
        settlement = settled(rule, subject, opening.anchored)
        if rule.newest_round_only and not (settlement and settlement.state == "done") and self._met_again(subject):
            return Resolution(reason="a later round with the same person took its place")
        opening = moved_by_calendar(rule, opening, subject.calendar)
        return Resolution((self._occurrence(rule, subject, opening, 1, settlement),))

    def _ended(self, rule: Rule | HoldRule, subject: Subject) -> str | None:
        if subject.situation.outcome and not rule.follows_outcome and not rule.outlives_outcome:
            return "the outcome is known"
        for ender in self.playbook.enders.get(rule.kind, ()):
            if self.resolve(ender, self.as_seen_by(ender, subject)).occurrences:
                return f"{ender.id} ended it"
        return None

    @staticmethod
    def _failed(rule: Rule | HoldRule, subject: Subject) -> str | None:
        failure = first_failure(rule.when, subject)
        return why_not(failure) if failure else None

    @staticmethod
    def _met_again(subject: Subject) -> bool:
        round, person = subject.round, subject.person
        rounds = subject.situation.rounds_with(person.key) if person else ()
        return round is not None and any(later.interview.ends_at > round.interview.ends_at for later in rounds)

    # Repeating

    def _repeated(self, rule: Rule, subject: Subject, opening: Opening) -> Resolution:
        attempts = self.series(rule, subject)
        past = tuple(self._past(rule, subject, attempts, number, opening) for number in range(1, attempts.next))
        if attempts.ended:
            return Resolution(past, None, attempts.used_up, attempts.ended)
        native = self._attempt_opening(rule, subject, attempts, attempts.next, opening)
        opening = self._spaced_opening(rule, subject, native)
        since = wait_began(rule, subject, self._since(rule, subject) or opening.anchored)
        settlement = by_mark(rule, subject, since, attempts.next)
        following = self._occurrence(rule, subject, opening, attempts.next, settlement)
        if opening.at != native.at:
            following = following._replace(moved_from=native.at)
        return Resolution((*past, following))

    def next_opening(self, rule: Rule, situation: Situation) -> tuple[Subject, datetime, Opening] | None:
        """When its wait ends and its next attempt opens, seen for itself alone; None where none does."""
        for subject in self.subjects(rule, situation):
            own = literal_opening(rule.opens, subject) if rule.opens else None
            if own is None or subject.person is None or self.why_silent(rule, subject):
                continue
            attempts = self.series(rule, subject)
            if not attempts.ended:
                return subject, own.literal_at, self._attempt_opening(rule, subject, attempts, attempts.next, own)
        return None

    def _spaced_opening(self, rule: Rule, subject: Subject, native: Opening) -> Opening:
        if not rule.one_a_day or len(self.situations) == 1:
            return native
        if rule.id not in self._spaced:
            self._spaced[rule.id] = spaced(self, rule)
        return self._spaced[rule.id].get(subject.situation.key, native)

    @staticmethod
    def _attempt_opening(rule: Rule, subject: Subject, attempts: Series, number: int, own: Opening) -> Opening:
        """The later of the wait's `own` opening and `every` days after the attempt before, as the calendar moves it."""
        if rule.repeat and number > 1:
            before = attempts.dealt_with[: number - 1]
            sent = [attempt for attempt in before if attempt.state == "done"]
            last = sent[-1] if sent and rule.repeat.max else before[-1]
            again = opening_at(rule.repeat.every, last.at, subject.calendar)
            later = max(own, again, key=lambda opening: opening.at)
            own = own._replace(at=later.at, literal_at=later.at, day=later.day)
        return moved_by_calendar(rule, own, subject.calendar)

    def _past(self, rule: Rule, subject: Subject, attempts: Series, number: int, own: Opening) -> Occurrence:
        """An attempt that is dealt with, in the window that it had under the wait then in force."""
        settlement = attempts.dealt_with[number - 1]
        if rule.answers_wait and rule.opens:
            then = subject._replace(wait=subject.situation.wait_at(settlement.at))
            own_then = literal_opening(rule.opens, then)
            subject, own = (then, own_then) if own_then else (subject, own)
        opening = self._attempt_opening(rule, subject, attempts, number, own)
        return self._occurrence(rule, subject, opening, number, settlement)

    # Occurrences

    def _occurrence(
        self, rule: Rule, subject: Subject, opening: Opening, attempt: int, settlement: Settlement | None
    ) -> Occurrence:
        channel = self.channel(rule, subject)
        if channel and channel.recommended == "phone":
            at = subject.calendar.in_contact_hours(opening.at)
            if at != opening.at:
                day = opening.day or subject.calendar.day(opening.at)
                opening = opening._replace(at=at, literal_at=opening.literal_at if opening.moved else at, day=day)
        waiting, released = self._waits_for(rule, subject)
        if released and released > opening.at:
            opening = opening._replace(at=released, literal_at=released, day=None, moved=False)
        optional, due_moment = terms(rule, attempt)
        frame = window(rule, opening, due_of(due_moment, opening, rule, subject), subject)
        state = self.state(frame, settlement, waiting)
        return Occurrence(rule, subject, attempt, optional, frame, state, settlement, channel, opening.why or rule.why)

    def _waits_for(self, rule: Rule, subject: Subject) -> tuple[bool, datetime | None]:
        """Whether the rule still waits for the one it comes after, and if not, when that was dealt with."""
        if rule.after is None:
            return False, None
        before = self.playbook.by_id[rule.after]
        latest = [self.resolve(before, seen).occurrences[-1:] for seen in self._before(rule, before, subject)]
        released: datetime | None = None
        for occurrence in (found for one in latest for found in one):
            if occurrence.state not in ("done", "skipped", "lapsed"):
                return True, None
            settlement = occurrence.settlement if occurrence.state != "lapsed" else None
            at = settlement.at if settlement else occurrence.window.expires_at
            released = max(filter(None, (released, at)), default=None)
        return False, released

    def _before(self, rule: Rule, before: Rule, subject: Subject) -> Iterator[Subject]:
        """The subjects of the rule that comes before: everybody's, where this one is not about a person."""
        if before.subject not in PERSONAL or rule.subject in PERSONAL:
            yield self.as_seen_by(before, subject)
            return
        for seen in self.subjects(before, subject.situation):
            if rule.subject == "opportunity" or seen.round is subject.round:
                yield seen

    def state(self, frame: Window, settlement: Settlement | None, waiting: bool) -> str:
        """The state of a window at the instant asked about."""
        if settlement and settlement.state in ("done", "skipped"):
            return settlement.state
        if frame.expires_at is not None and self.at >= frame.expires_at:
            return "lapsed"
        if settlement and settlement.until is not None and self.at < settlement.until:
            return "snoozed"
        if waiting or self.at < frame.opens_at:
            return "upcoming"
        return "overdue" if frame.due_at is not None and self.at >= frame.due_at else "open"
