"""Invitations as one person reads them, and what is looked at of the reading."""

from __future__ import annotations

import pytest

from afterword.errors import InvalidInput
from afterword.formats.calendar_invitation import CalendarInvitation, read
from afterword.formats.instants import written

OWN_ZONE, ME = "America/New_York", "me@mail.example"


def read_for_me(text: str, own_zone: str = OWN_ZONE) -> CalendarInvitation:
    return read(text, own_zone, [ME])


def times(invitation: CalendarInvitation) -> tuple[str, str, str]:
    return written(invitation.starts_at), written(invitation.ends_at), invitation.time_zone


def people(invitation: CalendarInvitation) -> list[tuple[str, str | None]]:
    return [(each.name, each.email) for each in invitation.people]


def refused(text: str, own_zone: str = OWN_ZONE) -> tuple[str, int | None]:
    with pytest.raises(InvalidInput) as refusal:
        read_for_me(text, own_zone)
    (problem,) = refusal.value.problems
    assert problem.path == "text"
    return problem.message, problem.line


def said(invitation: CalendarInvitation, words: str) -> bool:
    return any(words in reading for reading in invitation.readings)
