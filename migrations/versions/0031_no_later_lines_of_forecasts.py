"""A submitted forecast gets no further line: who has an entry of it has all of its lines."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

MESSAGE = "a submitted forecast cannot be changed"


def upgrade() -> None:
    (on_sqlite if op.get_context().dialect.name == "sqlite" else on_postgresql)()


def on_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER forecastline_no_more BEFORE INSERT ON forecastline WHEN EXISTS "
        "(SELECT 1 FROM journal WHERE noun = 'forecast' AND noun_id = CAST(NEW.forecast_id AS TEXT)) "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    )


def on_postgresql() -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION forecastline_no_more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM journal WHERE noun = 'forecast' AND noun_id = NEW.forecast_id::text) THEN "
        f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER forecastline_no_more BEFORE INSERT ON forecastline "
        "FOR EACH ROW EXECUTE FUNCTION forecastline_no_more()"
    )
