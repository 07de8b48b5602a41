"""What a scope costs on a million deals, against the same reads without one, in one run.

    python benchmarks/scope.py [--deals 1000000] [--people 200] [--seats 5000] [--runs 9] [--keep FILE]

Builds a SQLite file of deals of so many people in teams of ten, with requests whose seats are spread over them, then
lets reads take turns: opening a door and reading one deal, and deals by stage, for everybody, for one seller (own), for
a manager (team), for the head of half of them (wide), and for somebody who holds all the seats.
"""

import argparse
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from oppcli import store
from oppcli.model.deals import Deal
from oppcli.model.sight import Sight
from oppcli.store.doors import ReadDoor

STAGES = 8
BY_STAGE = "SELECT stage_id, count(*), sum(amount) FROM deal GROUP BY stage_id ORDER BY stage_id"
SCOPE = '{"scope": {"see": {}}}'


def login(number: int) -> str:
    return f"p{number:03}"


def build(file: Path, deals: int, people: int, seats: int) -> None:
    """The rows alone, without a journal: no read here asks for it."""
    store.create(str(file))
    dice = random.Random(7)
    with sqlite3.connect(file) as made:
        made.executemany(
            "INSERT INTO user_account (login, name, roles, active, created_at, version) VALUES (?, ?, '[]', 1, 0, 1)",
            [(login(number), login(number)) for number in range(people)],
        )
        kinds = ["lead", *["open"] * (STAGES - 3), "won", "lost"]
        made.executemany(
            "INSERT INTO stage (id, name, kind, position, probability) VALUES (?, ?, ?, ?, 50)",
            [(number, f"S{number}", kind, number) for number, kind in enumerate(kinds, 1)],
        )
        made.execute("INSERT INTO policy VALUES ('h', '', '', 1, 0, 'x', ?)", [SCOPE])
        made.executemany(
            "INSERT INTO deal (id, title, stage_id, owner, amount, currency, tags, collaborators, extra, created_by, "
            "updated_at, channel, version) VALUES (?, ?, ?, ?, ?, 'CNY', '[]', ?, '{}', 'p000', 0, 'import', 1)",
            _deals(dice, deals, people),
        )
        made.executemany(
            "INSERT INTO request (id, deal_id, type, title, state, revision, policy, submitted_by, submitted_at, "
            "currency, channel, version) VALUES (?, ?, 'quote', '', 'pending', 1, 'h', ?, 0, 'CNY', 'cli', 1)",
            [(number, number * (deals // seats), login(number % people)) for number in range(1, seats + 1)],
        )
        made.execute("PRAGMA foreign_keys = OFF")
        made.executemany(
            "INSERT INTO holder (request_id, revision, step, seat, number, login, how, via) "
            "VALUES (?, 1, 1, 1, 1, ?, '', '')",
            [(number, "p001") for number in range(1, seats + 1)],
        )
        made.execute("ANALYZE")


def _deals(dice: random.Random, deals: int, people: int) -> Iterator[tuple[object, ...]]:
    for number in range(1, deals + 1):
        works = '["p002"]' if number % 1000 == 0 else "[]"
        stage = 1 + dice.randrange(STAGES)
        yield number, f"Deal {number}", stage, login(dice.randrange(people)), dice.randrange(10**8), works


def sight(name: str, people: int) -> Sight | None:
    """What each of them sees."""
    teams = {"own": (3, 1), "team": (10, 22), "wide": (0, people // 2), "seats": (1, 1)}
    if name == "everybody":
        return None
    first, size = teams[name]
    owners = tuple(login(number) for number in range(first, first + size))
    return Sight(login(first), 1, whole=False, owners=owners, below=owners, wide=size * 20 > people)


def timed(file: Path, seen: Sight | None, read: Callable[[ReadDoor], object]) -> tuple[float, float]:
    """(milliseconds to open and read one thing, milliseconds of the read)."""
    begun = time.perf_counter()
    with store.open_read(str(file), me="p000", sight=None if seen is None else lambda door: seen) as door:
        door.find(Deal, id=1)
        opened = time.perf_counter()
        read(door)
        return (opened - begun) * 1000, (time.perf_counter() - opened) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("deals", 1_000_000), ("people", 200), ("seats", 5_000), ("runs", 9)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    file = given.keep or Path(tempfile.mkdtemp()) / "scope.db"
    if not file.exists():
        build(file, given.deals, given.people, given.seats)
    names = ("everybody", "own", "seats", "team", "wide")
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for _ in range(given.runs):
        for name in names:
            seen = sight(name, given.people)
            found[name].append(timed(file, seen, lambda door: door.rows(BY_STAGE)))
    told = {name: tuple(median(column) for column in zip(*times, strict=True)) for name, times in found.items()}
    plain = told["everybody"]
    print(f"{'who':10} {'opening ms':>10} {'more ms':>8} {'by stage ms':>12} {'ratio':>6}")
    for name, (opening, by_stage) in told.items():
        more, ratio = opening - plain[0], by_stage / plain[1]
        print(f"{name:10} {opening:10.1f} {more:8.1f} {by_stage:12.1f} {ratio:6.2f}")


if __name__ == "__main__":
    main()
