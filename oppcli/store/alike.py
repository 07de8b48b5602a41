"""What lies under the same keys as a record, what was decided of two records, and what is told of one that another may
be."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from oppcli.model.follow import OPEN
from oppcli.model.nouns import BY_WORD
from oppcli.model.records import LIVE, MERGED, WITHDRAWN
from oppcli.store.doors import ReadDoor
from oppcli.store.idling import PERSON
from oppcli.store.matching import plan as plan_of
from oppcli.store.matching import values_of
from oppcli.store.patterns import LAST, quoted
from oppcli.store.queries import LIVE_DEAL
from oppcli.store.reading import TAKEN
from oppcli.tuples import NamedTuple
from oppcli.words.matching import Forms, Plan

NAMES = {"customer": "name", "contact": "name", "deal": "title"}
_DEALS = "deal d JOIN stage s ON s.id = d.stage_id"
_OF = {
    "customer": ("d.customer_id", f"FROM {_DEALS}"),
    "deal": ("d.id", f"FROM {_DEALS}"),
    "contact": ("p.contact_id", "FROM participant p JOIN deal d ON d.id = p.deal_id JOIN stage s ON s.id = d.stage_id"),
}


class Facts(NamedTuple):
    """What is told of a record: whose it is, and how far one is with it."""

    name: str
    owner: str | None
    deals: int = 0
    """Deals under way."""
    stages: tuple[str, ...] = ()
    touched: int | None = None
    """When somebody was last in touch."""


def lying_under(
    door: ReadDoor, word: str, exact: Sequence[tuple[str, str]], begins: Sequence[tuple[str, str]]
) -> list[tuple[str, str, int]]:
    """(kind, key, number) of what has one of these keys, or one that begins so: one statement, by the index."""
    terms, given = [], dict[str, str]()
    for place, (kind, key) in enumerate((*exact, *begins)):
        given |= {f"kind{place}": kind, f"key{place}": key}
        term = f"noun = :noun AND kind = :kind{place} AND key "
        if place < len(exact):
            terms.append(f"({term}= :key{place})")
        else:
            given[f"last{place}"] = key + LAST
            terms.append(f"({term}>= :key{place} AND key < :last{place})")
    if not terms:
        return []
    sql = f"SELECT kind, key, id FROM match_key WHERE {' OR '.join(terms)}"
    return [(kind, key, number) for kind, key, number in door.rows(sql, noun=word, **given)]


def records(
    door: ReadDoor, plan: Plan, word: str, numbers: Sequence[int] | None = None
) -> tuple[dict[int, Forms], list[int]]:
    """Number → forms of these records, else of all; and those of them that were merged."""
    found: dict[int, Forms] = {}
    merged: list[int] = []
    for number, standing, values in values_of(door, plan, word, numbers):
        if standing in (LIVE, MERGED):
            found[number] = plan.forms(values)
        if standing == MERGED:
            merged.append(number)
    return found, merged


def survivors(door: ReadDoor, word: str, merged: Iterable[int]) -> dict[int, int]:
    """Number → the live record at the end of the chain, for merged ones."""
    return {number: survivor(door, word, number) for number in merged}


def survivor(door: ReadDoor, word: str, number: int) -> int:
    """The record that stands for this one: itself, unless it was merged."""
    seen: list[int] = []
    into: int | None = number
    sql = f"SELECT merged_into FROM {BY_WORD[word].table} WHERE id = :id AND standing = '{MERGED}'"
    while into is not None and into not in seen:
        seen.append(into)
        into = door.value(sql, id=into)
    return seen[-1]


def under_way(door: ReadDoor, numbers: Sequence[int]) -> dict[int, str | None]:
    """Number → owner of those of these deals that are under way."""
    condition, bound = door.any_of("d.id", "ids", numbers)
    sql = f"SELECT d.id, d.owner FROM {_DEALS} WHERE {LIVE_DEAL} AND {condition} ORDER BY d.id"
    return dict(door.rows(sql, ids=bound))


def standing(door: ReadDoor, word: str, numbers: Sequence[int]) -> set[int]:
    """Those of these records that are live."""
    condition, bound = door.any_of("id", "ids", numbers)
    sql = f"SELECT id FROM {BY_WORD[word].table} WHERE standing = '{LIVE}' AND {condition}"
    return set(door.column(sql, ids=bound))


def known(door: ReadDoor, word: str, numbers: Sequence[int] | None = None) -> dict[tuple[int, int], tuple[int, str]]:
    """(smaller, larger number) → match and its state, of the pairs with one of these records, else of all."""
    where, given = "", dict[str, Any]()
    if numbers is not None:
        one, bound = door.any_of("first", "ids", numbers)
        other, _ = door.any_of("second", "ids", numbers)
        where, given = f" AND ({one} OR {other})", {"ids": bound}
    sql = f"SELECT first, second, id, state FROM alike WHERE noun = :noun AND {TAKEN}{where}"
    rows = door.rows(sql, noun=word, **given)
    return {(first, second): (number, state) for first, second, number, state in rows}


def facts(door: ReadDoor, word: str, numbers: Sequence[int], touching: Iterable[str]) -> dict[int, Facts]:
    """Number → what is told of these records; `touching` are the kinds of activities that are a touch."""
    whose = dict(_whose(door, word, numbers))
    stages, touched = _stages(door, word, numbers), _touched(door, word, numbers, touching)
    return {
        number: Facts(
            name,
            owner,
            sum(stages.get(number, {}).values()),
            tuple(stages.get(number, {})),
            touched.get(number),
        )
        for number, (name, owner) in whose.items()
    }


def _whose(door: ReadDoor, word: str, numbers: Sequence[int]) -> Iterator[tuple[int, tuple[str, str | None]]]:
    condition, bound = door.any_of("t.id", "ids", numbers)
    owner, join = "t.owner", ""
    if word == "contact":
        owner, join = "c.owner", " LEFT JOIN customer c ON c.id = t.customer_id"
    sql = f"SELECT t.id, t.{NAMES[word]}, {owner} FROM {BY_WORD[word].table} t{join} WHERE {condition} ORDER BY t.id"
    for number, name, login in door.rows(sql, ids=bound):
        yield number, (name, login)


def _stages(door: ReadDoor, word: str, numbers: Sequence[int]) -> dict[int, dict[str, int]]:
    """Number → stage → how many deals under way, in the order of the pipeline."""
    key, tables = _OF[word]
    condition, bound = door.any_of(key, "ids", numbers)
    sql = (
        f"SELECT {key}, s.name, count(*) {tables} WHERE {LIVE_DEAL} AND {condition} "
        f"GROUP BY {key}, s.name, s.position ORDER BY {key}, s.position"
    )
    found: dict[int, dict[str, int]] = {}
    for number, stage, count in door.rows(sql, ids=bound):
        found.setdefault(number, {})[stage] = count
    return found


def _touched(door: ReadDoor, word: str, numbers: Sequence[int], touching: Iterable[str]) -> dict[int, int]:
    """Number → when somebody was last in touch: with the customer itself, or on its deals."""
    kinds = f"a.kind IN ({quoted(touching)}) AND a.standing = '{LIVE}' AND a.{PERSON}"
    key, tables = _OF[word]
    condition, bound = door.any_of(key, "ids", numbers)
    parts = [
        f"SELECT {key} AS id, max(a.at) AS at {tables} JOIN activity a ON a.deal_id = d.id "
        f"WHERE {kinds} AND {condition} GROUP BY {key}"
    ]
    if word == "customer":
        mine, _ = door.any_of("a.customer_id", "ids", numbers)
        parts.append(
            f"SELECT a.customer_id AS id, max(a.at) AS at FROM activity a WHERE {kinds} AND {mine} "
            "GROUP BY a.customer_id"
        )
    rows = door.rows(f"SELECT id, max(at) FROM ({' UNION ALL '.join(parts)}) AS t GROUP BY id ORDER BY id", ids=bound)
    return dict(rows)


def called(door: ReadDoor, kept: str, word: str, text: str) -> list[tuple[int, str]]:
    """(number, name) of the live records that one of the kept keys finds for a text, whatever its spelling."""
    matching = json.loads(kept)
    if word not in matching["nouns"]:
        return []
    plan = plan_of(matching, word)
    alone = plan._replace(sets=tuple(fields for fields in plan.sets if len(fields) == 1))
    keys = alone.keys(alone.forms({field: [text] for field in alone.kinds}))
    found = sorted({survivor(door, word, number) for _, _, number in lying_under(door, word, keys, ())})
    condition, bound = door.any_of("id", "ids", found)
    sql = f"SELECT id, {NAMES[word]} FROM {BY_WORD[word].table} WHERE {condition} AND standing = '{LIVE}' ORDER BY id"
    return [(number, name) for number, name in door.rows(sql, ids=bound)] if found else []


def with_contact(door: ReadDoor, number: int) -> tuple[list[int], list[int]]:
    """The numbers of the deals that a contact has part in, and of the activities."""
    deals = door.rows("SELECT deal_id FROM participant WHERE contact_id = :id ORDER BY deal_id", id=number)
    listed = "SELECT id, contacts FROM activity WHERE contacts LIKE :held ORDER BY id"
    held = door.rows(listed, held=f"%{number}%")
    activities = [key for key, contacts in held if number in json.loads(contacts)]
    return [key for (key,) in deals], activities


def in_doubt(door: ReadDoor, numbers: Sequence[int]) -> set[int]:
    """Those of these deals that have an open match, or whose customer has one."""
    condition, bound = door.any_of("d.id", "ids", numbers)
    sql = (
        f"SELECT d.id FROM deal d JOIN alike a ON a.state = '{OPEN}' AND a.standing <> '{WITHDRAWN}' AND "
        "((a.noun = 'deal' AND d.id IN (a.first, a.second)) OR "
        f"(a.noun = 'customer' AND d.customer_id IN (a.first, a.second))) WHERE {condition}"
    )
    return set(door.column(sql, ids=bound))
