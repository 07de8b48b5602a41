"""Customers by name while rows are read: looked up a chunk at a time, made when a good row needs them."""

from collections.abc import Iterable

from oppcli.files.tally import Draft
from oppcli.model.deals import Customer
from oppcli.model.records import KEPT, MERGED
from oppcli.model.said import say
from oppcli.store.alike import survivor
from oppcli.store.doors import WriteDoor
from oppcli.words import names

REMEMBERED = 1 << 15


class Customers:
    """Customer numbers by name, however it is spelt. `made` counts those added."""

    def __init__(self, door: WriteDoor, *, create: bool) -> None:
        self.door, self.create, self.made = door, create, 0
        self._ids: dict[str, int] = {}
        self._keys: dict[str, str] = {}

    def look_up(self, drafts: Iterable[Draft]) -> None:
        """Find the customers of the drafts; where none may be made, an unknown one is a problem of the row."""
        named = [draft for draft in drafts if draft.customer is not None]
        if len(self._keys) > REMEMBERED:
            self._ids.clear()
            self._keys.clear()
        unknown = {key for draft in named if (key := self._key(draft.customer or "")) not in self._ids}
        if unknown:
            found = self.door.find(Customer, key=sorted(unknown), standing=KEPT)
            # Of several of a name the first that stands for itself; of one that was merged what stands for it.
            for each in sorted(found, key=lambda each: (each.standing != MERGED, -each.id)):
                self._ids[each.key] = each.id if each.standing != MERGED else survivor(self.door, "customer", each.id)
        if not self.create:
            for draft in named:
                if self._key(draft.customer or "") not in self._ids:
                    draft.wrong("customer", say("there is no customer {name}", name=draft.customer))

    def _key(self, name: str) -> str:
        key = self._keys.get(name)
        if key is None:
            key = self._keys[name] = names.key(name)
        return key

    def make(self, drafts: Iterable[Draft]) -> None:
        """Add the customers that good rows name and nobody knows, in the order of the rows."""
        fresh: dict[str, str] = {}
        for draft in drafts:
            if draft.customer is not None and self._key(draft.customer) not in self._ids:
                fresh.setdefault(self._key(draft.customer), draft.customer)
        if not fresh:
            return
        same = {"created_at": self.door.at, "created_by": self.door.stamp.actor}
        ids = self.door.bulk(Customer, ("key", "name"), same).add(list(fresh.items()))
        self._ids.update(zip(fresh, ids, strict=True))
        self.made += len(ids)

    def known(self, name: str | None) -> int | None:
        """The number of a customer that was looked up; None for a blank cell and for one that is not there yet."""
        return None if name is None else self._ids.get(self._key(name))

    def id_of(self, name: str | None) -> int | None:
        """The number of a customer that was looked up or made; None for a blank cell."""
        return None if name is None else self._ids[self._key(name)]
