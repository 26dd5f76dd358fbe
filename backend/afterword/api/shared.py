"""What a share link shows. Its models list what may be seen: no address, number, note or recap is among it."""

from contextlib import suppress
from datetime import datetime
from typing import Annotated, Literal, cast

from fastapi import Request, Response
from pydantic import AfterValidator

from afterword import clock
from afterword.api.backend import Backend
from afterword.api.credentials import bearer
from afterword.api.deps import TheBackend
from afterword.api.fields import ChannelName, Day, Instant, InterviewFormat, InterviewStatus, Role, Told
from afterword.api.interviews import Phase
from afterword.api.opportunities import Outcome
from afterword.api.routes import router
from afterword.api.touches import Direction
from afterword.errors import Busy
from afterword.formats.answer_models import NextActions
from afterword.services import shared, shares
from afterword.services.discretion import shown_name
from afterword.services.interviews import WholeInterview
from afterword.services.opportunities import WholeOpportunity
from afterword.services.shared import View
from afterword.storage.shares import Share

routes = router("shares")


class SharedPerson(Told):
    contact_id: str
    name: Annotated[str, AfterValidator(shown_name)]
    roles: list[Role]


class NamedOpportunity(Told):
    id: str
    company: str
    role: str | None


class SharedOpportunity(NamedOpportunity):
    people: list[SharedPerson]
    outcome: Outcome | None


class SharedInterview(Told):
    id: str
    opportunity_id: str
    round: int
    format: InterviewFormat
    status: InterviewStatus
    phase: Phase
    starts_at: Instant
    ends_at: Instant
    time_zone: str
    decision_on: Day | None
    people: list[SharedPerson]


class SharedTouch(Told):
    id: str
    interview_id: str | None
    contact_id: str | None
    direction: Direction
    purpose: str | None
    channel: ChannelName | None
    at: Instant
    decision_on: Day | None
    automatic: bool


class Shared(Told):
    """A look through a share link.

    Of an opportunity: its timeline in every state, its rounds, people and messages. Of today: what there is to do over
    all opportunities, with the names of those that this speaks of, and the rounds. `account_name` is what the owner
    calls the account; null while nobody has named it. Of a person whose name is an address, what stands before the @ is
    told.
    """

    scope: Literal["opportunity", "today"]
    account_name: str | None
    time_zone: str
    expires_at: Instant | None
    next_actions: NextActions
    opportunities: list[NamedOpportunity]
    opportunity: SharedOpportunity | None
    interviews: list[SharedInterview]
    touches: list[SharedTouch]


@routes.get("/shared", operation_id="get_shared")
def get_shared(request: Request, response: Response, backend: TheBackend) -> Shared:
    """What a share link shows. The secret goes in the header: `Authorization: Bearer afs_…`."""
    response.headers["Cache-Control"] = "no-store"
    with backend.database.read() as session:
        share = shares.by_secret(session, bearer(request), clock.now())
        # After the first look, which opens the snapshot: nothing in it was planned after this instant.
        now = clock.now()
        _note_look(backend, share, now)
        return _told(share, shared.view(session, share, now))


def _note_look(backend: Backend, share: Share, now: datetime) -> None:
    # No reader waits for a writer; the next one will note it.
    if shares.is_look_due(share, now):
        with suppress(Busy), backend.database.write_if_free() as session:
            shares.note_look(session, share, now)


def _told(share: Share, view: View) -> Shared:
    return Shared(
        scope="today" if share.opportunity_id is None else "opportunity",
        account_name=view.account_name,
        time_zone=view.account.time_zone,
        expires_at=share.expires_at,
        next_actions=NextActions.model_validate(view.next_actions),
        opportunities=[NamedOpportunity.model_validate(each) for each in view.opportunities],
        opportunity=_opportunity(view.opportunity) if view.opportunity else None,
        interviews=[_interview(each) for each in view.interviews],
        touches=[SharedTouch.model_validate(each) for each in view.touches],
    )


def _opportunity(whole: WholeOpportunity) -> SharedOpportunity:
    return SharedOpportunity(
        id=whole.opportunity.id,
        company=whole.opportunity.company,
        role=whole.opportunity.role,
        people=[SharedPerson.model_validate(each) for each in whole.people],
        outcome=Outcome.model_validate(whole.outcome) if whole.outcome else None,
    )


def _interview(whole: WholeInterview) -> SharedInterview:
    stored = whole.interview
    shown = {name: getattr(stored, name) for name in SharedInterview.model_fields if hasattr(stored, name)}
    people = [SharedPerson.model_validate(each) for each in whole.people]
    return SharedInterview(**shown, phase=cast("Phase", whole.phase), people=people)
