"""Lines of totals, which stand below the rows of many exports and are no rows."""

import re

from oppcli.files.sheets import Row

_TOTAL = re.compile(
    r"((grand |sub[- ]?)?totals?|sum|average|count)\s*([:：(（].*)?|(合|总|小)计\s*([:：(（\d].*)?|汇总",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"(?=.*\d)[A-Za-z]{0,3}[\W\d_]*[A-Za-z元圆块万亿单条笔个]{0,3}", re.DOTALL)


def first(row: Row) -> str:
    """The first cell that is not blank; nothing where all are."""
    return next((text for cell in row if (text := cell.strip())), "")


def says_total(cell: str) -> bool:
    """Whether a cell says that its line sums up: `Total`, `Grand total (12 records)`, `合计`."""
    return _TOTAL.fullmatch(cell) is not None


def only_figures(row: Row) -> bool:
    """Whether nothing but figures stands behind the first cell that is not blank."""
    filled = [text for cell in row if (text := cell.strip())]
    return all(_FIGURE.fullmatch(text) for text in filled[1:])
