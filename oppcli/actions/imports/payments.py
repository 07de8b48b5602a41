"""Rows of payments (`kind = "payments"`): instalments and receipts, known again by the id of the file. One that says
something else by now is voided, and added as it is."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from oppcli.actions import payments
from oppcli.actions.act import Act
from oppcli.actions.imports.lookups import OWN
from oppcli.actions.imports.rows import RowFields, RowTaker
from oppcli.files import kinds
from oppcli.files.kinds import zone_of
from oppcli.files.mapping import ImportMap, Source
from oppcli.files.mapping_keys import ONLY
from oppcli.files.reading import BLANK, Columns, Convert, Problem, Read
from oppcli.files.references import REFERENCE
from oppcli.files.tally import Draft, Tally
from oppcli.model.deals import Deal
from oppcli.model.fields import Field
from oppcli.model.noun import replace
from oppcli.model.payments import DUE, RECEIVED, Payment
from oppcli.model.people import SERVICE
from oppcli.model.refs import meant, ref
from oppcli.model.said import Word, say
from oppcli.rules import instalments
from oppcli.store import owed
from oppcli.words import zones
from oppcli.words.invalid import Invalid
from oppcli.words.named import folded

_KINDS: Mapping[str, str] = {
    **dict.fromkeys(("due", "instalment", "应收", "计划"), DUE),
    **dict.fromkeys(("received", "receipt", "实收", "收款", "回款"), RECEIVED),
}
_SAYS = ("kind", "deal_id", "customer_id", "on", "sign_days", "amount", "currency", "ref")
"""What a row says of a payment: where one of these is another the payment is another. A day that follows from a
signature is not in the row: one that an instalment has stays, whatever was signed since."""


class PaymentFields(RowFields):
    """The fields of a payment: what it is, due or received, also in Chinese."""

    def of(self, field: Field, source: Source, currency: str | None = None) -> Convert:
        """The function from a cell's text to the value; of an amount, in this currency."""
        if field.kind == "payment_kind":
            return _kind
        if currency is not None:
            return kinds.converter(field, source, currency=currency, zone=self.zone)
        return super().of(field, source)


FIELDS = (
    Field("external_id", is_id=True, required=True),
    Field("kind", "payment_kind"),
    Field("deal", REFERENCE),
    Field("customer", REFERENCE),
    Field("on", "date"),
    Field("sign_days", "int"),
    Field("amount", "money", required=True),
    Field("currency", "currency"),
    Field("ref"),
    Field("voided_at", "instant"),
    Field("created_at", "instant"),
)


def _kind(text: str) -> str:
    found = _KINDS.get(folded(text))
    if found is None:
        raise Invalid(say("{text} is neither due nor received", text=text))
    return found


def _is_same(before: Payment, after: Payment, told: Draft) -> bool:
    says = (name for name in _SAYS if name != "on" or told.values.get("on"))
    return all(getattr(before, name) == getattr(after, name) for name in says)


