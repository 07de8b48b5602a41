"""What a read is and what it returns: kinds, columns, parameters, notes, `Table` and `Read`."""

from collections.abc import Callable, Collection, Iterable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

from oppcli.model.records import SHOWN
from oppcli.model.said import HEADING, heading
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.model.policy import Policy
    from oppcli.reads.crossing import Cross
    from oppcli.store.doors import ReadDoor

Row = tuple[Any, ...]


class Kind(Enum):
    """What a column holds. Raw values in rows are what machine formats need; `render` knows how people read them."""

    TEXT = "text"
    REF = "ref"
    """A permanent id or login; never shortened."""
    COUNT = "count"
    NUMBER = "number"
    """A decimal."""
    FRACTION = "fraction"
    """0–1; people see per cent."""
    PERCENT = "percent"
    """Ten-thousandths of one per cent, as stored; machines get plain decimals (12.5)."""
    MONEY = "money"
    """Minor units; the column named by `currency` says of what. Machines get plain decimals."""
    DAYS = "days"
    HOURS = "hours"
    SECONDS = "seconds"
    """People read the largest unit that fits: `2.0 h`."""
    INSTANT = "instant"
    """Milliseconds since 1970 UTC; machines get ISO 8601 with Z, people their own zone."""
    DATE = "date"
    BOOL = "bool"
    LIST = "list"
    """A tuple; JSON gets an array, flat formats join with `; `."""
    OBJECT = "object"
    """Nested JSON-ready data; flat formats get compact JSON."""


class Beyond(float):
    """A value of which is known only that it is larger than this: `>138`."""


class Column(NamedTuple):
    name: str
    """Empty for the only column of a table of whole objects."""
    kind: Kind = Kind.TEXT
    title: str | None = None
    """Heading on a terminal; default: the name in capitals with spaces."""
    currency: str = "currency"
    """For MONEY: the column that names the currency."""
    wide: bool = True  # shown in `table` by default; machine formats have all columns by default
    bar: bool = False
    """On a terminal and in html a small bar beside the row shows the value against the largest one."""
    words: str = ""
    """For codes that people read as words: the group they are of, such as `state`."""
    unit: str = ""  # written after the value for people: `bh` for business hours
    behalf: str = ""
    """For who acts: the column that names for whom. People read `fin for cay` where that column is not shown."""
    place: int = 0
    """By default people read the columns in the order of this, then as they stand."""
    rank: int = 0
    """How much a screen should keep it, 1 most: from 4 up it goes where there is no room. 0: as its kind has it."""
    cut: bool = False
    """On a screen its text may be shortened: a title, a customer, a remark; ids, codes, people, figures never."""
    named: bool = False
    """In a record its heading stands before its text, as before figures and dates: `waiting on chen`."""
    alone: bool = False  # in a record it has a line of its own: a command
    late: bool = False  # hours by which something is late, as its heading says: red where there is colour
    toned: str = ""  # the column whose code gives it its colour
    until: str = ""
    """Hours left until the instant in this column: people read `34.2 bh late` behind it, on its day `3.5 bh today`."""
    counts: bool = False  # for MONEY: in a row that has no currency it is a count
    timed: bool = False
    """Its text has instants in it: ISO for programs, spoken for people in every language."""
    hashes: bool = False
    """People read of a hash its beginning, by which it is found: `opp policy show be78f9831653`."""
    blank: str = ""  # what people read where it has no value: `(none)`

    @property
    def heading(self) -> str:
        """What people read above it, or beside its value."""
        return heading(self.name) if self.title is None else self.title


def ranked(columns: Iterable[Column], ranks: str) -> tuple[Column, ...]:
    """The columns, those of `id due 1, type 2, amount 1` alone shown to people by default, so ordered and ranked."""
    known, asked = tuple(columns), dict[str, int]()
    for part in ranks.split(","):
        *names, rank = part.split()
        asked |= dict.fromkeys(names, int(rank))
    order = list(asked)
    moved = order != [column.name for column in known if column.name in asked]

    def told(column: Column) -> Column:
        if column.name not in asked:
            return column._replace(wide=False) if column.wide else column
        return column._replace(wide=True, place=order.index(column.name) + 1 if moved else 0, rank=asked[column.name])

    return tuple(map(told, known))


