"""Files of judgements: a row for each deal or month, in columns called as in `opp forecast adjustments`, in English or
Chinese; also as `opp export judgements` writes them.
"""

from collections.abc import Mapping, Sequence

from oppcli.files import told_columns
from oppcli.files.mapping_keys import JUDGEMENTS

DEAL, OWNER, MONTH, AMOUNT, CATEGORY, CLOSE, CHANGE, CURRENCY, REASON, BY = NAMES = (
    *("deal", "owner", "month", "amount", "category", "close", "change", "currency", "reason", "judged_by"),
)
"""The columns, which are also the fields of a mapping: a deal, or a month of its owner."""
NEEDED = (REASON,)
CALLED: Mapping[str, tuple[str, ...]] = {
    DEAL: ("deal_id", "商机"),
    OWNER: ("负责人",),
    MONTH: ("period", "月份", "期间"),
    AMOUNT: ("金额",),
    CATEGORY: ("类别", "预测类别"),
    CLOSE: ("expected_close", "预计成交"),
    CHANGE: ("增减",),
    CURRENCY: ("币种",),
    REASON: ("why", "原因", "理由"),
    BY: ("by", "判断人"),
}
"""What else a column may be called."""


def told(header: Sequence[str], name: str) -> str:
    """The mapping that the columns of a file tell. Refused (8) for a file of other columns."""
    there = {column.strip().lower() for column in header}
    of_deals = there & {DEAL, *CALLED[DEAL]}
    return told_columns.told(
        JUDGEMENTS, CALLED, ((DEAL,) if of_deals else (OWNER, MONTH, CHANGE)) + NEEDED, header, name
    )
