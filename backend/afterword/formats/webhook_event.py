"""What a webhook carries, and what `GET /events` shows: the same envelope for every type of event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from afterword.formats.instants import written

#: Sent when an endpoint's owner asks for it, to that endpoint alone.
TEST = "webhook.test"
EVENT_TYPES = (
    "interview.created",
    "interview.updated",
    "interview.held",
    "interview.deleted",
    "opportunity.updated",
    "opportunity.closed",
    "opportunity.deleted",
    "touch.recorded",
    "action.opened",
    "action.moved",
    "action.overdue",
    "action.lapsed",
    "action.done",
    "action.skipped",
    "action.snoozed",
    "action.reopened",
    "action.withdrawn",
    "hold.started",
    "hold.lifted",
    "endpoint.disabled",
    TEST,
)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. The parts are data already, each in the shape in which the API shows it."""

    id: str
    type: str
    sequence: int
    occurred_at: datetime
    action: Mapping[str, Any] | None = None
    hold: Mapping[str, Any] | None = None
    opportunity: Mapping[str, Any] | None = None
    interview: Mapping[str, Any] | None = None
    contact: Mapping[str, Any] | None = None
    touch: Mapping[str, Any] | None = None
    endpoint: Mapping[str, Any] | None = None
    test: bool = False


def payload(event: Event) -> dict[str, Any]:
    """The envelope, without what only the sending server knows (`with_links`)."""
    return {
        "type": event.type,
        "timestamp": written(event.occurred_at),
        "data": {
            "id": event.id,
            "sequence": event.sequence,
            "test": event.test,
            "action": event.action,
            "hold": event.hold,
            "opportunity": event.opportunity,
            "interview": event.interview,
            "contact": event.contact,
            "touch": event.touch,
            "endpoint": event.endpoint,
        },
    }


def with_links(payload: Mapping[str, Any], public_url: str | None) -> dict[str, Any]:
    """The envelope with a link to its opportunity in the front end; null where the server's own address is unknown."""
    # An earlier release knew of no endpoint in an event: every envelope has the same keys.
    data = {"endpoint": None, **payload["data"]}
    return {**payload, "data": {**data, "links": _links(data["opportunity"], public_url)}}


def body_of(envelope: str, public_url: str | None) -> bytes:
    """The bytes that are sent and signed: a stored envelope `with_links`. ValueError where it is none.

    Its parts are copied as they are written: taking them apart would be the longest part of sending.
    """
    found = _ENVELOPE.decode(envelope)
    data = {"endpoint": _NULL, **found.data}
    links = _links(_SUBJECT.decode(data.get("opportunity", _NULL)), public_url)
    return msgspec.json.encode({**msgspec.structs.asdict(found), "data": {**data, "links": links}})


def _links(opportunity: Mapping[str, Any] | None, public_url: str | None) -> dict[str, str | None]:
    page = f"/opportunities/{opportunity['id']}" if opportunity else "/"
    return {"app": f"{public_url}{page}" if public_url else None}


class _Envelope(msgspec.Struct, forbid_unknown_fields=True):
    type: str
    timestamp: str
    data: dict[str, msgspec.Raw]


_ENVELOPE = msgspec.json.Decoder(_Envelope)
_SUBJECT = msgspec.json.Decoder(dict[str, Any] | None)
_NULL = msgspec.Raw(b"null")
