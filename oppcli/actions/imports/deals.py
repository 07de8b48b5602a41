"""Rows of deals: the compiled readers of a mapping, and what one row says."""

import dataclasses
from functools import partial
from typing import Any

from oppcli.actions.imports.deal_fields import EMPTY, DealFields
from oppcli.files import kinds, references
from oppcli.files.history import History, history, tells
from oppcli.files.mapping import ImportMap, Source
from oppcli.files.mapping_keys import ONLY
from oppcli.files.reading import BLANK, Columns, Problem, Read
from oppcli.files.sheets import Row
from oppcli.files.tally import Draft
from oppcli.model.deals import LIVE_KINDS
from oppcli.model.fields import Field
from oppcli.model.policy import StageRule
from oppcli.model.said import Said, say
from oppcli.model.units import DAY_MS
from oppcli.tuples import NamedTuple
from oppcli.words import zones
from oppcli.words.kinds import comparable

CLOSING = ("close_reason", "close_detail")
"""Fields of deals that have ended."""
TOLERANCE_MS = DAY_MS
"""A stage may be entered so long after now: a day, for clocks and zones that differ."""


def entered(stage: str) -> str:
    """What the date of entering a stage is called where it is wrong."""
    return say("{stage} entered", stage=stage)


class Dated(NamedTuple):
    """A stage and the reader of the date it was entered."""

    stage: StageRule
    read: Read
    required: bool


