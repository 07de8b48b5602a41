"""Rows of stays (`kind = "visits"`): each adds a stay to a deal that is here; the same one again changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from oppcli.actions.act import Act
from oppcli.actions.imports.deal_fields import stage_named
from oppcli.actions.imports.deals import TOLERANCE_MS
from oppcli.actions.imports.merge import Known, moved_twice
from oppcli.actions.imports.rights import Trust, not_theirs
from oppcli.actions.imports.rows import RowFields, RowTaker
from oppcli.actions.imports.stays import added, line
from oppcli.actions.imports.storing import Storing
from oppcli.errors import OppError
from oppcli.files.mapping import ImportMap, Source
from oppcli.files.reading import Columns, Convert
from oppcli.files.tally import Draft, Tally, sentence
from oppcli.model.deals import Deal, Visit
from oppcli.model.fields import Field
from oppcli.model.noun import replace
from oppcli.model.policy import Policy
from oppcli.model.records import KEPT
from oppcli.model.refs import meant
from oppcli.model.said import say
from oppcli.words import zones

FIELDS = (
    Field("deal", is_id=True, required=True),
    Field("stage", "stage", required=True),
    Field("entered", "instant", required=True),
    Field("left", "instant"),
)


class VisitFields(RowFields):
    """The fields of a stay: makes the conversion of a cell for each."""

    def __init__(self, policy: Policy, zone: ZoneInfo) -> None:
        super().__init__(FIELDS, zone, policy.currency)
        self.stages = {rule.name: rule for rule in policy.stages}

    def of(self, field: Field, source: Source) -> Convert:
        return partial(stage_named, self.stages) if field.kind == "stage" else super().of(field, source)


class VisitTaker(RowTaker[Draft]):
    """Stays: each added to its deal."""

    seldom = ("deal", "entered", "left")

    def __init__(
        self, act: Act, mapping: ImportMap, columns: Columns, to: VisitFields, trust: Trust | None = None
    ) -> None:
        super().__init__(act, mapping, columns, to)
        self.door = act.door
        self.storing = Storing(act, act.policy, trust)
        self.line = line(act.policy.stages, mapping.system, self._shown, act.door.at)
        self.latest = act.door.at + TOLERANCE_MS
        self.deals: Mapping[str, Deal] = {}
        """By what the rows of a chunk call them."""
        self.told: dict[int, list[Draft]] = {}
        """By the number of a deal, the rows about it."""

    def gather(self, drafts: Sequence[Draft]) -> None:
        """The deals that rows name."""
        self.deals, self.told = self._deals({draft.values["deal"] for draft in drafts}), {}

    def read(self, draft: Draft) -> Draft | None:
        """All of it; None for a stay in the future or that ends before it begins, and of a deal that is not theirs."""
        at, left = draft.values["entered"], draft.values.get("left")
        if max(at, left or at) > self.latest:
            draft.wrong("entered", say("{at} is in the future", at=self._shown(max(at, left or at))))
        elif left is not None and left < at:
            draft.wrong("left", say("{at} lies before the entry", at=self._shown(left)))
        elif (deal := self.deals.get(draft.values["deal"])) is None:
            draft.wrong("deal", say("there is no deal {text}", text=draft.values["deal"]))
        elif self.door.sight is not None and (why := not_theirs(self.door, self.act.by, deal)) is not None:
            draft.wrong("deal", why)
        return None if draft.problems else draft

    def keep(self, told: Draft, tally: Tally) -> None:
        """Put to the other stays of its deal."""
        self.told.setdefault(self.deals[told.values["deal"]].id, []).append(told)

    def finish(self, tally: Tally) -> None:
        """Store the deals of the chunk with their stays."""
        here = {deal.id: deal for deal in self.deals.values()}
        self._add([(here[number], rows) for number, rows in self.told.items()], tally)

    def _deals(self, names: set[str]) -> dict[str, Deal]:
        """The deals by what rows call them: the id in the other system, else the reference here."""
        found = self.door.find(Deal, system=self.mapping.system, external_id=sorted(names), standing=KEPT)
        deals = {deal.external_id or "": deal for deal in found}
        refs = {name: int(ref[1]) for name in names - set(deals) if (ref := meant(name)) and ref[0] == "deal"}
        numbers = {deal.id: deal for deal in self.door.find(Deal, id=sorted(refs.values()), standing=KEPT)}
        return deals | {name: numbers[number] for name, number in refs.items() if number in numbers}

    def _add(self, told: list[tuple[Deal, list[Draft]]], tally: Tally) -> None:
        fresh = [(deal, [draft for draft in rows if self._is_new(deal, draft)], len(rows)) for deal, rows in told]
        tally.unchanged += sum(count - len(rows) for _, rows, count in fresh)
        changing = [(deal, rows) for deal, rows, _ in fresh if rows]
        states, asked = (
            self.storing.states([deal.id for deal, _ in changing], planning=False) if changing else ({}, set())
        )
        for deal, rows in changing:
            for why in self._saved(deal, rows, states[deal.id], asked=deal.id in asked):
                for draft in rows:
                    draft.wrong(*why)
            good = [draft for draft in rows if not draft.problems]
            tally.created += len(good)

    @staticmethod
    def _is_new(deal: Deal, draft: Draft) -> bool:
        stage, at = draft.values["stage"].name, draft.values["entered"]
        return not any(visit.stage == stage and visit.entered_at == at for visit in deal.visits)

    def _saved(self, deal: Deal, rows: list[Draft], state: Known, *, asked: bool) -> Iterable[tuple[str, Any]]:
        """Nothing after the deal was stored with the stays; else what is wrong with all of them."""
        stays = {self._stay(draft): draft for draft in rows}
        after = added(deal, stays, self.line)
        if after.stage != deal.stage and (state.moved_here or state.made_here):
            return [("stage", moved_twice(after.stage, deal.stage, state))]
        kept = {(visit.stage, visit.entered_at) for visit in after.visits}
        for stay, draft in stays.items():
            if (stay.stage, stay.entered_at) not in kept:
                draft.wrong("left", say("nobody knows when it ended: {stage} has no date", stage=deal.stage))
        try:
            if after != deal:
                self.storing.store(deal, replace(after, updated_at=self.door.at), state, asked=asked)
        except OppError as refusal:
            return [("", sentence(refusal))]
        return ()

    def _stay(self, draft: Draft) -> Visit:
        values = draft.values
        return Visit(
            stage=values["stage"].name,
            entered_at=values["entered"],
            left_at=values.get("left"),
            system=self.mapping.system,
        )

    def _shown(self, at: int) -> str:
        return zones.today(at, str(self.to.zone)).isoformat()
