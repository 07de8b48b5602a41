"""Rows of judgements (`kind = "judgements"`): each said as by `opp forecast adjust`, refused by its rules by row."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from oppcli.actions import judgements
from oppcli.actions.act import Act
from oppcli.actions.imports.referring import Referring
from oppcli.actions.outcome import Outcome
from oppcli.errors import OppError
from oppcli.files import kinds, references
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
from oppcli.files.mapping import ImportMap, Source
from oppcli.files.mapping_keys import SKIP
from oppcli.files.reading import BLANK, Columns, Convert, Read
from oppcli.files.references import REFERENCE
from oppcli.files.sheets import Row
from oppcli.files.tally import Draft, Tally, drafted, refused
from oppcli.model.deals import Deal
from oppcli.model.fields import Field
from oppcli.model.judgements import Judgement
from oppcli.model.people import User
from oppcli.model.records import LIVE
from oppcli.model.said import say
from oppcli.words import amounts, currencies
from oppcli.words.kinds import Reading
from oppcli.words.periods import JANUARY, label, parse_period
from oppcli.words.periods import MONTH as A_MONTH

_KINDS = {CLOSE: "date", DEAL: REFERENCE}
_OF_DEALS = {AMOUNT: "amount", CATEGORY: "category", CLOSE: "expected_close"}
_OPTIONS = {
    **{option: column for column, field in _OF_DEALS.items() for option in (judgements.OPTIONS[field],)},
    **{"--change": CHANGE, "--period": MONTH, "-m": REASON},
}
"""What is wrong with an option is wrong with its column."""


class JudgementFields:
    """The fields of a judgement: each is read by the words that are typed."""

    needed: tuple[str, ...] = NEEDED
    fields: Mapping[str, Field] = {
        name: Field(name, _KINDS.get(name, "text"), required=name in NEEDED) for name in NAMES
    }

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone

    def of(self, field: Field, source: Source) -> Convert:
        """The function from a cell's text to the value; it raises `Invalid`."""
        if field.kind == "date":
            return kinds.converter(field, source, currency="", zone=self.zone)
        return currencies.parse if field.name == CURRENCY else str.strip


class JudgementTaker:
    """Judgements row by row: new ones said, others of the same deal or month in their place, the same again nothing."""

    def __init__(self, act: Act, mapping: ImportMap, columns: Columns, to: JudgementFields) -> None:
        self.act, self.mapping, self.to = act, mapping, to
        self.deals: Referring | None = None
        self.readers: list[tuple[str, Read]] = []
        for name, source in mapping.fields.items():
            if name == DEAL:
                named = source if references.speaks_of(source) else replace(source, by="id")
                self.deals = Referring(act, DEAL, named, mapping.system)
                self.readers.append((name, references.reader(columns, named, DEAL)))
            else:
                self.readers.append((name, columns.reader(source, partial(to.of, to.fields[name]))))
        self.met: dict[tuple[str, ...], int] = {}
        """By who said what of which, the line that said it."""

    def take(self, chunk: list[tuple[int, Row]], tally: Tally) -> list[Draft]:
        """Store what can be stored; the drafts in order."""
        drafts = [drafted(line, cells, self.readers, self.to.fields) for line, cells in chunk]
        if self.deals is not None:
            named = [(draft, each) for draft in drafts if (each := draft.values.get(DEAL)) and not draft.problems]
            for draft, why in self.deals.resolve(named):
                draft.wrong(DEAL, why)
        for draft in (each for each in drafts if not each.problems):
            try:
                self._store(draft, tally)
            except OppError as refusal:
                refused(draft, refusal, _OPTIONS)
        return drafts

    def _store(self, draft: Draft, tally: Tally) -> None:
        values, act = draft.values, self.act
        by = act.people[act.login(values.get(BY) or act.by, active=False)]
        judgements.require_word(act, by.login)
        if values.get(DEAL):
            self._of_deal(draft, by, tally)
            return
        for name in (each for each in _OF_DEALS if values.get(each)):
            draft.wrong(name, say("is of a deal, and the row names none"))
        for name in (each for each in (OWNER, MONTH) if not values.get(each)):
            draft.wrong(name, BLANK)
        if not draft.problems:
            self._of_month(draft, by, tally)

    def _of_deal(self, draft: Draft, by: User, tally: Tally) -> None:
        values, act = draft.values, self.act
        for name in (each for each in (MONTH, CHANGE) if values.get(each)):
            draft.wrong(name, say("is of a month, not of a deal"))
        if draft.problems:
            return
        assert self.deals is not None
        deal = act.door.get(Deal, self.deals.known(values[DEAL]) or 0)
        typed = {field: values[name] for name, field in _OF_DEALS.items() if values.get(name)}
        if values.get(AMOUNT):
            typed["amount"] = self._money(values[AMOUNT], values)
        reading = Reading(deal.currency, date.fromisoformat, self._decimal(AMOUNT))

        def say_it() -> Outcome:
            return judgements.of_deal(act, deal, typed, values[REASON], reading, by)

        self._kept(draft, tally, {"deal_id": deal.id, "judged_by": by.login}, say_it)

    def _of_month(self, draft: Draft, by: User, tally: Tally) -> None:
        values, act = draft.values, self.act
        login = act.login(values[OWNER], active=False)
        period = parse_period(values[MONTH], today=act.business_day, begins=JANUARY)
        change = self._money(values[CHANGE], values) if values.get(CHANGE) else None

        def say_it() -> Outcome:
            return judgements.of_month(act, login, period, change, values[REASON], by, self._decimal(CHANGE))

        what = {"owner": login, "month": label(period.first, A_MONTH), "judged_by": by.login}
        self._kept(draft, tally, what, say_it)

    def _kept(self, draft: Draft, tally: Tally, what: Mapping[str, str | int], say_it: Callable[[], Outcome]) -> None:
        """What a row says, and what became of it by what was there."""
        line = self.met.setdefault(tuple(map(str, what.values())), draft.line)
        if line != draft.line:
            draft.wrong(DEAL if "deal_id" in what else MONTH, say("it is on line {line} already", line=line))
            return
        there = self.act.door.find(Judgement, **what, standing=LIVE)
        if there and self.mapping.existing == SKIP:
            tally.unchanged += 1
            return
        said = bool(say_it().ids)
        tally.created += said and not there
        tally.updated += said and bool(there)
        tally.unchanged += not said

    def _money(self, text: str, values: Mapping[str, str]) -> str:
        """The amount with the currency that the row names, where the cell names none."""
        code = values.get(CURRENCY)
        return f"{code} {text}" if code and amounts.chosen(text) is None else text

    def _decimal(self, name: str) -> str:
        return (self.mapping.fields[name].decimal if name in self.mapping.fields else None) or "."
