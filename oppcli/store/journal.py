"""The journal's chain: an entry → its canonical text → SHA-256 over that text and the hash before it; and its proof.

The canonical text has one JSON value per line, in the order of the columns seq, txn, at, actor, on_behalf_of, channel,
action, noun, noun_id, changes, meta, prev. No JSON value holds a raw line end, so two different rows never have the
same text. Of what is personal in `changes` the text has the seals (`oppcli.store.seals`).

`meta.run` is the seq of the first entry of the command line that an entry belongs to, whatever transactions and people
the line had; the first entry names itself. Entries of before there were runs have none: their transaction (`txn`) is
their run (`Entry.run`, `RUN_OF` in SQL).
"""

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from json.encoder import encode_basestring as quoted
from typing import Any

from oppcli import __version__
from oppcli.errors import OppError, UsageError
from oppcli.model.digest import expect_much, sha256
from oppcli.model.journal import CLOCK, Stamp, is_trial
from oppcli.model.said import say
from oppcli.store.doors import ReadDoor, Row
from oppcli.store.mapping import compact, parsed
from oppcli.store.queries import MATCHING
from oppcli.store.seals import OWN_PERSONAL, Sealing, fresh, hashed
from oppcli.tuples import NamedTuple

COLUMNS = (
    "seq",
    "txn",
    "at",
    "actor",
    "on_behalf_of",
    "channel",
    "action",
    "noun",
    "noun_id",
    "changes",
    "meta",
    "prev",
    "hash",
    "salt",
)
SELECT = f"SELECT {', '.join(COLUMNS)} FROM journal ORDER BY seq"
GENESIS = "0" * 64
"""What stands before the first entry."""

RUN_OF = {
    "sqlite": "coalesce(json_extract(meta, '$.run'), txn)",
    "postgresql": "coalesce((meta::json ->> 'run')::bigint, txn)",
}
"""The run of an entry, in SQL, by engine."""


def told(door: ReadDoor, key: str, *, number: bool = False) -> str:
    """SQL for what an entry's meta has under a key."""
    if door.dialect == "sqlite":
        return f"json_extract(meta, '$.{key}')"
    return f"(meta::json ->> '{key}')::bigint" if number else f"meta::json ->> '{key}'"


UNSEALABLE = (ValueError, TypeError, KeyError, AttributeError, OppError)
"""What sealing raises over an entry that another tool has spoilt."""


SET_BACK = (CLOCK, "database")
"""Action and noun of the entry that may step back (`opp db clock`)."""


Told = tuple[Any, str, Sealing | None]
"""What an entry says of one thing: its key, the changes as JSON, and what is personal in them."""
Anchor = tuple[int, str]
"""An entry as it was noted elsewhere: its number, and the beginning of its hash."""
_OF_ACTOR = "(SELECT {} FROM user_account WHERE login = :actor)"
_SCOPE = "(SELECT scope FROM policy ORDER BY number DESC LIMIT 1)"
_OWN = f"(SELECT value FROM meta WHERE key = '{OWN_PERSONAL}')"
_MATCHING = f"(SELECT value FROM meta WHERE key = '{MATCHING}')"
HOOKED = "hooked"
"""What hooks of the applied policy are asked of, as JSON; not there where there never was one."""
_HOOKED = f"(SELECT value FROM meta WHERE key = '{HOOKED}')"
BEGUN = (
    f"SELECT seq, at, hash, {_OF_ACTOR.format('name')}, {_OF_ACTOR.format('server_role')}, {_SCOPE}, {_OWN}, "
    f"{_MATCHING}, (SELECT 1 FROM watch LIMIT 1), {_HOOKED} "
    "FROM journal ORDER BY seq DESC LIMIT 1"
)
"""The last entry, and what is known of who writes and of the applied policy, for a transaction that begins."""


class Head(NamedTuple):
    """The last entry of a chain."""

    seq: int
    at: int
    hash: str


EMPTY = Head(0, 0, GENESIS)


class Fault(NamedTuple):
    """The first place where the chain does not hold."""

    seq: int
    what: str


