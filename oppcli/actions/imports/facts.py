"""Rows of facts of customers (`kind = "facts"`): each entered as by `opp fact set`; what is said so already is left."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from oppcli.actions import customer_facts
from oppcli.actions.act import Act
from oppcli.actions.imports.referring import Referring
from oppcli.errors import OppError
from oppcli.files import dates, references
from oppcli.files.mapping import ImportMap, Source
from oppcli.files.reading import Columns, Convert, Read
from oppcli.files.references import REFERENCE
from oppcli.files.sheets import Row
from oppcli.files.tally import Draft, Tally, drafted, sentence
from oppcli.model.deals import Customer
from oppcli.model.facts import Fact
from oppcli.model.fields import Field
from oppcli.model.policy import Policy
from oppcli.model.refs import ref
from oppcli.words import currencies
from oppcli.words.kinds import Reading


class FactFields:
    """The fields of a fact: makes the conversion of a cell for each."""

    needed: tuple[str, ...] = ("customer", "name", "value")
    fields: Mapping[str, Field] = {
        "customer": Field("customer", REFERENCE, required=True),
        "name": Field("name", required=True),
        "value": Field("value", required=True),
        "currency": Field("currency", "currency"),
        "as_of": Field("as_of", "date"),
        "source": Field("source"),
    }

    def __init__(self, policy: Policy, zone: ZoneInfo) -> None:
        self.policy, self.zone = policy, zone

    def of(self, field: Field, source: Source) -> Convert:
        """The function from a cell's text to the value; it raises `Invalid`."""
        if field.kind == "date":
            return lambda text: dates.day(text, source.date, self.zone).isoformat()
        return currencies.parse if field.kind == "currency" else str.strip


class FactTaker:
    """Facts: what is new is entered by the rules of `opp fact set`, and refused by them row by row."""

    def __init__(self, act: Act, mapping: ImportMap, columns: Columns, to: FactFields) -> None:
        self.act, self.to = act, to
        source = mapping.fields["customer"]
        self.customers = Referring(act, "customer", source, mapping.system)
        self.decimal = mapping.fields["value"].decimal or "."
        self.readers: list[tuple[str, Read]] = [("customer", references.reader(columns, source, "customer"))]
        self.readers += [
            (name, columns.reader(each, partial(to.of, to.fields[name])))
            for name, each in mapping.fields.items()
            if name != "customer"
        ]

    def take(self, chunk: list[tuple[int, Row]], tally: Tally) -> list[Draft]:
        """Store what can be stored; the drafts in order."""
        drafts = [drafted(line, cells, self.readers, self.to.fields) for line, cells in chunk]
        named = [(draft, draft.values["customer"]) for draft in drafts if not draft.problems]
        for draft, why in self.customers.resolve(named):
            draft.wrong("customer", why)
        for draft in (each for each in drafts if not each.problems):
            try:
                self._store(draft, tally)
            except OppError as refusal:
                draft.wrong("", sentence(refusal))
        tally.customers = self.customers.made
        return drafts

    def _store(self, draft: Draft, tally: Tally) -> None:
        values, door = draft.values, self.act.door
        customer = door.get(Customer, self.customers.made_of(values["customer"]))
        there = {ref("fact", each.id) for each in door.find(Fact, customer_id=customer.id, name=values["name"])}
        said = customer_facts.enter(
            self.act,
            customer,
            [f"{values['name']}={values['value']}"],
            Reading(self.to.policy.currency, date.fromisoformat, self.decimal),
            on=date.fromisoformat(values["as_of"]) if values.get("as_of") else None,
            currency=values.get("currency"),
            source=values.get("source") or "",
        )
        if there.issuperset(said.ids):
            tally.unchanged += 1
        else:
            tally.created += 1
