"""The triggers that keep what was written: journal, decisions, submitted forecasts; which are gone, and put back."""

from oppcli.store import fingerprint
from oppcli.store.doors import ReadDoor, WriteDoor

SEALED = "seq txn at actor on_behalf_of channel action noun noun_id meta prev hash".split()
"""Columns of an entry that never change."""


def _kept(table: str, event: str, message: str) -> tuple[str, ...]:
    """On a server: what refuses to change a row of the table."""
    return (
        f"CREATE OR REPLACE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'restrict_violation'; END $$",
        f"CREATE TRIGGER {table}_kept BEFORE {event} OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_kept()",
    )


_ROLE = (
    """CREATE OR REPLACE FUNCTION journal_role() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF (NEW.meta::json ->> 'role') IS DISTINCT FROM session_user::text THEN
RAISE EXCEPTION 'an entry names the role that writes it: %', session_user USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
END $$""",
    "CREATE TRIGGER journal_role BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION journal_role()",
)
_FROZEN = "a submitted forecast cannot be changed"
_NO_MORE = (
    "CREATE OR REPLACE FUNCTION forecastline_no_more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF EXISTS (SELECT 1 FROM journal WHERE noun = 'forecast' AND noun_id = NEW.forecast_id::text) THEN "
    f"RAISE EXCEPTION '{_FROZEN}' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER forecastline_no_more BEFORE INSERT ON forecastline "
    "FOR EACH ROW EXECUTE FUNCTION forecastline_no_more()",
)
"""Its lines are written before its entry."""
ON_SERVER = {
    "journal.journal_kept": _kept("journal", f"UPDATE OF {', '.join(SEALED)}", "the journal cannot be changed"),
    "decision.decision_kept": _kept("decision", "UPDATE", "a decision cannot be changed"),
    "journal.journal_role": _ROLE,
    "point.point_kept": _kept("point", "UPDATE", "points cannot be changed"),
    **{f"{table}.{table}_kept": _kept(table, "UPDATE", _FROZEN) for table in ("forecast", "forecastline")},
    "forecastline.forecastline_no_more": _NO_MORE,
}
"""What makes each trigger of a server, by table and name; a test compares them with the migrations'."""


def astray(door: ReadDoor) -> list[str]:
    """`journal.journal_no_update` for each trigger of ours that is missing, switched off, or does something else."""
    found, known = fingerprint.parts(door), fingerprint.wanted(door.dialect)
    return [name for kind, name in sorted(known) if kind == "trigger" and found.get((kind, name)) != known[kind, name]]


def put_back(door: WriteDoor) -> list[str]:
    """Make those triggers anew, within the transaction at hand. Returns their names."""
    names = astray(door)
    for name in names:
        table, _, trigger = name.partition(".")
        door.rows(f"DROP TRIGGER IF EXISTS {trigger}" + ("" if door.dialect == "sqlite" else f" ON {table}"))
        for statement in _statements(door.dialect, name, trigger):
            door.rows(statement)
    return names


def _statements(dialect: str, name: str, trigger: str) -> tuple[str, ...]:
    if dialect != "sqlite":
        return ON_SERVER[name]
    made = fingerprint.statements()
    return tuple(statement for statement in made if statement.startswith(f"CREATE TRIGGER {trigger} "))
