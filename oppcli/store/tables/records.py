"""The journal, and what a database knows of itself."""

from sqlalchemy import Index
from sqlmodel import SQLModel

from oppcli.store.tables.columns import whole, words


class JournalTable(SQLModel, table=True):
    __tablename__ = "journal"
    __table_args__ = (Index(None, "noun", "noun_id"),)
    seq: int = whole(primary_key=True)
    txn: int = whole()
    at: int = whole()
    actor: str = words()
    on_behalf_of: str | None = words()
    channel: str = words()
    action: str = words()
    noun: str = words()
    noun_id: str = words()
    changes: str = words()
    meta: str = words()
    prev: str = words()
    hash: str = words()


class MetaTable(SQLModel, table=True):
    __tablename__ = "meta"
    key: str = words(primary_key=True)
    value: str = words()
