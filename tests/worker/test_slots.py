"""Slots: what hangs holds none, what failed before does not keep out what is new, and a suspect is alone."""

from __future__ import annotations

from dataclasses import dataclass

from afterword.services.claims import Room
from afterword.worker.sender import FLUSH_RESULTS, MOST_RESULTS
from afterword.worker.slots import ALONE_SECONDS, MOST_ON_THEIR_WAY, SHARE_FOR_RETRIES, SLOTS, YOUNG_SECONDS, Slots

SLOTS_FOR_RETRIES = int(SLOTS * SHARE_FOR_RETRIES)


@dataclass
class Hand:
    """A clock that is moved by hand."""

    at: float = 0.0

    def __call__(self) -> float:
        return self.at


def filled(slots: Slots, count: int, prefix: str = "d", *, is_retry: bool = False) -> None:
    for number in range(count):
        slots.take(f"{prefix}{number}", is_retry=is_retry)


def test_what_is_on_its_way_takes_slots_until_it_is_freed() -> None:
    slots = Slots(Hand())
    filled(slots, 10)
    assert slots.room() == Room(SLOTS - 10, SLOTS_FOR_RETRIES)
    slots.free("d3")
    slots.free("unknown")
    assert (slots.taken, slots.room().slots) == (9, SLOTS - 9)


def test_no_more_hold_a_slot_than_may_come_again_after_a_kill() -> None:
    assert FLUSH_RESULTS <= SLOTS // 2 <= SLOTS <= MOST_RESULTS


def test_what_waits_longer_than_a_moment_holds_no_slot() -> None:
    hand = Hand()
    slots = Slots(hand)
    filled(slots, SLOTS)
    assert slots.room() == Room(0, 0)
    hand.at = YOUNG_SECONDS + 0.1
    assert slots.room() == Room(SLOTS, SLOTS_FOR_RETRIES)
    assert (slots.taken, slots.young) == (SLOTS, 0)


def test_no_more_than_so_many_are_on_their_way_in_all() -> None:
    hand = Hand()
    slots = Slots(hand)
    filled(slots, MOST_ON_THEIR_WAY - 5)
    hand.at = YOUNG_SECONDS + 0.1
    assert slots.room() == Room(5, 5)


def test_some_slots_are_kept_for_first_attempts() -> None:
    slots = Slots(Hand())
    filled(slots, SLOTS_FOR_RETRIES, is_retry=True)
    assert slots.room() == Room(SLOTS - SLOTS_FOR_RETRIES, 0)


def test_beside_one_that_may_do_harm_nothing_is_begun_until_it_has_ended_or_done_none_for_a_while() -> None:
    hand = Hand()
    slots = Slots(hand)
    slots.leave_alone("suspect")
    assert not slots.one_is_alone
    slots.take("suspect", is_retry=True)
    assert slots.one_is_alone
    hand.at = ALONE_SECONDS
    assert not slots.one_is_alone
    hand.at = 0
    slots.free("suspect")
    assert not slots.one_is_alone
