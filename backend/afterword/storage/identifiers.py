"""Ids that sort by the time they were made and say what they name: `int_` and a UUIDv7."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from uuid_utils import uuid7

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new_id(prefix: str) -> str:
    return f"{prefix}_{uuid7().hex}"


def lower_bound(prefix: str, at: datetime) -> str:
    """Sorts after every id that was made before an instant's millisecond, and before every other."""
    milliseconds = (at - _EPOCH) // timedelta(milliseconds=1)
    return f"{prefix}_{max(milliseconds, 0):012x}"
