"""The fields of a deal: built-in ones and the team's own; their limits, and what conditions read of them."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from oppcli.errors import Ambiguous, Reason
from oppcli.model import money
from oppcli.model.command import command
from oppcli.model.deals import CLOSED_KINDS, Deal
from oppcli.model.fields import BUILT_IN, PERSONAL, SYNONYMS, TEXTS, Field, of
from oppcli.model.policy import FieldRule, Policy
from oppcli.model.said import Word, label, listed, say
from oppcli.words import kinds
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import PLAIN, Reading

REQUIRED = say("required")
"""What is said of a field that must not be empty."""
_VERBS = {"owner": "assign", "stage": "advance", "close_reason": "lose", "close_detail": "lose"}
"""The verb of `opp deal` that sets what `--set` does not."""


def fields(policy: Policy) -> dict[str, Field]:
    """Every field of this team by name: built-in ones with the policy's limits, then its own."""
    found = dict(BUILT_IN)
    for name, rule in policy.fields.items():
        found[name] = _limited(found.get(name) or Field(name, rule.type or "text", own=True), rule)
    for score in policy.scores:
        found[score.name] = Field(score.name, "int", editable=False, own=True, set_by="")
        if score.grades:
            found["score"] = found["score"]._replace(editable=False, set_by="")
    return found


def of_team(noun: str, policy: Policy) -> dict[str, Field]:
    """Every field of deals, customers or contacts as this team has them, by name."""
    return fields(policy) if noun == "deal" else of_noun(noun, policy.fields_of.get(noun, {}))


def of_noun(noun: str, rules: Mapping[str, FieldRule]) -> dict[str, Field]:
    """Every field of customers or contacts by name, with what the policy says of them, then the team's own."""
    found = {field.name: field for field in of(noun) if field.kind != "object"}
    for name, rule in rules.items():
        found[name] = _limited(found.get(name) or Field(name, rule.type or "text", own=True), rule)
    return found


_OTHERS = {
    "file": say("file:{it}"),
    "task": say("task:{it}"),
    "contact": say("contact:{it}"),
    "stage": say("stage:{it}"),
    "touch": say("touch"),
    "survey": say("survey"),
}
"""What a gate asks for besides fields, as it is typed there."""


def word(name: str, policy: Policy) -> str:
    """A field, or what else a gate asks for, as people are told it: by its name, or where that is translated by what
    the team or the language calls it."""
    rule = policy.fields.get(name)
    kind, _, of_what = name.partition(":")
    if rule is None and kind in _OTHERS and bool(of_what) == (":" in _OTHERS[kind]):
        return _OTHERS[kind].filled(it=of_what)
    if rule is None and kind == "activity" and of_what:
        return say("activity:{it}", it=Word("activity", of_what))
    return label(name, rule.title if rule and rule.title else "")


def own_kinds(policy: Policy | None) -> dict[str, str]:
    """Name → kind of the fields of deals that the team made, under the policy that a command read."""
    return {} if policy is None else {each.name: each.kind for each in fields(policy).values() if each.own}


def own_fields(policy: Policy) -> list[tuple[str, str, str]]:
    """(name, kind, title) of the fields that the team made, in the order of the policy; then of its scores."""
    made = [
        (name, rule.type or "text", rule.title or "") for name, rule in policy.fields.items() if name not in BUILT_IN
    ]
    scores = [(score.name, "int", "") for score in policy.scores]
    return made + scores + ([("risk.flags", "text", "")] if ("risk", "int", "") in scores else [])


def own_personal(policy: Policy) -> list[str]:
    """The fields that the team made, of deals, customers and contacts, and that may tell of a person."""
    deals = [name for name, rule in policy.fields.items() if rule.personal and name not in BUILT_IN]
    theirs = [name for rules in policy.fields_of.values() for name, rule in rules.items() if rule.personal]
    return list(dict.fromkeys((*deals, *theirs)))


