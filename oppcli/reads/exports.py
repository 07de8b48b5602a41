"""Whole tables for other programs: every deal, stay, request or journal entry, one by one, in constant memory."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from oppcli.errors import UsageError
from oppcli.model.fields import FINER, MEASURES, is_instant
from oppcli.model.nouns import PREFIXES, RECORDS, Noun, class_of
from oppcli.model.records import COUNTED
from oppcli.model.refs import ref
from oppcli.model.said import listed, say
from oppcli.reads import deal_row, deals, own, payments, quoted_lines
from oppcli.reads.export_columns import JOURNAL, REQUESTS, VISITS
from oppcli.reads.table import NEEDED, WHERE, Column, Frame, Kind, Param, Read, Row, Table
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import DECODE, Part, parsed, shape_of
from oppcli.store.seals import legible
from oppcli.tuples import NamedTuple
from oppcli.words.spelling import nearest
from oppcli.words.unit_prices import decimal_of


class Export(NamedTuple):
    """What can be exported: its columns and every row of it, by number."""

    columns: tuple[Column, ...]
    rows: Callable[[ReadDoor], Iterator[Row]]


def visits(door: ReadDoor) -> Iterator[Row]:
    # Joined here and not in SQL: a join would sort all stays before the first one comes.
    stages = {number: (name, kind) for number, name, kind in door.rows("SELECT id, name, kind FROM stage")}
    sql = "SELECT deal_id, number, stage_id, entered_at, left_at FROM visit ORDER BY deal_id, number"
    for deal, number, stage, entered_at, left_at in door.stream(sql):
        yield (ref("deal", deal), number, *stages[stage], entered_at, left_at)


def requests(door: ReadDoor) -> Iterator[Row]:
    names = ", ".join(column.name for column in REQUESTS[2:])
    for number, deal, *rest in door.stream(f"SELECT id, deal_id, {names} FROM request ORDER BY id"):
        previous = rest[4]
        rest[4] = ref("request", previous) if previous else None
        yield (ref("request", number), ref("deal", deal), *rest)


_ENTRIES = f"SELECT {', '.join(column.name for column in JOURNAL)}, salt FROM journal"


def journal(door: ReadDoor) -> Iterator[Row]:
    yield from map(_entry, door.stream(f"{_ENTRIES} ORDER BY seq"))


def entries_of(door: ReadDoor, noun: str, key: object) -> list[Row]:
    """The rows of the journal that tell of one thing."""
    sql = f"{_ENTRIES} WHERE noun = :noun AND noun_id = :key ORDER BY seq"
    return list(map(_entry, door.rows(sql, noun=noun, key=str(key))))


def _entry(row: Row) -> Row:
    seq, *plain, changes, meta, prev, digest, salt = row
    about = parsed(meta)
    return (ref("entry", seq), *plain, legible(parsed(changes), about, salt), about, prev, digest)


def _plain(noun: Noun) -> Export:
    """Every record of a noun with its fields as they are stored: parts and versions are left out."""
    shape = shape_of(class_of(noun))
    parts = [part for part in shape.parts if part.field != "version"]
    columns = tuple(Column(part.field, _kind(noun, part)) for part in parts)
    names = ", ".join(f'"{part.column}"' for part in parts)

    def rows(door: ReadDoor) -> Iterator[Row]:
        staged = any(part.kind == "stage" for part in parts)
        stages: dict[Any, str] = dict(door.rows("SELECT id, name FROM stage")) if staged else {}
        shown = [stages.__getitem__ if part.kind == "stage" else _shower(noun, part) for part in parts]
        for row in door.stream(f'SELECT {names} FROM {noun.table} ORDER BY "{noun.key}"'):
            yield tuple(value if value is None else show(value) for show, value in zip(shown, row, strict=True))

    return Export(columns, rows)


def _kind(noun: Noun, part: Part) -> Kind:
    measure = MEASURES.get(noun.word, {}).get(part.field)
    if measure is not None:
        return own.KINDS[measure]
    if part.field == noun.key or part.field.removesuffix("_id") in PREFIXES:
        return Kind.REF
    if part.kind in _KINDS:
        return _KINDS[part.kind]
    return Kind.INSTANT if is_instant(part.field) else Kind.TEXT


_KINDS = {"bool": Kind.BOOL, "list": Kind.LIST, "object": Kind.OBJECT}


_LISTED = {"contacts": "contact"}
"""Fields that list the numbers of other records."""


def _shower(noun: Noun, part: Part) -> Callable[[Any], Any]:
    """How a stored value is told: references by their prefix."""
    if part.field in _LISTED:
        return lambda text: [ref(_LISTED[part.field], number) for number in parsed(text)]
    measure = MEASURES.get(noun.word, {}).get(part.field)
    if measure in FINER:
        return lambda stored: decimal_of(measure, stored)
    about = noun.word if part.field == noun.key else part.field.removesuffix("_id")
    if about in PREFIXES:
        return lambda number: ref(about, number)
    return DECODE.get(part.kind, lambda value: value)


_OWN = {
    "deals": Export((*deal_row.COLUMNS, *own.columns(own.BESIDE)), lambda door: iter(deals.every(door).rows)),
    "visits": Export(VISITS, visits),
    "requests": Export(REQUESTS, requests),
    "payments": Export(payments.EXPORTED, payments.exported),
    "lines": Export(quoted_lines.LINES, lambda door: iter(())),
    "journal": Export(JOURNAL, journal),
}
ALL = "all"
"""As a kind: everything, for another database."""
ICS = "ics"
"""As a kind: tasks, for a calendar."""
VERSION = 1
"""Of the form of such a file."""
OBJECT = Column("", Kind.OBJECT)
EXPORTS = _OWN | {noun.plural: _plain(noun) for noun in RECORDS if noun.plural not in _OWN}
"""Every noun, the stays of deals and the lines of quotes."""


def _without_others(door: ReadDoor, table: Table, me: str) -> Table:
    """Saved views without the private ones of others, unless an admin asks."""
    from oppcli.reads.views import ADMIN

    if door.one(f"SELECT 1 WHERE {ADMIN.format(me=':me')}", me=me):
        return table
    names = [column.name for column in table.columns]
    owner, shared = names.index("owner"), names.index("shared")
    return table._replace(rows=(row for row in table.rows if row[shared] or row[owner] == me))


_WITH_OWN = {"customers": "customer", "contacts": "contact"}
"""Nouns beside deals that may have fields of the team's own."""


