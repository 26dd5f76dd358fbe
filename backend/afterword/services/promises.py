"""When they will decide, as people are told it: on a day, or in so many days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from afterword.errors import InvalidInput
from afterword.formats.instants import LATEST, zone
from afterword.policy.promises import promised_day

IN_DAYS = "decision_in_days"


def with_the_day(values: Mapping[str, Any], said_at: datetime, time_zone: str) -> dict[str, Any]:
    """The values with the day they will decide on in place of the days until then."""
    days = values.get(IN_DAYS)
    kept = {key: value for key, value in values.items() if key != IN_DAYS}
    if days is None:
        return kept
    if kept.get("decision_on") is not None:
        raise InvalidInput.at(IN_DAYS, "is the same promise as decision_on; send one of them")
    day = promised_day(said_at, zone(time_zone), days)
    if day > LATEST.date():
        raise InvalidInput.at(IN_DAYS, "leads beyond the year 2100; send fewer days")
    return {**kept, "decision_on": day}
