"""Seals: an entry's hash covers what is personal in it only as salted digests, so that it can be erased and the chain
still holds.

`changes` holds the values as ever. `salt` (16 random bytes in hexadecimal; NULL where nothing is personal) is outside
the hash; `sealed` in the entry's meta names the paths. Hashed is the text of `changes` in which every value but null at
these paths is `"~"` and the hexadecimal HMAC-SHA256, by the salt, of the path, a line feed, and the JSON of the value.
Erased, an entry holds that text and no salt: without it nobody can try out what the value was.
"""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from json.encoder import encode_basestring as quoted
from typing import Any

from oppcli.model.digest import raw, sha256
from oppcli.model.fields import PERSONAL, PERSONAL_PARTS
from oppcli.model.records import ERASED
from oppcli.store.changes import plain
from oppcli.store.mapping import Shape, compact

MARK = "~"
ERASE = "erase"
"""The action of an entry that says nothing of what was there: nothing in it is sealed."""
OWN_PERSONAL = "own_personal"
"""Where `meta` keeps which of the team's own fields are personal under the applied policy, as JSON."""
ERASED_META = "CASE WHEN salt IS NULL AND meta LIKE '%\"sealed\":%' THEN meta END"
"""The meta of an entry of which something was erased, in SQL; NULL of any other."""
SALT_BYTES = 16
BLOCK = 64
"""Bytes of a block of SHA-256."""
_INNER, _OUTER = bytes(byte ^ 0x36 for byte in range(256)), bytes(byte ^ 0x5C for byte in range(256))
_EXTRA, _REVISION, _SNAPSHOT = "extra.", "revisions.", "snapshot"
_PARTED = {"request": "revisions", **{word: field for word, (field, _) in PERSONAL_PARTS.items()}}
"""Noun → its field of parts in which something personal stands."""

Sealing = tuple[Sequence[str], Mapping[str, Any]]
"""What is personal in an entry: the paths, and of its changes at least those in which they lie."""
Swap = Callable[[str, Any], Any]
"""What stands in place of a value at a path."""


def fresh(count: int) -> Iterator[str]:
    """A salt for each of so many entries."""
    salts, digits = os.urandom(SALT_BYTES * count).hex(), 2 * SALT_BYTES
    for place in range(0, count * digits, digits):
        yield salts[place : place + digits]


def sealer(salt: bytes) -> Callable[[str, str], str]:
    """What makes the seals of one entry, each of a path and the value there told as JSON. (HMAC as RFC 2104 has it:
    `hmac` loads OpenSSL, 3 ms, and with it takes twice as long for a text of a line.)"""
    key = salt.ljust(BLOCK, b"\0")
    inner, outer = key.translate(_INNER), key.translate(_OUTER)
    return lambda path, told: MARK + sha256(outer + raw(inner + f"{path}\n{told}".encode()))


def is_seal(value: Any) -> bool:
    """Whether a value looks like what a seal leaves of one."""
    return isinstance(value, str) and value[:1] == MARK and len(value) == 65


def personal(word: str, changes: Mapping[str, Any], own: Collection[str]) -> list[str]:
    """The paths of an entry at which something personal stands. `own` are the team's own fields that are personal."""
    fields = PERSONAL.get(word, frozenset())
    found: list[str] = []
    for path, pair in changes.items():
        if not isinstance(pair, list) or len(pair) != 2:
            continue
        if word == "request" and path.startswith(_REVISION):
            found += _shown(path, pair, own)
        elif word in PERSONAL_PARTS and path.startswith(f"{_PARTED[word]}."):
            found += _in_part(path, pair, PERSONAL_PARTS[word][1])
        elif (path.partition(".")[0] in fields or _own(path) in own) and pair != [None, None]:
            found.append(path)
    return found


def _own(path: str) -> str | None:
    return path.removeprefix(_EXTRA) if path.startswith(_EXTRA) else None


def _in_part(path: str, pair: Sequence[Any], names: Sequence[str]) -> list[str]:
    """The personal fields of a part that is new or gone as a whole, or the one that changed."""
    beneath = path.split(".")[2:]
    if beneath:
        return [path] if beneath[0] in names and pair != [None, None] else []
    sides = [side for side in pair if isinstance(side, dict)]
    return [f"{path}.{name}" for name in names if any(side.get(name) is not None for side in sides)]


def _shown(path: str, pair: Sequence[Any], own: Collection[str]) -> Iterator[str]:
    """What approvers were shown: the snapshot of a revision, alone or in the whole of it."""
    whole = not path.endswith(f".{_SNAPSHOT}")
    sides = [side.get(_SNAPSHOT) if whole and isinstance(side, dict) else side for side in pair]
    names: dict[str, None] = {}
    for side in sides:
        names |= dict.fromkeys(shown(side, own)) if isinstance(side, dict) else {}
    prefix = f"{path}.{_SNAPSHOT}" if whole else path
    return (f"{prefix}.{name}" for name in names)


