"""Notices as a table: who was to be told what, by which channels, and whether it arrived."""

import json
from collections.abc import Mapping
from typing import Any

from oppcli.model.deliveries import SENDING, SENT, WAITING
from oppcli.model.people import ME
from oppcli.model.records import ANY
from oppcli.model.refs import named, ref
from oppcli.model.said import Said, say, sentence
from oppcli.reads.table import Column, Frame, Kind, Param, Read, Table, ranked
from oppcli.reads.where import Where
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import decode_said
from oppcli.store.patterns import quoted

ASIDE = "set aside"
"""Of events that a channel did not take for days."""
STATES = ("waiting", "queued", "failing", "sent", "undeliverable")
COLUMNS = ranked(
    (
        Column("id", Kind.COUNT),
        Column("to", Kind.REF),
        Column("kind", words="notice"),
        Column("request", Kind.REF),
        Column("state", words="delivery"),
        Column("at", Kind.INSTANT),
        Column("channels", Kind.LIST, named=True),
        Column("attempts", Kind.COUNT, wide=False),
        Column("next_try_at", Kind.INSTANT, wide=False),
        Column("sent_at", Kind.INSTANT, wide=False),
        Column("why", cut=True, named=True),
        Column("text", cut=True),
        Column("deal", Kind.REF, wide=False),
        Column("customer", Kind.REF, wide=False),
        Column("activity", Kind.REF, wide=False),
        Column("task", Kind.REF, wide=False),
        Column("read_at", Kind.INSTANT, wide=False),
    ),
    "id to kind request state 1, at 2, channels 4, why 5, text 3",
)

CHANNELS = ranked(
    (
        Column("name", Kind.REF),
        Column("kind"),
        Column("where", cut=True),
        Column("to", Kind.LIST, named=True),
        Column("kinds", Kind.LIST, wide=False),
        Column("quiet", Kind.BOOL, wide=False),
        Column("ready", Kind.BOOL),
        Column("unsent", Kind.COUNT),
        Column("down_until", Kind.INSTANT),
        Column("why", cut=True, named=True),
    ),
    "name kind 1, where 3, to 4, ready unsent 2, down_until 4, why 3",
)


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """Notices, oldest first: those that have not arrived yet, with `all` all, or those in a state."""
    if args.get("dead"):
        return _aside(door)
    where, state = Where(), args.get("state")
    mine = bool(args.get("mine") or args.get("unread"))
    arrived = bool(args.get("all")) or mine
    if mine:
        where.equals('"to"', frame.actor)
        where.among("kind", (), _muted(door, frame.actor))
    if args.get("unread"):
        where.clauses.append("read_at IS NULL")
    if args.get("to") is not None:
        where.equals('"to"', frame.actor if args["to"] in ME else args["to"])
    if state == "sent":
        where.clauses.append("sent_at IS NOT NULL")
    elif not arrived or state is not None:
        where.clauses.append("sent_at IS NULL")
    sql = (
        'SELECT id, "to", kind, request_id, deal_id, text, at, queued_at, sent_at, unsent, customer_id, activity_id, '
        "task_id, read_at FROM notice "
        f"{where.sql} ORDER BY id"
    )
    roads = _roads(door, arrived=arrived or state == "sent")
    rows = [_shaped(row, roads.get(row[0], [])) for row in door.rows(sql, **where.params)]
    return Table(COLUMNS, [row for row in rows if state in (None, row[4])], title=say("Notices"))


def _aside(door: ReadDoor) -> Table:
    """Events that channels did not take, of entries that who asks may see."""
    from oppcli.store.feeds import all_feeds

    found = [(name, each) for name, feed in all_feeds(door).items() for each in feed.aside]
    where, given = door.any_of("seq", "numbers", sorted({each.seq for _, each in found}))
    rows = (
        door.rows(f"SELECT seq, noun, noun_id, action, at FROM journal WHERE {where}", numbers=given) if found else []
    )
    told = {row[0]: row[1:] for row in rows}
    return Table(COLUMNS, [_event(name, each, told[each.seq]) for name, each in found if each.seq in told])


