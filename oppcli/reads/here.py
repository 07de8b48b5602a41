"""What is set on this machine, and whether it is in order, as tables that commands put together."""

from oppcli.model.records import ANY
from oppcli.model.said import say
from oppcli.reads.table import Column, Kind, Param, Read

SETTINGS = (
    Column("key", Kind.REF),
    Column("value"),
    Column("origin", wide=False),
    Column("doc", title=say("WHAT IT IS"), rank=4, cut=True),
)
FINDINGS = (
    Column("status", Kind.REF, words="status"),
    Column("check", Kind.REF, words="check"),
    Column("finding"),
    Column("fix", alone=True),
)
READS = (
    Read(
        path="config list",
        narrows=False,
        title="Settings",
        help="Every setting and its value now",
        columns=SETTINGS,
        params=(Param("show-origin", "also where each value is from", "flag"),),
        examples=("opp config list --show-origin", "opp config list --json"),
    ),
    Read(
        path="doctor",
        narrows=False,
        title="Examination",
        help="Check the installation, the settings, the database, the policy. Changes nothing; exit 1 when something "
        "fails",
        columns=FINDINGS,
        standing=ANY,
        examples=("opp doctor", "opp --db postgresql://db.example/sales doctor"),
    ),
)