def personal(policy: Policy) -> frozenset[str]:
    """Names of a deal's fields that may tell of a person; what approvers were shown has them, too."""
    return PERSONAL["deal"].union(own_personal(policy))


def _limited(field: Field, rule: FieldRule) -> Field:
    return field._replace(
        title=rule.title or field.title,
        values=rule.values or field.values,
        required=rule.required or field.required,
        min=rule.min if rule.min is not None else field.min,
        max=rule.max if rule.max is not None else field.max,
        pattern=rule.pattern,
        personal=field.personal or rule.personal,
        required_when=rule.required_when,
    )


def field_kinds(policy: Policy) -> dict[str, str]:
    """Name → kind, what conditions are typed against."""
    found = {name: field.kind for name, field in fields(policy).items()}
    if not policy.spaced and not beside(policy):
        return found
    from oppcli.model import spaces

    return {**spaces.known(policy), **found}


def beside(policy: Policy) -> bool:
    """Whether a policy may name what is no field and no quote's: payments, its customer's, risk (`model.spaces`)."""
    named = "customer." in policy.text or "payment." in policy.text
    return named or any(score.name == "risk" for score in policy.scores)


def parse(field: Field, text: str, reading: Reading = PLAIN) -> Any:
    """The value to store for typed text. Empty text clears the field (None). Raises `Invalid`."""
    if field.is_id:
        from oppcli.words.text import bare

        text = bare(text)
    value = kinds.parse(field.kind, text, reading, unit=field.unit, folds=field.folds)
    if field.values and value is not None and value not in field.values:
        value = _among(value, field.values)
    problem = limit_problem(field, value, reading.currency)
    if problem:
        raise Invalid(problem)
    return value


def _among(value: str, values: tuple[str, ...]) -> str:
    """The one of these values that is meant: spelt otherwise, or as the other language says yes and no. The value
    itself where it is none, or several."""
    from oppcli.words.named import understood
    from oppcli.words.yes_no import ANSWERS

    try:
        return understood(value, values, lambda each: ANSWERS.get(each, ())) or value
    except Ambiguous:
        return value


def _nearest(word: str, known: Iterable[str]) -> str:
    """Read where something is refused: most commands refuse nothing."""
    from oppcli.words.spelling import nearest

    return nearest(word, known)


def limit_problem(field: Field, value: Any, currency: str = "CNY") -> str | None:
    """What is wrong with a stored value by the field's dictionary, range or format; None when nothing is."""
    if value is None:
        return None
    if field.kind in TEXTS and isinstance(value, str) and len(value) > field.longest:
        return say("{value:,} characters; at most {longest:,} are kept", value=len(value), longest=field.longest)
    if field.values and value not in field.values:
        from oppcli.words.spelling import not_one_of

        return not_one_of(value, field.values)
    if field.name == "currency" and value not in money.CURRENCIES:
        return say(
            "{value!r} is not an ISO currency{nearest}",
            value=value,
            nearest=_nearest(str(value).upper(), sorted(money.CURRENCIES)),
        )
    if field.pattern is not None:
        from oppcli.words.patterns import fits

        if not fits(field.pattern, str(value)):
            return say("{value!r} does not have the form {pattern}", value=value, pattern=field.pattern)
    return _range_problem(field, value, currency)


def _range_problem(field: Field, value: Any, currency: str) -> str | None:
    if field.min is None and field.max is None:
        return None
    known = kinds.comparable(field.kind, value, currency)
    if field.min is not None and known < field.min:
        return say("{known} is below {min}", known=known, min=_edge(field.min))
    if field.max is not None and known > field.max:
        return say("{known} is above {max}", known=known, max=_edge(field.max))
    return None


def _edge(limit: Decimal | date) -> Decimal | date | str:
    """A limit as it may be typed: `1千万` of the policy is 10000000."""
    from oppcli.words.numbers import shown

    return shown(limit) if isinstance(limit, Decimal) else limit


