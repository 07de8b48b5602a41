"""What is wrong with a condition: it cannot be read, names an unknown field, or compares a field with another kind."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from oppcli.model.conditions import EMPTINESS, Bare, Comparison, comparisons
from oppcli.model.fields import BUILT_IN, CHINESE_TITLES, TEXTS
from oppcli.model.people import ME
from oppcli.model.said import listed, say
from oppcli.rules.conditions import yes_or_no
from oppcli.rules.syntax import CONTAINS, syntax
from oppcli.tuples import NamedTuple
from oppcli.words.conditions import Unreadable
from oppcli.words.invalid import Invalid
from oppcli.words.quantities import Quantity
from oppcli.words.spelling import did_you_mean

NUMERIC_KINDS = ("number", "int", "money", "percent")
_NUMERIC = (*NUMERIC_KINDS, "fraction")
DAYS = ("date", "instant")
TEXTUAL = (*TEXTS, "list", "ref")


class Fault(NamedTuple):
    """What is wrong with a condition: P009 cannot be read, P010 unknown field, P035 the field is of another kind."""

    code: str
    column: int
    message: str
    field: str = ""
    """Of one that is not there."""


def faults(
    text: str,
    kinds: Mapping[str, str],
    choices: Mapping[str, tuple[str, ...]] | None = None,
    *,
    currency: str = "",
    of_read: bool = False,
    names: tuple[str, ...] = (),
) -> tuple[Fault, ...]:
    """Everything wrong with a condition. `choices` are the dictionaries of fields that have one: a text outside of it
    could never be true, and the step it belongs to would silently never apply. Amounts may name the `currency` that
    limits are in. One of a read (`of_read`) may say more: `~`, fields in several words (`names`), and days in any words
    (`eom`); whether these are days is not looked at here."""
    if text.strip() == "always":
        return ()
    try:
        node = syntax(text, names)
    except Unreadable as error:
        return (Fault("P009", error.column, error.message),)
    found = (_fault(comparison, kinds, choices or {}, of_read, currency) for comparison in comparisons(node))
    return tuple(fault for fault in found if fault)


def field_near(word: str, kinds: Mapping[str, str]) -> str:
    """`, did you mean 'amount'?`, also for 金额."""
    by_title = titled(word, kinds)
    return say(", did you mean '{near}'?", near=by_title) if by_title else did_you_mean(word, kinds)


def titled(word: str, kinds: Mapping[str, str]) -> str | None:
    """The field that is called so in Chinese: `amount` of 金额."""
    return next((name for name, title in CHINESE_TITLES.items() if title == word and name in kinds), None)


def _fault(
    comparison: Comparison,
    kinds: Mapping[str, str],
    choices: Mapping[str, tuple[str, ...]],
    of_read: bool,
    currency: str,
) -> Fault | None:
    if comparison.field not in kinds:
        return Fault("P010", comparison.column, _unknown(comparison.field, kinds, of_read), comparison.field)
    kind = kinds[comparison.field]
    if comparison.op in EMPTINESS:
        return None
    if comparison.op == CONTAINS and (not of_read or kind not in TEXTUAL):
        return Fault("P035", comparison.column, _not_contained(comparison.field, kind, of_read))
    values = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
    if not of_read and (day := next((each for each in values if isinstance(each, Bare) and each[0].isdecimal()), None)):
        return Fault("P009", comparison.column, say("write a date in quotes: '{word}'", word=day))
    message = (
        _mismatch(comparison, kind, values, of_read)
        or next(filter(None, (_unfit(comparison.field, kind, each, currency) for each in values)), None)
        or next((_also_a_field(each) for each in values if isinstance(each, Bare) and each in kinds), None)
        or (
            None if of_read else next((_nobody(each) for each in values if isinstance(each, Bare) and each in ME), None)
        )
        or (None if of_read else _without_text(comparison.field, values))
        or _outside(comparison, choices.get(comparison.field, ()))
    )
    return Fault("P035", comparison.column, message) if message else None


def _unknown(name: str, kinds: Mapping[str, str], of_read: bool) -> str:
    if not of_read:
        from oppcli.rules.relation_facts import OF_CUSTOMERS, OF_DEALS

        if name in OF_DEALS:
            return say("'{field}' is read by scores, tags, follow-up, assignment and proposals, not here", field=name)
        if name in OF_CUSTOMERS:
            return say("'{field}' is read by tiers and cadences of customers, not here", field=name)
    return say("unknown field '{field}'{field_near}", field=name, field_near=field_near(name, kinds))


def _also_a_field(word: str) -> str:
    return say("{word} is also a field: for the text, write '{word}' in quotes", word=word)


def _nobody(word: str) -> str:
    return say("{word} is for lists and reports: for the text, write '{word}' in quotes", word=word)


def _unfit(name: str, kind: str, value: Any, currency: str) -> str | None:
    """What is wrong with the sign behind or before a number; None where the field takes it, or there is none."""
    if not isinstance(value, Quantity):
        return None
    field, typed = BUILT_IN.get(name), value.typed
    if value.unit == ",":
        return say("between brackets a comma parts values: write {number}", number=typed.replace(",", "_"))
    if value.unit == "(":
        bare = typed[1:-1]
        return say("{typed} may be -{bare} or {bare}: write it without brackets", typed=typed, bare=bare)
    if value.unit == "currency" and kind == "money":
        return _other_currency(typed, currency)
    if value.unit == "off" and field is not None and field.folds:
        return None
    if value.unit == "%" and (kind in ("percent", "fraction") or (field is not None and field.unit == "%")):
        return None
    return say("{name} is {kind_words}, and '{typed}' is none", name=name, kind_words=kind_words(kind), typed=typed)


def _other_currency(typed: str, currency: str) -> str | None:
    """What is wrong with an amount in another currency than the policy's, in which conditions compare."""
    from oppcli.words import amounts

    try:
        amounts.in_currency(typed, currency)
    except Invalid as wrong:
        return wrong.message
    return None


