"""Decisions in a person's name, and whether their marks are that person's."""

import json
from collections.abc import Callable, Sequence
from itertools import groupby

from oppcli.model.journal import DECISIONS, PIN, ROLE
from oppcli.store import credentials
from oppcli.store.doors import ReadDoor, Row
from oppcli.store.journal import COLUMNS, text_of
from oppcli.store.patterns import quoted
from oppcli.tuples import NamedTuple

TXN, ACTION, NOUN, META = map(COLUMNS.index, ("txn", "action", "noun", "meta"))
Mark = Callable[[str], str]


class Tally(NamedTuple):
    """What was found: entries by seq."""

    yours: tuple[int, ...]
    by_role: tuple[int, ...]
    """The server's word, not the PIN's."""
    claimed: tuple[int, ...]
    earlier: tuple[int, ...]
    """Marked with a PIN that a one-time code took: nobody can check them any more."""
    not_yours: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(map(len, self))


def tally(door: ReadDoor, login: str, marks: Sequence[Mark]) -> Tally:
    """Every decision with this actor: votes on requests, and whatever else was done in one with the PIN, once each; but
    every entry whose mark is not theirs. `marks` make those of the PIN and of the ones before it."""
    lost = credentials.last_voided(door, login)
    sql = (
        f"SELECT {', '.join(COLUMNS)} FROM journal WHERE actor = :login AND "
        f"((noun = 'request' AND action IN ({quoted(DECISIONS)})) OR meta LIKE '%\"by\":\"pin\"%') ORDER BY seq"
    )
    found: dict[str, list[int]] = {name: [] for name in Tally._fields}
    for _, rows in groupby(door.stream(sql, login=login), key=lambda row: row[TXN]):
        together = [(_kind(row, marks, lost), row[0], (row[NOUN], row[ACTION])) for row in rows]
        decided = [seq for _, seq, (noun, action) in together if noun == "request" and action in DECISIONS]
        for kind, seq, _ in together:
            if kind == "not_yours" or seq in (decided or [together[0][1]]):
                found[kind].append(seq)
    return Tally(**{name: tuple(seqs) for name, seqs in found.items()})


def _kind(row: Row, marks: Sequence[Mark], lost: int) -> str:
    """The field of the tally that an entry belongs to."""
    meta = json.loads(row[META])
    by = meta.get("by")
    if by != PIN:
        return "by_role" if by == ROLE else "claimed"
    given = str(meta.get("mark"))
    from hmac import compare_digest  # loads OpenSSL, 3 ms, which a card that shows decisions has no use for

    text = text_of((*row[:META], row[META].replace(f',"mark":"{given}"', ""), *row[META + 1 :]))
    if any(compare_digest(mark(text), given) for mark in marks):
        return "yours"
    return "earlier" if row[0] < lost else "not_yours"
