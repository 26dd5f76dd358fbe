"""What delivery needs to keep its promise: pauses, filters, rotation, replays, and a queue that is read by endpoint.

A release that knows only 0006 can go on writing and sending beside this one: what is new may be null or has a default.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
ZERO = sa.text("0")


def upgrade() -> None:
    """Add columns, make the table of replays, and put the queue's indexes in the place of the old ones."""
    add_to_endpoints()
    add_to_deliveries()
    make_replays()
    change_indexes()


def add_to_endpoints() -> None:
    for name in ("opportunity_ids", "action_states", "headers", "former_secrets"):
        op.add_column("webhook_endpoints", sa.Column(name, sa.JSON(none_as_null=True)))
    for name in ("disabled_at", "failing_since", "careful_until", "deleted_at"):
        op.add_column("webhook_endpoints", sa.Column(name, INSTANT))
    op.add_column("webhook_endpoints", sa.Column("paused", sa.Boolean(), nullable=False, server_default=sa.false()))
    exhausted = sa.Column("exhausted_in_a_row", sa.Integer(), nullable=False, server_default=ZERO)
    op.add_column("webhook_endpoints", exhausted)


def add_to_deliveries() -> None:
    op.add_column("deliveries", sa.Column("expires_at", INSTANT))
    op.add_column("deliveries", sa.Column("replay", sa.Integer(), nullable=False, server_default=ZERO))
    op.add_column("attempts", sa.Column("replay", sa.Integer(), nullable=False, server_default=ZERO))
    op.add_column("attempts", sa.Column("url", sa.String(length=2000)))
    op.add_column("attempts", sa.Column("response_headers", sa.JSON(none_as_null=True)))


def make_replays() -> None:
    op.create_table(
        "replays",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("endpoint_id", sa.String(length=40), nullable=False),
        sa.Column("delivered_too", sa.Boolean(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("last_sequence", sa.BigInteger(), nullable=False),
        sa.Column("queued", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT),
        sa.CheckConstraint("state IN ('running', 'done')", name=op.f("ck_replays_state_known")),
        sa.ForeignKeyConstraint(
            ["account_id", "endpoint_id"],
            ["webhook_endpoints.account_id", "webhook_endpoints.id"],
            name=op.f("fk_replays_account_id_endpoint_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_replays_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replays")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_replays_account_id_id")),
    )


def change_indexes() -> None:
    waiting = "state IN ('pending', 'retrying')"
    op.drop_index("ix_deliveries_due", table_name="deliveries")
    op.drop_index("ix_deliveries_leased", table_name="deliveries")
    op.drop_index("ix_deliveries_claimed", table_name="deliveries")
    op.drop_index(op.f("ix_deliveries_endpoint_id_state"), table_name="deliveries")
    partial("ix_deliveries_due", "deliveries", ["next_attempt_at"], waiting)
    partial("ix_deliveries_queue", "deliveries", ["endpoint_id", "next_attempt_at", "state"], waiting)
    partial("ix_deliveries_expiring", "deliveries", ["expires_at"], waiting)
    partial("ix_deliveries_suspected", "deliveries", ["next_attempt_at"], f"{waiting} AND crashes >= 3")
    partial("ix_deliveries_leased", "deliveries", ["lease_until", "endpoint_id"], "state = 'sending'")
    undelivered = "state IN ('failed', 'expired', 'skipped')"
    partial("ix_deliveries_undelivered", "deliveries", ["account_id", "id"], undelivered)
    op.create_index(op.f("ix_deliveries_endpoint_id_id"), "deliveries", ["endpoint_id", "id"])
    op.create_index(op.f("ix_events_account_id_type_sequence"), "events", ["account_id", "type", "sequence"])
    op.create_index(op.f("ix_webhook_endpoints_account_id_url"), "webhook_endpoints", ["account_id", "url"])
    partial("ix_replays_running", "replays", ["endpoint_id"], "state = 'running'", unique=True)


def partial(name: str, table: str, columns: list[str], where: str, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
