"""Every table. An account owns each row but users, accounts, memberships, sessions and heartbeats.

References between an account's rows carry `account_id`, so that the database itself refuses one to another account's.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from afterword.storage.columns import (
    account,
    external_id,
    flag,
    history,
    identifier,
    instant,
    line,
    metadata,
    one_of,
    owned,
    partial_index,
    reference,
    reference_within_opportunity,
    version,
    word,
)
from afterword.storage.delivery_tables import attempts, deliveries, events, replays, webhook_endpoints
from afterword.storage.playbook_tables import playbook_versions, playbooks
from afterword.storage.types import Identifier, Word

__all__ = [
    "attempts",
    "deliveries",
    "events",
    "metadata",
    "playbook_versions",
    "playbooks",
    "replays",
    "webhook_endpoints",
]

CHANNELS = ("email", "phone", "letter", "handwritten", "in_person", "linkedin", "text", "public_post")
OUTCOMES = ("rejected", "offer", "accepted", "declined", "withdrawn", "closed")

users = Table(
    "users",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("password_hash", String(200), nullable=False),
    instant("created_at"),
    CheckConstraint("email = lower(email)", name="email_lowercase"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("working_days", JSON, nullable=False),
    Column("holidays", String(12)),
    Column("contact_from", String(5), nullable=False),
    Column("contact_until", String(5), nullable=False),
    Column("playbook", String(64), nullable=False),
    # The version of an own playbook; one that all may use is followed from release to release.
    Column("playbook_version", String(80)),
    version(),
    Column("sequence", BigInteger, nullable=False),
    instant("created_at"),
    instant("updated_at"),
)

memberships = Table(
    "memberships",
    metadata,
    Column("user_id", Identifier, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("account_id", Identifier, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    word("role"),
    PrimaryKeyConstraint("user_id", "account_id"),
    one_of("role", "owner", "viewer"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("user_id", Identifier, nullable=False),
    Column("account_id", Identifier, nullable=False),
    instant("created_at"),
    instant("expires_at", index=True),
    ForeignKeyConstraint(
        ["user_id", "account_id"], ["memberships.user_id", "memberships.account_id"], ondelete="CASCADE"
    ),
)

api_keys = owned(
    "api_keys",
    Column("prefix", String(16), nullable=False, unique=True),
    Column("secret_hash", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    instant("created_at"),
    instant("last_used_at", nullable=True),
    instant("revoked_at", nullable=True),
)

contacts = owned(
    "contacts",
    Column("name", String(200), nullable=False),
    Column("name_key", String(400), nullable=False),
    Column("email", String(254)),
    Column("email_key", String(500)),
    line("phone"),
    line("linkedin"),
    line("postal_address"),
    word("preferred_channel", nullable=True),
    flag("do_not_contact"),
    *external_id(),
    *history(),
    one_of("preferred_channel", *CHANNELS),
    Index(None, "account_id", "email_key"),
    Index(None, "account_id", "name_key"),
)

opportunities = owned(
    "opportunities",
    Column("company", String(200), nullable=False),
    Column("company_key", String(400), nullable=False),
    Column("role", String(200)),
    Column("applied_on", Date),
    Column("holidays", String(12)),
    flag("long_process"),
    *external_id(),
    Column("playbook_id", String(64)),
    Column("playbook_version", String(80)),
    instant("wake_at", nullable=True, index=True),
    instant("parked_until", nullable=True),
    Column("plan_failures", Integer, nullable=False, server_default=text("0")),
    Column("plan_error", Text),
    *history(),
    Index(None, "account_id", "company_key"),
    Index(None, "account_id", "wake_at"),
    partial_index("ix_opportunities_account_parked", "account_id", where="parked_until IS NOT NULL"),
)

people = owned(
    "people",
    identifier("opportunity_id"),
    identifier("contact_id"),
    Column("roles", JSON, nullable=False),
    flag("point_of_contact"),
    flag("connected"),
    UniqueConstraint("account_id", "opportunity_id", "contact_id"),
    reference("opportunity_id", "opportunities", ondelete="CASCADE"),
    reference("contact_id", "contacts"),
    Index(None, "account_id", "contact_id"),
)

interviews = owned(
    "interviews",
    identifier("opportunity_id"),
    Column("round", Integer, nullable=False),
    word("format"),
    word("status"),
    instant("status_at", nullable=True),
    word("missed_by", nullable=True),
    instant("starts_at"),
    instant("ends_at"),
    Column("time_zone", String(64), nullable=False),
    instant("scheduled_at", nullable=True),
    Column("decision_on", Date),
    identifier("decision_said_by", nullable=True),
    word("follow_up_channel", nullable=True),
    flag("held_announced"),
    *external_id(),
    *history(),
    one_of("format", "onsite", "video", "phone", "one_way_video"),
    one_of("status", "scheduled", "cancelled", "missed"),
    one_of("missed_by", "employer", "me"),
    one_of("follow_up_channel", *CHANNELS),
    CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    UniqueConstraint("account_id", "opportunity_id", "id"),
    reference("opportunity_id", "opportunities", ondelete="CASCADE"),
    reference("decision_said_by", "contacts"),
    Index(None, "account_id", "starts_at"),
    Index(None, "decision_said_by"),
)

interview_people = Table(
    "interview_people",
    metadata,
    account(),
    identifier("opportunity_id"),
    identifier("interview_id"),
    identifier("contact_id"),
    Column("position", Integer, nullable=False),
    PrimaryKeyConstraint("interview_id", "contact_id"),
    reference_within_opportunity("interview_id", "interviews.id", ondelete="CASCADE"),
    reference_within_opportunity("contact_id", "people.contact_id"),
    Index(None, "account_id", "opportunity_id", "contact_id"),
)

touches = owned(
    "touches",
    identifier("opportunity_id"),
    identifier("contact_id", nullable=True),
    word("direction"),
    Column("purpose", String(64)),
    word("channel", nullable=True),
    instant("at"),
    identifier("interview_id", nullable=True),
    Column("decision_on", Date),
    flag("automatic"),
    Column("note", Text),
    *external_id(),
    *history(),
    one_of("direction", "outbound", "inbound"),
    one_of("channel", *CHANNELS),
    reference("opportunity_id", "opportunities", ondelete="CASCADE"),
    reference_within_opportunity("contact_id", "people.contact_id"),
    reference_within_opportunity("interview_id", "interviews.id"),
    Index(None, "account_id", "opportunity_id", "contact_id"),
    Index(None, "account_id", "interview_id"),
)

marks = owned(
    "marks",
    Column("kind", String(64), nullable=False),
    identifier("opportunity_id", nullable=True),
    identifier("interview_id", nullable=True),
    identifier("contact_id", nullable=True),
    Column("attempt", Integer, nullable=False),
    Column("wait", Identifier),
    word("state"),
    instant("at"),
    instant("until", nullable=True),
    Column("note", Text),
    identifier("touch_id", nullable=True),
    one_of("state", "done", "skipped", "snoozed"),
    reference("opportunity_id", "opportunities", ondelete="CASCADE"),
    reference("interview_id", "interviews", ondelete="CASCADE"),
    reference("contact_id", "contacts", ondelete="CASCADE"),
    reference("touch_id", "touches", ondelete="CASCADE"),
    Index(None, "account_id", "opportunity_id"),
    Index(None, "interview_id"),
    Index(None, "contact_id"),
    Index(None, "touch_id"),
)

recaps = Table(
    "recaps",
    metadata,
    Column("interview_id", Identifier, primary_key=True),
    account(),
    *(
        Column(name, Text)
        for name in ("discussed", "went_well", "answer_better", "they_need", "good_points", "bad_points", "clicked")
    ),
    *history(),
    reference("interview_id", "interviews", ondelete="CASCADE"),
)

outcomes = owned(
    "outcomes",
    identifier("opportunity_id"),
    word("status"),
    instant("at"),
    Column("start_date", Date),
    Column("answer_by", Date),
    instant("created_at"),
    instant("superseded_at", nullable=True),
    one_of("status", *OUTCOMES),
    reference("opportunity_id", "opportunities", ondelete="CASCADE"),
    partial_index("ix_outcomes_governing", "opportunity_id", where="superseded_at IS NULL", unique=True),
    Index(None, "account_id", "opportunity_id"),
)

shares = owned(
    "shares",
    identifier("opportunity_id", nullable=True),
    Column("name", String(200), nullable=False),
    Column("secret_hash", String(64), nullable=False, unique=True),
    instant("expires_at", nullable=True),
    instant("created_at"),
    instant("last_seen_at", nullable=True),
    reference("opportunity_id", "opportunities", ondelete="CASCADE"),
    Index(None, "account_id", "opportunity_id"),
)

planned = Table(
    "planned",
    metadata,
    account(),
    identifier("opportunity_id"),
    Column("key", String(40), nullable=False),
    word("type"),
    word("state"),
    Column("window", JSON(none_as_null=True)),
    Column("item", JSON, nullable=False),
    PrimaryKeyConstraint("opportunity_id", "key"),
    one_of("type", "action", "hold"),
    reference("opportunity_id", "opportunities", ondelete="CASCADE"),
    Index(None, "account_id", "key"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    account(),
    Column("route", String(200), nullable=False),
    Column("key", String(255), nullable=False),
    Column("body_hash", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("body", Text, nullable=False),
    instant("created_at", index=True),
    PrimaryKeyConstraint("account_id", "route", "key"),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("worker", Word, primary_key=True),
    instant("at"),
    # What came of the attempts it has made since it was started: {"delivered": 12, "retrying": 1}.
    Column("attempts", JSON(none_as_null=True)),
)

#: One row: what the windows that are planned were reckoned with.
releases = Table("releases", metadata, Column("fingerprint", String(200), primary_key=True))

#: One row: the oldest revision that a release must know to run on this schema.
schema_floor = Table("schema_floor", metadata, Column("revision", String(32), primary_key=True))
