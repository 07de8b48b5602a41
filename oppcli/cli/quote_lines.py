"""What is typed of the lines of a quote, by flags or in a file."""

import sys
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from oppcli.cli import price
from oppcli.cli.batch import standard_bytes
from oppcli.cli.context import Context
from oppcli.errors import Reason, UsageError
from oppcli.model.command import command
from oppcli.model.said import listed, say

Cells = tuple[int, Mapping[str, str | None]]
"""(row of a file, column → what stands there)."""
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "sku": ("编码", "料号", "物料号", "产品编码"),
    "item": ("品名", "名称", "产品", "项目"),
    "qty": ("数量",),
    "unit": ("单位",),
    "price": ("单价", "价格"),
    "discount": ("折扣",),
    "tax": ("税率",),
    "cost": ("成本",),
    "note": ("备注",),
}
"""What each column may be called besides its name."""
BESIDE = frozenset(("quote", "version", "deal", "position", "currency", "list", "floor", "amount"))
"""Columns that `opp export lines` has and nobody types."""


def given(opp: Context, typed: Mapping[str, str | None], currency: str) -> dict[str, Any]:
    """The values of what was typed of one line. Refused (2) with everything that cannot be read."""
    found, wrong = price.values(opp, typed, currency)
    price.require_read([each._replace(what=f"--{each.what}") for each in wrong])
    return found


def require_place(deal: str, position: int | None, typed: Mapping[str, str | None]) -> int:
    """Which line is dropped. Refused (2) without one, and with anything else said of it."""
    if position is None:
        raise UsageError(say("say which line is dropped"), hint=command("quote", "line", deal, "1", "--drop"))
    also = [f"--{name}" for name, text in typed.items() if text is not None]
    if also:
        raise UsageError(say("a line is dropped as a whole: not with {flags}", flags=listed(also)))
    return position


def require_said(deal: str, typed: Mapping[str, str | None]) -> None:
    """Refuse (2) a line of which nothing is said."""
    if all(text is None for text in typed.values()):
        raise UsageError(
            say("nothing is said of the line"), hint=command("quote", "line", deal, "--sku", "…", "--qty", "1")
        )


def read(place: str) -> list[Cells]:
    """What is typed in a file, before anything is locked for it: it may be a terminal. Refused (2) for columns that are
    none of a line's, and without a line."""
    from oppcli.files.sheets import open_sheet
    from oppcli.files.sheets.opening import open_file

    stream, name = open_file(place, BytesIO(standard_bytes()) if place == "-" and sys.stdin else None)
    with stream:
        sheet = open_sheet(stream, name)
        places = _places(sheet.header, name)
        rows = list[Cells]()
        for number, cells in sheet.rows():
            typed = {field: cells[at] for field, at in places.items() if at < len(cells) and cells[at].strip()}
            if typed:
                rows.append((number, typed))
    if not rows:
        raise UsageError(say("{name} has no lines", name=name))
    return rows


def values(opp: Context, rows: Iterable[Cells], currency: str) -> list[dict[str, Any]]:
    """The values of lines in a currency. Refused (2) with every one that cannot be read, by its line."""
    found, wrong = [], list[Reason]()
    for number, typed in rows:
        line, faults = price.values(opp, typed, currency)
        at_line = say("row {number}", number=number)
        wrong += [each._replace(what=listed((at_line, each.what), " ")) for each in faults]
        found.append(line)
    price.require_read(wrong)
    return found


def _places(header: tuple[str, ...], name: str) -> dict[str, int]:
    """Field → its column. Refused for one that is none, and where neither sku nor item stands in the file."""
    from oppcli.words.spelling import nearest

    known = {each.casefold(): field for field, others in HEADINGS.items() for each in (field, *others)}
    found: dict[str, int] = {}
    strange = []
    for at, heading in enumerate(header):
        title = heading.strip().casefold()
        if title in known:
            found.setdefault(known[title], at)
        elif title and title not in BESIDE:
            near = nearest(title, known)
            strange.append(Reason(heading, say("is no column of lines{near}", near=near)))
    if strange or not {"sku", "item"} & found.keys():
        raise UsageError(
            say("{name}: its columns are not those of lines", name=name),
            reasons=tuple(strange),
            hint=say("the columns are {names}", names=",".join(HEADINGS)),
        )
    return found
