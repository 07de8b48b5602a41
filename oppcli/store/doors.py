"""The contract both engines keep. A door is opened by `store.open_read` / `store.open_write`.

Write door: `with open_write(url, stamp) as door:` takes the write lock before anything is read, commits when the block
ends well and rolls back when it raises. Nothing else in the program commits.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from oppcli.model.journal import Entry, Stamp
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.model.sight import Sight

Noun = TypeVar("Noun")
Row = tuple[Any, ...]


class View(NamedTuple):
    """What stands under a name while something is read."""

    name: str
    query: str

    @property
    def statement(self) -> str:
        """It, made for this connection alone."""
        return f"CREATE TEMPORARY VIEW {self.name} AS {self.query}"


class ReadDoor(Protocol):
    """SELECTs only; physically unable to write. Placeholders are `:name` on both engines."""

    dialect: str
    """sqlite or postgresql, for the rare SQL that must differ."""

    true: bool
    """Whether it sees what is there, whatever who asks may see: a write door does."""
    scope: str | None
    """What the applied policy says of who sees what and of proof (`rules.scopes`); None where it says nothing."""
    language: str
    """That of the applied policy, empty where it says none."""
    active: bool | None
    """Whether who asks is active; None for who is no user. Known to a read door."""
    several: bool
    """Whether the stages are in more than one pipeline. Known to a read door."""
    sight: "Sight | None"
    """What who asks sees; None where everybody sees everything."""

    came_later: int
    """Of a door on another time: deals that came later by an import, with earlier dates."""

    @property
    def hidden(self) -> tuple[str, ...]:
        """The fields of deals that who asks does not have."""
        ...

    @property
    def ends(self) -> Row:
        """When the newest journal entry was written, when the first one, and the meta of that, as it was when the door
        was opened; None each in an empty journal."""
        ...

    @property
    def last_at(self) -> int:
        """When the newest entry of then was written, milliseconds; 0 in an empty journal."""
        ...

    def rows(self, sql: str, /, **params: Any) -> list[Row]: ...

    def afresh(self) -> None:
        """Make the door fit for use after a statement that failed."""
        ...

    def stream(self, sql: str, /, **params: Any) -> Iterator[Row]:
        """Rows one by one in constant memory."""
        ...

    def one(self, sql: str, /, **params: Any) -> Row | None: ...

    def column(self, sql: str, /, **params: Any) -> list[Any]:
        """The first value of every row."""
        ...

    def value(self, sql: str, /, **params: Any) -> Any | None:
        """The first value of the first row; None where there is no row."""
        ...

    def any_of(self, column: str, name: str, values: Sequence[Any]) -> tuple[str, Any]:
        """A condition that holds where the column has any of the values, and what to bind to `:name` for it."""
        ...

    def get(self, noun: type[Noun], key: int | str) -> Noun:
        """The noun with its children. Raises `NotFound`."""
        ...

    def find(self, noun: type[Noun], /, **equals: Any) -> list[Noun]:
        """All nouns whose fields equal (a list or tuple means: any of), ordered by key, with their children."""
        ...

    def things_in(self, noun: type[Noun], text: str | None) -> list[Noun]:
        """The nouns without children whose rows stand in a text of `reading.gathered`, by key."""
        ...


class SqlDoor(ReadDoor, Protocol):
    """A read door as it is opened, which takes views of its own and statements that somebody typed."""

    def look_through(self, views: Sequence[View]) -> None:
        """Put views before what is read."""
        ...

    def asked(self, sql: str, values: Mapping[str, Any], seconds: int) -> tuple[list[str], Iterator[Row]]:
        """Names of the columns and rows, in constant memory, of a statement that somebody typed, which can do nothing
        but read. Refused (`UsageError`) with what the database says of it, and where it takes longer."""
        ...


class WriteDoor(ReadDoor, Protocol):
    """One transaction. Every change is journalled with the door's stamp in the same transaction."""

    stamp: Stamp
    entries: list[Entry]
    """What was journalled so far, without the entries of `add_many`. A dry run prints it."""
    scope: str | None
    """JSON of what the applied policy says of identity and scope; None where it says nothing of either."""
    at: int
    """The transaction's time: max(what the clock said, the last entry's time). Rules take it as `now`."""
    previous_at: int
    """When the newest entry of before this transaction was written, milliseconds; 0 where there was none."""

    @property
    def run(self) -> int | None:
        """The first entry of the command line at hand; None while it has written none. Whoever opens another door for
        the same line hands it on in the stamp."""
        ...

    own_personal: list[str]
    """The team's own fields that may tell of a person."""
    written: list[Any]
    """The first things that were added or saved one by one, as they are since."""

    watched: bool
    """Whether anybody watches anything, or ever did."""
    hooked: list[str]
    """What hooks of the applied policy are asked of (`model.events`)."""
    matching: Mapping[str, Any] | None
    """What `[duplicates]` of the applied policy compares (`store.matching`); None where it has no rules."""

    def begin(self, stamp: Stamp) -> None:
        """Go on under another stamp, within the same commit: another person, a later time, a transaction of its own in
        the journal. A stamp made from `door.stamp` goes on with the same run, a new one begins another."""
        ...

    def whole(self) -> AbstractContextManager[None]:
        """All of the block or nothing of it, where the caller goes on after a refusal; blocks may lie in each other."""
        ...

    def reserve(self, *nouns: type[Any], beside: Sequence[str] = (), **params: Any) -> Row:
        """Look the next ids of several nouns up at once, in one statement for all that is going to be added; returns
        what the SQL `beside` it gives."""
        ...

    def add(self, noun: Noun, *, action: str = "create", meta: Mapping[str, Any] | None = None) -> Noun:
        """Insert with its children; returns it with its id. Raises `Exists` for a taken key."""
        ...

    def save(self, before: Noun, after: Noun, *, action: str = "edit", meta: Mapping[str, Any] | None = None) -> Noun:
        """Update the row and children that differ, `WHERE version = before.version` (else `Conflict`), bump the
        version, append the journal entry. Returns `after` with the new version. Equal nouns write nothing."""
        ...

    def save_many(self, pairs: Iterable[tuple[Any, Any]], *, action: str, meta: Mapping[str, Any] | None) -> int:
        """The same rows and entries as `save` one by one, for nouns of one kind as they were read and as they are to
        be. Returns how many differed. When it fails, the transaction cannot be committed."""
        ...

    def drop(self, noun: Any) -> None:
        """Take a noun away for good, with an entry of all that it was. For what a new database was begun with."""
        ...

    def mark(self, noun: type[Any], keys: Sequence[int], standing: str, *, action: str, meta: Mapping[str, Any]) -> int:
        """Give things another standing in bulk: the same rows and entries as `save` one by one. Those that have it
        already are passed over; returns how many had not."""
        ...

    def derive(self, key: str, value: str) -> None:
        """Keep what follows from a noun that is written, so that reads need not derive it. No entry tells of it."""
        ...

    def erase(self, before: Noun, after: Noun, meta: Mapping[str, Any]) -> Noun:
        """`save` for what is erased for good: the entry, `erase`, says nothing of what was there."""
        ...

    def rewritten(self, seq: int, changes: str) -> None:
        """Give an entry another text and take its salt (`oppcli.store.erasing`)."""
        ...

    def note(self, action: str, noun: str, noun_id: str, meta: Mapping[str, Any]) -> None:
        """A journal entry without a change of a row: a refused attempt, a policy applied, a backup."""
        ...

    def set_back(self, meta: Mapping[str, Any]) -> None:
        """The entry `clock` at the stamp's time, whatever the last entry's; what is written after it has that time."""
        ...

    def add_many(self, nouns: Iterable[Any], *, action: str = "create") -> Sequence[Any]:
        """Insert nouns of one kind in bulk, in constant memory: the same rows and entries as `add` one by one. Returns
        their keys in order (a range where the door gives the ids). Nouns that have ids and versions keep them."""
        ...

    def bulk(self, noun: type[Any], fields: Sequence[str], same: Mapping[str, Any]) -> "Bulk":
        """Ready to insert rows of values as new nouns that are never made: what `add_many` does, several times as fast.
        `fields` differ from row to row, `same` holds for all, the rest takes the noun's defaults."""
        ...


class Bulk(Protocol):
    """Inserts rows of values in the order of its fields; children are tuples of tuples of their fields."""

    def add(self, rows: Sequence[Sequence[Any]]) -> range:
        """The ids of the new nouns. When it fails, the transaction cannot be committed."""
        ...
