"""Ids: that they say what they name, and sort by the time they were made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from afterword import clock
from afterword.storage.identifiers import lower_bound, new_id

MILLISECOND = timedelta(milliseconds=1)
EPOCH, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC)
INSTANTS = st.timedeltas(timedelta(0), LAST - EPOCH).map(EPOCH.__add__)


def id_of(at: datetime) -> str:
    """As the standard makes one: 48 bits of milliseconds, and what else there is."""
    return f"dlv_{(at - EPOCH) // MILLISECOND:012x}70008000000000000000"


def test_an_id_lies_between_the_bounds_of_the_instants_around_it() -> None:
    before = clock.of_this_machine()
    made = new_id("dlv")
    assert lower_bound("dlv", before) < made < lower_bound("dlv", clock.of_this_machine() + MILLISECOND)


@given(INSTANTS)
def test_a_bound_lies_between_the_ids_of_its_millisecond_and_those_before(at: datetime) -> None:
    assert lower_bound("dlv", at) < id_of(at) < lower_bound("dlv", at + MILLISECOND)


@given(INSTANTS, INSTANTS)
def test_bounds_sort_as_time_does(one: datetime, other: datetime) -> None:
    assert (lower_bound("dlv", one) <= lower_bound("dlv", other)) or one > other


def test_before_any_id_there_is_a_bound_too() -> None:
    assert lower_bound("dlv", datetime(1, 1, 1, tzinfo=UTC)) == lower_bound("dlv", EPOCH)
