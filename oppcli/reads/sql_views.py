"""The views that `opp sql` asks: one for each noun and part of one, as people read them. Derived from the nouns.

References as they are typed (`D-142`), stages and customers by name, people by login with the name beside it, instants
as ISO 8601 in UTC, money as decimals with its minor units beside it, per cents as numbers, the team's own fields as
columns. They lie over what the door sees.
"""

from collections.abc import Iterator, Mapping, Sequence

from oppcli.model.fields import FINER, MEASURES, is_instant, of
from oppcli.model.money import EXPONENTS
from oppcli.model.nouns import BY_WORD, RECORDS, Noun, class_of
from oppcli.model.refs import referred
from oppcli.reads import own
from oppcli.reads.redacting import PEOPLE
from oppcli.store.doors import View
from oppcli.store.mapping import Part, Shape, looked_up, shape_of
from oppcli.store.patterns import literal, quoted
from oppcli.tuples import NamedTuple

PARTS = {"visit": "stays", "step": "steps", "seat": "seats", "holder": "holders", "decision": "decisions"}
PARTS |= {"quoteversion": "quote_versions", "line": "lines"}
PARTS |= {"contractversion": "contract_versions", "clause": "clauses"}
"""What the parts of a noun are called, where that is not their table with an s."""
WHOLE = {"journal": "entries"}
TEXT, INTEGER, NUMBER, INSTANT, DATE, BOOL, JSON = "text", "integer", "number", "instant", "date", "bool", "json"


_TYPES = {"int": INTEGER, "date": DATE, "bool": BOOL, "number": NUMBER, "text": TEXT}
PREVIOUS = {"previous": "request"}
"""Columns that refer to a record and are not called like it."""


class Told(NamedTuple):
    """One column of a view."""

    name: str
    kind: str
    sql: str


class SqlView(NamedTuple):
    """One view: what it is called, of which table, with which columns."""

    name: str
    table: str
    columns: tuple[Told, ...]

    @property
    def made(self) -> View:
        """What a door puts before what is read."""
        told = ", ".join(f'{each.sql} AS "{each.name}"' for each in self.columns)
        return View(self.name, f"SELECT {told} FROM {self.table} t")


def views(dialect: str, beside: Sequence[own.Own], currency: str) -> Iterator[SqlView]:
    """Every view, on this engine; `beside` are the fields in `extra`, `currency` is what amounts are in that name
    none."""
    for noun in RECORDS:
        for shape in shape_of(class_of(noun)).family:
            columns = {each.name: each for each in _Columns(dialect, beside, noun, shape, currency).every()}
            yield SqlView(_name(noun, shape), shape.table, tuple(columns.values()))


def _name(noun: Noun, shape: Shape) -> str:
    if shape.table == noun.table:
        return WHOLE.get(noun.plural, noun.plural)
    return PARTS.get(shape.table, f"{shape.table}s")


