"""Rows of judgements (`kind = "judgements"`): each said as by `opp forecast adjust`, refused by its rules by row."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from oppcli.actions import judgements
from oppcli.actions.act import Act
from oppcli.actions.imports.rows import TYPED, RowFields, RowTaker, Typed
from oppcli.actions.judgements import Filed
from oppcli.actions.outcome import Outcome
from oppcli.files.judgements import (
    AMOUNT,
    BY,
    CATEGORY,
    CHANGE,
    CLOSE,
    CURRENCY,
    DEAL,
    MONTH,
    NAMES,
    NEEDED,
    OWNER,
    REASON,
)
from oppcli.files.kinds import zone_of
from oppcli.files.mapping import ImportMap
from oppcli.files.reading import BLANK
from oppcli.files.references import REFERENCE
from oppcli.files.tally import Draft, Tally
from oppcli.model.deals import Deal
from oppcli.model.fields import Field
from oppcli.model.said import say
from oppcli.words import amounts
from oppcli.words.kinds import Reading
from oppcli.words.periods import JANUARY, label, parse_period
from oppcli.words.periods import MONTH as A_MONTH

_KINDS = {CLOSE: "date", DEAL: REFERENCE, CURRENCY: "currency", AMOUNT: TYPED, CHANGE: TYPED}
_OF_DEALS = {AMOUNT: "amount", CATEGORY: "category", CLOSE: "expected_close"}


class JudgementTaker(RowTaker[Draft]):
    """Judgements row by row: new ones said, others of the same deal or month in their place, the same again nothing."""

    options: ClassVar[Mapping[str, str]] = {
        **{judgements.OPTIONS[field]: column for column, field in _OF_DEALS.items()},
        **{"--change": CHANGE, "--period": MONTH, "-m": REASON},
    }
    named_by = "id"

    @classmethod
    def fields(cls, act: Act, mapping: ImportMap) -> RowFields:
        """Who may judge is asked of each."""
        found = (Field(name, _KINDS.get(name, "text"), required=name in NEEDED) for name in NAMES)
        return RowFields(found, zone_of(mapping, act.policy))

    def read(self, draft: Draft) -> Draft | None:
        """A row that says one thing, of a deal or of a month. Refused to who may not speak for who is named."""
        values, act = draft.values, self.act
        values[BY] = act.people[act.login(values.get(BY) or act.by, active=False)]
        judgements.require_word(act, values[BY].login)
        if values.get(DEAL):
            for name in (each for each in (MONTH, CHANGE) if values.get(each)):
                draft.wrong(name, say("is of a month, not of a deal"))
        else:
            for name in (each for each in _OF_DEALS if values.get(each)):
                draft.wrong(name, say("is of a deal, and the row names none"))
            for name in (each for each in (OWNER, MONTH) if not values.get(each)):
                draft.wrong(name, BLANK)
        return None if draft.problems else draft

    def keep(self, told: Draft, tally: Tally) -> None:
        """Said, in place of what was. Refused as `opp forecast adjust` is."""
        if told.values.get(DEAL):
            self._of_deal(told, tally)
        else:
            self._of_month(told, tally)

    def _of_deal(self, draft: Draft, tally: Tally) -> None:
        values, act = draft.values, self.act
        deal = act.door.get(Deal, self.referring[DEAL].known(values[DEAL]) or 0)
        typed = {field: values[name] for name, field in _OF_DEALS.items() if values.get(name)}
        amount = values.get(AMOUNT) or Typed("", ".")
        if amount.text:
            typed["amount"] = self._money(amount, values)
        if filed := self._filed(draft, tally, DEAL, deal_id=deal.id):
            reading = Reading(deal.currency, date.fromisoformat, amount.decimal)
            _count(tally, filed, judgements.of_deal(act, deal, typed, values[REASON], reading, filed))

    def _of_month(self, draft: Draft, tally: Tally) -> None:
        values, act = draft.values, self.act
        login = act.login(values[OWNER], active=False)
        period = parse_period(values[MONTH], today=act.business_day, begins=JANUARY)
        change = values.get(CHANGE) or Typed("", ".")
        text = self._money(change, values) if change.text else None
        if filed := self._filed(draft, tally, MONTH, owner=login, month=label(period.first, A_MONTH)):
            said = judgements.of_month(act, login, period, text, values[REASON], filed, change.decimal)
            _count(tally, filed, said)

    def _filed(self, draft: Draft, tally: Tally, name: str, **of: str | int) -> Filed | None:
        """Who says it, and what they said of the same before; None where the row says nothing new."""
        by = draft.values[BY]
        if not self.is_first(draft, (by.login, *of.values()), name):
            return None
        before = judgements.said(self.act, by.login, **of)
        if before is not None and self.skips:
            tally.unchanged += 1
            return None
        return Filed(by, before)

    @staticmethod
    def _money(typed: Typed, values: dict[str, Any]) -> str:
        """The amount with the currency that the row names, where the cell names none."""
        code = values.get(CURRENCY)
        return f"{code} {typed.text}" if code and amounts.chosen(typed.text) is None else typed.text


def _count(tally: Tally, filed: Filed, said: Outcome) -> None:
    tally.count(filed.before, said if said.ids else filed.before)
