"""Rows that say one thing each, stored and refused one by one: what is the same of all kinds of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar
from zoneinfo import ZoneInfo

from oppcli.actions.act import Act
from oppcli.actions.imports.referring import Referring
from oppcli.errors import OppError
from oppcli.files import kinds, references
from oppcli.files.mapping import ImportMap, Source
from oppcli.files.mapping_keys import SKIP
from oppcli.files.reading import Columns, Convert, Read
from oppcli.files.references import REFERENCE
from oppcli.files.sheets import Row
from oppcli.files.tally import Draft, Tally, drafted, refused
from oppcli.model.fields import Field
from oppcli.model.said import say
from oppcli.tuples import NamedTuple
from oppcli.words import currencies
from oppcli.words.invalid import Invalid
from oppcli.words.text import bare

Told = TypeVar("Told")
Found = TypeVar("Found")
TYPED = "typed"
UTC = ZoneInfo("UTC")


class Typed(NamedTuple):
    """A cell that is read late, and its decimal mark."""

    text: str
    decimal: str


class RowFields:
    """The fields of a kind of row, each read by the words that are typed. What cannot be read before another cell is,
    such as an amount without its currency, stays as it was typed (kind `typed`)."""

    def __init__(self, fields: Iterable[Field], zone: ZoneInfo = UTC, currency: str = "") -> None:
        self.zone, self.currency = zone, currency
        self.fields: Mapping[str, Field] = {field.name: field for field in fields}
        self.needed: tuple[str, ...] = tuple(name for name, field in self.fields.items() if field.required)

    def of(self, field: Field, source: Source) -> Convert:
        """The function from a cell's text to the value; it raises `Invalid`."""
        if field.kind == "currency":
            return currencies.parse
        if field.kind in ("text", REFERENCE) and not field.is_id:
            return partial(_text, longest=field.longest)
        if field.kind == TYPED:
            return lambda cell: Typed(cell.strip(), source.decimal or ".")
        return kinds.converter(field, source, currency=self.currency, zone=self.zone)


def _text(cell: str, longest: int) -> str:
    found = bare(cell)
    if len(found) > longest:
        raise Invalid(say("has more than {n} characters", n=longest))
    return found


class RowTaker(Generic[Told]):
    """Takes rows of one kind: what each says is read, what is there of all of them looked up, and each is stored."""

    options: ClassVar[Mapping[str, str]] = {}
    """What is wrong with an option is wrong with its column."""
    late: ClassVar[str] = ""
    """The column that is read late."""
    apart: ClassVar[tuple[str, ...]] = ()
    """Columns that a kind of row reads itself."""
    seldom: ClassVar[tuple[str, ...]] = ()
    """Columns whose cells are read each time: they hardly repeat, or say something else later."""
    named_by: ClassVar[str | None] = None
    """By which field a record is named where the mapping does not say it."""

    @classmethod
    def fields(cls, act: Act, mapping: ImportMap) -> RowFields:
        """The fields of a row. Refused to who may bring none of them."""
        raise NotImplementedError

    def __init__(self, act: Act, mapping: ImportMap, columns: Columns, to: RowFields) -> None:
        self.act, self.mapping, self.to = act, mapping, to
        self.referring: dict[str, Referring] = {}
        self.readers: list[tuple[str, Read]] = [
            (name, self._reader(columns, to.fields[name], source))
            for name, source in mapping.fields.items()
            if name not in self.apart
        ]
        self.met: dict[Any, int] = {}
        """By what is said, the line that said it."""

    def _reader(self, columns: Columns, field: Field, source: Source) -> Read:
        if field.kind != REFERENCE:
            return columns.reader(source, partial(self.to.of, field), cached=field.name not in self.seldom)
        if self.named_by is not None and not references.speaks_of(source):
            source = replace(source, by=self.named_by)
        self.referring[field.name] = Referring(self.act, field.name, source, self.mapping.system)
        return references.reader(columns, source, field.name)

    def take(self, chunk: list[tuple[int, Row]], tally: Tally) -> list[Draft]:
        """Store what can be stored; the drafts in order."""
        drafts = [drafted(line, cells, self.readers, self.to.fields) for line, cells in chunk]
        for name, referring in self.referring.items():
            named = [(draft, each) for draft in drafts if (each := draft.values.get(name)) and not draft.problems]
            for draft, why in referring.resolve(named):
                draft.wrong(name, why)
        good = [draft for draft in drafts if not draft.problems]
        self.gather(good)
        told = [(draft, found) for draft in good if (found := self._tried(draft, partial(self.read, draft)))]
        self.look_up([each for _, each in told])
        for draft, each in self.in_order(told):
            self._tried(draft, partial(self.keep, each, tally))
        self.finish(tally)
        tally.customers = sum(each.made for each in self.referring.values())
        return drafts

    def gather(self, drafts: Sequence[Draft]) -> None:
        """Look up what has to be known before rows whose cells are good are read."""

    def read(self, draft: Draft) -> Told | None:
        """What a row says, its cells good one by one; None with a problem."""
        raise NotImplementedError

    def look_up(self, told: Sequence[Told]) -> None:
        """Find what is there of all of these in as few statements as can be."""

    def in_order(self, told: list[tuple[Draft, Told]]) -> Iterable[tuple[Draft, Told]]:
        """The rows in the order in which they are kept, without those that cannot be, whose drafts say why."""
        return told

    def keep(self, told: Told, tally: Tally) -> None:
        """Store it, and count what became of it. Refused as the verb that enters one is."""
        raise NotImplementedError

    def finish(self, tally: Tally) -> None:
        """Store what was put together."""

    def is_first(self, draft: Draft, said: object, name: str) -> bool:
        """Whether no row before says this; else that is a problem of the column."""
        line = self.met.setdefault(said, draft.line)
        if line != draft.line:
            draft.wrong(name, say("it is on line {line} already", line=line))
        return line == draft.line

    @property
    def skips(self) -> bool:
        """Whether what is there is left as it is."""
        return self.mapping.existing == SKIP

    def _tried(self, draft: Draft, what: Callable[[], Found | None]) -> Found | None:
        try:
            return what()
        except Invalid as wrong:
            draft.wrong(self.late, wrong.message)
        except OppError as refusal:
            refused(draft, refusal, self.options)
        return None