class Footnote(NamedTuple):
    """What is said beside an answer, as `note: …` on stderr: an omission always, what was counted to people."""

    code: str
    """What kind of note it is; never renamed."""
    count: int | None  # type: ignore[assignment]
    """How many it is about; None where nothing was counted."""
    text: str

    @property
    def omission(self) -> bool:
        """Is something left out that was asked for? Else it is said on a terminal or with `-v`."""
        return self.code not in POPULATIONS


COMMAND = "command"  # code of a note that is a command to go on with
POPULATIONS = frozenset(("population", "period", "unit", "limit", "state"))
"""Codes of notes that say what the figures are about: how many, of when, in which unit, the newest of how many."""


class Picture(NamedTuple):
    """How people see a table in place of rows: in these formats by the module of `render` of this name, and `asked` is
    what it has to know besides the rows."""

    name: str
    asked: Mapping[str, Any]
    formats: tuple[str, ...] = ("table", "html")


class Chart(NamedTuple):
    """What a page draws beside a table (bars, funnel, lines), by the names of columns: what stands at each bar or
    point, its figures (several are the parts of one bar), and what parts the rows into several lines or funnels."""

    kind: str
    label: tuple[str, ...]
    values: tuple[str, ...]
    series: str = ""


class Table(NamedTuple):
    """Columns and rows, ready for any format. `notes` (populations, what was left out) go to stderr."""

    columns: tuple[Column, ...]
    rows: Iterable[Row]
    title: str = ""
    notes: tuple[Footnote, ...] = ()
    single: bool = False
    """One thing and no list: JSON is an object, `table` is field/value lines."""
    prose: str = ""
    """What people read in place of `table`, where sentences say it better; every other format has the rows."""
    verbatim: bool = False
    """Its prose is a text that is read back from a file: in a pipe byte for byte, never broken, nobody's language."""
    above: tuple[str, ...] = ()
    """Lines that people read above the rows of `table` and below them, a blank line between; only there."""
    below: tuple[str, ...] = ()
    total: Mapping[str, Any] | None = None
    """Figures of the whole population, computed over it and not from the rows; `-o full` has them."""
    summed: tuple[str, ...] = ()
    """The total in sentences: on a terminal below the rows, and in html."""
    picture: Picture | None = None  # what people see in place of rows, unless columns are asked for
    chart: Chart | None = None  # what html draws beside the rows
    last: Row | None = None
    """The row of the whole, behind all others whatever their order and limit: for people; for programs if `lasts`."""
    lasts: bool = False
    cross: "Cross | None" = None  # how people see rows of two keys
    tells: "Callable[[Row], bool] | None" = None  # which rows people see, where not all; programs have all
    exact: bool = False  # somebody decides by it, or it is a limit: amounts are shown in full whatever is set
    records: bool = False  # a row that does not fit on a line takes two or three; no column is left out
    footer: tuple[Footnote, ...] = ()
    """What people at a terminal are told below the rows, in one line on stderr; a command has its own."""
    order: str = ""  # how people at a terminal read the rows where they did not `--sort`

    def without(self, names: Collection[str]) -> "Table":
        """The table without the columns that are called so."""
        kept = [place for place, column in enumerate(self.columns) if column.name not in names]
        if len(kept) == len(self.columns):
            return self
        rows = [tuple(row[place] for place in kept) for row in self.rows]
        return self._replace(columns=tuple(self.columns[place] for place in kept), rows=rows)


NEEDED = "needed"
"""As a default: an argument that has to be given."""


class Param(NamedTuple):
    """An option or argument of a read: `--cohort month`."""

    name: str
    help: str
    kind: str = "text"
    """text, flag, choice, since, until, currency, date; what is looked up by its name: user (several, `!` excludes),
    person (one login, or me), team (a login, and all below), stage, customer, source, tag, type, deal."""
    choices: tuple[str, ...] = ()
    default: Any = None
    many: bool = False
    place: bool = False
    """An argument rather than an option; needed where `default` is `NEEDED`."""
    short: str = ""
    metavar: str = ""
    key: str = ""
    """What the argument is called, where it is not the name."""
    words: str = HEADING
    """The group of its choices: what the languages call them may be typed, too."""
    each: str = ""
    """The noun of what it names: ids in a list with commas or on standard input are several, each read as if alone."""
    at_once: bool = False
    """Several are read in one go: what is told of them has one order, and one limit."""

    @property
    def word(self) -> str:
        """As arguments are called: `waiting_on`."""
        return self.key or self.name.replace("-", "_")