def shown(snapshot: Mapping[str, Any], own: Collection[str]) -> Iterator[str]:
    """The names of a snapshot that hold something personal."""
    return (name for name, value in snapshot.items() if value is not None and (name in PERSONAL["deal"] or name in own))


NOTHING = (None, ())
"""Values that no entry tells."""


@cache
def fields_of(shape: Shape) -> tuple[str, ...]:
    """The personal fields of a noun that lie in columns of its own table, without those of `objects_of`."""
    names = PERSONAL.get(shape.word, ())
    return tuple(part.field for part in shape.told if part.field in names and part.kind != "object")


@cache
def objects_of(shape: Shape) -> tuple[str, ...]:
    """Its personal fields that hold values by name: each has a path of its own."""
    names = PERSONAL.get(shape.word, ())
    return tuple(part.field for part in shape.told if part.field in names and part.kind == "object")


def inside(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Path → what the entry that adds a noun tells of each value in such a field."""
    return {f"{name}.{key}": [None, value] for key, value in values.items()}


def personal_made(shape: Shape, noun: Any, own: Collection[str]) -> Sealing | None:
    """What is personal in the entry that adds a noun; None for nothing."""
    told = ((name, getattr(noun, name)) for name in fields_of(shape))
    made = {
        name: [None, list(value) if isinstance(value, tuple) else value] for name, value in told if value not in NOTHING
    }
    for name in objects_of(shape):
        made |= inside(name, getattr(noun, name))
    if own and "extra" in shape.kinds:
        made |= {f"{_EXTRA}{name}": [None, value] for name in own if (value := noun.extra.get(name)) is not None}
    if shape.word in _PARTED:
        child = next(child for child in shape.children if child.field == _PARTED[shape.word])
        parts = getattr(noun, child.field)
        made |= {f"{child.field}.{each.number}": [None, plain(child, each)] for each in parts}
        return (paths, made) if (paths := personal(shape.word, made, own)) else None
    return (list(made), made) if made else None


def swapped(changes: Mapping[str, Any], paths: Iterable[str], swap: Swap) -> dict[str, Any]:
    """The changes with another value at each of the paths, on both sides; null stays."""
    found = dict(changes)
    for path in paths:
        key = _key(found, path)
        if key:
            inside = path[len(key) + 1 :].split(".") if len(path) > len(key) else []
            found[key] = [_put(side, inside, path, swap) for side in found[key]]
    return found


def _key(changes: Mapping[str, Any], path: str) -> str:
    """The path of the entry that this one is or lies in; nothing where there is none."""
    while path and path not in changes:
        path = path.rpartition(".")[0]
    return path


def _put(value: Any, inside: Sequence[str], path: str, swap: Swap) -> Any:
    if not inside:
        return None if value is None else swap(path, value)
    if not isinstance(value, dict) or inside[0] not in value:
        return value
    return {**value, inside[0]: _put(value[inside[0]], inside[1:], path, swap)}


def hashed(text: str, changes: Mapping[str, Any], paths: Sequence[str], salt: str) -> str:
    """The text that is hashed in place of `text`, the changes as they are stored; of `changes` only what the paths
    name is looked at. Raises `ValueError` where the text is not what the program writes."""
    seal, others = sealer(bytes.fromhex(salt)), list[str]()
    for path in dict.fromkeys(paths):
        pair = changes.get(path)
        # A text that was not there before, as all of an import's are.
        if type(pair) is list and len(pair) == 2 and pair[0] is None and type(pair[1]) is str:
            told = quoted(pair[1])
            text = _exchanged(text, path, f"[null,{told}]", f'[null,"{seal(path, told)}"]')
        else:
            others.append(path)
    if not others:
        return text
    found = swapped(changes, others, lambda path, value: seal(path, compact(value)))
    for name in dict.fromkeys(_key(changes, path) for path in others):
        if not name:
            raise ValueError(name)
        text = _exchanged(text, name, compact(changes[name]), compact(found[name]))
    return text


def _exchanged(text: str, name: str, before: str, after: str) -> str:
    """The text of changes with another pair under a name. Raises `ValueError` where it does not stand there so."""
    name = quoted(name)
    before = f"{name}:{before}"
    if before not in text:
        raise ValueError(name)
    return text.replace(before, f"{name}:{after}", 1)


def blank(word: str, changes: Mapping[str, Any], own: Collection[str]) -> dict[str, Any]:
    """The changes of an erasure: what was there before is not told. What is there now is not personal any more."""
    paths = personal(word, changes, own)
    before = swapped(changes, paths, lambda _, value: ERASED)
    return {path: [before[path][0], pair[1]] for path, pair in changes.items()}


def legible(changes: dict[str, Any], meta: Mapping[str, Any], salt: str | None) -> dict[str, Any]:
    """The changes of an entry as they are read: what was erased, so that the salt is gone, says so."""
    if salt is not None or "sealed" not in meta:
        return changes
    return swapped(changes, meta["sealed"], lambda _, value: ERASED if is_seal(value) else value)
