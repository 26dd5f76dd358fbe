"""Interviews: one request logs company, role, start and people."""

from typing import Annotated, Literal, cast

from fastapi import Query, Response
from pydantic import MISSING, Field, StrictBool

from afterword.api import etags
from afterword.api.deps import Changing, Creating, Reading
from afterword.api.fields import (
    ChannelName,
    Day,
    DaysUntilDecision,
    ExternalId,
    Given,
    Holidays,
    Identifier,
    Instant,
    InterviewFormat,
    InterviewStatus,
    Name,
    Told,
    ZoneName,
)
from afterword.api.pages import Page, Pages
from afterword.api.people import NamedPeople, Participant
from afterword.api.routes import router
from afterword.services import interviews
from afterword.services.interviews import WholeInterview
from afterword.storage.interviews import Filter

routes = router("interviews")

Round = Annotated[int, Field(strict=True, ge=1, le=100)]
MissedBy = Literal["employer", "me"]
Phase = Literal["scheduled", "in_progress", "held", "cancelled", "missed"]


class NewInterview(Given):
    """Give `company` for a new opportunity, or the `opportunity_id` of an earlier round.

    `ends_at` left out is an hour after the start, `starts_at` left out an hour before the end (one of them is needed),
    `time_zone` the account's, `round` the next one, `scheduled_at` now for an interview that is still to come.
    `decision_in_days` in place of `decision_on` counts from the day on which it ends.
    """

    opportunity_id: Identifier | None = None
    company: Name | None = None
    role: Name | None = None
    applied_on: Day | None = None
    holidays: Holidays | None = None
    long_process: StrictBool | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    time_zone: ZoneName | None = None
    round: Round | None = None
    format: InterviewFormat = "onsite"
    status: InterviewStatus = "scheduled"
    status_at: Instant | None = None
    missed_by: MissedBy | None = None
    scheduled_at: Instant | None = None
    decision_on: Day | None = None
    decision_in_days: DaysUntilDecision | None = None
    decision_said_by: Identifier | None = None
    follow_up_channel: ChannelName | None = None
    external_id: ExternalId | None = None
    people: NamedPeople | None = None


class InterviewChange(Given):
    """Fields to change; those left out are kept, null takes away. `people` replaces who took part."""

    starts_at: Instant | MISSING = MISSING
    ends_at: Instant | MISSING = MISSING
    time_zone: ZoneName | MISSING = MISSING
    round: Round | MISSING = MISSING
    format: InterviewFormat | MISSING = MISSING
    status: InterviewStatus | MISSING = MISSING
    status_at: Instant | MISSING | None = MISSING
    missed_by: MissedBy | MISSING | None = MISSING
    scheduled_at: Instant | MISSING | None = MISSING
    decision_on: Day | MISSING | None = MISSING
    decision_in_days: DaysUntilDecision | MISSING = MISSING
    decision_said_by: Identifier | MISSING | None = MISSING
    follow_up_channel: ChannelName | MISSING | None = MISSING
    external_id: ExternalId | MISSING | None = MISSING
    people: NamedPeople | MISSING = MISSING


class Interview(Told):
    """`phase` is where it stands now; one that has ended and was not called off or missed counts as held."""

    id: str
    opportunity_id: str
    company: str
    role: str | None
    round: int
    format: InterviewFormat
    status: InterviewStatus
    status_at: Instant | None
    missed_by: MissedBy | None
    phase: Phase
    starts_at: Instant
    ends_at: Instant
    time_zone: str
    scheduled_at: Instant | None
    decision_on: Day | None
    decision_said_by: str | None
    follow_up_channel: ChannelName | None
    external_id: str | None
    people: list[Participant]
    created_at: Instant
    updated_at: Instant


class InterviewPage(Page[Interview]):
    """A page of interviews."""


@routes.post("/interviews", status_code=201, operation_id="create_interview")
def create_interview(body: NewInterview, access: Creating, response: Response) -> Interview:
    """Log an interview, past or to come. A known `external_id` answers 200 with the interview that has it."""
    not_said = {"scheduled_at"} - body.model_fields_set
    values = body.model_dump(exclude=not_said)
    whole, new = interviews.create(access.session, access.account_id, values, access.now)
    response.status_code = 201 if new else 200
    return _told(whole, response)


@routes.get("/interviews", operation_id="list_interviews")
def list_interviews(
    access: Reading,
    pages: Pages,
    opportunity_id: Annotated[Identifier | None, Query(description="Only the rounds of this opportunity.")] = None,
    starts_from: Annotated[
        Instant | None, Query(alias="from", description="Only those that start at this instant or later.")
    ] = None,
    starts_before: Annotated[
        Instant | None, Query(alias="to", description="Only those that start before this instant.")
    ] = None,
) -> InterviewPage:
    """Interviews, in the order they were logged."""
    wanted = Filter(opportunity_id, starts_from, starts_before)
    found = interviews.listed(
        access.session, access.account_id, wanted, pages.after, pages.one_more, access.now
    )  # fmt: skip
    next_cursor = pages.next_cursor([each.interview.id for each in found])
    return InterviewPage(items=[_whole(each) for each in found[: pages.limit]], next_cursor=next_cursor)


@routes.get("/interviews/{interview_id}", operation_id="get_interview")
def get_interview(interview_id: Identifier, access: Reading, response: Response) -> Interview:
    """One interview."""
    return _told(interviews.find(access.session, access.account_id, interview_id, access.now), response)


@routes.patch("/interviews/{interview_id}", operation_id="change_interview")
def change_interview(
    interview_id: Identifier, body: InterviewChange, access: Changing, response: Response
) -> Interview:
    """Change an interview; what is planned for it follows."""
    whole = _unchanged(interview_id, access)
    changed = interviews.change(access.session, access.account_id, whole, body.values(), access.now)
    return _told(changed, response)


@routes.delete("/interviews/{interview_id}", status_code=204, operation_id="delete_interview")
def delete_interview(interview_id: Identifier, access: Changing) -> None:
    """Remove an interview with its recap and marks. Its opportunity, people and touches stay."""
    whole = _unchanged(interview_id, access)
    interviews.remove(access.session, access.account_id, whole.interview, access.now)


def _unchanged(interview_id: str, access: Changing) -> WholeInterview:
    whole = interviews.find(access.session, access.account_id, interview_id, access.now)
    access.require_unchanged(etags.of_version(whole.interview.version))
    return whole


def _told(whole: WholeInterview, response: Response) -> Interview:
    response.headers["ETag"] = etags.of_version(whole.interview.version)
    return _whole(whole)


def _whole(whole: WholeInterview) -> Interview:
    stored = whole.interview
    shown = {name: getattr(stored, name) for name in Interview.model_fields if hasattr(stored, name)}
    return Interview(
        **shown,
        company=whole.company,
        role=whole.role,
        phase=cast("Phase", whole.phase),
        people=[Participant.model_validate(each) for each in whole.people],
    )
