"""What a deal still needs, as a table; a command puts it together from the rules."""

from oppcli.reads.table import DEALS, Column, Kind, Param, Read, ranked

COLUMNS = ranked(
    (Column("needs"), Column("state"), Column("command", Kind.REF, alone=True)),
    "needs 1, state 2, command 3",
)
READS = (
    Read(
        path="gate",
        narrows=False,
        title="Gate",
        help="Everything missing to enter the next stage (or --to), each with the command that satisfies it",
        columns=COLUMNS,
        params=(
            DEALS._replace(kind="text"),
            Param("to", "default: the next stage", metavar="STAGE"),
        ),
        alarm="exit 10 when something is missing",
        examples=("opp gate D-142", "opp gate D-142 --to Contract --json"),
    ),
)
