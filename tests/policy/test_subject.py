"""What a rule is asked about stays the same in all but what is changed."""

from __future__ import annotations

from support.small_facts import ANA, BEN, case, interview, opportunity, reply


def test_the_same_in_another_round_to_another_person_or_in_another_wait() -> None:
    told = opportunity(
        interview(), interview("i2", "2026-03-05 14:00"), touches=(reply("2026-03-06 10:00"), reply("2026-03-07 10:00"))
    )
    (situation,) = (asked := case("2026-03-20 12:00", told)).situations
    first, second = situation.rounds
    subject = asked.about(situation, first, ANA)
    assert subject.in_round(second) is asked.about(situation, second, ANA)
    assert subject.to(BEN) is asked.about(situation, first, BEN)
    earlier = subject.waiting_since(situation.waits[1])
    assert (earlier.case, earlier.situation, earlier.round, earlier.person) == (asked, situation, first, ANA)
    assert (earlier.wait, earlier.calendar) == (situation.waits[1], first.calendar)
    assert subject.wait is situation.waits[2]
