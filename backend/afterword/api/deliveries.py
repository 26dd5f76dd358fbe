"""The delivery log: newest first, each delivery with its attempts."""

from typing import Annotated, Literal

from fastapi import Path, Query

from afterword.api.deps import Reading
from afterword.api.fields import Identifier, Instant, Told
from afterword.api.pages import Page, Pages
from afterword.api.routes import router
from afterword.services import deliveries as service
from afterword.storage.deliveries import Filter

routes = router("webhooks")

DeliveryState = Literal["pending", "sending", "delivered", "retrying", "failed", "expired", "skipped"]


class Delivery(Told):
    """One event for one endpoint. `reason` says why it is not delivered, or not yet."""

    id: str
    event_id: str
    event_type: str
    endpoint_id: str
    state: DeliveryState
    attempt: int
    crashes: int
    next_attempt_at: Instant | None
    reason: str | None
    created_at: Instant
    finished_at: Instant | None


class Attempt(Told):
    """One try: what came back, or why nothing did."""

    id: str
    number: int
    started_at: Instant
    duration_ms: int
    status_code: int | None
    response_body: str | None
    error: str | None


class DeliveryWithAttempts(Delivery):
    """One delivery, try by try."""

    attempts: list[Attempt]


@routes.get("/deliveries", operation_id="list_deliveries", summary="What was sent where, newest first")
def list_deliveries(
    access: Reading,
    paging: Pages,
    endpoint_id: Annotated[Identifier | None, Query()] = None,
    event_id: Annotated[Identifier | None, Query()] = None,
    state: Annotated[DeliveryState | None, Query()] = None,
) -> Page[Delivery]:
    wanted = Filter(endpoint_id=endpoint_id, event_id=event_id, state=state)
    found = service.listed(access.session, access.account_id, wanted, paging.after, paging.one_more)
    items = [Delivery.model_validate(each) for each in found[: paging.limit]]
    return Page(items=items, next_cursor=paging.next_cursor([each.id for each in found]))


@routes.get("/deliveries/{delivery_id}", operation_id="get_delivery", summary="One delivery, try by try")
def get_delivery(access: Reading, delivery_id: Annotated[Identifier, Path()]) -> DeliveryWithAttempts:
    found, tries = service.find(access.session, access.account_id, delivery_id)
    told = Delivery.model_validate(found).model_dump()
    return DeliveryWithAttempts(**told, attempts=[Attempt.model_validate(each) for each in tries])
