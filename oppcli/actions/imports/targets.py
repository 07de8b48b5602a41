"""Rows of targets (`kind = "targets"`): each set as by `opp target set`, refused by its rules row by row."""

from collections.abc import Mapping
from functools import partial

from oppcli.actions import targets
from oppcli.actions.act import Act
from oppcli.errors import OppError
from oppcli.files.mapping import ImportMap, Source
from oppcli.files.mapping_keys import SKIP
from oppcli.files.reading import Columns, Convert, Read
from oppcli.files.sheets import Row
from oppcli.files.tally import Draft, Tally, drafted, sentence
from oppcli.files.targets import CURRENCY, MEASURE, MONTH, NAMES, NEEDED, STRETCH, TARGET, TOP, WHO
from oppcli.model.fields import Field
from oppcli.model.records import LIVE
from oppcli.model.said import say
from oppcli.model.targets import Target
from oppcli.words import currencies
from oppcli.words.invalid import Invalid
from oppcli.words.periods import JANUARY, parse_period


class TargetFields:
    """The fields of a target: each is read by the words that are typed."""

    needed: tuple[str, ...] = NEEDED
    fields: Mapping[str, Field] = {name: Field(name, required=name in NEEDED) for name in NAMES}

    def of(self, field: Field, source: Source) -> Convert:
        """The function from a cell's text to the value; it raises `Invalid`."""
        return currencies.parse if field.name == CURRENCY else str.strip


class TargetTaker:
    """Targets row by row: new ones set, others of the same month corrected, the same again nothing."""

    def __init__(self, act: Act, mapping: ImportMap, columns: Columns, to: TargetFields) -> None:
        self.act, self.mapping, self.to = act, mapping, to
        self.decimal = mapping.fields[TARGET].decimal or "."
        self.readers: list[tuple[str, Read]] = [
            (name, columns.reader(source, partial(to.of, to.fields[name]))) for name, source in mapping.fields.items()
        ]
        self.met: dict[tuple[str, str, str], int] = {}
        """By what it is a target of, the line that said it."""

    def take(self, chunk: list[tuple[int, Row]], tally: Tally) -> list[Draft]:
        """Store what can be stored; the drafts in order."""
        drafts = [drafted(line, cells, self.readers, self.to.fields) for line, cells in chunk]
        for draft in (each for each in drafts if not each.problems):
            try:
                self._store(draft, tally)
            except Invalid as wrong:
                draft.wrong(TARGET, wrong.message)
            except OppError as refusal:
                draft.wrong("", sentence(refusal))
        return drafts

    def _store(self, draft: Draft, tally: Tally) -> None:
        values, act = draft.values, self.act
        who, measure = targets.whom(act, values[WHO]), targets.measure(values[MEASURE])
        days = parse_period(values[MONTH], today=act.business_day, begins=JANUARY)
        (month,) = targets.months(days, split=False)
        line = self.met.setdefault((who, month, measure), draft.line)
        if line != draft.line:
            draft.wrong(MONTH, say("it is on line {line} already", line=line))
            return
        levels = filter(None, (values.get(name) for name in (TARGET, STRETCH, TOP)))
        amounts, currency = targets.typed(
            act, measure, targets.BETWEEN.join(levels), self.decimal, values.get(CURRENCY)
        )
        there = act.door.find(Target, who=who, month=month, measure=measure, standing=LIVE)
        if there and self.mapping.existing == SKIP:
            tally.unchanged += 1
            return
        targets.put(act, who, (month,), measure, amounts, currency)
        after = act.door.find(Target, who=who, month=month, measure=measure, standing=LIVE)
        tally.created += not there
        tally.updated += bool(there) and after != there
        tally.unchanged += after == there
