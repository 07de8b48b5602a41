"""Deals into the database: new ones in bulk, known ones (by system and external id) brought up to date."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any

from oppcli.actions.act import Act
from oppcli.actions.imports.customers import Customers
from oppcli.actions.imports.deals import DealReader
from oppcli.actions.imports.merge import Known, RowSaid, differs, merged
from oppcli.actions.imports.named_people import Newcomer, People
from oppcli.actions.imports.recognizing import Recognizer
from oppcli.actions.imports.referring import Referring
from oppcli.actions.imports.reviewing import Reviewing
from oppcli.actions.imports.rights import Trust, not_theirs
from oppcli.actions.imports.stays import line
from oppcli.actions.imports.storing import Storing
from oppcli.actions.plans import plan
from oppcli.errors import OppError
from oppcli.files import totals
from oppcli.files.mapping import ImportMap
from oppcli.files.mapping_keys import ONLY, SKIP
from oppcli.files.reading import Problem
from oppcli.files.references import speaks_of
from oppcli.files.sheets import Row
from oppcli.files.tally import Draft, Tally, sentence
from oppcli.model.deals import NEXT, Deal
from oppcli.model.noun import replace
from oppcli.model.records import MERGED
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.rules import tenures
from oppcli.store import queries
from oppcli.store.doors import Bulk

RESOLVED = ("stage", "visits", "created_at", "closed_at", "last_open_stage", "customer_id", "extra")
"""Fields of a new deal after those that are taken from cells as they are."""


def sums_up(draft: Draft) -> bool:
    """Whether a row is a line of totals: its first cell says so, it has no id, and nothing but figures stands in it."""
    cell = totals.first(draft.cells)
    known = draft.values.get("external_id")
    if not totals.says_total(cell) or (type(known) is str and known != cell):
        return False
    return totals.only_figures(draft.cells)


class DealTaker:
    """Deals: new ones in bulk, known ones (by system and external id) brought up to date."""

    def __init__(
        self, act: Act, mapping: ImportMap, reader: DealReader, people: People, trust: Trust | None = None
    ) -> None:
        self.act, self.mapping, self.reader, self.people, self.trust = act, mapping, reader, people, trust
        self.door, self.policy = door, policy = act.door, act.policy
        self.storing = Storing(act, policy, trust)
        source = mapping.fields.get("customer")
        self.naming = [name for name in ("owner", "created_by", "collaborators") if name in mapping.fields]
        self.customers: Customers | Referring = Customers(door, create=source is not None and source.create)
        if source is not None and speaks_of(source):
            self.customers = Referring(act, "customer", source, mapping.system)
        self.about = Recognizer(door, mapping, self.customers)
        self.names = tuple(name for name in reader.names if name not in NEXT)
        self.planning = len(self.names) < len(reader.names)
        self.picked = itemgetter(*self.names)
        self.line = line(self.policy.stages, mapping.system, reader.shown, door.at)
        self.newest = queries.newest_deal(door)
        """Deals with a higher number were made by this import."""
        self.seen = bytearray(self.newest // 8 + 1)
        """One bit per older deal: met in this file already. A set of ids would grow with the file."""

    def take(self, chunk: list[tuple[int, Row]], tally: Tally) -> list[Draft]:
        drafts = [self.reader.read(line, cells) for line, cells in chunk]
        if sums := [draft.line for draft in drafts if sums_up(draft)]:
            tally.totals += sums
            drafts = [draft for draft in drafts if draft.line not in sums]
        self.customers.look_up(draft for draft in drafts if not draft.problems)
        good = self.about.once([draft for draft in drafts if not draft.problems])
        known, identity = self.about.known(good), self.about.identity
        good = self._theirs([draft for draft in good if not draft.problems], known)
        merged = {e for e, deal in known.items() if deal.standing == MERGED}
        if merged:  # another deal stands for it, which the file does not tell of
            gone = [draft for draft in good if identity(draft) in merged]
            tally.unchanged += len(gone)
            tally.kept += sum(self._news(draft, known[identity(draft)]) for draft in gone)
            good = [draft for draft in good if identity(draft) not in merged]
        if self.act.policy.quote is not None:
            from oppcli.actions.imports.quoted import without_typed_figures

            good = without_typed_figures(self.door, good, known, identity)
        fresh = [draft for draft in good if identity(draft) not in known]
        self._update([(draft, known[e]) for draft in good if (e := identity(draft)) in known], tally)
        if self.mapping.existing == ONLY:
            tally.absent += len(fresh)
        elif self.mapping.review:
            proposed = self.reviewing.add(fresh)
            tally.proposed += proposed
            tally.unchanged += len(fresh) - proposed
        else:
            tally.created += self._add(fresh)
        tally.reasons += sum(draft.reasons for draft in drafts if not draft.problems)
        tally.told = self.reader.to.told
        tally.customers, tally.people = self.customers.made, self.people.made
        return drafts

    def _news(self, draft: Draft, deal: Deal) -> bool:
        """Whether a row says what a deal did not when it was merged, of whatever is no person or customer: that stays
        outside, for another deal stands here."""
        told = [name for name in self.names if name in draft.values and name not in (*self.naming, "external_id")]
        if "currency" not in self.mapping.fields:
            told = [name for name in told if name != "currency"]
        return any(getattr(deal, name) != draft.values[name] for name in told) or any(
            deal.extra.get(name) != draft.extra.get(name) for name in self.reader.own_names
        )

    def _theirs(self, drafts: list[Draft], known: dict[str, Deal]) -> list[Draft]:
        """The drafts without those of deals that are here and not theirs to see."""
        if self.door.sight is None:
            return drafts
        for draft in drafts:
            deal = known.get(self.about.identity(draft))
            why = not_theirs(self.door, self.act.by, deal) if deal else None
            if why is not None:
                draft.wrong(self.about.place(draft), why)
        return [draft for draft in drafts if not draft.problems]

    def create(self, drafts: list[Draft], tally: Tally) -> None:
        """Add deals of which the caller knows that they are not there; those with problems are left out."""
        self.customers.look_up(draft for draft in drafts if not draft.problems)
        good = [draft for draft in drafts if not draft.problems]
        tally.deals += self._add(good)
        tally.reasons += sum(draft.reasons for draft in good)
        tally.customers = self.customers.made

    @cached_property
    def reviewing(self) -> Reviewing:
        """What proposes, where the mapping asks for a review."""
        return Reviewing(self.act, self.mapping, self.reader.known)

    @cached_property
    def bulk(self) -> Bulk:
        """What stores new deals."""
        same = {"system": self.mapping.system, "channel": "import", "updated_at": self.door.at}
        return self.door.bulk(Deal, (*self.names, *RESOLVED), {**same, "created_by": self.act.by})

    def _add(self, drafts: list[Draft]) -> int:
        self.customers.make(drafts)
        made = self.bulk.add([self._row(draft) for draft in drafts])
        if self.planning:
            steps = (map(draft.values.get, NEXT) for draft in drafts)
            plan(self.act, ((deal, *step) for deal, step in zip(made, steps, strict=True)))
        return len(drafts)

    def _row(self, draft: Draft) -> tuple[Any, ...]:
        """The values of a new deal in the order of `self.fields`."""
        past, values = draft.history, self._resolved(draft)
        assert past is not None
        return (
            *self.picked(values),
            past.stage,
            past.visits,
            past.created_at,
            past.closed_at,
            past.last_open_stage,
            self.customers.id_of(draft.customer),
            draft.extra,
        )

    def _resolved(self, draft: Draft) -> dict[str, Any]:
        """The values with the people made that are needed now that the row is known to be good."""
        values = draft.values
        for name in self.naming:
            value = values[name]
            if type(value) is Newcomer:
                values[name] = self.people.make(value, self.mapping.fields[name].roles)
            elif type(value) is tuple:
                roles = self.mapping.fields[name].roles
                values[name] = tuple(
                    [self.people.make(each, roles) if type(each) is Newcomer else each for each in value]
                )
        return values

    def _update(self, pairs: list[tuple[Draft, Deal]], tally: Tally) -> None:
        fresh = [(draft, deal) for draft, deal in pairs if self._first_time(draft, deal)]
        fresh = [(draft, deal) for draft, deal in fresh if draft.history or self.reader.placed(draft, deal.stage)]
        if self.mapping.existing == SKIP:
            tally.unchanged += len(fresh)
            return
        changed = self.differing(fresh)
        tally.unchanged += len(fresh) - len(changed)
        self.save(changed, tally)

    def differing(self, pairs: Iterable[tuple[Draft, Deal]]) -> list[tuple[Draft, Deal, RowSaid]]:
        """The rows that say something else than their deals hold."""
        said = ((draft, deal, self._said(draft)) for draft, deal in pairs)
        return [(draft, deal, row) for draft, deal, row in said if differs(deal, row, self.line)]

    def save(self, changed: Sequence[tuple[Draft, Deal, RowSaid]], tally: Tally) -> None:
        """Bring deals up to date; a row that cannot be is told in its draft."""
        if not changed:
            return
        if self.mapping.review:
            proposed = self.reviewing.change(changed)
            tally.proposed += proposed
            tally.unchanged += len(changed) - proposed
            return
        states, asked = self.storing.states([deal.id for _, deal, _ in changed], planning=self.planning)
        for draft, deal, row in changed:
            self._save(draft, deal, row, states[deal.id], deal.id in asked, tally)

    def _first_time(self, draft: Draft, deal: Deal) -> bool:
        """Whether this deal was not met in the file before; a second row for it is a problem."""
        byte, bit = divmod(deal.id, 8)
        if deal.id > self.newest or self.seen[byte] >> bit & 1:
            shown, deal_ref = draft.values.get("external_id") or deal.title, ref("deal", deal.id)
            said = say("{id} is in an earlier row already ({deal})", id=shown, deal=deal_ref)
            draft.wrong(self.about.place(draft), said)
            return False
        self.seen[byte] |= 1 << bit
        return True

    def _said(self, draft: Draft) -> RowSaid:
        assert draft.history is not None
        values = self._resolved(draft)
        by_key = self.about.by_key(draft)
        if values.get("external_id") in self.about.here:
            values = {name: value for name, value in values.items() if name != "external_id"}
        if by_key:  # it keeps the id and the spelling that it has
            values = {name: value for name, value in values.items() if name not in ("external_id", *self.mapping.key)}
        named = "customer" in self.mapping.fields and not (by_key and "customer" in self.mapping.key)
        if named and not self.mapping.review:  # where that is asked for, nothing is made
            self.customers.make([draft])
            values["customer_id"] = self.customers.id_of(draft.customer)
        if "currency" not in self.mapping.fields:
            values.pop("currency", None)
        own = {name: draft.extra.get(name) for name in self.reader.own_names}
        return RowSaid(values, own, draft.history)

    def _save(self, draft: Draft, deal: Deal, said: RowSaid, state: Known, asked: bool, tally: Tally) -> None:
        after = merged(deal, said, state, self.line)
        if isinstance(after, Problem):
            draft.wrong("stage", after)
            return
        if after == deal:
            tally.unchanged += 1
        else:
            try:
                if after.owner != deal.owner:
                    after = tenures.carried(deal, after, tenures.Hand(self.door.stamp.actor, self.door.at, "import"))
                self.storing.store(deal, replace(after, updated_at=self.door.at), state, asked=asked)
            except OppError as refusal:
                draft.wrong("", sentence(refusal))
                return
            tally.updated += 1
        tally.kept += differs(after, said, self.line)
