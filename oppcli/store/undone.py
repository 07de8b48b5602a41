"""What the journal says of the time after an instant: what each thing was before its first change since, path by path.

The chain is tried on the way: what stands in a broken one proves nothing of what was.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from oppcli.errors import Conflict, UsageError
from oppcli.model.command import command
from oppcli.model.nouns import NOUNS, class_of
from oppcli.model.records import ERASED
from oppcli.model.said import say
from oppcli.store import erasing
from oppcli.store.changes import apply
from oppcli.store.doors import Row
from oppcli.store.dropping import DROP
from oppcli.store.journal import COLUMNS, Head, digest_of, fault_of
from oppcli.store.mapping import Shape, parsed, shape_of
from oppcli.store.olds import last, told
from oppcli.store.reading import Reading
from oppcli.tuples import NamedTuple

Key = int | str
Ids = Mapping[str, int]
"""Name of a stage → its id."""
WHOLE = ""
"""The path of a thing itself."""
CREATED = "create"
_LATER = f"SELECT {', '.join(COLUMNS)} FROM journal WHERE seq > :seq ORDER BY seq"
_CHUNK = 5_000


class Old(NamedTuple):
    """What stood at a path, and what the stages were called then."""

    value: Any
    stages: Ids


class Spot(NamedTuple):
    """What a path means: the part of a noun, the numbers of its row below the thing's own key, and what of it."""

    part: Shape
    key: tuple[int, ...]
    field: str
    """Empty where it is the row itself."""
    name: str
    """Of a field that holds values by name, whose."""
    above: tuple[str, ...]
    """The paths of the rows that it lies in."""


class Undone:
    """What later entries changed, thing by thing."""

    def __init__(self, last: Head) -> None:
        self.last = last
        """The last entry of then."""
        self.olds: dict[Shape, dict[Key, dict[str, Old]]] = {}
        """Of each thing, in the order in which its paths were first touched."""
        self.counts: dict[Shape, Counter[Key]] = {}
        """How many entries changed it."""
        self.made: dict[Shape, set[Key]] = {}
        """What was not there then."""

    def touched(self, word: str) -> bool:
        """Whether any thing of a noun was made or changed since."""
        shape = shapes()[word]
        return bool(self.olds.get(shape) or self.made.get(shape))


@cache
def shapes() -> dict[str, Shape]:
    """The shape of every noun that entries tell of, by its word."""
    return {noun.word: shape_of(class_of(noun)) for noun in NOUNS}


def key_of(shape: Shape, noun_id: str) -> Key:
    """The key that an entry names."""
    return int(noun_id) if shape.auto else noun_id


def undone(door: Reading, at: int, shown: Callable[[int], str]) -> Undone:
    """What was changed after this instant. Refused (2) where nothing was known yet, (5) for a chain that is broken
    since; `shown` tells an instant."""
    row = last(door, at)
    if row is None:
        first = door.value("SELECT at FROM journal ORDER BY seq LIMIT 1")
        if first is None:
            raise UsageError(say("nothing is known of then: the journal is empty"), hint=command("log"))
        told = say("nothing is known of then: the journal begins {first}", first=shown(first))
        raise UsageError(told, hint=say("--as-of takes any later day or instant"))
    found = Undone(Head(*row))
    stages = _Stages(door, found.last.seq)
    for entry in _proven(door, found.last):
        shape, changes = shapes().get(entry[7]), entry[9]
        if shape is not None and changes != "{}":
            key = key_of(shape, entry[8])
            _take(found, shape, key, entry, stages.ids)
            if shape.word == "stage":
                stages.follow(int(key), entry[6], parsed(changes))
    _settle(door, found)
    return found


def _take(found: Undone, shape: Shape, key: Key, entry: Row, stages: Ids) -> None:
    """Take what an entry says of what was before it, where no entry before it said so."""
    made = found.made.setdefault(shape, set())
    if key in made:
        return
    of_noun = found.olds.setdefault(shape, {})
    olds = of_noun.get(key)
    if olds is None:
        if entry[6] == CREATED:
            made.add(key)
            return
        olds = of_noun[key] = {}
    found.counts.setdefault(shape, Counter())[key] += 1
    if WHOLE in olds:
        return
    changes = told(entry[9], entry[10] if entry[13] is None else None)
    if entry[6] == DROP:
        whole: dict[str, Any] = {}
        apply(shape, whole, {path: (None, pair[0]) for path, pair in changes.items()})
        olds[WHOLE] = Old(whole, stages)
        return
    for path, (old, _) in changes.items():
        if path not in olds and not ("." in path and _within(shape, path, olds)):
            olds[path] = Old(old, stages)


