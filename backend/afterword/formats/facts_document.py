"""The facts document: everything the policy is told, as JSON or YAML with `key`s in place of ids.

It is what `POST /timelines`, `POST /imports` and `afterword plan` read. These models say what each field may hold;
`facts_reading` refuses what contradicts itself across fields and turns the rest into `policy.facts`.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, WithJsonSchema

from afterword.formats.instants import Day, Hour, Instant, ZoneName
from afterword.formats.public_holidays import HolidayCode
from afterword.formats.text import printable

Key = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(printable)]
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(printable)]
Line = Annotated[str, Field(max_length=500), AfterValidator(printable)]


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", value, re.ASCII):
        raise ValueError("is not the name of a kind; write it in small letters with hyphens, like thank-you")
    return value


def _email(value: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", value):
        raise ValueError("is not an e-mail address; write it like ana@acme.example")
    return value


Slug = Annotated[str, Field(max_length=64), AfterValidator(_slug)]
EmailAddress = Annotated[str, Field(max_length=254), AfterValidator(_email)]

Role = Literal["interviewer", "hiring_manager", "recruiter", "reference", "insider"]
ChannelName = Literal["email", "phone", "letter", "handwritten", "in_person", "linkedin", "text", "public_post"]
InterviewFormat = Literal["onsite", "video", "phone", "one_way_video"]
InterviewStatus = Literal["scheduled", "cancelled", "missed"]
OutcomeStatus = Literal["rejected", "offer", "accepted", "declined", "withdrawn", "closed"]
State = Literal["overdue", "open", "upcoming", "snoozed", "done", "skipped", "lapsed"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _id_or_whole(value: object) -> object:
    if isinstance(value, str) and 0 < len(value) <= 100:
        return value
    if isinstance(value, dict):
        return value
    raise ValueError("is neither the id of a playbook, like balanced, nor a whole playbook")


PlaybookChoice = Annotated[
    Any,
    BeforeValidator(_id_or_whole),
    WithJsonSchema({"anyOf": [{"type": "string", "maxLength": 100}, {"type": "object"}], "default": "balanced"}),
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PersonPart(_Part):
    """Somebody in the opportunity. The same key in two opportunities is the same person."""

    key: Key
    name: Name | None = None
    roles: list[Role] = Field(default_factory=list, max_length=5)
    email: EmailAddress | None = None
    phone: Line | None = None
    linkedin: Line | None = None
    postal_address: Line | None = None
    preferred_channel: ChannelName | None = None
    point_of_contact: StrictBool = False
    connected: StrictBool = False
    do_not_contact: StrictBool = False


class InterviewPart(_Part):
    """One round. `ends_at` left out is one hour after the start, `round` its place by start."""

    key: Key | None = None
    round: Annotated[int, Field(strict=True, ge=1, le=100)] | None = None
    format: InterviewFormat = "onsite"
    status: InterviewStatus = "scheduled"
    status_at: Instant | None = None
    missed_by: Literal["employer", "me"] | None = None
    starts_at: Instant
    ends_at: Instant | None = None
    time_zone: ZoneName | None = None
    scheduled_at: Instant | None = None
    decision_on: Day | None = None
    decision_said_by: Key | None = None
    follow_up_channel: ChannelName | None = None
    people: list[Key] = Field(default_factory=list, max_length=30)


class TouchPart(_Part):
    """One message or call. Only an inbound one may name a decision day."""

    key: Key | None = None
    person: Key | None = None
    direction: Literal["outbound", "inbound"]
    purpose: Slug | None = None
    channel: ChannelName | None = None
    at: Instant
    interview: Key | None = None
    decision_on: Day | None = None
    automatic: StrictBool = False


class MarkPart(_Part):
    """The user's word on an action. Only `snoozed` has an `until`."""

    kind: Slug
    interview: Key | None = None
    person: Key | None = None
    attempt: Annotated[int, Field(strict=True, ge=1, le=1000)] = 1
    state: Literal["done", "skipped", "snoozed"]
    at: Instant
    until: Instant | None = None


class OutcomePart(_Part):
    """How it ended."""

    status: OutcomeStatus
    at: Instant
    start_date: Day | None = None
    answer_by: Day | None = None


class OpportunityPart(_Part):
    """One job at one employer. `holidays`, where given, replaces the calendar's."""

    key: Key | None = None
    company: Name
    role: Name | None = None
    applied_on: Day | None = None
    holidays: HolidayCode | None = None
    long_process: StrictBool = False
    people: list[PersonPart] = Field(default_factory=list, max_length=30)
    interviews: list[InterviewPart] = Field(default_factory=list, max_length=20)
    touches: list[TouchPart] = Field(default_factory=list, max_length=300)
    marks: list[MarkPart] = Field(default_factory=list, max_length=300)
    outcome: OutcomePart | None = None


class CalendarPart(_Part):
    """The working calendar. Left out: every day, no holidays, 09:00 to 17:00."""

    time_zone: ZoneName | None = None
    working_days: list[Weekday] = Field(default_factory=lambda: list(get_args(Weekday)), min_length=1, max_length=7)
    holidays: HolidayCode | None = None
    contact_hours: list[Hour] | None = Field(default=None, min_length=2, max_length=2)


def _listed_states() -> list[State]:
    return ["overdue", "open", "upcoming"]


class FactsDocument(_Part):
    """Facts in, timeline out: `at` and each opportunity's `company` are all that must be there."""

    at: Instant
    playbook: PlaybookChoice = "balanced"
    states: list[State] = Field(default_factory=_listed_states, max_length=7)
    until: Instant | None = None
    explain: StrictBool = False
    calendar: CalendarPart = Field(default_factory=CalendarPart)
    opportunities: list[OpportunityPart] = Field(default_factory=list, max_length=50)
