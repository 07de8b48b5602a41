"""The footer of a report below the rows of its export, as Salesforce writes one: the report's name, whose it is, who
made it when. None of it is a row."""

import re
from collections.abc import Iterator

from oppcli.files.sheets.shape import Row

Lined = tuple[int, Row]

MOST = 12
"""Lines that a footer has at most."""
_MARK = re.compile(
    r"(copyright\b|©|\(c\)\s*\d{4}|confidential( information)?\s*([-–—:.].*)?$|generated (by|on|at)\b\s*:?\s*\S"
    r"|.*\ball rights reserved\b|版权所有|(导出|生成|制表|打印|下载)(人|者|时间|日期|于)\s*[:：])",
    re.IGNORECASE,
)
"""How a line begins, or reads, that is in no row."""


def above(rows: Iterator[Lined], header: Row, left: list[int]) -> Iterator[Lined]:
    """The rows without the footer below the last one, or above the header of another file that was pasted to it. Its
    lines are noted in `left`: lines of one cell each, from the first that no row reads like, and those of the same
    paragraph above it."""
    last, held = 0, list[Lined]()
    for found in rows:
        if _is_alone(found[1]):
            held.append(found)
            if len(held) > MOST:
                last = _line_below(held[0])
                yield held.pop(0)
            continue
        yield from _rows(held, last, left) if found[1] == header else held
        last, held = _line_below(found), []
        yield found
    yield from _rows(held, last, left)


def _is_alone(row: Row) -> bool:
    return sum(bool(cell.strip()) for cell in row) == 1


def _rows(held: list[Lined], last: int, left: list[int]) -> list[Lined]:
    """Those of some lines of one cell that are rows; `last` is the line below the row above them."""
    first = next((place for place, (_, row) in enumerate(held) if any(_MARK.match(cell.strip()) for cell in row)), None)
    if first is None:
        return held
    begins = first
    while begins and held[begins][0] == _line_below(held[begins - 1]):
        begins -= 1
    begins = first if held[begins][0] == last else begins
    left += [line for line, _ in held[begins:]]
    return held[:begins]


def _line_below(found: Lined) -> int:
    return found[0] + 1 + sum(cell.count("\n") for cell in found[1])
