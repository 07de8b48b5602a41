"""Rows of a mapping with `review = true`: what they would make or change is proposed, and no record until somebody
accepts it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from oppcli.actions.act import Act
from oppcli.actions.deals import customer_name
from oppcli.actions.imports.merge import RowSaid
from oppcli.files.mapping import ImportMap
from oppcli.files.tally import Draft
from oppcli.model.deals import Customer, Deal
from oppcli.model.fields import Field
from oppcli.model.follow import Proposal
from oppcli.rules import fields, record_fields
from oppcli.rules.fields import of_team
from oppcli.words import kinds

IDS = ("external_id", "system")
"""They stand in the proposal, and are given to what is made of it."""
NOT_TYPED = (*IDS, "collaborators", "created_by", "customer_id")
"""Fields of a row about a deal that nobody types."""
EMPTY = (None, "", ())
LONGEST_EVIDENCE = 1000


class Proposals:
    """Those that one import makes."""

    def __init__(self, act: Act, system: str) -> None:
        self._act, self._system = act, system
        self._made: list[Proposal] = []

    def propose(
        self,
        draft: Draft,
        noun: str,
        changes: Mapping[str, Any],
        *,
        deal: int | None = None,
        customer: int | None = None,
    ) -> None:
        """Known again by the id in the other program, else by what the row says; a change also by what it changes."""
        said = json.dumps(changes, ensure_ascii=False, sort_keys=True)
        known = draft.values.get("external_id")
        what = "" if deal is None and customer is None and known else f" {sha256(said.encode()).hexdigest()[:16]}"
        self._made.append(
            Proposal(
                noun=noun,
                deal_id=deal,
                customer_id=customer,
                changes=changes,
                source=self._system or "import",
                evidence="; ".join(str(cell) for cell in draft.cells if cell)[:LONGEST_EVIDENCE],
                cause=f"import:{self._system}:{'' if noun == 'deal' else f'{noun}:'}{known or ''}{what}",
                external_id=known,
                system=self._system,
                created_at=self._act.now,
                created_by=self._act.by,
            )
        )

    def stored(self) -> int:
        """Store those whose cause is new; how many."""
        made, self._made = {each.cause: each for each in self._made}, []
        there = {each.cause for each in self._act.door.find(Proposal, cause=list(made))} if made else set()
        fresh = [each for cause, each in made.items() if cause not in there]
        self._act.door.add_many(fresh)
        return len(fresh)


class Reviewing:
    """Deals that are proposed."""

    def __init__(self, act: Act, mapping: ImportMap, fields: Mapping[str, Field]) -> None:
        self._act, self._fields = act, fields
        self._proposals = Proposals(act, mapping.system)

    def add(self, drafts: Sequence[Draft]) -> int:
        """Propose new deals; how many were proposed. What was before, whatever became of it, is not again."""
        for draft in drafts:
            changes = dict(self._typed(draft.values, draft.extra))
            if draft.customer:
                changes["customer"] = draft.customer
            self._propose(draft, changes)
        return self._proposals.stored()

    def change(self, rows: Sequence[tuple[Draft, Deal, RowSaid]]) -> int:
        """Propose what is another in known deals; how many were proposed."""
        for draft, deal, said in rows:
            new = dict(self._typed(said.values, said.own, deal.currency))
            now = {name: self._shown(name, self._held(deal, name), deal.currency) for name in new}
            if draft.customer and (named := customer_name(self._act.door, deal)) != draft.customer:
                new["customer"], now["customer"] = draft.customer, named
            changes = {name: [now[name], value] for name, value in new.items() if now[name] != value}
            if changes:
                self._propose(draft, changes, deal)
        return self._proposals.stored()

    def _typed(
        self, values: Mapping[str, Any], own: Mapping[str, Any], currency: str = ""
    ) -> Iterator[tuple[str, str]]:
        """Field → value as people type it, of those that say something."""
        code = values.get("currency") or currency or self._act.policy.currency
        for name, value in (*values.items(), *own.items()):
            if name in self._fields and name not in NOT_TYPED and value not in EMPTY:
                yield name, self._shown(name, value, code)

    def _shown(self, name: str, value: Any, currency: str) -> str:
        return "" if value is None else kinds.shown(self._fields[name].kind, value, currency)

    def _held(self, deal: Deal, name: str) -> Any:
        return deal.extra.get(name) if self._fields[name].own else getattr(deal, name)

    def _propose(self, draft: Draft, changes: Mapping[str, Any], deal: Deal | None = None) -> None:
        self._proposals.propose(draft, "deal", changes, deal=None if deal is None else deal.id)


class ReviewingCustomers:
    """Customers that are proposed."""

    def __init__(self, act: Act, mapping: ImportMap) -> None:
        self._act = act
        self._fields = of_team("customer", act.policy)
        self._proposals = Proposals(act, mapping.system)

    def add(self, drafts: Sequence[Draft]) -> int:
        """Propose new customers; how many were proposed. What was before, whatever became of it, is not again."""
        for draft in drafts:
            said = {field.name: self._shown(field, value) for field, value in self._said(draft)}
            if isinstance(owner := draft.values.get("owner"), str):
                said["owner"] = owner
            self._proposals.propose(draft, "customer", said)
        return self._proposals.stored()

    def change(self, rows: Sequence[tuple[Draft, Customer]]) -> int:
        """Propose what is another in known customers; how many were proposed."""
        for draft, before in rows:
            pairs = {
                field.name: [self._shown(field, fields.stored(before, field)), self._shown(field, value)]
                for field, value in self._said(draft)
            }
            changes: Mapping[str, Any] = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
            if changes:
                self._proposals.propose(draft, "customer", changes, customer=before.id)
        return self._proposals.stored()

    def _said(self, draft: Draft) -> Iterator[tuple[Field, Any]]:
        """(field, value) of what a row says and somebody may type."""
        for name, value in (*draft.values.items(), *draft.extra.items()):
            field = self._fields.get(name)
            if field is not None and field.editable and name not in IDS and value not in EMPTY:
                yield field, value

    def _shown(self, field: Field, value: Any) -> str:
        return "" if value in EMPTY else record_fields.shown(field, value, self._act.policy.currency)
