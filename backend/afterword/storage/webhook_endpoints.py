"""Where an account wants its events. One that was deleted is kept, unseen, for as long as the log of its deliveries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, or_, select, update

from afterword.storage import rows
from afterword.storage.database import Session
from afterword.storage.tables import webhook_endpoints


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    id: str
    url: str
    description: str | None
    event_types: list[str] | None
    opportunity_ids: list[str] | None
    action_states: list[str] | None
    headers: dict[str, str] | None
    secrets: list[str]
    former_secrets: list[dict[str, str]] | None
    enabled: bool
    paused: bool
    disabled_reason: str | None
    disabled_at: datetime | None
    failing_since: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Health:
    """`failing_since` is the first failure since it last answered 2xx, None when that was the last answer.

    Until `careful_until` it is sent one request at a time. `exhausted_in_a_row` events were tried to the end in vain.
    """

    failing_since: datetime | None = None
    exhausted_in_a_row: int = 0
    careful_until: datetime | None = None


def find(session: Session, account_id: str, endpoint_id: str, *, even_deleted: bool = False) -> WebhookEndpoint | None:
    conditions = [_mine(account_id, endpoint_id), *(() if even_deleted else (_is_there(),))]
    return rows.find(session, WebhookEndpoint, webhook_endpoints, *conditions)


def is_deleted(session: Session, account_id: str, endpoint_id: str) -> bool:
    """Whether the account had it and gave it up."""
    gone = webhook_endpoints.c.deleted_at.is_not(None)
    return rows.count(session, webhook_endpoints, _mine(account_id, endpoint_id), gone) > 0


def page(session: Session, account_id: str, url: str | None, after: str | None, limit: int) -> list[WebhookEndpoint]:
    conditions = [webhook_endpoints.c.account_id == account_id, _is_there()]
    if url is not None:
        conditions.append(webhook_endpoints.c.url == url)
    return rows.page(session, WebhookEndpoint, webhook_endpoints, conditions, after, limit)


def count(session: Session, account_id: str) -> int:
    return rows.count(session, webhook_endpoints, webhook_endpoints.c.account_id == account_id, _is_there())


def add(session: Session, values: Mapping[str, Any]) -> None:
    rows.add(session, webhook_endpoints, {**values, "version": 1})


def change(session: Session, account_id: str, endpoint_id: str, values: Mapping[str, Any], now: datetime) -> None:
    """Write values, and raise the version."""
    raised = {**values, "updated_at": now, "version": webhook_endpoints.c.version + 1}
    rows.change(session, webhook_endpoints, raised, _mine(account_id, endpoint_id))


def enabled(session: Session, account_id: str) -> Sequence[Row[Any]]:
    """Where the account wants its events now, with what each wants."""
    wanted = ("id", "event_types", "opportunity_ids", "action_states", "paused")
    return session.execute(
        select(*(webhook_endpoints.c[name] for name in wanted))
        .where(webhook_endpoints.c.account_id == account_id, webhook_endpoints.c.enabled.is_(True))
        .order_by(webhook_endpoints.c.id)
    ).all()


def health(
    session: Session, endpoint_ids: Collection[str], *, locked: bool = False, ailing: bool = False
) -> dict[tuple[str, str], Health]:
    """How these endpoints are doing, by id and present URL; with `ailing` only those that failed last."""
    asked = _HEALTH.where(_failed_last) if ailing else _HEALTH
    asked = asked.with_for_update(key_share=True) if locked else asked
    return {(row[0], row[1]): Health(*row[2:]) for row in session.execute(asked, {"ids": sorted(endpoint_ids)})}


_HEALTH = (
    select(
        webhook_endpoints.c.id,
        webhook_endpoints.c.url,
        webhook_endpoints.c.failing_since,
        webhook_endpoints.c.exhausted_in_a_row,
        webhook_endpoints.c.careful_until,
    )
    .where(webhook_endpoints.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(webhook_endpoints.c.id)
)
_failed_last = or_(webhook_endpoints.c.failing_since.is_not(None), webhook_endpoints.c.exhausted_in_a_row > 0)


def note_health(session: Session, endpoint_id: str, health: Health) -> None:
    """Write how an endpoint is doing; what its owner decided, and so its version, stays as it is."""
    session.execute(
        update(webhook_endpoints)
        .where(webhook_endpoints.c.id == endpoint_id)
        .values(
            failing_since=health.failing_since,
            exhausted_in_a_row=health.exhausted_in_a_row,
            careful_until=health.careful_until,
        )
    )


def _mine(account_id: str, endpoint_id: str) -> ColumnElement[bool]:
    return and_(rows.mine(webhook_endpoints, account_id, endpoint_id))


def _is_there() -> ColumnElement[bool]:
    return webhook_endpoints.c.deleted_at.is_(None)
