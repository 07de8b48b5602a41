"""The fields of customers and contacts: what is typed for them, what conditions read, what is wrong with a record."""

from collections.abc import Mapping
from typing import Any

from oppcli.errors import Reason
from oppcli.model.command import BLANK, command
from oppcli.model.fields import Field
from oppcli.model.noun import replace
from oppcli.model.policy import Policy
from oppcli.model.said import Word, label, listed, say, title_of_person
from oppcli.rules import fields
from oppcli.words import kinds
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import PLAIN, Reading
from oppcli.words.spelling import nearest


def word(noun: str, name: str, policy: Policy) -> Word:
    """A field as people are told it: by its name, or where that is translated by what the team or the language calls
    it."""
    rules = policy.fields if noun == "deal" else policy.fields_of.get(noun, {})
    rule = rules.get(name)
    called = rule.title if rule and rule.title else ""
    return title_of_person(name, called) if (noun, name) == ("contact", "title") else label(name, called)


def own_kinds(noun: str, policy: Policy) -> list[tuple[str, str, str]]:
    """(name, kind, title) of the fields that the team made for customers or contacts, in the order of the policy."""
    known = fields.of_team(noun, policy)
    return [(name, field.kind, field.title) for name, field in known.items() if field.own]


def typed_field(noun: str, text: str, policy: Policy) -> Field:
    """The field that may be typed and is called so, by its name or a title. Raises `Invalid` for one that follows from
    what happens, and for no field at all with the nearest name; refused (`Ambiguous`) for several."""
    known = fields.of_team(noun, policy)
    found = known.get(fields.named(text, known))
    if found is None:
        there = listed(word(noun, each.name, policy) for each in known.values() if each.editable)
        raise Invalid(
            say("no such field{nearest}", nearest=nearest(text, known)), hint=say("one of {words}", words=there)
        )
    if noun == "customer" and found.name == "tier" and policy.tiers:
        raise Invalid(say("is not set by hand: the policy's [[tier]] says which it is"))
    if not found.editable:
        raise Invalid(say("is not set by hand"))
    return found


def parse(field: Field, text: str, reading: Reading = PLAIN) -> Any:
    """The value to store for typed text; of several values, which stand between commas, all of them. Empty text clears
    the field. Raises `Invalid`."""
    if not field.many:
        return fields.parse(field, text, reading)
    from oppcli.words.addresses import parted

    return tuple(dict.fromkeys(fields.parse(field, part, reading) for part in parted(text)))


def with_value(thing: Any, field: Field, value: Any) -> Any:
    """The customer or contact with this value in a field, but for the customer of a contact; `key` goes with the
    name."""
    if field.own:
        kept = {name: known for name, known in thing.extra.items() if name != field.name}
        return replace(thing, extra=kept if value is None else kept | {field.name: value})
    if field.name == "name":
        from oppcli.words.names import key

        return replace(thing, name=value or "", key=key(value or ""))
    return replace(thing, **{field.name: value})


def shown(field: Field, value: Any, currency: str) -> str:
    """A stored value as people read it and may type it back."""
    if isinstance(value, tuple):
        return listed(map(str, value))
    return kinds.shown(field.kind, value, currency)


def of_record(thing: Any, known: Mapping[str, Field], policy: Policy) -> dict[str, Any]:
    """What conditions read of a customer or a contact: these fields by name."""
    return facts({name: fields.stored(thing, field) for name, field in known.items()}, known, policy)


def facts(said: Mapping[str, Any], known: Mapping[str, Field], policy: Policy) -> dict[str, Any]:
    """What conditions read of stored values by field, comparable; several values as one text."""
    found = {}
    for name, value in said.items():
        plain = "; ".join(map(str, value)) or None if isinstance(value, tuple) else value
        kind = "text" if known[name].many else known[name].kind
        found[name] = kinds.comparable(kind, plain, policy.currency)
    return found


def needed(field: Field, said: Mapping[str, Any], known: Mapping[str, Field], policy: Policy) -> bool:
    """Whether the policy's condition requires a field where these are the values of the others; not where it reads what
    has none."""
    if field.required_when is None:
        return False
    from oppcli.rules import conditions

    read = {name: said.get(name) for name in conditions.reads(field.required_when) if name in known}
    return conditions.decided(field.required_when, facts(read, known, policy)) is True


def problems(noun: str, thing: Any, policy: Policy) -> tuple[Reason, ...]:
    """Every required field that is empty and every value its rule forbids."""
    found = []
    known = fields.of_team(noun, policy)
    said = {name: fields.stored(thing, field) for name, field in known.items() if field.kind != "list"}
    for name, field in known.items():
        if not field.editable:
            continue
        value = said.get(name)
        if value in (None, "", ()) and (field.required or needed(field, said, known, policy)):
            found.append(Reason(word(noun, name, policy), fields.REQUIRED, _mend(noun, thing, name)))
        for each in value if isinstance(value, tuple) else (value,):
            if wrong := fields.limit_problem(field, each, policy.currency):
                found.append(Reason(word(noun, name, policy), wrong))
    return tuple(found)


def _mend(noun: str, thing: Any, name: str) -> Any:
    """The command that gives a record a value; none for one that is not there yet."""
    from oppcli.model.refs import ref

    return command(noun, "edit", ref(noun, thing.id), "--set", f"{name}={BLANK}") if thing.id else None
