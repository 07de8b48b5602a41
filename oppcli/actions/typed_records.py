"""What is typed for a customer or a contact → the record, or one refusal naming each value that cannot be taken."""

from typing import Any

from oppcli.actions import values
from oppcli.actions.act import Act
from oppcli.errors import Reason
from oppcli.model.deals import Customer
from oppcli.model.fields import Field
from oppcli.model.noun import replace
from oppcli.model.people import SERVICE
from oppcli.model.said import Said, listed, say
from oppcli.rules import fields, record_fields
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import Reading


def changed(act: Act, noun: str, thing: Any, typed: values.Typed, reading: Reading) -> tuple[Any, list[Reason]]:
    """The record with the typed values, and every reason why it may not be stored so. A customer named for a contact
    that is not known yet is made on the way (the transaction is rolled back when there are reasons)."""
    policy, after, reasons, given = act.policy, thing, list[Reason](), set[str]()
    for text, value in typed.pairs:
        try:
            field = record_fields.typed_field(noun, text, policy)
            given.add(field.name)
            if field.name == "customer":
                after = replace(after, customer_id=values.customer_id(act, value, owner_of_new(act), new=typed.new))
            else:
                read = reading._replace(currency=policy.currency)
                after = record_fields.with_value(after, field, record_fields.parse(field, value, read))
        except Invalid as wrong:
            reasons.append(Reason(record_fields.word(noun, text, policy), wrong.message, wrong.hint))
    named = {reason.what for reason in reasons}
    for problem in record_fields.problems(noun, after, policy):
        # A rule that came later than the value is not held against an edit of another field.
        if problem.what not in named and (thing.id == 0 or problem.what in given):
            reasons.append(problem)
    return after, reasons


def owner_of_new(act: Act) -> str | None:
    """Whose a customer is that nobody was named for: whoever adds it; nobody's where a service does."""
    return None if SERVICE in act.me.roles else act.by


def differences(act: Act, noun: str, before: Any, after: Any) -> Said | str:
    """`phone - → 021-5888; tier B → A`: every field that differs, as people type it."""
    told = []
    for name, field in fields.of_team(noun, act.policy).items():
        if name in ("key", "version", "merged_into"):
            continue
        old, new = fields.stored(before, field), fields.stored(after, field)
        if old != new:
            pair = [_typed(act, noun, field, value) for value in (old, new)]
            word = record_fields.word(noun, name, act.policy)
            told.append(say("{field} {old} → {new}", field=word, old=pair[0] or "-", new=pair[1] or "-"))
    return listed(told, "; ")


def _typed(act: Act, noun: str, field: Field, value: Any) -> str:
    if field.name == "customer":
        return act.door.get(Customer, value).name if value else ""
    return record_fields.shown(field, value, act.policy.currency)
