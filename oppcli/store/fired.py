"""What time has done to a thing, once for each turn of it: kept in the transaction of the effect."""

from typing import Protocol, cast

from oppcli.store.doors import ReadDoor, WriteDoor

_FIRE = (
    "INSERT INTO fired (noun, id, mark, cycle, at) VALUES (:noun, :id, :mark, :cycle, :at) "
    "ON CONFLICT (noun, id, mark, cycle) DO NOTHING"
)


class Firing(Protocol):
    """The part of a write door that is needed here."""

    def _execute(self, sql: str, /, **params: object) -> int: ...


def fire(door: WriteDoor, noun: str, number: int, mark: str, *, cycle: object = "", at: int) -> bool:
    """Keep that time has done this to a thing for this turn of it (`cycle`: what it is due by, whose tenure it is …),
    and the instant `at` that it was for. No where it was done already: then it is not to be done again."""
    return cast(Firing, door)._execute(_FIRE, noun=noun, id=number, mark=mark, cycle=str(cycle), at=at) > 0


def when(door: ReadDoor, noun: str, number: int, mark: str, *, cycle: object = "") -> int | None:
    """The instant that a mark was for; None where it has not fired for this turn."""
    sql = "SELECT at FROM fired WHERE noun = :noun AND id = :id AND mark = :mark AND cycle = :cycle"
    row = door.one(sql, noun=noun, id=number, mark=mark, cycle=str(cycle))
    return None if row is None else int(row[0])
