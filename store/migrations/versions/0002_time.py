"""Deadlines know their owner and how they ended; people have preferences; a message may be owed before it is posted."""

import sqlalchemy as sa
from alembic import op

from store.tables import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deadlines", sa.Column("owner", sa.Text(), nullable=True))
    op.add_column("deadlines", sa.Column("started_at", Moment(), nullable=True))
    op.add_column("deadlines", sa.Column("met_at", Moment(), nullable=True))
    op.add_column("deadlines", sa.Column("is_open", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index(
        "deadlines_of_owner",
        "deadlines",
        ["team_id", "owner", "due_at"],
        unique=False,
        sqlite_where=sa.text("is_open"),
        postgresql_where=sa.text("is_open"),
    )
    op.create_index("messages_to", "messages", ["team_id", "recipient", "ts"], unique=False)
    op.create_table(
        "preferences",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "person"),
    )


def downgrade() -> None:
    op.drop_table("preferences")
    op.drop_index("messages_to", "messages")
    op.drop_index("deadlines_of_owner", "deadlines")
    for column in ("is_open", "met_at", "started_at", "owner"):
        op.drop_column("deadlines", column)
