"""What was planned and announced, and the queue of deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    """Make the tables, each after those it refers to."""
    make_heartbeats()
    make_events()
    make_webhook_endpoints()
    make_deliveries()
    make_planned()
    make_attempts()


def make_heartbeats() -> None:
    op.create_table(
        "heartbeats",
        sa.Column("worker", sa.String(length=40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_heartbeats")),
    )


def make_events() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("opportunity_id", sa.String(length=40)),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("occurred_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_events_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_events_account_id_id")),
        sa.UniqueConstraint("account_id", "sequence", name=op.f("uq_events_account_id_sequence")),
    )
    op.create_index(op.f("ix_events_occurred_at"), "events", ["occurred_at"])


def make_webhook_endpoints() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("description", sa.String(length=500)),
        sa.Column("event_types", sa.JSON(none_as_null=True)),
        sa.Column("secrets", sa.JSON(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("disabled_reason", sa.String(length=500)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_webhook_endpoints_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_webhook_endpoints_account_id_id")),
    )


def make_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("event_id", sa.String(length=40), nullable=False),
        sa.Column("endpoint_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("crashes", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", INSTANT),
        sa.Column("claim_id", sa.String(length=40)),
        sa.Column("lease_until", INSTANT),
        sa.Column("reason", sa.String(length=500)),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'delivered', 'retrying', 'failed', 'expired', 'skipped')",
            name=op.f("ck_deliveries_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "endpoint_id"],
            ["webhook_endpoints.account_id", "webhook_endpoints.id"],
            name=op.f("fk_deliveries_account_id_endpoint_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "event_id"],
            ["events.account_id", "events.id"],
            name=op.f("fk_deliveries_account_id_event_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_deliveries_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_deliveries_account_id_id")),
        sa.UniqueConstraint("event_id", "endpoint_id", name=op.f("uq_deliveries_event_id_endpoint_id")),
    )
    op.create_index(
        "ix_deliveries_claimed",
        "deliveries",
        ["claim_id"],
        sqlite_where=sa.text("claim_id IS NOT NULL"),
        postgresql_where=sa.text("claim_id IS NOT NULL"),
    )
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["next_attempt_at", "endpoint_id"],
        sqlite_where=sa.text("state IN ('pending', 'retrying')"),
        postgresql_where=sa.text("state IN ('pending', 'retrying')"),
    )
    op.create_index(op.f("ix_deliveries_endpoint_id_state"), "deliveries", ["endpoint_id", "state"])
    op.create_index(
        "ix_deliveries_leased",
        "deliveries",
        ["lease_until"],
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    )


def make_planned() -> None:
    op.create_table(
        "planned",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("opportunity_id", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("window", sa.JSON(none_as_null=True)),
        sa.Column("item", sa.JSON(), nullable=False),
        sa.CheckConstraint("type IN ('action', 'hold')", name=op.f("ck_planned_type_known")),
        sa.ForeignKeyConstraint(
            ["account_id", "opportunity_id"],
            ["opportunities.account_id", "opportunities.id"],
            name=op.f("fk_planned_account_id_opportunity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_planned_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("opportunity_id", "key", name=op.f("pk_planned")),
    )
    op.create_index(op.f("ix_planned_account_id_key"), "planned", ["account_id", "key"])


def make_attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("delivery_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("status_code", sa.Integer()),
        sa.Column("response_body", sa.Text()),
        sa.Column("error", sa.String(length=500)),
        sa.ForeignKeyConstraint(
            ["account_id", "delivery_id"],
            ["deliveries.account_id", "deliveries.id"],
            name=op.f("fk_attempts_account_id_delivery_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_attempts_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_attempts_account_id_id")),
    )
    op.create_index(op.f("ix_attempts_account_id_delivery_id"), "attempts", ["account_id", "delivery_id"])
