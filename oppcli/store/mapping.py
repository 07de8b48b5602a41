"""How a noun lies in its tables: columns, codecs and children, derived once from the dataclass; no SQL, no driver.

What a noun's table and key are called, the registry of nouns tells; columns are its fields. A child has a table of its
own, called like it in small letters, keyed by its parent's key and its own number; what is particular of children is
listed at the top of this module.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property, partial
from operator import attrgetter
from typing import Any

from oppcli.model.json_text import loads
from oppcli.model.noun import is_noun
from oppcli.model.nouns import BY_CLASS, PREFIXES, RECORDS
from oppcli.model.records import search_key
from oppcli.model.said import say
from oppcli.tuples import NamedTuple

KEYS = {"Step": ("revision", "position"), "Line": ("position",), "Clause": ("position",)}
NUMBERED = ("Revision", "Seat", "Decision", "Question", "Term", "QuoteVersion", "ContractVersion")
"""Children that carry their own number; a visit and a holder are numbered by their place."""
SELDOM = {"Deal": ("contacts", "team", "rivals", "tenures"), "Request": ("questions", "terms")}
"""Children that most nouns have none of: their tables are asked for those alone whose row says that there are some."""
PARTS = "parts"
"""The column that says which of them there are: their fields."""
PLANNED = "kind = 'follow' AND state = 'open' AND standing <> 'withdrawn'"
"""Which task of a deal is its next step."""
NEXT_STEP = "LEFT JOIN task n ON n.deal_id = d.id AND " + " AND ".join(f"n.{each}" for each in PLANNED.split(" AND "))
"""Beside `deal d`, its next step."""
RENEWED = f"CASE WHEN d.renewal_of IS NULL THEN NULL ELSE '{PREFIXES['deal']}' || d.renewal_of END"
"""Of `deal d`, the reference of the deal that it renews."""
LIKE = RENEWED.replace("renewal_of", "origin")
"""The same of the deal that it was made like."""
ELSEWHERE: Mapping[str, Mapping[str, tuple[str, str, str]]] = {
    "Deal": {
        "next_step": ("task", "nullif(title, '')", f"deal_id = {{of}} AND {PLANNED}"),
        "next_step_on": ("task", "due_on", f"deal_id = {{of}} AND {PLANNED}"),
    }
}
"""Fields that are read with a noun and stored in a row of another table: which table, what of it, and which row."""
STAGES = {noun.name: noun.stages for noun in RECORDS} | {"Visit": ("stage",), "Term": ("before",)}
"""Fields that name a stage; the table holds its id."""
SAID = {noun.name: noun.said for noun in RECORDS if noun.said} | {"Tenure": ("reason",)}
SCALARS = ("plain", "stage", "said")
"""Kinds that an entry tells as the value itself: of a said text, the sentence."""

Stages = Mapping[str, int]
Names = Mapping[int, str]
Key = tuple[Any, ...]
Derived = dict[str, tuple[Callable[..., Any], tuple[str, ...]]]
"""Column → what makes it, and of which fields."""


def _reader(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Reads these fields of a noun, always as a tuple."""
    read = attrgetter(*names)
    return read if len(names) > 1 else lambda noun: (read(noun),)


def _named(fields: tuple[str, ...], *children: Any) -> str:
    """Those of the fields that hold any children."""
    return " ".join(field for field, some in zip(fields, children, strict=True) if some)


def looked_up(noun: str, field: str, of: str) -> str:
    """SQL that reads a field stored elsewhere; `of` is the noun's key."""
    table, what, which = ELSEWHERE[noun][field]
    return f"(SELECT {what} FROM {table} WHERE {which.format(of=of)})"


class Part(NamedTuple):
    """One stored field."""

    field: str
    column: str
    kind: str
    """plain, said, bool, list, object, stage, standing."""


def _kind(noun: str, field: str, type_: Any) -> str:
    if field in STAGES.get(noun, ()):
        return "stage"
    if field == "standing":
        return "standing"
    if field in SAID.get(noun, ()):
        return "said"
    if type_ is bool:
        return "bool"
    origin = getattr(type_, "__origin__", None)
    return "list" if origin is tuple else "object" if origin is Mapping else "plain"


def _child(type_: Any) -> type | None:
    if getattr(type_, "__origin__", None) is not tuple:
        return None
    item: type = type_.__args__[0]
    return item if is_noun(item) else None


