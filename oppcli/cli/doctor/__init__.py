"""`opp doctor`: is everything in order here? One line per check, each trouble with the command that mends it."""

from oppcli.cli.context import Context
from oppcli.model.said import say
from oppcli.reads.put_together import FINDINGS
from oppcli.reads.table import Table


def doctor(opp: Context) -> tuple[Table, int]:
    """What was found; 1 when something fails."""
    from oppcli.cli.doctor import database, machine, rights

    findings = [*machine.examine(opp), *rights.examine(opp), *database.examine(opp)]
    bad = sum(finding.status == "fail" for finding in findings)
    return Table(FINDINGS, [tuple(finding) for finding in findings], title=say("Examination")), 1 if bad else 0