class PaymentTaker(RowTaker[Draft]):
    """Payments: each found again, or added."""

    apart = ("amount",)
    to: PaymentFields

    def __init__(self, act: Act, mapping: ImportMap, columns: Columns, to: RowFields) -> None:
        super().__init__(act, mapping, columns, to)
        self.door, self.columns = act.door, columns
        self.amounts: dict[str, Read] = {}
        """By currency, what reads the amount."""
        self.today = zones.today(act.now, str(to.zone)).isoformat()
        self.deals: Mapping[int, Deal] = {}
        self.here: Mapping[str, Payment] = {}
        self.fresh: list[Payment] = []

    @classmethod
    def fields(cls, act: Act, mapping: ImportMap) -> PaymentFields:
        """Refused to who may neither import nor enter them."""
        what = say("import {kind}", kind=Word("plural", mapping.kind))
        if SERVICE in act.me.roles:
            act.require("import", what)
        else:
            payments.require_payer(act, payments.RECEIVE, what)
        return PaymentFields(FIELDS, zone_of(mapping, act.policy), act.policy.currency)

    def gather(self, drafts: Sequence[Draft]) -> None:
        """The deals that rows name."""
        numbers = {self._number("deal", draft) for draft in drafts} - {None}
        found = self.door.find(Deal, id=sorted(numbers, key=int)) if numbers else []
        self.deals = {deal.id: deal for deal in found}

    def _number(self, name: str, draft: Draft) -> int | None:
        referring = self.referring.get(name)
        return None if referring is None else referring.known(draft.values.get(name))

    def read(self, draft: Draft) -> Draft | None:
        """All of it, its amount in its own currency; None with a problem."""
        values = draft.values
        values["kind"] = kind = values.get("kind") or RECEIVED
        deal = self.deals.get(self._number("deal", draft) or 0)
        of = self._number("customer", draft)
        if deal is None and values.get("customer") is None:
            draft.wrong("deal", say("names no deal or customer"))
        elif deal is not None and None not in (of, deal.customer_id) and of != deal.customer_id:
            told = {"deal": ref("deal", deal.id), "customer": ref("customer", deal.customer_id or 0)}
            draft.wrong("customer", say("{deal} is of {customer}", **told))
        values["currency"] = values.get("currency") or (deal.currency if deal else self.to.currency)
        self._amount(draft)
        if values.get("on") is None and (kind == RECEIVED or values.get("sign_days") is None):
            draft.wrong("on", BLANK)
        elif kind == RECEIVED and values["on"] > self.today:
            draft.wrong("on", say("{at} is in the future", at=values["on"]))
        line = self.met.setdefault(values["external_id"], draft.line)
        if line != draft.line:
            draft.wrong("external_id", say("{id} is on line {line} already", id=values["external_id"], line=line))
        return None if draft.problems else draft

    def _amount(self, draft: Draft) -> None:
        currency = draft.values["currency"]
        if currency not in self.amounts:
            of = partial(self.to.of, self.to.fields["amount"], currency=currency)
            self.amounts[currency] = self.columns.reader(self.mapping.fields["amount"], of)
        value = draft.values["amount"] = self.amounts[currency](draft.cells)
        if type(value) is Problem:
            draft.wrong("amount", value)
        elif value is None:
            draft.wrong("amount", BLANK)
        elif value == 0 or (value < 0 and draft.values["kind"] == DUE):
            draft.wrong("amount", say("an instalment is more than 0, a receipt not 0"))

    def look_up(self, told: Sequence[Draft]) -> None:
        """Those that are there, in one statement."""
        ids = [draft.values["external_id"] for draft in told]
        found = self.door.find(Payment, system=self.mapping.system, external_id=ids, voided_at=None) if ids else []
        self.here = {each.external_id: each for each in found if each.external_id}
        if self.mapping.system == OWN:
            self.here |= self._own([draft for draft in told if draft.values["external_id"] not in self.here])
        self.fresh = []

    def _own(self, told: Sequence[Draft]) -> dict[str, Payment]:
        """Those of an own export that is back where it came from: of this number, entered at the same instant."""
        refs = {draft.values["external_id"]: draft.values.get("created_at") for draft in told}
        numbers = {int(of[1]): name for name in refs if (of := meant(name)) is not None and of[0] == "payment"}
        there = self.door.find(Payment, id=sorted(numbers)) if numbers else []
        return {numbers[each.id]: each for each in there if each.created_at == refs[numbers[each.id]]}

    def keep(self, told: Draft, tally: Tally) -> None:
        """Kept, one that says something else by now voided."""
        before = self.here.get(told.values["external_id"])
        void = told.values.get("voided_at") is not None
        if before is None and (void or self.mapping.existing == ONLY):
            tally.unchanged, tally.absent = tally.unchanged + void, tally.absent + (not void)
            return
        after = self._payment(told)
        same = before is not None and (before.voided_at is not None or (not void and _is_same(before, after, told)))
        if before is not None and (same or self.skips):
            tally.unchanged += 1
            return
        if before is not None:
            self.door.save(before, replace(before, voided_at=self.act.now), action="void")
            tally.updated += 1
        tally.created += before is None
        if not void:
            self.fresh.append(after)

    def finish(self, tally: Tally) -> None:
        """Add the new ones at once."""
        if self.fresh:
            self.door.add_many(self.fresh)

    def _due(self, deal: int, sign_days: int) -> str | None:
        """When an instalment is due that waits for the signature, where the contract is signed by now."""
        signed = owed.signed_on(self.door, deal)
        return signed and instalments.due(date.fromisoformat(signed), sign_days)

    def _payment(self, draft: Draft) -> Payment:
        values: dict[str, Any] = draft.values
        on, sign_days = values.get("on"), values.get("sign_days")
        deal = self._number("deal", draft)
        customer = None
        if deal is None:
            customer = self.referring["customer"].made_of(values["customer"])
        return Payment(
            kind=values["kind"],
            deal_id=deal,
            customer_id=customer,
            on=on if on or deal is None or sign_days is None else self._due(deal, sign_days),
            sign_days=sign_days,
            amount=values["amount"],
            currency=values["currency"],
            ref=values.get("ref"),
            external_id=values["external_id"],
            system=self.mapping.system,
            created_at=self.act.now,
            created_by=self.act.by,
        )
