"""When a failed delivery is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from afterword.delivery.retry import MOST_ATTEMPTS, PAUSES, next_attempt_at, retry_after

FAILED = datetime(2026, 3, 3, 15, tzinfo=UTC)


def test_ten_attempts_are_made_over_seventy_five_hours() -> None:
    assert MOST_ATTEMPTS == 10
    assert sum(PAUSES, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)
    assert next_attempt_at(10, FAILED, 0) is None


def test_jitter_lengthens_by_up_to_a_fifth_and_is_never_early() -> None:
    assert next_attempt_at(2, FAILED, 0) == FAILED + timedelta(minutes=5)
    assert next_attempt_at(2, FAILED, 1) == FAILED + timedelta(minutes=6)


def test_what_the_receiver_asks_for_is_the_least_pause_up_to_ten_hours() -> None:
    assert next_attempt_at(1, FAILED, 0, timedelta(minutes=1)) == FAILED + timedelta(minutes=1)
    assert next_attempt_at(3, FAILED, 0, timedelta(minutes=1)) == FAILED + timedelta(minutes=30)
    assert next_attempt_at(1, FAILED, 0, timedelta(days=300)) == FAILED + timedelta(hours=10)


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        (None, None),
        ("120", timedelta(minutes=2)),
        ("Tue, 03 Mar 2026 15:01:00 GMT", timedelta(minutes=1)),
        ("Tue, 03 Mar 2026 14:00:00 GMT", timedelta(0)),
        ("Tue, 03 Mar 2026 15:01:00 -0000", None),
        ("soon", None),
        ("-5", None),
        ("Fri, 31 Dec 99999999999 23:59:59 GMT", None),
        ("Fri, 31 Dec 2027 99999999999999:59:59 GMT", None),
        ("31 Dec 2027 23:59:59 +999999999999999999999", None),
        ("9" * 400, timedelta(seconds=10**8)),
    ],
)
def test_retry_after_is_read_in_both_of_its_forms(header: str | None, pause: timedelta | None) -> None:
    assert retry_after(header, FAILED) == pause
