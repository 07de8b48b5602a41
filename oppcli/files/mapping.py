"""The mapping file: a TOML text → which column becomes which field and how, or one error naming every problem."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from oppcli.errors import PolicyError, Reason
from oppcli.files.dates import ISO, UNIX, UNIX_MS, is_format
from oppcli.files.sheets.shape import UNKNOWN, Format, known_encoding
from oppcli.files.verbs import VERBS_BY_ROLE, Verbs, activities
from oppcli.model.said import listed, say
from oppcli.toml.faults import Faults
from oppcli.toml.lines import Path
from oppcli.toml.reading import NotToml, parsed
from oppcli.toml.shape import FLAG, MISFIT, SCALAR, TEXT, Holds, Named, Shape, Table, one_of, sound

KINDS = ("deals", "users", "requests")
UPDATE, SKIP = "update", "skip"

SOURCES = ("column", "template", "constant")
CREATING = ("customer", "owner", "manager", "collaborators", "created_by", "person")
"""Fields that name somebody or some company, which may be made on the way."""

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class MappingError(PolicyError):
    """The mapping cannot be used with this file and policy; `reasons` lists every problem."""

    kind = "mapping"


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
    required: bool = False
    create: bool = False
    roles: tuple[str, ...] = ()
    """Of people made on the way."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads, those of its alternative included."""
        own = (self.column,) if self.column is not None else tuple(PLACEHOLDER.findall(self.template or ""))
        return own + (self.otherwise.columns if self.otherwise else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportMap:
    """A whole mapping. `problems` are those of the text alone; `fit` finds those against a file and a policy."""

    kind: str = "deals"
    system: str = ""
    existing: str = UPDATE
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
        return frozenset(column for _, source in self.sources() for column in source.columns)


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
            "format": Format(file.get("encoding"), file.get("delimiter"), file.get("excel")),
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

    def source(self, found: Mapping[str, Any], path: Path) -> Source:
        kinds = [key for key in SOURCES if key in found]
        if len(kinds) != 1 and self.faults.within(path):
            return Source(constant="")
        if len(kinds) != 1:
            few = say(", not {n}", n=len(kinds)) if kinds else ""
            self.wrong(path, say("{name} needs one of {kinds}{few}", name=path[-1], kinds=listed(SOURCES), few=few))
            return Source(constant="")
        said = _scalar(found[kinds[0]])
        if kinds == ["template"] and not PLACEHOLDER.search(said):
            self.wrong((*path, "template"), say("template names no column in braces; a fixed text is a constant"))
        return Source(**{**self.defaults, **self.reading(found, path), kinds[0]: said})

    def reading(self, found: Mapping[str, Any], path: Path) -> dict[str, Any]:
        """How values are read, as far as a table says so."""
        given: dict[str, Any] = {
            key: found[key] for key in ("round", "required", "create", "date", "decimal") if key in found
        }
        if "values" in found:
            given["values"] = {cell.strip(): _scalar(value) for cell, value in found["values"].items()}
        if "blank" in found:
            given["blank"] = frozenset(("", *(text.strip() for text in _texts(found["blank"]))))
        if "else" in found:
            given["otherwise"] = self.source(found["else"], (*path, "else"))
        if "roles" in found:
            given["roles"] = tuple(sorted({text.strip() for text in _texts(found["roles"])}))
        return given


def _texts(found: Any) -> list[str]:
    return [found] if isinstance(found, str) else found


def _scalar(found: Any) -> str:
    """Text as it is; numbers, dates and true/false as they would be typed."""
    return str(found).lower() if isinstance(found, bool) else str(found)


def _is_encoding(found: Any) -> bool:
    return isinstance(found, str) and known_encoding(found)


def _is_delimiter(found: Any) -> bool:
    return isinstance(found, str) and len(found) == 1 and found not in '"\r\n'


def _is_zone(found: Any) -> bool:
    from zoneinfo import ZoneInfo

    try:
        return isinstance(found, str) and bool(ZoneInfo(found).key)
    except (KeyError, ValueError, OSError):
        return False


def _is_date(form: Any) -> bool:
    """A name, or a format of strptime."""
    return form in (ISO, UNIX, UNIX_MS) or (isinstance(form, str) and is_format(form))


_BLANKS = Holds(
    say("a list of texts"),
    lambda found: isinstance(found, str) or (isinstance(found, list) and all(isinstance(each, str) for each in found)),
)
"""Here a text may be empty."""
_DATE = Holds(say("iso, unix, unix_ms or a format such as %d/%m/%Y"), _is_date)
_READING: dict[str, Shape] = {
    "blank": _BLANKS,
    "date": _DATE,
    "decimal": Holds(say('"." or ","'), lambda found: found in (".", ",")),
}
_SOURCE = Table(
    {
        "column": TEXT,
        "template": TEXT,
        "constant": SCALAR,
        "values": Named(SCALAR),
        "round": FLAG,
        "required": FLAG,
        "create": FLAG,
        "roles": _BLANKS,
        **_READING,
    },
    short="column",
)
_SOURCE = _SOURCE._replace(keys={**_SOURCE.keys, "else": _SOURCE})
SHAPE = Table(
    {
        "kind": one_of(*KINDS),
        "system": TEXT,
        "existing": one_of(UPDATE, SKIP),
        "file": Table(
            {
                "encoding": Holds(say("an encoding there is, such as gb18030"), _is_encoding),
                "delimiter": Holds(say("one character"), _is_delimiter),
                "excel": FLAG,
            }
        ),
        "read": Table({"timezone": Holds(say("a time zone such as Asia/Shanghai"), _is_zone), **_READING}),
        "fields": Named(_SOURCE),
        "entered": Named(_SOURCE),
        "deal": Named(_SOURCE),
        "activities": Named(VERBS_BY_ROLE),
    }
)
