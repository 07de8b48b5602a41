"""Delegations as a table."""

import json
from collections.abc import Mapping
from typing import Any

from oppcli.model.nouns import PREFIXES
from oppcli.model.said import say
from oppcli.reads.table import Column, Frame, Kind, Param, Read, Table, ranked
from oppcli.reads.where import Where
from oppcli.rules.delegations import ACTIVE, ENDED, UPCOMING
from oppcli.store.doors import ReadDoor

COLUMNS = ranked(
    (
        Column("id", Kind.REF),
        Column("from", Kind.REF),
        Column("to", Kind.REF),
        Column("starts_at", Kind.INSTANT, title=say("START")),
        Column("ends_at", Kind.INSTANT, title=say("END")),
        Column("state", words="delegation"),
        Column("types", Kind.LIST, named=True),
        Column("max_amount", Kind.MONEY),
        Column("currency", wide=False),
        Column("reason", cut=True, named=True),
        Column("created_by", Kind.REF, wide=False),
        Column("created_at", Kind.INSTANT, wide=False),
    ),
    "id from to 1, starts_at ends_at 2, state 1, types max_amount 3, reason 5",
)

_SQL = f"""
SELECT '{PREFIXES["delegation"]}' || id, frm, "to", starts_at, ends_at,
       CASE WHEN ends_at <= :now THEN '{ENDED}' WHEN starts_at <= :now THEN '{ACTIVE}' ELSE '{UPCOMING}' END,
       types, max_amount, CASE WHEN max_amount IS NOT NULL THEN :currency END, reason, created_by, created_at
FROM delegation {{where}} ORDER BY starts_at, id
"""


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """Delegations that run or will, of one person or of all; with `all` also those that ended."""
    where = Where()
    if not args.get("all"):
        where.clauses.append("ends_at > :now")
    if args.get("of") is not None:
        name = where.name(args["of"])
        where.clauses.append(f'(frm = {name} OR "to" = {name})')
    policy = frame.policy()
    rows = door.rows(_SQL.format(where=where.sql), now=frame.now, currency=policy.currency, **where.params)
    shaped = [(*row[:6], list(map(policy.named_type, json.loads(row[6] or "[]"))), *row[7:]) for row in rows]
    return Table(COLUMNS, shaped, title=say("Delegations"), exact=True)


READS = (
    Read(
        path="delegate list",
        title=say("Delegations"),
        help="Who decides for whom, now and later",
        columns=COLUMNS,
        build=listing,
        params=(
            Param("of", "only those of this person; me", "person"),
            Param("all", "also those that ended", "flag", short="-a"),
        ),
        examples=("opp delegate list", "opp delegate list --of me --all"),
    ),
)
