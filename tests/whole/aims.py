"""What may be done as things stand, and by whom: without it most of what is drawn would be refused for a first reason,
and nothing would ever be approved, signed or paid."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from team_drawn import Team

LIVE = (
    "SELECT coalesce(owner, 'boss'), id FROM deal WHERE standing = 'live' AND stage_id IN "
    "(SELECT id FROM stage WHERE kind IN ('{}', '{}'))"
)
ROWS = {
    "open deals": LIVE.format("lead", "open"),
    "closed deals": LIVE.format("won", "lost"),
    "holders": "SELECT h.login, r.id FROM holder h JOIN seat s ON s.request_id = h.request_id AND "
    "s.revision = h.revision AND s.step = h.step AND s.number = h.seat JOIN step t ON t.request_id = s.request_id "
    "AND t.revision = s.revision AND t.position = s.step JOIN request r ON r.id = h.request_id AND "
    "r.revision = h.revision WHERE r.state = 'pending' AND s.state = 'open' AND t.state = 'open'",
}
"""Queries by the names that the file has for them."""


class Aim(NamedTuple):
    """For whom and of what, a query of logins and ids; and the lines that then may succeed."""

    rows: str
    lines: tuple[str, ...]


def _read() -> Iterator[Aim]:
    """Of the file beside this one: a query, and below it, indented, lines."""
    for part in Path(__file__).with_name("aims.txt").read_text(encoding="utf-8").strip().split("\n\n"):
        rows, *lines = part.splitlines()
        yield Aim(ROWS.get(rows, rows), tuple(line.strip() for line in lines))


AIMS = tuple(_read())


def drawn(team: Team, dice: random.Random) -> tuple[str, str] | None:
    """(login, recipe of a line) of something that stands so; None where what was drawn does not."""
    aim = dice.choice(AIMS)
    rows = team.asked(aim.rows)
    if not rows:
        return None
    login, number = dice.choice(rows)
    return str(login or "boss"), dice.choice(aim.lines).replace("{id}", str(number))
