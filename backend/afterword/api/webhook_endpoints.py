"""Webhook endpoints: where events go. The secret is in the answer to the request that makes one, and nowhere else."""

import os
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response
from pydantic import Field

from afterword.api import etags
from afterword.api.deps import Changing, Creating, Reading, TheBackend
from afterword.api.fields import Given, Identifier, Instant, Line, Searched, Told
from afterword.api.pages import Page, Pages
from afterword.api.routes import router
from afterword.formats.answer_models import EventType
from afterword.services import webhook_endpoints as service

routes = router("webhooks")


class NewWebhookEndpoint(Given):
    """`event_types` left out or null: every type. A `secret` of your own is `whsec_` and base64 of 24 to 64 bytes."""

    url: Annotated[str, Field(min_length=1, max_length=2000)]
    description: Line | None = None
    event_types: Annotated[list[EventType], Field(min_length=1, max_length=50)] | None = None
    secret: Annotated[str, Field(max_length=200)] | None = None


class WebhookEndpoint(Told):
    """One endpoint. `disabled_reason` says why it is not enabled any more."""

    id: str
    url: str
    description: str | None
    event_types: list[EventType] | None
    enabled: bool
    disabled_reason: str | None
    created_at: Instant
    updated_at: Instant


class NewlyMadeWebhookEndpoint(WebhookEndpoint):
    """An endpoint with its secret, which is shown this once; null when the request is repeated."""

    secret: str | None


def reachable(_caller: Reading, backend: TheBackend, body: NewWebhookEndpoint) -> NewWebhookEndpoint:
    """The body, once its URL is one that a known caller may have us send to; no writer waits for the look-up."""
    service.require_reachable(body.url, backend.settings.allowed_networks)
    return body


@routes.post(
    "/webhook-endpoints", operation_id="create_webhook_endpoint", summary="Have events sent somewhere", status_code=201
)
def create_webhook_endpoint(
    body: Annotated[NewWebhookEndpoint, Depends(reachable)], access: Creating, response: Response
) -> NewlyMadeWebhookEndpoint:
    made, secret = service.create(access.session, access.account_id, body.values(), os.urandom, access.now)
    access.hide_when_replayed("secret")
    response.headers["ETag"] = etags.of_version(made.version)
    response.headers["Location"] = f"/api/v1/webhook-endpoints/{made.id}"
    return NewlyMadeWebhookEndpoint(**_fields(made), secret=secret)


@routes.get("/webhook-endpoints", operation_id="list_webhook_endpoints", summary="Where events are sent")
def list_webhook_endpoints(
    access: Reading,
    paging: Pages,
    url: Annotated[Searched | None, Query(description="Those with exactly this URL.")] = None,
) -> Page[WebhookEndpoint]:
    found = service.listed(access.session, access.account_id, url, paging.after, paging.one_more)
    items = [WebhookEndpoint(**_fields(each)) for each in found[: paging.limit]]
    return Page(items=items, next_cursor=paging.next_cursor([each.id for each in found]))


@routes.get(
    "/webhook-endpoints/{endpoint_id}", operation_id="get_webhook_endpoint", summary="One endpoint"
)  # fmt: skip
def get_webhook_endpoint(
    access: Reading, response: Response, endpoint_id: Annotated[Identifier, Path()]
) -> WebhookEndpoint:
    found = service.find(access.session, access.account_id, endpoint_id)
    response.headers["ETag"] = etags.of_version(found.version)
    return WebhookEndpoint(**_fields(found))


@routes.delete(
    "/webhook-endpoints/{endpoint_id}",
    operation_id="delete_webhook_endpoint",
    summary="Send nothing there any more",
    status_code=204,
)
def delete_webhook_endpoint(access: Changing, endpoint_id: Annotated[Identifier, Path()]) -> None:
    found = service.find(access.session, access.account_id, endpoint_id)
    access.require_unchanged(etags.of_version(found.version))
    service.remove(access.session, access.account_id, endpoint_id)


def _fields(endpoint: Any) -> dict[str, Any]:
    return {name: getattr(endpoint, name) for name in WebhookEndpoint.model_fields}
