"""The fields that a deal keeps beside its columns, its team's own among them: typed columns like all others.

Which fields a team has is told by the policy; a list of deals must not pay for reading it, so `policy apply` leaves
them beside it (`queries.OWN_FIELDS`). A database without (of an older version) is asked for its policy.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from oppcli.model import money
from oppcli.model.fields import BANT, BUILT_IN, TEXTS
from oppcli.model.json_text import loads
from oppcli.reads.table import Column, Kind
from oppcli.store import queries
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple

KINDS = {
    **dict.fromkeys(TEXTS, Kind.TEXT),
    "number": Kind.NUMBER,
    "int": Kind.COUNT,
    "money": Kind.MONEY,
    "percent": Kind.PERCENT,
    "unit_price": Kind.NUMBER,
    "quantity": Kind.NUMBER,
    "bool": Kind.BOOL,
    "date": Kind.DATE,
    "instant": Kind.INSTANT,
    "list": Kind.LIST,
}


_STORED: Mapping[str, type | tuple[type, ...]] = {
    "number": (str, int, float),
    "int": int,
    "money": int,
    "percent": int,
    "bool": bool,
    **dict.fromkeys(TEXTS, str),
    "date": str,
}
"""What a value of a kind is, as it is stored."""


class Own(NamedTuple):
    """A field in `extra`: its name, what it holds, and what the team calls it."""

    name: str
    kind: str
    title: str = ""


BESIDE = tuple(Own(field.name, field.kind) for field in BUILT_IN.values() if field.own)
"""The built-in ones."""


def fields(door: ReadDoor) -> tuple[Own, ...]:
    """Every field of this team that lies in `extra`: the built-in ones, then its own in the order of the policy."""
    return _fields(door, queries.derived(door, queries.OWN_FIELDS))


def reckoned(door: ReadDoor) -> tuple[tuple[Own, ...], str]:
    """The same, and what lists reckon with besides, as JSON; nothing where the team has none of it."""
    told = queries.all_derived(door, queries.OWN_FIELDS, queries.RECKONED)
    return _fields(door, told.get(queries.OWN_FIELDS)), told.get(queries.RECKONED, "")


def _fields(door: ReadDoor, told: str | None) -> tuple[Own, ...]:
    if told is not None:
        return (*BESIDE, *(Own(*each) for each in loads(told)))
    from oppcli.policy import read
    from oppcli.rules.fields import own_fields

    text = queries.applied_text(door)
    return BESIDE if text is None else (*BESIDE, *(Own(*each) for each in own_fields(read(text))))


def of_noun(door: ReadDoor, noun: str) -> tuple[Own, ...]:
    """The team's own fields of customers or contacts, in the order of the policy."""
    told = queries.derived(door, queries.OWN_FIELDS_OF)
    return () if told is None else tuple(Own(*each) for each in loads(told).get(noun, ()))


PLAIN: Mapping[str, str] = {field.name: field.kind for field in BESIDE}
"""Kinds of the built-in fields by name."""


def kinds(door: ReadDoor) -> dict[str, str]:
    """Name → kind of every field in `extra`."""
    return {field.name: field.kind for field in fields(door)}


def columns(own: Iterable[Own]) -> tuple[Column, ...]:
    """A column for each."""
    return tuple(
        Column(
            field.name,
            KINDS[field.kind],
            title=field.title or None,
            wide=False,
            words="bant" if field.name in BANT else "",
        )
        for field in own
    )


def cells(extra: Mapping[str, Any], own: Sequence[Own]) -> list[Any]:
    """The stored values in the order of the columns. One of another kind than the field has now, since the policy
    changed it, is no value of the column; `extra` has it."""
    return [value if fits(field.kind, value := extra.get(field.name)) else None for field in own]


def fits(kind: str, value: Any) -> bool:
    """Whether a stored value is of this kind."""
    if value is None or kind not in _STORED:
        return True
    if not isinstance(value, _STORED[kind]) or (isinstance(value, bool) and kind != "bool"):
        return False
    return kind != "number" or not str(value).strip("-.0123456789")


def plain(extra: Mapping[str, Any], own: Iterable[Own], currency: str) -> dict[str, Any]:
    """What lies in `extra` as machines read it: money as text with its decimals, per cents as numbers."""
    kinds = {field.name: field.kind for field in own}
    return {name: _plain(kinds.get(name, "text"), value, currency) for name, value in extra.items()}


def _plain(kind: str, value: Any, currency: str) -> Any:
    if kind == "money" and isinstance(value, int):
        return money.plain(value, currency)
    if kind == "percent" and isinstance(value, int):
        found = value / 10_000
        return int(found) if found == int(found) else found
    return value
