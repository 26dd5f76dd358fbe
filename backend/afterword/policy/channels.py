"""How to say it: the way they asked for, else what the rule recommends, never what is not known or is held."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from afterword.policy.conditions import first_failure
from afterword.policy.facts import Person
from afterword.policy.playbook import ChannelAdvice, HoldRule, Rule
from afterword.policy.subject import Subject
from afterword.policy.timeline import Channel

#: Channels that need an address of the person. Paper needs none: the employer's office will do.
ADDRESSES = frozenset({"email", "phone", "linkedin"})


class Closure(NamedTuple):
    """A channel that a hold closes: to whom (None for everybody but the spared), and for which kinds."""

    channel: str
    hold: HoldRule
    people: frozenset[str] | None
    spared: tuple[str, ...]

    @classmethod
    def of(cls, hold: HoldRule, about: Iterable[Subject], spared: tuple[str, ...]) -> Closure:
        """The closure by a hold that stands for some subjects."""
        people = frozenset(subject.person.key for subject in about if subject.person)
        return cls(hold.channel or "", hold, None if hold.subject == "opportunity" else people, spared)

    def closed_to(self, key: str | None, kind: str) -> bool:
        """Whether it is closed for a kind to a person, or where nobody is addressed."""
        if key in self.spared or (self.people is not None and key not in self.people):
            return False
        return self.hold.covers(kind)


def advice_for(rule: Rule, subject: Subject) -> ChannelAdvice | None:
    """The first piece of channel advice whose conditions hold."""
    for advice in rule.channel:
        if not (advice.when and first_failure(advice.when, subject)):
            return advice
    return None


def candidates(advice: ChannelAdvice, person: Person | None, asked: str | None, theirs: str | None) -> tuple[str, ...]:
    """Every channel in question, best first: how they wrote, how they asked to be written to, then the rule's own."""
    preferred = person.preferred_channel if person and advice.prefer else None
    leading = (theirs, asked, preferred if preferred in advice.prefer else None)
    return tuple([channel for channel in leading if channel]) + advice.own


def known(channel: str, person: Person | None) -> bool:
    """Whether the person can be reached that way."""
    return channel not in ADDRESSES or person is None or getattr(person, channel) is not None


def best(permitted: Iterable[str], person: Person | None, theirs: str | None) -> str | None:
    """The first that is known; None where there is none. The one they used is known."""
    for channel in permitted:
        if channel == theirs or known(channel, person):
            return channel
    return None


def choose(
    advice: ChannelAdvice, person: Person | None, asked: str | None, theirs: str | None, held: tuple[str, ...]
) -> tuple[Channel, bool]:
    """The channel to use with the others that will do, and whether it is known; the rule's first where none is."""
    avoid = advice.avoid + tuple([channel for channel in held if channel not in advice.avoid])
    permitted = [channel for channel in candidates(advice, person, asked, theirs) if channel not in avoid]
    recommended = best(permitted, person, theirs)
    if recommended is not None:
        return Channel(recommended, tuple(dict.fromkeys((recommended, *permitted))), avoid), True
    first = advice.own[0] if advice.own else None
    leading = () if first is None or first in avoid else (first,)
    return Channel(first, tuple(dict.fromkeys((*leading, *permitted))), avoid), False
