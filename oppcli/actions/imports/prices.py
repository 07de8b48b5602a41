"""Rows of a price list: each a price from a day on, new or brought up to date."""

from typing import Any

from oppcli.actions import prices
from oppcli.actions.act import Act
from oppcli.actions.imports.rows import TYPED, RowFields, RowTaker
from oppcli.files.kinds import zone_of
from oppcli.files.mapping import ImportMap
from oppcli.files.reading import Problem
from oppcli.files.tally import Draft, Tally
from oppcli.model.fields import LONGEST_KEY, Field
from oppcli.model.quotes import Price
from oppcli.model.records import KEPT
from oppcli.model.said import Word, say
from oppcli.words import unit_prices
from oppcli.words.invalid import Invalid

AMOUNTS = ("list", "floor", "cost")
NEEDED = ("sku", "list", "from_on")
_KINDS = {**dict.fromkeys(AMOUNTS, TYPED), "currency": "currency", "tax": "percent", "from_on": "date", "to_on": "date"}


class PriceTaker(RowTaker[dict[str, Any]]):
    """Prices: new ones added, those of the same thing, currency and first day edited. The rules are those of `opp price
    set`."""

    @classmethod
    def fields(cls, act: Act, mapping: ImportMap) -> RowFields:
        """Refused to who may not set prices."""
        act.require("import", say("import {kind}", kind=Word("plural", mapping.kind)))
        act.require(prices.VERB, say("set prices"))
        names = ("sku", "name", "unit", "currency", "external_id", *AMOUNTS, "tax", "from_on", "to_on")
        found = (Field(each, _KINDS.get(each, "text"), required=each in NEEDED, longest=LONGEST_KEY) for each in names)
        return RowFields(found, zone_of(mapping, act.policy))

    def read(self, draft: Draft) -> dict[str, Any] | None:
        """What is said of it, prices in the currency of the row, else the policy's; None with a problem."""
        values = {name: value for name, value in draft.values.items() if value is not None}
        values["currency"] = currency = values.get("currency", self.act.policy.currency)
        for name in (name for name in AMOUNTS if name in values):
            try:
                values[name] = unit_prices.price(values[name].text, currency, values[name].decimal)
            except Invalid as wrong:
                draft.wrong(name, Problem(wrong))
        return None if draft.problems else values

    def keep(self, told: dict[str, Any], tally: Tally) -> None:
        """Kept. Refused as `prices.kept` is."""
        sku, begins, currency = (told.pop(name) for name in ("sku", "from_on", "currency"))
        if "external_id" in told:
            told["system"] = self.mapping.system
        found = self.act.door.find(Price, sku=sku, currency=currency, from_on=begins, standing=KEPT)
        if found and (self.skips or all(getattr(found[0], name) == value for name, value in told.items())):
            tally.unchanged += 1
            return
        prices.kept(self.act, sku, told, currency=currency, from_on=begins)
        tally.created += not found
        tally.updated += bool(found)
