"""The delivery log, newest first: each delivery with its attempts, and how to have one sent again."""

from typing import Annotated, Any, Literal

from fastapi import Path, Query
from pydantic import Field

from afterword.api.deps import Creating, Reading, TheBackend
from afterword.api.fields import Given, Identifier, Instant, Told
from afterword.api.pages import Page, Pages
from afterword.api.routes import router
from afterword.formats.answer_models import Event, EventType
from afterword.services import deliveries as service
from afterword.services import replays
from afterword.storage.deliveries import Filter

routes = router("webhooks")

DeliveryState = Literal["pending", "sending", "delivered", "retrying", "failed", "expired", "skipped"]
UNDELIVERED: tuple[DeliveryState, ...] = ("failed", "expired", "skipped")


class Delivery(Told):
    """One event for one endpoint. `reason` says why it is not delivered, or not yet. `opportunity_id` is the one that
    the event is about, null where it is about none; it may have been deleted.

    `attempt` counts the tries since it was last put into the queue, and `replay` how often it was put there again.
    """

    id: str
    event_id: str
    event_type: str
    opportunity_id: str | None
    endpoint_id: str
    url: str
    state: DeliveryState
    attempt: int
    replay: int
    crashes: int
    next_attempt_at: Instant | None
    expires_at: Instant | None
    reason: str | None
    created_at: Instant
    finished_at: Instant | None


class Attempt(Told):
    """One try: where it went, and what came back or why nothing did. Of an answer the first 16 kB are kept.

    The request was a POST of the delivery's `payload`. Of the endpoint's own headers the names are shown and no value.
    """

    id: str
    replay: int
    number: int
    url: str | None
    request_headers: dict[str, str] | None
    started_at: Instant
    duration_ms: int
    status_code: int | None
    response_headers: dict[str, str] | None
    response_body: str | None
    error: str | None


class DeliveryWithAttempts(Delivery):
    """One delivery, with what is sent, and its newest 100 attempts, first to last."""

    payload: Event
    attempts: list[Attempt]


class Picked(Given):
    """Which deliveries to send again."""

    ids: Annotated[list[Identifier], Field(min_length=1, max_length=200)]


class PutBack(Told):
    """How many are in the queue again. One that had not ended is on its way already and is not counted."""

    queued: int


@routes.get("/deliveries", operation_id="list_deliveries", summary="What was sent where, newest first")
def list_deliveries(
    access: Reading,
    paging: Pages,
    endpoint_id: Annotated[Identifier | None, Query()] = None,
    event_id: Annotated[Identifier | None, Query()] = None,
    event_type: Annotated[EventType | None, Query()] = None,
    state: Annotated[list[DeliveryState] | None, Query(max_length=7)] = None,
    undelivered: Annotated[
        bool, Query(description="Only what ended without being delivered: failed, expired, skipped.")
    ] = False,
    since: Annotated[Instant | None, Query(description="Written down at this instant or later.")] = None,
    until: Annotated[Instant | None, Query(description="Written down before this instant.")] = None,
) -> Page[Delivery]:
    states = _states(state, undelivered)
    wanted = Filter(endpoint_id, event_id, event_type, states, since, until)
    found = service.listed(access.session, access.account_id, wanted, paging.after, paging.one_more)
    items = [Delivery.model_validate(each) for each in found[: paging.limit]]
    return Page(items=items, next_cursor=paging.next_cursor([each.id for each in found]))


def _states(given: list[DeliveryState] | None, undelivered: bool) -> list[DeliveryState] | None:
    if not undelivered:
        return given
    return [state for state in UNDELIVERED if given is None or state in given]


@routes.get("/deliveries/{delivery_id}", operation_id="get_delivery", summary="One delivery, try by try")
def get_delivery(
    access: Reading, backend: TheBackend, delivery_id: Annotated[Identifier, Path()]
) -> DeliveryWithAttempts:
    found = service.find(access.session, access.account_id, delivery_id)
    told: dict[str, Any] = Delivery.model_validate(found).model_dump()
    tries = service.attempts(access.session, found, access.account_id)
    payload = service.payload(access.session, found, access.account_id, backend.settings.public_url)
    attempts = [Attempt.model_validate(each) for each in tries]
    return DeliveryWithAttempts(**told, payload=Event.model_validate(payload), attempts=attempts)


@routes.post(
    "/deliveries/replay",
    operation_id="replay_deliveries",
    summary="Have some deliveries sent again",
    status_code=202,
)
def replay_deliveries(body: Picked, access: Creating) -> PutBack:
    return PutBack(queued=replays.send_again(access.session, access.account_id, body.ids, access.now))


@routes.post(
    "/deliveries/{delivery_id}/replay",
    operation_id="replay_delivery",
    summary="Have one delivery sent again, with the same webhook-id",
    status_code=202,
)
def replay_delivery(access: Creating, delivery_id: Annotated[Identifier, Path()]) -> PutBack:
    return PutBack(queued=replays.send_again(access.session, access.account_id, (delivery_id,), access.now))
