"""Whether a message may be sent, asked before it is: the holds of a timeline, read as the answer to a question.

The same holds that stand beside the actions decide, and nothing else does. What could be done instead is read from the
same timeline; each alternative is itself such a question, and one that is answered with yes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain, islice
from typing import NamedTuple

from afterword.policy.channels import known
from afterword.policy.facts import Facts, Person
from afterword.policy.playbook import Playbook
from afterword.policy.situation import Situation
from afterword.policy.timeline import Action, Hold, Timeline

MOST_ALTERNATIVES = 20
TO_DO = ("overdue", "open")
#: What leads to somebody on a channel.
ADDRESSES = {
    "email": "email",
    "phone": "phone",
    "linkedin": "linkedin",
    "text": "phone",
    "letter": "postal_address",
    "handwritten": "postal_address",
}
#: Paper finds its way to the employer's office, and whoever one meets needs no address.
UNADDRESSED = frozenset({"letter", "handwritten", "in_person"})
#: Each way of saying something to one person, the usual ones first, and how a sentence names it.
WAYS = {
    "email": "by e-mail",
    "phone": "by phone",
    "linkedin": "on LinkedIn",
    "letter": "by letter",
    "handwritten": "by hand, on paper",
    "in_person": "in person",
    "text": "by text message",
}


class Message(NamedTuple):
    """What somebody means to send. `person` and `opportunity` are keys of the facts.

    `opportunity` None is each one that the person is in, `channel` None is any that can be used, and `purpose` None any
    message at all; else it is the kind of action that the message fulfils, or a word for one that fulfils none.
    """

    person: str
    opportunity: str | None = None
    channel: str | None = None
    purpose: str | None = None


class Verdict(NamedTuple):
    """Whether a message may be sent on a channel: what speaks against it, or nothing."""

    channel: str
    against: tuple[Hold, ...]

    @property
    def allowed(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.against

    @property
    def until(self) -> datetime | None:
        """When the last of what speaks against it lifts by itself; None where one of it will not, or nothing does."""
        ends = [hold.until for hold in self.against]
        known_ends = [end for end in ends if end is not None]
        return max(known_ends) if known_ends and len(known_ends) == len(ends) else None

    @property
    def why(self) -> str | None:
        """The reasons, one after another; None where there are none."""
        return " ".join(dict.fromkeys(hold.why for hold in self.against)) or None


class Alternative(NamedTuple):
    """What could be done instead: another message, an instant from which it may be sent, the action it would fulfil."""

    type: str
    message: Message
    at: datetime
    title: str
    action: Action | None = None


class Answer(NamedTuple):
    """The verdict on a message, and where it is forbidden what could be done instead."""

    verdict: Verdict
    alternatives: tuple[Alternative, ...]


def answer(ask: Callable[[datetime], Advised], message: Message, at: datetime) -> Answer:
    """Whether a message may be sent at an instant. `ask` gives the timeline of the same facts at any instant."""
    advised = ask(at)
    verdict = advised.verdict(message)
    if verdict.allowed:
        return Answer(verdict, ())
    every = chain(
        advised.on_another_channel(message),
        later(ask, advised, message),
        advised.to_another_person(message, verdict),
        advised.to_do_for(message),
    )
    return Answer(verdict, tuple(islice(_each_action_once(every), MOST_ALTERNATIVES)))


def _each_action_once(alternatives: Iterable[Alternative]) -> Iterator[Alternative]:
    """The alternatives without the actions that another one before them would fulfil."""
    offered = set()
    for each in alternatives:
        if each.type != "action" or (each.action and each.action.obligation not in offered):
            yield each
        if each.action:
            offered.add(each.action.obligation)


def later(ask: Callable[[datetime], Advised], advised: Advised, message: Message) -> Iterator[Alternative]:
    """The same message, once what speaks against it has lifted; on another channel, where its own stays closed."""
    for each in (message, *(message._replace(channel=way) for way in advised.ways(message))):
        until = advised.verdict(each).until
        if until is not None:
            then = ask(until)
            verdict = then.verdict(each)
            if verdict.allowed:
                instead = each._replace(channel=verdict.channel)
                yield Alternative("later", instead, until, "Wait, and say it then", then.action_of(instead, TO_DO))
            return


class Advised(NamedTuple):
    """A timeline with the facts that it speaks of and the playbook that judged each opportunity of them."""

    timeline: Timeline
    facts: Facts
    playbooks: Mapping[str, Playbook]

    def verdict(self, message: Message) -> Verdict:
        """What speaks against a message; where any channel will do, on the one that is free first."""
        ways = (message.channel,) if message.channel else self.ways(message)
        return min((Verdict(way, tuple(self._against(message, way))) for way in ways), key=_freed)

    def _against(self, message: Message, channel: str) -> Iterator[Hold]:
        places = self.places(message)
        for hold in self.timeline.holds:
            is_about_it = hold.opportunity in places and hold.concerns(hold.opportunity, message.person, channel)
            if is_about_it and _forbids(hold, message.purpose):
                yield hold

    def places(self, message: Message) -> Mapping[str, Person]:
        """The opportunities that a message is about, and who its person is there."""
        return {
            each.key: person
            for each in self.facts.opportunities
            for person in each.people
            if person.key == message.person and message.opportunity in (None, each.key)
        }

    def ways(self, message: Message) -> tuple[str, ...]:
        """The channels that a message may go by, best first: those that its purpose is advised on, else the usual."""
        person = next(iter(self.places(message).values()), None)
        advised = tuple(dict.fromkeys(self._advised_ways(message)) or dict.fromkeys(self._held_ways(message)))
        if advised:
            return tuple(way for way in advised if known(way, person)) or advised
        preferred = person.preferred_channel if person else None
        usual = (preferred, *(way for way in WAYS if way != "text"))
        return tuple(dict.fromkeys(way for way in usual if way is not None and known(way, person)))

    def _advised_ways(self, message: Message) -> Iterator[str]:
        for action in self._actions_of(message):
            if action.channel:
                yield from filter(None, (action.channel.recommended, *action.channel.allowed))
        for place in self.places(message):
            for rule in self.playbooks[place].rules:
                if rule.kind == message.purpose:
                    yield from chain.from_iterable((one.recommended + one.allowed) for one in rule.channel)

    def _held_ways(self, message: Message) -> Iterator[str]:
        """Of a purpose that nothing advises, the ways in which it is forbidden: those it is meant to go by."""
        places = self.places(message)
        for hold in self.timeline.holds:
            is_named = message.purpose in hold.forbids and not hold.all_messages
            if hold.channel and is_named and hold.opportunity in places:
                yield hold.channel

    def _actions_of(self, message: Message) -> Iterator[Action]:
        places = self.places(message)
        for action in self.timeline.actions:
            if action.person == message.person and action.opportunity in places and action.kind == message.purpose:
                yield action

    def action_of(self, message: Message, states: Iterable[str]) -> Action | None:
        """The action that a message would fulfil, where there is one in any of the states."""
        return next((action for action in self._actions_of(message) if action.state in states), None)

    def on_another_channel(self, message: Message) -> Iterator[Alternative]:
        """The same message at once, on each channel that is open and known."""
        for way in self.ways(message):
            other = message._replace(channel=way)
            if way in WAYS and self._is_reached(other, way) and self.verdict(other).allowed:
                action = self.action_of(other, TO_DO)
                yield Alternative("another_channel", other, self.timeline.as_of, f"Say it {WAYS[way]}", action)

    def _is_reached(self, message: Message, way: str) -> bool:
        """Whether a channel leads to the person; what needs no address at hand does where it is advised."""
        person = next(iter(self.places(message).values()), None)
        if person and way in ADDRESSES and getattr(person, ADDRESSES[way]) is not None:
            return True
        return way in UNADDRESSED and way in self._advised_ways(message)

    def to_another_person(self, message: Message, verdict: Verdict) -> Iterator[Alternative]:
        """The same message to whom one writes about the opportunity, where it is the person that must be left alone."""
        if all(hold.person is None or hold.channel for hold in verdict.against):
            return
        for place, person in self.places(message).items():
            other = self._point_of_contact(place)
            if other is None or other.key == message.person or _same_address(other, person):
                continue
            instead = Message(other.key, place, None, message.purpose)
            found = self.verdict(instead)
            if found.allowed and not self._is_settled(instead):
                instead = instead._replace(channel=found.channel)
                title = f"Write to {other.name} instead"
                action = self.action_of(instead, TO_DO)
                yield Alternative("another_person", instead, self.timeline.as_of, title, action)

    def _point_of_contact(self, place: str) -> Person | None:
        opportunity = next(each for each in self.facts.opportunities if each.key == place)
        return Situation(opportunity, self.facts.calendar, self.timeline.as_of).point_of_contact(None)

    def _is_settled(self, message: Message) -> bool:
        states = {action.state for action in self._actions_of(message)}
        return bool(states) and states.isdisjoint(TO_DO)

    def to_do_for(self, message: Message) -> Iterator[Alternative]:
        """What else there is to do for the same person right now."""
        places = self.places(message)
        for action in self.timeline.actions:
            if action.state in TO_DO and action.person == message.person and action.opportunity in places:
                channel = action.channel.recommended if action.channel else None
                instead = Message(message.person, action.opportunity, channel, action.kind)
                if self.verdict(instead).allowed:
                    yield Alternative("action", instead, self.timeline.as_of, action.title, action)


def _forbids(hold: Hold, purpose: str | None) -> bool:
    """Whether a hold speaks of a purpose.

    One that forbids every message forbids those too that fulfil nothing; on one channel only, it leaves them be: it is
    for what fulfils nothing that such a channel stays open.
    """
    if purpose is None:
        return hold.all_messages or hold.closes_channel
    return hold.forbids_kind(purpose) or (hold.all_messages and hold.channel is None)


def _freed(verdict: Verdict) -> tuple[bool, bool, float]:
    """The sort key by which what is allowed comes first, then what lifts first, then what does not lift."""
    until = verdict.until
    return (not verdict.allowed, until is None, until.timestamp() if until else 0.0)


def _same_address(one: Person, other: Person) -> bool:
    return one.email is not None and other.email is not None and one.email.casefold() == other.email.casefold()
