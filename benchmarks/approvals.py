"""What deciding costs on a large team's database: 100,000 open steps, of which 1,000 are overdue.

    python benchmarks/approvals.py [--requests 100000] [--due 1000] [--runs 11] [--keep DIR]

Three SQLite files of one team: `few` with what a person sees, `due` with the overdue requests alone, `all` with the
overdue ones and all the others. The first requests are submitted by commands; the rest are copies of them, written
through the store's own door with their journal. Commands are processes of their own and take turns; each is listed with
what it is compared with. A tick gets a fresh copy of its file, an approval a request that nobody has decided.
"""

import argparse
import compileall
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import NamedTuple

from commands import Spent, call, program
from policies import BY_MANAGER, FOUR, HEAD, HURRIED, OFFICE, QUOTE

import oppcli
from oppcli.model.deals import Deal
from oppcli.model.journal import Stamp
from oppcli.model.requests import Request
from oppcli.store import open_write

POLICY = f"""{HEAD}{FOUR}{QUOTE}material = ["amount", "discount"]
{BY_MANAGER}{HURRIED}[[type.quote.step]]
name = "Director"
who = ["role:admin"]
when = "discount > 15"
{OFFICE}"""
LONG_AGO, LATELY, NOW = "2026-03-02T09:00:00+08:00", "2026-03-10T09:00:00+08:00", "2026-03-10T10:00:00+08:00"
LATELY_MS = 1_773_104_400_000
TEAM = ("chen --manager boss", "wang --manager boss", "li --manager wang", "zhao --manager chen")
OVERDUE, WAITING, PLANNED, MINE = 1, 2, 3, 4
"""Ids of the first deals: overdue since long ago, waiting since lately, without a request, in chen's inbox."""
INBOX = 10


class Case(NamedTuple):
    """One line of the table: a command on a file, and what it may cost as a multiple of another."""

    name: str
    file: str
    words: tuple[str, ...]
    versus: str
    limit: float | None = None


APPROVE, TICK = ("--as", "chen", "request", "approve"), ("--as", "boss", "tick", "--no-delivery")
INBOX_WORDS, PLAN = ("--as", "chen", "inbox"), ("--as", "li", "request", "plan", f"D-{PLANNED}", "quote")
CASES = (
    Case("approve, few requests", "few", APPROVE, "import typer"),
    Case("approve", "all", APPROVE, "approve, few requests", 1.2),
    Case("tick, those due alone", "due", TICK, "import typer"),
    Case("tick", "all", TICK, "tick, those due alone", 3),
    Case("inbox", "all", INBOX_WORDS, "import typer", 2),
    Case("inbox of an admin", "all", ("--as", "boss", "inbox"), "import typer", 2),
    Case("request plan", "all", PLAN, "import typer", 2),
    Case("request list --deal D-4", "all", ("request", "list", "--deal", f"D-{MINE}"), "import typer"),
)
SLOW = {"tick", "tick, those due alone"}
"""Run a third as often."""


