"""Webhook endpoints: where events go. A secret is in the answer to the request that makes it, and nowhere else."""

import os
from datetime import timedelta
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import Depends, Path, Query, Response
from pydantic import MISSING, Field, StrictBool

from afterword.api import etags
from afterword.api.backend import Backend
from afterword.api.deps import Caller, Calling, Changing, Creating, Reading, TheBackend
from afterword.api.fields import Given, Identifier, Instant, Line, Searched, Told
from afterword.api.pages import Page, Pages
from afterword.api.routes import router
from afterword.formats.answer_models import EventType
from afterword.services import webhook_endpoints as service
from afterword.services import webhook_headers, webhook_secrets

routes = router("webhooks")

HOUR = timedelta(hours=1)
ActionState = Literal["upcoming", "open", "overdue", "snoozed", "done", "skipped", "lapsed"]
Url = Annotated[str, Field(min_length=1, max_length=2000)]
Secret = Annotated[str, Field(max_length=200, description="`whsec_` and the base64 of 24 to 64 bytes.")]
EventTypes = Annotated[
    list[EventType], Field(min_length=1, max_length=50, description="Only events of these types; null: of every type.")
]
OpportunityIds = Annotated[
    list[Identifier],
    Field(min_length=1, max_length=100, description="Only events of these opportunities; null: of every one."),
]
ActionStates = Annotated[
    list[ActionState],
    Field(
        min_length=1,
        max_length=7,
        description="Only actions in these states; null: in every one. Events that tell of no action pass.",
    ),
]
Headers = Annotated[
    dict[str, str],
    Field(
        max_length=webhook_headers.MOST_HEADERS,
        description="Sent with every event, and never shown again. None of the connection's own, none `webhook-*`.",
    ),
]
Enabled = Annotated[
    StrictBool, Field(description="Off: what waits is skipped, and nothing is kept. Replay it when it is on again.")
]  # fmt: skip
Paused = Annotated[StrictBool, Field(description="On: what happens waits, until it is off again or the event expires.")]


class NewWebhookEndpoint(Given):
    """Left out, `secret` is made, and shown in the answer this once; filters left out or null let everything pass."""

    url: Url
    description: Line | None = None
    event_types: EventTypes | None = None
    opportunity_ids: OpportunityIds | None = None
    action_states: ActionStates | None = None
    headers: Headers | None = None
    paused: Paused = False
    secret: Secret | None = None


class WebhookEndpointChange(Given):
    """Fields to change; those left out are kept, null takes away."""

    url: Url | MISSING = MISSING
    description: Line | MISSING | None = MISSING
    event_types: EventTypes | MISSING | None = MISSING
    opportunity_ids: OpportunityIds | MISSING | None = MISSING
    action_states: ActionStates | MISSING | None = MISSING
    headers: Headers | MISSING | None = MISSING
    enabled: Enabled | MISSING = MISSING
    paused: Paused | MISSING = MISSING


