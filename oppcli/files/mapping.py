"""The mapping file: a TOML text → which column becomes which field and how, or one error naming every problem."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from oppcli.errors import PolicyError, Reason
from oppcli.files.mapping_keys import NO_HEADER, SHAPE, UPDATE, factor, scalar
from oppcli.files.sheets.shape import UNKNOWN, Format
from oppcli.files.verbs import Verbs, activities
from oppcli.model.said import listed, say
from oppcli.toml.faults import Faults
from oppcli.toml.lines import Path
from oppcli.toml.reading import NotToml, parsed
from oppcli.toml.shape import MISFIT, sound
from oppcli.tuples import NamedTuple

SOURCES = ("column", "template", "constant")
CREATING = ("customer", "owner", "manager", "collaborators", "created_by", "person")
"""Fields that name somebody or some company, which may be made on the way."""
OTHERS = "*"
"""In a value map: the cells that are not listed."""

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class MappingError(PolicyError):
    """The mapping cannot be used with this file and policy; `reasons` lists every problem."""

    kind = "mapping"


class Condition(NamedTuple):
    """When a source says something: if this cell is not blank, or is one of these."""

    column: str
    among: frozenset[str] | None = None
    """Folded for case; None: whatever is not blank."""


class Join(NamedTuple):
    """Another file whose columns a row has too, as `NAME.Column`: those of the row with `on` of this as its `key`."""

    name: str
    file: str
    on: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a value comes from: a column, a text with columns in braces, or a constant; and how it is read."""

    column: str | None = None
    template: str | None = None
    constant: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    """Cell → what is meant by it."""
    blank: frozenset[str] = frozenset(("",))
    """Cells that say nothing."""
    otherwise: "Source | None" = None
    """What to take when the cell is blank."""
    date: str | None = None
    """How dates are written; None: in any form that names its order."""
    decimal: str | None = None
    """The decimal mark; None: the point, and a cell that needs the comma does not fit."""
    round: bool = False
    """Of amounts: more decimals than the currency has are rounded, and not refused."""
    factor: Decimal | str | None = None
    """What its numbers are multiplied by; those with a % say what they are. `?`: still open."""
    when: tuple[Condition, ...] = ()
    """All of these hold, or it says nothing."""
    required: bool = False
    create: bool = False
    by: str | None = None
    """Of another record: by which of its fields the cell names it."""
    roles: tuple[str, ...] = ()
    """Of people made on the way."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads, those of its alternative included."""
        own = (self.column,) if self.column is not None else tuple(PLACEHOLDER.findall(self.template or ""))
        own += tuple(condition.column for condition in self.when)
        return own + (self.otherwise.columns if self.otherwise else ())

    def then(self, other: "Source") -> "Source":
        """The same with another source to take where all of this is blank."""
        return replace(self, otherwise=self.otherwise.then(other) if self.otherwise else other)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportMap:
    """A whole mapping. `problems` are those of the text alone; `fit` finds those against a file and a policy."""

    kind: str = "deals"
    system: str = ""
    existing: str = UPDATE
    review: bool = False
    """Whether its rows are proposals, and no records until somebody accepts them."""
    key: tuple[str, ...] = ()
    """Fields that a row without an external id is known again by."""
    known: tuple[str, ...] = ()
    """Of records: the fields that a row is known again by, the first that hits."""
    joins: tuple[Join, ...] = ()
    format: Format = UNKNOWN
    timezone: str | None = None
    fields: Mapping[str, Source] = field(default_factory=dict)
    entered: Mapping[str, Source] = field(default_factory=dict)
    deal: Mapping[str, Source] = field(default_factory=dict)
    """Of requests: the fields of the deal a case belongs to."""
    activities: Mapping[str, Verbs] = field(default_factory=dict)
    """Of requests: what each activity of the log did."""
    problems: tuple[Reason, ...] = ()

    def sources(self) -> Iterator[tuple[str, Source]]:
        """Every source with the place it is written at."""
        yield from ((f"[fields] {name}", source) for name, source in self.fields.items())
        yield from ((f"[entered] {name}", source) for name, source in self.entered.items())
        yield from ((f"[deal] {name}", source) for name, source in self.deal.items())

    @property
    def places(self) -> dict[str, str]:
        """The first column of every field and, as `Offer entered`, of every date of a stage, by what it is called where
        it is wrong."""
        named = {
            **{f"[deal] {name}": source for name, source in self.deal.items()},
            **{f"{name} entered": source for name, source in self.entered.items()},
            **self.fields,
        }
        return {name: source.columns[0] for name, source in named.items() if source.columns}

    @property
    def columns(self) -> frozenset[str]:
        """Every column the mapping names."""
        joined = (join.on for join in self.joins)
        return frozenset((*joined, *(column for _, source in self.sources() for column in source.columns)))

    def of_sheet(self, sheet: str | None) -> "ImportMap":
        """The same for this sheet of a workbook, where one is asked for."""
        return self if sheet is None else replace(self, format=self.format._replace(sheet=sheet, asked=True))

    def of_file(self, told: Format) -> "ImportMap":
        """The same for a file whose own columns told this mapping: there its header stands where it was found."""
        if self.format.header is None:
            return self
        return replace(self, format=self.format._replace(header=told.header, delimiter=told.delimiter))

    def of_join(self, join: Join) -> tuple[str, ...]:
        """The columns it names of another file, as that file has them."""
        named = (column.partition(".") for column in sorted(self.columns))
        return tuple(column for name, _, column in named if name.strip() == join.name)


