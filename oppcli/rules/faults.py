"""What is wrong with a condition: it cannot be read, names an unknown field, or compares a field with another kind."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from oppcli.rules.sentences import field_near
from oppcli.rules.syntax import Comparison, comparisons, syntax
from oppcli.rules.words import Unreadable
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


def _fault(comparison: Comparison, kinds: Mapping[str, str], choices: Mapping[str, tuple[str, ...]]) -> Fault | None:
    if comparison.field not in kinds:
        return Fault(
            "P010", comparison.column, f"unknown field '{comparison.field}'{field_near(comparison.field, kinds)}"
        )
    message = _mismatch(comparison, kinds[comparison.field]) or _outside(comparison, choices.get(comparison.field, ()))
    return Fault("P035", comparison.column, message) if message else None


def _mismatch(comparison: Comparison, kind: str) -> str | None:
    name = comparison.field
    values = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
    if comparison.bare and kind != "bool":
        return f"{name} is {_kind_words(kind)}, not yes or no: compare it with something"
    if kind == "bool":
        fits = comparison.op in ("==", "!=") and isinstance(comparison.value, bool)
        return None if fits else f"{name} is yes or no: write {name} or not {name}"
    if kind == "text" and comparison.op in ("<", "<=", ">", ">="):
        return f"{name} is text and has no order: use ==, != or in [...]"
    if kind in NUMERIC_KINDS:
        fits = all(isinstance(value, Decimal) for value in values)
        return None if fits else f"{name} is {_kind_words(kind)}: compare it with a number without quotes"
    if not all(isinstance(value, str) for value in values):
        example = "'2026-12-31'" if kind == "date" else "'…'"
        return f"{name} is {_kind_words(kind)}: write the value in quotes, {example}"
    return next((f"'{value}' is not a date" for value in values if kind == "date" and not _is_date(value)), None)


def _outside(comparison: Comparison, known: tuple[str, ...]) -> str | None:
    values = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
    strange = next((value for value in values if known and isinstance(value, str) and value not in known), None)
    if strange is None:
        return None
    only = f", only {', '.join(known)}"
    return f"{comparison.field} is never '{strange}'{did_you_mean(strange, known) or only}"


def _kind_words(kind: str) -> str:
    return {"money": "an amount of money", "percent": "a percentage", "date": "a date", "text": "text"}.get(
        kind, "a number"
    )


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
