"""What the journal says of what things were: the old value of the first change after an instant, path by path; where
there is none, the present one."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from oppcli.store.doors import ReadDoor, Row
from oppcli.store.mapping import parsed
from oppcli.store.patterns import place_of, quoted
from oppcli.store.seals import legible
from oppcli.tuples import NamedTuple

NEVER_EMPTY = {"deal": "currency", "stage": "name", "rate": "base"}
"""A field that is empty before a thing is made, and at no other time."""
_SEALED = '"sealed":'
_ENTRIES = """
SELECT at, action, noun, noun_id, changes, CASE WHEN salt IS NULL AND {sealed} > 0 THEN meta END FROM journal
WHERE {clauses} ORDER BY seq
"""
Pairs = Mapping[str, Sequence[Any]]
"""Path → the value before and after."""


class Change(NamedTuple):
    """What an entry changed of a thing."""

    at: int
    action: str
    noun: str
    key: int
    makes: bool
    """Whether it made the thing, typed or imported: what that came with is no change."""
    pairs: Pairs


def last(door: ReadDoor, at: int) -> Row | None:
    """The last entry until an instant, as (seq, at, hash)."""
    return door.one("SELECT seq, at, hash FROM journal WHERE at <= :at ORDER BY seq DESC LIMIT 1", at=at)


def told(changes: str, meta: str | None) -> dict[str, Any]:
    """The changes of an entry. `meta` of one whose texts may have been erased: those say so."""
    found: dict[str, Any] = parsed(changes)
    return found if meta is None or _SEALED not in meta else legible(found, parsed(meta), None)


def changes(
    door: ReadDoor,
    nouns: Collection[str],
    paths: Collection[str] = (),
    *,
    keys: Collection[int] | None = None,
    since: int | None = None,
) -> Iterator[Change]:
    """What was changed at these paths, or at any, of things of these nouns, of these keys alone or from an instant on,
    in order."""
    clauses, given = [f"noun IN ({quoted(nouns)})"], dict[str, Any]()
    if paths:
        places = (place_of(door, "changes", f"{json.dumps(path, ensure_ascii=False)}:[") for path in paths)
        clauses.append(f"({' OR '.join(f'{place} > 0' for place in places)})")
    if keys is not None:
        which, given["keys"] = door.any_of("noun_id", "keys", [str(key) for key in keys])
        clauses.append(which)
    if since is not None and (before := last(door, since - 1)) is not None:
        clauses.append("seq > :seq")
        given["seq"] = before[0]
    sql = _ENTRIES.format(sealed=place_of(door, "meta", _SEALED), clauses=" AND ".join(clauses))
    for at, action, noun, key, text, meta in door.stream(sql, **given):
        pairs = parsed(text) if meta is None else told(text, meta)
        first = pairs.get(NEVER_EMPTY[noun])
        kept = {path: pairs[path] for path in paths if path in pairs} if paths else pairs
        if kept:
            yield Change(at, action, noun, int(key), first is not None and first[0] is None, kept)


class Olds:
    """What things of a noun were at any instant, at these paths."""

    def __init__(self, door: ReadDoor, noun: str, paths: Collection[str]) -> None:
        self.changes: Mapping[int, list[Change]] = defaultdict(list)
        """By key, in order."""
        for change in changes(door, (noun,), paths):
            if not change.makes:
                self.changes[change.key].append(change)

    def at(self, key: int, path: str, instant: int, now: Any) -> Any:
        """The old value of the first change after that instant; `now` where there was none."""
        if key not in self.changes:
            return now
        after = (each.pairs[path][0] for each in self.changes[key] if each.at > instant and path in each.pairs)
        return next(after, now)
