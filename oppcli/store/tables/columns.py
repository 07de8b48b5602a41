"""The kinds of columns and constraints that tables are made of."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlmodel import Field, SQLModel

from oppcli.model.records import LIVE, STANDINGS

SQLModel.metadata.naming_convention = {
    "ix": "%(table_name)s_%(column_0_N_name)s",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}
"""The names of constraints. Every table imports this module, so that they are set before the first is declared."""

WHOLE = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits everywhere; SQLite wants the word INTEGER for a key that is the row's own number."""
FLAG = SmallInteger().with_variant(Integer(), "sqlite")
TEXT = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def whole(*more: Any, **options: Any) -> Any:
    return Field(sa_type=WHOLE, sa_column_args=more, **_split(options))


def words(*more: Any, **options: Any) -> Any:
    return Field(sa_type=TEXT, sa_column_args=more, **_split(options))


def flag(**options: Any) -> Any:
    return Field(sa_type=FLAG, **options)


def refers(target: str) -> ForeignKey:
    return ForeignKey(target)


def _split(options: dict[str, Any]) -> dict[str, Any]:
    """Numbers that are a primary key are given by the door, never by the database."""
    if options.get("primary_key"):
        options["sa_column_kwargs"] = {"autoincrement": False}
    return options


def check(name: str, condition: str) -> CheckConstraint:
    return CheckConstraint(condition, name=name)


def one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return check(column, f'"{column}" IN ({listed})')


def part(name: str, *columns: Any, where: str, unique: bool = False) -> Index:
    """An index on the rows that fulfil a condition."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


def standing(table: str) -> tuple[CheckConstraint, Index]:
    """What a table has whose records may be archived, withdrawn or merged: few are, and are found at once."""
    return one_of("standing", *STANDINGS), part(f"{table}_standing", "standing", where=f"standing <> '{LIVE}'")


NO_ROWID = {"sqlite_with_rowid": False}
"""A child's rows lie in the order of their key: those of one parent lie together, and every index covers the key."""
