"""Mappings of other programs' files as a table: those that are kept, and those that are ready."""

from collections.abc import Iterable

from oppcli.model.said import say
from oppcli.model.saved import Mapping
from oppcli.reads.table import NEEDED, Column, Kind, Param, Read, Row, Table

KEPT, READY, UNVERIFIED = "kept", "ready", "unverified"
COLUMNS = (
    Column("name", Kind.REF),
    Column("state", words="mapping"),
    Column("saved_by", Kind.REF),
    Column("saved_at", Kind.INSTANT),
    Column("used_at", Kind.INSTANT),
    Column("hash", wide=False),
)
ONE = (*COLUMNS, Column("text"))


def listing(kept: Iterable[Mapping], ready: Iterable[tuple[str, bool]]) -> Table:
    """The mappings that are kept, then those that are ready: (name, whether it was seen in published files)."""
    rows: list[Row] = [_row(each) for each in kept]
    rows += [(name, READY if verified else UNVERIFIED, None, None, None, None) for name, verified in ready]
    return Table(COLUMNS, rows, title=say("Mappings"))


def _row(each: Mapping) -> Row:
    return (each.name, KEPT, each.saved_by, each.saved_at, each.used_at, each.hash)


def one(found: Mapping | tuple[str, str, bool]) -> Table:
    """One mapping with its text, which is what people read of it. What is ready is (name, text, verified)."""
    if isinstance(found, Mapping):
        row, text = _row(found), found.text
    else:
        name, text, verified = found
        row = (name, READY if verified else UNVERIFIED, None, None, None, None)
    return Table(ONE, [(*row, text)], title=say("Mapping"), single=True, prose=text, verbatim=True)


READS = (
    Read(
        path="mapping list",
        title=say("Mappings"),
        help="Which column of a file is what: the mappings that are kept, and those that are ready",
        columns=COLUMNS,
        examples=("opp mapping list",),
    ),
    Read(
        path="mapping show",
        title=say("Mapping"),
        help="One mapping, as it may be written to a file",
        columns=ONE,
        params=(Param("name", "a name of opp mapping list", default=NEEDED, place=True, metavar="NAME"),),
        examples=("opp mapping show hubspot", "opp mapping show 'old crm' > m.toml"),
    ),
)
