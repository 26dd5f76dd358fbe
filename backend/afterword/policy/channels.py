"""How to say it: the way they asked for, else what the rule recommends, never what is not known or is held."""

from __future__ import annotations

from collections.abc import Collection, Iterable

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


def candidates(advice: ChannelAdvice, person: Person | None, asked: str | None, theirs: str | None) -> tuple[str, ...]:
    """Every channel in question, best first: how they wrote, how they asked to be written to, then the rule's own."""
    leading = tuple(channel for channel in (theirs, asked) if channel)
    if advice.prefer and person and person.preferred_channel in advice.prefer:
        leading = (*leading, person.preferred_channel)
    return leading + advice.own


def permitted(channels: Iterable[str], advice: ChannelAdvice, held: Collection[str]) -> list[str]:
    """Those that are neither avoided nor held, in the order given."""
    return [channel for channel in channels if channel not in advice.avoid and channel not in held]


def known(channel: str, person: Person | None) -> bool:
    """Whether the person can be reached that way."""
    return channel not in ADDRESSES or person is None or getattr(person, channel) is not None


def usable(
    advice: ChannelAdvice, person: Person | None, asked: str | None, theirs: str | None, held: Collection[str]
) -> str | None:
    """The best channel that is permitted and known; None where there is none. The one they used is known."""
    for channel in permitted(candidates(advice, person, asked, theirs), advice, held):
        if channel == theirs or known(channel, person):
            return channel
    return None


def choose(
    advice: ChannelAdvice, person: Person | None, asked: str | None, theirs: str | None, held: Collection[str]
) -> Channel:
    """The channel to use, with the others that will do; the rule's first where none is known."""
    recommended = usable(advice, person, asked, theirs, held)
    if recommended is None and advice.own:
        recommended = advice.own[0]
    others = candidates(advice, person, asked, theirs)
    allowed = permitted(others if recommended is None else (recommended, *others), advice, held)
    avoid = tuple(dict.fromkeys((*advice.avoid, *held))) if held else advice.avoid
    return Channel(recommended, tuple(dict.fromkeys(allowed)), avoid)
