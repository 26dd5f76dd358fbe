"""Playbooks of an account's own, and the text that each version was written in."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    """Add the text, the version that an account is at, and the table."""
    op.add_column("playbook_versions", sa.Column("source", sa.Text()))
    op.add_column("accounts", sa.Column("playbook_version", sa.String(length=80)))
    op.create_table(
        "playbooks",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("current_version", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("about", sa.String(length=500)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "id", "current_version"],
            ["playbook_versions.account_id", "playbook_versions.id", "playbook_versions.version"],
            name=op.f("fk_playbooks_account_id_id_current_version"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_playbooks_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_playbooks")),
    )
