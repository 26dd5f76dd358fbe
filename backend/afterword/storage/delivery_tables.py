"""The tables of what happened and of where it is sent: the queue of deliveries is one of them."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Text, UniqueConstraint, false, text

from afterword.storage.columns import flag, history, identifier, instant, one_of, owned, partial_index, reference, word
from afterword.storage.types import Identifier

DELIVERY_STATES = ("pending", "sending", "delivered", "retrying", "failed", "expired", "skipped")
#: Written out in each statement of the queue: neither database uses a partial index for a parameter.
WAITING = "state IN ('pending', 'retrying')"
SENDING = "state = 'sending'"
UNDELIVERED = "state IN ('failed', 'expired', 'skipped')"
#: From so many crashes on a delivery is suspected of killing its senders.
SUSPICIOUS_CRASHES = 3
SUSPECTED = f"{WAITING} AND crashes >= {SUSPICIOUS_CRASHES}"
#: Entries of what is due at one instant, kept together, could be passed over only when none of it waits any more.
_EACH_BY_ITSELF = {"postgresql_with": {"deduplicate_items": "off"}}

events = owned(
    "events",
    Column("sequence", BigInteger, nullable=False),
    Column("type", String(40), nullable=False),
    # No reference: the event that tells of a deletion outlives what was deleted.
    identifier("opportunity_id", nullable=True),
    Column("payload", JSON, nullable=False),
    instant("occurred_at"),
    instant("expires_at", nullable=True),
    UniqueConstraint("account_id", "sequence"),
    Index(None, "account_id", "type", "sequence"),
    Index(None, "occurred_at"),
)

#: What a release before it does not know may be null or has a default, so that both can write side by side.
webhook_endpoints = owned(
    "webhook_endpoints",
    Column("url", String(2000), nullable=False),
    Column("description", String(500)),
    Column("event_types", JSON(none_as_null=True)),
    Column("opportunity_ids", JSON(none_as_null=True)),
    Column("action_states", JSON(none_as_null=True)),
    Column("headers", JSON(none_as_null=True)),
    Column("secrets", JSON, nullable=False),
    # Secrets that were rotated away and still sign for a while: [{"secret", "until"}].
    Column("former_secrets", JSON(none_as_null=True)),
    flag("enabled"),
    flag("paused", server_default=false()),
    Column("disabled_reason", String(500)),
    instant("disabled_at", nullable=True),
    instant("failing_since", nullable=True),
    Column("exhausted_in_a_row", Integer, nullable=False, server_default=text("0")),
    instant("careful_until", nullable=True),
    instant("deleted_at", nullable=True),
    *history(),
    Index(None, "account_id", "url"),
)

deliveries = owned(
    "deliveries",
    identifier("event_id"),
    identifier("endpoint_id"),
    word("state"),
    Column("attempt", Integer, nullable=False),
    Column("crashes", Integer, nullable=False),
    instant("next_attempt_at", nullable=True),
    # Null in what an earlier release wrote: then the event's own expiry counts.
    instant("expires_at", nullable=True),
    # How often it was asked for again after it had ended; attempts are numbered anew each time.
    Column("replay", Integer, nullable=False, server_default=text("0")),
    Column("claim_id", Identifier),
    instant("lease_until", nullable=True),
    Column("reason", String(500)),
    instant("created_at"),
    instant("finished_at", nullable=True),
    one_of("state", *DELIVERY_STATES),
    UniqueConstraint("event_id", "endpoint_id"),
    reference("event_id", "events", ondelete="CASCADE"),
    reference("endpoint_id", "webhook_endpoints", ondelete="CASCADE"),
    partial_index("ix_deliveries_due", "next_attempt_at", where=WAITING, **_EACH_BY_ITSELF),
    partial_index("ix_deliveries_queue", "endpoint_id", "next_attempt_at", "state", where=WAITING, **_EACH_BY_ITSELF),
    partial_index("ix_deliveries_expiring", "expires_at", where=WAITING),
    partial_index("ix_deliveries_suspected", "next_attempt_at", where=SUSPECTED),
    partial_index("ix_deliveries_leased", "lease_until", "endpoint_id", where=SENDING),
    partial_index("ix_deliveries_undelivered", "account_id", "id", where=UNDELIVERED),
    Index(None, "endpoint_id", "id"),
)

attempts = owned(
    "attempts",
    identifier("delivery_id"),
    Column("replay", Integer, nullable=False, server_default=text("0")),
    Column("number", Integer, nullable=False),
    Column("url", String(2000)),
    Column("request_headers", JSON(none_as_null=True)),
    instant("started_at"),
    Column("duration_ms", Integer, nullable=False),
    Column("status_code", Integer),
    Column("response_headers", JSON(none_as_null=True)),
    Column("response_body", Text),
    Column("error", String(500)),
    reference("delivery_id", "deliveries", ondelete="CASCADE"),
    Index(None, "account_id", "delivery_id"),
)

#: A replay of many: `position` is the sequence up to which it has come, so that a kill costs nothing.
replays = owned(
    "replays",
    identifier("endpoint_id"),
    flag("delivered_too"),
    Column("position", BigInteger, nullable=False),
    Column("last_sequence", BigInteger, nullable=False),
    Column("queued", Integer, nullable=False),
    word("state"),
    instant("since"),
    instant("created_at"),
    instant("finished_at", nullable=True),
    one_of("state", "running", "done"),
    reference("endpoint_id", "webhook_endpoints", ondelete="CASCADE"),
    partial_index("ix_replays_running", "endpoint_id", where="state = 'running'", unique=True),
)
