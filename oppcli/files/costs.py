"""Files of costs of sources: a row for each source and period, in columns called so, in English or Chinese; also as
`opp export costs` writes them.
"""

from collections.abc import Mapping, Sequence

from oppcli.files import told_columns
from oppcli.files.mapping_keys import COSTS

SOURCE, PERIOD, FIRST, LAST, AMOUNT, CURRENCY = NAMES = ("source", "period", "first", "last", "amount", "currency")
"""The columns, which are also the fields of a mapping: a period, or its first and last day."""
NEEDED = (SOURCE, AMOUNT)
DAYS = (FIRST, LAST)
CALLED: Mapping[str, tuple[str, ...]] = {
    SOURCE: ("来源", "渠道"),
    PERIOD: ("月份", "期间", "month"),
    FIRST: ("第一天", "开始日期"),
    LAST: ("最后一天", "结束日期"),
    AMOUNT: ("金额", "费用", "cost"),
    CURRENCY: ("币种",),
}
"""What else a column may be called."""


def told(header: Sequence[str], name: str) -> str:
    """The mapping that the columns of a file tell. Refused (8) for a file of other columns."""
    there = {column.strip().lower() for column in header}
    days = all(there & {field, *CALLED[field]} for field in DAYS)
    needed = (SOURCE, *(DAYS if days else (PERIOD,)), AMOUNT)
    return told_columns.told(COSTS, CALLED, needed, header, name)
