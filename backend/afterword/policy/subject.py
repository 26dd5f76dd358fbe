"""What one rule is asked about: an opportunity, a round of it, a person in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from afterword.policy.calendar import LocalCalendar
from afterword.policy.facts import Person
from afterword.policy.situation import Round, Situation, Wait

if TYPE_CHECKING:
    from afterword.policy.case import Case


@dataclass(frozen=True, slots=True)
class Subject:
    """The arguments that every condition, anchor and window is read with."""

    case: Case
    situation: Situation
    round: Round | None
    person: Person | None
    wait: Wait | None

    @property
    def calendar(self) -> LocalCalendar:
        """The working calendar in the zone of the round."""
        return self.situation.calendar_of(self.round) if self.round else self.situation.calendar