class NewSecret(Given):
    """`overlap_hours` is how long the present secret goes on signing beside the new one."""

    overlap_hours: Annotated[float, Field(ge=0, le=webhook_secrets.LONGEST_OVERLAP // HOUR)] = (
        webhook_secrets.USUAL_OVERLAP // HOUR
    )
    secret: Secret | None = None


class WebhookEndpoint(Told):
    """One endpoint. `disabled_reason` says why it is not enabled; `failing_since` when it last began to fail.

    Of headers only the names are shown. `secrets` is how many sign at present; from `former_secrets_until` on it is the
    newest alone, null where it is already.
    """

    id: str
    url: str
    description: str | None
    event_types: list[EventType] | None
    opportunity_ids: list[str] | None
    action_states: list[ActionState] | None
    header_names: list[str]
    secrets: int
    former_secrets_until: Instant | None
    enabled: bool
    paused: bool
    disabled_reason: str | None
    disabled_at: Instant | None
    failing_since: Instant | None
    created_at: Instant
    updated_at: Instant


class WebhookEndpointWithSecret(WebhookEndpoint):
    """An endpoint with its newest secret, which is shown this once; null when the request is repeated."""

    secret: str | None


class TestDelivery(Told):
    """Where to look up what came of a test: `GET /deliveries/{id}`."""

    delivery_id: str


async def reachable(caller: Calling, backend: TheBackend, body: NewWebhookEndpoint) -> NewWebhookEndpoint:
    """The body, once its URL is one that a known caller may have us send to; no writer waits for the look-up."""
    await _require_reachable(caller, backend, body.url)
    return body


async def still_reachable(caller: Calling, backend: TheBackend, body: WebhookEndpointChange) -> WebhookEndpointChange:
    """The same of a change, which may leave the URL as it is."""
    url = body.values().get("url")
    if url is not None:
        await _require_reachable(caller, backend, url)
    return body


async def _require_reachable(caller: Caller, backend: Backend, url: str) -> None:
    await to_thread.run_sync(_require_known, caller)
    await service.require_reachable(
        url, backend.settings.allowed_networks, backend.settings.public_url, backend.lookups
    )  # fmt: skip


def _require_known(caller: Caller) -> None:
    # Ended before the look-up: neither a thread nor a connection to the database waits for a name.
    with caller.reading():
        return


@routes.post(
    "/webhook-endpoints", operation_id="create_webhook_endpoint", summary="Have events sent somewhere", status_code=201
)
def create_webhook_endpoint(
    body: Annotated[NewWebhookEndpoint, Depends(reachable)], access: Creating, response: Response
) -> WebhookEndpointWithSecret:
    made, secret = service.create(access.session, access.account_id, body.values(), os.urandom, access.now)
    access.hide_when_replayed("secret")
    response.headers["ETag"] = etags.of_version(made.version)
    response.headers["Location"] = f"/api/v1/webhook-endpoints/{made.id}"
    return WebhookEndpointWithSecret(**_fields(made, access.now), secret=secret)


@routes.get("/webhook-endpoints", operation_id="list_webhook_endpoints", summary="Where events are sent")
def list_webhook_endpoints(
    access: Reading,
    paging: Pages,
    url: Annotated[Searched | None, Query(description="Those with exactly this URL.")] = None,
) -> Page[WebhookEndpoint]:
    found = service.listed(access.session, access.account_id, url, paging.after, paging.one_more)
    items = [WebhookEndpoint(**_fields(each, access.now)) for each in found[: paging.limit]]
    return Page(items=items, next_cursor=paging.next_cursor([each.id for each in found]))


@routes.get(
    "/webhook-endpoints/{endpoint_id}", operation_id="get_webhook_endpoint", summary="One endpoint"
)  # fmt: skip
def get_webhook_endpoint(
    access: Reading, response: Response, endpoint_id: Annotated[Identifier, Path()]
) -> WebhookEndpoint:
    found = service.find(access.session, access.account_id, endpoint_id)
    response.headers["ETag"] = etags.of_version(found.version)
    return WebhookEndpoint(**_fields(found, access.now))


@routes.patch(
    "/webhook-endpoints/{endpoint_id}",
    operation_id="change_webhook_endpoint",
    summary="Change, pause, disable or enable an endpoint",
)
def change_webhook_endpoint(
    body: Annotated[WebhookEndpointChange, Depends(still_reachable)],
    access: Changing,
    response: Response,
    endpoint_id: Annotated[Identifier, Path()],
) -> WebhookEndpoint:
    before = service.find(access.session, access.account_id, endpoint_id)
    access.require_unchanged(etags.of_version(before.version))
    after = service.change(access.session, access.account_id, endpoint_id, body.values(), access.now)
    response.headers["ETag"] = etags.of_version(after.version)
    return WebhookEndpoint(**_fields(after, access.now))


@routes.post(
    "/webhook-endpoints/{endpoint_id}/rotate-secret",
    operation_id="rotate_webhook_secret",
    summary="Sign with a new secret, and for a while with the old one too",
)
def rotate_webhook_secret(
    body: NewSecret, access: Creating, endpoint_id: Annotated[Identifier, Path()]
) -> WebhookEndpointWithSecret:
    overlap = timedelta(hours=body.overlap_hours)
    account_id = access.account_id
    changed, secret = service.rotate_secret(
        access.session, account_id, endpoint_id, body.secret, overlap, os.urandom, access.now
    )
    access.hide_when_replayed("secret")
    return WebhookEndpointWithSecret(**_fields(changed, access.now), secret=secret)


@routes.post(
    "/webhook-endpoints/{endpoint_id}/test",
    operation_id="test_webhook_endpoint",
    summary="Have a test event sent, the way every event is",
    status_code=202,
)
def test_webhook_endpoint(access: Creating, endpoint_id: Annotated[Identifier, Path()]) -> TestDelivery:
    delivery_id = service.send_test(access.session, access.account_id, endpoint_id, access.now)
    return TestDelivery(delivery_id=delivery_id)


@routes.delete(
    "/webhook-endpoints/{endpoint_id}",
    operation_id="delete_webhook_endpoint",
    summary="Send nothing there any more",
    description="Done again, it is 204 again: nobody has to know whether an unsubscription arrived the first time.",
    status_code=204,
)
def delete_webhook_endpoint(access: Changing, endpoint_id: Annotated[Identifier, Path()]) -> None:
    if service.was_removed(access.session, access.account_id, endpoint_id):
        return
    found = service.find(access.session, access.account_id, endpoint_id)
    access.require_unchanged(etags.of_version(found.version))
    service.remove(access.session, access.account_id, endpoint_id, access.now)


def _fields(endpoint: Any, now: Any) -> dict[str, Any]:
    told = {name: getattr(endpoint, name) for name in WebhookEndpoint.model_fields if hasattr(endpoint, name)}
    former = endpoint.former_secrets or ()
    return {
        **told,
        "header_names": sorted(endpoint.headers or ()),
        "secrets": len(webhook_secrets.live(endpoint.secrets, former, now)),
        "former_secrets_until": webhook_secrets.overlap_ends_at(former, now),
    }
