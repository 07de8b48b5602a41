"""what one sees: indexes for the deals that somebody sees beside their own, so that a read opens at once."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

FEW = (
    ("deal_collaborators", "deal", ["collaborators"], "collaborators <> '[]'"),
    ("deal_made_for", "deal", ["created_by"], "created_by <> owner AND channel <> 'import'"),
    ("notice_copied", "notice", ["to", "request_id"], "kind = 'cc'"),
)


def upgrade() -> None:
    for name, table, columns, where in FEW:
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_index("request_submitted_by", "request", ["submitted_by"])
    op.create_index("decision_actor", "decision", ["actor"])
