"""The journal as a table: who did what, when, field by field."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from oppcli.model.fields import BUILT_IN
from oppcli.model.journal import TICK
from oppcli.model.noun import NOTHING
from oppcli.model.nouns import PREFIXES, referred
from oppcli.model.records import ANY
from oppcli.model.said import listed, say
from oppcli.model.units import HOUR_MS
from oppcli.reads import own, trail
from oppcli.reads.referred import Names, names
from oppcli.reads.table import NEEDED, Column, Footnote, Frame, Kind, Param, Read, Table
from oppcli.reads.trail import Show
from oppcli.reads.where import Where
from oppcli.rules.bases import basis
from oppcli.store import queries
from oppcli.store.changes import is_pair
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import parsed
from oppcli.store.seals import legible
from oppcli.words.kinds import shown
from oppcli.words.shown import iso

STEP_STATE = re.compile(r"steps\.\d+\.(\d+)\.state")
EXTRA = '"extra.'
"""How the path of a field in `extra` begins in an entry."""
KEPT_REASONS = ("close_detail", "note")
REASONS = ("reason", *KEPT_REASONS)
"""Fields that say why; they stand in a column of their own."""
LONGEST = 60
"""Characters of one value in a line; the whole value is in `changes`."""

COLUMNS = (
    Column("seq", Kind.REF),
    Column("at", Kind.INSTANT),
    Column("actor", Kind.REF, behalf="on_behalf_of"),
    Column("on_behalf_of", Kind.REF, wide=False),
    Column("channel", words="channel", wide=False),
    Column("action", words="action"),
    Column("noun", words="noun", wide=False),
    Column("id", Kind.REF),
    Column("what"),
    Column("reason"),
    Column("changes", Kind.OBJECT, wide=False),
    Column("meta", Kind.OBJECT, wide=False),
    Column("txn", Kind.COUNT, wide=False),
    Column("hash", wide=False),
    Column("os_user", Kind.REF, wide=False),
    Column("role", Kind.REF, wide=False),
    Column("by", words="by", behind="actor"),
)

_SQL = """
SELECT seq, at, actor, on_behalf_of, channel, action, noun, noun_id, changes, meta, txn, hash, salt FROM journal
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
    show: Show = iso,
) -> Table:
    """Entries in order. `things` are (noun, id) pairs; `newest` keeps only so many of the latest; instants inside texts
    are told by `show`."""
    where = Where()
    if things:
        pairs = [
            f"seq = {where.name(int(key))}"
            if noun == "entry"
            else f"(noun = {where.name(noun)} AND noun_id = {where.name(key)})"
            for noun, key in things
        ]
        where.clauses.append(f"({' OR '.join(pairs)})")
    if actor is not None:
        where.equals("actor", actor)
    if since is not None:
        where.at_least("at", since)
    if until is not None:
        where.before("at", until)
    # One more than is wanted tells whether there are more.
    order = f"DESC LIMIT {int(newest) + 1}" if newest else ""
    rows = door.rows(_SQL.format(where=where.sql, order=order), **where.params)
    notes: tuple[Footnote, ...] = ()
    if newest and len(rows) > newest:
        notes = (Footnote("limit", None, say("the newest {n:,}, -L 0 for all", n=newest)),)
    if newest:
        rows = rows[:newest][::-1]
    kinds = own.kinds(door) if any(EXTRA in row[8] for row in rows) else own.PLAIN
    currencies = _currencies(door, rows, kinds)
    called = names(door, (row[8] for row in rows if row[8]))
    shaped = [_shape(row, currencies, kinds, called, show) for row in rows]
    return Table(COLUMNS, shaped, title=say("Journal"), notes=notes)


