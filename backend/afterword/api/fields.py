"""What fields of requests may hold, the same for every noun."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from afterword.formats.facts_document import (
    ChannelName,
    InterviewFormat,
    InterviewStatus,
    OutcomeStatus,
    Role,
    Slug,
    Weekday,
)
from afterword.formats.instants import Day, Hour, Instant, ZoneName
from afterword.formats.public_holidays import HolidayCode
from afterword.formats.text import printable

__all__ = [
    "ChannelName",
    "Day",
    "Hour",
    "Instant",
    "InterviewFormat",
    "InterviewStatus",
    "OutcomeStatus",
    "Role",
    "Slug",
    "Weekday",
    "ZoneName",
]


def _text(longest: int, shortest: int = 1) -> Any:
    return (
        StringConstraints(strip_whitespace=True, min_length=shortest, max_length=longest),
        AfterValidator(printable),
    )


def _address(text: str) -> str:
    # A check against slips; whether there is such a mailbox only mail can tell.
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise ValueError("is not an e-mail address; write it like ana@acme.example")
    return text


Name = Annotated[str, *_text(200)]
Line = Annotated[str, *_text(500)]
Note = Annotated[str, *_text(20_000)]
ExternalId = Annotated[str, *_text(200)]
Email = Annotated[str, *_text(254), AfterValidator(_address)]
IDENTIFIER = r"^[a-z]{3,4}_[0-9a-z]{1,32}$"
Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER)]
#: What ids of playbooks look like; which ones there are is looked up.
PlaybookId = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(printable)]
Searched = Annotated[str, StringConstraints(max_length=2000), AfterValidator(printable)]
#: "They will decide in two weeks": in place of the day itself.
DaysUntilDecision = Annotated[int, Field(strict=True, ge=1, le=60)]
Holidays = Annotated[HolidayCode, Field(max_length=12)]


class Given(BaseModel):
    """A body that was sent: fields that are not known are refused."""

    model_config = ConfigDict(extra="forbid")

    def values(self) -> dict[str, Any]:
        """What was sent and nothing else, as plain values."""
        return self.model_dump(exclude_unset=True)


class Told(BaseModel):
    """A body that is answered: every field is always there."""

    model_config = ConfigDict(from_attributes=True)
