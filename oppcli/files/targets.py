"""Files of targets: a row for each, in columns called as in `opp target list`, in English or Chinese."""

from collections.abc import Mapping, Sequence

from oppcli.files import told_columns
from oppcli.files.mapping_keys import TARGETS

WHO, MONTH, MEASURE, TARGET, STRETCH, TOP, CURRENCY = NAMES = (
    *("who", "month", "measure", "target", "stretch", "top", "currency"),
)
"""The columns, which are also the fields of a mapping."""
NEEDED = (WHO, MONTH, MEASURE, TARGET)
CALLED: Mapping[str, tuple[str, ...]] = {
    WHO: ("对象", "谁", "人员"),
    MONTH: ("月份", "月"),
    MEASURE: ("指标",),
    TARGET: ("目标", "目标值"),
    STRETCH: ("冲刺", "冲刺目标"),
    TOP: ("挑战", "挑战目标"),
    CURRENCY: ("币种",),
}
"""What else a column may be called."""


def told(header: Sequence[str], name: str) -> str:
    """The mapping that the columns of a file tell. Refused (8) for a file of other columns."""
    return told_columns.told(TARGETS, CALLED, NEEDED, header, name)
