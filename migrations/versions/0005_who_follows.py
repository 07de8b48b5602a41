"""Remembered: successors, who stood aside, what a resubmission answered. What nobody can move on is marked."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

FLAG = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
BLOCKED = sa.text("blocked = 1")
NOBODY_SITS = """
UPDATE request SET blocked = 1 WHERE state = 'pending' AND id IN (
    SELECT s.request_id FROM seat s
    JOIN step p ON p.request_id = s.request_id AND p.revision = s.revision AND p.position = s.step AND p.state = 'open'
    WHERE s.state = 'open' AND NOT EXISTS (
        SELECT 1 FROM holder h WHERE h.request_id = s.request_id AND h.revision = s.revision
        AND h.step = s.step AND h.seat = s.number))
"""
NOBODY_ANSWERS = """
UPDATE request SET blocked = 1 WHERE state = 'returned' AND NOT EXISTS (
    SELECT 1 FROM user_account u WHERE u.active = 1 AND (
        u.login = request.submitted_by OR u.login = (SELECT d.owner FROM deal d WHERE d.id = request.deal_id)))
"""


def upgrade() -> None:
    op.add_column("user_account", sa.Column("successor", TEXT, nullable=True))
    op.add_column("seat", sa.Column("aside", TEXT, nullable=False, server_default="[]"))
    op.add_column("request", sa.Column("blocked", FLAG, nullable=False, server_default="0"))
    op.add_column("request", sa.Column("answers", TEXT, nullable=False, server_default="[]"))
    for table, column in (("seat", "aside"), ("request", "blocked"), ("request", "answers")):
        if op.get_bind().dialect.name == "postgresql":  # only the rows that were there need it
            op.alter_column(table, column, server_default=None)
    op.execute(NOBODY_SITS)
    op.execute(NOBODY_ANSWERS)
    op.create_index("request_blocked", "request", ["id"], sqlite_where=BLOCKED, postgresql_where=BLOCKED)
