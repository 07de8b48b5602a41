"""The mapping file: a TOML text → which column becomes which field and how, or one error naming every problem."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from oppcli.errors import PolicyError, Reason
from oppcli.files.dates import ISO, UNIX, UNIX_MS, is_format
from oppcli.files.sheets.shape import UNKNOWN, Format, known_encoding
from oppcli.files.verbs import Verbs, activities
from oppcli.model.said import listed, say
from oppcli.toml.reading import NotToml, parsed
from oppcli.words.spelling import nearest

KINDS = ("deals", "users", "requests")
UPDATE, SKIP = "update", "skip"

TOP_KEYS = ("kind", "system", "existing", "file", "read", "fields", "entered", "deal", "activities")
FILE_KEYS = ("encoding", "delimiter", "excel")
READ_KEYS = ("blank", "date", "timezone", "decimal")
SOURCES = ("column", "template", "constant")
SOURCE_KEYS = (*SOURCES, "values", "blank", "else", "date", "decimal", "round", "required", "create", "roles")
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
    return _Reader(kind).mapping(tree)


class _Reader:
    """Turns the tree of the TOML text into a mapping, collecting what is wrong."""

    def __init__(self, kind: str | None) -> None:
        self.told = kind
        self.problems: list[Reason] = []
        self.defaults: dict[str, Any] = {}

    def wrong(self, where: str, what: str) -> None:
        self.problems.append(Reason(where, what))

    def mapping(self, tree: dict[str, Any]) -> ImportMap:
        self.known(tree, TOP_KEYS, "")
        read = self.table(tree, "read", READ_KEYS)
        self.defaults = {
            "blank": self.blanks(read.get("blank", []), "[read]"),
            "date": self.date(read, "[read]"),
            "decimal": self.decimal(read["decimal"], "[read]") if "decimal" in read else None,
        }
        given: dict[str, Any] = {
            "kind": self.kind(tree),
            "system": self.text(tree, "system", "") or "",
            "existing": self.choice(tree, "existing", (UPDATE, SKIP), UPDATE),
            "format": self.format(self.table(tree, "file", FILE_KEYS)),
            "timezone": self.zone(read),
            "fields": self.sources(tree, "fields"),
            "entered": self.sources(tree, "entered"),
            "deal": self.sources(tree, "deal"),
            "activities": activities(tree.get("activities", {}), self.wrong),
        }
        return ImportMap(**given, problems=tuple(self.problems))

    def known(self, table: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
        for key in table:
            if key not in keys:
                self.wrong(f"{where} {key}".strip(), say("unknown key{nearest}", nearest=nearest(key, keys)))

    def table(self, tree: Mapping[str, Any], key: str, keys: tuple[str, ...]) -> dict[str, Any]:
        found = tree.get(key, {})
        if not isinstance(found, dict):
            self.wrong(key, say("must be a table: [{key}]", key=key))
            return {}
        self.known(found, keys, f"[{key}]")
        return found

    def text(self, table: Mapping[str, Any], key: str, where: str) -> str | None:
        found = table.get(key)
        if found is not None and not isinstance(found, str):
            self.wrong(f"{where} {key}".strip(), say("must be a text in quotes, not {found!r}", found=found))
            return None
        return found

    def flag(self, table: Mapping[str, Any], key: str, where: str) -> bool | None:
        found = table.get(key)
        if found is not None and not isinstance(found, bool):
            self.wrong(f"{where} {key}", say("must be true or false, not {found!r}", found=found))
            return None
        return found

    def choice(self, tree: Mapping[str, Any], key: str, among: tuple[str, ...], otherwise: str) -> str:
        found = self.text(tree, key, "") or otherwise
        if found not in among:
            self.wrong(
                key,
                say(
                    "{found!r} is not one of {among}{nearest}",
                    found=found,
                    among=listed(among),
                    nearest=nearest(found, among),
                ),
            )
            return otherwise
        return found

    def kind(self, tree: Mapping[str, Any]) -> str:
        found = self.choice(tree, "kind", KINDS, self.told or "deals")
        if self.told and found != self.told:
            self.wrong("kind", say("the mapping is for {found}, not for {told}", found=found, told=self.told))
        return found

    def format(self, table: Mapping[str, Any]) -> Format:
        encoding, delimiter = self.text(table, "encoding", "[file]"), self.text(table, "delimiter", "[file]")
        if encoding is not None and not known_encoding(encoding):
            self.wrong("[file] encoding", say("there is no encoding {encoding!r}", encoding=encoding))
            encoding = None
        if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
            self.wrong("[file] delimiter", say("must be one character, not {delimiter!r}", delimiter=delimiter))
            delimiter = None
        return Format(encoding, delimiter, self.flag(table, "excel", "[file]"))

    def zone(self, read: Mapping[str, Any]) -> str | None:
        from zoneinfo import ZoneInfo

        name = self.text(read, "timezone", "[read]")
        try:
            return ZoneInfo(name).key if name else None
        except (KeyError, ValueError, OSError):
            self.wrong("[read] timezone", say("there is no time zone {name!r}", name=name))
            return None

    def blanks(self, found: Any, where: str) -> frozenset[str]:
        texts = [found] if isinstance(found, str) else found
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            self.wrong(f"{where} blank", say("must be a list of texts"))
            return frozenset(("",))
        return frozenset(("", *(text.strip() for text in texts)))

    def date(self, table: Mapping[str, Any], where: str) -> str | None:
        form = self.text(table, "date", where)
        if form is None or form in (ISO, UNIX, UNIX_MS) or is_format(form):
            return form
        self.wrong(f"{where} date", say("{form!r} is not iso, unix, unix_ms or a format such as %d/%m/%Y", form=form))
        return None

    def decimal(self, found: Any, where: str) -> str:
        if found not in (".", ","):
            self.wrong(f"{where} decimal", say('must be "." or ",", not {found!r}', found=found))
            return "."
        return str(found)

    def sources(self, tree: Mapping[str, Any], key: str) -> dict[str, Source]:
        found = tree.get(key, {})
        if not isinstance(found, dict):
            self.wrong(key, say("must be a table: [{key}]", key=key))
            return {}
        made = {name: self.source(value, f"[{key}] {name}") for name, value in found.items()}
        for name in made:
            if made[name].create and (key == "entered" or name not in CREATING):
                self.wrong(f"[{key}] {name}", say("create is for {creating}", creating=listed(CREATING)))
        return made

    def source(self, found: Any, where: str) -> Source:
        """A column named by a text, or a table."""
        if isinstance(found, str):
            return Source(column=found, **self.defaults)
        if not isinstance(found, dict):
            self.wrong(
                where, say("must be the name of a column in quotes, or a table; {found!r} is neither", found=found)
            )
            return Source(constant="")
        self.known(found, SOURCE_KEYS, where)
        kinds = [key for key in SOURCES if key in found]
        if len(kinds) != 1:
            self.wrong(
                where,
                say(
                    "needs one of {sources}{not_}",
                    sources=listed(SOURCES),
                    not_=say(", not {kinds}", kinds=len(kinds)) if kinds else "",
                ),
            )
            return Source(constant="")
        return Source(**{**self.defaults, **self._reading(found, where), kinds[0]: self._said(found, kinds[0], where)})

    def _said(self, found: Mapping[str, Any], key: str, where: str) -> str | None:
        if key == "constant":
            return self.scalar(found[key], f"{where} constant")
        text = self.text(found, key, where)
        if key == "template" and text is not None and not PLACEHOLDER.search(text):
            self.wrong(f"{where} template", say("names no column in braces; a fixed text is a constant"))
        return text

    def _reading(self, found: Mapping[str, Any], where: str) -> dict[str, Any]:
        given: dict[str, Any] = {}
        if "values" in found:
            given["values"] = self.values(found["values"], where)
        if "blank" in found:
            given["blank"] = self.blanks(found["blank"], where)
        if "else" in found:
            given["otherwise"] = self.source(found["else"], f"{where} else")
        if "decimal" in found:
            given["decimal"] = self.decimal(found["decimal"], where)
        if "roles" in found:
            given["roles"] = tuple(sorted(self.blanks(found["roles"], where) - {""}))
        given |= {
            key: flag for key in ("round", "required", "create") if (flag := self.flag(found, key, where)) is not None
        }
        date = self.date(found, where)
        return given | ({"date": date} if date else {})

    def values(self, found: Any, where: str) -> dict[str, str]:
        if not isinstance(found, dict):
            self.wrong(f"{where} values", say('must be a table: { "cell" = "meaning" }'))
            return {}
        return {cell.strip(): self.scalar(value, f"{where} values {cell!r}") for cell, value in found.items()}

    def scalar(self, found: Any, where: str) -> str:
        """Text as it is; numbers, dates and true/false as they would be typed."""
        if isinstance(found, dict | list):
            self.wrong(where, say("must be one value"))
            return ""
        return str(found).lower() if isinstance(found, bool) else str(found)
