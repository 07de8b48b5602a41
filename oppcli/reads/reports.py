"""The reports there are, as a table."""

from oppcli.model.said import HELP, Word, say
from oppcli.reads import catalog
from oppcli.reads.table import Column, Kind, Read, Row, Table

COLUMNS = (
    Column("report", Kind.REF),
    Column("title", cut=True),
    Column("options", Kind.LIST),
    Column("columns", Kind.LIST, wide=False),
)


def listing() -> Table:
    """Each with its options."""
    return Table(COLUMNS, [_row(catalog.read(path)) for path in catalog.reports()], "Reports")


def _row(report: Read) -> Row:
    options = tuple(f"--{param.name}" for param in report.params)
    return report.name, Word(HELP, report.help), options, tuple(column.name for column in report.columns)


READS = (
    Read(
        path="report list",
        narrows=False,
        title=say("Reports"),
        help="The reports there are, with their options",
        columns=COLUMNS,
        examples=("opp report list",),
    ),
)
