"""The journal as a table: who did what, when, field by field."""

import json
from collections.abc import Mapping
from typing import Any

from oppcli.model.refs import PREFIXES
from oppcli.reports.table import Column, Kind, Table
from oppcli.reports.where import Where
from oppcli.store.doors import ReadDoor

COLUMNS = (
    Column("seq", Kind.REF),
    Column("at", Kind.INSTANT),
    Column("actor", Kind.REF),
    Column("on_behalf_of", Kind.REF, wide=False),
    Column("channel", wide=False),
    Column("action"),
    Column("noun", wide=False),
    Column("id", Kind.REF),
    Column("what"),
    Column("reason"),
    Column("changes", Kind.OBJECT, wide=False),
    Column("meta", Kind.OBJECT, wide=False),
    Column("txn", Kind.COUNT, wide=False),
    Column("hash", wide=False),
)

_SQL = """
SELECT seq, at, actor, on_behalf_of, channel, action, noun, noun_id, changes, meta, txn, hash FROM journal
{where} ORDER BY seq {order}
"""


def entries(
    door: ReadDoor,
    *,
    things: tuple[tuple[str, str], ...] = (),
    actor: str | None = None,
    since: int | None = None,
    until: int | None = None,
    newest: int | None = None,
) -> Table:
    """Entries in order. `things` are (noun, id) pairs; `newest` keeps only so many of the latest."""
    where = Where()
    if things:
        pairs = [f"(noun = {where.name(noun)} AND noun_id = {where.name(key)})" for noun, key in things]
        where.clauses.append(f"({' OR '.join(pairs)})")
    if actor is not None:
        where.equals("actor", actor)
    if since is not None:
        where.at_least("at", since)
    if until is not None:
        where.before("at", until)
    order = f"DESC LIMIT {int(newest)}" if newest else ""
    rows = door.rows(_SQL.format(where=where.sql, order=order), **where.params)
    shaped = [_shape(row) for row in rows]
    return Table(COLUMNS, shaped[::-1] if newest else shaped, title="Journal")


def _shape(row: tuple[Any, ...]) -> tuple[Any, ...]:
    seq, at, actor, behalf, channel, action, noun, key, changes, meta, txn, digest = row
    changed, about = json.loads(changes or "{}"), json.loads(meta or "{}")
    prefix = PREFIXES.get(noun, "")
    reason = about.get("reason") or about.get("refused")
    shown = f"{prefix}{key}" if str(key).isdigit() else key
    what = summary(changed)
    return (f"e{seq}", at, actor, behalf, channel, action, noun, shown, what, reason, changed, about, txn, digest)


_QUIET = frozenset(("version", "updated_at", "created_at", "created_by", "channel"))


def summary(changes: Mapping[str, Any]) -> str:
    """`stage 报价 → 谈判; closed_at - → …`: the fields that say something, as stored."""
    parts = []
    for name, pair in changes.items():
        if name in _QUIET or name.startswith("visits."):
            continue
        old, new = pair if isinstance(pair, list) and len(pair) == 2 else (None, pair)
        parts.append(f"{name} {_brief(new)}" if old is None else f"{name} {_brief(old)} → {_brief(new)}")
    return "; ".join(parts)


def _brief(value: Any) -> str:
    if value is None:
        return "-"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if len(text) <= 60 else text[:59] + "…"
