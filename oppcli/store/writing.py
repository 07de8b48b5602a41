"""Writing nouns through any engine: add and save with their children and journal entries, in one transaction."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar, cast

from oppcli.errors import Exists, StoreError
from oppcli.model.journal import Entry, Stamp
from oppcli.model.noun import replace
from oppcli.model.said import say
from oppcli.store.changes import created, difference, filled, next_version, numbered
from oppcli.store.doors import Row
from oppcli.store.journal import BEGUN, COLUMNS, EMPTY, SET_BACK, Chain, Head, Told, readable
from oppcli.store.mapping import Shape, compact, shape_of
from oppcli.store.reading import Reading
from oppcli.store.refusals import StageIds, Taken, stale, told_taken
from oppcli.store.seals import ERASE, OWN_PERSONAL, Sealing, blank, personal, personal_made

if TYPE_CHECKING:
    from oppcli.store.bulk import Bulk

Noun = TypeVar("Noun")
REMEMBERED = 50
CHUNK = 2_000
"""Nouns per statement in bulk: large enough to cost nothing per statement, small enough to cost no memory."""
_PUT_META = "INSERT INTO meta (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = :value"


class Writing(Reading):
    """One transaction with one stamp. An engine gives `_insert`, `_execute` and the savepoint statements' execution."""

    true = True

    def begin(self, stamp: Stamp) -> None:
        """Take the last entry, once the lock is held."""
        found = self.one(BEGUN, actor=stamp.actor) or (*EMPTY, *[None] * 7)
        *last, name, role, self.scope, own, plan, watched, hooked = found
        self.watched = watched is not None
        self.hooked: list[str] = json.loads(hooked) if hooked else []
        self.own_personal: list[str] = json.loads(own) if own else []
        self.matching = json.loads(plan) if plan else None
        stamp = self._vouched(stamp, role)
        self._chain = Chain(Head(*last), stamp, name)
        self.previous_at = last[1]
        self.stamp = replace(stamp, run=self._chain.run)
        self.at = self._chain.at
        self.dirty: list[tuple[str, Any, Iterable[str] | None]] = getattr(self, "dirty", [])
        self.gained: dict[str, list[int]] = getattr(self, "gained", {})
        self.entries: list[Entry] = []
        """What this transaction has written so far, `add_many` excepted (it would not fit)."""
        self.written: list[Any] = []
        self._next: dict[str, int] = {}
        self._spoilt = False

    def _vouched(self, stamp: Stamp, role: str | None) -> Stamp:
        """The stamp as the engine knows it; `role` is the one of the server that is said to be the person's."""
        return stamp

    @property
    def run(self) -> int | None:
        """The first entry of the command line at hand; None while it has written none."""
        return self._chain.run if self._chain.head.seq >= self._chain.run else None

    def _insert(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Insert the rows; raises `Taken`."""
        raise NotImplementedError

    def _execute(self, sql: str, /, **params: Any) -> int:
        """Run one statement that changes rows; returns how many."""
        raise NotImplementedError

    def _execute_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run it once for each row; returns how many rows were changed in all."""
        raise NotImplementedError

    @contextmanager
    def whole(self) -> Iterator[None]:
        """All of the block or nothing of it, also where the caller goes on after the refusal."""
        head, following, told = self._chain.head, dict(self._next), (len(self.entries), len(self.written))
        self._execute("SAVEPOINT noun")
        try:
            yield
        except BaseException:
            self._chain.head, self._next, self._stages = head, following, None
            del self.entries[told[0] :], self.written[told[1] :]
            self._back()
            raise
        self._execute("RELEASE SAVEPOINT noun")

    @contextmanager
    def _whole(self, shape: Shape, noun: Any = None) -> Iterator[None]:
        """The same; a taken key is refused by its name."""
        try:
            with self.whole():
                yield
        except Taken as taken:
            raise Exists(told_taken(shape, noun, taken.columns, self)) from None

    def _back(self) -> None:
        """Back to the savepoint. A full disk or a lost connection leaves none: then the transaction is over."""
        try:
            self._execute("ROLLBACK TO SAVEPOINT noun")
            self._execute("RELEASE SAVEPOINT noun")
        except StoreError:
            self._spoilt = True

    @contextmanager
    def or_nothing(self, shape: Shape) -> Iterator[None]:
        """All of the transaction or nothing of it: what fails spoils it. Refuses a taken key by its name."""
        try:
            yield
        except BaseException as error:
            self._spoilt = True
            if isinstance(error, Taken):
                raise Exists(told_taken(shape, None, error.columns)) from None
            raise

    def finish(self) -> None:
        """Refuse to commit what is not whole; keep what follows from the rows."""
        if self.dirty and not self._spoilt:
            from oppcli.store.matching import keep

            keep(self)
        if self._spoilt:
            raise StoreError(say("a change failed in this transaction; nothing was written"))

    def add(self, noun: Noun, *, action: str = "create", meta: Mapping[str, Any] | None = None) -> Noun:
        shape = shape_of(type(noun))
        with self._whole(shape, noun):
            added: Any = self._identified(shape, noun)
            told = readable(created(shape, added))
            key, gathered = getattr(added, shape.own[0]), dict[Shape, list[Row]]()
            shape.gather(added, key, self._known(shape), gathered)
            for part, rows in gathered.items():
                self._insert(part.table, part.columns, rows)
            self._tell(action, shape.word, str(key), told, meta)
        return cast(Noun, self._remembered(shape, added))

    def _identified(self, shape: Shape, noun: Any) -> Any:
        noun = numbered(shape, noun)
        return replace(noun, id=self._take(shape, 1)) if shape.auto and not noun.id else noun

    def reserve(self, *nouns: type[Any], beside: Sequence[str] = (), **params: Any) -> Row:
        tables = [shape_of(noun).table for noun in nouns]
        asked = [*(f"(SELECT max(id) FROM {table})" for table in tables), *beside]
        row = self.one(f"SELECT {', '.join(asked)}", **params) or ()
        self._next |= {table: (top or 0) + 1 for table, top in zip(tables, row, strict=False)}
        return row[len(tables) :]

    def _take(self, shape: Shape, count: int) -> int:
        """The first of `count` new ids. The write lock is held, so nobody else can take the same."""
        table = shape.table
        if table not in self._next:
            (top,) = self.one(f"SELECT max(id) FROM {table}") or (None,)
            self._next[table] = (top or 0) + 1
        first = self._next[table]
        self._next[table] = first + count
        return first

    def _known(self, shape: Shape) -> Mapping[str, int]:
        return StageIds(self.stages) if shape.stages_below else {}

    def save(self, before: Noun, after: Noun, *, action: str = "edit", meta: Mapping[str, Any] | None = None) -> Noun:
        """Writes what differs, and its entry. Raises `Conflict` where it was changed, `ValueError` for two things."""
        return self._save(before, after, action, meta, lambda changes: changes)

    def erase(self, before: Noun, after: Noun, meta: Mapping[str, Any]) -> Noun:
        word = shape_of(type(before)).word
        return self._save(before, after, ERASE, meta, lambda changes: blank(word, changes, self.own_personal))

    def _save(
        self, before: Noun, after: Noun, action: str, meta: Mapping[str, Any] | None, telling: Callable[[Any], Any]
    ) -> Noun:
        if before == after:
            return before
        shape = shape_of(type(before))
        new, changes = next_version(shape, before, after)
        if not changes:
            return before
        told = readable(compact(telling(changes)))
        with self._whole(shape, new):
            self._write(shape, [(before, new)])
            self._tell(action, shape.word, str(getattr(before, shape.own[0])), told, meta)
        return cast(Noun, self._remembered(shape, new))

    def _remembered(self, shape: Shape, noun: Any) -> Any:
        if shape.table == "stage":
            self._stages = None
        if len(self.written) < REMEMBERED:
            self.written.append(noun)
        return noun

    def _write(self, shape: Shape, pairs: Sequence[tuple[Any, Any]]) -> None:
        """Write what differs. Refused where one was changed since it was read."""
        updated, deleted, fresh = difference(shape, pairs, self._known(shape))
        for sql, rows in updated.items():
            if self._execute_many(sql, rows) != len(rows):
                raise stale(self, shape, pairs[0][0])
        for sql, rows in deleted.items():
            self._execute_many(sql, rows)
        for part, coming in fresh.items():
            self._insert(part.table, part.columns, coming)

    def save_many(self, pairs: Iterable[tuple[Any, Any]], *, action: str, meta: Mapping[str, Any] | None) -> int:
        from oppcli.store.marking import save

        return save(self, list(pairs), action, meta)

    def drop(self, noun: Any) -> None:
        from oppcli.store.dropping import drop

        drop(self, shape_of(type(noun)), noun)

    def mark(self, noun: type[Any], keys: Sequence[int], standing: str, *, action: str, meta: Mapping[str, Any]) -> int:
        """Give things another standing in bulk: the same rows and entries as `save` one by one."""
        from oppcli.store.marking import mark

        return mark(self, shape_of(noun), keys, standing, action, meta)

    def drop_table(self, name: str) -> None:
        """Take away a table that a migration left."""
        self._execute(f"DROP TABLE {name}")

    def derive(self, key: str, value: str) -> None:
        if key == OWN_PERSONAL:
            self.own_personal = json.loads(value)
        self._execute(_PUT_META, key=key, value=value)

    def set_back(self, meta: Mapping[str, Any]) -> None:
        self.at = self._chain.set_back()
        self._tell(*SET_BACK, "1", "{}", meta)

    def rewritten(self, seq: int, changes: str) -> None:
        """Give an entry another text and take its salt. The chain holds where the text is that which is hashed."""
        self._execute("UPDATE journal SET changes = :changes, salt = NULL WHERE seq = :seq", changes=changes, seq=seq)

    def note(self, action: str, noun: str, noun_id: str, meta: Mapping[str, Any]) -> None:
        self._tell(action, noun, noun_id, "{}", meta)

    def _tell(self, action: str, noun: str, noun_id: str, changes: str, meta: Mapping[str, Any] | None) -> None:
        said = readable(self._chain.meta(meta))
        told = json.loads(changes)
        sealing = self._sealing(noun, told) if action != ERASE else None
        row = self._chain.append(action, noun, noun_id, changes, said, sealing)
        self._insert("journal", COLUMNS, [row])
        self._look_up(noun, (noun_id,), None if action == "create" else told)
        whole = dict(zip(COLUMNS, row, strict=True))
        self.entries.append(Entry(**{**whole, "changes": told, "meta": json.loads(whole["meta"])}))

    def _sealing(self, noun: str, changes: Mapping[str, Any]) -> Sealing | None:
        paths = personal(noun, changes, self.own_personal)
        return (paths, changes) if paths else None

    def add_many(self, nouns: Iterable[Any], *, action: str = "create") -> Sequence[Any]:
        """Insert nouns of one kind in bulk, in constant memory, as `add` does one by one; their keys, in order."""
        feed = iter(nouns)
        keys: list[Any] = []
        given: range | None = None
        for chunk in iter(lambda: list(islice(feed, CHUNK)), []):
            shape = shape_of(type(chunk[0]))
            with self._whole(shape):
                here = self._add_chunk(shape, chunk, action)
            if isinstance(here, range):
                given = here if given is None else range(given.start, here.stop)
            else:
                keys.extend(here)
        return given if given is not None else keys

    def _add_chunk(self, shape: Shape, chunk: list[Any], action: str) -> Sequence[Any]:
        """The noun itself is not copied to carry its id: only its row is."""
        fresh = shape.auto and not chunk[0].id
        first = self._take(shape, len(chunk)) if fresh else 0
        keys = range(first, first + len(chunk)) if fresh else [getattr(noun, shape.own[0]) for noun in chunk]
        stages, gathered = self._known(shape), dict[Shape, list[Row]]()
        told: list[Told] = []
        for noun, key in zip(chunk, keys, strict=True):
            shape.gather(noun, key, stages, gathered)
            told.append((key, created(shape, noun, version=True), personal_made(shape, noun, self.own_personal)))
        for part, rows in gathered.items():
            self._insert(part.table, *filled(part.columns, rows))
        self.tell_many(action, shape.word, told)
        return keys

    def tell_many(self, action: str, noun: str, told: Iterable[Told], meta: Mapping[str, Any] | None = None) -> None:
        """Entries of many things of a kind, which `entries` does not keep."""
        said = [(key, readable(changes), sealing) for key, changes, sealing in told]
        self._insert("journal", COLUMNS, self._chain.extend(action, noun, said, readable(self._chain.meta(meta))))
        self._look_up(noun, (key for key, _, _ in said), None)

    def _look_up(self, noun: str, keys: Iterable[Any], paths: Iterable[str] | None) -> None:
        if self.matching is not None and noun in self.matching["nouns"]:
            from oppcli.store.matching import written

            written(self, noun, keys, paths)

    def bulk(self, noun: type[Any], fields: Sequence[str], same: Mapping[str, Any]) -> "Bulk":
        """What inserts rows of values that never become nouns."""
        from oppcli.store.bulk import Bulk, Plan

        shape = shape_of(noun)
        return Bulk(self, Plan(shape, fields, same, self._known(shape), self.own_personal))
