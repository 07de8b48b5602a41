"""Is everything in a database as it was written? Integrity, references, chain, and the stored against the told."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from oppcli.errors import OppError, StoreError
from oppcli.model.nouns import NOUNS, class_of
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.store import credentials, erasing, knowing, queries, renames, unreadable
from oppcli.store.changes import Plain, apply, is_pair, plain, unsaid
from oppcli.store.checked import Result
from oppcli.store.doors import ReadDoor
from oppcli.store.dropping import DROP
from oppcli.store.mapping import Shape, compact, parsed, shape_of
from oppcli.store.reading import named
from oppcli.store.seals import ERASED_META, legible
from oppcli.tuples import NamedTuple

CHUNK = 500
FILLED = {"Request": ("blocked",), "Visit": ("system",)}
"""What upgrades reckon for rows that were there: of these, an entry tells only a change. What they put the same into
every row needs no line here."""
MOST = 20
"""Faults of one kind that are listed."""

Progress = Callable[[int, int], None]


class Follows(NamedTuple):
    """What follows from a policy's text and is kept beside it."""

    scope: str | None
    kept: str | None
    """Its values, as the program keeps them of the applied one."""
    form: str = ""
    """Which program keeps them so: what another kept is not used."""


def results(
    door: ReadDoor, progress: Progress | None = None, follows: Callable[[str], Follows] | None = None
) -> Iterator[Result]:
    """The checks one after the other. `progress` is told how many nouns of how many were compared; `follows` says what
    follows from a policy's text."""
    checks: dict[str, Callable[[ReadDoor], Result]] = {
        **({"integrity": _integrity, "references": _references} if door.dialect == "sqlite" else {}),
        "journal": _chain,
        "visits": _visits,
        "pins": _pins,
        "stored": lambda door: _compared(door, progress),
        "schema": _schema,
        "meta": lambda door: _meta(door, follows),
    }
    for name, look in checks.items():
        try:
            yield look(door)
        except OppError as error:  # pages that cannot be read: what the next check finds is still worth knowing
            door.afresh()
            yield Result(name, 0, (error.message,))


def _pins(door: ReadDoor) -> Result:
    """Every PIN and code is the one that the journal tells of."""
    count = int(door.value("SELECT count(*) FROM credential") or 0)
    return Result("pins", count, tuple(credentials.faults(door))[:MOST])


def _integrity(door: ReadDoor) -> Result:
    found = door.column(f"PRAGMA integrity_check({MOST})")
    pages = int(door.value("PRAGMA page_count") or 0)
    return Result("integrity", pages, () if found == ["ok"] else tuple(found))


def _references(door: ReadDoor) -> Result:
    rows = door.rows("PRAGMA foreign_key_check")
    faults = [
        say("{table} {row}: refers to a {parent} that is not there", table=table, row=row, parent=parent)
        for table, row, parent, _ in rows[:MOST]
    ]
    return Result("references", len(rows), tuple(faults))


def _schema(door: ReadDoor) -> Result:
    from oppcli.store import fingerprint

    return Result("schema", len(fingerprint.wanted(door.dialect)), tuple(fingerprint.faults(door)))


def _meta(door: ReadDoor, follows: Callable[[str], Follows] | None) -> Result:
    """What stands beside the records: the name of the database, what each policy says of who sees what, and what is
    kept of the applied one."""
    faults = (
        [] if re.fullmatch(r"[0-9a-f]{32}", knowing.database_id(door)) else [say("the id of the database: missing")]
    )
    policies = door.rows("SELECT number, text, scope FROM policy ORDER BY number") if follows else []
    kept = queries.derived(door, queries.POLICY_KEPT)
    for number, text, scope in policies:
        wanted = follows(text) if follows else Follows(scope, kept)
        if scope != wanted.scope:
            faults.append(say("policy v{number}: scope is not what its text says", number=number))
        used = kept is not None and kept.split(" ", 2)[1:2] in ([], [wanted.form])
        if number == policies[-1][0] and used and kept != wanted.kept:
            faults.append(say("policy v{number}: what is kept of it is not what its text says", number=number))
    return Result("meta", 1 + len(policies), tuple(faults))


