"""Rows of targets (`kind = "targets"`): each set as by `opp target set`, refused by its rules row by row."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

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
from oppcli.rules.targets import Amounts, require_rising
from oppcli.words import currencies
from oppcli.words.invalid import Invalid
from oppcli.words.periods import JANUARY, parse_period

Found = TypeVar("Found")
Key = tuple[str, str, str]
"""(who, month, measure)."""


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
        self.met: dict[Key, int] = {}
        """By what it is a target of, the line that said it."""

    def take(self, chunk: list[tuple[int, Row]], tally: Tally) -> list[Draft]:
        """Store what can be stored; the drafts in order."""
        drafts = [drafted(line, cells, self.readers, self.to.fields) for line, cells in chunk]
        read = [
            (draft, found)
            for draft in drafts
            if not draft.problems and (found := self._tried(draft, partial(self._read, draft)))
        ]
        known = self._known([key for _, (key, _, _) in read])
        for draft, (key, levels, currency) in read:
            before = known.get(key)
            if before is not None and self.mapping.existing == SKIP:
                tally.unchanged += 1
            elif after := self._tried(draft, partial(self._kept, before, *key, levels, currency)):
                tally.created += before is None
                tally.updated += before is not None and after != before
                tally.unchanged += after == before
        return drafts

    def _tried(self, draft: Draft, what: Callable[[], Found | None]) -> Found | None:
        """What comes of it; None with a problem."""
        try:
            return what()
        except Invalid as wrong:
            draft.wrong(TARGET, wrong.message)
        except OppError as refusal:
            draft.wrong("", sentence(refusal))
        return None

    def _read(self, draft: Draft) -> tuple[Key, Amounts, str | None] | None:
        """What it is a target of, and how much; None with a problem."""
        values, act = draft.values, self.act
        who, measure = targets.whom(act, values[WHO]), targets.measure(values[MEASURE])
        days = parse_period(values[MONTH], today=act.business_day, begins=JANUARY)
        (month,) = targets.months(days, split=False)
        line = self.met.setdefault((who, month, measure), draft.line)
        if line != draft.line:
            draft.wrong(MONTH, say("it is on line {line} already", line=line))
            return None
        levels = targets.BETWEEN.join(filter(None, (values.get(name) for name in (TARGET, STRETCH, TOP))))
        return (who, month, measure), *targets.typed(act, measure, levels, self.decimal, values.get(CURRENCY))

    def _known(self, keys: Sequence[Key]) -> dict[Key, Target]:
        """Those that are there, in one statement."""
        who, months = sorted({key[0] for key in keys}), sorted({key[1] for key in keys})
        here = self.act.door.find(Target, who=who, month=months, standing=LIVE) if keys else []
        return {(each.who, each.month, each.measure): each for each in here}

    def _kept(
        self, before: Target | None, who: str, month: str, measure: str, levels: Amounts, currency: str | None
    ) -> Target:
        """Stored. Refused as `targets.put` is."""
        targets.require(self.act, who)
        require_rising(levels, currency)
        return targets.keep(self.act, before, who, month, measure, levels, currency)
