"""Opportunities, interviews, people, and what was said and done."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
CHANNELS = ("email", "phone", "letter", "handwritten", "in_person", "linkedin", "text", "public_post")


def upgrade() -> None:
    """Make the tables, each after those it refers to."""
    make_contacts()
    make_opportunities()
    make_interviews()
    make_outcomes()
    make_people()
    make_interview_people()
    make_recaps()
    make_touches()
    make_marks()


def make_contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.Column("email", sa.String(length=254)),
        sa.Column("email_key", sa.String(length=500)),
        sa.Column("phone", sa.String(length=500)),
        sa.Column("linkedin", sa.String(length=500)),
        sa.Column("postal_address", sa.String(length=500)),
        sa.Column("preferred_channel", sa.String(length=40)),
        sa.Column("do_not_contact", sa.Boolean(), nullable=False),
        sa.Column("external_id", sa.String(length=200)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.CheckConstraint(f"preferred_channel IN {CHANNELS}", name=op.f("ck_contacts_preferred_channel_known")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_contacts_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("account_id", "external_id", name=op.f("uq_contacts_account_id_external_id")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_contacts_account_id_id")),
    )
    op.create_index(op.f("ix_contacts_account_id_email_key"), "contacts", ["account_id", "email_key"])
    op.create_index(op.f("ix_contacts_account_id_name_key"), "contacts", ["account_id", "name_key"])


def make_opportunities() -> None:
    op.create_table(
        "opportunities",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("company", sa.String(length=200), nullable=False),
        sa.Column("company_key", sa.String(length=400), nullable=False),
        sa.Column("role", sa.String(length=200)),
        sa.Column("applied_on", sa.Date()),
        sa.Column("holidays", sa.String(length=12)),
        sa.Column("long_process", sa.Boolean(), nullable=False),
        sa.Column("external_id", sa.String(length=200)),
        sa.Column("playbook_id", sa.String(length=64)),
        sa.Column("playbook_version", sa.String(length=80)),
        sa.Column("wake_at", INSTANT),
        sa.Column("parked_until", INSTANT),
        sa.Column("plan_failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("plan_error", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_opportunities_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunities")),
        sa.UniqueConstraint("account_id", "external_id", name=op.f("uq_opportunities_account_id_external_id")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_opportunities_account_id_id")),
    )
    op.create_index(op.f("ix_opportunities_account_id_company_key"), "opportunities", ["account_id", "company_key"])
    op.create_index(
        "ix_opportunities_parked",
        "opportunities",
        ["parked_until"],
        sqlite_where=sa.text("parked_until IS NOT NULL"),
        postgresql_where=sa.text("parked_until IS NOT NULL"),
    )
    op.create_index(op.f("ix_opportunities_wake_at"), "opportunities", ["wake_at"])


def make_interviews() -> None:
    op.create_table(
        "interviews",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("opportunity_id", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("status_at", INSTANT),
        sa.Column("missed_by", sa.String(length=40)),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("scheduled_at", INSTANT),
        sa.Column("decision_on", sa.Date()),
        sa.Column("decision_said_by", sa.String(length=40)),
        sa.Column("follow_up_channel", sa.String(length=40)),
        sa.Column("held_announced", sa.Boolean(), nullable=False),
        sa.Column("external_id", sa.String(length=200)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.CheckConstraint(f"follow_up_channel IN {CHANNELS}", name=op.f("ck_interviews_follow_up_channel_known")),
        sa.CheckConstraint(
            "format IN ('onsite', 'video', 'phone', 'one_way_video')", name=op.f("ck_interviews_format_known")
        ),
        sa.CheckConstraint("missed_by IN ('employer', 'me')", name=op.f("ck_interviews_missed_by_known")),
        sa.CheckConstraint("status IN ('scheduled', 'cancelled', 'missed')", name=op.f("ck_interviews_status_known")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_interviews_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["account_id", "decision_said_by"],
            ["contacts.account_id", "contacts.id"],
            name=op.f("fk_interviews_account_id_decision_said_by"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "opportunity_id"],
            ["opportunities.account_id", "opportunities.id"],
            name=op.f("fk_interviews_account_id_opportunity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_interviews_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interviews")),
        sa.UniqueConstraint("account_id", "external_id", name=op.f("uq_interviews_account_id_external_id")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_interviews_account_id_id")),
        sa.UniqueConstraint(
            "account_id", "opportunity_id", "id", name=op.f("uq_interviews_account_id_opportunity_id_id")
        ),
    )
    op.create_index(op.f("ix_interviews_account_id_starts_at"), "interviews", ["account_id", "starts_at"])
    op.create_index(op.f("ix_interviews_decision_said_by"), "interviews", ["decision_said_by"])


def make_outcomes() -> None:
    op.create_table(
        "outcomes",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("opportunity_id", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("start_date", sa.Date()),
        sa.Column("answer_by", sa.Date()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("superseded_at", INSTANT),
        sa.CheckConstraint(
            "status IN ('rejected', 'offer', 'accepted', 'declined', 'withdrawn', 'closed')",
            name=op.f("ck_outcomes_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "opportunity_id"],
            ["opportunities.account_id", "opportunities.id"],
            name=op.f("fk_outcomes_account_id_opportunity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_outcomes_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_outcomes_account_id_id")),
    )
    op.create_index(op.f("ix_outcomes_account_id_opportunity_id"), "outcomes", ["account_id", "opportunity_id"])
    op.create_index(
        "ix_outcomes_governing",
        "outcomes",
        ["opportunity_id"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )


def make_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("opportunity_id", sa.String(length=40), nullable=False),
        sa.Column("contact_id", sa.String(length=40), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("point_of_contact", sa.Boolean(), nullable=False),
        sa.Column("connected", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "contact_id"],
            ["contacts.account_id", "contacts.id"],
            name=op.f("fk_people_account_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "opportunity_id"],
            ["opportunities.account_id", "opportunities.id"],
            name=op.f("fk_people_account_id_opportunity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_people_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_people_account_id_id")),
        sa.UniqueConstraint(
            "account_id", "opportunity_id", "contact_id", name=op.f("uq_people_account_id_opportunity_id_contact_id")
        ),
    )
    op.create_index(op.f("ix_people_account_id_contact_id"), "people", ["account_id", "contact_id"])


def make_interview_people() -> None:
    op.create_table(
        "interview_people",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("opportunity_id", sa.String(length=40), nullable=False),
        sa.Column("interview_id", sa.String(length=40), nullable=False),
        sa.Column("contact_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "opportunity_id", "contact_id"],
            ["people.account_id", "people.opportunity_id", "people.contact_id"],
            name=op.f("fk_interview_people_account_id_opportunity_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "opportunity_id", "interview_id"],
            ["interviews.account_id", "interviews.opportunity_id", "interviews.id"],
            name=op.f("fk_interview_people_account_id_opportunity_id_interview_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_interview_people_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("interview_id", "contact_id", name=op.f("pk_interview_people")),
    )
    op.create_index(
        op.f("ix_interview_people_account_id_opportunity_id_contact_id"),
        "interview_people",
        ["account_id", "opportunity_id", "contact_id"],
    )


def make_recaps() -> None:
    op.create_table(
        "recaps",
        sa.Column("interview_id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("discussed", sa.Text()),
        sa.Column("went_well", sa.Text()),
        sa.Column("answer_better", sa.Text()),
        sa.Column("they_need", sa.Text()),
        sa.Column("good_points", sa.Text()),
        sa.Column("bad_points", sa.Text()),
        sa.Column("clicked", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "interview_id"],
            ["interviews.account_id", "interviews.id"],
            name=op.f("fk_recaps_account_id_interview_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_recaps_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("interview_id", name=op.f("pk_recaps")),
    )


def make_touches() -> None:
    op.create_table(
        "touches",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("opportunity_id", sa.String(length=40), nullable=False),
        sa.Column("contact_id", sa.String(length=40)),
        sa.Column("direction", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=64)),
        sa.Column("channel", sa.String(length=40)),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("interview_id", sa.String(length=40)),
        sa.Column("decision_on", sa.Date()),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("external_id", sa.String(length=200)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.CheckConstraint(f"channel IN {CHANNELS}", name=op.f("ck_touches_channel_known")),
        sa.CheckConstraint("direction IN ('outbound', 'inbound')", name=op.f("ck_touches_direction_known")),
        sa.ForeignKeyConstraint(
            ["account_id", "opportunity_id", "contact_id"],
            ["people.account_id", "people.opportunity_id", "people.contact_id"],
            name=op.f("fk_touches_account_id_opportunity_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "opportunity_id", "interview_id"],
            ["interviews.account_id", "interviews.opportunity_id", "interviews.id"],
            name=op.f("fk_touches_account_id_opportunity_id_interview_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "opportunity_id"],
            ["opportunities.account_id", "opportunities.id"],
            name=op.f("fk_touches_account_id_opportunity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_touches_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_touches")),
        sa.UniqueConstraint("account_id", "external_id", name=op.f("uq_touches_account_id_external_id")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_touches_account_id_id")),
    )
    op.create_index(op.f("ix_touches_account_id_interview_id"), "touches", ["account_id", "interview_id"])
    op.create_index(
        op.f("ix_touches_account_id_opportunity_id_contact_id"),
        "touches",
        ["account_id", "opportunity_id", "contact_id"],
    )


def make_marks() -> None:
    op.create_table(
        "marks",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("opportunity_id", sa.String(length=40)),
        sa.Column("interview_id", sa.String(length=40)),
        sa.Column("contact_id", sa.String(length=40)),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("wait", sa.String(length=40)),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("until", INSTANT),
        sa.Column("note", sa.Text()),
        sa.Column("touch_id", sa.String(length=40)),
        sa.CheckConstraint("state IN ('done', 'skipped', 'snoozed')", name=op.f("ck_marks_state_known")),
        sa.ForeignKeyConstraint(
            ["account_id", "contact_id"],
            ["contacts.account_id", "contacts.id"],
            name=op.f("fk_marks_account_id_contact_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "interview_id"],
            ["interviews.account_id", "interviews.id"],
            name=op.f("fk_marks_account_id_interview_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "opportunity_id"],
            ["opportunities.account_id", "opportunities.id"],
            name=op.f("fk_marks_account_id_opportunity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "touch_id"],
            ["touches.account_id", "touches.id"],
            name=op.f("fk_marks_account_id_touch_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_marks_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_marks_account_id_id")),
    )
    op.create_index(op.f("ix_marks_account_id_opportunity_id"), "marks", ["account_id", "opportunity_id"])
    op.create_index(op.f("ix_marks_contact_id"), "marks", ["contact_id"])
    op.create_index(op.f("ix_marks_interview_id"), "marks", ["interview_id"])
    op.create_index(op.f("ix_marks_touch_id"), "marks", ["touch_id"])
