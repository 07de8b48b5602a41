"""What machines propose, as tables: the list, and one with what its fields hold now."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from oppcli.model.command import command
from oppcli.model.follow import OPEN, PROPOSAL_STATES, Proposal
from oppcli.model.nouns import PREFIXES
from oppcli.model.records import ANY
from oppcli.model.refs import ref
from oppcli.model.said import WHENCE, Word, label, listed, say
from oppcli.reads.cards import Block, Card, carded
from oppcli.reads.table import NEEDED, Column, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.reads.where import Where
from oppcli.rules.proposing import pairs, seen
from oppcli.store.doors import ReadDoor

COLUMNS = ranked(
    (
        Column("id", Kind.REF),
        Column("noun", words="noun"),
        Column("ref", Kind.REF, title=say("OF")),
        Column("title", cut=True),
        Column("changes", Kind.OBJECT),
        Column("source", cut=True, words=WHENCE),
        Column("evidence", cut=True),
        Column("state", words="proposal"),
        Column("created_at", Kind.INSTANT),
        Column("created_by", Kind.REF),
        Column("decided_at", Kind.INSTANT),
        Column("decided_by", Kind.REF),
        Column("reason", cut=True, named=True),
        Column("cause", wide=False, words=WHENCE),
    ),
    "id ref 1, noun 3, title 2, changes 2, source evidence 3, state 2, created_at 4",
)
_LIST = """
SELECT p.id, p.noun, p.deal_id, p.customer_id, coalesce(d.title, c.name), p.changes, p.source, p.evidence, p.state,
       p.created_at, p.created_by, p.decided_at, p.decided_by, p.reason, p.cause
FROM proposal p LEFT JOIN deal d ON d.id = p.deal_id LEFT JOIN customer c ON c.id = p.customer_id
"""


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row each, those that are open unless others are asked for."""
    where = Where()
    where.among("p.state", args.get("state") or (OPEN,))
    where.equals("p.deal_id", args.get("deal"))
    rows = [_row(row) for row in door.rows(f"{_LIST} {where.sql} ORDER BY p.id", **where.params)]
    return Table(COLUMNS, rows, LIST.title)


def _row(row: Row) -> Row:
    key, noun, deal, customer, title, changes, *rest = row
    about = f"{PREFIXES['deal']}{deal}" if deal else f"{PREFIXES['customer']}{customer}" if customer else None
    return (f"{PREFIXES['proposal']}{key}", noun, about, title, json.loads(changes or "{}"), *rest)


def one(door: ReadDoor, proposal: Proposal, now: Mapping[str, str], *, card: bool) -> Table:
    """One in full; `now`: what the fields that it would change hold."""
    (row,) = door.rows(f"{_LIST} WHERE p.id = :id", id=proposal.id)
    columns = (*(column._replace(wide=True) for column in COLUMNS), Column("now", Kind.OBJECT))
    table = Table(columns, [(*_row(row), dict(now))], ref("proposal", proposal.id), single=True)
    return carded(table, _card(proposal, now)) if card else table


def _card(proposal: Proposal, now: Mapping[str, str]) -> Card:
    name = ref("proposal", proposal.id)
    head = listed((name, Word("noun", proposal.noun), Word("proposal", proposal.state)), " ")
    blocks = [Block(say("Proposes:"), tuple(_lines(proposal, now)))]
    if proposal.state == OPEN:
        answers = (command("proposal", "accept", name), command("proposal", "decline", name))
        blocks.append(Block(say("You may:"), tuple((each,) for each in answers)))
    left_out = frozenset(("id", "noun", "state", "changes", "now", "cause"))
    return Card(head, (("ref", "title", "source", "evidence"),), left_out, (), tuple(blocks))


def _lines(proposal: Proposal, now: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Field, what was seen → what is proposed, and what it is now where that is another."""
    before = seen(proposal.changes)
    for field, value in pairs(proposal.changes):
        if field not in before:
            yield label(field), value, ""
            continue
        old = before[field]
        since = "" if old == now.get(field, "") else say("is {now} now", now=now.get(field) or "-")
        yield label(field), say("{old} → {new}", old=old or "-", new=value), since


LIST = Read(
    path="proposal list",
    title=say("Proposals"),
    help="What machines propose and nobody has accepted or declined yet",
    columns=COLUMNS,
    build=listing,
    params=(
        Param(
            "state",
            "in this state, not the open ones",
            "choice",
            choices=PROPOSAL_STATES,
            many=True,
            words="proposal",
        ),
        Param("deal", "about this deal", "deal"),
    ),
    examples=("opp proposal list", "opp proposal list --state declined --csv"),
)
READS = (
    LIST,
    Read(
        path="proposal show",
        narrows=False,
        title=say("Proposal"),
        help="One proposal: each field with what it would be, what was seen, and what it is now",
        columns=(*COLUMNS, Column("now", Kind.OBJECT)),
        params=(
            Param(
                "proposal",
                "one or more: S-3",
                default=NEEDED,
                place=True,
                many=True,
                metavar="PROPOSAL...",
                key="proposals",
                each="proposal",
            ),
        ),
        standing=ANY,
        examples=("opp proposal show S-3",),
    ),
)
