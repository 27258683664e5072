"""Deals, which the figures count; the part of the history that the digest tells is indexed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TOLD = sa.text(
    "kind IN ('DeadlineMissed', 'HandoffReturned', 'FirstContactMade', 'PromiseEnded', 'EscalationRaised',"
    " 'EscalationClosed', 'FeedbackGiven', 'CustomerRepeated')"
)
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENTS = ("csm_named", "documented", "champion_assumed", "met", "introduced", "contacted")
_CLOCKS = ("wall", "wall_unpaused", "working", "working_unpaused")


def upgrade() -> None:
    words = ("ae", "csm", "segment", "timing_model")
    op.create_table(
        "deals",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("handoff_id", _ID),
        sa.Column("external_id", sa.Text()),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("customer", "customer_key", "domain")),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in words),
        sa.Column("is_cancelled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("closed_at", sa.BigInteger()),
        sa.Column("crm_closed_at", sa.BigInteger()),
        sa.Column("crm_customer", sa.Text(), server_default="", nullable=False),
        sa.Column("started_at", sa.BigInteger()),
        sa.Column("signed_at", sa.BigInteger()),
        *(sa.Column(f"{name}_at", sa.BigInteger()) for name in _MOMENTS),
        sa.Column("substance", sa.Text()),
        *(sa.Column(f"wait_{clock}", sa.Integer()) for clock in _CLOCKS),
        sa.Column("heard_at", sa.BigInteger()),
        sa.Column("repeated", sa.Text(), server_default="", nullable=False),
        sa.Column("scored_at", sa.BigInteger()),
        sa.Column("score", sa.Integer()),
        sa.Column("completed_at", sa.BigInteger()),
        sa.Column("is_escalated", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.UniqueConstraint("team_id", "handoff_id", name="one_deal_a_handoff"),
        sa.UniqueConstraint("team_id", "external_id", name="one_deal_an_external_id"),
    )
    op.create_index("deals_of_customer", "deals", ["team_id", "customer_key"])
    op.create_index("deals_of_domain", "deals", ["team_id", "domain"])
    op.create_index("deals_closed", "deals", ["team_id", "closed_at"])
    op.create_index("deals_introduced", "deals", ["team_id", "introduced_at", "heard_at", "repeated"])
    op.create_index("deals_scored", "deals", ["team_id", "scored_at", "score"])
    op.create_index("deals_completed", "deals", ["team_id", "completed_at", "is_escalated"])
    op.create_index("history_told", "history", ["team_id", "kind", "at"], sqlite_where=_TOLD, postgresql_where=_TOLD)
    op.create_index("handoffs_of_ae", "handoffs", ["team_id", "ae", "stage"])
    _index_some_rows()


def _index_some_rows() -> None:
    untold = "closed_at IS NOT NULL AND contacted_at IS NOT NULL AND wait_wall IS NULL"
    uncontacted = "closed_at IS NOT NULL AND contacted_at IS NULL"
    assumed = ["team_id", "champion_assumed_at"]
    partial = (
        ("deals_untold", "deals", ["team_id"], untold),
        ("deals_uncontacted", "deals", ["team_id", "closed_at"], uncontacted),
        ("deals_sent", "deals", ["team_id", "documented_at"], "substance IS NOT NULL"),
        ("deals_alike", "deals", ["team_id", "substance"], "substance IS NOT NULL"),
        ("deals_without_champion", "deals", assumed, "champion_assumed_at IS NOT NULL"),
        ("handoffs_of_se", "handoffs", ["team_id", "se", "stage"], "se IS NOT NULL"),
        ("deadlines_open", "deadlines", ["team_id", "due_at", "handoff_id"], "is_open"),
    )
    for name, table, columns, where in partial:
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    op.drop_index("deadlines_open", "deadlines")
    op.drop_index("handoffs_of_se", "handoffs")
    op.drop_index("handoffs_of_ae", "handoffs")
    op.drop_index("history_told", "history")
    op.drop_table("deals")