def load(text: str, name: str, kind: str | None = None) -> ImportMap:
    """The mapping in a TOML text, for rows of `kind` when it is told. Problems of its content are collected in it, so
    that they can be told together with those against the file; only text that is no TOML is refused here."""
    try:
        tree = parsed(text)
    except NotToml as error:
        place = say("line {line}, ", line=error.line) if error.line else ""
        raise MappingError(say("{file} is not TOML: {place}{why}", file=name, place=place, why=error.message)) from None
    faults = Faults(text)
    return _Reader(kind, faults).mapping(sound(tree, SHAPE, faults))


class _Reader:
    """Turns the sound parts of the TOML text into a mapping, collecting what else is wrong."""

    def __init__(self, kind: str | None, faults: Faults) -> None:
        self.told, self.faults = kind, faults
        self.defaults: dict[str, Any] = {}

    def wrong(self, path: Path, what: str) -> None:
        self.faults.add(MISFIT, path, what)

    def mapping(self, tree: dict[str, Any]) -> ImportMap:
        read, file = tree.get("read", {}), tree.get("file", {})
        self.defaults = self.reading(read, ("read",))
        given: dict[str, Any] = {
            "kind": self.kind(tree),
            "system": tree.get("system", ""),
            "existing": tree.get("existing", UPDATE),
            "review": tree.get("review", False),
            "key": tuple(_texts(tree.get("key", []))),
            "known": tuple(_texts(tree.get("known", []))),
            "joins": tuple(Join(name, **found) for name, found in tree.get("join", {}).items() if len(found) == 3),
            "format": _format(file),
            "timezone": read.get("timezone"),
            "fields": self.sources(tree, "fields"),
            "entered": self.sources(tree, "entered"),
            "deal": self.sources(tree, "deal"),
            "activities": activities(tree.get("activities", {})),
        }
        return ImportMap(**given, problems=self.faults.reasons())

    def kind(self, tree: Mapping[str, Any]) -> str:
        found: str = tree.get("kind", self.told or "deals")
        if self.told and found != self.told:
            self.wrong(("kind",), say("the mapping is for {found}, not for {told}", found=found, told=self.told))
        return found

    def sources(self, tree: Mapping[str, Any], key: str) -> dict[str, Source]:
        made = {name: self.source(value, (key, name)) for name, value in tree.get(key, {}).items()}
        for name in made:
            if made[name].create and (key == "entered" or name not in CREATING):
                self.wrong((key, name), say("create is for {who}", who=listed(CREATING)))
        return made

    def source(self, found: Mapping[str, Any] | list[Mapping[str, Any]], path: Path) -> Source:
        """Of a list the first that says something, the others after it."""
        if not isinstance(found, list):
            return self.single(found, path)
        first, *others = (self.single(one, (*path, place)) for place, one in enumerate(found))
        for other in others:
            first = first.then(other)
        return first

    def single(self, found: Mapping[str, Any], path: Path) -> Source:
        kinds = [key for key in SOURCES if key in found]
        if len(kinds) != 1 and self.faults.within(path):
            return Source(constant="")
        if len(kinds) != 1:
            few = say(", not {n}", n=len(kinds)) if kinds else ""
            name = path[-1 - isinstance(path[-1], int)]
            self.wrong(path, say("{name} needs one of {kinds}{few}", name=name, kinds=listed(SOURCES), few=few))
            return Source(constant="")
        said = scalar(found[kinds[0]])
        if kinds == ["template"] and not PLACEHOLDER.search(said):
            self.wrong((*path, "template"), say("template names no column in braces; a fixed text is a constant"))
        return Source(**{**self.defaults, **self.reading(found, path), kinds[0]: said})

    def reading(self, found: Mapping[str, Any], path: Path) -> dict[str, Any]:
        """How values are read, as far as a table says so."""
        given: dict[str, Any] = {
            key: found[key] for key in ("round", "required", "create", "by", "date", "decimal") if key in found
        }
        if "factor" in found:
            given["factor"] = factor(found["factor"])
        if "when" in found:
            given["when"] = tuple(_conditions(found["when"]))
        if "values" in found:
            given["values"] = {cell.strip(): scalar(value) for cell, value in found["values"].items()}
        if "blank" in found:
            given["blank"] = frozenset(("", *(text.strip() for text in _texts(found["blank"]))))
        if "else" in found:
            given["otherwise"] = self.source(found["else"], (*path, "else"))
        if "roles" in found:
            given["roles"] = tuple(sorted({text.strip() for text in _texts(found["roles"])}))
        return given


def _format(file: Mapping[str, Any]) -> Format:
    header = file.get("header", 0)
    return Format(
        file.get("encoding"),
        file.get("delimiter"),
        file.get("excel"),
        header=None if header == NO_HEADER else header,
        columns=tuple(text.strip() for text in _texts(file.get("columns", []))),
        sheet=file.get("sheet"),
    )


def _conditions(found: Any) -> Iterator[Condition]:
    if isinstance(found, str):
        yield Condition(found)
        return
    for column, cells in found.items():
        texts = cells if isinstance(cells, list) else [cells]
        yield Condition(column, frozenset(scalar(text).strip().casefold() for text in texts))


def _texts(found: Any) -> list[str]:
    return [found] if isinstance(found, str) else found
