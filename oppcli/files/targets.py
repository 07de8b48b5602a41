"""Files of targets: a row for each, in columns called as in `opp target list`, in English or Chinese."""

from collections.abc import Mapping, Sequence

from oppcli.files.mapping import MappingError
from oppcli.files.mapping_keys import TARGETS
from oppcli.model.command import command
from oppcli.model.said import listed, say

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
    places = {column.strip().lower(): column for column in header}
    found = {field: places[called] for field in NAMES for called in (field, *CALLED[field]) if called in places}
    if missing := [field for field in NEEDED if field not in found]:
        raise MappingError(
            say("{file} has no columns {columns}", file=name, columns=listed(missing)),
            hint=say("a mapping says which is what: {help}", help=command("help", "import")),
        )
    import tomlkit

    made = tomlkit.document()
    made["kind"], made["fields"] = TARGETS, found
    return tomlkit.dumps(made)