def stored(thing: Any, field: Field) -> Any:
    """The value of a field on a deal, customer or contact (customers by number)."""
    if field.own:
        return thing.extra.get(field.name)
    return getattr(thing, "customer_id" if field.name == "customer" else field.name)


def facts(
    deal: Deal,
    policy: Policy,
    *,
    customer: str | None = None,
    probability: int | None = None,
    among: Mapping[str, Field] | None = None,
) -> dict[str, Any]:
    """What conditions read: every field by name, comparable. `customer` is the name; `probability` the stage's;
    `among` the fields that are wanted, where that is known."""
    found: dict[str, Any] = {}
    for name, field in (fields(policy) if among is None else among).items():
        found[name] = kinds.comparable(field.kind, stored(deal, field), deal.currency)
    found["customer"] = customer if customer is not None else deal.customer_id and str(deal.customer_id)
    if deal.probability is None and probability is not None:
        found["probability"] = Decimal(probability)
    return found


def problems(deal: Deal, policy: Policy) -> tuple[Reason, ...]:
    """Every required field that is empty and every value its rule forbids; a category of a deal that is closed."""
    found, here = [], policy.stage(deal.stage)
    if deal.category is not None and here is not None and here.kind in CLOSED_KINDS:
        found.append(
            Reason(
                word("category", policy), say("is of open deals, and this one is {kind}", kind=Word("kind", here.kind))
            )
        )
    known = fields(policy)
    for name, field in known.items():
        value = stored(deal, field)
        if value is None and (field.required or _required_here(field, deal, policy, known)):
            found.append(Reason(word(name, policy), REQUIRED))
        wrong = limit_problem(field, value, deal.currency)
        if wrong:
            found.append(Reason(word(name, policy), wrong))
    return tuple(found)


def _required_here(field: Field, deal: Deal, policy: Policy, known: Mapping[str, Field]) -> bool:
    """Whether it is required of this deal: where the condition reads what is not known yet, it is not."""
    if field.required_when is None:
        return False
    from oppcli.rules import conditions

    read = {name: known[name] for name in conditions.reads(field.required_when) if name in known}
    return conditions.decided(field.required_when, facts(deal, policy, among=read)) is True


def known_field(name: str, policy: Policy) -> Field:
    """The field to type called `name`: by its name, a synonym, or a title in either language. Raises `Invalid` for one
    that follows from what happens, and for no field at all with the nearest name; refused (`Ambiguous`) for several."""
    found = fields(policy)
    meant = named(name, found)
    if meant in found:
        return found[meant]
    if any(meant == field.name for field in of("deal")):
        raise by_another_verb(meant)
    near = _nearest(name, found)
    there = listed(word(known.name, policy) for known in found.values() if known.editable)
    raise Invalid(say("no such field{nearest}", nearest=near), hint=say("one of {words}", words=there))


def named(text: str, known: Mapping[str, Field]) -> str:
    """The name of the field that is meant by a name, a synonym or a title; the text itself where it is of no field.
    Refused (`Ambiguous`) where it could be several."""
    if text in known or text in SYNONYMS:
        return SYNONYMS.get(text, text)
    from oppcli.words.named import understood

    return understood(text, known, titles(known).__getitem__) or text


def titles(known: Mapping[str, Field]) -> dict[str, tuple[str, ...]]:
    """Field → what else it is called: its titles, and synonyms."""
    others = {name: (field.title, field.zh) for name, field in known.items()}
    same = {name: [each for each, of in SYNONYMS.items() if of == name] for name in known}
    return {name: (*filter(None, called), *same[name]) for name, called in others.items()}


def by_another_verb(name: str) -> Invalid:
    """Why `--set` does not take a field of the deal, with the verb that sets it where there is one."""
    if name not in _VERBS:
        return Invalid(say("is not set by hand"))
    return Invalid(say("is not set by hand: {other_verb}", other_verb=command("deal", _VERBS[name])))
