"""The deals that the cases of a log belong to: found by their id in the other system, or made."""

from typing import Any

from oppcli.actions.imports.merge import RowSaid
from oppcli.actions.imports.rights import not_theirs
from oppcli.actions.imports.taking import DealTaker
from oppcli.files import kinds
from oppcli.files.course import Course
from oppcli.files.mapping import ImportMap
from oppcli.files.reading import BLANK, Columns, Problem, Read
from oppcli.files.sheets import Row
from oppcli.files.tally import Draft, Tally
from oppcli.model.deals import Deal
from oppcli.model.fields import Field
from oppcli.model.journal import Entry
from oppcli.model.policy import TypeRule
from oppcli.model.records import KEPT
from oppcli.model.requests import Request
from oppcli.model.said import say
from oppcli.store.doors import WriteDoor
from oppcli.tuples import NamedTuple
from oppcli.words.shown import iso

COMPUTED = ("case.state", "case.began", "case.ended")
"""Columns that [deal] and [entered] have besides those of the file."""


class Unfollowed(Exception):
    """A deal cannot follow its log: neither does the request."""


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

    def refuse(self, where: str, said: str) -> None:
        self.drafts[0].wrong(where, said)
        spread(self.drafts)

    def take_over(self, draft: Draft) -> None:
        """Refuse the case for what is wrong with the row of its deal."""
        for where, said in draft.problems:
            self.drafts[0].wrong(f"[deal] {where}" if where else "", said)
        spread(self.drafts)


def spread(drafts: list[Draft]) -> None:
    """All rows of a case or none: those that are in order go with the others, so that the file of rejects is whole."""
    first = next(draft for draft in drafts if draft.problems)
    for draft in drafts:
        if not draft.problems:
            draft.wrong("", say("its case has a row that is rejected: line {line}", line=first.line))


class Deals:
    """The deals of cases: found by their id in the other system, or made from the first row of a case."""

    def __init__(self, door: WriteDoor, mapping: ImportMap, columns: Columns, taker: DealTaker | None) -> None:
        """`taker` None: every deal has to be there already."""
        self.door, self.system, self.taker = door, mapping.system, taker
        id_of = kinds.text(Field("external_id", is_id=True))
        self.key: Read = columns.reader(mapping.deal["external_id"], lambda _: id_of, cached=False)

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
            why = not_theirs(self.door, self.door.stamp.actor, deal) if deal else None
            if why is not None:
                told.refuse("[deal] external_id", why)
            elif deal is not None:
                paired.append((told, deal, key in made))
            elif not any(draft.problems for draft in told.drafts):
                told.refuse("[deal] external_id", self._unknown(key))
        return paired

    def _unknown(self, key: Any) -> str:
        if type(key) is Problem:
            return key
        return say("there is no deal {id} of {system}", id=key, system=self.system) if key else BLANK

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
                told.take_over(draft)
        return self._known({key for key, (_, draft) in wanted.items() if not draft.problems})

    def following(self, pairs: list[tuple[Told, Request]]) -> dict[int, tuple[Draft, Deal, RowSaid]]:
        """By request what its case now says otherwise of the deal that was made with it. Cases whose row cannot be
        read any more are refused."""
        if self.taker is None or not pairs:
            return {}
        deals = {deal.id: deal for deal in self.door.find(Deal, id=[request.deal_id for _, request in pairs])}
        mine = [(told, request, deals[request.deal_id]) for told, request in pairs if request.deal_id in deals]
        mine = [each for each in mine if each[2].channel == "import" and self.key(each[0].row) == each[2].external_id]
        drafts = {request.id: self.taker.reader.read(told.drafts[0].line, told.row) for told, request, _ in mine}
        self.taker.customers.look_up(draft for draft in drafts.values() if not draft.problems)
        said: dict[int, tuple[Draft, Deal, RowSaid]] = {}
        for told, request, deal in mine:
            draft = drafts[request.id]
            if draft.problems:
                told.take_over(draft)
            elif found := self.taker.differing([(draft, deal)]):
                said[request.id] = found[0]
        made = self._made_with([(request, deal) for _, request, deal in mine if request.id in said])
        return {number: row for number, row in said.items() if number in made}

    def follow(self, told: Told, row: tuple[Draft, Deal, RowSaid], tally: Tally) -> None:
        """Bring the deal up to date. Raises `Unfollowed` after refusing the case for what is against it."""
        assert self.taker is not None
        self.taker.save([row], tally)
        if row[0].problems:
            told.take_over(row[0])
            raise Unfollowed

    def _made_with(self, pairs: list[tuple[Request, Deal]]) -> set[int]:
        """The requests that were the first of their deal, which was made in the same transaction."""
        if not pairs:
            return set()
        begun = {
            noun: {
                entry.noun_id: entry.txn for entry in self.door.find(Entry, noun=noun, noun_id=keys, action="create")
            }
            for noun, keys in (
                ("request", [str(request.id) for request, _ in pairs]),
                ("deal", [str(deal.id) for _, deal in pairs]),
            )
        }
        first: dict[int, int] = {}
        for request in self.door.find(Request, deal_id=[deal.id for _, deal in pairs]):
            first.setdefault(request.deal_id, request.id)
        return {
            request.id
            for request, deal in pairs
            if first[deal.id] == request.id and begun["request"][str(request.id)] == begun["deal"][str(deal.id)]
        }
