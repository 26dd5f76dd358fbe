"""What one rule is asked about: an opportunity, a round of it, a person in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from afterword.policy.calendar import LocalCalendar
from afterword.policy.facts import Person
from afterword.policy.situation import Round, Situation, Wait

if TYPE_CHECKING:
    from afterword.policy.case import Case


@dataclass(eq=False, slots=True)
class Subject:
    """The arguments that every condition, anchor and window is read with.

    A case has one subject for each opportunity, round and person, so that answers are remembered by it. `calendar` is
    the working calendar in the zone of the round; `wait` is the one in force, or the one asked about.
    """

    case: Case
    situation: Situation
    round: Round | None
    person: Person | None
    wait: Wait | None
    calendar: LocalCalendar

    def in_round(self, round: Round | None) -> Subject:
        """The same in another round."""
        return self.case.about(self.situation, round, self.person)

    def to(self, person: Person) -> Subject:
        """The same with the person whom a message goes to."""
        return self.case.about(self.situation, self.round, person)

    def waiting_since(self, wait: Wait | None) -> Subject:
        """The same in another wait."""
        return Subject(self.case, self.situation, self.round, self.person, wait, self.calendar)
