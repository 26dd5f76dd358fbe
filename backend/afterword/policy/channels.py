"""How to say it: the way they asked for, else what the rule recommends, never what is not known or is held."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from afterword.policy.conditions import first_failure
from afterword.policy.facts import Person
from afterword.policy.playbook import ChannelAdvice, Rule
from afterword.policy.subject import Subject
from afterword.policy.timeline import Channel

#: Channels that need an address of the person. Paper needs none: the employer's office will do.
ADDRESSES = frozenset({"email", "phone", "linkedin"})


def advice_for(rule: Rule, subject: Subject) -> ChannelAdvice | None:
    """The first piece of channel advice whose conditions hold."""
    for advice in rule.channel:
        if not (advice.when and first_failure(advice.when, subject)):
            return advice
    return None


def candidates(advice: ChannelAdvice, subject: Subject, theirs: str | None) -> tuple[str, ...]:
    """Every channel in question, best first: how they wrote or asked to be written to, then the rule's own."""
    leading: tuple[str, ...] = ()
    if advice.as_theirs and theirs:
        leading = (theirs,)
    if advice.as_asked and subject.round and subject.round.interview.follow_up_channel:
        leading = (*leading, subject.round.interview.follow_up_channel)
    if subject.person and subject.person.preferred_channel in advice.prefer:
        leading = (*leading, subject.person.preferred_channel)
    return (*leading, *advice.recommended, *advice.allowed)


def known(channel: str, person: Person | None) -> bool:
    """Whether the person can be reached that way."""
    return channel not in ADDRESSES or person is None or getattr(person, channel) is not None


def usable(advice: ChannelAdvice, subject: Subject, theirs: str | None, held: Collection[str]) -> Iterator[str]:
    """The channels that are known and neither avoided nor held, best first."""
    for channel in candidates(advice, subject, theirs):
        they_used_it = advice.as_theirs and channel == theirs
        if channel not in advice.avoid and channel not in held:
            if they_used_it or known(channel, subject.person):
                yield channel


def choose(advice: ChannelAdvice, subject: Subject, theirs: str | None, held: Collection[str]) -> Channel:
    """The channel to use, with the others that will do; the rule's first where none is known."""
    own = (*advice.recommended, *advice.allowed)
    recommended = next(usable(advice, subject, theirs, held), own[0] if own else None)
    avoid = tuple(dict.fromkeys((*advice.avoid, *held))) if held else advice.avoid
    others = (channel for channel in candidates(advice, subject, theirs) if channel not in avoid)
    first = () if recommended is None or recommended in avoid else (recommended,)
    return Channel(recommended, tuple(dict.fromkeys((*first, *others))), avoid)
