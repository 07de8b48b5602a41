"""Records that may be one, as a table; a command puts it together from the rules of `[duplicates]`."""

from collections.abc import Sequence
from typing import Any

from oppcli.model.command import BLANK, command
from oppcli.model.said import Word, say
from oppcli.reads.table import COMMAND, Column, Footnote, Kind, Param, Read, ranked

COLUMNS = ranked(
    (
        Column("first", Kind.REF),
        Column("first_name", title=say("CALLED"), cut=True),
        Column("second", Kind.REF, title=say("MAY BE")),
        Column("second_name", title=say("OTHER CALLED"), cut=True),
        Column("rule", title=Word("duplicates", "RULE")),
        Column("likeness", Kind.COUNT),
        Column("first_owner", Kind.REF, title=say("OWNER")),
        Column("second_owner", Kind.REF, title=say("OTHER OWNER")),
        Column("first_deals", Kind.COUNT, wide=False),
        Column("second_deals", Kind.COUNT, wide=False),
        Column("first_stages", Kind.LIST, wide=False),
        Column("second_stages", Kind.LIST, wide=False),
        Column("first_touched", Kind.INSTANT, title=say("TOUCHED")),
        Column("second_touched", Kind.INSTANT, title=say("OTHER TOUCHED")),
        Column("noun", wide=False, words="noun"),
        Column("match", Kind.REF, wide=False),
        Column("state", wide=False, words="match"),
    ),
    "first second rule likeness 1, first_name second_name 1, first_owner second_owner 2",
)
EXPLAINED = ranked(
    (
        Column("rule", title=Word("duplicates", "RULE")),
        Column("field"),
        Column("form", cut=True),
        Column("ref", Kind.REF),
        Column("name", cut=True),
        Column("its_form", title=say("ITS FORM"), cut=True),
        Column("likeness", Kind.COUNT),
        Column("asked", Kind.COUNT, title=Word("duplicates", "ASKED")),
        Column("holds", Kind.BOOL),
    ),
    "rule field 1, form 1, ref name 1, likeness asked 1, holds 1, its_form 3",
)


def offered(rows: Sequence[tuple[Any, ...]]) -> tuple[Footnote, ...]:
    """Below the pairs what may be done with one, typed for the first: the two are one, or are not."""
    if not rows:
        return ()
    first, second = rows[0][0], rows[0][2]
    return (
        Footnote("population", len(rows), say("{n:,} {n:pair|pairs} may be one", n=len(rows))),
        Footnote(COMMAND, None, command("merge", first, second)),
        Footnote(COMMAND, None, command("dupes", "keep", first, second, "-m", BLANK)),
    )


READS = (
    Read(
        path="dupes list",
        title=say("Duplicates"),
        help="Records that may be one, by the rules of the policy's [duplicates]: all of them, compared with all",
        more="With --explain: the normal form of a text in each field that is compared, and the records most like it.",
        columns=COLUMNS,
        params=(
            Param("noun", "customer, contact or deal", place=True, metavar="NOUN"),
            Param("rule", "only what this rule takes for one", metavar="NAME"),
            Param("explain", "what a name, a phone … is compared as, and with what", metavar="TEXT"),
        ),
        alarm="exit 10 where there are any",
        examples=(
            "opp dupes",
            "opp dupes list customer --rule name",
            "opp dupes list --explain 'The Acme Co., Ltd.'",
        ),
    ),
)
