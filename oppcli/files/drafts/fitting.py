"""Whether the cells of a column fit a field, and what a mapping has to say for them to be read."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from oppcli.files import kinds
from oppcli.files.doubts import FRACTION, Doubtful
from oppcli.files.drafts.forms import Form, Order, date_form, decimal_form
from oppcli.files.drafts.names import plain
from oppcli.files.drafts.sample import Cells
from oppcli.files.mapping import Source
from oppcli.files.mapping_keys import OPEN
from oppcli.files.reading import Convert
from oppcli.model import money
from oppcli.model.fields import Field
from oppcli.model.policy import Policy
from oppcli.model.said import Said, listed, say
from oppcli.tuples import NamedTuple
from oppcli.words import amounts, emails, numbers
from oppcli.words.invalid import Invalid

ENOUGH = 0.75
"""The share of the cells that has to fit."""
NAMING = ("owner", "created_by")
_SAID = {
    "thousand": 10**3, "thousands": 10**3, "000": 10**3, "000s": 10**3, "千": 10**3, "仟": 10**3,
    "million": 10**6, "millions": 10**6, "mn": 10**6, "mio": 10**6, "billion": 10**9,
}  # fmt: skip
"""What stands in headers beside what one types behind a number."""
_ASIDE = re.compile(r"[(（\[【](.*?)[)）\]】]")
_BEHIND = re.compile(r"[万亿千][元]?$")
_CURRENCIES = sorted({*amounts.SIGNS, *money.CURRENCIES, "RMB"}, key=len, reverse=True)
_NOT_UNITS = re.compile("|".join(["in ", "单位", "[:： ]", *map(re.escape, _CURRENCIES)]), re.IGNORECASE)


class Here(NamedTuple):
    """What there is already, for the columns to be put to."""

    policy: Policy
    fields: Mapping[str, Field]
    """Every field that a mapping may name."""
    zone: ZoneInfo
    now: int
    person: Callable[[str], bool]
    """Whether somebody is called so here."""


class Fit(NamedTuple):
    """What a source says besides its column, and why it fits."""

    keys: dict[str, Any]
    why: Said
    sure: bool = True


def fit(cells: Cells, field: Field, rows: int, here: Here, currency: str, order: str | None) -> Fit | None:
    """How the column fits the field; None where it does not. `currency`: of amounts; `order`: the first part of dates
    that another column decides, `%d` or `%m`."""
    if field.name == "external_id":
        return ids(cells, rows)
    if field.name in NAMING:
        return _people(cells, here)
    if field.values:
        return _listed(cells, field)
    if field.kind in ("date", "instant"):
        return _dates(cells, field, here, order)
    if field.kind in kinds.NUMERIC or field.kind == "bool":
        return _numbers(cells, field, here, currency)
    if field.name in ("title", "customer") and _share(cells, _is_number) > 1 - ENOUGH:
        return None
    keys = {"create": True} if field.name == "customer" else {}
    n = len(cells.counts)
    return Fit(keys | _blank(cells), say("{n} {n:value|values}", n=n))


def _blank(cells: Cells) -> dict[str, Any]:
    return {"blank": sorted(cells.nothing)} if cells.nothing else {}


def _share(cells: Cells, fits: Callable[[str], bool]) -> float:
    return sum(count for cell, count in cells.counts.items() if fits(cell)) / max(1, cells.filled)


def _is_number(cell: str) -> bool:
    return cell.replace(",", "").replace(".", "").isdigit()


def _is_share(cell: str) -> bool:
    """Whether it is a number from 0 to 1 with decimals."""
    return re.fullmatch(r"0?\.\d+|1\.0*|0", cell) is not None


def ids(cells: Cells, rows: int) -> Fit | None:
    """Whether the cells tell rows apart; of ten or more one may stand twice."""
    differ, filled = len(cells.counts), cells.filled
    twice = [cell for cell, count in cells.counts.items() if count > 1]
    if filled < ENOUGH * rows or (differ < 0.98 * filled and (filled < 10 or filled - differ > 1)):
        return None
    if twice:
        why = say("{n} of {all} differ; more than once: {ids}", n=differ, all=filled, ids=listed(twice[:3]))
        return Fit(_blank(cells), why, sure=False)
    return Fit(_blank(cells), say("{n} of {all} differ", n=differ, all=filled), sure=differ == filled)


def measured(cells: Cells) -> bool:
    """Whether most cells are days or amounts: these differ today and tell nothing apart tomorrow."""
    return _share(cells, lambda cell: _MEASURED.fullmatch(cell) is not None) > 0.5


def counted(cells: Cells) -> bool:
    """Whether most cells are whole numbers of up to three figures: an age in days, seats. These may differ today, and
    be others tomorrow."""
    return _share(cells, lambda cell: re.fullmatch(r"\d{1,3}", cell) is not None) > 0.5


_MEASURED = re.compile(
    r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?.*"  # 2026-03-14, 14.3.2026 10:00
    r"|\W*\d[\d.,' ]*[.,]\d+\W*"  # 12,500.00 €
    r"|[$€£¥￥].*|.*[$€£¥￥元%％]"
)


def _people(cells: Cells, here: Here) -> Fit | None:
    if _share(cells, _is_number) > 1 - ENOUGH:
        return None
    addresses = sum(emails.parted(cell)[1] is not None for cell in cells.counts)
    n, known = len(cells.counts), sum(map(here.person, cells.counts))
    why = (
        say("{n} {n:e-mail|e-mails}, {known} known here", n=n, known=known)
        if addresses == n
        else say("{n} {n:name|names}, {known} known here", n=n, known=known)
    )
    return Fit({"create": True} | _blank(cells), why)


def _listed(cells: Cells, field: Field) -> Fit | None:
    """A field with a list of values: others stay open, where most cells have one."""
    meant = {plain(value).replace(" ", ""): value for value in field.values}
    known = {cell: meant.get(plain(cell).replace(" ", "")) for cell in cells.counts}
    n = sum(count for cell, count in cells.counts.items() if known[cell])
    if n < ENOUGH * cells.filled:
        return None
    values = {cell: value or OPEN for cell, value in known.items() if cell != value}
    keys = ({"values": values} if values else {}) | _blank(cells)
    return Fit(keys, say("{n} of {all} are its values", n=n, all=cells.filled))


def _dates(cells: Cells, field: Field, here: Here, order: str | None) -> Fit | None:
    form = date_form(cells.counts)
    if isinstance(form, Order):
        return _ordered(cells, form, order)
    n = readable(cells.counts, kinds.converter(field, Source(date=form), currency="", zone=here.zone))
    if n < ENOUGH * cells.filled:
        return None
    said = {"date": form} if form else {}
    return Fit(said | _blank(cells), say("{n} of {all} are dates", n=n, all=cells.filled), sure=n == cells.filled)


def _ordered(cells: Cells, form: Order, order: str | None) -> Fit | None:
    told = form.decided
    if told:
        only = form.only_day_first + form.only_month_first
        why = say("{n} of {all} fit only {form}", n=only, all=cells.filled, form=told)
        return Fit({"date": told} | _blank(cells), why)
    if order and not form.only_day_first:
        told = form.day_first if order == "%d" else form.month_first
        return Fit({"date": told} | _blank(cells), say("written as in the other columns of dates"), sure=False)
    both, day, month = form.both, form.only_day_first, form.only_month_first
    forms = {"first": form.day_first, "second": form.month_first}
    why = (
        say("say which: {n} fit only {first}, {m} only {second}", n=day, m=month, **forms)
        if day
        else say("say which: {n} fit {first} and {second}", n=both, **forms)
    )
    return Fit({"date": OPEN} | _blank(cells), why, sure=False)


def _numbers(cells: Cells, field: Field, here: Here, currency: str) -> Fit | None:
    form = decimal_form(cells.counts) if field.kind in kinds.NUMERIC else Form(None)
    decimal = None if form.said == OPEN else form.said
    if field.unit == "%" and _share(cells, _is_share) > ENOUGH:
        why = say("{n} of {all} lie between 0 and 1", n=cells.filled, all=cells.filled)
        return Fit({"factor": "100"} | _blank(cells), why)
    loose = field._replace(min=None, max=None)
    n = readable(cells.counts, kinds.converter(loose, Source(decimal=decimal), currency=currency, zone=here.zone))
    if form.said != OPEN and n < ENOUGH * cells.filled:
        return None
    said = {"decimal": form.said} if form.said else {}
    what = say("{n} of {all} are amounts", n=n, all=cells.filled)
    if field.kind != "money":
        what = say("{n} of {all} fit", n=n, all=cells.filled)
    why = say("{what}; {why}", what=what, why=form.why) if form.why else what
    if form.said == OPEN and form.why:
        why = form.why
    if field.kind == "money" and (times := worth(cells.name)) > 1:
        said["factor"] = str(times)
        why = say("{why}; times {n}, as its name says", why=why, n=f"{times:,}")
    if field.kind == "percent" and (told := _parts(cells, loose, here)):
        return Fit(said | {"factor": OPEN} | _blank(cells), say("say which: {cells}", cells=told), sure=False)
    return Fit(said | _blank(cells), why, sure=n == cells.filled and form.said != OPEN)


def _parts(cells: Cells, field: Field, here: Here) -> str | None:
    """What of a column of per cents may be parts of 1: `0.25 beside 22% may be a part of 1`."""
    convert = kinds.converter(field, Source(), currency="", zone=here.zone)
    for cell in cells.counts:
        try:
            convert(cell)
        except Doubtful as doubtful:
            if doubtful.doubt.kind == FRACTION:
                return doubtful.doubt.text
        except Invalid:
            continue
    return None


def readable(counts: Counter[str], convert: Convert) -> int:
    """How many cells the conversion takes."""
    return sum(count for cell, count in counts.items() if _takes(convert, cell))


def _takes(convert: Convert, cell: str) -> bool:
    try:
        convert(cell)
    except Doubtful as doubtful:
        return doubtful.doubt.kind == FRACTION
    except Invalid:
        return False
    return True


def worth(column: str) -> int:
    """How much a 1 in this column stands for, by its name: 10,000 in `金额（万元）`; 1 where that says nothing."""
    name = numbers.folded(column)
    for said in [*_ASIDE.findall(name), *_BEHIND.findall(name)]:
        unit = _NOT_UNITS.sub("", said.lower())
        if found := numbers.UNITS.get(unit) or _SAID.get(unit):
            return found
    return 1