class Bench:
    """The three files in a folder, and how commands are run on them."""

    def __init__(self, folder: Path, runs: int) -> None:
        self.folder, self.runs, self.opp = folder, runs, program()
        self.undecided = 0
        """Requests approved so far; both files hold as many to approve."""

    def file(self, name: str) -> Path:
        return self.folder / f"{name}.db"

    def type(self, file: Path, line: str, now: str) -> None:
        call([*self.opp, "--db", str(file), "--now", now, *line.split()], self.folder)

    def build(self, requests: int, due: int) -> None:
        """Everybody and everything once by commands; then copies."""
        (self.folder / "policy.toml").write_text(POLICY)
        few = self.file("few")
        self.type(few, "--as boss init --policy policy.toml", LONG_AGO)
        for person in TEAM:
            self.type(few, f"--as boss user add {person}", LONG_AGO)
        for deal, seller in enumerate(("li", "li", "li", "zhao"), 1):
            line = f"lead add Plant-{deal} --customer Acme --amount {deal}000 --set discount=18"
            self.type(few, f"--as {seller} {line}", LONG_AGO)
        for deal, seller, at in ((OVERDUE, "li", LONG_AGO), (WAITING, "li", LATELY), (MINE, "zhao", LATELY)):
            self.type(few, f"--as {seller} request submit D-{deal} quote", at)
        shutil.copyfile(few, self.file("due"))
        mine = self.runs + INBOX
        copy(few, {MINE: mine})
        shutil.copyfile(few, self.file("all"))
        copy(self.file("due"), {OVERDUE: due - 1})
        copy(self.file("all"), {OVERDUE: due - 1, WAITING: requests - due - mine})

    def spent(self, case: Case) -> Spent:
        file, words = self.file(case.file), list(case.words)
        if case.words is APPROVE:
            words.append(f"R-{3 + 1 + self.undecided}")
        if case.words is TICK:
            file = fresh(file, self.folder / "tick.db")
        return call([*self.opp, "--db", str(file), "--now", NOW, *words], self.folder)

    def measure(self) -> dict[str, list[Spent]]:
        found: dict[str, list[Spent]] = {name: [] for name in ("import typer", *(case.name for case in CASES))}
        for turn in range(self.runs):
            found["import typer"].append(call([sys.executable, "-c", "import typer"], self.folder))
            for case in CASES:
                if case.name not in SLOW or turn % 3 == 0:
                    found[case.name].append(self.spent(case))
            self.undecided += 1
        return found


def copy(file: Path, wanted: dict[int, int]) -> None:
    """So many more deals with a request like that of each of these deals."""
    with open_write(str(file), Stamp(actor="boss", now=LATELY_MS)) as door:
        for deal_id, count in wanted.items():
            deal, (request,) = door.get(Deal, deal_id), door.find(Request, deal_id=deal_id)
            keys = door.add_many(replace(deal, id=0, title=f"Copy {n}") for n in range(count))
            door.add_many(like(request, keys))


def like(request: Request, deals: Iterable[int]) -> Iterator[Request]:
    return (replace(request, id=0, deal_id=deal) for deal in deals)


def fresh(file: Path, to: Path) -> Path:
    """A copy that lies on the disk already: what is left to write would be charged to the command."""
    shutil.copyfile(file, to)
    with to.open("rb+") as copied:
        os.fsync(copied.fileno())
    return to


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--due", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=11, help="how often each is run, a tick a third of it (11)")
    parser.add_argument("--keep", metavar="DIR", help="keep the files there")
    asked = parser.parse_args()
    compileall.compile_dir(str(Path(oppcli.__file__).parent), quiet=2)
    with tempfile.TemporaryDirectory(prefix="opp-bench-") as name:
        bench = Bench(Path(asked.keep or name), asked.runs)
        bench.folder.mkdir(exist_ok=True)
        bench.build(asked.requests, asked.due)
        size = bench.file("all").stat().st_size / 1e6
        print(f"{asked.requests:,} open steps, {asked.due:,} of them overdue; {size:,.0f} MB")
        show(bench.measure(), asked.runs)


def show(found: dict[str, list[Spent]], runs: int) -> None:
    middle = {name: Spent(*(median(times) for times in zip(*all_, strict=True))) for name, all_ in found.items()}
    python = sys.version.split()[0]
    print(f"median of {runs} runs, of a tick {-(-runs // 3)}; Python {python}, opp {oppcli.__version__}\n")
    print(f"{'command':26}{'ms':>9}{'cpu ms':>9}{'ratio':>8}{'cpu ratio':>11}{'limit':>7}   of")
    base = middle["import typer"]
    print(f"{'import typer':26}{base.wall:9.1f}{base.cpu:9.1f}")
    for case in CASES:
        mine, other = middle[case.name], middle[case.versus]
        limit = "" if case.limit is None else f"{case.limit:g}"
        ratios = f"{mine.wall / other.wall:8.2f}{mine.cpu / other.cpu:11.2f}"
        print(f"{case.name:26}{mine.wall:9.1f}{mine.cpu:9.1f}{ratios}{limit:>7}   {case.versus}")


if __name__ == "__main__":
    main()
