"""Files of deals against what was attached and approved, as a table that a command puts together."""

from oppcli.model.records import ANY
from oppcli.model.said import say
from oppcli.reads.table import Column, Kind, Param, Read, ranked

COLUMNS = ranked(
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
READS = (
    Read(
        path="audit files",
        narrows=False,
        title=say("Files"),
        help="Every file of a deal, or of all: same, changed, missing or unreadable, and the approvals that rest on it",
        columns=COLUMNS,
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
)
