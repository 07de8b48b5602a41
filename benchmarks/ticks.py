"""What `opp tick` costs that finds nothing to do, among many open tasks and among none.

    python benchmarks/ticks.py [--tasks 100000] [--runs 15]

Two SQLite files of one team with a policy that has `[follow]`: one with no task, one with as many as asked for, of
which a half is due today, a quarter at an instant, a quarter late and waiting for its next level of escalation. Both
are ticked at the same instant, in turns, when the day has ended elsewhere already; the ratio is to be at most 1.2.
"""

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from commands import Spent, call, program
from policies import FOUR, HEAD, OFFICE

from oppcli.model.deals import Deal
from oppcli.model.follow import DEADLINE, FOLLOW, Task
from oppcli.model.journal import Stamp
from oppcli.store import open_write

POLICY = f"""{HEAD}{FOUR}{OFFICE}[follow]
deadline = [{{ name = "Contact", from = "assigned", within = "24h", done = ["touch"] }}]
"""
NOW, NOW_MS = "2026-03-02T20:00:00+08:00", 1_772_452_800_000


def tasks(deals: range) -> Iterator[Task]:
    for place, deal in enumerate(deals):
        kind, due = (FOLLOW, {"due_on": "2026-03-02"}) if place % 2 else (DEADLINE, {"due_at": NOW_MS + 1})
        if place % 4 == 0:
            due = {"due_at": NOW_MS - 2, "late_at": NOW_MS - 1, "wake_at": NOW_MS + 1}
        yield Task(title="call", kind=kind, deal_id=deal, created_by="boss", **due)


def build(folder: Path, many: int) -> tuple[Path, Path]:
    """The file without tasks, and the one with them."""
    empty, full = folder / "empty.db", folder / "full.db"
    (folder / "policy.toml").write_text(POLICY)
    line = ["--db", str(empty), "--now", NOW, "--as", "boss", "init", "--policy", "policy.toml"]
    call([*program(), *line], folder)
    call([*program(), "--db", str(empty), "--now", NOW, "--as", "boss", "tick", "--no-delivery"], folder)
    shutil.copyfile(empty, full)
    with open_write(str(full), Stamp(actor="boss", now=NOW_MS)) as door:
        deals = door.add_many(Deal(title=f"Deal {n}", stage="Lead", owner="boss") for n in range(many))
        assert isinstance(deals, range)
        door.add_many(tasks(deals))
    return empty, full


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--tasks", type=int, default=100_000)
    asked.add_argument("--runs", type=int, default=15)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="opp-bench-") as name:
        folder = Path(name)
        found: dict[str, list[Spent]] = {}
        for file in build(folder, given.tasks) * given.runs:
            line = ["--db", str(file), "--now", NOW, "--as", "boss", "tick", "--no-delivery"]
            found.setdefault(file.stem, []).append(call([*program(), *line], folder))
    empty, full = (Spent(*map(median, zip(*found[name], strict=True))) for name in ("empty", "full"))
    print(
        f"idle tick, median of {given.runs} runs: {empty.wall:.0f} ms, among {given.tasks:,} tasks {full.wall:.0f} ms"
    )
    print(f"ratio {full.wall / empty.wall:.2f}, of the processor {full.cpu / empty.cpu:.2f} (at most 1.2)")


if __name__ == "__main__":
    main()