def _within(shape: Shape, path: str, olds: Mapping[str, Old]) -> bool:
    spot = spot_of(shape, path)
    return spot is not None and any(above in olds for above in spot.above)


def is_erased(value: Any) -> bool:
    """Whether what was there is gone for good."""
    return isinstance(value, str) and value.startswith(ERASED)


@cache
def spot_of(shape: Shape, path: str) -> Spot | None:
    """What a path of an entry means today; None where there is no such field any more, or it is stored elsewhere."""
    head, _, rest = path.partition(".")
    if head in shape.kinds:
        return Spot(shape, (), head, rest, ())
    segments, part, place = path.split("."), shape, 0
    key: tuple[int, ...] = ()
    above: tuple[str, ...] = ()
    while place < len(segments):
        child = next((child for child in part.children if child.field == segments[place]), None)
        if child is None:
            name = segments[place]
            return Spot(part, key, name, ".".join(segments[place + 1 :]), above) if name in part.kinds else None
        end = place + 1 + (len(child.own) or 1)
        part, key = child, (*key, *map(int, segments[place + 1 : end]))
        place, above = end, (*above, ".".join(segments[:end]))
    return Spot(part, key, "", "", above[:-1])


class _Stages:
    """What the stages were called, entry by entry."""

    def __init__(self, door: Reading, seq: int) -> None:
        self._names = {number: name for name, number in door.stages.items()}
        later = "SELECT noun_id, changes FROM journal WHERE noun = 'stage' AND seq > :seq ORDER BY seq DESC"
        for key, changes in door.rows(later, seq=seq):
            self._call(int(key), parsed(changes), 0)
        self.ids: Ids = self._told()

    def follow(self, key: int, action: str, changes: Mapping[str, Any]) -> None:
        """An entry of a stage was passed."""
        if "name" in changes:
            self._call(key, changes, 1)
            self.ids = self._told()

    def _call(self, key: int, changes: Mapping[str, Any], side: int) -> None:
        if "name" not in changes:
            return
        name = changes["name"][side]
        if name is None:
            self._names.pop(key, None)
        else:
            self._names[key] = name

    def _told(self) -> Ids:
        return {name: number for number, name in self._names.items()}


def _proven(door: Reading, last: Head) -> Iterator[Row]:
    """The later entries. Refused (5) at the first that is not what it was."""
    head, vouched = last, None
    for row in door.stream(_LATER, seq=last.seq):
        digest = digest_of(row)
        if digest != row[12]:
            vouched = erasing.vouched(door) if vouched is None else vouched
            digest = row[12] if vouched.get(row[0]) == digest else digest
        fault = fault_of(row, head, (), digest=digest)
        if fault is not None:
            raise Conflict(
                say("what was then cannot be told: entry e{seq} {what}", seq=fault.seq, what=fault.what),
                hint=command("audit", "verify"),
            )
        head = Head(row[0], row[2], row[12])
        yield row


def _settle(door: Reading, found: Undone) -> None:
    """Things of which all that is known is that they had nothing: those of which no entry of then tells were made by
    another verb than `create`."""
    for shape, of_noun in found.olds.items():
        unsure = [key for key, olds in of_noun.items() if all(old.value is None for old in olds.values())]
        known: set[Key] = set()
        for at in range(0, len(unsure), _CHUNK):
            condition, bound = door.any_of("noun_id", "keys", [str(key) for key in unsure[at : at + _CHUNK]])
            sql = f"SELECT DISTINCT noun_id FROM journal WHERE noun = :noun AND {condition} AND seq <= :seq"
            rows = door.rows(f"{sql} AND changes <> '{{}}'", noun=shape.word, keys=bound, seq=found.last.seq)
            known |= {key_of(shape, noun_id) for (noun_id,) in rows}
        for key in unsure:
            if key not in known:
                del of_noun[key]
                found.made.setdefault(shape, set()).add(key)
