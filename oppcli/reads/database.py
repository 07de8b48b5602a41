"""What a database is and whether it is in order, as tables."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from oppcli.model.records import ANY
from oppcli.model.said import say
from oppcli.reads.table import Column, Kind, Param, Read, Table
from oppcli.store.checked import Result
from oppcli.store.doors import ReadDoor
from oppcli.store.journal import Proof, trial
from oppcli.store.knowing import made_after

if TYPE_CHECKING:
    from oppcli.reads.given import Decided

INFO = (
    Column("database", Kind.REF),
    Column("engine"),
    Column("schema"),
    Column("id", Kind.REF),
    Column("size_bytes", Kind.COUNT),
    Column("deals", Kind.COUNT),
    Column("customers", Kind.COUNT),
    Column("requests", Kind.COUNT),
    Column("users", Kind.COUNT),
    Column("entries", Kind.COUNT),
    Column("last_change", Kind.INSTANT),
    Column("trial", Kind.BOOL),
    Column("sandbox", Kind.REF),
)
_COUNTS = """
SELECT (SELECT value FROM meta WHERE key = 'id'), (SELECT count(*) FROM deal), (SELECT count(*) FROM customer),
       (SELECT count(*) FROM request), (SELECT count(*) FROM user_account), (SELECT count(*) FROM journal),
       (SELECT at FROM journal ORDER BY seq DESC LIMIT 1), (SELECT version_num FROM alembic_version)
"""

PROOF = (
    Column("clean", Kind.BOOL),
    Column("entries", Kind.COUNT),
    Column("head", Kind.REF),
    Column("at", Kind.INSTANT),
    Column("hash", Kind.REF),
    Column("first_bad", Kind.REF),
    Column("what"),
    Column("decisions", Kind.COUNT),
    Column("proven", Kind.COUNT),
    Column("claimed", Kind.COUNT),
    Column("imported", Kind.COUNT),
    Column("redacted", Kind.COUNT),
    Column("trial", Kind.BOOL),
)
ANCHOR = (Column("anchor", Kind.REF), Column("seq", Kind.COUNT), Column("at", Kind.INSTANT), Column("hash", Kind.REF))
CHECK = (Column("check", words="check"), Column("ok", Kind.BOOL), Column("looked_at", Kind.COUNT), Column("detail"))


def info(door: ReadDoor, place: str) -> Table:
    """One database: where, which engine and schema, how large, how much is in it."""
    number, deals, customers, requests, users, entries, last, schema = door.one(_COUNTS) or (None,) * 8
    if door.dialect == "sqlite":
        size: int | None = Path(place).stat().st_size
        engine = say("SQLite {one}", one=door.value("SELECT sqlite_version()"))
    else:
        size = door.value("SELECT pg_database_size(current_database())")
        engine = say("PostgreSQL {one}", one=door.value("SHOW server_version"))
    made = made_after(door)
    counts = (size, deals, customers, requests, users, entries, last)
    row = (place, engine, schema, number, *counts, trial(door), None if made is None else f"e{made}")
    return Table(INFO, [row], title=say("Database"), single=True)


def proof(found: Proof, decided: "Decided", *, trial: bool) -> Table:
    """What recomputing the chain showed, how decisions were given, and whether it is that of a trial database."""
    head, fault = found.head, found.fault
    bad = (f"e{fault.seq}", f"e{fault.seq} {fault.what}") if fault else (None, None)
    at = head.at if found.entries else None
    row = (
        fault is None,
        found.entries,
        f"e{head.seq}" if found.entries else None,
        at,
        head.hash,
        *bad,
        decided.proven + decided.claimed + decided.imported,
        *decided,
        found.redacted,
        trial,
    )
    return Table(PROOF, [row], title=say("Journal"), single=True)


def checks(results: Sequence[Result]) -> Table:
    """One row per check in order, one per fault otherwise."""
    rows = [
        (result.name, fault is None, result.looked_at, fault)
        for result in results
        for fault in result.faults or (None,)
    ]
    return Table(CHECK, rows, title=say("Checks"))


READS = (
    Read(
        path="db info",
        narrows=False,
        title=say("Database"),
        help="Engine, schema, size, and how much is in it",
        columns=INFO,
        standing=ANY,
        examples=("opp db info --json",),
    ),
    Read(
        path="db check",
        narrows=False,
        title=say("Checks"),
        help="Integrity, references, the journal's chain, and every record against the journal; exit 6 when anything "
        "is wrong",
        columns=CHECK,
        standing=ANY,
        examples=("opp db check",),
    ),
    Read(
        path="audit verify",
        narrows=False,
        title=say("Journal"),
        help="Recompute the chain of the journal; exit 5 and name the first bad entry when it does not hold",
        columns=PROOF,
        params=(
            Param("anchor", "what `opp audit anchor` printed earlier", metavar="SEQ:HASH"),
            Param("anchor-file", "every line of what `opp audit anchor --append` wrote", metavar="FILE"),
        ),
        standing=ANY,
        more="A chain alone cannot show that its end was cut off, or that it was built anew as a whole: an anchor kept "
        "elsewhere\ncan (opp audit anchor).",
        examples=(
            "opp audit verify",
            "opp audit verify --anchor 311:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        ),
    ),
    Read(
        path="audit anchor",
        narrows=False,
        title=say("Anchor"),
        help="The last entry and its hash: keep it where the owner of the database cannot change it",
        columns=ANCHOR,
        params=(Param("append", "note it at the end of FILE, whose last line has to fit (else 5)", metavar="FILE"),),
        standing=ANY,
        examples=("opp audit anchor", "opp audit anchor --append /mnt/elsewhere/anchors.txt"),
    ),
)
