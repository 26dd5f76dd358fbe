"""Whose turn it is: nobody waits because somebody else has much."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from afterword.services.fair_shares import Demand, fair_shares


def test_each_account_has_its_turn_whatever_waits_for_the_others() -> None:
    crowd = [Demand(f"many{number}", "crowd", 4) for number in range(100)]
    alone = Demand("one", "alone", 4)
    shares = fair_shares([*crowd, alone], {}, {}, 10)
    assert shares.pop("one") == 4
    assert sum(shares.values()) == 6
    assert set(shares.values()) == {1}


def test_within_an_account_each_endpoint_has_its_turn() -> None:
    demands = [Demand("a", "mine", 4), Demand("b", "mine", 1), Demand("c", "mine", 4)]
    assert fair_shares(demands, {}, {}, 5) == {"a": 2, "b": 1, "c": 2}


def test_who_has_waited_longest_is_the_first_of_equals() -> None:
    demands = [Demand("older", "one", 4), Demand("newer", "two", 4)]
    assert fair_shares(demands, {}, {}, 1) == {"older": 1}


def test_who_has_much_on_its_way_waits_for_who_has_little() -> None:
    demands = [Demand("busy", "one", 4), Demand("idle", "two", 4)]
    assert fair_shares(demands, {"busy": 3}, {"one": 3}, 3) == {"idle": 3}
    assert fair_shares(demands, {"busy": 3}, {"one": 3}, 5) == {"idle": 4, "busy": 1}


def test_an_endpoint_that_is_full_gets_nothing_and_counts_for_its_account() -> None:
    demands = [Demand("full", "one", 0), Demand("second", "one", 4), Demand("other", "two", 4)]
    assert fair_shares(demands, {"full": 4}, {"one": 4}, 4) == {"other": 4}


demanded = st.lists(
    st.tuples(st.sampled_from("abcde"), st.integers(-1, 4)).map(lambda pair: pair), min_size=0, max_size=20
)


@given(demanded, st.integers(0, 70), st.data())
def test_all_slots_are_given_and_no_more_than_there_is_room_for(
    wanted: list[tuple[str, int]], slots: int, data: st.DataObject
) -> None:
    demands = [Demand(f"{account}{number}", account, room) for number, (account, room) in enumerate(wanted)]
    busy = {each.endpoint_id: data.draw(st.integers(0, 4)) for each in demands}
    accounts = {each.account_id: data.draw(st.integers(0, 9)) for each in demands}
    shares = fair_shares(demands, busy, accounts, slots)
    room = {each.endpoint_id: each.room for each in demands}
    assert all(0 < share <= room[endpoint] for endpoint, share in shares.items())
    assert sum(shares.values()) == min(slots, sum(max(each.room, 0) for each in demands))