def log(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """What happened, in order of time."""
    known = {name: args.get(name) for name in ("actor", "since", "until")}
    return entries(
        door, things=(args["ref"],) if args.get("ref") else (), newest=frame.newest, show=frame.show, **known
    )


def history(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """What happened to a deal and to all that belongs to it."""
    return entries(door, things=queries.belongings(door, args["deal"]), newest=frame.newest, show=frame.show)


def _currencies(door: ReadDoor, rows: list[tuple[Any, ...]], kinds: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """(noun, id) → currency, for entries that change an amount without saying of what."""
    amounts = ('"amount"', *(EXTRA + name for name, kind in kinds.items() if kind == "money"))
    told = (row for row in rows if row[6] in ("deal", "request"))
    wanted = {(row[6], row[7]) for row in told if any(amount in row[8] for amount in amounts)}
    found = ((about, door.one(f"SELECT currency FROM {about[0]} WHERE id = :id", id=int(about[1]))) for about in wanted)
    return {about: row[0] for about, row in found if row is not None}


def _shape(
    row: tuple[Any, ...],
    currencies: Mapping[tuple[str, str], str],
    kinds: Mapping[str, str],
    called: Names,
    show: Show,
) -> tuple[Any, ...]:
    seq, at, actor, behalf, channel, action, noun, key, changes, meta, txn, digest, salt = row
    about = parsed(meta or "{}")
    changed = legible(parsed(changes or "{}"), about, salt)
    prefix = PREFIXES.get(noun, "")
    events = about.get("events", ())
    reason = about.get("reason") or about.get("refused") or trail.reason(events) or _given(changed)
    shown = f"{prefix}{key}" if str(key).isdigit() else key
    fields = {name: pair for name, pair in changed.items() if name not in REASONS or reason is None}
    said = summary(fields, currencies.get((noun, str(key))), about.get("stays", ()), kinds, called)
    what = trail.joined((*trail.what(events, show), said)) or (
        _slept(changed, show) if action == TICK else trail.kept(about) if noun == "database" else ""
    )
    return (
        f"e{seq}",
        at,
        actor,
        behalf,
        channel,
        action,
        noun,
        shown,
        what,
        reason,
        changed,
        about,
        txn,
        digest,
        about.get("os_user"),
        about.get("role"),
        basis(about, actor, channel),
    )


def _slept(changes: Mapping[str, Any], show: Show) -> str:
    """What a tick says that woke a request for something that no longer is."""
    until = changes.get("wake_at", [None, None])[1]
    return say("nothing to do until {until}", until=show(until)) if until else say("nothing to do any more")


def _given(changed: Mapping[str, Any]) -> str | None:
    """Why, where the record keeps it itself: the detail of a loss, the note of a request."""
    told = (pair[1] for name, pair in changed.items() if name in KEPT_REASONS and is_pair(pair))
    return next((text for text in told if text), None)


_QUIET = frozenset(
    (
        "version",
        "updated_at",
        "created_at",
        "created_by",
        "channel",
        "wake_at",
        "policy",
        "deal_id",
        "request_id",
        "answers",
        "blocked",
        "nudged_at",
    )
)
_INNER = ("visits.", "steps.", "seats.", "decisions.", "revisions.")
"""Children of an aggregate: what happened to them follows from the state of the whole, or is in `changes`."""


def summary(
    changes: Mapping[str, Any],
    currency: str | None = None,
    stays: Sequence[Any] = (),
    kinds: Mapping[str, str] = own.PLAIN,
    called: Names = NOTHING,
) -> str:
    """`stage 报价 → 谈判; amount CNY 800,000.00 → CNY 815,000.00`: the fields that say something. `stays` are those an
    import put differently: stage, entered and left before, entered and left now. `kinds`: those of the fields in
    `extra`; `called`: what records are called that a field refers to."""
    pairs = {name: pair if is_pair(pair) else [None, pair] for name, pair in changes.items()}
    currency = pairs.get("currency", [None, currency])[1] or currency
    parts: list[str] = []
    for name, (old, new) in pairs.items():
        step = STEP_STATE.fullmatch(name)
        if step is not None:
            parts.append(say("step {step} {old} → {new}", step=step[1], old=old, new=new))
        elif (name not in _QUIET or (name == "created_at" and old is not None)) and not name.startswith(_INNER):
            label, kind = _labelled(name, kinds)
            was, now = (_reference(name, value, called) or _said(name, value, currency, kind) for value in (old, new))
            parts.append(
                say("{label} {now}", label=label, now=now)
                if old is None
                else say("{label} {was} → {now}", label=label, was=was, now=now)
            )
    return listed([*parts, *(_stay(*stay) for stay in stays)], "; ")


def _labelled(name: str, kinds: Mapping[str, str]) -> tuple[str, str]:
    """What a path of an entry is called, and the kind of its field; a field in `extra` is one like all others."""
    if name.startswith("extra."):
        own_name = name.removeprefix("extra.")
        return own_name, kinds.get(own_name, "text")
    noun = referred(name)
    if noun is not None and noun.prefix:
        return noun.word, "text"
    field = BUILT_IN.get(name)
    return name.removesuffix("_ms"), field.kind if field else "text"


def _reference(name: str, value: Any, called: Names) -> str | None:
    """`C-3 Beta` of a field that refers to a record; None of any other."""
    noun = referred(name)
    if noun is None or not noun.prefix or not isinstance(value, int):
        return None
    reference = f"{noun.prefix}{value}"
    return f"{reference} {called.get(reference, '')}".rstrip()


def _stay(stage: str, entered: int | None, left: int | None, entered_now: int | None, left_now: int | None) -> str:
    """`stay Lead entered 2018-02-21T00:00:00Z → 2018-02-20T00:00:00Z`; without what is known now it was taken out."""
    if entered_now is None and left_now is None:
        return say("stay {stage} taken out", stage=stage)
    said = [say("stay {stage}", stage=stage)]
    for word, was, now in ((say("entered"), entered, entered_now), (say("left"), left, left_now)):
        if was != now:
            told = {"word": word, "was": _said("at", was), "now": _said("at", now)}
            said.append(say("{word} {now}", **told) if was is None else say("{word} {was} → {now}", **told))
    return listed(said, " ")


def _said(name: str, value: Any, currency: str | None = None, kind: str = "text") -> str:
    """One stored value as people read it."""
    if value is None:
        return "-"
    if isinstance(value, int) and (name == "at" or name.endswith(("_at", "_until"))):
        return iso(value)
    if isinstance(value, int) and name.endswith("_ms"):
        return f"{value / HOUR_MS:g} h"
    if kind in ("money", "percent") and isinstance(value, int):
        known = currency or kind == "percent"
        return shown(kind, value, currency or "") if known else say("{value} minor units", value=value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


READS = (
    Read(
        path="log",
        title=say("Journal"),
        help="Who did what, when, in order of time; -L keeps the newest, a terminal the newest 50",
        columns=COLUMNS,
        build=log,
        params=(
            Param("ref", "D-142, R-31, C-9, e311, stage:Lead, a login", "ref", place=True, metavar="REF"),
            Param("actor", "only what they did", "person"),
            Param("since", "on or after", "since"),
            Param("until", "before the end of this day", "until"),
        ),
        standing=ANY,
        examples=("opp log -L 20", "opp log D-142", "opp log --actor wang --since today --json"),
    ),
    Read(
        path="deal history",
        title=say("Journal"),
        help="Everything that ever happened to a deal and its requests",
        columns=COLUMNS,
        build=history,
        params=(Param("deal", "D-142, 142, or a title", "deal", default=NEEDED, place=True),),
        standing=ANY,
        examples=("opp deal history D-142",),
    ),
)
