"""Rows of a price list: each a price from a day on, new or brought up to date."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from oppcli.actions import prices
from oppcli.actions.act import Act
from oppcli.errors import OppError
from oppcli.files import dates
from oppcli.files.mapping import ImportMap, Source
from oppcli.files.mapping_keys import SKIP
from oppcli.files.reading import BLANK, Columns, Convert, Problem, Read
from oppcli.files.sheets import Row
from oppcli.files.tally import Draft, Tally, sentence
from oppcli.model.fields import LONGEST_KEY, Field
from oppcli.model.policy import Policy
from oppcli.model.quotes import Price
from oppcli.model.records import KEPT
from oppcli.model.said import say
from oppcli.words import currencies, percents, unit_prices
from oppcli.words.invalid import Invalid

AMOUNTS = ("list", "floor", "cost")


class PriceFields:
    """The fields of a price: makes the conversion of a cell for each."""

    needed: tuple[str, ...] = ("sku", "list", "from_on")
    fields: Mapping[str, Field] = {
        **{name: Field(name) for name in ("sku", "name", "unit", "currency", "external_id")},
        **{name: Field(name, "number") for name in (*AMOUNTS, "tax")},
        **{name: Field(name, "date") for name in ("from_on", "to_on")},
    }

    def __init__(self, policy: Policy, zone: ZoneInfo) -> None:
        self.policy, self.zone = policy, zone

    def of(self, field: Field, source: Source) -> Convert:
        """What makes the stored value of a cell."""
        decimal = source.decimal or "."
        if field.name in AMOUNTS:
            # Its currency may stand in another cell: what is said beside the number is looked at with that.
            return lambda text: (text.strip(), decimal)
        if field.name == "tax":
            return lambda text: percents.parse(text, decimal)
        if field.kind == "date":
            return lambda text: dates.day(text, source.date, self.zone).isoformat()
        return currencies.parse if field.name == "currency" else _text


def _text(text: str) -> str:
    if len(text) > LONGEST_KEY:
        raise Invalid(say("has more than {n} characters", n=LONGEST_KEY))
    return text.strip()


class PriceTaker:
    """Prices: new ones added, those of the same thing, currency and first day edited. The rules are those of `opp price
    set`."""

    def __init__(self, act: Act, mapping: ImportMap, columns: Columns, to: PriceFields) -> None:
        act.require(prices.VERB, say("set prices"))
        self.act, self.mapping = act, mapping
        self.readers: list[tuple[str, Read]] = [
            (name, columns.reader(source, partial(to.of, to.fields[name]), cached=False))
            for name, source in mapping.fields.items()
        ]

    def take(self, chunk: list[tuple[int, Row]], tally: Tally) -> list[Draft]:
        """Store what can be stored; the drafts in order."""
        drafts = [self._read(line, cells) for line, cells in chunk]
        for draft in drafts:
            if draft.problems:
                continue
            try:
                self._store(draft.values, tally)
            except OppError as refusal:
                draft.wrong("", sentence(refusal))
        return drafts

    def _read(self, line: int, cells: Row) -> Draft:
        draft = Draft(line, cells)
        for name, read in self.readers:
            value = read(cells)
            if type(value) is Problem:
                draft.wrong(name, value)
            elif value is not None:
                draft.values[name] = value
            elif name in PriceFields.needed:
                draft.wrong(name, BLANK)
        currency = draft.values.get("currency", self.act.policy.currency)
        for name in (name for name in AMOUNTS if name in draft.values):
            text, decimal = draft.values[name]
            try:
                draft.values[name] = unit_prices.price(text, currency, decimal)
            except Invalid as wrong:
                draft.wrong(name, Problem(wrong))
        return draft

    def _store(self, values: dict[str, Any], tally: Tally) -> None:
        sku, begins = values.pop("sku"), values.pop("from_on")
        currency = values.pop("currency", self.act.policy.currency)
        if "external_id" in values:
            values["system"] = self.mapping.system
        found = self.act.door.find(Price, sku=sku, currency=currency, from_on=begins, standing=KEPT)
        if found and (
            self.mapping.existing == SKIP or all(getattr(found[0], name) == value for name, value in values.items())
        ):
            tally.unchanged += 1
            return
        prices.kept(self.act, sku, values, currency=currency, from_on=begins)
        if found:
            tally.updated += 1
        else:
            tally.created += 1
