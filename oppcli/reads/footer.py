"""What a person at a terminal is told below a list of deals: how many, what they come to, what is left out."""

from oppcli.model import money
from oppcli.model.deals import OPEN
from oppcli.model.said import Said, say
from oppcli.reads.table import Footnote, Table


def summed(table: Table, state: str = "", closed: int = 0) -> Table:
    """The table with its footer: `38 open · USD 3,327,317.00 · 63 closed left out: --all`. `state` is what all rows
    are, `closed` how many were left out."""
    at = [column.name for column in table.columns]
    rows, sums = list(table.rows), dict[str, int]()
    if "amount" in at:
        amount, currency = at.index("amount"), at.index("currency")
        for row in rows:
            if row[amount] is not None:
                sums[row[currency]] = sums.get(row[currency], 0) + row[amount]
    footer = [Footnote("population", len(rows), _counted(len(rows), state))]
    footer += [Footnote("population", None, say("{sum}", sum=money.shown(sums[each], each))) for each in sorted(sums)]
    if closed:
        footer.append(Footnote("closed", closed, say("{n:,} closed left out: --all", n=closed)))
    return table._replace(rows=rows, footer=tuple(footer))


def _counted(n: int, state: str) -> Said:
    if state == OPEN:
        return say("{n:,} open", n=n)
    return say("{n:,} closed", n=n) if state else say("{n:,} {n:deal|deals}", n=n)
