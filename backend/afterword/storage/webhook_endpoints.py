"""Where an account wants its events sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement

from afterword.storage import rows
from afterword.storage.database import Session
from afterword.storage.tables import webhook_endpoints


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    id: str
    url: str
    description: str | None
    event_types: list[str] | None
    enabled: bool
    disabled_reason: str | None
    version: int
    created_at: datetime
    updated_at: datetime


def find(session: Session, account_id: str, endpoint_id: str) -> WebhookEndpoint | None:
    return rows.find(
        session, WebhookEndpoint, webhook_endpoints, rows.mine(webhook_endpoints, account_id, endpoint_id)
    )  # fmt: skip


def page(session: Session, account_id: str, url: str | None, after: str | None, limit: int) -> list[WebhookEndpoint]:
    conditions: list[ColumnElement[bool]] = [webhook_endpoints.c.account_id == account_id]
    if url is not None:
        conditions.append(webhook_endpoints.c.url == url)
    return rows.page(session, WebhookEndpoint, webhook_endpoints, conditions, after, limit)


def count(session: Session, account_id: str) -> int:
    return rows.count(session, webhook_endpoints, webhook_endpoints.c.account_id == account_id)


def add(session: Session, values: Mapping[str, Any]) -> None:
    rows.add(session, webhook_endpoints, {**values, "version": 1})


def remove(session: Session, account_id: str, endpoint_id: str) -> None:
    """Remove it with its deliveries."""
    rows.remove(session, webhook_endpoints, rows.mine(webhook_endpoints, account_id, endpoint_id))
