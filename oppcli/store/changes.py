"""A noun as plain JSON, the difference of two, and back: what the journal says of a change; as rows: what is written.

Names in an entry are paths: `amount`, `extra.region`, `visits.2`, `visits.2.left_at`, `steps.1.2.seats.1.state`.
Empty values (null, [] and {}) and the standing `live` are left out of a whole, so that a new optional field changes no
old entry.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from json.encoder import encode_basestring as quoted
from typing import Any

from oppcli.model.noun import MISSING, default, replace
from oppcli.model.records import LIVE
from oppcli.store.doors import Row
from oppcli.store.mapping import Shape, compact
from oppcli.store.reading import named

Plain = dict[str, Any]
Changes = dict[str, list[Any]]


def numbered(shape: Shape, noun: Any) -> Any:
    """The noun with its visits numbered by their place, as it will be read back."""
    changed = {}
    for child in shape.children:
        name = child.number_field
        if name is None:
            continue
        items = getattr(noun, child.field)
        if any(getattr(item, name) != place for place, item in enumerate(items, 1)):
            changed[child.field] = tuple(replace(item, **{name: place}) for place, item in enumerate(items, 1))
    return replace(noun, **changed) if changed else noun


def filled(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """The columns that hold anything in these rows: most of a deal's forty are empty in an import, and binding them all
    takes as long as everything else about the row."""
    upright = list(zip(*rows, strict=True))
    kept = [i for i, values in enumerate(upright) if values.count(None) < len(rows)]
    return tuple(columns[i] for i in kept), list(zip(*(upright[i] for i in kept), strict=True))


def _value(kind: str, value: Any) -> Any:
    if kind == "list":
        return list(value) or None
    if kind == "object":
        return dict(value) or None
    return None if kind == "standing" and value == LIVE else value


@cache
def unsaid(shape: Shape) -> dict[str, Any]:
    """What stands in fields that are never empty where an entry does not tell of them: they are younger than it."""
    told = {part.field: shape.noun.__annotations__[part.field] for part in shape.told if part.kind != "standing"}
    defaults = {name: default(shape.noun, name) for name, type_ in told.items() if type_ in (int, str, bool)}
    return {name: value for name, value in defaults.items() if value is not MISSING}


def _place(shape: Shape, noun: Any, place: int) -> list[str]:
    return [str(place)] if shape.counted else [str(getattr(noun, name)) for name in shape.own]


def plain(shape: Shape, noun: Any) -> Plain:
    """Fields that are set, without key and version; children nested by their numbers."""
    told = {part.field: _value(part.kind, getattr(noun, part.field)) for part in shape.told}
    whole: Plain = {name: value for name, value in told.items() if value is not None}
    if not shape.links:
        _drop_nothing(shape, whole)
    for child in shape.children:
        nested = _nested(child, getattr(noun, child.field))
        if nested:
            whole[child.field] = nested
    return whole


def _drop_nothing(shape: Shape, whole: Plain) -> None:
    """A noun's own object is told name by name, and null means that the name is not there."""
    for part in shape.told_others:
        if part.kind == "object" and part.field in whole:
            kept = {name: value for name, value in whole.pop(part.field).items() if value is not None}
            whole.update({part.field: kept} if kept else {})


def _nested(child: Shape, items: Iterable[Any]) -> Plain:
    nested: Plain = {}
    for place, item in enumerate(items, 1):
        *outer, last = _place(child, item, place)
        level = nested
        for number in outer:
            level = level.setdefault(number, {})
        level[last] = plain(child, item)
    return nested


def created(shape: Shape, noun: Any, *, version: bool = False) -> str:
    """The changes of an entry that adds the noun, as JSON text: {path: [null, value]} of everything that is set, with
    `version` of one that has been changed elsewhere, too.

    The text is put together here, field by field, because an import makes a hundred thousand of them: 5 µs against 15.
    """
    said = _scalars(shape, noun, "[null,", "]")
    for part in shape.told_others:
        value = getattr(noun, part.field)
        if part.kind == "object":
            items = [(name, item) for name, item in value.items() if item is not None]
            said.extend(f"{compact(f'{part.field}.{name}')}:[null,{compact(item)}]" for name, item in items)
        elif (told := _value(part.kind, value)) is not None:
            said.append(f'"{part.field}":[null,{compact(told)}]')
    for child in shape.children:
        for place, item in enumerate(getattr(noun, child.field), 1):
            said.append(f'"{".".join([child.field, *_place(child, item, place)])}":[null,{_whole(child, item)}]')
    if version and shape.versioned and noun.version > 1:
        said.append(f'"version":[null,{noun.version}]')
    return "{" + ",".join(said) + "}"


