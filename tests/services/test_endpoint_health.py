"""When an endpoint is sent to with care, and when it is given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from afterword.delivery.answers import Answer
from afterword.services.endpoint_health import Outcome, after, reason_to_give_up
from afterword.storage.webhook_endpoints import Health

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def outcome(status: int | None, at: datetime = NOON, *, timed_out: bool = False, exhausted: bool = False) -> Outcome:
    return Outcome(Answer(status, {}, "", None, 5, timed_out), at, exhausted)


def test_it_has_been_failing_since_the_first_failure_after_a_success() -> None:
    health = after(Health(), [outcome(500), outcome(500, NOON + MINUTE)])
    assert health == Health(failing_since=NOON)
    assert after(health, [outcome(204, NOON + 2 * MINUTE)]) == Health()


def test_events_tried_in_vain_are_counted_until_one_is_delivered() -> None:
    health = after(Health(), [outcome(500, exhausted=True)] * 3)
    assert health.exhausted_in_a_row == 3
    assert after(health, [outcome(200)]).exhausted_in_a_row == 0


@pytest.mark.parametrize("status", [429, 502, 503, 504, None])
def test_who_has_too_much_to_do_is_sent_one_at_a_time_for_a_minute(status: int | None) -> None:
    health = after(Health(), [outcome(status, timed_out=status is None)])
    assert health.careful_until == NOON + MINUTE


@pytest.mark.parametrize("status", [400, 500, 501, None])
def test_other_failures_are_no_reason_for_care(status: int | None) -> None:
    assert after(Health(), [outcome(status)]).careful_until is None


def test_care_is_prolonged_when_half_of_it_is_over_and_outlasts_a_success() -> None:
    health = Health(careful_until=NOON + MINUTE)
    assert after(health, [outcome(503, NOON + MINUTE / 4)]).careful_until == NOON + MINUTE
    assert after(health, [outcome(503, NOON + MINUTE / 2)]).careful_until == NOON + 1.5 * MINUTE
    assert after(health, [outcome(200)]).careful_until == NOON + MINUTE


@pytest.mark.parametrize(
    ("health", "status", "reason"),
    [
        (Health(), 410, "it answered 410 Gone"),
        (Health(failing_since=NOON - 5 * DAY), 500, "it has failed for 5 days, without a single success"),
        (Health(failing_since=NOON - 5 * DAY + MINUTE), 500, None),
        (Health(exhausted_in_a_row=10), 500, "10 events in a row were tried to the end in vain"),
        (Health(exhausted_in_a_row=9), 500, None),
        (Health(), 200, None),
    ],
)
def test_it_is_given_up_when_it_is_of_no_use(health: Health, status: int, reason: str | None) -> None:
    assert reason_to_give_up(health, [outcome(status)], NOON) == reason
