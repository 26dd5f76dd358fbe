"""What happened, written down in the transaction that made it happen, with a delivery for everyone who wants it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from afterword.errors import Forgotten
from afterword.formats.instants import written
from afterword.formats.webhook_event import TEST, Event, payload, with_links
from afterword.services import subscriptions
from afterword.storage import events as stored
from afterword.storage import webhook_endpoints
from afterword.storage.database import Session
from afterword.storage.identifiers import new_id

LIFE_WITHOUT_EXPIRY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One thing that happened and the rows it is about. `expires_at` left out is seven days after it happened."""

    type: str
    opportunity_id: str | None = None
    interview_id: str | None = None
    contact_id: str | None = None
    touch_id: str | None = None
    action: Mapping[str, Any] | None = None
    hold: Mapping[str, Any] | None = None
    endpoint: Mapping[str, Any] | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Told:
    """An event as the filters of endpoints look at it."""

    event_type: str
    opportunity_id: str | None
    payload: Mapping[str, Any]


def record(session: Session, account_id: str, occurrences: Sequence[Occurrence], now: datetime) -> None:
    """Write the events and their deliveries. Subjects are read now: record a deletion before it is done."""
    rows = _recorded(session, account_id, occurrences, now)
    if rows:
        endpoints = webhook_endpoints.enabled(session, account_id)
        stored.insert_deliveries(session, _delivery_rows(endpoints, rows, now))


def record_test(session: Session, account_id: str, endpoint_id: str, now: datetime) -> str:
    """Write an event that is marked as a test and goes to one endpoint, whatever it filters. The delivery's id."""
    [row] = _recorded(session, account_id, (Occurrence(TEST),), now, test=True)
    delivery = delivery_row(row, endpoint_id, now, due_at=now)
    stored.insert_deliveries(session, [delivery])
    return str(delivery["id"])


def _recorded(
    session: Session, account_id: str, occurrences: Sequence[Occurrence], now: datetime, *, test: bool = False
) -> list[dict[str, Any]]:
    if not occurrences:
        return []
    first = stored.next_sequence(session, account_id, len(occurrences))
    subjects = _Subjects.read(session, account_id, occurrences)
    rows = [
        _event_row(account_id, occurrence, subjects, number, now, test)
        for number, occurrence in enumerate(occurrences, first)
    ]
    stored.insert_events(session, rows)
    return rows


@dataclass(frozen=True, slots=True)
class _Subjects:
    opportunities: Mapping[str, Row[Any]]
    interviews: Mapping[str, Row[Any]]
    contacts: Mapping[str, Row[Any]]
    touches: Mapping[str, Row[Any]]

    @classmethod
    def read(cls, session: Session, account_id: str, occurrences: Sequence[Occurrence]) -> _Subjects:
        return cls(
            *stored.subjects(
                session,
                account_id,
                {each.opportunity_id for each in occurrences if each.opportunity_id},
                {each.interview_id for each in occurrences if each.interview_id},
                {each.contact_id for each in occurrences if each.contact_id},
                {each.touch_id for each in occurrences if each.touch_id},
            )
        )


def _event_row(
    account_id: str, occurrence: Occurrence, subjects: _Subjects, sequence: int, now: datetime, test: bool
) -> dict[str, Any]:
    event = Event(
        id=new_id("evt"),
        type=occurrence.type,
        sequence=sequence,
        occurred_at=now,
        action=occurrence.action,
        hold=occurrence.hold,
        opportunity=_opportunity(subjects.opportunities.get(occurrence.opportunity_id or "")),
        interview=_interview(subjects.interviews.get(occurrence.interview_id or "")),
        contact=_contact(subjects.contacts.get(occurrence.contact_id or "")),
        touch=_touch(subjects.touches.get(occurrence.touch_id or "")),
        endpoint=occurrence.endpoint,
        test=test,
    )
    return {
        "id": event.id,
        "account_id": account_id,
        "sequence": sequence,
        "type": event.type,
        "opportunity_id": occurrence.opportunity_id,
        "payload": payload(event),
        "occurred_at": now,
        "expires_at": occurrence.expires_at or now + LIFE_WITHOUT_EXPIRY,
    }


def _delivery_rows(
    endpoints: Sequence[Row[Any]], events: Sequence[Mapping[str, Any]], now: datetime
) -> list[dict[str, Any]]:
    """One for each endpoint that wants the event. To one that is paused it waits without being due."""
    return [
        delivery_row(event, endpoint.id, now, due_at=None if endpoint.paused else now)
        for event in events
        for endpoint in endpoints
        if subscriptions.wants(endpoint, _Told(event["type"], event["opportunity_id"], event["payload"]))
    ]


def delivery_row(
    event: Mapping[str, Any], endpoint_id: str, now: datetime, due_at: datetime | None
) -> dict[str, Any]:  # fmt: skip
    """One event for one endpoint, due at an instant or, where that is None, when the endpoint is let go."""
    return {
        "id": new_id("dlv"),
        "account_id": event["account_id"],
        "event_id": event["id"],
        "endpoint_id": endpoint_id,
        "state": "pending",
        "attempt": 0,
        "crashes": 0,
        "next_attempt_at": due_at,
        "expires_at": event["expires_at"],
        "created_at": now,
    }


def _opportunity(row: Row[Any] | None) -> dict[str, Any] | None:
    return row and {"id": row.id, "company": row.company, "role": row.role}


def _interview(row: Row[Any] | None) -> dict[str, Any] | None:
    return row and {
        "id": row.id,
        "round": row.round,
        "format": row.format,
        "status": row.status,
        "starts_at": written(row.starts_at),
        "ends_at": written(row.ends_at),
        "time_zone": row.time_zone,
        "external_id": row.external_id,
    }


def _contact(row: Row[Any] | None) -> dict[str, Any] | None:
    return row and {"id": row.id, "name": row.name, "email": row.email}


def _touch(row: Row[Any] | None) -> dict[str, Any] | None:
    return row and {
        "id": row.id,
        "direction": row.direction,
        "purpose": row.purpose,
        "channel": row.channel,
        "at": written(row.at),
        "decision_on": row.decision_on and row.decision_on.isoformat(),
    }


def listed(
    session: Session, account_id: str, after: int, limit: int, event_type: str | None, public_url: str | None
) -> list[dict[str, Any]]:
    """Events after a sequence number, each exactly as it is sent; from 0, those that are kept.

    A reader who would miss some in silence is told so instead.
    """
    first = stored.first_kept(session, account_id) if after else 0
    if after and after + 1 < first:
        raise Forgotten(
            f"The events {after + 1} to {first - 1} are older than what is kept. Ask GET /next-actions for what is to "
            f"be done now, and go on with after={first - 1}."
        )
    rows = stored.list_events(session, account_id, after, limit, event_type)
    return [with_links(row.payload, public_url) for row in rows]
