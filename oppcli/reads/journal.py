"""The journal as a table: who did what, when, field by field."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from oppcli.model.journal import TICK
from oppcli.model.nouns import PREFIXES
from oppcli.model.records import ANY
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.reads import own, trail
from oppcli.reads.referred import names
from oppcli.reads.summary import Telling, summary
from oppcli.reads.table import DEALS, Column, Footnote, Frame, Kind, Param, Read, Table, ranked
from oppcli.reads.trail import Show
from oppcli.reads.views import ADMIN, MINE
from oppcli.reads.where import Where
from oppcli.rules.bases import basis
from oppcli.store import queries
from oppcli.store.changes import is_pair
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import decode_said, parsed
from oppcli.store.seals import legible
from oppcli.words.shown import iso

Thing = tuple[str, str]
"""(noun, id), as entries name it."""
EXTRA = '"extra.'
"""How the path of a field in `extra` begins in an entry."""
PIECE = 5_000
"""Entries that are read at a time where all are told as they are read."""
KEPT_REASONS = ("close_detail", "note")
REASONS = ("reason", *KEPT_REASONS)
"""Fields that say why; they stand in a column of their own."""

COLUMNS = ranked(
    (
        Column("seq", Kind.REF),
        Column("at", Kind.INSTANT),
        Column("actor", Kind.REF, behalf="on_behalf_of"),
        Column("on_behalf_of", Kind.REF, wide=False),
        Column("channel", words="channel", wide=False),
        Column("action", words="action"),
        Column("noun", words="noun", wide=False),
        Column("id", Kind.REF, hashes=True),
        Column("what", timed=True),
        Column("reason", cut=True, named=True),
        Column("changes", Kind.OBJECT, wide=False),
        Column("meta", Kind.OBJECT, wide=False),
        Column("txn", Kind.COUNT, wide=False),
        Column("hash", wide=False),
        Column("os_user", Kind.REF, wide=False),
        Column("role", Kind.REF, wide=False),
        Column("by", words="by"),
    ),
    "seq 1, at 2, actor 1, by 5, action id 1, what 3, reason 4",
)

_SQL = """
SELECT seq, at, actor, on_behalf_of, channel, action, noun, noun_id, changes, meta, txn, hash, salt FROM journal
{where} ORDER BY seq {order}
"""


_NOT_OTHERS = f"""(noun <> 'view' OR noun_id IN (SELECT CAST(id AS TEXT) FROM saved_view WHERE {MINE})
OR {ADMIN})"""


def _about(where: Where, noun: str, key: str) -> str:
    """What holds of the entries of one thing."""
    if noun == "entry":
        return f"seq = {where.name(int(key))}"
    return f"(noun = {where.name(noun)} AND noun_id = {where.name(key)})"


def entries(
    door: ReadDoor,
    *,
    things: Iterable[Thing] = (),
    actor: str | None = None,
    since: int | None = None,
    until: int | None = None,
    newest: int | None = None,
    after: int | None = None,
    show: Show = iso,
    me: str | None = None,
    named_type: Callable[[str], str] = str,
    currency: Callable[[], str] = str,
) -> Table:
    """Entries in order. `things` are (noun, id) pairs; `newest` keeps only so many of the latest, `after` a piece of
    those behind an entry; instants inside texts are told by `show`, types of request by `named_type`, amounts of
    customers and contacts in the policy's `currency`. Others' private views are not told to `me`, unless that is an
    admin."""
    where = _where(things, actor, since, until, me)
    if after is not None:
        where.clauses.append(f"seq > {after}")
    # One more than is wanted tells whether there are more.
    order = f"DESC LIMIT {int(newest) + 1}" if newest else "" if after is None else f"LIMIT {PIECE}"
    rows = door.rows(_SQL.format(where=where.sql, order=order), **where.params)
    notes: tuple[Footnote, ...] = ()
    if newest and len(rows) > newest:
        notes = (Footnote("limit", None, say("the newest {n:,}, -L 0 for all", n=newest)),)
    if newest:
        rows = rows[:newest][::-1]
    known = beside(door) if any(EXTRA in row[8] for row in rows) else own.BESIDE
    telling = Telling(
        kinds={field.name: field.kind for field in known},
        titles={field.name: field.title for field in known},
        called=names(door, (row[8] for row in rows if row[8])),
        named_type=named_type,
        show=show,
        sentences=_sentences(door, rows),
    )
    currencies = _currencies(door, rows, telling.kinds, currency)
    return Table(COLUMNS, [_shape(row, currencies, telling) for row in rows], title=say("Journal"), notes=notes)


def _where(things: Iterable[Thing], actor: str | None, since: int | None, until: int | None, me: str | None) -> Where:
    """What holds of the entries that are asked for."""
    where = Where()
    if me is not None:
        where.clauses.append(_NOT_OTHERS.format(me=where.name(me)))
    about = [_about(where, *thing) for thing in dict.fromkeys(things)]
    if about:
        where.clauses.append(f"({' OR '.join(about)})")
    where.equals("actor", actor)
    where.within("at", since, until)
    return where


def _sentences(door: ReadDoor, rows: list[tuple[Any, ...]]) -> dict[str, str]:
    """What notices said, by their numbers, as it was said: an entry has the English of it."""
    numbers = sorted({int(row[7]) for row in rows if row[6] == "notice"})
    if not numbers:
        return {}
    condition, bound = door.any_of("id", "ids", numbers)
    found = door.rows(f"SELECT id, text FROM notice WHERE {condition}", ids=bound)
    return {str(number): decode_said(text) for number, text in found}


def beside(door: ReadDoor) -> tuple[own.Own, ...]:
    """The fields in `extra` of customers, contacts and deals."""
    return (*own.of_noun(door, "customer"), *own.of_noun(door, "contact"), *own.fields(door))


def log(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """What happened, to all of the things that were named, in order of time."""
    known = {name: args.get(name) for name in ("actor", "since", "until")}
    return entries(
        door,
        things=args.get("ref") or (),
        newest=frame.newest,
        after=frame.after,
        show=frame.show,
        me=frame.actor,
        named_type=lambda name: frame.policy().named_type(name),
        currency=lambda: frame.policy().currency,
        **known,
    )


def history(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """What happened to deals and to all that belongs to them, in order of time; of several deals a first column says of
    which."""
    deals = {thing: ref("deal", deal) for deal in args["deal"] for thing in queries.belongings(door, deal)}
    table = entries(
        door,
        things=deals,
        newest=frame.newest,
        show=frame.show,
        named_type=lambda name: frame.policy().named_type(name),
        currency=lambda: frame.policy().currency,
    )
    if len(set(deals.values())) < 2:
        return table
    shown = {f"{PREFIXES.get(noun, '')}{key}": deal for (noun, key), deal in deals.items()}
    place = [column.name for column in COLUMNS].index("id")
    rows = [(shown[row[place]], *row) for row in table.rows]
    return table._replace(columns=(Column("deal", Kind.REF, place=0, rank=1), *table.columns), rows=rows)


_AMOUNTS = ('"amount"', '"max_amount"')
_IN_THE_POLICYS = ("customer", "contact", "delegation")
"""Nouns whose money is in the policy's currency."""