def _not_contained(name: str, kind: str, of_read: bool) -> str:
    if not of_read:
        return say("~ is for lists and reports: a policy compares whole texts")
    return say("{name} is {kind_words}: ~ looks into texts", name=name, kind_words=kind_words(kind))


def _mismatch(comparison: Comparison, kind: str, values: tuple[Any, ...], of_read: bool) -> str | None:
    name = comparison.field
    if comparison.bare and kind != "bool":
        return say(
            "{name} is {kind_words}, not yes or no: compare it with something", name=name, kind_words=kind_words(kind)
        )
    if kind == "bool":
        fits = comparison.op in ("==", "!=") and yes_or_no(comparison.value) is not None
        return None if fits else say("{name} is yes or no: write {name} or not {name}", name=name)
    if kind in TEXTUAL and comparison.op in ("<", "<=", ">", ">="):
        return say("{name} is text and has no order: use ==, != or in [...]", name=name)
    if kind == "ref" and all(isinstance(value, (Decimal, str)) for value in values):
        return None
    if kind in _NUMERIC:
        fits = all(isinstance(value, Decimal) for value in values)
        return (
            None
            if fits
            else say(
                "{name} is {kind_words}: compare it with a number without quotes",
                name=name,
                kind_words=kind_words(kind),
            )
        )
    if not all(isinstance(value, str) for value in values):
        example = "'2026-12-31'" if kind in DAYS else "'…'"
        return say(
            "{name} is {kind_words}: write the value in quotes, {example}",
            name=name,
            kind_words=kind_words(kind),
            example=example,
        )
    return next(
        (
            say("'{value}' is not a date", value=value)
            for value in values
            if kind == "date" and not of_read and not _is_date(value)
        ),
        None,
    )


def _without_text(name: str, values: tuple[Any, ...]) -> str | None:
    """Nothing is ever an empty text: what is empty has no value, and a condition that reads it is not answered."""
    if not any(isinstance(value, str) and not value.strip() for value in values):
        return None
    return say("{field} is never '': what is empty has no value", field=name)


def _outside(comparison: Comparison, known: tuple[str, ...]) -> str | None:
    values = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
    strange = next((value for value in values if known and isinstance(value, str) and value not in known), None)
    if strange is None:
        return None
    only = say(", only {known}", known=listed(known))
    return say(
        "{field} is never '{strange}'{did_you_mean}",
        field=comparison.field,
        strange=strange,
        did_you_mean=did_you_mean(strange, known) or only,
    )


def kind_words(kind: str) -> str:
    """What a field of this kind holds, in words."""
    return {
        "money": say("an amount of money"),
        "percent": say("a percentage"),
        "date": say("a date"),
        "instant": say("a time"),
        "bool": say("yes or no"),
        "text": say("text"),
        "ref": say("text"),
        "phone": say("a phone number"),
        "email": say("an e-mail address"),
        "url": say("an address on the net"),
        "address": say("an address"),
        "list": say("a list"),
    }.get(kind, say("a number"))


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
