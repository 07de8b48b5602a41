"""Delegations as a table."""

import json

from oppcli.model.nouns import PREFIXES
from oppcli.reads.table import Column, Kind, Table
from oppcli.reads.where import Where
from oppcli.rules.delegations import ACTIVE, ENDED, UPCOMING
from oppcli.store.doors import ReadDoor

COLUMNS = (
    Column("id", Kind.REF),
    Column("from", Kind.REF),
    Column("to", Kind.REF),
    Column("starts_at", Kind.INSTANT, title="START"),
    Column("ends_at", Kind.INSTANT, title="END"),
    Column("state"),
    Column("types", Kind.LIST),
    Column("max_amount", Kind.MONEY),
    Column("currency", wide=False),
    Column("reason"),
    Column("created_by", Kind.REF, wide=False),
    Column("created_at", Kind.INSTANT, wide=False),
)

_SQL = f"""
SELECT '{PREFIXES["delegation"]}' || id, frm, "to", starts_at, ends_at,
       CASE WHEN ends_at <= :now THEN '{ENDED}' WHEN starts_at <= :now THEN '{ACTIVE}' ELSE '{UPCOMING}' END,
       types, max_amount, CASE WHEN max_amount IS NOT NULL THEN :currency END, reason, created_by, created_at
FROM delegation {{where}} ORDER BY starts_at, id
"""


def listing(door: ReadDoor, *, now: int, currency: str, login: str | None = None, everything: bool = False) -> Table:
    """Delegations that run or will, of one person or of all; with `everything` also those that ended."""
    where = Where()
    if not everything:
        where.clauses.append("ends_at > :now")
    if login is not None:
        name = where.name(login)
        where.clauses.append(f'(frm = {name} OR "to" = {name})')
    rows = door.rows(_SQL.format(where=where.sql), now=now, currency=currency, **where.params)
    shaped = [(*row[:6], json.loads(row[6] or "[]"), *row[7:]) for row in rows]
    return Table(COLUMNS, shaped, title="Delegations")
