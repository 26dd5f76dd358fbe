"""The judge finds what it is there to find: each test breaks one thing in a run that was without fault."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from faults import oracle, report
from faults.ledger import Arrival
from faults.ledger_process import GOOD, WRONG_SIGNATURE
from faults.member import ENDED, FROM_OUTSIDE, Death
from faults.oracle import Event, Evidence, Refusal, Sender, judge
from faults.stage import Subscriber

PATH, OTHER = "/0/all", "/1/all"
KILLED = Death(FROM_OUTSIDE, at=5.0, gone=5.0, in_flight=40)


def arrival(event_id: str, came: float, sender: int = 0, status: int | None = 200, **values: Any) -> Arrival:
    answered = None if status is None else came + 0.1
    return Arrival(
        sender, PATH, event_id, GOOD, "body of " + event_id, came, came, answered, answered, status, **values
    )


def evidence(*arrivals: Arrival, **values: Any) -> Evidence:
    """Two events for one endpoint, told at 1.0, of a process that was killed at 5.0 and one that lived."""
    queued = frozenset((PATH, name, 1) for name in ("one", "two"))
    usual: dict[str, Any] = {
        "events": {name: Event(name, "acc_1", "touch.recorded", due=1.0, expires=100.0) for name in ("one", "two")},
        "subscribers": {
            PATH: Subscriber("whe_1", "acc_1", PATH, None),
            OTHER: Subscriber("whe_2", "acc_2", OTHER, None),
        },
        "arrivals": arrivals,
        "states": {(PATH, "one"): "delivered", (PATH, "two"): "delivered"},
        "refusals": (),
        "senders": {0: Sender(0, KILLED, queued=queued), 1: Sender(1, None)},
        "pauses": (5.0, 300.0),
        "ended_at": 50.0,
    }
    return Evidence(**{**usual, **values})


def found(evidence: Evidence) -> set[str]:
    return set(judge(evidence).violations)


def test_a_run_without_fault_has_none() -> None:
    verdict = judge(evidence(arrival("one", 2.0), arrival("two", 2.1)))
    assert not verdict.violations
    assert (verdict.expected, verdict.delivered) == (2, 2)


def test_what_never_came_is_lost_whatever_the_product_says_of_it() -> None:
    assert oracle.LOST in found(evidence(arrival("one", 2.0)))


def test_what_came_before_it_was_due_was_early() -> None:
    assert found(evidence(arrival("one", 0.9), arrival("two", 2.0))) == {oracle.EARLY}


def test_what_came_again_before_its_pause_was_over_was_early() -> None:
    refused = Refusal((PATH, "one"), 1, began=1.9, ended=2.2)
    again = (arrival("one", 2.0, status=500), arrival("one", 6.0, sender=1), arrival("two", 2.0))
    assert found(evidence(*again, refusals=(refused,))) == {oracle.EARLY}
    kept = (arrival("one", 2.0, status=500), arrival("one", 7.2, sender=1), arrival("two", 2.0))
    assert found(evidence(*kept, refusals=(refused,))) == set()


def test_what_came_after_its_time_was_late() -> None:
    assert found(evidence(arrival("one", 2.0), arrival("two", 101.0))) == {oracle.LATE}


def test_a_wrong_signature_and_another_body_are_seen() -> None:
    forged = replace(arrival("one", 2.0), verdict=WRONG_SIGNATURE)
    assert found(evidence(forged, arrival("two", 2.0))) == {oracle.UNSIGNED}
    changed = replace(arrival("one", 6.0, sender=1), body="another")
    assert found(evidence(arrival("one", 2.0, status=500), changed, arrival("two", 2.0))) == {oracle.CHANGED}


def test_what_came_where_nobody_asked_for_it_is_seen() -> None:
    astray = replace(arrival("one", 2.0), path=OTHER)
    assert found(evidence(arrival("one", 2.0), arrival("two", 2.0), astray)) == {oracle.UNCALLED}


def test_what_was_sent_and_rolled_back_is_seen() -> None:
    assert found(evidence(arrival("one", 2.0), arrival("two", 2.0), arrival("three", 2.0))) == {oracle.UNCOMMITTED}


def test_a_second_time_needs_a_kill_between_the_two() -> None:
    by_the_living = (arrival("one", 2.0, sender=1), arrival("one", 3.0, sender=1), arrival("two", 2.0))
    assert found(evidence(*by_the_living)) == {oracle.REPEATED}
    before_the_kill = (arrival("one", 2.0), arrival("one", 3.0, sender=1), arrival("two", 2.0))
    assert found(evidence(*before_the_kill)) == {oracle.REPEATED}
    twice_for_one_kill = (arrival("one", 2.0), arrival("one", 6.0, 1), arrival("one", 7.0, 1), arrival("two", 2.0))
    assert oracle.REPEATED in found(evidence(*twice_for_one_kill))


def test_a_process_that_was_asked_to_end_is_no_excuse() -> None:
    ended = {0: Sender(0, replace(KILLED, how=ENDED)), 1: Sender(1, None)}
    again = (arrival("one", 2.0), arrival("one", 6.0, sender=1), arrival("two", 2.0))
    assert found(evidence(*again, senders=ended)) == {oracle.REPEATED}


def test_a_standstill_excuses_what_was_in_hand_and_nothing_later() -> None:
    stopped = {0: Sender(0, None, stops=((5.0, 6.0),)), 1: Sender(1, None)}
    in_hand = (arrival("one", 4.9), arrival("one", 5.5, sender=1), arrival("two", 2.0))
    assert found(evidence(*in_hand, senders=stopped)) == set()
    killed_since = {0: Sender(0, replace(KILLED, at=9.0, gone=9.0), stops=((5.0, 6.0),)), 1: Sender(1, None)}
    verdict = judge(
        evidence(arrival("one", 4.9), arrival("one", 9.5, sender=1), arrival("two", 2.0), senders=killed_since)
    )
    assert (verdict.repeated_by_stops, verdict.tolls[0].duplicates) == (1, 0)
    later = (arrival("one", 8.0), arrival("one", 9.0, sender=1), arrival("two", 2.0))
    assert found(evidence(*later, senders=stopped)) == {oracle.REPEATED}


def test_what_was_claimed_and_not_sent_before_a_standstill_may_go_out_after_it_and_no_later() -> None:
    stopped = {0: Sender(0, None, stops=((5.0, 6.0),)), 1: Sender(1, None)}
    unsent = (arrival("one", 5.5, sender=1), arrival("one", 6.2), arrival("two", 2.0))
    assert found(evidence(*unsent, senders=stopped)) == set()
    late = (arrival("one", 5.5, sender=1), arrival("one", 7.5), arrival("two", 2.0))
    assert found(evidence(*late, senders=stopped)) == {oracle.REPEATED}
    sent_before = (arrival("one", 4.5, sender=1), arrival("one", 6.2), arrival("two", 2.0))
    assert found(evidence(*sent_before, senders=stopped)) == {oracle.REPEATED}


def test_what_was_recorded_or_waited_for_longer_than_a_flush_may_not_be_repeated() -> None:
    again = (arrival("one", 2.0), arrival("one", 6.0, sender=1), arrival("two", 2.0))
    assert found(evidence(*again)) == {oracle.OVER}
    unrecorded = Sender(0, KILLED, queued=frozenset({(PATH, "one", 1)}), since_flush=frozenset({(PATH, "one", 1)}))
    verdict = judge(evidence(*again, senders={0: unrecorded, 1: Sender(1, None)}))
    assert not verdict.violations
    # The second had been answered and had not yet reached the process.
    assert [(each.duplicates, each.bound) for each in verdict.tolls] == [(1, 2)]


def test_what_was_cut_off_before_an_answer_is_no_duplicate() -> None:
    again = (arrival("one", 4.95, status=None), arrival("one", 6.0, sender=1), arrival("two", 2.0))
    verdict = judge(evidence(*again))
    assert not verdict.violations
    assert [(each.duplicates, each.cut_off) for each in verdict.tolls] == [(0, 1)]


@pytest.mark.parametrize("state", ["pending", "sending", "retrying", "failed", "skipped", "expired", None])
def test_a_state_that_says_otherwise_is_seen(state: str | None) -> None:
    states = {(PATH, "one"): "delivered"} | ({(PATH, "two"): state} if state else {})
    assert found(evidence(arrival("one", 2.0), arrival("two", 2.0), states=states)) == {oracle.DISAGREEING}


def test_delivered_without_an_answer_is_seen() -> None:
    assert found(evidence(arrival("one", 2.0), arrival("two", 4.9, status=None))) == {oracle.DISAGREEING}


def test_what_ran_out_is_neither_lost_nor_delivered() -> None:
    events = {
        "one": Event("one", "acc_1", "touch.recorded", 1.0, 100.0),
        "two": Event("two", "acc_1", "touch.recorded", 1.0, 4.0),
    }
    states = {(PATH, "one"): "delivered", (PATH, "two"): "expired"}
    verdict = judge(evidence(arrival("one", 2.0), events=events, states=states))
    assert not verdict.violations
    assert (verdict.delivered, verdict.expired) == (1, 1)


def test_the_report_names_what_was_found() -> None:
    told = "\n".join(report.lines(judge(evidence(arrival("one", 0.5)))))
    assert "lost 1, early 1" in told
    assert "duplicates per kill: 0: 1" in told
    assert "/0/all" in told
