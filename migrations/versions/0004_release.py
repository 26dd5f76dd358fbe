"""Which release planned last, so that a new one has everything planned again."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table with its one row, which every release then changes."""
    made = op.create_table(
        "releases",
        sa.Column("fingerprint", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_releases")),
    )
    op.bulk_insert(made, [{"fingerprint": ""}])
