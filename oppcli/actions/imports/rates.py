"""Exchange rates from a file: new ones entered, others of the same day corrected, the same again nothing."""

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from oppcli.actions.act import Act
from oppcli.actions.imports.rows import RowFields, RowTaker
from oppcli.files.kinds import zone_of
from oppcli.files.mapping import ImportMap, Source
from oppcli.files.rates import BASE, CURRENCY, DAY, RATE
from oppcli.files.reading import BLANK, Convert
from oppcli.files.tally import Draft, Tally
from oppcli.model.fields import Field
from oppcli.model.money import CURRENCIES
from oppcli.model.noun import replace
from oppcli.model.rates import Rate
from oppcli.model.records import LIVE
from oppcli.model.said import say
from oppcli.rules import exchange
from oppcli.words import numbers
from oppcli.words.invalid import Invalid

Key = tuple[str, str, str]
"""(base, currency, day)."""
Rates = list[tuple[Key, str]]
"""Every rate that a row tells."""


class RateFields(RowFields):
    """The fields of a row of rates: those of one rate, or one for each currency."""

    def __init__(self, zone: ZoneInfo) -> None:
        plain = (Field(DAY, "date", required=True), Field(BASE, "currency", required=True), Field(CURRENCY, "currency"))
        super().__init__((*plain, *(Field(name, "rate") for name in (RATE, *sorted(CURRENCIES)))), zone)

    def of(self, field: Field, source: Source) -> Convert:
        """Of a rate an exact decimal in plain digits."""
        if field.kind == "rate":
            return lambda text: _rate(text, source.decimal or ".")
        return super().of(field, source)


def _rate(text: str, decimal: str) -> str:
    """An exact decimal in plain digits. Refused (`Invalid`) for what is no rate."""
    number = numbers.parse(text, decimal)
    if wrong := exchange.no_rate(number):
        raise Invalid(wrong)
    return numbers.shown(number)


class RateTaker(RowTaker[Rates]):
    """Rates row by row; a row of several is counted once: as new where one of them is."""

    known: dict[Key, Rate]
    fresh: list[Rate]

    @classmethod
    def fields(cls, act: Act, mapping: ImportMap) -> RowFields:
        """Refused to who may not enter rates."""
        act.require("rate add", say("enter rates"))
        return RateFields(zone_of(mapping, act.policy))

    def read(self, draft: Draft) -> Rates | None:
        """What it tells; None with a problem."""
        values = draft.values
        for name in (name for name in (CURRENCY, RATE) if values.get(name, "") is None):
            draft.wrong(name, BLANK)
        if draft.problems:
            return None
        told = list(_rates(values))
        for key, _ in told:
            name = CURRENCY if CURRENCY in values else key[1]
            if (wrong := exchange.no_pair(*key[:2])) and CURRENCY in values:
                draft.wrong(CURRENCY, wrong)
            self.is_first(draft, key, name)
        return None if draft.problems else told

    def look_up(self, told: Sequence[Rates]) -> None:
        """Those that are there, in one statement."""
        keys = [key for rates in told for key, _ in rates]
        bases, days = sorted({key[0] for key in keys}), sorted({key[2] for key in keys})
        here = self.act.door.find(Rate, base=bases, day=days, standing=LIVE) if keys else []
        self.fresh = []
        self.known = {(each.base, each.currency, each.day): each for each in here}

    def keep(self, told: Rates, tally: Tally) -> None:
        """Entered, or corrected."""
        new = changed = False
        for key, rate in told:
            base, currency, day = key
            before = self.known.get(key)
            if before is None:
                at, by = self.act.now, self.act.by
                self.fresh.append(Rate(base=base, currency=currency, day=day, rate=rate, created_at=at, created_by=by))
                new = True
            elif before.rate != rate and not self.skips:
                self.act.door.save(before, replace(before, rate=rate))
                changed = True
        tally.created += new
        tally.updated += changed and not new
        tally.unchanged += not (new or changed)

    def finish(self, tally: Tally) -> None:
        """Enter the new ones at once."""
        self.act.door.add_many(self.fresh)


def _rates(values: dict[str, Any]) -> Iterator[tuple[Key, str]]:
    """Every rate that a row tells; a currency in itself is none."""
    base, day = values[BASE], values[DAY]
    if RATE in values:
        yield (base, values[CURRENCY], day), values[RATE]
    for name, rate in values.items():
        if name in CURRENCIES and name != base and rate is not None:
            yield (base, name, day), rate
