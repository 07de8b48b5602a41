"""Rows of facts of customers (`kind = "facts"`): each entered as by `opp fact set`; what is said so already is left."""

from datetime import date

from oppcli.actions import customer_facts
from oppcli.actions.act import Act
from oppcli.actions.imports.rows import TYPED, RowFields, RowTaker
from oppcli.files.kinds import zone_of
from oppcli.files.mapping import ImportMap
from oppcli.files.references import REFERENCE
from oppcli.files.tally import Draft, Tally
from oppcli.model.deals import Customer
from oppcli.model.facts import Fact
from oppcli.model.fields import Field
from oppcli.model.refs import ref
from oppcli.words.kinds import Reading


class FactTaker(RowTaker[Draft]):
    """Facts: what is new is entered by the rules of `opp fact set`, and refused by them row by row."""

    @classmethod
    def fields(cls, act: Act, mapping: ImportMap) -> RowFields:
        """Who may enter facts is asked of each."""
        needed = (
            Field("customer", REFERENCE, required=True),
            Field("name", required=True),
            Field("value", TYPED, required=True),
        )
        rest = (Field("currency", "currency"), Field("as_of", "date"), Field("source"))
        return RowFields((*needed, *rest), zone_of(mapping, act.policy))

    def read(self, draft: Draft) -> Draft:
        """All of it."""
        return draft

    def keep(self, told: Draft, tally: Tally) -> None:
        """Entered, unless the customer has it so."""
        values, door = told.values, self.act.door
        customer = door.get(Customer, self.referring["customer"].made_of(values["customer"]))
        there = {ref("fact", each.id) for each in door.find(Fact, customer_id=customer.id, name=values["name"])}
        said = customer_facts.enter(
            self.act,
            customer,
            [f"{values['name']}={values['value'].text}"],
            Reading(self.act.policy.currency, date.fromisoformat, values["value"].decimal),
            on=date.fromisoformat(values["as_of"]) if values.get("as_of") else None,
            currency=values.get("currency"),
            source=values.get("source") or "",
        )
        if there.issuperset(said.ids):
            tally.unchanged += 1
        else:
            tally.created += 1