# Most lists and objects are empty, and `json` takes as long to import as a small query takes to run.
def _encode_list(value: Any) -> str:
    return _compact(list(value)) if value else "[]"


def _encode_object(value: Any) -> str:
    return _compact(dict(value)) if value else "{}"


def _compact(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _decode_list(text: str) -> tuple[Any, ...]:
    return tuple(parsed(text)) if text != "[]" else ()


def _decode_object(text: str) -> dict[str, Any]:
    return parsed(text) if text != "{}" else {}


def _encode_said(text: str) -> str:
    from oppcli.model.kept import kept

    return kept(text)


def decode_said(stored: str) -> str:
    """The text as it was said when it was stored."""
    from oppcli.model.kept import told_again

    return told_again(stored)


@cache
def _writer() -> Callable[[Any], str]:
    import json

    return json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def compact(value: Any) -> str:
    """JSON as an entry has it: on one line, without a blank, every character as itself. What is hashed is this text."""
    return _writer()(value)


def parsed(text: str) -> Any:
    """JSON as it is stored. Refused where another tool has spoilt it; `opp db check` names the row."""
    try:
        return loads(text)
    except (ValueError, TypeError):
        pass
    from oppcli.store.spoilt import refused, with_quotes

    try:
        return loads(with_quotes(text))
    except (ValueError, TypeError):
        raise refused(say("JSON that is none: {text}", text=str(text)[:40])) from None


Codecs = dict[str, Callable[[Any], Any]]
ENCODE: Codecs = {"bool": int, "list": _encode_list, "object": _encode_object, "said": lambda x: x and _encode_said(x)}
DECODE: Codecs = {"bool": bool, "list": _decode_list, "object": _decode_object, "said": lambda x: x and decode_said(x)}


class Shape:
    """One noun and its table. `key` are the key columns, `links` those of them that name the parent."""

    def __init__(self, noun: type, field: str = "", parent: "Shape | None" = None) -> None:
        name = noun.__name__
        self.noun, self.field = noun, field
        known = BY_CLASS.get(name)
        self.table = known.table if known else name.lower()
        self.word = known.word if known else self.table
        self.links = parent.link() if parent else ()
        own: tuple[str, ...] = (known.key,) if known else KEYS.get(name, ("number",))
        self.counted = parent is not None and name not in NUMBERED and own == ("number",)
        self.key = (*self.links, *own)
        types = noun.__annotations__
        self.elsewhere = tuple(ELSEWHERE.get(name, ()))
        kids = {field: kid for field, type_ in types.items() if (kid := _child(type_)) is not None}
        beside = {*self.elsewhere, *kids}
        kinds = {field: _kind(name, field, type_) for field, type_ in types.items() if field not in beside}
        self.number_field = kinds.pop("id", None) and "id" if self.counted else None
        parts = [Part(field, f"{field}_id" if kind == "stage" else field, kind) for field, kind in kinds.items()]
        self.own = () if self.counted else own
        self.parts = tuple(sorted(parts, key=lambda part: part.field not in self.own))
        self.stored = (*self.links, *(("number",) if self.counted else ()), *(part.column for part in self.parts))
        """The columns that a noun is built from."""
        self.derived: Derived = {"search_key": (search_key, known.searched)} if known and known.searched else {}
        """Columns that follow from fields: written with the row, never read into the noun, told by no entry."""
        self.seldom = SELDOM.get(name, ())
        if self.seldom:
            self.derived[PARTS] = (partial(_named, self.seldom), self.seldom)
        self.columns = (*self.stored, *self.derived)
        self.versioned = any(part.field == "version" for part in self.parts)
        self.auto = own == ("id",) and parent is None
        self.kinds = kinds
        self.children = tuple(Shape(kid, field, self) for field, kid in kids.items())
        self.family: tuple[Shape, ...] = (self, *(below for child in self.children for below in child.family))
        """This shape and all below it, a parent before its children: the order in which rows may be inserted."""
        self.stages_below: bool = "stage" in self.kinds.values() or any(kid.stages_below for kid in self.children)
        # What every row needs is found once, so that a row costs one attribute read per column and little else.
        self._names = [part.field for part in self.parts]
        self._prefix = len(self.stored) - len(self._names)
        self._decoders = [(i, DECODE[part.kind]) for i, part in enumerate(self.parts) if part.kind in DECODE]
        self._stages = [i for i, part in enumerate(self.parts) if part.kind == "stage"]

    @cached_property
    def _writers(self) -> tuple[Any, list[tuple[int, Any]], list[tuple[Any, Any]]]:
        """For who writes: what reads the fields, which of them are told otherwise, what makes the derived columns."""
        encoders = [(i, ENCODE[part.kind]) for i, part in enumerate(self.parts) if part.kind in ENCODE]
        deriving = [(derive, _reader(list(of))) for derive, of in self.derived.values()]
        return _reader(self._names), encoders, deriving

    @cached_property
    def told(self) -> tuple[Part, ...]:
        """The parts that entries tell."""
        hidden = {"version", *self.own}
        return tuple(part for part in self.parts if part.field not in hidden)

    @cached_property
    def told_others(self) -> tuple[Part, ...]:
        return tuple(part for part in self.told if part.kind not in SCALARS)

    @cached_property
    def told_scalars(self) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
        """The others: as entries begin them, and what reads their values."""
        names = [part.field for part in self.told if part.kind in SCALARS]
        return tuple(f'"{name}":' for name in names), _reader(names)

    def link(self) -> tuple[str, ...]:
        """How a child's table names this noun's key: `deal_id`; `request_id, revision, step`."""
        return (*self.key[:-1], self.table if self.links else f"{self.table}_id")

    def column(self, field: str) -> Part:
        return next(part for part in self.parts if part.field == field)

    def row(self, noun: Any, prefix: Key, stages: Stages) -> tuple[Any, ...]:
        """The row of one noun in the order of `columns`. Raises KeyError for a stage that is not in `stages`."""
        read, encoders, deriving = self._writers
        values = list(read(noun))
        for i, encode in encoders:
            values[i] = encode(values[i])
        for i in self._stages:
            if values[i] is not None:
                values[i] = stages[values[i]]
        return (*prefix, *values, *(derive(*of(noun)) for derive, of in deriving))

    def follows(self, noun: Any) -> list[Any]:
        """The values of the derived columns."""
        return [derive(*of(noun)) for derive, of in self._writers[2]]

    def gather(self, noun: Any, key: Any, stages: Stages, rows: dict["Shape", list[tuple[Any, ...]]]) -> None:
        """Put the rows of a noun and of its children to those of their tables, under the key given."""
        row = self.row(noun, (), stages)
        rows.setdefault(self, []).append((key, *row[1:]))
        for child in self.children:
            for place, item in enumerate(getattr(noun, child.field), 1):
                for part, below in child.walk(item, (key, place) if child.counted else (key,), stages):
                    rows.setdefault(part, []).append(below)

    def rows(self, noun: Any, stages: Stages) -> Iterator[tuple["Shape", tuple[Any, ...]]]:
        """Every row of the noun and, below it, of its children."""
        return self.walk(noun, (), stages)

    def walk(self, noun: Any, prefix: Key, stages: Stages) -> Iterator[tuple["Shape", tuple[Any, ...]]]:
        row = self.row(noun, prefix, stages)
        yield self, row
        key = row[: len(self.key)]
        for child in self.children:
            for place, item in enumerate(getattr(noun, child.field), 1):
                yield from child.walk(item, (*key, place) if child.counted else key, stages)

    def build(self, row: tuple[Any, ...], names: Names, children: Mapping[str, tuple[Any, ...]]) -> Any:
        """The noun from its row and its children by field. Refused where it cannot be read as what it should be."""
        values = list(row[self._prefix : len(self.stored)])
        for i, decode in self._decoders:
            values[i] = decode(values[i])
        for i in self._stages:
            if values[i] is not None:
                if values[i] not in names:
                    from oppcli.store.spoilt import refused

                    raise refused(say("there is no stage {name}", name=values[i]))
                values[i] = names[values[i]]
        given = dict(zip(self._names, values, strict=True))
        if self.elsewhere:
            given.update(zip(self.elsewhere, row[len(self.stored) :], strict=False))
        if self.number_field:
            given[self.number_field] = row[self._prefix - 1]
        return self.noun(**given, **children)


_shapes: dict[type, Shape] = {}


def shape_of(noun: type) -> Shape:
    """The shape of a noun that has a table of its own."""
    shape = _shapes.get(noun)
    if shape is None:
        shape = _shapes[noun] = Shape(noun)
    return shape
