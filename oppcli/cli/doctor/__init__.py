"""`opp doctor`: is everything in order here? One line per check, each trouble with the command that mends it."""

import typer

from oppcli.cli.context import Context
from oppcli.cli.output import reads
from oppcli.model.said import say
from oppcli.reads.table import Column, Kind, Table

app = typer.Typer()
SINGLE = True

COLUMNS = (
    Column("status", Kind.REF, words="status"),
    Column("check", Kind.REF, words="check"),
    Column("finding"),
    Column("fix"),
)


@app.command()
@reads
def doctor(opp: Context) -> tuple[Table, int]:
    """Check the installation, the settings, the database, the policy. Changes nothing; exit 1 when something fails.

    opp doctor
    opp --db postgresql://db.example/sales doctor
    """
    from oppcli.cli.doctor import database, machine

    findings = [*machine.examine(opp), *database.examine(opp)]
    bad = sum(finding.status == "fail" for finding in findings)
    return Table(COLUMNS, [tuple(finding) for finding in findings], title=say("Examination")), 1 if bad else 0