WHERE = Param(
    "where",
    "a condition on the fields, the team's own too: amount >= 50万 and tier in [A, B]",
    many=True,
    short="-w",
    metavar="COND",
)
"""What every read with rows takes: all of them must hold."""
IN = Param("in", "money counted in this currency, at the dated rates", "currency")
DEALS = Param(
    "deal", "one or more deals", "deal", default=NEEDED, place=True, many=True, metavar="DEAL...", each="deal"
)
WITH_ROWS = "end with 10 when there are rows"  # what `--exit-code` does for most reads


class Read(NamedTuple):
    """A list, a report or one thing, as a value: everything about its command follows from it."""

    path: str
    """Where it stands in the tree: `report funnel`."""
    title: str
    help: str  # what `--help` says of it first
    columns: tuple[Column, ...]
    build: "Callable[[ReadDoor, Mapping[str, Any], Frame], Table] | None" = None
    """Reads through the door and computes with pure rules. None where a command gathers its parts (`cli.reading`)."""
    params: tuple[Param, ...] = ()
    examples: tuple[str, ...] = ()
    alarm: str = ""
    """Takes `--exit-code`, which does this; without a word of its own 10 when it has rows."""
    standing: tuple[str, ...] = SHOWN
    """Which records it is about: the live ones, figures the archived ones too, one thing and the journal any."""
    more: str = ""  # a paragraph of help behind the first sentence
    whole: str = ""
    """What it does, where that takes who sees everything: it reads all there is, as it is stored."""
    records: bool = False  # its rows take several lines where one does not fit; it never loses a column
    narrows: bool = True
    """Whether `-w` chooses among its rows: not where it tells of one thing, or of what is not in the database."""
    grows: bool = False  # by the number in its first column: all of its rows are read in pieces, as they are written
    exports: bool = False
    """For other programs: CSV unless -o says otherwise, row by row while the door is open."""
    lines: str = ""
    """The value of its first argument of which the rows are whole objects, of all standings and in `jsonl` alone."""
    drawn: tuple[str, ...] = ()
    """Values of its first argument of which the answer is drawn, as a calendar is, unless -o says otherwise."""

    @property
    def asks(self) -> tuple[Param, ...]:
        """All it may be asked with: its own parameters, and conditions."""
        return (*self.params, WHERE) if self.narrows and WHERE not in self.params else self.params

    @property
    def name(self) -> str:
        return self.path.rpartition(" ")[2]


class Frame(NamedTuple):
    """What every read may depend on besides its own arguments."""

    now: int
    tz: str
    policy: "Callable[[], Policy]"
    """The applied policy, read when it is asked for."""
    actor: str = ""  # login of who asks
    hidden: tuple[str, ...] = ()
    """The fields of deals they do not have."""
    screen: bool = False
    """People read it at a terminal: what is over is left out of a list that says so; sums are told."""
    aside: bool = True  # columns that people see only where they ask for them are wanted, too
    asked: str = ""  # the columns that were typed, to show and to sort by
    former: "Callable[[str], str | None]" = lambda name: None  # what a merged customer of this name is called now
    beside: "Callable[[int, str], tuple[Any, Any]]" = lambda number, name: ({}, ())  # see `reads.dotted.came_about`
    newest: int | None = None  # rows wanted in the read's own order: of one in order of time its latest; None for all
    first: "tuple[tuple[tuple[str, str], ...], int] | None" = None  # in the order of these columns (sign, name) so many
    after: int | None = None  # of what grows a piece of the rows behind this number; None for all at once

    def show(self, at: int) -> str:
        """An instant as the person who asks reads it."""
        from oppcli.words.shown import show_instant

        return show_instant(at, self.tz, self.now)
