"""How to say it: the way they asked for, else what the rule recommends, never what is not known or is held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from afterword.policy.conditions import first_failure
from afterword.policy.facts import Person
from afterword.policy.playbook import ChannelAdvice, Rule
from afterword.policy.subject import Subject
from afterword.policy.timeline import Channel

#: Channels that need an address of the person. Paper needs none: the employer's office will do.
ADDRESSES = frozenset({"email", "phone", "linkedin"})


def advice_for(rule: Rule, subject: Subject) -> ChannelAdvice | None:
    """The first piece of channel advice whose conditions hold."""
    return next((advice for advice in rule.channel if not first_failure(advice.when, subject)), None)


def leading(advice: ChannelAdvice, subject: Subject, theirs: str | None) -> Iterator[str]:
    """Channels that come before the rule's own: the way they asked for, and what the person prefers."""
    if advice.as_theirs and theirs:
        yield theirs
    if advice.as_asked and subject.round and subject.round.interview.follow_up_channel:
        yield subject.round.interview.follow_up_channel
    if subject.person and subject.person.preferred_channel in advice.prefer:
        yield subject.person.preferred_channel


def known(channel: str, person: Person | None) -> bool:
    """Whether the person can be reached that way."""
    return channel not in ADDRESSES or person is None or getattr(person, channel) is not None


def usable(advice: ChannelAdvice, subject: Subject, theirs: str | None, held: Iterable[str]) -> Iterator[str]:
    """The channels that are known and neither avoided nor held, best first."""
    avoid = {*advice.avoid, *held}
    for channel in (*leading(advice, subject, theirs), *advice.recommended, *advice.allowed):
        they_used_it = advice.as_theirs and channel == theirs
        if channel not in avoid and (they_used_it or known(channel, subject.person)):
            yield channel


def choose(advice: ChannelAdvice, subject: Subject, theirs: str | None, held: Iterable[str]) -> Channel:
    """The channel to use, with the others that will do; the rule's first where none is known."""
    held = tuple(held)
    best = next(usable(advice, subject, theirs, held), None)
    recommended = best or next(iter((*advice.recommended, *advice.allowed)), None)
    others = (*leading(advice, subject, theirs), *advice.recommended, *advice.allowed)
    avoid = tuple(dict.fromkeys((*advice.avoid, *held)))
    allowed = dict.fromkeys(channel for channel in (recommended, *others) if channel and channel not in avoid)
    return Channel(recommended, tuple(allowed), avoid)
