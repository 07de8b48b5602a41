"""The schema in SQLModel, made from the nouns: a class for each of them and for each of their parts. Alembic reads its
metadata, people read a database through its classes; everyday commands never import it.

Every whole number is 64 bits wide, texts sort by code point on both engines, and no column holds a float, a date type
or a JSON type: what is stored is what the nouns say, on either engine.
"""

from types import NoneType
from typing import Any, get_args

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, Integer, SmallInteger, Text
from sqlalchemy.dialects import postgresql
from sqlmodel import Field, SQLModel

from oppcli.model.nouns import RECORDS, class_of
from oppcli.store.mapping import Shape, shape_of
from oppcli.store.tables import constraints

SQLModel.metadata.naming_convention = {
    "ix": "%(table_name)s_%(column_0_N_name)s",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}
WHOLE = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits everywhere; SQLite wants the word INTEGER for a key that is the row's own number."""
FLAG = SmallInteger().with_variant(Integer(), "sqlite")
TEXT = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
NO_ROWID = {"sqlite_with_rowid": False}
"""A part's rows lie in the order of their key: those of one noun lie together, and every index covers the key."""
REFERRED = {f"{noun.word}_id": f"{noun.table}.{noun.key}" for noun in RECORDS} | dict.fromkeys(
    ("last_open_stage_id", "must_id", "before_id"), "stage.id"
)


def table(shape: Shape, above: Shape | None = None) -> type[SQLModel]:
    """The class of a shape's table. `above` is the shape it is a part of."""
    columns = {name: _column(shape, name) for name in shape.columns}
    told: tuple[Any, ...] = tuple(constraints.of(shape.table))
    if above and len(above.key) > 1:
        told += (ForeignKeyConstraint(list(shape.links), [f"{above.table}.{name}" for name in above.key]),)
    made: dict[str, Any] = {
        "__tablename__": shape.table,
        "__table_args__": (*told, NO_ROWID) if above else told,
        "__module__": __name__,
        "__doc__": shape.noun.__doc__,
        "__annotations__": {name: kind for name, (kind, _) in columns.items()},
    }
    metaclass: Any = type(SQLModel)
    made |= {name: column for name, (_, column) in columns.items()}
    found: type[SQLModel] = metaclass(f"{shape.noun.__name__}Table", (SQLModel,), made, table=True)
    return found


def _column(shape: Shape, name: str) -> tuple[Any, Any]:
    """The type of a column's values, and the column."""
    part = next((part for part in shape.parts if part.column == name), None)
    given = shape.noun.__annotations__[part.field] if part else str
    kind = int if part is None and name not in shape.derived else str
    blank = NoneType in get_args(given)
    if part and (part.kind in ("bool", "stage") or int in (given, *get_args(given))) and part.kind != "list":
        kind = int
    options: dict[str, Any] = {"sa_type": FLAG if part and part.kind == "bool" else WHOLE if kind is int else TEXT}
    if name in shape.key:  # numbers that are a key are given by the door, never by the database
        options |= {"primary_key": True, "sa_column_kwargs": {"autoincrement": False}}
    target = constraints.REFERS.get(shape.table, {}).get(name, REFERRED.get(name))
    if target and (len(shape.links) < 2 or name not in shape.links):
        options["sa_column_args"] = (ForeignKey(target),)
    return (kind | None if blank else kind), Field(**options)


def _family(shape: Shape, above: Shape | None = None) -> dict[str, type[SQLModel]]:
    found = {shape.table: table(shape, above)}
    for child in shape.children:
        found |= _family(child, shape)
    return found


TABLES = {name: made for noun in RECORDS for name, made in _family(shape_of(class_of(noun))).items()}
"""The classes by the names of their tables."""


class MetaTable(SQLModel, table=True):
    """What a database knows of itself."""

    __tablename__ = "meta"
    key: str = Field(sa_type=TEXT, primary_key=True, sa_column_kwargs={"autoincrement": False})
    value: str = Field(sa_type=TEXT)


class CredentialTable(SQLModel, table=True):
    """How a person's PIN is checked, and the one-time code that lets them set one. Never told by the journal."""

    __tablename__ = "credential"
    login: str = Field(
        sa_type=TEXT,
        primary_key=True,
        sa_column_kwargs={"autoincrement": False},
        sa_column_args=(ForeignKey("user_account.login"),),
    )
    salt: str = Field(sa_type=TEXT)
    verifier: str | None = Field(sa_type=TEXT, default=None)
    code: str | None = Field(sa_type=TEXT, default=None)
    code_ends: int | None = Field(sa_type=WHOLE, default=None)
    earlier: str | None = Field(sa_type=TEXT, default=None)


class MatchKeyTable(SQLModel, table=True):
    """Under what a record is looked up when another may be the same: derived from it while the policy has rules for
    that."""

    __tablename__ = "match_key"
    __table_args__ = (Index("match_key_noun_id", "noun", "id"),)
    noun: str = Field(sa_type=TEXT, primary_key=True)
    kind: str = Field(sa_type=TEXT, primary_key=True)
    key: str = Field(sa_type=TEXT, primary_key=True)
    id: int = Field(sa_type=WHOLE, primary_key=True, sa_column_kwargs={"autoincrement": False})


class FiredTable(SQLModel, table=True):
    """What time has done to a record, and for which turn of it: it does nothing twice."""

    __tablename__ = "fired"
    noun: str = Field(sa_type=TEXT, primary_key=True)
    id: int = Field(sa_type=WHOLE, primary_key=True, sa_column_kwargs={"autoincrement": False})
    mark: str = Field(sa_type=TEXT, primary_key=True)
    cycle: str = Field(sa_type=TEXT, primary_key=True)
    at: int = Field(sa_type=WHOLE)


metadata = SQLModel.metadata
