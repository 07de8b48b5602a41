"""Tables that commands put together, of which nothing is read here: what a deal still needs, its files as they lie on
the disk, what is set on this machine and whether that is in order."""

from oppcli.model.records import ANY
from oppcli.model.said import say
from oppcli.reads.table import DEALS, Column, Kind, Param, Read, ranked

GATE = ranked(
    (Column("needs"), Column("state"), Column("command", Kind.REF, alone=True)),
    "needs 1, state 2, command 3",
)
FILES = ranked(
    (
        Column("id", Kind.REF),
        Column("deal", Kind.REF),
        Column("kind"),
        Column("name"),
        Column("state", words="file"),
        Column("approved", Kind.LIST, named=True),
        Column("attached_at", Kind.INSTANT),
        Column("attached_by", Kind.REF, wide=False),
        Column("path", wide=False),
        Column("sha256", Kind.REF, wide=False),
    ),
    "id deal 1, kind name 2, state 1, approved 3, attached_at 4",
)
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
        path="gate",
        narrows=False,
        title="Gate",
        help="Everything missing to enter the next stage (or --to), each with the command that satisfies it",
        columns=GATE,
        params=(
            DEALS._replace(kind="text"),
            Param("to", "default: the next stage", metavar="STAGE"),
        ),
        alarm="exit 10 when something is missing",
        examples=("opp gate D-142", "opp gate D-142 --to Contract --json"),
    ),
    Read(
        path="audit files",
        narrows=False,
        title=say("Files"),
        help="Every file of a deal, or of all: same, changed, missing or unreadable, and the approvals that rest on it",
        columns=FILES,
        params=(
            Param(
                "deal", "one or more deals; of all without it", place=True, many=True, metavar="DEAL...", each="deal"
            ),
        ),
        standing=ANY,
        alarm="exit 10 when a file is not what was attached",
        more="What a gate rests on is looked at whenever it is asked; here everything is, also of deals that are over.",
        examples=("opp audit files D-142", "opp audit files -c id,state,path --csv"),
    ),
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
