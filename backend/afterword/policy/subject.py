"""What one rule is asked about: an opportunity, a round of it, a person in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from afterword.policy.calendar import LocalCalendar
from afterword.policy.facts import Person
from afterword.policy.situation import Round, Situation, Wait

if TYPE_CHECKING:
    from afterword.policy.case import Case


class Subject(NamedTuple):
    """The arguments that every condition, anchor and window is read with.

    `calendar` is the working calendar in the zone of the round; `wait` is the one in force, or the one asked about.
    """

    case: Case
    situation: Situation
    round: Round | None
    person: Person | None
    wait: Wait | None
    calendar: LocalCalendar

    @classmethod
    def of(cls, case: Case, situation: Situation, round: Round | None, person: Person | None) -> Subject:
        """The subject in the wait that is in force."""
        return cls(case, situation, round, person, situation.wait, round.calendar if round else situation.calendar)

    def in_round(self, round: Round | None) -> Subject:
        """The same in another round."""
        return Subject.of(self.case, self.situation, round, self.person)
