"""The indexes of the queue keep one entry for each row on PostgreSQL.

Many deliveries are due at the same instant. Kept together in one entry they can be passed over only when none of them
waits any more: until the next vacuum, each claim would look again at all that had been sent before.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_deliveries_due": "next_attempt_at",
    "ix_deliveries_queue": "endpoint_id, next_attempt_at, state",
}


def upgrade() -> None:
    """Make them anew."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for name, columns in INDEXES.items():
        op.execute(f"DROP INDEX {name}")
        op.execute(
            f"CREATE INDEX {name} ON deliveries ({columns}) WITH (deduplicate_items = off) "
            "WHERE state IN ('pending', 'retrying')"
        )
