"""What `opp next` costs over 100,000 deals with 500,000 activities and a task for each, in one run.

    python benchmarks/worklist.py [--deals 100000] [--people 100] [--runs 7] [--keep FILE]

Builds a SQLite file of deals of so many people in teams of ten, half of them with a follow-up, five activities each;
then `opp next` of one seller, and of a team, each a process of its own, in turns with `python -c "import typer"`: of
that a ratio, for milliseconds do not travel. Wanted: at most 150 ms for a person, where `import typer` takes 68.
"""

import argparse
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from commands import measure, program, show

NOW = 1_772_442_000_000
DAY = 86_400_000


def login(number: int) -> str:
    return f"p{number:03}"


def init(file: Path) -> None:
    """A database as `opp init` makes it."""
    subprocess.run(
        [sys.executable, "-m", "oppcli", "--db", str(file), "--as", "p000", "init", "--template", "b2b", "-q"],
        check=True,
    )


def build(file: Path, deals: int, people: int) -> None:
    """The rows alone, without a journal: no read here asks for it."""
    init(file)
    dice = random.Random(7)
    with sqlite3.connect(file) as made:
        made.executemany(
            "INSERT OR IGNORE INTO user_account (login, name, roles, manager, active, created_at, version) "
            "VALUES (?, ?, '[\"sales\"]', ?, 1, 0, 1)",
            [(login(each), login(each), None if each % 10 == 0 else login(each - each % 10)) for each in range(people)],
        )
        stages = [row[0] for row in made.execute("SELECT id FROM stage WHERE kind IN ('lead', 'open') ORDER BY id")]
        made.execute("UPDATE stage SET rotting_ms = 20 * 8 * 3600000")
        made.executemany(
            "INSERT INTO deal (id, title, stage_id, owner, amount, currency, tags, collaborators, extra, created_by, "
            "created_at, updated_at, channel, version) VALUES (?, ?, ?, ?, ?, 'CNY', '[]', '[]', '{}', 'p000', ?, 0, "
            "'cli', 1)",
            _deals(dice, deals, people, stages),
        )
        made.execute(
            "INSERT INTO visit (deal_id, number, stage_id, entered_at) SELECT id, 1, stage_id, created_at FROM deal"
        )
        made.executemany(
            "INSERT INTO activity (id, kind, text, at, who, deal_id, contacts, direction, recorded_at, channel, tags, "
            "extra, created_by, version, search_key, standing) "
            "VALUES (?, ?, 'text', ?, ?, ?, '[]', 'out', 0, 'cli', '[]', '{}', 'p000', 1, '', 'live')",
            _activities(dice, deals),
        )
        made.execute(
            "INSERT INTO task (id, title, kind, deal_id, due_on, promised_on, moves, state, skipped, tags, extra, "
            "created_at, created_by, version, search_key, standing) SELECT id, 'call', 'follow', id, "
            "date(1772442000 + (id % 61 - 30) * 86400, 'unixepoch'), '2026-03-01', 0, 'open', 0, '[]', '{}', 0, "
            "'p000', 1, '', 'live' FROM deal WHERE id % 2 = 0"
        )
        made.execute("ANALYZE")


def _deals(dice: random.Random, deals: int, people: int, stages: list[int]) -> Iterator[tuple[object, ...]]:
    for number in range(1, deals + 1):
        owner, stage = login(dice.randrange(people)), dice.choice(stages)
        yield number, f"Deal {number}", stage, owner, dice.randrange(10**8), NOW - dice.randrange(90) * DAY


def _activities(dice: random.Random, deals: int) -> Iterator[tuple[object, ...]]:
    for number in range(1, 5 * deals + 1):
        at = NOW - dice.randrange(90 * DAY)
        yield number, dice.choice(("call", "mail", "note")), at, "p001", dice.randrange(deals) + 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = asked.keep or folder / "opp.db"
        if not file.exists():
            build(file, asked.deals, asked.people)
        opp = [*program(), "--now", "2026-03-02T09:00:00Z"]
        commands = {
            "import typer": [sys.executable, "-c", "import typer"],
            "next of a seller": [*opp, "--as", "p001", "next", "-L", "8"],
            "next --count": [*opp, "--as", "p001", "next", "--count"],
            "next --team of ten": [*opp, "--as", "p010", "next", "--team", "me", "-L", "8"],
        }
        spent = measure(commands, asked.runs, folder, str(file.resolve()), lambda: None)
    print(f"{asked.deals:,} deals of {asked.people} people, median of {asked.runs} runs: ms, ratio, cpu ratio")
    for each, taken in spent.items():
        show(each, taken, spent["import typer"])


if __name__ == "__main__":
    main()
