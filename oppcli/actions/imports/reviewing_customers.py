"""Rows about customers of a mapping with `review = true`: proposed, and no records until somebody accepts them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oppcli.actions.act import Act
from oppcli.actions.imports.reviewing import Proposals
from oppcli.files.mapping import ImportMap
from oppcli.files.tally import Draft
from oppcli.model.deals import Customer
from oppcli.model.fields import Field
from oppcli.rules import record_fields
from oppcli.rules.fields import of_team

NOT_TYPED = ("external_id", "system")
"""Ids stand in the proposal, and are given to what is made of it."""
EMPTY = (None, "", ())


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
                field.name: [self._shown(field, record_fields.stored(before, field)), self._shown(field, value)]
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
            if field is not None and field.editable and name not in NOT_TYPED and value not in EMPTY:
                yield field, value

    def _shown(self, field: Field, value: Any) -> str:
        return "" if value in EMPTY else record_fields.shown(field, value, self._act.policy.currency)
