"""What is wrong with a condition: it cannot be read, names an unknown field, or compares a field with another kind."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from oppcli.model.fields import CHINESE_TITLES
from oppcli.model.said import listed, say
from oppcli.rules.syntax import Comparison, comparisons, syntax
from oppcli.tuples import NamedTuple
from oppcli.words.conditions import Unreadable
from oppcli.words.spelling import did_you_mean

NUMERIC_KINDS = ("number", "int", "money", "percent")


class Fault(NamedTuple):
    """What is wrong with a condition: P009 cannot be read, P010 unknown field, P035 the field is of another kind."""

    code: str
    column: int
    message: str


def faults(
    text: str, kinds: Mapping[str, str], choices: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[Fault, ...]:
    """Everything wrong with a condition. `choices` are the dictionaries of fields that have one: a text outside of it
    could never be true, and the step it belongs to would silently never apply."""
    if text.strip() == "always":
        return ()
    try:
        node = syntax(text)
    except Unreadable as error:
        return (Fault("P009", error.column, error.message),)
    found = (_fault(comparison, kinds, choices or {}) for comparison in comparisons(node))
    return tuple(fault for fault in found if fault)


def field_near(word: str, kinds: Mapping[str, str]) -> str:
    """`, did you mean 'amount'?`, also for 金额."""
    by_title = next((name for name, title in CHINESE_TITLES.items() if title == word and name in kinds), None)
    return say(", did you mean '{near}'?", near=by_title) if by_title else did_you_mean(word, kinds)


def _fault(comparison: Comparison, kinds: Mapping[str, str], choices: Mapping[str, tuple[str, ...]]) -> Fault | None:
    if comparison.field not in kinds:
        return Fault(
            "P010",
            comparison.column,
            say(
                "unknown field '{field}'{field_near}",
                field=comparison.field,
                field_near=field_near(comparison.field, kinds),
            ),
        )
    message = _mismatch(comparison, kinds[comparison.field]) or _outside(comparison, choices.get(comparison.field, ()))
    return Fault("P035", comparison.column, message) if message else None


def _mismatch(comparison: Comparison, kind: str) -> str | None:
    name = comparison.field
    values = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
    if comparison.bare and kind != "bool":
        return say(
            "{name} is {kind_words}, not yes or no: compare it with something", name=name, kind_words=_kind_words(kind)
        )
    if kind == "bool":
        fits = comparison.op in ("==", "!=") and isinstance(comparison.value, bool)
        return None if fits else say("{name} is yes or no: write {name} or not {name}", name=name)
    if kind == "text" and comparison.op in ("<", "<=", ">", ">="):
        return say("{name} is text and has no order: use ==, != or in [...]", name=name)
    if kind in NUMERIC_KINDS:
        fits = all(isinstance(value, Decimal) for value in values)
        return (
            None
            if fits
            else say(
                "{name} is {kind_words}: compare it with a number without quotes",
                name=name,
                kind_words=_kind_words(kind),
            )
        )
    if not all(isinstance(value, str) for value in values):
        example = "'2026-12-31'" if kind == "date" else "'…'"
        return say(
            "{name} is {kind_words}: write the value in quotes, {example}",
            name=name,
            kind_words=_kind_words(kind),
            example=example,
        )
    return next(
        (say("'{value}' is not a date", value=value) for value in values if kind == "date" and not _is_date(value)),
        None,
    )


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


def _kind_words(kind: str) -> str:
    return {
        "money": say("an amount of money"),
        "percent": say("a percentage"),
        "date": say("a date"),
        "text": say("text"),
    }.get(kind, say("a number"))


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
