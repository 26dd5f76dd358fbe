"""Asking before sending: whether somebody may be written to, by the holds that stand beside the actions."""

from typing import Annotated, Any

from fastapi import Depends, Query, Response

from afterword.api.answers import as_json
from afterword.api.deps import Reading
from afterword.api.fields import ChannelName, Email, Identifier, Instant, Slug
from afterword.api.routes import router
from afterword.formats.answer_models import ContactCheck
from afterword.services import contact_check as service
from afterword.services.contact_check import Query as Asked

routes = router("next actions")


def asked(
    contact_id: Annotated[Identifier | None, Query(description="Who is to be written to. Or send `email`.")] = None,
    email: Annotated[Email | None, Query(description="Their address, in any case. Or send `contact_id`.")] = None,
    opportunity_id: Annotated[
        Identifier | None,
        Query(description="Which it is about. Left out: each that they take part in must allow it."),
    ] = None,
    channel: Annotated[ChannelName | None, Query(description="Left out: any that is known and open will do.")] = None,
    purpose: Annotated[
        Slug | None,
        Query(
            description="The kind of action it fulfils, such as `follow-up`; `reply` or `other` where it fulfils none. "
            "Left out: anything, so that only what forbids every message, or closes the channel, speaks against it."
        ),
    ] = None,
    at: Annotated[
        Instant | None, Query(description="Travel in time: may it be sent then, by the facts known then?")
    ] = None,
) -> Asked:
    return Asked(contact_id, email, opportunity_id, channel, purpose, at)


@routes.get(
    "/contact-check",
    operation_id="check_contact",
    summary="May this be sent, and what could be done instead?",
    responses={200: {"model": ContactCheck}},
    response_class=Response,
)
def check_contact(access: Reading, query: Annotated[Asked, Depends(asked)]) -> Any:
    """For programs to ask before they send. The answer comes from the same holds that `/next-actions` shows; each
    alternative is itself a message that would be allowed. Nothing is written."""
    told = service.contact_check(access.session, access.account_id, query, access.now)
    return as_json(told, {"Cache-Control": "private, no-cache"})
