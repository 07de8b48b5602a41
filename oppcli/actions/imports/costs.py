"""Rows of costs of sources (`kind = "costs"`): each entered as by `opp cost add`, refused by its rules row by row."""

from collections.abc import Sequence
from datetime import date

from oppcli.actions import costs
from oppcli.actions.act import Act
from oppcli.actions.imports.rows import TYPED, RowFields, RowTaker
from oppcli.errors import OppError
from oppcli.files.costs import AMOUNT, CURRENCY, DAYS, FIRST, LAST, NAMES, NEEDED, PERIOD, SOURCE
from oppcli.files.kinds import zone_of
from oppcli.files.mapping import ImportMap
from oppcli.files.reading import BLANK
from oppcli.files.tally import Draft, Tally, sentence
from oppcli.model.costs import Cost
from oppcli.model.fields import Field
from oppcli.model.records import LIVE
from oppcli.model.said import say
from oppcli.words import amounts
from oppcli.words.periods import Period, parse_period

Key = tuple[str, str, str, str]
"""(source, first day, last day, currency)."""


class CostTaker(RowTaker[tuple[Key, int]]):
    """Costs row by row: new ones entered, others of the same source and period corrected, the same again nothing."""

    late = AMOUNT
    known: dict[Key, Cost]

    @classmethod
    def fields(cls, act: Act, mapping: ImportMap) -> RowFields:
        """Refused to who may not enter costs."""
        act.require(costs.VERB, say("enter costs"))
        found = {**dict.fromkeys(DAYS, "date"), AMOUNT: TYPED, CURRENCY: "currency"}
        return RowFields(
            (Field(name, found.get(name, "text"), required=name in NEEDED) for name in NAMES),
            zone_of(mapping, act.policy),
        )

    def read(self, draft: Draft) -> tuple[Key, int] | None:
        """What it is a cost of, and how much: in the currency of the row, else the one it names, else the policy's."""
        period, (text, decimal) = self._period(draft), draft.values[AMOUNT]
        code = draft.values.get(CURRENCY) or amounts.chosen(text) or self.act.policy.currency
        minor = amounts.parse(text, code, decimal)
        if period is None:
            return None
        first, last = (day.isoformat() for day in period)
        key = (draft.values[SOURCE], first, last, code)
        return (key, minor) if self.is_first(draft, key, SOURCE) else None

    def look_up(self, told: Sequence[tuple[Key, int]]) -> None:
        """Those that are there, in one statement."""
        sources, firsts = sorted({key[0] for key, _ in told}), sorted({key[1] for key, _ in told})
        here = self.act.door.find(Cost, source=sources, first=firsts, standing=LIVE) if told else []
        self.known = {(each.source, each.first, each.last, each.currency): each for each in here}

    def keep(self, told: tuple[Key, int], tally: Tally) -> None:
        """Entered, in place of what is there."""
        (source, first, last, code), minor = told
        before = self.known.get(told[0])
        tally.count(
            before,
            before if before and self.skips else costs.put(self.act, before, source, first, last, minor, code),
        )

    def _period(self, draft: Draft) -> Period | None:
        """The days of a row: a period by its name, else from its first to its last; None with a problem."""
        today, begins = self.act.business_day, self.act.policy.fiscal_year
        values = draft.values
        try:
            if values.get(PERIOD) is not None:
                return parse_period(values[PERIOD], today=today, begins=begins)
        except OppError as wrong:
            draft.wrong(PERIOD, sentence(wrong))
            return None
        if missing := [each for each in DAYS if values.get(each) is None]:
            for name in missing if len(missing) < len(DAYS) else (PERIOD,):
                draft.wrong(name, BLANK)
            return None
        first, last = (date.fromisoformat(values[each]) for each in DAYS)
        if last < first:
            draft.wrong(LAST, say("is before {field}", field=FIRST))
            return None
        return Period(first, last)
