"""One question put to a playbook: the facts at an instant, and what its rules ask of one another, answered once."""

from __future__ import annotations

from datetime import UTC, datetime

from afterword.policy import audience, channels
from afterword.policy.channels import Closure
from afterword.policy.conditions import first_failure, is_any
from afterword.policy.elsewhere import accepted, offering
from afterword.policy.facts import Calendar, Facts, Opportunity, Person, Touch
from afterword.policy.playbook import ChannelAdvice, HoldRule, Playbook, Rule
from afterword.policy.resolution import Reason, Resolution, resolved
from afterword.policy.settlement import Series, series, settled
from afterword.policy.situation import Round, Situation
from afterword.policy.spacing import spaced
from afterword.policy.subject import Subject
from afterword.policy.timeline import Action, Channel, Window
from afterword.policy.windows import Opening, literal_opening
from afterword.policy.wording import Words

OUTCOME_KNOWN = "the outcome is known"
#: Where advice to the account as a whole is given: in no opportunity, so nothing of it is ever read.
NOWHERE = Situation(Opportunity(key="", company="any employer"), Calendar(), datetime.max.replace(tzinfo=UTC))


class Case:
    """The situations of the facts, their subjects, and the answers that rules have given for them."""

    def __init__(self, playbook: Playbook, facts: Facts, at: datetime, tells_past: bool) -> None:
        self.playbook, self.facts, self.at, self.tells_past = playbook, facts, at, tells_past
        self.situations = tuple(Situation(opportunity, facts.calendar, at) for opportunity in facts.opportunities)
        self.offering, self.accepted = offering(self.situations), accepted(self.situations)
        self.windows: dict[tuple[Rule, Round, datetime], Window] = {}
        self._subjects: dict[tuple[Situation, str | None, str | None], Subject] = {}
        self._words: dict[Subject, Words] = {}
        self._audiences: dict[tuple[Situation, object], tuple[Subject, ...]] = {}
        self._resolutions: dict[tuple[Rule, Subject], Resolution] = {}
        self._done: dict[tuple[Rule, Subject], datetime | None] = {}
        self._openings: dict[tuple[Rule, Round | None], Opening | None] = {}
        self._advised: dict[tuple[Rule, Subject], ChannelAdvice | None] = {}
        self._standing: dict[tuple[HoldRule, Situation], tuple[Subject, ...]] = {}
        self._spared: dict[tuple[HoldRule, Situation], tuple[str, ...]] = {}
        self._channels: dict[tuple[object, ...], tuple[Channel, bool]] = {}
        self._closed: dict[Situation, tuple[Closure, ...]] = {}
        self._spaced: dict[Rule, dict[str, Opening]] = {}

    def forget(self) -> None:
        """Let go of the subjects, which know their case, so that both are freed at once and not by the collector."""
        self._subjects.clear()
        self._words.clear()
        self._audiences.clear()
        self._resolutions.clear()
        self._done.clear()
        self._advised.clear()
        self._standing.clear()

    # Subjects

    def about(self, situation: Situation, round: Round | None, person: Person | None) -> Subject:
        """The one subject of an opportunity, round and person, in the wait that is in force."""
        key = (situation, round.interview.key if round else None, person.key if person else None)
        found = self._subjects.get(key)
        if found is None:
            calendar = round.calendar if round else situation.calendar
            found = self._subjects[key] = Subject(self, situation, round, person, situation.wait, calendar)
        return found

    def subjects(self, rule: Rule, situation: Situation) -> tuple[Subject, ...]:
        """Everybody and everything a rule is about in one opportunity."""
        key = (situation, rule.audience)
        found = self._audiences.get(key)
        if found is None:
            found = self._audiences[key] = tuple(audience.subjects(self, rule, situation))
        return found

    def as_seen_by(self, rule: Rule, subject: Subject) -> Subject:
        """The subject of another rule that a rule refers to."""
        if rule.personal:
            return subject
        return audience.seen_from(self, rule, subject)

    def words(self, subject: Subject) -> Words:
        """What the facts put in place of the placeholders of a sentence about a subject."""
        found = self._words.get(subject)
        if found is None:
            found = self._words[subject] = Words(subject)
        return found

    # What rules ask of one another

    def resolve(self, rule: Rule, subject: Subject) -> Resolution:
        """The rule's actions for the subject."""
        key = (rule, subject)
        found = self._resolutions.get(key)
        if found is None:
            found = self._resolutions[key] = resolved(self, rule, subject)
        return found

    def opening(self, rule: Rule, subject: Subject) -> Opening | None:
        """When the rule's window opens by itself; None when nothing of what it is counted from is known."""
        if not rule.timed_by_round or rule.opens is None:
            return literal_opening(rule.opens, subject) if rule.opens else None
        key = (rule, subject.round)
        if key not in self._openings:
            self._openings[key] = literal_opening(rule.opens, subject)
        return self._openings[key]

    def done_at(self, rule: Rule, subject: Subject) -> datetime | None:
        """When a rule was last done for a subject; for somebody in several rounds, when first in any of them."""
        key = (rule, self.as_seen_by(rule, subject))
        if key not in self._done:
            everybody = audience.everybody(self, *key)
            if everybody is not None:
                times = [self.done_at(rule, one) for one in everybody]
                known = [time for time in times if time is not None]
                self._done[key] = max(known) if known and len(known) == len(times) else None
            else:
                self._done[key] = self.series(*key).last_sent if rule.repeat else self._done_once(*key)
        return self._done[key]

    def _done_once(self, rule: Rule, subject: Subject) -> datetime | None:
        here = self._done_in(rule, subject)
        if here is not None or subject.person is None:
            return here
        rounds = subject.situation.rounds_with(subject.person.key)
        times = (self._done_in(rule, subject.in_round(round)) for round in rounds)
        return min((time for time in times if time is not None), default=None)

    def _done_in(self, rule: Rule, subject: Subject) -> datetime | None:
        opening = self.opening(rule, subject)
        settlement = settled(rule, subject, opening.anchored) if opening else None
        return settlement.at if settlement and settlement.state == "done" else None

    def series(self, rule: Rule, subject: Subject) -> Series:
        """The attempts of a repeating rule since its anchor."""
        since = self.since(rule, subject)
        return series(rule, subject, since) if since else Series(())

    def since(self, rule: Rule, subject: Subject) -> datetime | None:
        """From when on deeds count: the end of the round for a rule about the wait, else the window's anchor."""
        if rule.answers_wait and subject.round:
            return subject.round.interview.ends_at
        opening = self.opening(rule, subject)
        return opening.anchored if opening else None

    def used_up(self, rule: Rule, subject: Subject) -> bool:
        """Whether a repeating rule would fire, were its allowance not used."""
        return self.resolve(rule, self.as_seen_by(rule, subject)).used_up

    def ended(self, rule: Rule, subject: Subject) -> bool:
        """Whether a repeating rule would fire, were its allowance not used and its next attempt not skipped."""
        return self.resolve(rule, self.as_seen_by(rule, subject)).ended

    def upcoming(self, rule: Rule, subject: Subject) -> Action | None:
        """The next action of a rule where it is still to come; of those to several people, the first to open."""
        everybody = audience.everybody(self, rule, self.as_seen_by(rule, subject))
        if everybody is not None:
            coming = [action for action in (self.upcoming(rule, one) for one in everybody) if action and action.window]
            return min(coming, key=lambda action: action.window.opens_at if action.window else self.at, default=None)
        following = self.resolve(rule, self.as_seen_by(rule, subject)).actions[-1:]
        return next((each for each in following if isinstance(each, Action) and each.state == "upcoming"), None)

    def moved_for_another(self, rule: Rule, subject: Subject) -> bool:
        """Whether the next action would be open by now, had another opportunity not come first."""
        action = self.upcoming(rule, subject)
        return action is not None and action.moved_from is not None and action.moved_from <= self.at

    def reply_to(self, rule: Rule, subject: Subject) -> Touch | None:
        """The first reply after a rule was done."""
        done = self.done_at(rule, subject)
        replies = subject.situation.replies
        return next((reply for reply in replies if reply.at > done), None) if done else None

    def spaced(self, rule: Rule, situation: Situation) -> Opening | None:
        """When the rule's next attempt opens once those to the same person about other opportunities are seen."""
        if rule not in self._spaced:
            self._spaced[rule] = spaced(self, rule)
        return self._spaced[rule].get(situation.key)

    # Why rules and holds are silent

    def why_silent(self, rule: Rule | HoldRule, subject: Subject) -> Reason | None:
        """The one reason why a rule or hold is silent; None when nothing stops it."""
        if subject.situation.outcome and not rule.follows_outcome and not rule.outlives_outcome:
            return OUTCOME_KNOWN
        if rule.kind in self.playbook.enders:
            for ender in self.playbook.enders[rule.kind]:
                if self.resolve(ender, self.as_seen_by(ender, subject)).actions:
                    return f"{ender.id} ended it"
        return first_failure(rule.when, subject) if rule.when else None

    def why_lifted(self, hold: HoldRule, subject: Subject) -> Reason | None:
        """The one reason why a hold does not stand: its conditions, or that what it waits for has opened."""
        reason = self.why_silent(hold, subject)
        if reason is None and hold.until_opening_of:
            awaited = self.playbook.by_id[hold.until_opening_of]
            actions = self.resolve(awaited, self.as_seen_by(awaited, subject)).actions
            if actions and actions[-1].state != "upcoming":
                return f"{awaited.id} has opened"
        return reason

    def standing(self, hold: HoldRule, situation: Situation) -> tuple[Subject, ...]:
        """The subjects for which a hold stands."""
        key = (hold, situation)
        found = self._standing.get(key)
        if found is None:
            subjects = audience.of_hold(self, hold, situation)
            found = tuple([one for one in subjects if self.why_lifted(hold, one) is None])
            self._standing[key] = found
        return found

    def spared(self, hold: HoldRule, situation: Situation) -> tuple[str, ...]:
        """Keys of the people that a hold does not speak of."""
        if not hold.spares:
            return ()
        key = (hold, situation)
        found = self._spared.get(key)
        if found is None:
            people = [self.about(situation, situation.governing, person) for person in situation.opportunity.people]
            found = tuple([one.person.key for one in people if one.person and is_any(hold.spares, one)])
            self._spared[key] = found
        return found

    # Channels

    def channel(self, rule: Rule, subject: Subject) -> Channel | None:
        """How a rule's own subject is told, or None where the rule has no word on it."""
        advice = self._advice(rule, subject)
        return None if advice is None else self._chosen(advice, rule, subject)[0]

    def unreachable(self, rule: Rule, subject: Subject) -> bool:
        """Whether none of a rule's channels can be used, for want of an address."""
        advice = self._advice(rule, subject)
        return advice is not None and not self._chosen(advice, rule, subject)[1]

    def _advice(self, rule: Rule, subject: Subject) -> ChannelAdvice | None:
        """The rule's channel advice for a subject; remembered where it may ask about other rules' channels."""
        if len(rule.channel) < 2:
            return channels.advice_for(rule, subject)
        key = (rule, subject)
        if key not in self._advised:
            self._advised[key] = channels.advice_for(rule, subject)
        return self._advised[key]

    def _chosen(self, advice: ChannelAdvice, rule: Rule, subject: Subject) -> tuple[Channel, bool]:
        person, asked, theirs = subject.person, None, None
        if advice.as_asked and subject.round:
            asked = subject.round.interview.follow_up_channel
        if advice.as_theirs:
            reply = audience.answered(self, rule, subject)
            theirs = reply.channel if reply else None
        key = (advice, subject.situation, person.key if person else None, asked, theirs)
        found = self._channels.get(key)
        if found is None:
            found = self._channels[key] = channels.choose(advice, person, asked, theirs, self._held(rule, subject))
        return found

    def _held(self, rule: Rule, subject: Subject) -> tuple[str, ...]:
        """Channels that a hold closes to a rule's kind for this person, or where nobody is addressed."""
        key = subject.person.key if subject.person else None
        return tuple([one.channel for one in self._closures(subject.situation) if one.closed_to(key, rule.kind)])

    def _closures(self, situation: Situation) -> tuple[Closure, ...]:
        found = self._closed.get(situation)
        if found is None:
            self._closed[situation] = ()  # while the holds' own conditions are read, none stands yet
            standing = [(hold, self.standing(hold, situation)) for hold in self.playbook.holds if hold.channel]
            found = tuple([Closure.of(hold, about, self.spared(hold, situation)) for hold, about in standing if about])
            self._closed[situation] = found
        return found
