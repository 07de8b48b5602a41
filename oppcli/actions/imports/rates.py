"""Exchange rates from a file: new ones entered, others of the same day corrected, the same again nothing."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from oppcli.actions.act import Act
from oppcli.files import kinds
from oppcli.files.mapping import ImportMap, Source
from oppcli.files.mapping_keys import SKIP
from oppcli.files.rates import BASE, CURRENCY, DAY, RATE
from oppcli.files.reading import BLANK, Columns, Convert, Problem, Read
from oppcli.files.sheets import Row
from oppcli.files.tally import Draft, Tally
from oppcli.model.fields import Field
from oppcli.model.money import CURRENCIES
from oppcli.model.noun import replace
from oppcli.model.rates import Rate
from oppcli.model.records import LIVE
from oppcli.model.said import say
from oppcli.rules import exchange
from oppcli.words import currencies, numbers
from oppcli.words.invalid import Invalid

Key = tuple[str, str, str]
"""(base, currency, day)."""


class RateFields:
    """The fields of a row of rates: those of one rate, or one for each currency."""

    needed: tuple[str, ...] = (DAY, BASE)

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        plain = (Field(DAY, "date", required=True), Field(BASE), Field(CURRENCY), Field(RATE, "rate"))
        self.fields: Mapping[str, Field] = {
            field.name: field for field in (*plain, *(Field(code, "rate") for code in sorted(CURRENCIES)))
        }

    def of(self, field: Field, source: Source) -> Convert:
        if field.kind == "rate":
            return lambda text: _rate(text, source.decimal or ".")
        if field.kind == "date":
            return kinds.converter(field, source, currency="", zone=self.zone)
        return currencies.parse


def _rate(text: str, decimal: str) -> str:
    """An exact decimal in plain digits. Refused (`Invalid`) for what is no rate."""
    number = numbers.parse(text, decimal)
    if wrong := exchange.no_rate(number):
        raise Invalid(wrong)
    return numbers.shown(number)


class RateTaker:
    """Rates row by row; a row of several is counted once: as new where one of them is."""

    def __init__(self, act: Act, mapping: ImportMap, columns: Columns, to: RateFields) -> None:
        self.act, self.door, self.mapping = act, act.door, mapping
        self.readers: list[tuple[str, Read]] = [
            (name, columns.reader(source, partial(to.of, to.fields[name]))) for name, source in mapping.fields.items()
        ]
        self.met: dict[Key, int] = {}
        """By what it is a rate of, the line that said it."""

    def take(self, chunk: list[tuple[int, Row]], tally: Tally) -> list[Draft]:
        drafts = [self._read(line, cells) for line, cells in chunk]
        good = [draft for draft in drafts if not draft.problems]
        known = self._known(good)
        fresh: list[Rate] = []
        for draft in good:
            self._take(draft, known, fresh, tally)
        self.door.add_many(fresh)
        return drafts

    def _read(self, line: int, cells: Row) -> Draft:
        draft = Draft(line, cells)
        for name, read in self.readers:
            value = read(cells)
            if type(value) is Problem:
                draft.wrong(name, value)
            elif value is None and name in (DAY, BASE, CURRENCY, RATE):
                draft.wrong(name, BLANK)
            elif value is not None:
                draft.values[name] = value
        if not draft.problems:
            self._check(draft)
        return draft

    def _check(self, draft: Draft) -> None:
        for key, _ in _rates(draft.values):
            base, currency, _ = key
            if (wrong := exchange.no_pair(base, currency)) and CURRENCY in draft.values:
                draft.wrong(CURRENCY, wrong)
            line = self.met.setdefault(key, draft.line)
            if line != draft.line:
                name = CURRENCY if CURRENCY in draft.values else currency
                draft.wrong(name, say("it is on line {line} already", line=line))

    def _known(self, drafts: Iterable[Draft]) -> dict[Key, Rate]:
        keys = [key for draft in drafts for key, _ in _rates(draft.values)]
        bases, days = sorted({key[0] for key in keys}), sorted({key[2] for key in keys})
        here = self.door.find(Rate, base=bases, day=days, standing=LIVE) if keys else []
        return {(each.base, each.currency, each.day): each for each in here}

    def _take(self, draft: Draft, known: dict[Key, Rate], fresh: list[Rate], tally: Tally) -> None:
        new = changed = False
        for key, rate in _rates(draft.values):
            base, currency, day = key
            before = known.get(key)
            if before is None:
                at, by = self.act.now, self.act.by
                fresh.append(Rate(base=base, currency=currency, day=day, rate=rate, created_at=at, created_by=by))
                new = True
            elif before.rate != rate and self.mapping.existing != SKIP:
                self.door.save(before, replace(before, rate=rate))
                changed = True
        tally.created += new
        tally.updated += changed and not new
        tally.unchanged += not (new or changed)


def _rates(values: dict[str, Any]) -> Iterator[tuple[Key, str]]:
    """Every rate that a row tells; a currency in itself is none."""
    base, day = values[BASE], values[DAY]
    if RATE in values:
        yield (base, values[CURRENCY], day), values[RATE]
    for name, rate in values.items():
        if name in CURRENCIES and name != base:
            yield (base, name, day), rate
