"""Rows of costs of sources (`kind = "costs"`): each entered as by `opp cost add`, refused by its rules row by row."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from oppcli.actions import costs
from oppcli.actions.act import Act
from oppcli.errors import OppError
from oppcli.files import kinds
from oppcli.files.costs import AMOUNT, CURRENCY, DAYS, FIRST, LAST, NAMES, NEEDED, PERIOD, SOURCE
from oppcli.files.mapping import ImportMap, Source
from oppcli.files.mapping_keys import SKIP
from oppcli.files.reading import BLANK, Columns, Convert, Read
from oppcli.files.sheets import Row
from oppcli.files.tally import Draft, Tally, drafted, sentence
from oppcli.model.costs import Cost
from oppcli.model.fields import Field
from oppcli.model.records import LIVE
from oppcli.model.said import say
from oppcli.words import amounts, currencies
from oppcli.words.invalid import Invalid
from oppcli.words.periods import Period, parse_period
from oppcli.words.text import bare

Key = tuple[str, str, str, str]
"""(source, first day, last day, currency)."""


class CostFields:
    """The fields of a cost: each is read by the words that are typed."""

    needed: tuple[str, ...] = NEEDED
    fields: Mapping[str, Field] = {
        name: Field(name, "date" if name in DAYS else "text", required=name in NEEDED) for name in NAMES
    }

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone

    def of(self, field: Field, source: Source) -> Convert:
        """The function from a cell's text to the value; it raises `Invalid`."""
        if field.kind == "date":
            return kinds.converter(field, source, currency="", zone=self.zone)
        return currencies.parse if field.name == CURRENCY else bare


class CostTaker:
    """Costs row by row: new ones entered, others of the same source and period corrected, the same again nothing."""

    def __init__(self, act: Act, mapping: ImportMap, columns: Columns, to: CostFields) -> None:
        self.act, self.mapping, self.to = act, mapping, to
        self.decimal = mapping.fields[AMOUNT].decimal or "."
        self.readers: list[tuple[str, Read]] = [
            (name, columns.reader(source, partial(to.of, to.fields[name]))) for name, source in mapping.fields.items()
        ]
        self.met: dict[Key, int] = {}
        """By what it is a cost of, the line that said it."""

    def take(self, chunk: list[tuple[int, Row]], tally: Tally) -> list[Draft]:
        """Store what can be stored; the drafts in order."""
        drafts = [drafted(line, cells, self.readers, self.to.fields) for line, cells in chunk]
        read = [found for draft in drafts if not draft.problems and (found := self._read(draft))]
        known = self._known([key for _, key, _ in read])
        for draft, key, minor in read:
            self._store(draft, key, minor, known.get(key), tally)
        return drafts

    def _read(self, draft: Draft) -> tuple[Draft, Key, int] | None:
        """What it is a cost of, and how much; None with a problem."""
        period, amount = self._period(draft), self._amount(draft)
        if period is None or amount is None:
            return None
        first, last = (day.isoformat() for day in period)
        key = (draft.values[SOURCE], first, last, amount[1])
        line = self.met.setdefault(key, draft.line)
        if line != draft.line:
            draft.wrong(SOURCE, say("it is on line {line} already", line=line))
            return None
        return draft, key, amount[0]

    def _known(self, keys: Sequence[Key]) -> dict[Key, Cost]:
        """Those that are there, in one statement."""
        sources, firsts = sorted({key[0] for key in keys}), sorted({key[1] for key in keys})
        here = self.act.door.find(Cost, source=sources, first=firsts, standing=LIVE) if keys else []
        return {(each.source, each.first, each.last, each.currency): each for each in here}

    def _store(self, draft: Draft, key: Key, minor: int, before: Cost | None, tally: Tally) -> None:
        source, first, last, code = key
        try:
            after = before if before and self.mapping.existing == SKIP else None
            after = after or costs.put(self.act, before, source, first, last, minor, code)
        except OppError as refusal:
            draft.wrong("", sentence(refusal))
            return
        tally.created += before is None
        tally.updated += before is not None and after != before
        tally.unchanged += after == before

    def _period(self, draft: Draft) -> Period | None:
        """The days of a row: a period by its name, else from its first to its last; None with a problem."""
        today, begins = self.act.business_day, self.act.policy.fiscal_year
        values = draft.values
        try:
            if PERIOD in values:
                return parse_period(values[PERIOD], today=today, begins=begins)
        except OppError as wrong:
            draft.wrong(PERIOD, sentence(wrong))
            return None
        if missing := [each for each in DAYS if each not in values]:
            for name in missing if len(missing) < len(DAYS) else (PERIOD,):
                draft.wrong(name, BLANK)
            return None
        first, last = (date.fromisoformat(values[each]) for each in DAYS)
        if last < first:
            draft.wrong(LAST, say("is before {field}", field=FIRST))
            return None
        return Period(first, last)

    def _amount(self, draft: Draft) -> tuple[int, str] | None:
        """The amount in minor units, and its currency: that of the row, else the one it names, else the policy's."""
        text = draft.values[AMOUNT]
        try:
            code = draft.values.get(CURRENCY) or amounts.chosen(text) or self.act.policy.currency
            return amounts.parse(text, code, self.decimal), code
        except Invalid as wrong:
            draft.wrong(AMOUNT, wrong.message)
            return None
