"""How many requests one process has on their way.

A request that waits for its answer holds a slot only for its first second: those that hang on a slow receiver are cheap
to keep open, and would otherwise take the slots of all the others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from afterword.services.claims import Room

#: Whatever is answered and not yet written down when a process dies is sent again: a hundred at most, as is promised.
SLOTS = 96
#: The rest is kept for first attempts: what failed before must not keep out what is new.
SHARE_FOR_RETRIES = 0.75
#: How many may be on their way in all, the patient ones included.
MOST_ON_THEIR_WAY = 512
YOUNG_SECONDS = 1.0
ALONE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class _Begun:
    seconds: float
    is_retry: bool


class Slots:
    """What is on its way, by the id of its delivery, oldest first. The clock counts seconds and never goes back."""

    def __init__(self, clock: Callable[[], float], slots: int = SLOTS) -> None:
        self._clock, self._slots = clock, slots
        self._begun: dict[str, _Begun] = {}
        self._alone: str | None = None

    @property
    def taken(self) -> int:
        """How many are on their way."""
        return len(self._begun)

    @property
    def ids(self) -> Collection[str]:
        """The deliveries that are on their way."""
        return self._begun.keys()

    @property
    def young(self) -> int:
        """How many of them hold a slot."""
        return len(self._holding())

    @property
    def one_is_alone(self) -> bool:
        """Whether nothing may be begun beside one that has not yet shown, for two seconds, that it does no harm."""
        begun = self._begun.get(self._alone or "")
        return begun is not None and self._clock() - begun.seconds < ALONE_SECONDS

    def room(self) -> Room:
        """How many more may be begun."""
        holding = self._holding()
        slots = min(self._slots - len(holding), MOST_ON_THEIR_WAY - self.taken)
        retries = int(self._slots * SHARE_FOR_RETRIES) - sum(each.is_retry for each in holding)
        return Room(max(slots, 0), max(min(slots, retries), 0))

    def take(self, delivery_id: str, *, is_retry: bool) -> None:
        """Note that a request is begun."""
        self._begun[delivery_id] = _Begun(self._clock(), is_retry)

    def leave_alone(self, delivery_id: str) -> None:
        """Note that nothing should be begun beside this one for a while."""
        self._alone = delivery_id

    def free(self, delivery_id: str) -> None:
        """Note that a request has ended."""
        self._begun.pop(delivery_id, None)

    def _holding(self) -> list[_Begun]:
        since = self._clock() - YOUNG_SECONDS
        holding = []
        for begun in reversed(self._begun.values()):
            if begun.seconds < since:
                break
            holding.append(begun)
        return holding
