"""The first tables. Later revisions only add (expand, then contract), so that old and new run side by side."""

import sqlalchemy as sa
from alembic import op

from store.tables import Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "deadlines",
        sa.Column("id", _Id, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("handoff_id", _Id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("ask_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("team_id", "handoff_id", "kind", "round", name="one_deadline_a_round"),
    )
    op.create_index(
        "deadlines_due",
        "deadlines",
        ["ask_at"],
        unique=False,
        sqlite_where=sa.text("ask_at IS NOT NULL"),
        postgresql_where=sa.text("ask_at IS NOT NULL"),
    )
    op.create_table(
        "handoffs",
        sa.Column("id", _Id, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("customer_key", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("ae", sa.Text(), nullable=False),
        sa.Column("csm", sa.Text(), nullable=True),
        sa.Column("se", sa.Text(), nullable=True),
        sa.Column("channel_id", sa.Text(), nullable=True),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("handoff_of_channel", "handoffs", ["team_id", "channel_id"], unique=False)
    op.create_index(
        "one_live_handoff_a_domain",
        "handoffs",
        ["team_id", "domain"],
        unique=True,
        sqlite_where=sa.text("is_live AND domain <> ''"),
        postgresql_where=sa.text("is_live AND domain <> ''"),
    )
    op.create_index(
        "one_live_handoff_a_name",
        "handoffs",
        ["team_id", "customer_key"],
        unique=True,
        sqlite_where=sa.text("is_live"),
        postgresql_where=sa.text("is_live"),
    )
    op.create_table(
        "history",
        sa.Column("id", _Id, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("handoff_id", _Id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("history_of_handoff", "history", ["team_id", "handoff_id", "id"], unique=False)
    op.create_table(
        "inbound",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "key"),
    )
    op.create_index("inbound_by_age", "inbound", ["at"], unique=False)
    op.create_table(
        "messages",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("handoff_id", _Id, autoincrement=False, nullable=False),
        sa.Column("picture", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "handoff_id", "picture", "recipient", "edition"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", _Id, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("handoff_id", _Id, nullable=True),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("merge_key", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("started_at", Moment(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "outbox_aside",
        "outbox",
        ["team_id", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'aside'"),
        postgresql_where=sa.text("state = 'aside'"),
    )
    op.create_index(
        "outbox_due",
        "outbox",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "outbox_lanes",
        "outbox",
        ["team_id", "lane", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "outbox_merge",
        "outbox",
        ["team_id", "merge_key"],
        unique=True,
        sqlite_where=sa.text("state = 'open' AND attempts = 0"),
        postgresql_where=sa.text("state = 'open' AND attempts = 0"),
    )
    op.create_table(
        "people",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "id"),
    )
    op.create_table(
        "playbooks",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "digest"),
    )
    op.create_table(
        "teams",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("team_id"),
    )


def downgrade() -> None:
    op.drop_table("outbox")
    op.drop_table("deadlines")
    op.drop_table("messages")
    op.drop_table("inbound")
    op.drop_table("people")
    op.drop_table("teams")
    op.drop_table("playbooks")
    op.drop_table("history")
    op.drop_table("handoffs")
