"""The policy's answer: actions in windows, holds, and the instant at which the answer changes by itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

STATES = ("overdue", "open", "upcoming", "snoozed", "done", "skipped", "lapsed")
PAST = frozenset({"done", "skipped", "lapsed"})
LISTED_STATES = ("overdue", "open", "upcoming")


class Citation(NamedTuple):
    """Whose advice this is: a source's id and title, where in it, what it says in our words, whether we inferred it."""

    source: str
    locator: str
    says: str
    inferred: bool
    title: str


class Literal(NamedTuple):
    """The window as the rule alone gives it, before the working calendar moved it. UTC."""

    opens_at: datetime
    due_at: datetime | None


class Window(NamedTuple):
    """When to act. All UTC; only `opens_at` is always there."""

    opens_at: datetime
    best_at: datetime | None = None
    due_at: datetime | None = None
    expires_at: datetime | None = None
    literal: Literal | None = None


class Channel(NamedTuple):
    """How to say it: the one to use, the others that will do, and those to avoid."""

    recommended: str | None
    allowed: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()


class Settlement(NamedTuple):
    """How an action stands by the user's doing: done, skipped or snoozed, since `at`; a snooze has `until`. UTC."""

    state: str
    at: datetime
    until: datetime | None = None


class Action(NamedTuple):
    """Something to do. `opportunity`, `interview` and `person` are keys of the facts.

    `wait` names the fact that started the wait this action ends (an interview's or a touch's key), for the actions
    that answer a wait and not an interview. `window` is None for standing advice that is always open. `moved_from` is
    when it would have opened (UTC), had a message to the same person about another opportunity not come first.
    """

    rule: str
    kind: str
    attempt: int
    title: str
    state: str
    optional: bool
    message: bool
    window: Window | None
    opportunity: str | None
    interview: str | None
    wait: str | None
    person: str | None
    channel: Channel | None
    why: str
    checklist: tuple[str, ...]
    sources: tuple[Citation, ...]
    dissent: tuple[Citation, ...]
    settlement: Settlement | None = None
    moved_from: datetime | None = None

    @property
    def obligation(self) -> tuple[str, str | None, str | None, str | None, int]:
        """What the action is about, the same whichever playbook or version speaks of it."""
        return (self.kind, self.opportunity, self.wait or self.interview, self.person, self.attempt)

    def opens_after(self, until: datetime | None) -> bool:
        """Whether it is still to come and opens later than `until`."""
        return (
            until is not None and self.window is not None and self.state == "upcoming" and self.window.opens_at > until
        )


class Hold(NamedTuple):
    """Something to leave alone until an instant (UTC), or until a fact lifts it where `until` is None.

    `forbids` lists kinds, every one that is a message with `all_messages`; `channel` narrows it to one channel;
    `person` to one person; `spares` are keys of people it does not speak of.
    """

    rule: str
    kind: str
    forbids: tuple[str, ...]
    channel: str | None
    person: str | None
    opportunity: str
    until: datetime | None
    why: str
    sources: tuple[Citation, ...]
    spares: tuple[str, ...] = ()
    all_messages: bool = False

    @property
    def obligation(self) -> tuple[str, str, str | None]:
        """What the hold is about."""
        return (self.kind, self.opportunity, self.person)

    @property
    def closes_channel(self) -> bool:
        """Whether it closes its channel to everything, whatever the kind."""
        return self.channel is not None and not self.forbids

    def concerns(self, opportunity: str | None, person: str | None, channel: str | None) -> bool:
        """Whether it speaks of what is said in an opportunity, to a person, on a channel."""
        if self.opportunity != opportunity or person in self.spares or self.person not in (None, person):
            return False
        return self.channel is None or self.channel == channel

    def forbids_kind(self, kind: str) -> bool:
        """Whether it speaks of a kind."""
        return kind in self.forbids or self.closes_channel


class Silence(NamedTuple):
    """A rule that did not fire for a subject, and the one thing that stopped it.

    `condition` is the rule's own condition that did not hold, as it is written; None where something else stopped it.
    """

    rule: str
    kind: str
    opportunity: str | None
    interview: str | None
    person: str | None
    because: str
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole answer as of an instant (UTC), in a stable order: state, due, rule, person.

    `next_change_at` is when it changes by itself; `next_fact_at` when a fact becomes known that is dated ahead, as by a
    clock that is a little fast.
    """

    as_of: datetime
    next_change_at: datetime | None
    playbook: str
    actions: tuple[Action, ...]
    holds: tuple[Hold, ...]
    silences: tuple[Silence, ...] = ()
    next_fact_at: datetime | None = None

    @property
    def look_again_at(self) -> datetime | None:
        """The earliest instant at which the same question may have another answer."""
        return min((at for at in (self.next_change_at, self.next_fact_at) if at is not None), default=None)

    def listed(self, states: Collection[str] = LISTED_STATES, until: datetime | None = None) -> tuple[Action, ...]:
        """The actions in the given states; `until` hides only those that open later than it."""
        return tuple(action for action in self.actions if action.state in states and not action.opens_after(until))
