"""Handoffs know their segment and industry as columns, for a CSM's load; what is done in the outbox is indexed."""

import json

import sqlalchemy as sa
from alembic import op

from bot.customers import industry_key

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BATCH = 500


def upgrade() -> None:
    for column in ("segment", "industry"):
        op.add_column("handoffs", sa.Column(column, sa.Text(), server_default="", nullable=False))
    _fill()
    op.create_index("handoffs_of_csm", "handoffs", ["team_id", "csm", "stage", "segment", "industry"], unique=False)
    done = sa.text("state = 'done'")
    op.create_index("outbox_done", "outbox", ["id"], unique=False, sqlite_where=done, postgresql_where=done)


def _fill() -> None:
    connection, last = op.get_bind(), 0
    rows = sa.text("SELECT id, state, document FROM handoffs WHERE id > :last ORDER BY id LIMIT :some")
    fill = sa.text("UPDATE handoffs SET segment = :segment, industry = :industry WHERE id = :id")
    while found := connection.execute(rows, {"last": last, "some": _BATCH}).all():
        known = [{"id": row.id, **_columns(row.state, row.document)} for row in found]
        connection.execute(fill, known)
        last = found[-1].id


def _columns(state: str, document: str) -> dict[str, str]:
    overview = json.loads(document).get("company_overview", {}).get("values", {})
    return {"segment": json.loads(state).get("segment", ""), "industry": industry_key(overview.get("industry", ""))}


def downgrade() -> None:
    op.drop_index("outbox_done", "outbox")
    op.drop_index("handoffs_of_csm", "handoffs")
    for column in ("industry", "segment"):
        op.drop_column("handoffs", column)
