"""Calendar invitations: read, so that a form or a program can log the interview from it."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from afterword.api.deps import Reading
from afterword.api.fields import Given, Instant, InterviewFormat, Role, Told
from afterword.api.routes import router
from afterword.formats.calendar_invitation import LARGEST_TEXT
from afterword.formats.text import printable
from afterword.services import calendar_invitations

routes = router("interviews")


class CalendarText(Given):
    """`text` is what an .ics file holds, from BEGIN:VCALENDAR to END:VCALENDAR."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=LARGEST_TEXT), AfterValidator(printable)]


class InvitedPerson(Told):
    """Somebody whom the invitation names, written as an interview's `people` are."""

    name: str
    email: str | None
    roles: list[Role]


class Invitation(Told):
    """What the invitation says. `company` is a suggestion; an interview logged with `external_id` is found again."""

    uid: str
    external_id: str
    sequence: int
    status: Literal["confirmed", "tentative", "cancelled"]
    summary: str
    company: str | None
    starts_at: Instant
    ends_at: Instant
    time_zone: str
    format: InterviewFormat
    people: list[InvitedPerson]


class ReadInvitation(Told):
    """`interview_id` is the interview logged from an earlier version of it; `readings` says what was read how."""

    invitation: Invitation
    interview_id: str | None
    readings: Annotated[list[str], Field(description="A sentence each.")]


@routes.post("/calendar-invitations", operation_id="read_calendar_invitation")
def read_calendar_invitation(body: CalendarText, access: Reading) -> ReadInvitation:
    """Read an invitation as calendars send it (.ics). Nothing is stored; to log it, send what you take of it to
    `POST /interviews`, or to `PATCH /interviews/{id}` where `interview_id` names one."""
    read, interview_id = calendar_invitations.read(access.session, access.account_id, body.text)
    people = [InvitedPerson(name=each.name, email=each.email, roles=["interviewer"]) for each in read.people]
    told = {name: getattr(read, name) for name in Invitation.model_fields if name != "people"}
    return ReadInvitation(
        invitation=Invitation(**told, people=people), interview_id=interview_id, readings=list(read.readings)
    )
