"""A noun with its children as one JSON object of plain values, and back: what `opp export all` writes.

Values are those that are stored: instants in milliseconds, amounts in minor units. All follows from the registry of
nouns, so that a new noun is written and read without a line here.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from oppcli.errors import StoreError
from oppcli.model.noun import default, replace
from oppcli.model.nouns import NOUNS, Noun, class_of
from oppcli.model.said import Word, say
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import DECODE, ELSEWHERE, ENCODE, Shape, shape_of

NOUN = "record"
"""The key that says which noun an object is."""
STAYS = {"user": ("pin_at",)}
"""Fields that leave no database: where a credential is kept, there it holds."""
CHUNK = 500
Object = dict[str, Any]


def everything(door: ReadDoor) -> Iterator[Object]:
    """Every noun as an object, by noun of the registry and by key, in memory that does not grow with their number."""
    for noun in NOUNS:
        for things in _chunks(door, noun):
            yield from (whole(noun, thing) for thing in things)


def _chunks(door: ReadDoor, noun: Noun) -> Iterator[list[Any]]:
    # Put in order here: what a server takes for the order of texts is its own.
    keys = sorted(key for (key,) in door.stream(f'SELECT "{noun.key}" FROM {noun.table}'))
    for first in range(0, len(keys), CHUNK):
        found: list[Any] = door.find(class_of(noun), **{noun.key: keys[first : first + CHUNK]})
        yield sorted(found, key=lambda thing: getattr(thing, noun.key))


def whole(noun: Noun, thing: Any) -> Object:
    """The object of a thing."""
    return {NOUN: noun.word, **_object(shape_of(class_of(noun)), portable(noun, thing))}


def portable(noun: Noun, thing: Any) -> Any:
    """The thing without what leaves no database, and without what is told of another thing."""
    gone = (*STAYS.get(noun.word, ()), *ELSEWHERE.get(noun.name, ()))
    kept = {name: default(type(thing), name) for name in gone}
    return replace(thing, **kept) if kept else thing


def _object(shape: Shape, thing: Any) -> Object:
    found = {part.field: _plain(part.kind, getattr(thing, part.field)) for part in shape.parts}
    children = {child.field: [_object(child, item) for item in getattr(thing, child.field)] for child in shape.children}
    return found | children


def _plain(kind: str, value: Any) -> Any:
    if kind == "list":
        return list(value)
    if kind == "object":
        return dict(value)
    return ENCODE[kind](value) if kind == "said" else value


def thing(noun: Noun, found: Mapping[str, Any]) -> Any:
    """The thing of an object. Refused (`StoreError`) where it has not the fields of the noun."""
    return _thing(shape_of(class_of(noun)), {name: value for name, value in found.items() if name != NOUN})


def _thing(shape: Shape, found: Mapping[str, Any]) -> Any:
    kinds = {part.field: part.kind for part in shape.parts}
    children = {child.field: child for child in shape.children}
    given: Object = {}
    for name, value in found.items():
        if name in children and isinstance(value, list) and all(isinstance(each, dict) for each in value):
            given[name] = tuple(_items(children[name], value))
        elif name in kinds:
            kind = kinds[name]
            if not _fits(shape.noun.__annotations__[name], kind, value):
                raise StoreError(say("a {noun} has no such {field}", noun=Word("noun", shape.word), field=name))
            given[name] = tuple(value) if kind == "list" else DECODE[kind](value) if kind == "said" else value
        else:
            raise StoreError(say("a {noun} has no {field}", noun=Word("noun", shape.word), field=name))
    try:
        return shape.noun(**given)
    except TypeError as error:
        raise StoreError(
            say("a {noun} cannot be read: {fault}", noun=Word("noun", shape.word), fault=str(error))
        ) from None


def _fits(type_: Any, kind: str, value: Any) -> bool:
    """Whether a value is of the type that a field has."""
    if kind in ("list", "object"):
        return isinstance(value, list if kind == "list" else dict)
    return isinstance(value, type_) and (isinstance(value, bool) == (type_ is bool))


def _items(child: Shape, found: Iterable[Mapping[str, Any]]) -> Iterator[Any]:
    """The children, numbered by their place where they are so."""
    for number, each in enumerate(found, 1):
        item = _thing(child, each)
        yield replace(item, **{child.number_field: number}) if child.number_field else item


def held(door: ReadDoor) -> dict[str, int]:
    """How many things there are, by the word of their noun."""
    return {noun.word: door.rows(f"SELECT count(*) FROM {noun.table}")[0][0] for noun in NOUNS}
