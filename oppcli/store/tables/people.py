"""The tables of people: users and delegations."""

from sqlalchemy import Index
from sqlmodel import SQLModel

from oppcli.store.tables.columns import check, flag, refers, whole, words


class UserTable(SQLModel, table=True):
    __tablename__ = "user_account"
    __table_args__ = (check("login", "login <> ''"), check("active", "active IN (0, 1)"))
    login: str = words(primary_key=True)
    name: str = words()
    manager: str | None = words(refers("user_account.login"))
    roles: str = words()
    email: str | None = words()
    active: int = flag()
    successor: str | None = words()
    created_at: int = whole()
    version: int = whole()


class DelegationTable(SQLModel, table=True):
    __tablename__ = "delegation"
    __table_args__ = (
        check("window", "ends_at >= starts_at"),
        check("people", 'frm <> "to"'),
        check("max_amount", "max_amount >= 0"),
        Index(None, "to"),
        Index(None, "frm"),
    )
    id: int = whole(primary_key=True)
    frm: str = words(refers("user_account.login"))
    to: str = words(refers("user_account.login"))
    starts_at: int = whole()
    ends_at: int = whole()
    types: str = words()
    max_amount: int | None = whole()
    reason: str | None = words()
    created_at: int = whole()
    created_by: str = words()
    version: int = whole()
