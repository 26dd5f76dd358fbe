"""Events in order, each exactly as endpoints are sent it: how a receiver that was away catches up."""

from typing import Annotated, Any

from fastapi import Query, Request, Response

from afterword.api.answers import as_json
from afterword.api.deps import Reading, TheBackend
from afterword.api.fields import Told
from afterword.api.routes import router
from afterword.formats.answer_models import Event, EventType
from afterword.services import event_samples
from afterword.services import events as service

routes = router("webhooks")


class EventList(Told):
    """Events by their sequence, which has no gaps."""

    items: list[Event]


@routes.get(
    "/events",
    operation_id="list_events",
    summary="What happened, in order",
    responses={200: {"model": EventList}},
    response_class=Response,
)
def list_events(
    request: Request,
    access: Reading,
    backend: TheBackend,
    after: Annotated[int, Query(ge=0, le=2**62, description="The `sequence` of the last event you know.")] = 0,
    type: Annotated[EventType | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> Any:
    public_url = backend.settings.public_url
    found = service.listed(access.session, access.account_id, after, limit, type, public_url)
    headers = {}
    if len(found) == limit:
        following = request.url.include_query_params(after=found[-1]["data"]["sequence"])
        headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    return as_json({"items": found}, headers)


@routes.get(
    "/events/samples",
    operation_id="list_event_samples",
    summary="What events look like: your newest of a type, or an example marked as a test",
    responses={200: {"model": list[Event]}},
    response_class=Response,
)
def list_event_samples(
    access: Reading,
    backend: TheBackend,
    type: Annotated[EventType | None, Query(description="Only of this type; left out, of every type.")] = None,
) -> Any:
    return as_json(event_samples.samples(access.session, access.account_id, type, backend.settings.public_url))
