"""The figures for those who watch many servers, by the names under which they are told: docs/operations.md."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from afterword.formats.prometheus import Family, Sample
from afterword.services.health import seconds_since, vitals
from afterword.storage.database import Database
from afterword.storage.health import MOST_COUNTED, Vitals


def families(database: Database, now: datetime) -> list[Family]:
    """Every figure there is, read in one transaction."""
    found = vitals(database, now)
    return [*_queue(found), *_lateness(found, now), *_workers(found, now)]


def _queue(found: Vitals) -> Iterator[Family]:
    states = ("due", "scheduled", "held_back", "sending", "undelivered")
    yield Family(
        "afterword_deliveries",
        f"Deliveries that have not arrived, each state counted up to {MOST_COUNTED}.",
        [Sample(getattr(found, state), {"state": state}) for state in states],
    )
    yield Family(
        "afterword_endpoints",
        "Webhook endpoints by whether events are sent to them.",
        [Sample(number, {"state": state}) for state, number in found.endpoints.items()],
    )
    yield Family(
        "afterword_parked_opportunities",
        "Opportunities that could not be planned and are tried again later.",
        [Sample(found.parked)],
    )


def _lateness(found: Vitals, now: datetime) -> Iterator[Family]:
    yield Family(
        "afterword_delivery_lateness_seconds",
        "How long the delivery that is due has been due that has been so for longest; 0 when none is.",
        [Sample(seconds_since(found.oldest_due_at, now))],
    )
    yield Family(
        "afterword_planning_lateness_seconds",
        "The same of opportunities whose timeline has changed by itself.",
        [Sample(seconds_since(found.oldest_wake_at, now))],
    )


def _workers(found: Vitals, now: datetime) -> Iterator[Family]:
    yield Family(
        "afterword_worker_tick_age_seconds",
        "How long ago each worker of the last day ticked, to within ten seconds.",
        [Sample(seconds_since(beat.at, now), {"worker": beat.worker}) for beat in found.beats],
    )
    yield Family(
        "afterword_delivery_attempts",
        "Attempts that each worker has made since it started, by the state that they led to.",
        [
            Sample(number, {"worker": beat.worker, "state": state})
            for beat in found.beats
            for state, number in (beat.attempts or {}).items()
        ],
        is_counter=True,
    )
