"""The journal by runs: all entries of one command line, whatever transactions it had."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from oppcli.model.journal import SYSTEM, Entry
from oppcli.model.noun import replace
from oppcli.model.records import WITHDRAWN
from oppcli.store import renames
from oppcli.store.doors import ReadDoor
from oppcli.store.journal import COLUMNS, RUN_OF
from oppcli.store.mapping import parsed
from oppcli.store.patterns import quoted
from oppcli.store.seals import legible
from oppcli.tuples import NamedTuple

PAGE = 500
"""Entries that are held at a time."""
_ENTRY = f"SELECT {', '.join(COLUMNS)} FROM journal"
_UNDOES = {"sqlite": "json_extract(meta, '$.undoes')", "postgresql": "(meta::json ->> 'undoes')::bigint"}


class Who(NamedTuple):
    """Who wrote an entry, and when."""

    seq: int
    actor: str
    at: int


def run_of(door: ReadDoor, seq: int) -> int | None:
    """The run that an entry belongs to; None where there is no such entry."""
    return door.value(f"SELECT {RUN_OF[door.dialect]} FROM journal WHERE seq = :seq", seq=seq)


def last_of(door: ReadDoor, actor: str) -> int | None:
    """The newest run in which this person changed something. Refused attempts and what time did are nobody's, and an
    undo is no new run of theirs: given twice, the second must not take back the first."""
    sql = (
        f"SELECT {RUN_OF[door.dialect]} FROM journal WHERE actor = :actor AND action <> 'refused' "
        "AND channel <> 'tick' AND seq < :before ORDER BY seq DESC LIMIT 1"
    )
    before = 1 << 62
    while row := door.one(sql, actor=actor, before=before):
        before = int(row[0])
        if first(door, before).action != "undo":
            return before
    return None


def newest(door: ReadDoor, count: int | None) -> list[int]:
    """The newest runs, the latest first (None: all); what was only refused is none."""
    found: dict[int, None] = {}
    before = 1 << 62
    while count is None or len(found) < count:
        rows = door.rows(
            f"SELECT seq, txn, {RUN_OF[door.dialect]} FROM journal WHERE seq < :before AND action <> 'refused' "
            f"ORDER BY seq DESC LIMIT {PAGE}",
            before=before,
        )
        found.update(dict.fromkeys(int(run) for _, _, run in rows))
        if not rows:
            break
        seq, txn, _ = rows[-1]
        # A transaction is never interrupted: what fills a page is passed over in one step.
        before = txn if len({row[1] for row in rows}) == 1 else seq
    return list(found)[:count]


def pages(door: ReadDoor, run: int, *, size: int = PAGE) -> Iterator[list[Entry]]:
    """The entries of a run, a page at a time, the last page first; within a page in order. Stages are called as now."""
    before, known = 1 << 62, renames.renames(door)
    while True:
        sql = (
            f"{_ENTRY} WHERE seq >= :run AND seq < :before AND {RUN_OF[door.dialect]} = :run "
            f"ORDER BY seq DESC LIMIT {size}"
        )
        rows = door.rows(sql, run=run, before=before)
        if rows:
            entries = [_entry(row) for row in reversed(rows)]
            yield (
                [replace(e, changes=renames.today(dict(e.changes), e.seq, known)) for e in entries]
                if known
                else entries
            )
        if len(rows) < size:
            return
        before = rows[-1][0]


def first(door: ReadDoor, run: int) -> Entry:
    """The entry a run began with, whose number is the run's; where that is not to be seen, the first that is."""
    sql = f"{_ENTRY} WHERE seq >= :run AND {RUN_OF[door.dialect]} = :run ORDER BY seq LIMIT 1"
    return _entry(door.rows(sql, run=run)[0])


def _entry(row: Sequence[Any]) -> Entry:
    whole = dict(zip(COLUMNS, row, strict=True))
    meta = parsed(whole["meta"])
    return Entry(**{**whole, "changes": legible(parsed(whole["changes"]), meta, whole["salt"]), "meta": meta})


def things(door: ReadDoor, run: int, most: int) -> tuple[list[tuple[str, str]], int]:
    """The first things that a run changed, as (noun, key), and of how many; notices and refusals are none."""
    changed = (
        f"FROM journal WHERE seq >= :run AND {RUN_OF[door.dialect]} = :run "
        "AND noun NOT IN ('notice', 'delivery') AND action NOT IN ('refused', 'notice') GROUP BY noun, noun_id"
    )
    count = int(door.value(f"SELECT count(*) FROM (SELECT 1 {changed}) AS changed", run=run) or 0)
    rows = door.rows(f"SELECT noun, noun_id {changed} ORDER BY min(seq) LIMIT {most}", run=run)
    return [(noun, key) for noun, key in rows], count


