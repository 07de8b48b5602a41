"""Files of points: a row for each entry, in columns called as in `opp points list`, in English or Chinese."""

from collections.abc import Mapping, Sequence

from oppcli.files import told_columns
from oppcli.files.mapping_keys import POINTS

LOGIN, NUMBER, KIND, REASON = NAMES = ("login", "points", "kind", "reason")
"""The columns, which are also the fields of a mapping; all of them are needed."""
CALLED: Mapping[str, tuple[str, ...]] = {
    LOGIN: ("who", "对象", "谁", "人员"),
    NUMBER: ("积分", "分数"),
    KIND: ("类别",),
    REASON: ("why", "原因", "理由"),
}
"""What else a column may be called."""


def told(header: Sequence[str], name: str) -> str:
    """The mapping that the columns of a file tell. Refused (8) for a file of other columns."""
    return told_columns.told(POINTS, CALLED, NAMES, header, name)
