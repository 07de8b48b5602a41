"""What time has done to a thing, once for each turn of it: kept in the transaction of the effect. Whose turn it is."""

from typing import Protocol, cast

from oppcli.model.records import LIVE
from oppcli.store.doors import ReadDoor, WriteDoor
from oppcli.store.queries import LIVE_DEAL

_FIRE = (
    "INSERT INTO fired (noun, id, mark, cycle, at) VALUES (:noun, :id, :mark, :cycle, :at) "
    "ON CONFLICT (noun, id, mark, cycle) DO NOTHING"
)


LETTER = "letter"
"""Of a view: its letters for an instant are written."""
_TIMED = f"""
SELECT v.id, v.created_at, max(f.at) FROM saved_view v
LEFT JOIN fired f ON f.noun = 'view' AND f.id = v.id AND f.mark = '{LETTER}'
WHERE v.every IS NOT NULL AND v.standing = '{LIVE}' GROUP BY v.id, v.created_at ORDER BY v.id
"""
DAILY = "daily"
"""The noun under which is kept up to which number all were computed, and on which day."""
_LIVE = f"SELECT d.id FROM deal d JOIN stage s ON s.id = d.stage_id WHERE {LIVE_DEAL}"
_EVERY = {
    "deal": _LIVE,
    "suggestion": _LIVE,
    "customer": f"SELECT d.id FROM customer d WHERE d.standing = '{LIVE}'",
}


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
    return door.value(sql, noun=noun, id=number, mark=mark, cycle=str(cycle))


def told(door: ReadDoor, noun: str, mark: str) -> dict[tuple[int, str], int]:
    """(Number, cycle) of those that a mark has fired for → the instant that it was for."""
    rows = door.rows("SELECT id, cycle, at FROM fired WHERE noun = :noun AND mark = :mark", noun=noun, mark=mark)
    return {(number, cycle): at for number, cycle, at in rows}


def timed(door: ReadDoor) -> dict[int, int]:
    """The instant up to which each view with times has gone out: the last one, else when it was made."""
    return {number: made if at is None else max(at, made) for number, made, at in door.rows(_TIMED)}


def is_done(door: ReadDoor, noun: str, day: str) -> bool:
    """Whether all were done on this day under the applied policy."""
    sql = f"""SELECT 1 FROM fired WHERE noun = '{DAILY}' AND id = 0 AND mark = :noun
    AND cycle = :day || ' ' || (SELECT hash FROM policy ORDER BY number DESC LIMIT 1)"""
    return door.one(sql, noun=noun, day=day) is not None


def came_since(door: ReadDoor, noun: str) -> list[int]:
    """The numbers above the highest that was done."""
    above = f"SELECT coalesce(max(f.id), 0) FROM fired f WHERE f.noun = '{DAILY}' AND f.mark = :noun"
    return door.column(f"{_EVERY[noun]} AND d.id > ({above}) ORDER BY d.id", noun=noun)


def every(door: ReadDoor, noun: str) -> list[int]:
    """The numbers of all that count."""
    return door.column(f"{_EVERY[noun]} ORDER BY d.id")
