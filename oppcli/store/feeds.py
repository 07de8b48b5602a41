"""What is kept of how far each channel was told of the journal, and the entries that it is told of next."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from oppcli.model import events
from oppcli.model.deals import WON
from oppcli.model.fields import of
from oppcli.model.kept import kept, told_again
from oppcli.model.nouns import BY_WORD
from oppcli.store.doors import ReadDoor, Row, WriteDoor
from oppcli.store.journal import head
from oppcli.store.patterns import literal, place_of
from oppcli.store.queries import derived
from oppcli.tuples import NamedTuple

KEY = "events:"
"""How the key of a channel's state begins in `meta`, which is no part of the journal: what is told of is."""
MANY = 200
"""Entries that are taken from the journal at once."""
_COLUMNS = "seq, at, actor, on_behalf_of, action, noun, noun_id, changes"


class Aside(NamedTuple):
    """An event that was set aside, after it was refused for too long."""

    seq: int
    at: int
    attempts: int
    error: str


class Feed(NamedTuple):
    """How far a channel was told."""

    seq: int
    """The last entry that is done with."""
    attempts: int = 0
    """How often the next one was refused."""
    since: int = 0
    """When it was refused first."""
    next_try_at: int = 0
    error: str = ""
    by: str = ""
    """Who is at it, until `until`."""
    until: int = 0
    again: tuple[int, ...] = ()
    """Entries of before `seq` that go out again first."""
    aside: tuple[Aside, ...] = ()


class Event(NamedTuple):
    """An entry as another program is told of it."""

    seq: int
    at: int
    actor: str
    on_behalf_of: str | None
    name: str
    noun: str
    noun_id: str
    changes: Mapping[str, Any]


def feeds(door: ReadDoor, channels: Collection[str]) -> dict[str, Feed]:
    """By channel, those of them that were told at all, in one statement."""
    where, given = door.any_of("key", "keys", [KEY + name for name in channels])
    found = door.rows(f"SELECT key, value FROM meta WHERE {where}", keys=given)
    return {key.removeprefix(KEY): _read(value) for key, value in found}


def all_feeds(door: ReadDoor) -> dict[str, Feed]:
    """By channel, of all that were ever told."""
    rows = door.rows("SELECT key, value FROM meta WHERE substr(key, 1, :n) = :begins", n=len(KEY), begins=KEY)
    return {key.removeprefix(KEY): _read(value) for key, value in rows}


def feed(door: ReadDoor, channel: str) -> Feed | None:
    """That of one channel; None before it began."""
    text = derived(door, KEY + channel)
    return None if text is None else _read(text)


def _read(text: str) -> Feed:
    told = json.loads(text)
    aside = tuple(Aside(seq, at, n, told_again(error)) for seq, at, n, error in told["aside"])
    return Feed(**{**told, "error": told_again(told["error"]), "again": tuple(told["again"]), "aside": aside})


def keep(door: WriteDoor, channel: str, state: Feed) -> None:
    """Keep it; no entry tells of it."""
    said = state._replace(
        error=kept(state.error), aside=tuple(each._replace(error=kept(each.error)) for each in state.aside)
    )
    door.derive(KEY + channel, json.dumps(said._asdict(), ensure_ascii=False))


class Batch(NamedTuple):
    """Events, and the last entry that was looked at for them."""

    events: Sequence[Event]
    reached: int


def upcoming(door: ReadDoor, patterns: Sequence[str], after: int) -> Batch:
    """The next events that are wanted, of at most `MANY` entries."""
    last = head(door).seq
    if last <= after:
        return Batch((), after)
    rows = door.rows(_sql(door, patterns, "seq > :after") + f" LIMIT {MANY}", after=after)
    reached = rows[-1][0] if len(rows) == MANY else max([last, *(row[0] for row in rows)])
    return Batch(_events(door, patterns, rows), reached)


def among(door: ReadDoor, patterns: Sequence[str], numbers: Collection[int]) -> list[Event]:
    """The events of these entries, in their order."""
    where, given = door.any_of("seq", "numbers", sorted(numbers))
    return _events(door, patterns, door.rows(_sql(door, patterns, where), numbers=given))


def _sql(door: ReadDoor, patterns: Sequence[str], where: str) -> str:
    wanted = " OR ".join(f"({_where(door, pattern)})" for pattern in patterns)
    return f"SELECT {_COLUMNS} FROM journal WHERE {where} AND action <> '{events.REFUSED}' AND ({wanted}) ORDER BY seq"


def _events(door: ReadDoor, patterns: Sequence[str], rows: Sequence[Row]) -> list[Event]:
    won = won_stages(door) if any(row[5] == "deal" for row in rows) else frozenset()
    found = []
    for seq, at, actor, behalf, action, noun, key, text in rows:
        changes = json.loads(text)
        called = [each for each in events.names(noun, action, changes, won) if events.wants(patterns, (each,))]
        if called:
            found.append(Event(seq, at, actor, behalf, called[0], noun, key, changes))
    return found


def currencies(door: ReadDoor, told: Sequence[Event]) -> dict[tuple[str, str], str]:
    """(noun, id) → the currency of what has one and is told of, a statement for each noun."""
    found: dict[tuple[str, str], str] = {}
    for word in {each.noun for each in told}:
        noun = BY_WORD[word]
        if not any(field.name == "currency" for field in of(word)):
            continue
        where, given = door.any_of(noun.key, "ids", sorted({int(each.noun_id) for each in told if each.noun == word}))
        rows = door.rows(f"SELECT {noun.key}, currency FROM {noun.table or word} WHERE {where}", ids=given)
        found |= {(word, str(key)): currency for key, currency in rows}
    return found


def won_stages(door: ReadDoor) -> frozenset[str]:
    """The names of the stages of won deals."""
    return frozenset(door.column(f"SELECT name FROM stage WHERE kind = '{WON}'"))


def _where(door: ReadDoor, pattern: str) -> str:
    """What entries of a pattern have in common; a win is told by its changes."""
    noun, _, verb = pattern.partition(".")
    if pattern == events.WIN:
        return f"noun = '{noun}' AND " + place_of(door, "changes", '"stage":') + " > 0"
    return f"noun = {literal(noun)}" + ("" if verb == "*" else f" AND action = {literal(verb)}")