def _with_own(table: Table, word: str, frame: Frame) -> Table:
    """The same with a column for each field of the team's own, last."""
    rules = frame.policy().fields_of.get(word)
    if not rules:
        return table
    from oppcli.rules.fields import of_noun

    fields = [own.Own(name, field.kind) for name, field in of_noun(word, rules).items() if field.own]
    place = [column.name for column in table.columns].index("extra")
    columns = tuple(
        column._replace(kind=own.KINDS.get(each.kind, Kind.TEXT))
        for column, each in zip(own.columns(each._replace(kind="text") for each in fields), fields, strict=True)
    )
    currency = frame.policy().currency

    def told(row: Sequence[Any]) -> tuple[Any, ...]:
        extra = row[place] or {}
        plain = own.plain(extra, fields, currency) if extra else row[place]
        return (*row[:place], plain, *row[place + 1 :], *own.cells(extra, fields))

    rows = (told(row) for row in table.rows)
    return table._replace(columns=(*table.columns, *columns), rows=rows)


def export(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """Everything of one kind. The rows come while they are read; the door has to stay open. Refused for a kind that
    there is none of."""
    noun = args["noun"]
    if noun == ALL:
        return _everything(door, args, frame)
    if noun == ICS:
        return _calendar(door, args, frame)
    chosen = EXPORTS.get(noun)
    if chosen is None:
        said = say("nothing called {noun} can be exported{near}", noun=noun, near=nearest(noun, EXPORTS))
        raise UsageError(said, hint=say("one of {names}", names=listed((*EXPORTS, ICS, ALL))))
    if noun == "journal" and door.sight is not None:
        from oppcli.rules.scopes import require_all

        require_all(door.sight, say("export the journal"))
    # Deals have columns of the team besides those that all have.
    table = _whole(door, noun, chosen, args, frame)
    if noun in _WITH_OWN:
        table = _with_own(table, _WITH_OWN[noun], frame)
    if noun == "views":
        table = _without_others(door, table, frame.actor)
    if args.get("where") and noun != "deals":
        from oppcli.reads.narrowing import streamed

        table = streamed(table, args["where"], door, frame)
    table = table._replace(title=noun.capitalize())
    if args.get("redact") is None:
        return table
    from oppcli.reads.redacting import redacted

    return redacted(table, noun, args["redact"], frame)


def _whole(door: ReadDoor, noun: str, chosen: Export, args: Mapping[str, Any], frame: Frame) -> Table:
    """All of a kind. What quotes come to is reckoned, as the policy says that their prices are."""
    if noun == "deals":
        return deals.every(door, args, frame)
    if noun == "lines":
        return quoted_lines.every(door, frame)
    return Table(chosen.columns, chosen.rows(door))


def _calendar(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """Tasks as VTODO. Refused with `--redact`: a calendar is for who has the tasks."""
    from oppcli.reads.narrowing import streamed
    from oppcli.reads.promised_dates import calendar

    if args.get("redact") is not None:
        raise UsageError(say("a calendar is exported as it is: --redact is for one kind"))
    table = calendar(door, frame)
    return streamed(table, args["where"], door, frame) if args.get("where") else table


def _everything(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A header, and every noun there is. Refused for who does not see all, with `-w`, and with `--redact`."""
    from oppcli.rules.scopes import require_all
    from oppcli.store import journal as entries
    from oppcli.store.knowing import database_id
    from oppcli.store.objects import everything
    from oppcli.words.shown import iso

    if door.sight is not None:
        require_all(door.sight, say("export everything"))
    for flag in ("where", "redact"):
        if args.get(flag) is not None:
            raise UsageError(say("everything is exported as it is: --{flag} is for one kind", flag=flag))
    head = entries.head(door)
    header = {
        "opp": VERSION,
        "database": database_id(door),
        "exported_at": iso(frame.now),
        "head": f"{head.seq}:{head.hash}",
    }
    return Table((OBJECT,), ((each,) for each in chain([header], everything(door))), title="All")


READS = (
    Read(
        path="export",
        title=say("Export"),
        help="Everything of one kind, as CSV unless -o says otherwise, in constant memory",
        columns=(),
        build=export,
        params=(
            Param(
                "noun",
                "deals, visits, requests, journal …; ics: tasks for a calendar; all: everything, for another database",
                default=NEEDED,
                place=True,
                metavar="NOUN",
            ),
            WHERE,
            Param(
                "redact",
                "for others to count with: no names, no texts, no true amounts; a missing KEYFILE is made",
                "key",
                metavar="KEYFILE",
            ),
        ),
        standing=COUNTED,
        exports=True,
        lines=ALL,
        drawn=(ICS,),
        examples=(
            "opp export deals > deals.csv",
            "opp export visits --excel > visits.csv",
            "opp export all -O team.jsonl",
            "opp export ics -w 'who = li' -O li.ics",
            "opp export journal -o jsonl | jq -c 'select(.channel == \"import\")'",
        ),
    ),
)
