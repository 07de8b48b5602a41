"""What happened as a table: calls, visits, mails and notes, on deals and customers, in order of time."""

import json
from collections.abc import Mapping
from typing import Any

from oppcli.errors import UsageError
from oppcli.model.follow import DIRECTIONS
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.reads.table import Column, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.reads.where import Where
from oppcli.rules.idling import kind_named
from oppcli.store.doors import ReadDoor

COLUMNS = ranked(
    (
        Column("id", Kind.REF),
        Column("at", Kind.INSTANT),
        Column("kind", words="activity"),
        Column("who", Kind.REF),
        Column("deal", Kind.REF),
        Column("customer", cut=True),
        Column("contacts", Kind.LIST),
        Column("direction", words="direction"),
        Column("text", cut=True),
        Column("minutes", Kind.COUNT),
        Column("recorded_at", Kind.INSTANT),
        Column("channel", words="channel"),
        Column("rating", Kind.COUNT),
    ),
    "id at 1, kind who 2, deal 1, customer 4, text 2",
)
_SELECT = """
SELECT a.id, a.at, a.kind, a.who, a.deal_id, coalesce(c.name, dc.name), a.contacts, a.direction, a.text, a.minutes,
       a.recorded_at, a.channel, a.rating
FROM activity a LEFT JOIN deal d ON d.id = a.deal_id LEFT JOIN customer dc ON dc.id = d.customer_id
LEFT JOIN customer c ON c.id = a.customer_id
"""


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """Activities that pass the filters, by when they happened."""
    where = Where()
    where.among("a.who", *(args.get("who") or ((), ())))
    where.equals("a.deal_id", args.get("deal"))
    where.among("coalesce(a.customer_id, d.customer_id)", *(args.get("customer") or ((), ())))
    if args.get("kind"):
        where.among("a.kind", *([_kind(door, text, frame) for text in half] for half in args["kind"]))
    where.equals("a.direction", args.get("direction"))
    where.within("a.at", args.get("since"), args.get("until"))
    where.words(("a.search_key",), args.get("text") or "")
    most = "" if frame.screen or frame.newest is None else f" LIMIT {frame.newest}"
    rows = [_row(row) for row in door.rows(f"{_SELECT} {where.sql} ORDER BY a.at, a.id{most}", **where.params)]
    return Table(COLUMNS, rows, title=say("Activities"))


def _kind(door: ReadDoor, text: str, frame: Frame) -> str:
    """The kind that is called so; one that the policy has no more is known by what was noted with it."""
    try:
        return kind_named(frame.policy(), text)
    except UsageError:
        if door.one("SELECT 1 FROM activity WHERE kind = :kind LIMIT 1", kind=text):
            return text
        raise


def _row(row: Row) -> Row:
    number, at, kind, who, deal, customer, contacts, *rest = row
    people = tuple(ref("contact", each) for each in json.loads(contacts)) if contacts != "[]" else ()
    return (
        *(ref("activity", number), at, kind, who),
        None if deal is None else ref("deal", deal),
        customer,
        people,
        *rest,
    )


READS = (
    Read(
        path="activity list",
        title=say("Activities"),
        help="What happened with customers: calls, visits, mails, notes, by when",
        columns=COLUMNS,
        build=listing,
        params=(
            Param("who", "of this person; me, a login or a name; !x excludes", "user", many=True),
            Param("deal", "of this deal", "deal"),
            Param("customer", "of this customer and its deals; !x excludes", "customer", many=True),
            Param("kind", "call visit meeting mail message note survey, or yours; !x excludes", "words", many=True),
            Param("direction", " ".join(DIRECTIONS), "choice", choices=DIRECTIONS, words="direction"),
            Param("since", "what happened on or after", "since"),
            Param("until", "what happened before the end of this day", "until"),
            Param("text", "each word in the text", metavar="WORDS"),
        ),
        examples=(
            "opp activity list --deal D-142",
            "opp activity list --who me --since mon",
            "opp activity list --csv",
        ),
    ),
)