def of_noun(door: ReadDoor, noun: str, key: str, after: int) -> list[Entry]:
    """What happened to a thing after an entry."""
    sql = f"{_ENTRY} WHERE noun = :noun AND noun_id = :key AND seq > :after ORDER BY seq"
    return [_entry(row) for row in door.rows(sql, noun=noun, key=key, after=after)]


def touched(door: ReadDoor, noun: str, keys: Collection[str], after: int, run: int) -> dict[str, Who]:
    """Which of these things another run changed after an entry, and who did so last."""
    condition, bound = door.any_of("noun_id", "keys", list(keys))
    sql = (
        f"SELECT noun_id, seq, actor, at FROM journal WHERE noun = :noun AND {condition} AND seq > :after "
        f"AND {RUN_OF[door.dialect]} <> :run ORDER BY seq"
    )
    return {key: Who(*who) for key, *who in door.rows(sql, noun=noun, keys=bound, after=after, run=run)}


def others(door: ReadDoor, noun: str, key: str, actor: str) -> Who | None:
    """Who else than this person wrote on a thing, last; None for nobody. What time does by itself is nobody's hand."""
    sql = (
        "SELECT seq, actor, at FROM journal WHERE noun = :noun AND noun_id = :key AND actor <> :actor "
        f"AND actor <> '{SYSTEM}' AND action <> 'refused' ORDER BY seq DESC LIMIT 1"
    )
    row = door.one(sql, noun=noun, key=key, actor=actor)
    return Who(*row) if row else None


def undone(door: ReadDoor, run: int) -> Who | None:
    """The undo that stands against a run: the latest that was not undone in turn. `seq` is its run."""
    sql = (
        f"SELECT {RUN_OF[door.dialect]}, actor, at FROM journal WHERE action = 'undo' AND seq > :run "
        f"AND {_UNDOES[door.dialect]} = :run ORDER BY seq DESC LIMIT 1"
    )
    row = door.one(sql, run=run)
    return Who(*row) if row and undone(door, int(row[0])) is None else None


def has(door: ReadDoor, run: int, noun: str, *actions: str) -> bool:
    """Whether a run did one of these to a thing of this kind; without any, whether it did anything to one."""
    done = f"AND action IN ({quoted(actions)}) " if actions else ""
    sql = f"SELECT 1 FROM journal WHERE noun = :noun {done}AND seq >= :run AND {RUN_OF[door.dialect]} = :run LIMIT 1"
    return door.one(sql, noun=noun, run=run) is not None


def deals_with(door: ReadDoor, table: str, keys: Collection[int]) -> set[int]:
    """Which of these deals have a request or a file (`table`)."""
    condition, bound = door.any_of("deal_id", "keys", list(keys))
    return set(door.column(f"SELECT DISTINCT deal_id FROM {table} WHERE {condition}", keys=bound))


def customers_used(door: ReadDoor, keys: Collection[int]) -> set[int]:
    """Which of these customers a deal names that was not withdrawn."""
    condition, bound = door.any_of("customer_id", "keys", list(keys))
    sql = f"SELECT DISTINCT customer_id FROM deal WHERE standing <> '{WITHDRAWN}' AND {condition}"
    return set(door.column(sql, keys=bound))


def person_used(door: ReadDoor, login: str) -> bool:
    """Whether somebody has a deal that was not withdrawn, leads somebody, or did anything."""
    sql = (
        f"SELECT 1 FROM deal WHERE standing <> '{WITHDRAWN}' AND (owner = :login OR created_by = :login) "
        "UNION ALL SELECT 1 FROM user_account WHERE manager = :login AND active = 1 "
        "UNION ALL SELECT 1 FROM journal WHERE actor = :login LIMIT 1"
    )
    return door.one(sql, login=login) is not None


def of_transaction(door: ReadDoor, txn: int) -> list[Entry]:
    """The entries of a transaction, in order."""
    return [_entry(row) for row in door.rows(f"{_ENTRY} WHERE seq >= :txn AND txn = :txn ORDER BY seq", txn=txn)]
