"""The words in which the limits and indexes of a table are said, for both engines."""

from typing import Any

from sqlalchemy import CheckConstraint, Index, text

from oppcli.store.patterns import quoted
from oppcli.store.reading import TAKEN


def check(name: str, condition: str) -> CheckConstraint:
    return CheckConstraint(condition, name=name)


def one_of(column: str, *values: str) -> CheckConstraint:
    return check(column, f'"{column}" IN ({quoted(values)})')


def part(name: str, *columns: Any, where: str, unique: bool = False) -> Index:
    """An index on the rows that fulfil a condition."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


def known_elsewhere(table: str) -> Index:
    """No two that were not taken back are the same thing of another system."""
    return part(f"{table}_external_id", "system", "external_id", where=TAKEN, unique=True)


def survivor(table: str) -> Index:
    return part(f"{table}_merged_into", "merged_into", where="merged_into IS NOT NULL")
