"""Opportunities: one job at one employer, with its people and how it ended."""

from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import MISSING, StrictBool

from afterword.api import etags
from afterword.api.deps import Changing, Creating, Reading
from afterword.api.fields import (
    Day,
    ExternalId,
    Given,
    Holidays,
    Identifier,
    Instant,
    Name,
    OutcomeStatus,
    PlaybookId,
    Searched,
    Told,
)
from afterword.api.pages import Page, Pages
from afterword.api.people import NamedPeople, OpportunityPerson
from afterword.api.routes import router
from afterword.services import opportunities
from afterword.services.opportunities import WholeOpportunity

routes = router("opportunities")


class NewOpportunity(Given):
    company: Name
    role: Name | None = None
    applied_on: Day | None = None
    holidays: Holidays | None = None
    long_process: StrictBool = False
    playbook_id: PlaybookId | None = None
    external_id: ExternalId | None = None
    people: NamedPeople | None = None


class OpportunityChange(Given):
    """Fields to change; those left out are kept, null takes away. `people` replaces all of them."""

    company: Name | MISSING = MISSING
    role: Name | MISSING | None = MISSING
    applied_on: Day | MISSING | None = MISSING
    holidays: Holidays | MISSING | None = MISSING
    long_process: StrictBool | MISSING = MISSING
    playbook_id: PlaybookId | MISSING | None = MISSING
    external_id: ExternalId | MISSING | None = MISSING
    people: NamedPeople | MISSING = MISSING


class NewOutcome(Given):
    """How it ended. `at` left out is now; `answer_by` is for an offer, `start_date` for an acceptance."""

    status: OutcomeStatus
    at: Instant | None = None
    start_date: Day | None = None
    answer_by: Day | None = None


class Outcome(Told):
    status: OutcomeStatus
    at: Instant
    start_date: Day | None
    answer_by: Day | None


class Opportunity(Told):
    """`playbook_id` null means the account's; `playbook_version` is the one it was last planned with.

    `parked_until` is null unless planning it has failed: then it is tried again; `parked_reason` says what is wrong.
    """

    id: str
    company: str
    role: str | None
    applied_on: Day | None
    holidays: str | None
    long_process: bool
    playbook_id: str | None
    playbook_version: str | None
    external_id: str | None
    people: list[OpportunityPerson]
    outcome: Outcome | None
    parked_until: Instant | None
    parked_reason: str | None
    created_at: Instant
    updated_at: Instant


class OpportunityPage(Page[Opportunity]):
    """A page of opportunities."""


@routes.post("/opportunities", status_code=201, operation_id="create_opportunity")
def create_opportunity(body: NewOpportunity, access: Creating, response: Response) -> Opportunity:
    """Add an opportunity. A known `external_id` answers 200 with the opportunity that has it."""
    whole, new = opportunities.create(access.session, access.account_id, body.model_dump(), access.now)
    response.status_code = 201 if new else 200
    return told(whole, response)


@routes.get("/opportunities", operation_id="list_opportunities")
def list_opportunities(
    access: Reading,
    pages: Pages,
    company: Annotated[Searched | None, Query(description="The whole name, in any case.")] = None,
    outcome: Annotated[
        list[Literal[OutcomeStatus, "none"]] | None,
        Query(max_length=7, description="Only those that ended so; `none` are those that have not ended."),
    ] = None,
) -> OpportunityPage:
    """Opportunities, oldest first."""
    found = opportunities.listed(
        access.session, access.account_id, company=company, outcome=outcome, after=pages.after, limit=pages.one_more
    )
    next_cursor = pages.next_cursor([each.opportunity.id for each in found])
    return OpportunityPage(items=[_told(each) for each in found[: pages.limit]], next_cursor=next_cursor)


@routes.get("/opportunities/{opportunity_id}", operation_id="get_opportunity")
def get_opportunity(opportunity_id: Identifier, access: Reading, response: Response) -> Opportunity:
    """One opportunity."""
    return told(opportunities.find(access.session, access.account_id, opportunity_id), response)


@routes.patch("/opportunities/{opportunity_id}", operation_id="change_opportunity")
def change_opportunity(
    opportunity_id: Identifier, body: OpportunityChange, access: Changing, response: Response
) -> Opportunity:
    """Change an opportunity; what is planned for it follows."""
    whole = _unchanged(opportunity_id, access)
    return told(opportunities.change(access.session, access.account_id, whole, body.values(), access.now), response)


@routes.delete("/opportunities/{opportunity_id}", status_code=204, operation_id="delete_opportunity")
def delete_opportunity(opportunity_id: Identifier, access: Changing) -> None:
    """Remove an opportunity with its interviews, touches, marks and outcomes. Contacts stay."""
    _unchanged(opportunity_id, access)
    opportunities.remove(access.session, access.account_id, opportunity_id, access.now)


def _unchanged(opportunity_id: str, access: Changing) -> WholeOpportunity:
    whole = opportunities.find(access.session, access.account_id, opportunity_id)
    access.require_unchanged(etags.of_version(whole.opportunity.version))
    return whole


def told(whole: WholeOpportunity, response: Response) -> Opportunity:
    response.headers["ETag"] = etags.of_version(whole.opportunity.version)
    return _told(whole)


def _told(whole: WholeOpportunity) -> Opportunity:
    stored = whole.opportunity
    return Opportunity(
        id=stored.id,
        company=stored.company,
        role=stored.role,
        applied_on=stored.applied_on,
        holidays=stored.holidays,
        long_process=stored.long_process,
        playbook_id=stored.playbook_id,
        playbook_version=stored.playbook_version,
        external_id=stored.external_id,
        people=[OpportunityPerson.model_validate(each) for each in whole.people],
        outcome=Outcome.model_validate(whole.outcome) if whole.outcome else None,
        parked_until=stored.parked_until,
        parked_reason=stored.plan_error,
        created_at=stored.created_at,
        updated_at=stored.updated_at,
    )
