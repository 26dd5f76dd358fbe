"""What endpoints are sent, for the OpenAPI document: one webhook for each type of event."""

from collections.abc import Callable
from typing import Annotated

from fastapi import FastAPI, Header

from afterword.formats.answer_models import Event
from afterword.formats.webhook_event import EVENT_TYPES

_NOTE = (
    "Sent at least once, in no promised order, signed per Standard Webhooks. Answer 2xx within 15 seconds; 410 ends "
    "the subscription. The same event always has the same webhook-id."
)


def describe(app: FastAPI) -> None:
    """Add the webhooks to the application's document."""
    for event_type in EVENT_TYPES:
        app.webhooks.post(
            event_type,
            operation_id=f"on_{event_type.replace('.', '_')}",
            summary=event_type,
            description=_NOTE,
            status_code=204,
            tags=["webhooks"],
        )(_receiver())


def _receiver() -> Callable[..., None]:
    def receive(
        event: Event,
        webhook_id: Annotated[str, Header(description="The event's id.")],
        webhook_timestamp: Annotated[str, Header(description="Seconds since 1970 at which this attempt was made.")],
        webhook_signature: Annotated[str, Header(description="`v1,` and base64, one for each live secret.")],
    ) -> None:
        """The receiver is yours."""

    return receive