def _scalars(shape: Shape, noun: Any, before: str, after: str) -> list[str]:
    names, read = shape.told_scalars
    return [
        f"{name}{before}{quoted(value) if value.__class__ is str else _scalar(value)}{after}"
        for name, value in zip(names, read(noun), strict=True)
        if value is not None
    ]


def _scalar(value: Any) -> str:
    return repr(value) if value.__class__ is int else compact(value)


def _whole(shape: Shape, noun: Any) -> str:
    """What `plain` gives, as JSON text."""
    if shape.told_others or shape.children:
        return compact(plain(shape, noun))
    return "{" + ",".join(_scalars(shape, noun, "", "")) + "}"


def changed(shape: Shape, before: Any, after: Any) -> Changes:
    """The changes from one state of a noun to the next, as paths to [old, new]."""
    changes: Changes = {}
    for part in shape.told:
        old, new = getattr(before, part.field), getattr(after, part.field)
        if old == new:
            continue
        if part.kind == "object":
            names = [*old, *(name for name in new if name not in old)]
            pairs = {name: [old.get(name), new.get(name)] for name in names}
            changes.update((f"{part.field}.{name}", pair) for name, pair in pairs.items() if pair[0] != pair[1])
        elif part.kind == "standing":
            changes[part.field] = [old, new]
        else:
            changes[part.field] = [_value(part.kind, old), _value(part.kind, new)]
    for child in shape.children:
        _children(child, child.field, before, after, changes)
    return changes


def _children(child: Shape, path: str, before: Any, after: Any, changes: Changes) -> None:
    old = {tuple(_place(child, item, n)): item for n, item in enumerate(getattr(before, child.field), 1)}
    new = {tuple(_place(child, item, n)): item for n, item in enumerate(getattr(after, child.field), 1)}
    for place in [*old, *(place for place in new if place not in old)]:
        here, a, b = ".".join([path, *place]), old.get(place), new.get(place)
        if a is not None and b is not None:
            if a != b:
                _inside(child, here, a, b, changes)
        else:
            changes[here] = [None if a is None else plain(child, a), None if b is None else plain(child, b)]


def _inside(child: Shape, path: str, before: Any, after: Any, changes: Changes) -> None:
    for part in child.told:
        old, new = getattr(before, part.field), getattr(after, part.field)
        if old != new:
            changes[f"{path}.{part.field}"] = [_value(part.kind, old), _value(part.kind, new)]
    for kid in child.children:
        _children(kid, f"{path}.{kid.field}", before, after, changes)


def apply(shape: Shape, whole: Plain, changes: Mapping[str, Any]) -> None:
    """Move the plain form of a noun one entry forwards, in place."""
    for path, (_, new) in changes.items():
        head, _, rest = path.partition(".")
        if head in shape.elsewhere:  # told by entries of the time when it lay in the noun's own row
            continue
        value = _value("standing", new) if shape.kinds.get(head) == "standing" else new
        _set(whole, [head, rest] if shape.kinds.get(head) == "object" else path.split("."), value)


def value_at(shape: Shape, whole: Plain, path: str) -> Any:
    """What lies at a path of a plain form; None for nothing."""
    head, _, rest = path.partition(".")
    value: Any = whole
    for segment in [head, rest] if shape.kinds.get(head) == "object" and rest else path.split("."):
        value = value.get(segment) if isinstance(value, dict) else None
    return value


def _set(whole: Plain, segments: list[str], value: Any) -> None:
    """Set or, for null, remove what lies at the path, and the containers that this leaves empty."""
    head, *rest = segments
    if rest:
        inner = whole.setdefault(head, {})
        _set(inner, rest, value)
        value = inner or None
    if value is None:
        whole.pop(head, None)
    else:
        whole[head] = value


def revive(shape: Shape, key: Any, whole: Plain) -> Any:
    """The noun that a plain form describes. `key` is the value of its key field; the version is left at its default,
    as is what is stored elsewhere."""
    return revived(shape, [key] if shape.own else [], whole)