class Proof(NamedTuple):
    """What recomputing the chain showed: how many entries, the last good one, and the fault if there is one."""

    entries: int
    head: Head
    fault: Fault | None
    redacted: int = 0
    """Entries older than the seals of which something was erased, so that an entry `erase` vouches for them."""


def _origin(stamp: Stamp, name: str | None) -> dict[str, Any]:
    """Where a change came from, the same for all entries of a transaction: the actor's `name` as it was printed then,
    `wall`, the machine's own clock, `tz`, the zone in which the actor reads it, `run_by`, who let time do its work,
    `by`, how the actor was known, and `role`, as whom the server knew this program."""
    host = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    told = {"name": name, "command": stamp.command, "os_user": stamp.os_user, "host": host, "version": __version__}
    here = {"wall": time.time_ns() // 1_000_000, "tz": stamp.tz or None, "run_by": stamp.run_by or None}
    known = {"by": stamp.by, "role": stamp.role or None}
    return {key: value for key, value in {**told, **here, **known}.items() if value is not None}


def readable(text: str) -> str:
    """The JSON text itself. Refuses NUL characters, which PostgreSQL cannot keep."""
    if "\\u0000" in text and "\\u0000" in text.replace("\\\\", ""):
        raise UsageError(say("a text contains a NUL character"))
    return text


def marked(meta: str, mark: str) -> str:
    """The text of an entry's meta with its mark as last key."""
    return f'{meta[:-1]},"mark":"{mark}"}}'


class Chain:
    """Makes the next entries of a chain, all with one stamp; knows nothing of the table they go to."""

    def __init__(self, head: Head, stamp: Stamp, name: str | None = None) -> None:
        self.head, self.txn = head, head.seq + 1
        self.run = stamp.run or self.txn
        self._origin = {**_origin(stamp, name), "run": self.run}
        self._plain_meta = compact(self._origin)
        self._sign = stamp.sign
        self._stamp = stamp
        self._dated(max(stamp.now, head.at))

    def _dated(self, at: int) -> None:
        stamp = self._stamp
        self.at = at
        self._row = (self.txn, at, stamp.actor, stamp.on_behalf_of, stamp.channel)
        self._said = "\n".join(map(compact, self._row))

    def set_back(self) -> int:
        """From here on entries are dated by the clock, whose time it returns, though the last one is ahead of it."""
        self._dated(self._stamp.now)
        return self.at

    def meta(self, extra: Mapping[str, Any] | None) -> str:
        """The text of an entry's meta: what is common to the transaction, and what this entry adds."""
        return compact({**self._origin, **extra}) if extra else self._plain_meta

    def append(
        self, action: str, noun: str, noun_id: str, changes: str, meta: str, sealing: Sealing | None = None
    ) -> Row:
        """The next entry as a row of the journal table. Refused as `extend` does."""
        (row,) = self.extend(action, noun, [(noun_id, changes, sealing)], meta)
        return row

    def extend(self, action: str, noun: str, told: Sequence[Told], meta: str) -> list[Row]:
        """The next entries as rows of the journal table, with their marks where the stamp signs: `mark` is the last key
        of meta, over the entry's text without it. Refused for a text that is not Unicode."""
        (seq, _, prev), rows, shared = self.head, list[Row](), self._row
        front = f"{self._said}\n{quoted(action)}\n{quoted(noun)}"
        naming, salts = _naming(meta), fresh(len(told))
        try:
            for key, changes, sealing in told:
                seq, noun_id, covered, salt, about = seq + 1, str(key), changes, None, meta
                if sealing:
                    paths, values = sealing
                    salt, about = next(salts), naming(tuple(paths))
                    covered = hashed(changes, values, paths, salt)
                said = f"{seq}\n{front}\n{quoted(noun_id)}\n{covered}\n"
                if self._sign is not None:
                    about = marked(about, self._sign(f'{said}{about}\n"{prev}"'))
                digest = sha256(f'{said}{about}\n"{prev}"'.encode())
                rows.append((seq, *shared, action, noun, noun_id, changes, about, prev, digest, salt))
                prev = digest
        except UnicodeEncodeError:
            raise UsageError(say("a text is not valid Unicode (it contains half a character)")) from None
        self.head = Head(seq, self.at, prev)
        return rows


def _naming(meta: str) -> Callable[[tuple[str, ...]], str]:
    """Makes the meta that names sealed paths; most entries of a kind have the same ones."""
    return cache(lambda paths: f'{meta[:-1]},"sealed":{compact(list(paths))}}}')


def trial(door: ReadDoor) -> bool:
    """Whether this is a trial database (see `is_trial`); an empty one is not yet."""
    _, at, meta = door.ends
    return at is not None and is_trial(at, _wall(meta))


def _wall(meta: str) -> object:
    """The machine's clock that an entry kept; None where it kept none, or cannot be read."""
    try:
        told = json.loads(meta)
    except ValueError:
        return None
    return told.get("wall") if isinstance(told, dict) else None


def head(door: ReadDoor) -> Head:
    """The last entry of the database's chain; `EMPTY` when there is none."""
    row = door.one("SELECT seq, at, hash FROM journal ORDER BY seq DESC LIMIT 1")
    return Head(*row) if row else EMPTY


TELLS: Mapping[type, Callable[[Any], str]] = {str: quoted, int: repr}
"""What `compact` does, sooner: of an audit each value of each entry is told."""


def text_of(row: Row) -> str:
    """The canonical text of a stored row: everything in it but the hash itself, what is personal as its seals."""
    *scalars, changes, meta, prev = row[:12]
    if row[13] is not None:
        with suppress(*UNSEALABLE):
            changes = hashed(changes, parsed(changes), parsed(meta)["sealed"], row[13])
    lines = [TELLS.get(value.__class__, compact)(value) for value in scalars]
    return "\n".join([*lines, str(changes), str(meta), compact(prev)])


def digest_of(row: Row) -> str:
    """The hash that belongs to a stored row."""
    return sha256(text_of(row).encode("utf-8", "replace"))


def verify(rows: Iterable[Row], anchors: Sequence[Anchor] = (), vouched: Mapping[int, str] | None = None) -> Proof:
    """Recompute the chain over rows in the order of seq. `anchors` were noted elsewhere before: they also show a chain
    that was cut short or built anew; `vouched` what erasures left of old entries (`erasing.vouched`). The fault names
    the first entry that is not what it was."""
    expect_much()
    noted: dict[int, tuple[str, ...]] = {}
    for seq, start in anchors:
        noted[seq] = (*noted.get(seq, ()), start)
    head, count, redacted = EMPTY, 0, 0
    for row in rows:
        digest = digest_of(row)
        erased = row[12] != digest and (vouched or {}).get(row[0]) == digest
        fault = fault_of(row, head, noted.get(row[0], ()), digest=row[12] if erased else digest)
        if fault:
            return Proof(count, head, fault, redacted)
        count, head, redacted = count + 1, Head(row[0], row[2], row[12]), redacted + erased
    last = max(noted, default=0)
    if last <= head.seq:
        return Proof(count, head, None, redacted)
    told = say("the journal ends at {seq}, but entry {anchor} was noted", seq=head.seq, anchor=last)
    return Proof(count, head, Fault(head.seq + 1, told), redacted)


def fault_of(row: Row, head: Head, noted: Sequence[str], *, digest: str) -> Fault | None:
    """What is wrong with an entry that stands behind `head`; `noted` are the beginnings of hashes that it once had."""
    seq, expected = row[0], head.seq + 1
    if seq != expected:
        return Fault(expected, say("missing: the next entry is {seq}", seq=seq))
    if row[11] != head.hash:
        return Fault(seq, say("does not follow the entry before it"))
    if row[12] != digest:
        return Fault(seq, say("was changed after it was written"))
    if row[2] < head.at and (row[6], row[7]) != SET_BACK:
        return Fault(seq, say("is older than the entry before it"))
    if not all(map(row[12].startswith, noted)):
        return Fault(seq, say("is not the entry that was noted"))
    return None
