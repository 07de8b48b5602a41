"""What is personal taken out of the journal for good, so that its chain still holds; and what was taken out before.

A sealed entry keeps the text that is hashed, and loses its salt. An entry of before there were seals has `"(erased)"`
in place of the values: its hash cannot be computed any more, so the entry `erase` vouches for the text that it has now
(`vouches` in its meta: seq → SHA-256), which counts for entries older than the upgrade to the schema with seals alone.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from oppcli.model.records import ERASED
from oppcli.store.doors import ReadDoor, Row, WriteDoor
from oppcli.store.journal import COLUMNS, SELECT, UNSEALABLE, Anchor, Proof, digest_of, verify
from oppcli.store.mapping import compact, parsed
from oppcli.store.seals import ERASE, hashed, is_seal, personal, swapped
from oppcli.tuples import NamedTuple

SEALED_SINCE = "0009"
"""The schema from which on entries are sealed."""
CHUNK = 500
_ENTRY = f"SELECT {', '.join(COLUMNS)} FROM journal"
_UNSEALED = f"SELECT {', '.join(COLUMNS[:-1])}, NULL FROM journal ORDER BY seq"
Things = Mapping[str, Sequence[str]]
"""Noun → keys, as the journal names them."""


class TakenOut(NamedTuple):
    """What was taken out of the journal."""

    entries: int
    values: frozenset[str]
    """The texts that stood there."""
    vouches: Mapping[str, str]
    """Seq → SHA-256 of the new text, of entries older than the seals."""
    kept: tuple[int, ...]
    """Entries that keep a value, because it was not personal by the policy of their time."""


def take_out(door: WriteDoor, things: Things) -> TakenOut:
    """Erase what is personal in every entry of these things."""
    since, own = sealed_since(door), door.own_personal
    values: set[str] = set()
    vouches: dict[str, str] = {}
    kept: list[int] = []
    count = 0
    for row in _entries(door, things):
        seq, noun, changes, salt = row[0], row[7], parsed(row[9]), row[13]
        paths = parsed(row[10])["sealed"] if salt is not None else personal(noun, changes, own)
        bare = [path for path in personal(noun, changes, own) if path not in paths] if salt is not None else paths
        if seq >= since and not _all_erased(changes, bare):
            kept.append(seq)
        if not paths or (salt is None and (seq >= since or _all_erased(changes, paths))):
            continue
        values |= texts(changes, paths)
        if salt is not None:
            told = hashed(row[9], changes, paths, salt)
        else:
            told = compact(swapped(changes, paths, lambda _, value: ERASED))
            vouches[str(seq)] = digest_of((*row[:9], told, *row[10:]))
        door.rewritten(seq, told)
        count += 1
    return TakenOut(count, frozenset(values), vouches, tuple(kept))


def _entries(door: ReadDoor, things: Things) -> Iterable[Row]:
    for noun, keys in things.items():
        for at in range(0, len(keys), CHUNK):
            condition, bound = door.any_of("noun_id", "keys", list(keys[at : at + CHUNK]))
            yield from door.rows(f"{_ENTRY} WHERE noun = :noun AND {condition} ORDER BY seq", noun=noun, keys=bound)


def texts(changes: Mapping[str, Any], paths: Iterable[str]) -> set[str]:
    """The texts at these paths."""
    found: set[str] = set()
    swapped(changes, paths, lambda _, value: found.add(value) if isinstance(value, str) else None)
    return found - {ERASED}


def _all_erased(changes: Mapping[str, Any], paths: Iterable[str]) -> bool:
    """Whether nothing stands at these paths but what an erasure left."""
    found: list[Any] = []
    swapped(changes, paths, lambda _, value: found.append(value))
    return all(_is_erased(value) for value in found)


def _is_erased(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_erased(each) for each in value)
    return isinstance(value, str) and (value.startswith(ERASED) or is_seal(value))


def sealed_since(door: ReadDoor) -> int:
    """The first entry that seals what is personal in it: that of the upgrade, or 1 where all are."""
    rows = door.rows(
        "SELECT seq, meta FROM journal WHERE noun = 'database' AND action IN ('upgrade', 'restore') ORDER BY seq"
    )
    for seq, meta in rows:
        told = parsed(meta)
        if str(told.get("from") or SEALED_SINCE) < SEALED_SINCE <= str(told.get("to") or SEALED_SINCE):
            return _first_sealed(door, before=int(seq)) or int(seq)
    return 1


def _first_sealed(door: ReadDoor, *, before: int) -> int | None:
    """What says later that it is an upgrade unseals nothing."""
    sealed = "SELECT seq FROM journal WHERE seq < :before AND meta LIKE '%\"sealed\":%' ORDER BY seq LIMIT 1"
    return door.value(sealed, before=before)


def vouched(door: ReadDoor) -> dict[int, str]:
    """Seq → SHA-256 of the text that erasures left of entries older than the seals."""
    since = sealed_since(door)
    if since == 1:
        return {}
    found: dict[int, str] = {}
    for meta in door.column("SELECT meta FROM journal WHERE noun = 'customer' AND action = :erase", erase=ERASE):
        try:
            told = parsed(meta).get("vouches") or {}
            found |= {int(seq): str(digest) for seq, digest in told.items() if int(seq) < since}
        except UNSEALABLE:
            continue
    return found


def proof(door: ReadDoor, anchors: Sequence[Anchor] = (), *, schema: str = SEALED_SINCE) -> Proof:
    """What recomputing the chain of a database of this schema shows (`journal.verify`)."""
    if schema < SEALED_SINCE:
        return verify(door.stream(_UNSEALED), anchors)
    return verify(door.stream(SELECT), anchors, vouched(door))


class Erasure(NamedTuple):
    """A customer that was erased: which, told from another of that number by its first entry, and why."""

    customer: int
    first: str
    """The hash of the entry that made it."""
    reason: str


def erasures(door: ReadDoor) -> list[Erasure]:
    """Every customer that was erased, in order."""
    rows = door.rows(
        "SELECT e.noun_id, min(f.hash), min(e.meta) FROM journal e "
        "JOIN journal f ON f.noun = 'customer' AND f.noun_id = e.noun_id AND f.action = 'create' "
        "WHERE e.noun = 'customer' AND e.action = :erase GROUP BY e.noun_id ORDER BY min(e.seq)",
        erase=ERASE,
    )
    return [Erasure(int(key), first, str(parsed(meta).get("reason") or "")) for key, first, meta in rows]


def first_hash(door: ReadDoor, customer: int) -> str | None:
    """The hash of the entry that made a customer; None where there is none of that number."""
    return door.value(
        "SELECT hash FROM journal WHERE noun = 'customer' AND noun_id = :key AND action = 'create'", key=str(customer)
    )


def letters_with(door: ReadDoor, notices: Collection[int]) -> list[int]:
    """Ids of the letters that any of these notices is in."""
    wanted = set(notices)
    rows = door.stream("SELECT id, notices FROM delivery ORDER BY id") if wanted else ()
    return [key for key, told in rows if not wanted.isdisjoint(parsed(told))]


class Held(NamedTuple):
    """What keeps a text that was erased elsewhere."""

    noun: str
    key: int
    decision: int | None = None
    actor: str | None = None


def holding(door: ReadDoor, things: Things, values: Collection[str]) -> Iterator[Held]:
    """Decisions, requests and entries that hold one of these texts: what people said stays as they said it, and what
    approvers were shown of a deal that is another customer's now."""
    wanted = [value for value in values if len(value.strip()) >= LEAST]
    quoted = [compact(value)[1:-1] for value in wanted]
    if not wanted:
        return
    for key, number, actor, reason in door.stream(_REASONS):
        if any(value in reason for value in wanted):
            yield Held("request", key, number, actor)
    for key, told in door.stream(_SAID):
        if any(value in told for value in (*wanted, *quoted)):
            yield Held("request", key)
    for key, shown in door.stream("SELECT request_id, snapshot FROM revision ORDER BY request_id, number"):
        if any(f'"{value}"' in shown for value in quoted):
            yield Held("request", key)
    for noun, keys in things.items():
        for row in _entries(door, {noun: keys}):
            if any(value in row[10] for value in quoted):
                yield Held("entry", row[0])
    for seq, told in door.stream(_TYPED):
        if any(value in told for value in quoted):
            yield Held("entry", seq)


LEAST = 2
"""Characters of a text that is looked for."""
_REASONS = "SELECT request_id, number, actor, reason FROM decision WHERE reason IS NOT NULL ORDER BY request_id, number"
_TYPED = """SELECT seq, CASE noun WHEN 'export' THEN meta ELSE changes END FROM journal
WHERE noun IN ('export', 'judgement', 'point') ORDER BY seq"""
"""By what somebody exported, and why they judged the forecast or gave points."""
_SAID = (
    "SELECT id, coalesce(reason, '') || ' ' || answers FROM request "
    "WHERE reason IS NOT NULL OR answers <> '[]' "
    "UNION ALL SELECT request_id, text || ' ' || coalesce(answer, '') FROM question "
    "UNION ALL SELECT request_id, text || ' ' || coalesce(why, '') FROM term ORDER BY 1"
)
