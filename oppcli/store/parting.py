"""Of two databases that began as one, where their journals part, and what each wrote since."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from oppcli.store.changes import is_pair
from oppcli.store.doors import ReadDoor
from oppcli.store.dropping import DROP
from oppcli.store.mapping import parsed
from oppcli.store.seals import legible
from oppcli.tuples import NamedTuple

Thing = tuple[str, str]
"""(noun, id), as entries name it."""
_LAST = "SELECT max(seq) FROM journal"
_HASH = "SELECT hash FROM journal WHERE seq = :seq"
_LATER = """
SELECT action, noun, noun_id, changes, meta, salt FROM journal WHERE seq > :seq AND changes <> '{}' ORDER BY seq
"""
_EARLIER = """
SELECT DISTINCT noun_id FROM journal WHERE noun = :noun AND {which} AND seq <= :seq AND changes <> '{{}}'
"""
_CHUNK = 5_000


class Since(NamedTuple):
    """What one of them wrote since."""

    entries: Sequence[tuple[Thing, Mapping[str, Any]]]
    gone: frozenset[Thing]
    """What was taken away for good."""


def fork(one: ReadDoor, other: ReadDoor) -> int:
    """The last entry that both have, 0 where there is none. A chain that is alike at one entry is so before it, too, so
    that it is found by halving. The doors see everything."""
    low, high = 0, min(door.value(_LAST) or 0 for door in (one, other))
    while low < high:
        middle = (low + high + 1) // 2
        here, there = (door.one(_HASH, seq=middle) for door in (one, other))
        low, high = (middle, high) if here is not None and here == there else (low, middle - 1)
    return low


def since(door: ReadDoor, seq: int) -> Since:
    """What was written after an entry, of what this door sees."""
    entries, gone = [], set[Thing]()
    for action, noun, key, changes, meta, salt in door.stream(_LATER, seq=seq):
        told = legible(parsed(changes), parsed(meta or "{}"), salt)
        entries.append(((noun, key), {path: pair for path, pair in told.items() if is_pair(pair)}))
        (gone.add if action == DROP else gone.discard)((noun, key))
    return Since(entries, frozenset(gone))


def made(door: ReadDoor, things: Collection[Thing], seq: int) -> frozenset[Thing]:
    """Those of the things of which no entry up to this one tells."""
    return frozenset(things).difference(_known(door, things, seq))


def _known(door: ReadDoor, things: Collection[Thing], seq: int) -> Iterator[Thing]:
    for noun in dict.fromkeys(noun for noun, _ in things):
        keys = [key for word, key in things if word == noun]
        for at in range(0, len(keys), _CHUNK):
            which, bound = door.any_of("noun_id", "keys", keys[at : at + _CHUNK])
            for key in door.column(_EARLIER.format(which=which), noun=noun, keys=bound, seq=seq):
                yield noun, key