def _chain(door: ReadDoor) -> Result:
    proof = erasing.proof(door)
    faults = (f"e{proof.fault.seq} {proof.fault.what}",) if proof.fault else ()
    return Result("journal", proof.entries, faults)


_VISITS = """
SELECT deal.id FROM deal LEFT JOIN visit ON visit.deal_id = deal.id
GROUP BY deal.id, deal.stage_id
HAVING coalesce(sum(CASE WHEN visit.left_at IS NULL AND visit.stage_id = deal.stage_id THEN 1 ELSE 0 END), 0) <> 1
    OR coalesce(sum(CASE WHEN visit.left_at IS NULL THEN 1 ELSE 0 END), 0) <> 1
    OR count(visit.number) <> max(visit.number)
ORDER BY deal.id
"""


def _visits(door: ReadDoor) -> Result:
    """Every deal is in exactly one visit, that of its stage, and its visits are numbered without a gap."""
    count = int(door.value("SELECT count(*) FROM deal") or 0)
    rows = door.rows(_VISITS)
    faults = (say("{deal}: its visits do not lead to its stage", deal=ref("deal", row[0])) for row in rows[:MOST])
    return Result("visits", count, tuple(faults))


def _compared(door: ReadDoor, progress: Progress | None) -> Result:
    """Every stored noun against the journal folded from its first entry, version included."""
    faults: list[str] = list(_unread(door))
    total = sum(row[0] for noun in NOUNS for row in door.rows(f"SELECT count(*) FROM {noun.table}"))
    done = 0
    renamed = renames.renames(door)
    for noun in NOUNS:
        shape = shape_of(class_of(noun))
        spoilt = unreadable.unsound(door, shape)
        for keys in _keys(door, shape):
            faults += _differences(door, shape, [key for key in keys if key not in spoilt], renamed)
            done += len(keys)
            if progress:
                progress(done, total)
        faults += unreadable.faults(door, shape, sorted(spoilt, key=str))
        faults += _lost(door, shape)
    more = [say("and {faults} more", faults=len(faults) - MOST)] if len(faults) > MOST else []
    return Result("stored", total, (*faults[:MOST], *more))


def _keys(door: ReadDoor, shape: Shape) -> Iterator[list[Any]]:
    column = shape.key[0]
    batch: list[Any] = []
    for (key,) in door.stream(f'SELECT "{column}" FROM {shape.table} ORDER BY "{column}"'):
        batch.append(key)
        if len(batch) == CHUNK:
            yield batch
            batch = []
    if batch:
        yield batch


def _differences(door: ReadDoor, shape: Shape, keys: Sequence[Any], renamed: renames.Renames) -> Iterator[str]:
    condition, bound = door.any_of("noun_id", "ids", [str(key) for key in keys])
    sql = (
        f"SELECT noun_id, seq, action, changes, {ERASED_META} FROM journal "
        f"WHERE noun = :noun AND {condition} AND changes <> '{{}}' "
        "ORDER BY seq"
    )
    folded: dict[str, tuple[int, Plain]] = {}
    known = renamed if shape.stages_below else []
    for key, seq, action, text, erased in door.rows(sql, noun=shape.word, ids=bound):
        count, whole = folded.get(key, (0, {}))
        changes = _read(text)
        if erased:
            changes = legible(changes, parsed(erased), None)
        _, version = changes.pop("version", (None, count + 1))  # of what came from another database
        apply(shape, whole, renames.today(changes, seq, known))
        folded[key] = (version, whole) if action != DROP else (0, {})
    nouns, spoilt = unreadable.sound(door, shape, keys)
    yield from spoilt
    compared: list[Any] = []
    for noun in nouns:
        key = getattr(noun, shape.own[0])
        count, whole = folded.get(str(key), (0, {}))
        try:
            stored = json.loads(compact(plain(shape, noun)))
        except TypeError:
            yield from unreadable.faults(door, shape, [key])
            continue
        compared.append(noun)
        if stored != whole:
            _fill(shape, whole, stored)
        if stored != whole:
            yield f"{named(shape, key)}: {_first(stored, whole)}"
        elif shape.versioned and noun.version != count:
            yield say(
                "{named}: version {version}, but the journal tells of {count}",
                named=named(shape, key),
                version=noun.version,
                count=count,
            )
    yield from _derived(door, shape, compared)


