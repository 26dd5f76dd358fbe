"""Whether this process can serve, and how the work goes that time and deliveries make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from afterword.errors import AfterwordError
from afterword.storage import health as stored
from afterword.storage.database import Database, check_schema
from afterword.storage.health import Vitals

#: A worker beats every ten seconds, and a delivery that is due is claimed within one.
LONG_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Readiness:
    """`reason` is None where it can serve. What concerns an operator is no reason: a replica of the API that was taken
    out because a worker has died would help nobody."""

    reason: str | None
    worker_beat_age_seconds: float | None = None
    parked: int = 0
    queue_depth: int = 0
    lateness_seconds: float = 0.0
    planning_lateness_seconds: float = 0.0
    concerns: tuple[str, ...] = ()


def readiness(database: Database, now: datetime) -> Readiness:
    try:
        found = vitals(database, now)
    except AfterwordError as refused:
        return Readiness(refused.detail)
    return Readiness(
        None,
        youngest_beat_age_seconds(found, now),
        found.parked,
        found.due,
        seconds_since(found.oldest_due_at, now),
        seconds_since(found.oldest_wake_at, now),
        tuple(_concerns(found, now)),
    )


def vitals(database: Database, now: datetime) -> Vitals:
    """The figures; refused where the database cannot be reached or has a schema that this release cannot run on."""
    check_schema(database.engine)
    with database.read() as session:
        return stored.vitals(session, now)


def youngest_beat_age_seconds(found: Vitals, now: datetime) -> float | None:
    """How long ago any worker ticked; None where none has for a day."""
    return seconds_since(found.beats[0].at, now) if found.beats else None


def seconds_since(then: datetime | None, now: datetime) -> float:
    # Never negative: whoever wrote it may have looked at the clock a moment later than we.
    return max((now - then).total_seconds(), 0.0) if then else 0.0


def _concerns(found: Vitals, now: datetime) -> Iterator[str]:
    beat_age = youngest_beat_age_seconds(found, now)
    if beat_age is None:
        yield "No worker has run for a day, if ever: start `afterword worker`, or `afterword serve`, which has one."
    elif beat_age > LONG_SECONDS:
        yield f"No worker has ticked for {beat_age:.0f} seconds: look whether one runs, and what its log says."
    late = seconds_since(found.oldest_due_at, now)
    if late > LONG_SECONDS:
        yield f"A delivery has been due for {late:.0f} seconds: no worker sends, or its endpoint is slow to answer."
    late = seconds_since(found.oldest_wake_at, now)
    if late > LONG_SECONDS:
        yield f"An opportunity has been due to be planned for {late:.0f} seconds: no worker plans, or not fast enough."
    if found.parked:
        yield (
            f"Opportunities that cannot be planned: {found.parked}. The log of the worker says which and why; "
            "GET /api/v1/opportunities shows it to their account as `parked_reason`."
        )