def _event(channel: str, each: Any, entry: tuple[Any, ...]) -> tuple[Any, ...]:
    noun, key, action, at = entry
    about = named(noun, key)
    refs = (about if noun == word else None for word in ("deal", "customer", "activity", "task"))
    request = about if noun == "request" else None
    text = f"e{each.seq} {noun}.{action} {about}"
    return (
        each.seq,
        None,
        None,
        request,
        ASIDE,
        at,
        (channel,),
        each.attempts,
        None,
        None,
        each.error,
        text,
        *refs,
        None,
    )


def _roads(door: ReadDoor, *, arrived: bool) -> dict[int, list[tuple[Any, ...]]]:
    """Notice → (channel, state, attempts, next_try_at, error) of each digest it is in."""
    states = (WAITING, SENDING, SENT) if arrived else (WAITING, SENDING)
    found: dict[int, list[tuple[Any, ...]]] = {}
    sql = "SELECT notices, channel, state, attempts, next_try_at, error FROM delivery"
    for notices, *rest in door.rows(f"{sql} WHERE state IN ({quoted(states)}) ORDER BY id"):
        for notice in json.loads(notices):
            found.setdefault(notice, []).append(tuple(rest))
    return found


def _shaped(row: tuple[Any, ...], roads: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    number, to, kind, request, deal, text, at, queued_at, sent_at, unsent, customer, activity, task, read = row
    errors = [error for *_, error in roads if error]
    if sent_at is not None:
        state = "sent"
    elif unsent is not None:
        state = "undeliverable"
    else:
        state = "waiting" if queued_at is None else "failing" if errors else "queued"
    return (
        number,
        to,
        kind,
        _ref("request", request),
        state,
        at,
        tuple(dict.fromkeys(channel for channel, *_ in roads)),
        max((attempts for _, _, attempts, _, _ in roads), default=0),
        min((again for *_, again, _ in roads if again is not None), default=None),
        sent_at,
        _why(unsent or (errors[0] if errors else None)),
        decode_said(text),
        *(_ref("deal", deal), _ref("customer", customer), _ref("activity", activity), _ref("task", task)),
        read,
    )


def _why(stored: str | None) -> str | None:
    """Why it did not arrive, as it was said; plain text, as all were once, is known again where it has no values."""
    said = decode_said(stored) if stored else None
    return said if isinstance(said, Said) else sentence(said)


def _ref(noun: str, number: int | None) -> str | None:
    return None if number is None else ref(noun, number)


def _muted(door: ReadDoor, login: str) -> list[str]:
    """The kinds that somebody does not want to be told."""
    row = door.one("SELECT muted FROM user_account WHERE login = :login", login=login)
    return list(json.loads(row[0] or "[]")) if row else []


READS = (
    Read(
        path="notices list",
        title=say("Notices"),
        help="Notices that have not arrived yet, and why",
        columns=COLUMNS,
        build=listing,
        params=(
            Param("to", "only to this person; me", metavar="LOGIN"),
            Param("state", " ".join(STATES), "choice", choices=STATES, words="delivery"),
            Param("all", "also what arrived", "flag", short="-a"),
            Param("mine", "yours, arrived or not", "flag"),
            Param("dead", "events that a channel did not take for three days", "flag"),
            Param("unread", "yours that you have not read: opp notices read", "flag"),
        ),
        examples=(
            "opp notices list",
            "opp notices list --to wang --all",
            "opp notices list --mine --unread",
            "opp notices list --state undeliverable --json",
            "opp notices list --dead",
        ),
    ),
    Read(
        path="notices channels",
        narrows=False,
        title="Channels",
        help="The channels of your configuration file, whether they are complete, and what waits for them",
        columns=CHANNELS,
        standing=ANY,
        examples=("opp notices channels",),
    ),
)
