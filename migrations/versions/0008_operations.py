"""What an operator watches, and which releases may run on this schema.

A release that knows only 0006 can go on beside this one: what is new may be null, and it reads none of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table that tells the floor, and room for what workers and attempts tell of themselves."""
    made = op.create_table(
        "schema_floor",
        sa.Column("revision", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_schema_floor")),
    )
    op.bulk_insert(made, [{"revision": "0006"}])
    op.add_column("heartbeats", sa.Column("attempts", sa.JSON(none_as_null=True)))
    op.add_column("attempts", sa.Column("request_headers", sa.JSON(none_as_null=True)))