def _currencies(
    door: ReadDoor, rows: list[tuple[Any, ...]], kinds: Mapping[str, str], currency: Callable[[], str]
) -> dict[tuple[str, str], str]:
    """(noun, id) → currency, for entries that change an amount without saying of what."""
    own = tuple(EXTRA + name for name, kind in kinds.items() if kind == "money")
    wanted = {(row[6], row[7]) for row in rows if any(amount in row[8] for amount in (*_AMOUNTS, *own))}
    found = {
        about: door.one(f"SELECT currency FROM {about[0]} WHERE id = :id", id=int(about[1]))
        for about in wanted
        if about[0] in ("deal", "request")
    }
    known = {about: row[0] for about, row in found.items() if row is not None}
    return known | {about: currency() for about in wanted if about[0] in _IN_THE_POLICYS}


def _shape(
    row: tuple[Any, ...],
    currencies: Mapping[tuple[str, str], str],
    telling: Telling,
) -> tuple[Any, ...]:
    show = telling.show
    seq, at, actor, behalf, channel, action, noun, key, changes, meta, txn, digest, salt = row
    about = parsed(meta or "{}")
    changed = legible(parsed(changes or "{}"), about, salt)
    if noun == "notice" and changed.get("text") == [None, telling.sentences.get(key)]:
        changed |= {"text": [None, telling.sentences[key]]}
    prefix = PREFIXES.get(noun, "")
    events = about.get("events", ())
    reason = trail.why(about) or trail.reason(events) or _given(changed)
    shown = f"{prefix}{key}" if str(key).isdigit() else key
    fields = {name: pair for name, pair in changed.items() if name not in REASONS or reason is None}
    said = summary(fields, currencies.get((noun, str(key))), about.get("stays", ()), telling, noun)
    noted = "" if said and action == "erase" else trail.noted(action, key, about, show) or ""
    what = trail.joined((*trail.what(events, show), noted, said, *trail.spared(about, telling.named_type))) or (
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
        what or about.get("command", ""),  # what no rule tells of is told by its line
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


READS = (
    Read(
        path="log",
        title=say("Journal"),
        help="Who did what, when, in order of time; -L keeps the newest, a terminal the newest 50",
        columns=COLUMNS,
        build=log,
        grows=True,
        params=(
            Param(
                "ref",
                "D-142, R-31, C-9, e311, stage:Lead, a login",
                "ref",
                place=True,
                many=True,
                metavar="REF...",
                each="ref",
                at_once=True,
            ),
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
        params=(DEALS._replace(at_once=True),),
        standing=ANY,
        examples=("opp deal history D-142",),
    ),
)
