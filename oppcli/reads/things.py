"""Anything that a reference names as a table of one row: its fields as the registry has them."""

from collections.abc import Callable
from typing import Any

from oppcli.model.coded import group
from oppcli.model.fields import FINER, SPAN, Field, called, of
from oppcli.model.nouns import PREFIXES, Noun
from oppcli.model.refs import ref, referred
from oppcli.model.said import Word, say
from oppcli.model.units import HOUR_MS
from oppcli.reads import own
from oppcli.reads.table import Column, Kind, Table


def one(noun: Noun, thing: Any, currency: Callable[[], str]) -> Table:
    """The fields of a record; amounts of a noun that names none are in the `currency` of the policy."""
    fields = of(noun.word)
    columns = [_column(noun, field) for field in fields]
    row = [_value(noun, field, getattr(thing, field.name), thing) for field in fields]
    if any(field.kind == "money" for field in fields) and all(field.name != "currency" for field in fields):
        columns.append(Column("currency", wide=False))
        row.append(currency())
    return Table(
        tuple(columns), [tuple(row)], title=say("{noun}", noun=Word("noun", noun.word)), single=True, exact=True
    )


def _column(noun: Noun, field: Field) -> Column:
    name = called(field.name)
    if field.name == noun.key or referred(field.name):
        return Column(name, Kind.REF)
    if field.name.endswith(SPAN):
        return Column(name, Kind.HOURS, unit=say("bh"))
    return Column(name, own.KINDS.get(field.kind, Kind.OBJECT), words=group(noun.word, field.name) or "")


def _value(noun: Noun, field: Field, value: Any, thing: Any) -> Any:
    if value is None:
        return None
    if field.kind in FINER:
        from oppcli.words.unit_prices import decimal_of

        return decimal_of(field.kind, value, getattr(thing, "currency", ""))
    if field.name == noun.key and noun.prefix:
        return ref(noun.word, value)
    if (about := referred(field.name)) and about.word in PREFIXES:
        return ref(about.word, value)
    return value / HOUR_MS if field.name.endswith(SPAN) else value
