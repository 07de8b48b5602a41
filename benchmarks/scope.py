"""What a scope costs on the database of world.py, against the same reads without one, in one run.

    python benchmarks/scope.py FILE [--runs 9]

Reads take turns, for everybody, for a seller (own), for the manager of ten (team), of twenty-two (wide), and for the
head of half of all (half): opening a door for one deal, opening one for a list, deals by stage, stays by stage.
"""

import argparse
import time
from itertools import pairwise
from pathlib import Path
from statistics import median

from world import PEOPLE, login

from oppcli import store
from oppcli.model.deals import Deal
from oppcli.model.records import SHOWN
from oppcli.model.sight import Sight
from oppcli.rules.scopes import WIDE_SHARE

BY_STAGE = "SELECT stage_id, count(*), sum(amount) FROM deal GROUP BY stage_id ORDER BY stage_id"
STAYS = "SELECT stage_id, count(*), sum(left_at - entered_at) FROM visit GROUP BY stage_id ORDER BY stage_id"
TEAMS = {"everybody": 0, "own": 1, "team": 10, "wide": 22, "half": PEOPLE // 2}
READS = ("one thing", "a list", "deals", "stays")


def sight(size: int) -> Sight | None:
    """What the first of so many people sees; None for everything."""
    owners = tuple(map(login, range(size)))
    wide = size * WIDE_SHARE > PEOPLE
    return Sight(owners[0], 1, whole=False, owners=owners, below=owners, wide=wide) if size else None


def timed(file: Path, seen: Sight | None) -> tuple[float, ...]:
    """Milliseconds of each of the reads."""
    marks = [time.perf_counter()]
    look = None if seen is None else lambda door: seen
    with store.open_read(str(file), me=login(0), sight=look) as door:
        door.find(Deal, id=1)
    marks.append(time.perf_counter())
    with store.open_read(str(file), SHOWN, me=login(0), sight=look) as door:
        door.find(Deal, id=1)
        marks.append(time.perf_counter())
        for sql in (BY_STAGE, STAYS):
            door.rows(sql)
            marks.append(time.perf_counter())
    return tuple((end - begun) * 1000 for begun, end in pairwise(marks))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--runs", type=int, default=9)
    given = parser.parse_args()
    found: dict[str, list[tuple[float, ...]]] = {name: [] for name in TEAMS}
    for _ in range(given.runs):
        for name, size in TEAMS.items():
            found[name].append(timed(given.file, sight(size)))
    told = {name: [median(column) for column in zip(*times, strict=True)] for name, times in found.items()}
    print(f"{'who':10}" + "".join(f"{name + ' ms':>14}{'ratio':>7}" for name in READS))
    for name, times in told.items():
        ratios = zip(times, told["everybody"], strict=True)
        print(f"{name:10}" + "".join(f"{one:14.1f}{one / plain:7.2f}" for one, plain in ratios))


if __name__ == "__main__":
    main()
