"""Which deal a row is about: by its id in the other system, else by what the mapping's `key` names."""

from collections.abc import Iterable, Sequence
from typing import Any

from oppcli.actions.imports.customers import Customers
from oppcli.actions.imports.lookups import OWN
from oppcli.actions.imports.referring import Referring
from oppcli.files.mapping import ImportMap
from oppcli.files.reading import BLANK
from oppcli.files.tally import Draft
from oppcli.model.deals import Deal
from oppcli.model.records import KEPT, folded
from oppcli.model.refs import meant, ref
from oppcli.model.said import listed, say
from oppcli.store import queries
from oppcli.store.doors import WriteDoor

SHOWN = 3


def _by_id(draft: Draft) -> Any:
    """What is most often the identity of a row."""
    return draft.values["external_id"]


class Recognizer:
    """Finds the deals that rows are about."""

    def __init__(self, door: WriteDoor, mapping: ImportMap, customers: Customers | Referring) -> None:
        self.door, self.mapping, self.customers = door, mapping, customers
        self.names = mapping.key
        if not mapping.key:
            self.identity = _by_id  # type: ignore[method-assign]  # asked several times of each row
        self.here: set[str] = set()
        """References of an own export that are those of deals here."""

    def identity(self, draft: Draft) -> Any:
        """What one row of a file has and no other: its id; without one, what its key says."""
        if not self.by_key(draft):
            return draft.values["external_id"]
        return tuple([self._said(draft, name) for name in self.names])

    def by_key(self, draft: Draft) -> bool:
        """Whether the row has no id."""
        return bool(self.names) and draft.values.get("external_id") is None

    def place(self, draft: Draft) -> str:
        """The field that the identity of a row is in."""
        return self.names[0] if self.by_key(draft) else "external_id"

    def once(self, drafts: Iterable[Draft]) -> list[Draft]:
        """The drafts without those that an earlier one is about the same deal as."""
        first, identify = dict[Any, int](), self.identity
        for draft in drafts:
            identity = identify(draft)
            line = first.setdefault(identity, draft.line)
            if line != draft.line:
                shown = identity if isinstance(identity, str) else draft.values.get(self.names[0]) or draft.customer
                draft.wrong(self.place(draft), say("{id} is on line {line} already", id=shown, line=line))
            elif identity.__class__ is tuple and set(identity) == {None}:
                draft.wrong(self.names[0], BLANK)
        return [draft for draft in drafts if not draft.problems]

    def known(self, drafts: Sequence[Draft]) -> dict[Any, Deal]:
        """The deals that are here, by the identity of the row; a row that could be about several is refused."""
        ids = [e for draft in drafts if (e := draft.values.get("external_id")) is not None]
        found: dict[Any, Deal] = {}
        if ids:
            same = self.door.find(Deal, system=self.mapping.system, external_id=ids, standing=KEPT)
            found = {deal.external_id: deal for deal in same}
        keyed = [draft for draft in drafts if self.by_key(draft)] if len(ids) < len(drafts) else []
        if self.mapping.system == OWN:
            found |= self._own([draft for draft in drafts if self.identity(draft) not in found])
        return found | self._by_key(keyed) if keyed else found

    def _own(self, drafts: Sequence[Draft]) -> dict[Any, Deal]:
        """The deals of an own export that are still where it came from: of this number, made at the same instant."""
        refs = {external_id: draft for draft in drafts if (external_id := draft.values.get("external_id"))}
        numbers = {int(ref[1]): name for name in refs if (ref := meant(name)) is not None and ref[0] == "deal"}
        deals = self.door.find(Deal, id=sorted(numbers), standing=KEPT) if numbers else []
        here = {numbers[deal.id]: deal for deal in deals if _is_same(deal, refs[numbers[deal.id]])}
        self.here = set(here)
        return dict(here)

    def _by_key(self, drafts: Sequence[Draft]) -> dict[Any, Deal]:
        hits: dict[tuple[Any, ...], list[Deal]] = {}
        for deal in self._candidates(drafts):
            hits.setdefault(tuple([self._held(deal, name) for name in self.names]), []).append(deal)
        for draft in drafts:
            several = hits.get(self.identity(draft), ())
            if len(several) > 1:
                shown = listed([ref("deal", deal.id) for deal in several[:SHOWN]] + ["…"] * (len(several) > SHOWN))
                draft.wrong(self.names[0], say("it could be {deals}: give it an id", deals=shown))
        return {key: deals[0] for key, deals in hits.items() if len(deals) == 1}

    def _candidates(self, drafts: Sequence[Draft]) -> list[Deal]:
        if "title" in self.names:
            titles = sorted({folded(title) for draft in drafts if (title := draft.values.get("title"))})
            numbers = queries.deals_titled(self.door, titles)
            return self.door.find(Deal, id=numbers, standing=KEPT) if numbers else []
        customers = {number for draft in drafts if (number := self.customers.known(draft.customer))}
        return self.door.find(Deal, customer_id=sorted(customers), standing=KEPT) if customers else []

    def _said(self, draft: Draft, name: str) -> Any:
        if name == "customer":
            return self.customers.known(draft.customer) or draft.customer
        value = draft.values[name] if name in draft.values else draft.extra.get(name)
        return folded(value) if isinstance(value, str) else value

    @staticmethod
    def _held(deal: Deal, name: str) -> Any:
        if name == "customer":
            return deal.customer_id
        value = getattr(deal, name) if hasattr(deal, name) else deal.extra.get(name)
        return folded(value) if isinstance(value, str) else value


def _is_same(deal: Deal, draft: Draft) -> bool:
    """Whether the row was written of this deal: made at the same instant; where nobody knows it, called the same."""
    created_at = draft.history.created_at if draft.history else None
    title = draft.values.get("title") or ""
    return deal.created_at == created_at and (created_at is not None or folded(deal.title) == folded(title))
