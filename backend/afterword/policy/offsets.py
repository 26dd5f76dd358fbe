"""Zones of which nothing is known but how far they are from UTC."""

from __future__ import annotations

from datetime import timedelta

_HOUR = timedelta(hours=1)
_FARTHEST = 12 * _HOUR


def zone_with(offset: timedelta) -> str | None:
    """The IANA name of the zone that always has this offset; only whole hours have one."""
    if offset % _HOUR or abs(offset) > _FARTHEST:
        return None
    # The sign of these names is the other way round.
    return f"Etc/GMT{-(offset // _HOUR):+d}" if offset else "UTC"