class _Columns:
    """The columns of one view."""

    def __init__(self, dialect: str, beside: Sequence[own.Own], noun: Noun, shape: Shape, currency: str) -> None:
        self._fields, self._noun, self._shape = beside, noun, shape
        self._sqlite = dialect == "sqlite"
        root = shape.table == noun.table
        self._kinds = {field.name: field.kind for field in of(noun.word)} if root else MEASURES.get(noun.word, {})
        self._currency = 't."currency"' if "currency" in shape.stored else literal(currency)

    def every(self) -> Iterator[Told]:
        parts = {part.column: part for part in self._shape.parts}
        for column in self._shape.stored:
            part = parts.get(column) or Part(column, column, "plain")
            yield from self._of(column, part)
        if self._shape.table == "deal":
            yield Told("kind", TEXT, "(SELECT s.kind FROM stage s WHERE s.id = t.stage_id)")
            yield from (Told(name, TEXT, looked_up("Deal", name, "t.id")) for name in self._shape.elsewhere)
            yield from self._beside()

    def _of(self, column: str, part: Part) -> Iterator[Told]:
        sql, name = f't."{column}"', part.field
        about = referred(column) or BY_WORD.get(PREVIOUS.get(name, ""))
        if part.kind == "stage":
            yield Told(name, TEXT, f"(SELECT s.name FROM stage s WHERE s.id = {sql})")
        elif about is not None:
            yield from self._reference(about, name, sql)
        elif name == "id" and self._noun.prefix and self._shape.table == self._noun.table:
            yield Told("id", TEXT, f"{literal(self._noun.prefix)} || {sql}")
        elif name in PEOPLE and part.kind == "plain" and name != self._noun.key:
            yield Told(name, TEXT, sql)
            yield Told(f"{name}_name", TEXT, f"(SELECT u.name FROM user_account u WHERE u.login = {sql})")
        elif name != "extra":
            yield from self._plain(name, part.kind, sql)

    def _reference(self, about: Noun, name: str, sql: str) -> Iterator[Told]:
        word = name.removesuffix("_id")
        told = Told(word, TEXT, f"{literal(about.prefix)} || {sql}")
        if about is BY_WORD["customer"]:
            yield Told(word, TEXT, f"(SELECT c.name FROM customer c WHERE c.id = {sql})")
            told = told._replace(name=name)
        yield told

    def _plain(self, name: str, kind: str, sql: str) -> Iterator[Told]:
        if kind in ("list", "object"):
            yield Told(name, JSON, sql)
        elif kind == "said":
            mark = "char(30)" if self._sqlite else "chr(30)"
            first = f"substr({sql}, 1, instr({sql} || {mark}, {mark}) - 1)"
            yield Told(name, TEXT, first if self._sqlite else f"split_part({sql}, {mark}, 1)")
        elif is_instant(name) and self._type(name) == INTEGER:
            yield Told(name, INSTANT, self._iso(sql))
        else:
            yield from self._measured(name, self._kinds.get(name, ""), sql, kind)

    def _measured(self, name: str, kind: str, sql: str, stored: str = "") -> Iterator[Told]:
        if kind == "money":
            yield Told(name, NUMBER, self._major(sql))
            yield Told(f"{name}_minor", INTEGER, sql)
        elif kind in FINER:
            from oppcli.words.unit_prices import DIGITS

            yield Told(name, NUMBER, self._scaled(sql, DIGITS[kind]))
        elif kind == "percent":
            yield Told(name, NUMBER, f"{sql} / 10000.0" if self._sqlite else f"trim_scale({sql}::numeric / 10000)")
        else:
            told = BOOL if stored == "bool" else _TYPES.get(kind) or self._type(name)
            yield Told(name, told, sql)

    def _type(self, name: str) -> str:
        """What a part's column holds: whole numbers are keys and counts."""
        known = str(self._shape.noun.__annotations__.get(name, int))
        return INTEGER if "int" in known else TEXT

    def _beside(self) -> Iterator[Told]:
        """The fields in `extra`."""
        for field in self._fields:
            sql = self._in_extra(field)
            yield from self._measured(field.name, field.kind, sql)

    def _in_extra(self, field: own.Own) -> str:
        import json

        if self._sqlite:
            path = literal(f"$.{json.dumps(field.name, ensure_ascii=False)}")
            sql = f"json_extract(nullif(t.extra, ''), {path})"
            return f"CAST({sql} AS REAL)" if field.kind == "number" else sql
        sql = f"(nullif(t.extra, '')::jsonb ->> {literal(field.name)})"
        casts = {"number": "NUMERIC", "money": "BIGINT", "percent": "BIGINT", "int": "BIGINT"}
        if field.kind == "bool":
            return f"CASE {sql} WHEN 'true' THEN 1 WHEN 'false' THEN 0 END"
        return f"CAST({sql} AS {casts[field.kind]})" if field.kind in casts else sql

    def _iso(self, sql: str) -> str:
        """With milliseconds always, so that texts stand in the order of time."""
        if self._sqlite:
            return f"strftime('%Y-%m-%dT%H:%M:%S', {sql} / 1000, 'unixepoch') || printf('.%03dZ', {sql} % 1000)"
        return f"""to_char(to_timestamp({sql} / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"""

    def _major(self, sql: str) -> str:
        """In major units: REAL, exact to the cent below 10^13, or NUMERIC."""
        cases = " ".join(
            f"WHEN {self._currency} IN ({quoted(sorted(names))}) THEN {self._scaled(sql, digits)}"
            for digits, names in _by_digits().items()
        )
        return f"CASE {cases} ELSE {self._scaled(sql, 2)} END"

    def _scaled(self, sql: str, digits: int) -> str:
        if self._sqlite:
            return f"{sql} / {10**digits}.0"
        return f"round({sql}::numeric / {10**digits}, {digits})"


def _by_digits() -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = {}
    for currency, digits in EXPONENTS.items():
        found.setdefault(digits, []).append(currency)
    return found
