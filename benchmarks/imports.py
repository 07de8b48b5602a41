"""How fast `opp import` is against `sqlite-utils insert --csv --pk` of the same file, and how much memory it takes.

    python benchmarks/imports.py              100,000 rows x 12 columns, best of 3, the two by turns
    python benchmarks/imports.py --memory     1,000,000 rows: peak resident memory

`sqlite-utils` stores the cells as they are. `opp import` checks every cell (types, ranges, dictionaries), finds owners
and customers, works out stays in stages, and journals every deal.
"""

import argparse
import csv
import random
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from commands import Spent, call
from policies import FOUR

POLICY = f"""
[policy]
name = "bench"
currency = "EUR"
calendar = "office"
fallback = "role:admin"

{FOUR}
[fields.product]
values = ["Pump", "Valve", "Motor", "Sensor"]
[fields.source]
values = ["web", "fair", "call", "partner"]
[fields.region]
values = ["north", "south", "east", "west"]

[type.discount]
title = "Discount"
when  = "discount > 10"
needs = ["discount"]
material = ["discount"]
[[type.discount.step]]
name = "manager"
who  = "manager"

[gate]
"Won" = ["discount"]

[calendar.office]
timezone = "Europe/Berlin"
mon_fri  = ["09:00-17:00"]
"""

MAPPING = """
system = "bench"
[fields]
external_id = "id"
title       = "title"
customer    = { column = "customer", create = true }
owner       = { column = "owner", create = true }
stage       = "stage"
amount      = "amount"
currency    = "currency"
product     = "product"
source      = "source"
region      = "region"
[entered]
Offer = "offered"
Won   = "closed"
Lost  = "closed"
"""

COLUMNS = "id title customer owner stage amount currency product source region offered closed".split()


def rows(count: int) -> Iterator[list[str]]:
    """One made-up deal after the other, the same on every run."""
    made = random.Random(7)
    stages = ("Lead", "Offer", "Won", "Lost")
    for number in range(count):
        stage = made.choices(stages, (1, 4, 8, 6))[0]
        offered = f"2025-{made.randrange(1, 13):02d}-{made.randrange(1, 29):02d}" if stage != "Lead" else ""
        closed = f"2026-{made.randrange(1, 3):02d}-{made.randrange(1, 29):02d}" if stage in ("Won", "Lost") else ""
        yield [
            f"B{number:07d}",
            f"Retrofit of line {number} for plant {made.randrange(400)}",
            f"Customer {made.randrange(5000)} Ltd",
            f"Seller {made.randrange(60)}",
            stage,
            f"{made.randrange(100, 90_000_000) / 100:.2f}",
            "EUR",
            made.choice(("Pump", "Valve", "Motor", "Sensor")),
            made.choice(("web", "fair", "call", "partner")),
            made.choice(("north", "south", "east", "west")),
            offered,
            closed,
        ]


class Bench:
    """A folder with the files, and the two programs of the environment this runs in."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder, self.file = folder, folder / "deals.csv"
        with self.file.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(COLUMNS)
            writer.writerows(rows(count))
        (folder / "policy.toml").write_text(POLICY)
        (folder / "mapping.toml").write_text(MAPPING)

    def opp(self) -> list[str]:
        """A fresh database; the command to measure."""
        db = self.folder / "opp.db"
        db.unlink(missing_ok=True)
        start = [sys.executable, "-m", "oppcli", "--db", str(db)]
        self.begun = call([*start, "init", "--policy", str(self.folder / "policy.toml")], self.folder)
        return [*start, "import", str(self.file), "--mapping", str(self.folder / "mapping.toml")]

    def other(self) -> list[str]:
        """The same with sqlite-utils."""
        db = self.folder / "other.db"
        db.unlink(missing_ok=True)
        beside = Path(sysconfig.get_path("scripts")) / "sqlite-utils"
        program = str(beside) if beside.exists() else shutil.which("sqlite-utils")
        if program is None:
            sys.exit("sqlite-utils is not there: pip install sqlite-utils")
        return [program, "insert", str(db), "deals", str(self.file), "--csv", "--pk", "id"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--memory", action="store_true", help="peak memory at a million rows instead")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="opp-bench-") as folder:
        if asked.memory:
            memory(Bench(Path(folder), asked.rows or 1_000_000))
        else:
            speed(Bench(Path(folder), asked.rows or 100_000), asked.times)


def speed(bench: Bench, times: int) -> None:
    ours, theirs = [], []
    for _ in range(times):
        theirs.append(call(bench.other(), bench.folder))
        ours.append(call(bench.opp(), bench.folder))
    best = [Spent(*map(min, zip(*runs, strict=True))) for runs in (ours, theirs)]
    print(f"{'':22} {'clock':>9} {'processor':>11}")
    for name, taken in zip(("opp import", "sqlite-utils insert"), best, strict=True):
        print(f"{name:22} {taken.wall / 1000:7.2f} s {taken.cpu / 1000:9.2f} s")
    print(
        f"{'ratio':22} {best[0].wall / best[1].wall:7.2f}   {best[0].cpu / best[1].cpu:9.2f}   (wanted: at most 1.00)"
    )


def memory(bench: Bench) -> None:
    taken = call(bench.opp(), bench.folder)
    print(f"peak resident memory {taken.mb:.0f} MB (wanted: under 200); {bench.begun.mb:.0f} MB for init alone")
    print(f"{taken.wall / 1000:.0f} s on the clock, {taken.cpu / 1000:.0f} s of the processor")


if __name__ == "__main__":
    main()