def put_back(shape: Shape, now: Any, whole: Plain) -> Any:
    """The noun that a plain form describes, in place of `now`."""
    kept = {name: getattr(now, name) for name in ("version", *shape.elsewhere) if hasattr(now, name)}
    return replace(revive(shape, getattr(now, shape.own[0]), whole), **kept)


def revived(shape: Shape, place: list[Any], whole: Plain) -> Any:
    """The same of a part, too, with the numbers of its own place."""
    given: dict[str, Any] = dict(zip(shape.own, place, strict=bool(shape.own)))
    if shape.number_field:
        given[shape.number_field] = place[0]
    for part in shape.told:
        empty: Any = {"list": (), "object": {}}.get(part.kind)
        value = whole.get(part.field, LIVE if part.kind == "standing" else unsaid(shape).get(part.field, empty))
        given[part.field] = tuple(value) if part.kind == "list" else value
    for child in shape.children:
        given[child.field] = tuple(_items(child, whole.get(child.field, {}), len(child.own) or 1, []))
    return shape.noun(**given)


def _items(child: Shape, nested: Plain, depth: int, outer: list[int]) -> Iterable[Any]:
    for number in sorted(nested, key=int):
        place = [*outer, int(number)]
        if depth > 1:
            yield from _items(child, nested[number], depth - 1, place)
        else:
            yield revived(child, place if child.own or child.number_field else [], nested[number])


def is_pair(value: Any) -> bool:
    """Whether this is a change as the journal keeps it: old and new."""
    return isinstance(value, list) and len(value) == 2


def next_version(shape: Shape, before: Any, after: Any) -> tuple[Any, Changes]:
    """What is written in place of `before`, and what its entry says. Raises `ValueError` for two things."""
    key, new = getattr(before, shape.own[0]), numbered(shape, after)
    if getattr(new, shape.own[0]) != key:
        raise ValueError(f"{named(shape, key)} cannot become another {shape.word}")
    if any(getattr(before, name) != getattr(new, name) for name in shape.elsewhere):
        raise ValueError(f"{', '.join(shape.elsewhere)} of a {shape.word} are stored elsewhere")
    if shape.versioned:
        new = replace(new, version=before.version + 1)
    return new, changed(shape, before, new)


Parameters = dict[str, Any]
Statements = dict[str, list[Parameters]]
"""Each with the parameters of the rows that it is for, in the order in which they may be run."""


def difference(
    shape: Shape, pairs: Iterable[tuple[Any, Any]], stages: Mapping[str, int]
) -> tuple[Statements, Statements, dict[Shape, list[Row]]]:
    """(Rows that change, each of which must be there, the noun's own in the version that was read; children that go,
    the innermost first; rows that come, a parent before its children) between nouns as read and as they are to be."""
    updated: Statements = {}
    gone: dict[Shape, list[Parameters]] = {}
    fresh: dict[Shape, list[Row]] = {part: [] for part in shape.family}
    for before, after in pairs:
        old = {(part, row[: len(part.key)]): row for part, row in shape.rows(before, stages)}
        new = {(part, row[: len(part.key)]): row for part, row in shape.rows(after, stages)}
        for (part, key), row in new.items():
            if (part, key) not in old:
                fresh[part].append(row)
            elif old[part, key] != row:
                sql, parameters = _update(part, old[part, key], row)
                updated.setdefault(sql, []).append(parameters)
        for part, key in old.keys() - new.keys():
            gone.setdefault(part, []).append(dict(zip(part.key, key, strict=True)))
    inner = [part for part in reversed(shape.family) if part in gone]
    deleted = {_delete(part): gone[part] for part in inner}
    return updated, deleted, {part: rows for part, rows in fresh.items() if rows}


def _update(part: Shape, old: Row, new: Row) -> tuple[str, Parameters]:
    """Of a noun's own row its version is the proof that nobody changed it since."""
    pairs = zip(part.columns, old, new, strict=True)
    values = {name: b for name, a, b in pairs if a != b}
    proof = [*part.key, *(["version"] if part.versioned and not part.links else [])]
    was = dict(zip(part.columns, old, strict=True))
    sets = ", ".join(f'"{name}" = :{name}' for name in values)
    where = " AND ".join(f'"{name}" = :old_{name}' for name in proof)
    return f"UPDATE {part.table} SET {sets} WHERE {where}", values | {f"old_{name}": was[name] for name in proof}


def _delete(part: Shape) -> str:
    return f"DELETE FROM {part.table} WHERE " + " AND ".join(f'"{name}" = :{name}' for name in part.key)
