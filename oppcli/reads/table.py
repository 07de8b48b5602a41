"""What a report is and what it returns: kinds, columns, parameters, `Table` and `Report`."""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, NamedTuple

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
    kind: Kind = Kind.TEXT
    title: str | None = None
    """Heading on a terminal; default: the name in capitals with spaces."""
    currency: str = "currency"
    """For MONEY: the column that names the currency."""
    wide: bool = True
    """Shown in `table` by default. Machine formats have all columns by default."""
    bar: bool = False
    """On a terminal and in html a small bar beside the row shows the value against the largest one."""
    unit: str = ""
    """Written after the value for people: `bh` for business hours."""


class Table(NamedTuple):
    """Columns and rows, ready for any format. `notes` (populations, what was left out) go to stderr."""

    columns: tuple[Column, ...]
    rows: Iterable[Row]
    title: str = ""
    notes: tuple[str, ...] = ()
    single: bool = False
    """One thing rather than a list: JSON is an object, `table` is field/value lines."""
    prose: str = ""
    """What people read in place of `table`, where sentences say it better; every other format has the rows."""
    above: tuple[str, ...] = ()
    """Lines that people read above the rows of `table` and below them, a blank line between; only there."""
    below: tuple[str, ...] = ()


class Param(NamedTuple):
    """An option of a report: `--cohort month`."""

    name: str
    help: str
    kind: str = "text"
    """text, flag, choice, date, instant, stage, user, currency."""
    choices: tuple[str, ...] = ()
    default: Any = None
    many: bool = False


class Report(NamedTuple):
    """A report. `sql` may be a function of the arguments where optional filters change the text."""

    name: str
    title: str
    columns: tuple[Column, ...]
    params: tuple[Param, ...] = ()
    sql: str | Callable[[Mapping[str, Any]], tuple[str, dict[str, Any]]] = ""
    shape: Callable[[list[Row]], list[Row]] = list
    """What the rows of the SQL become: a pure function."""
    build: Callable[..., Table] | None = None
    """For a report that SQL alone says badly: (door, args, frame) → Table. It reads through the door and computes
    with pure rules."""
    examples: tuple[str, ...] = ()
    alarm: bool = False
    """Takes `--exit-code`: 10 when it has rows."""
    notes: Callable[..., tuple[str, ...]] | None = None


class Frame(NamedTuple):
    """What every report may depend on besides its own arguments."""

    now: int
    tz: str
    actor: str | None = None
    policy: Any = None
    """The applied Policy, loaded on first use by `cli.context` (a callable returning it)."""
    args: Mapping[str, Any] = MappingProxyType({})
