"""The deals that the cases of a log belong to: found by their id in the other system, or made."""

from typing import Any, NamedTuple

from oppcli.actions.imports.taking import DealTaker
from oppcli.files import kinds
from oppcli.files.course import Course
from oppcli.files.mapping import ImportMap
from oppcli.files.reading import Columns, Problem, Read
from oppcli.files.sheets import Row
from oppcli.files.tally import Draft, Tally
from oppcli.model.deals import Deal
from oppcli.model.policy import TypeRule
from oppcli.model.records import KEPT
from oppcli.rules.fields import Field
from oppcli.store.doors import WriteDoor
from oppcli.words.shown import iso

COMPUTED = ("case.state", "case.began", "case.ended")
"""Columns that [deal] and [entered] have besides those of the file."""


class Told(NamedTuple):
    """A case whose rows could all be read."""

    key: str
    rule: TypeRule
    course: Course
    drafts: list[Draft]

    @property
    def row(self) -> Row:
        """The first row, and what is known of the whole."""
        ended = self.course.decided_at
        began = self.course.revisions[0].event.at
        return [*self.drafts[0].cells, self.course.state, iso(began), iso(ended) if ended is not None else ""]

    def refuse(self, problem: str) -> None:
        self.drafts[0].problems.append(problem)
        spread(self.drafts)


def spread(drafts: list[Draft]) -> None:
    """All rows of a case or none: those that are in order go with the others, so that the file of rejects is whole."""
    first = next(draft for draft in drafts if draft.problems)
    for draft in drafts:
        if not draft.problems:
            draft.problems.append(f"its case has a row that is rejected: line {first.line}")


class Deals:
    """The deals of cases: found by their id in the other system, or made from the first row of a case."""

    def __init__(self, door: WriteDoor, mapping: ImportMap, columns: Columns, taker: DealTaker | None) -> None:
        """`taker` None: every deal has to be there already."""
        self.door, self.system, self.taker = door, mapping.system, taker
        self.key: Read = columns.reader(mapping.deal["external_id"], kinds.text(Field("external_id")), cached=False)

    def of(self, found: list[Told], tally: Tally) -> list[tuple[Told, Deal, bool]]:
        """Each case with its deal, and whether it was made just now. Cases without one are refused."""
        keys = {told.key: self.key(told.row) for told in found}
        known = self._known({key for key in keys.values() if type(key) is str})
        made = self._made([told for told in found if keys[told.key] not in known], keys, tally)
        known_now = known | made
        paired = []
        for told in found:
            key = keys[told.key]
            deal = known_now.get(key) if type(key) is str else None
            if deal is not None:
                paired.append((told, deal, key in made))
            elif not any(draft.problems for draft in told.drafts):
                said = (
                    key if type(key) is Problem else f"there is no deal {key} of {self.system}" if key else "is blank"
                )
                told.refuse(f"[deal] external_id: {said}")
        return paired

    def _known(self, keys: set[str]) -> dict[str, Deal]:
        found = self.door.find(Deal, system=self.system, external_id=sorted(keys), standing=KEPT) if keys else []
        return {deal.external_id or "": deal for deal in found}

    def _made(self, found: list[Told], keys: dict[str, Any], tally: Tally) -> dict[str, Deal]:
        if self.taker is None:
            return {}
        wanted: dict[str, tuple[Told, Draft]] = {}
        for told in found:
            key = keys[told.key]
            if type(key) is not str or key not in wanted:
                draft = self.taker.reader.read(told.drafts[0].line, told.row)
                wanted[key if type(key) is str else f"\0{told.key}"] = (told, draft)
        self.taker.create([draft for _, draft in wanted.values()], tally)
        for told, draft in wanted.values():
            if draft.problems:
                told.refuse("; ".join(f"[deal] {problem}" for problem in draft.problems))
        return self._known({key for key, (_, draft) in wanted.items() if not draft.problems})
