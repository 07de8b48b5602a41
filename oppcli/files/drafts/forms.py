"""How the dates and numbers of a column are written, where its cells decide it."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from oppcli.files.dates import UNIX, UNIX_MS, YEAR_FIRST
from oppcli.files.doubts import is_number
from oppcli.files.mapping_keys import OPEN
from oppcli.model.said import Said, say
from oppcli.tuples import NamedTuple

_NUMBERED = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(,? \d{1,2}:\d{2}(:\d{2})?( ?[AaPp][Mm])?)?")
_NAMED = re.compile(r"\d{1,2}-[A-Za-z]{3}-(\d{4}|\d{2})")
_DIGITS = {8: "%Y%m%d", 10: UNIX, 13: UNIX_MS}
_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+")


class Form(NamedTuple):
    """How a column is written: what its mapping has to say (None: nothing), and why."""

    said: str | None
    why: Said | None = None


class Order(NamedTuple):
    """The two ways to read dates of digits in a column, and how many cells each alone can read. What neither reads
    (13/14/2026) decides nothing."""

    day_first: str
    month_first: str
    only_day_first: int
    only_month_first: int
    both: int

    @property
    def decided(self) -> str | None:
        """The form that the cells leave; None where they leave both, or neither."""
        if bool(self.only_day_first) == bool(self.only_month_first):
            return None
        return self.day_first if self.only_day_first else self.month_first


def date_form(cells: Counter[str]) -> str | Order | None:
    """How dates are written that do not name their order themselves; None where most do, or are no dates."""
    matched = [(match, count) for cell, count in cells.items() if (match := _NUMBERED.fullmatch(cell))]
    most, numbered = cells.total() / 2, sum(count for _, count in matched)
    plain = sum(count for cell, count in cells.items() if YEAR_FIRST.fullmatch(cell))
    if numbered > most or (numbered and numbered + plain == cells.total()):
        return _order(matched)
    for length, form in _DIGITS.items():
        if sum(n for cell, n in cells.items() if len(cell) == length and cell.isdigit() and cell.isascii()) > most:
            return form
    years = Counter[int]()
    for cell, count in cells.items():
        if match := _NAMED.fullmatch(cell):
            years[len(match[1])] += count
    return ("%d-%b-%Y" if years[4] else "%d-%b-%y") if years.total() > most else None


def choices(keys: Mapping[str, Any], cells: Counter[str]) -> dict[str, tuple[str, ...]]:
    """What each open key of a source can be: the forms that dates of digits may have, decimal marks, factors."""
    found: dict[str, tuple[str, ...]] = {}
    if keys.get("date") == OPEN and isinstance(form := date_form(cells), Order):
        found["date"] = (form.day_first, form.month_first)
    if keys.get("decimal") == OPEN:
        found["decimal"] = (".", ",")
    if keys.get("factor") == OPEN:
        found["factor"] = ("1", "100")  # whoever types 1 means the first as well
    return found


def _order(matched: list[tuple[re.Match[str], int]]) -> Order:
    shape = Counter[tuple[str, int, str]]()
    only = Counter[str]()
    for match, count in matched:
        shape[match[2], len(match[4]), _clock(match)] += count
        only[_fits(int(match[1]), int(match[3]))] += count
    (mark, digits, clock), _ = shape.most_common(1)[0]
    year = "%Y" if digits == 4 else "%y"
    forms = [mark.join((*order, year)) + clock for order in (("%d", "%m"), ("%m", "%d"))]
    return Order(forms[0], forms[1], only["day"], only["month"], only["both"])


def _fits(first: int, second: int) -> str:
    """Which of two figures of a date can be its month, so in which order it is read."""
    if first > 12:
        return "neither" if second > 12 else "day"
    return "month" if second > 12 else "both"


def _clock(match: re.Match[str]) -> str:
    """The form of the time of day behind a date."""
    time = match[5] or ""
    if not time:
        return ""
    comma = "," if time.startswith(",") else ""
    half = match[7]
    hours = "%I:%M" if half else "%H:%M"
    return f"{comma} {hours}{':%S' if match[6] else ''}{half[: len(half) - 2] + '%p' if half else ''}"


def decimal_form(cells: Counter[str]) -> Form:
    """The decimal mark of a column, where it has to be said: `,` where more cells are numbers with it, and `?` where
    `1.500` may be either and no cell decides."""
    point, comma, either = 0, 0, 0
    for cell, count in cells.items():
        bare = cell.rstrip(" %％")
        by_point, by_comma = is_number(bare, "."), is_number(bare, ",")
        point += count * (by_point and not by_comma)
        comma += count * (by_comma and not by_point)
        either += count * bool(by_point and _GROUPED.search(bare))
    if comma > point:
        return Form(",", say("{n} of {all} need the comma", n=comma, all=cells.total()))
    if either and not point and not comma:
        return Form(OPEN, say('say which: {n} such as 1.500 fit "." and ","', n=either))
    return Form(None)
