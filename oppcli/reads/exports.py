"""Whole tables for other programs: every deal, stay, request or journal entry, one by one, in constant memory."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from oppcli.errors import UsageError
from oppcli.model.records import COUNTED
from oppcli.model.refs import ref
from oppcli.model.said import listed, say
from oppcli.reads import deals
from oppcli.reads.table import NEEDED, Column, Frame, Kind, Param, Read, Row, Table
from oppcli.store.doors import ReadDoor
from oppcli.words.spelling import nearest

VISITS = (
    Column("deal", Kind.REF),
    Column("number", Kind.COUNT),
    Column("stage"),
    Column("kind"),
    Column("entered_at", Kind.INSTANT),
    Column("left_at", Kind.INSTANT),
)
REQUESTS = (
    Column("id", Kind.REF),
    Column("deal", Kind.REF),
    Column("type"),
    Column("title"),
    Column("state"),
    Column("revision", Kind.COUNT),
    Column("previous", Kind.REF),
    Column("submitted_by", Kind.REF),
    Column("submitted_at", Kind.INSTANT),
    Column("owner", Kind.REF),
    Column("amount", Kind.MONEY),
    Column("currency"),
    Column("decided_at", Kind.INSTANT),
    Column("valid_until", Kind.INSTANT),
    Column("note"),
    Column("reason"),
    Column("channel"),
    Column("policy"),
    Column("version", Kind.COUNT),
    Column("external_id"),
    Column("system"),
)
JOURNAL = (
    Column("seq", Kind.REF),
    Column("txn", Kind.COUNT),
    Column("at", Kind.INSTANT),
    Column("actor", Kind.REF),
    Column("on_behalf_of", Kind.REF),
    Column("channel"),
    Column("action"),
    Column("noun"),
    Column("noun_id"),
    Column("changes", Kind.OBJECT),
    Column("meta", Kind.OBJECT),
    Column("prev"),
    Column("hash"),
)


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


def journal(door: ReadDoor) -> Iterator[Row]:
    names = ", ".join(column.name for column in JOURNAL)
    for row in door.stream(f"SELECT {names} FROM journal ORDER BY seq"):
        seq, *plain, changes, meta, prev, digest = row
        yield (ref("entry", seq), *plain, json.loads(changes), json.loads(meta), prev, digest)


EXPORTS = {
    "deals": Export(deals.COLUMNS, deals.every),
    "visits": Export(VISITS, visits),
    "requests": Export(REQUESTS, requests),
    "journal": Export(JOURNAL, journal),
}


def export(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """Everything of one kind. The rows come while they are read; the door has to stay open."""
    noun = args["noun"]
    chosen = EXPORTS.get(noun)
    if chosen is None:
        said = say("nothing called {noun} can be exported{near}", noun=noun, near=nearest(noun, EXPORTS))
        raise UsageError(said, hint=say("one of {names}", names=listed(EXPORTS)))
    return Table(chosen.columns, chosen.rows(door), title=noun.capitalize())


READS = (
    Read(
        path="export",
        title="Export",
        help="Everything of one kind, as CSV unless -o says otherwise, in constant memory",
        columns=(),
        build=export,
        params=(Param("noun", "deals, visits, requests or journal", default=NEEDED, place=True, metavar="NOUN"),),
        standing=COUNTED,
        exports=True,
        examples=(
            "opp export deals > deals.csv",
            "opp export visits --excel > visits.csv",
            "opp export journal -o jsonl | jq -c 'select(.channel == \"import\")'",
        ),
    ),
)
