"""What of one account is due or parked, found without a look at each of its opportunities."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add an index of wake-ups by account, and keep what is parked by account too."""
    op.create_index(op.f("ix_opportunities_account_id_wake_at"), "opportunities", ["account_id", "wake_at"])
    op.drop_index("ix_opportunities_parked", table_name="opportunities")
    op.create_index(
        "ix_opportunities_account_parked",
        "opportunities",
        ["account_id"],
        sqlite_where=sa.text("parked_until IS NOT NULL"),
        postgresql_where=sa.text("parked_until IS NOT NULL"),
    )
