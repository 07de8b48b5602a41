"""Points are a ledger: what stands there is neither changed nor deleted."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

MESSAGE = "points cannot be changed"


def upgrade() -> None:
    (on_sqlite if op.get_context().dialect.name == "sqlite" else on_postgresql)()


def on_sqlite() -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER point_no_{verb.lower()} BEFORE {verb} ON point BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
    op.execute(
        "CREATE TRIGGER point_no_replace BEFORE INSERT ON point "
        f"WHEN EXISTS (SELECT 1 FROM point WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    )


def on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION point_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER point_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON point "
        "FOR EACH STATEMENT EXECUTE FUNCTION point_kept()"
    )
