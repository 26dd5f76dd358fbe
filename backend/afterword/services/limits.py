"""How much one opportunity can hold: as much as one facts document can say of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from afterword.errors import InvalidInput

MOST_INTERVIEWS = 20
MOST_TOUCHES = 300
CLOCKS_DIFFER_BY = timedelta(minutes=5)


def refuse_future(at: datetime, now: datetime, what: str) -> None:
    """Refuse what is said to have happened and has not; five minutes are the difference of two clocks."""
    if at > now + CLOCKS_DIFFER_BY:
        raise InvalidInput.at("at", f"is in the future; record {what} once it has happened")


def refuse_one_more(present: int, most: int, what: str) -> None:
    if present >= most:
        raise InvalidInput.at("opportunity_id", f"already has the {most} {what} that an opportunity can have")