def _derived(door: ReadDoor, shape: Shape, nouns: Sequence[Any]) -> Iterator[str]:
    """Columns that do not say what follows from the rest of their row."""
    if not shape.derived:
        return
    columns = ", ".join(shape.derived)
    condition, bound = door.any_of(shape.key[0], "keys", [getattr(noun, shape.own[0]) for noun in nouns])
    rows = door.rows(f"SELECT {shape.key[0]}, {columns} FROM {shape.table} WHERE {condition}", keys=bound)
    stored = {row[0]: row[1:] for row in rows}
    for noun in nouns:
        key = getattr(noun, shape.own[0])
        for column, kept, wanted in zip(shape.derived, stored[key], shape.follows(noun), strict=True):
            if kept != wanted:
                yield say(
                    "{named}: {column} is {short}, and should be {short_wanted}",
                    named=named(shape, key),
                    column=column,
                    short=_short(kept),
                    short_wanted=_short(wanted),
                )


def _read(changes: Any) -> Plain:
    """The changes of an entry; none where they cannot be read, which `_unread` tells."""
    try:
        found = parsed(changes)
    except StoreError:
        return {}
    return {path: pair for path, pair in found.items() if is_pair(pair)} if isinstance(found, dict) else {}


def _unread(door: ReadDoor) -> Iterator[str]:
    """Entries whose changes or meta cannot be read."""
    if door.dialect != "sqlite":  # there the chain alone tells, which does not hold either
        return
    wrong = "NOT json_valid(changes) OR NOT json_valid(meta)"
    for seq, *texts in door.stream(f"SELECT seq, changes, meta FROM journal WHERE {wrong} ORDER BY seq"):
        for name, text in zip(("changes", "meta"), texts, strict=True):
            try:
                parsed(text)
            except StoreError:
                yield say("e{seq}: {name} cannot be read", seq=seq, name=name)


def _first(stored: Plain, told: Plain) -> str:
    """The first field that differs, as people may look for it."""
    name = next(name for name in sorted({*stored, *told}) if stored.get(name) != told.get(name))
    return say(
        "{name} is {short}, the journal says {short_told}",
        name=name,
        short=_short(stored.get(name)),
        short_told=_short(told.get(name)),
    )


def _short(value: Any) -> str:
    text = compact(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _lost(door: ReadDoor, shape: Shape) -> Iterator[str]:
    """Nouns that the journal tells of and that are not there."""
    told = "SELECT DISTINCT noun_id FROM journal WHERE noun = :noun AND changes <> '{}' ORDER BY noun_id"
    count = door.value(f"SELECT count(*) FROM ({told}) AS told", noun=shape.word)
    if count == door.value(f"SELECT count(*) FROM {shape.table}"):
        return
    stored = {str(key) for keys in _keys(door, shape) for key in keys}
    dropped = "SELECT noun_id FROM journal WHERE noun = :noun AND action = :drop"
    stored |= set(door.column(dropped, noun=shape.word, drop=DROP))
    for (key,) in door.stream(told, noun=shape.word):
        if key not in stored:
            yield say("{word} {key}: the journal tells of it, but it is not there", word=shape.word, key=key)


def _fill(shape: Shape, whole: Plain, stored: Plain) -> None:
    """What an upgrade put into columns that are younger than their row is told by no entry: what it reckoned, or what
    stands in a field of which nothing is said."""
    for field in FILLED.get(shape.noun.__name__, ()):
        if whole and field in stored:
            whole.setdefault(field, stored[field])
    if whole:
        whole.update({field: value for field, value in unsaid(shape).items() if field not in whole})
    for child in shape.children:
        _fill_parts(child, whole.get(child.field, {}), stored.get(child.field, {}), len(child.own) or 1)


def _fill_parts(child: Shape, told: Plain, kept: Plain, depth: int) -> None:
    """The same of the parts of a noun, which lie below as many numbers."""
    for key, item in told.items():
        if depth > 1:
            _fill_parts(child, item, kept.get(key, {}), depth - 1)
        else:
            _fill(child, item, kept.get(key, {}))
