"""Rows of targets (`kind = "targets"`): each set as by `opp target set`, refused by its rules row by row."""

from collections.abc import Sequence

from oppcli.actions import targets
from oppcli.actions.act import Act
from oppcli.actions.imports.rows import TYPED, RowFields, RowTaker
from oppcli.files.mapping import ImportMap
from oppcli.files.tally import Draft, Tally
from oppcli.files.targets import CURRENCY, MEASURE, MONTH, NAMES, NEEDED, STRETCH, TARGET, TOP, WHO
from oppcli.model.fields import Field
from oppcli.model.records import LIVE
from oppcli.model.targets import Target
from oppcli.rules.targets import Amounts, require_rising
from oppcli.words.periods import JANUARY, parse_period

Key = tuple[str, str, str]
"""(who, month, measure)."""
Told = tuple[Key, Amounts, str | None]
"""What it is a target of, how much, and the currency of money."""


class TargetTaker(RowTaker[Told]):
    """Targets row by row: new ones set, others of the same month corrected, the same again nothing."""

    late = TARGET
    known: dict[Key, Target]

    @classmethod
    def fields(cls, act: Act, mapping: ImportMap) -> RowFields:
        """Who may set targets is asked of each."""
        found = {TARGET: TYPED, STRETCH: TYPED, TOP: TYPED, CURRENCY: "currency"}
        return RowFields(Field(name, found.get(name, "text"), required=name in NEEDED) for name in NAMES)

    def read(self, draft: Draft) -> Told | None:
        """Refused for nobody, no measure, no month and no numbers."""
        values, act = draft.values, self.act
        who, measure = targets.whom(act, values[WHO]), targets.measure(values[MEASURE])
        days = parse_period(values[MONTH], today=act.business_day, begins=JANUARY)
        (month,) = targets.months(days, split=False)
        if not self.is_first(draft, (who, month, measure), MONTH):
            return None
        typed = [each for name in (TARGET, STRETCH, TOP) if (each := values.get(name))]
        levels = targets.BETWEEN.join(each.text for each in typed)
        return (who, month, measure), *targets.typed(act, measure, levels, typed[0].decimal, values.get(CURRENCY))

    def look_up(self, told: Sequence[Told]) -> None:
        """Those that are there, in one statement."""
        who, months = sorted({key[0] for key, *_ in told}), sorted({key[1] for key, *_ in told})
        here = self.act.door.find(Target, who=who, month=months, standing=LIVE) if told else []
        self.known = {(each.who, each.month, each.measure): each for each in here}

    def keep(self, told: Told, tally: Tally) -> None:
        """Stored. Refused as `targets.put` is."""
        (who, month, measure), levels, currency = told
        before = after = self.known.get(told[0])
        if before is None or not self.skips:
            targets.require(self.act, who)
            require_rising(levels, currency)
            after = targets.keep(self.act, before, who, month, measure, levels, currency)
        tally.count(before, after)
