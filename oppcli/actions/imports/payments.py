"""Rows of payments (`kind = "payments"`): instalments and receipts, known again by the id of the file. One that says
something else by now is voided, and added as it is."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from oppcli.actions.act import Act
from oppcli.actions.imports.referring import Referring
from oppcli.files import kinds, references
from oppcli.files.mapping import ImportMap, Source
from oppcli.files.mapping_keys import ONLY, SKIP
from oppcli.files.reading import BLANK, Columns, Convert, Problem, Read
from oppcli.files.references import REFERENCE
from oppcli.files.sheets import Row
from oppcli.files.tally import Draft, Tally, drafted
from oppcli.model.deals import Deal
from oppcli.model.fields import Field
from oppcli.model.noun import replace
from oppcli.model.payments import DUE, RECEIVED, Payment
from oppcli.model.policy import Policy
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.words import currencies, zones
from oppcli.words.invalid import Invalid
from oppcli.words.named import folded

_KINDS: Mapping[str, str] = {
    **dict.fromkeys(("due", "instalment", "应收", "计划"), DUE),
    **dict.fromkeys(("received", "receipt", "实收", "收款", "回款"), RECEIVED),
}
_SAYS = ("kind", "deal_id", "customer_id", "on", "sign_days", "amount", "currency", "ref")
"""What a row says of a payment: where one of these is another the payment is another."""


class PaymentFields:
    """The fields of a payment: makes the conversion of a cell for each."""

    needed: tuple[str, ...] = ("external_id", "amount")
    fields: Mapping[str, Field] = {
        "external_id": Field("external_id", is_id=True, required=True),
        "kind": Field("kind", "payment_kind"),
        "deal": Field("deal", REFERENCE),
        "customer": Field("customer", REFERENCE),
        "on": Field("on", "date"),
        "sign_days": Field("sign_days", "int"),
        "amount": Field("amount", "money", required=True),
        "currency": Field("currency", "currency"),
        "ref": Field("ref"),
        "voided_at": Field("voided_at", "instant"),
    }

    def __init__(self, policy: Policy, zone: ZoneInfo) -> None:
        self.zone, self.currency = zone, policy.currency

    def of(self, field: Field, source: Source, currency: str | None = None) -> Convert:
        """The function from a cell's text to the value; it raises `Invalid`."""
        if field.kind == "payment_kind":
            return _kind
        if field.kind == "currency":
            return currencies.parse
        if field.kind == REFERENCE:
            return str.strip
        return kinds.converter(field, source, currency=currency or self.currency, zone=self.zone)


def _kind(text: str) -> str:
    found = _KINDS.get(folded(text))
    if found is None:
        raise Invalid(say("{text} is neither due nor received", text=text))
    return found


class PaymentTaker:
    """Payments: each found again, or added."""

    def __init__(self, act: Act, mapping: ImportMap, columns: Columns, to: PaymentFields) -> None:
        self.act, self.door, self.mapping, self.columns, self.to = act, act.door, mapping, columns, to
        self.readers: list[tuple[str, Read]] = []
        self.referring: dict[str, Referring] = {}
        for name, source in mapping.fields.items():
            field = to.fields[name]
            if field.kind == REFERENCE:
                self.referring[name] = Referring(act, name, source, mapping.system)
                self.readers.append((name, references.reader(columns, source, name)))
            elif name != "amount":
                self.readers.append((name, columns.reader(source, partial(to.of, field))))
        self.amounts: dict[str, Read] = {}
        self.met: dict[str, int] = {}
        """Id of the file → the line it stood on."""
        self.today = zones.today(act.now, str(to.zone)).isoformat()

    def take(self, chunk: list[tuple[int, Row]], tally: Tally) -> list[Draft]:
        drafts = [drafted(line, cells, self.readers, self.to.fields) for line, cells in chunk]
        for name, referring in self.referring.items():
            named = [(draft, each) for draft in drafts if (each := draft.values.get(name)) and not draft.problems]
            for draft, why in referring.resolve(named):
                draft.wrong(name, why)
        good = [draft for draft in drafts if not draft.problems]
        numbers = {self._number("deal", draft) for draft in good} - {None}
        deals = {deal.id: deal for deal in self.door.find(Deal, id=sorted(numbers, key=int))} if numbers else {}
        for draft in good:
            self._check(draft, deals)
        self._keep([draft for draft in good if not draft.problems], deals, tally)
        tally.customers = sum(each.made for each in self.referring.values())
        return drafts

    def _number(self, name: str, draft: Draft) -> int | None:
        referring = self.referring.get(name)
        return None if referring is None else referring.known(draft.values.get(name))

    def _check(self, draft: Draft, deals: Mapping[int, Deal]) -> None:
        """Note everything that is wrong with a row whose cells are good one by one, its amount in its own currency."""
        values = draft.values
        values["kind"] = kind = values.get("kind") or RECEIVED
        deal = deals.get(self._number("deal", draft) or 0)
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

    def _keep(self, drafts: Sequence[Draft], deals: Mapping[int, Deal], tally: Tally) -> None:
        ids = [draft.values["external_id"] for draft in drafts]
        found = self.door.find(Payment, system=self.mapping.system, external_id=ids, voided_at=None) if ids else []
        here = {each.external_id: each for each in found}
        fresh = []
        for draft in drafts:
            before = here.get(draft.values["external_id"])
            void = draft.values.get("voided_at") is not None
            if before is None and (void or self.mapping.existing == ONLY):
                tally.unchanged, tally.absent = tally.unchanged + void, tally.absent + (not void)
                continue
            after = self._payment(draft)
            same = before is not None and not void and all(getattr(before, n) == getattr(after, n) for n in _SAYS)
            if before is not None and (same or self.mapping.existing == SKIP):
                tally.unchanged += 1
                continue
            if before is not None:
                self.door.save(before, replace(before, voided_at=self.act.now), action="void")
                tally.updated += 1
            tally.created += before is None
            fresh += [] if void else [after]
        self._add(fresh)

    def _add(self, payments: Iterable[Payment]) -> None:
        made = list(payments)
        if made:
            self.door.add_many(made)

    def _payment(self, draft: Draft) -> Payment:
        values: dict[str, Any] = draft.values
        deal = self._number("deal", draft)
        customer = None
        if deal is None:
            customer = self.referring["customer"].made_of(values["customer"])
        return Payment(
            kind=values["kind"],
            deal_id=deal,
            customer_id=customer,
            on=values.get("on"),
            sign_days=values.get("sign_days"),
            amount=values["amount"],
            currency=values["currency"],
            ref=values.get("ref"),
            external_id=values["external_id"],
            system=self.mapping.system,
            created_at=self.act.now,
            created_by=self.act.by,
        )