class DealReader:
    """A mapping compiled for one file: rows in, drafts out."""

    def __init__(self, mapping: ImportMap, columns: Columns, to: DealFields, now: int) -> None:
        self.mapping, self.columns, self.to = mapping, columns, to
        self.latest = now + TOLERANCE_MS
        self.known = to.fields
        special = ("stage", "customer", "amount", "currency", "created_at", "entered_at", "last_open_stage", *CLOSING)
        self.plain: list[tuple[str, Read]] = []
        self.own: list[tuple[str, Read]] = []
        self.money = [name for name in mapping.fields if self.known[name].kind == "money"]
        for name in mapping.fields:
            if name not in special and name not in self.money:
                (self.own if self.known[name].own else self.plain).append((name, self._reader(name)))
        self.stage, self.customer, self.currency, self.created_at, self.entered_at, self.last_open = (
            self._reader(name) if name in mapping.fields else None
            for name in ("stage", "customer", "currency", "created_at", "entered_at", "last_open_stage")
        )
        self.closing = [(name, self._reader(name)) for name in CLOSING if name in mapping.fields]
        self.own_names = [name for name in mapping.fields if self.known[name].own]
        self.amounts: dict[str, list[tuple[str, Read]]] = {}
        """Currency → what reads the amounts of a row in it."""
        self.entered = [
            self._dated(to.stages[name], source)
            for name in to.stages
            if (source := mapping.entered.get(name)) is not None
        ]
        self.names = (
            *(name for name, _ in self.plain),
            *(name for name, _ in self.closing),
            "currency",
            *(("amount",) if "amount" in mapping.fields else ()),
        )
        """Fields of `Draft.values`."""
        self.telling: dict[str, list[Dated]] = {}
        by_others = ("stage", "external_id") if mapping.key else ("stage",)
        self.required = [name for name in mapping.fields if self.known[name].required and name not in by_others]
        self.conditional = [name for name in mapping.fields if self.known[name].required_when is not None]

    def _reader(self, name: str, currency: str | None = None) -> Read:
        field, source = self.known[name], self.mapping.fields[name]
        if name == "customer" and references.speaks_of(source):
            return references.reader(self.columns, source, name)
        of = partial(self.to.of, field, currency=currency)
        # Titles and ids seldom repeat: remembering them costs more than reading them.
        seldom = name in ("title", "external_id")
        return self.columns.reader(source, of, cached=not seldom, numeric=field.kind in kinds.NUMERIC)

    def _dated(self, stage: StageRule, source: Source) -> Dated:
        of = partial(self.to.of, Field(stage.name, "instant"))
        # Required means: where the row is in this stage.
        read = self.columns.reader(dataclasses.replace(source, required=False), of)
        return Dated(stage, read, source.required)

    def read(self, line: int, cells: Row) -> Draft:
        """What the row says, with everything that is wrong with it."""
        draft = Draft(line, cells)
        values = draft.values
        for name, read in self.plain:
            value = read(cells)
            values[name] = value
            if value is None:
                if name in EMPTY:
                    values[name] = EMPTY[name]
            elif type(value) is Problem:
                draft.wrong(name, value)
        for name, read in self.own:
            value = read(cells)
            if type(value) is Problem:
                draft.wrong(name, value)
            elif value is not None:
                draft.extra[name] = value
        self._money(draft)
        if self.customer is not None:
            draft.customer = self._taken(draft, "customer", self.customer)
        for name in self.required:
            if values.get(name) is None and self._blank(draft, name):
                draft.wrong(name, BLANK)
        for name in self.conditional:
            if values.get(name) is None and self._blank(draft, name) and self._needed(draft, name):
                draft.wrong(name, BLANK)
        self._history(draft)
        return draft

    @staticmethod
    def _blank(draft: Draft, name: str) -> bool:
        """Whether a field that is in no column of its own is blank, and nothing else is wrong with it."""
        value = draft.customer if name == "customer" else draft.extra.get(name)
        return value is None and not draft.is_wrong(name)

    def _needed(self, draft: Draft, name: str) -> bool:
        """Whether the policy's condition requires a field of what the row says; where that is not known it does not."""
        from oppcli.rules import conditions

        when = self.known[name].required_when
        said = {**draft.values, **draft.extra, "customer": draft.customer}
        facts = {
            read: comparable(self.known[read].kind, said.get(read), draft.values["currency"])
            for read in conditions.reads(when)
            if read in self.known
        }
        return conditions.decided(when, facts) is True

    def _taken(self, draft: Draft, name: str, read: Read | None) -> Any:
        """The value, or None after noting the problem."""
        value = read(draft.cells) if read is not None else None
        if type(value) is Problem:
            draft.wrong(name, value)
            return None
        return value

    def _money(self, draft: Draft) -> None:
        """The amounts in the row's own currency: how many decimals they may have depends on it."""
        currency = self._taken(draft, "currency", self.currency) or self.to.policy.currency
        draft.values["currency"] = currency
        reads = self.amounts.get(currency)
        if reads is None:
            reads = self.amounts[currency] = [(name, self._reader(name, currency)) for name in self.money]
        for name, read in reads:
            value = self._taken(draft, name, read)
            if name == "amount":
                draft.values[name] = value
            elif value is not None:
                draft.extra[name] = value

    def _history(self, draft: Draft) -> None:
        stage = self._taken(draft, "stage", self.stage)
        if stage is not None:
            self._past(draft, stage)
        elif draft.is_wrong("stage") or self.mapping.existing != ONLY:
            if not draft.is_wrong("stage"):
                draft.wrong("stage", BLANK)
            # Where it is nobody knows, but a date that is none is wrong in any stage.
            self._wrong_dates(draft)

    def placed(self, draft: Draft, stage: str) -> bool:
        """What a row that names no stage says of a deal that is in this one; False where that is wrong."""
        rule = self.to.stages.get(stage)
        if rule is None:
            draft.wrong("stage", say("there is no stage {text} any more", text=stage))
        else:
            self._past(draft, rule)
        return not draft.problems

    def _past(self, draft: Draft, stage: StageRule) -> None:
        created_at = self._taken(draft, "created_at", self.created_at) if self.created_at else None
        if self.closing:
            self._reasons(draft, stage)
        since = self._since(draft) if self.entered_at is not None else None
        dates = self._dates(draft, stage)
        if since is not None:
            dates = [*(dated for dated in dates if dated[1] is not stage), (since, stage)]
        found = history(stage, dates, created_at, self.shown, self.mapping.system)
        if type(found) is Problem:
            draft.wrong("stage", found)
            return
        assert isinstance(found, History)
        last_open = self._taken(draft, "last_open_stage", self.last_open) if found.ends else None
        if last_open is not None:
            found = found._replace(last_open_stage=last_open.name, last_open_told=True)
        draft.history = found if since is None else found._replace(since=True)

    def _reasons(self, draft: Draft, stage: StageRule) -> None:
        """Why it ended. A deal that goes on has no such reason: systems keep the last one, or a default."""
        for name, read in self.closing:
            if stage.kind not in LIVE_KINDS:
                draft.values[name] = self._taken(draft, name, read)
            else:
                draft.values[name] = None
                draft.reasons += read(draft.cells) is not None

    def _since(self, draft: Draft) -> int | None:
        """Since when it is in its stage, where the row says it."""
        at = self._taken(draft, "entered_at", self.entered_at)
        if at is None or at <= self.latest:
            return at  # type: ignore[no-any-return]
        draft.wrong("entered_at", self._future(at))
        return None

    def _dates(self, draft: Draft, stage: StageRule) -> list[tuple[int, StageRule]]:
        found = []
        for rule, read, required in self._telling(stage):
            at = read(draft.cells)
            if at.__class__ is int and at <= self.latest:
                found.append((at, rule))
            elif at is None:
                if required and rule is stage:
                    draft.wrong(entered(rule.name), BLANK)
            elif type(at) is Problem:
                draft.wrong(entered(rule.name), at)
            else:
                draft.wrong(entered(rule.name), self._future(at))
        return found

    def _wrong_dates(self, draft: Draft) -> None:
        for dated in self.entered:
            at = dated.read(draft.cells)
            if type(at) is Problem:
                draft.wrong(entered(dated.stage.name), at)

    def _telling(self, stage: StageRule) -> list[Dated]:
        """The dates that say something of a row in this stage, its own last."""
        known = self.telling.get(stage.name)
        if known is None:
            told = [dated for dated in self.entered if tells(dated.stage, stage)]
            known = self.telling[stage.name] = sorted(told, key=lambda dated: dated.stage is stage)
        return known

    def _future(self, at: int) -> Said:
        return say("{at} is in the future", at=self.shown(at))

    def shown(self, at: int) -> str:
        """The date of an instant in the mapping's zone."""
        return zones.today(at, str(self.to.zone)).isoformat()
