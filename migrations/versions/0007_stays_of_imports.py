"""The stays of before know the system that an import knows them from: the journal tells which ones people made."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

IMPORTED = """
UPDATE visit SET system = (SELECT d.system FROM deal d WHERE d.id = visit.deal_id)
WHERE EXISTS (SELECT 1 FROM deal d WHERE d.id = visit.deal_id AND d.channel = 'import')
AND NOT EXISTS (
    SELECT 1 FROM journal j WHERE j.noun = 'deal' AND j.noun_id = CAST(visit.deal_id AS TEXT)
    AND j.channel <> 'import' AND j.changes LIKE '%"visits.' || visit.number || '":%')
"""


def upgrade() -> None:
    op.execute(IMPORTED)
