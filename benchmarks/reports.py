"""What reports cost on a large team's database, against the best hand-written SQL for the same figures in one run.

    python benchmarks/reports.py [--deals 1000000] [--requests 100000] [--runs 5] [--targets] [--keep FILE]

Builds a SQLite file of deals with about five visits each (some go back, some jump), of requests that wait for
decisions and of as many that were decided, then lets commands and hand-written SQL take turns; each is a process of
its own that prints CSV. The SQL uses the indexes that the file has anyway. It runs in the sqlite3 shell, or in Python's
sqlite3 where there is none.
"""

import argparse
import compileall
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from commands import Spent, call, measure, program
from policies import BY_MANAGER, HEAD, HOLIDAYS, OFFICE, QUOTE, stages

import oppcli
from oppcli.model.records import LIVE

HOUR = 3_600_000
NOW = 1_790_000_000_000
"""2026-09-21T14:13:20Z."""
NOW_TEXT = "2026-09-21T14:13:20Z"
POLICY = f"""{HEAD}{{stages}}
{QUOTE}{BY_MANAGER}[bands]
amount = ["100万", "500万"]
{OFFICE}{HOLIDAYS}"""

FUNNEL = """
WITH furthest AS MATERIALIZED (
  SELECT count(*) AS deals, place FROM (
    SELECT max(CASE stage_id WHEN 1 THEN 0 WHEN 2 THEN 1 WHEN 3 THEN 2 WHEN 4 THEN 3 WHEN 5 THEN 4 WHEN 6 THEN 5
                             WHEN 7 THEN 6 END) AS place FROM visit GROUP BY deal_id) GROUP BY place),
standing AS MATERIALIZED (
  SELECT stage_id, last_open_stage_id, count(*) AS deals, sum(amount) AS amount FROM deal GROUP BY 1, 2, currency)
SELECT s.name, s.kind, (SELECT sum(deals) FROM furthest WHERE place >= s.position) AS reached,
       (SELECT sum(deals) FROM standing WHERE stage_id = s.id) AS now,
       (SELECT sum(amount) FROM standing WHERE stage_id = s.id) AS amount,
       (SELECT sum(deals) FROM standing WHERE stage_id = 8 AND last_open_stage_id = s.id) AS lost_here
FROM stage s WHERE s.kind <> 'lost' ORDER BY s.position
"""
OVERDUE = f"""
SELECT 'R-' || p.request_id, 'D-' || r.deal_id, d.title, c.name, r.type, p.name,
       (SELECT group_concat(h.login, '; ') FROM seat s JOIN holder h ON h.request_id = s.request_id
        AND h.revision = s.revision AND h.step = s.step AND h.seat = s.number WHERE s.request_id = p.request_id
        AND s.revision = p.revision AND s.step = p.position AND s.state = 'open'),
       strftime('%Y-%m-%dT%H:%M:%SZ', p.due_at / 1000, 'unixepoch'), round(({NOW} - p.due_at) / 3600000.0, 4),
       printf('%.2f', r.amount / 100.0), r.currency, p.level
FROM step p CROSS JOIN request r JOIN deal d ON d.id = r.deal_id LEFT JOIN customer c ON c.id = d.customer_id
WHERE p.state = 'open' AND p.due_at < {NOW} AND r.id = p.request_id AND r.revision = p.revision
  AND r.state = 'pending' ORDER BY p.due_at, p.request_id, p.revision, p.position
"""
"""The same columns but the business hours, which SQL cannot work out."""
LATE = f"""(SELECT request_id, revision, position FROM step WHERE state = 'open' AND due_at < {NOW}
       ORDER BY request_id + 0, revision, position LIMIT {2**63 - 1}) l"""
IN_ORDER = OVERDUE.replace("FROM step p CROSS JOIN", f"FROM {LATE} CROSS JOIN step p JOIN").replace(
    f"p.state = 'open' AND p.due_at < {NOW}",
    "p.request_id = l.request_id AND p.revision = l.revision AND p.position = l.position",
)
"""The same, written by somebody who knows what the report does to read each page once."""


MEDIANS = """SELECT {key} AS key, amount, row_number() OVER (PARTITION BY {key} ORDER BY amount) AS place,
  count(*) OVER (PARTITION BY {key}) AS n FROM deal WHERE stage_id = 7"""
WINS = f"""
WITH won AS ({MEDIANS}),
middle AS (SELECT key, avg(amount) AS median FROM won WHERE place IN ((n + 1) / 2, (n + 2) / 2) GROUP BY key)
SELECT c.*, c.amount / c.won AS mean, m.median FROM (
  SELECT {{key}} AS key, sum(stage_id = 7) AS won, sum(stage_id = 8) AS lost, avg(stage_id = 7) AS rate,
         sum(CASE WHEN stage_id = 7 THEN amount END) AS amount, currency
  FROM deal WHERE stage_id IN (7, 8) GROUP BY 1) c LEFT JOIN middle m ON m.key = c.key ORDER BY {{order}}
"""
"""Won and lost by a key, with medians by window functions; without those of the whole, which would take another one."""
SOME = "amount > 5000000"
"""A condition on a column."""
MONTH = "strftime('%Y-%m', closed_at / 1000, 'unixepoch', '+8 hours')"
BANDS = "CASE WHEN amount < 100000000 THEN 0 WHEN amount < 500000000 THEN 1 ELSE 2 END"

TURNAROUND = """
WITH took AS (SELECT {key} AS key, p.closed_at - p.opened_at AS took, p.closed_at > p.due_at AS late, c.verdict
              FROM step p JOIN request r ON r.id = p.request_id JOIN deal d ON d.id = r.deal_id
              JOIN decision c ON c.request_id = p.request_id AND c.revision = p.revision AND c.step = p.position
              WHERE p.state IN ('approved', 'rejected')),
placed AS (SELECT key, took, row_number() OVER (PARTITION BY key ORDER BY took) AS place,
                  count(*) OVER (PARTITION BY key) AS n FROM took)
SELECT t.key, count(*), avg(late), sum(verdict = 'approve'), sum(verdict = 'reject'),
       (SELECT avg(took) FROM placed WHERE key = t.key AND place IN ((n + 1) / 2, (n + 2) / 2)) / 3600000.0,
       (SELECT took FROM placed WHERE key = t.key AND place = (n * 9 + 9) / 10) / 3600000.0
FROM took t GROUP BY 1 ORDER BY 2 DESC
"""
"""How long decided steps took by the clock on the wall; business hours are not to be had in SQL."""


class Case(NamedTuple):
    """One line of the table: a command, and the SQL or the milliseconds it is held against."""

    name: str
    words: tuple[str, ...]
    sql: str | None
    limit: float | None
    """Times the SQL, or milliseconds; None where it is only shown."""


CASES = (
    Case("report funnel", ("report", "funnel", "--csv"), FUNNEL, 1.3),
    Case("report wins", ("report", "wins", "--csv"), WINS.format(key="owner", order="2 DESC"), 1.2),
    Case(
        "report wins --by month", ("report", "wins", "--by", "month", "--csv"), WINS.format(key=MONTH, order="1"), 1.2
    ),
    Case(
        "report wins --by amount", ("report", "wins", "--by", "amount", "--csv"), WINS.format(key=BANDS, order="1"), 1.2
    ),
    Case(
        "report wins -w",
        ("report", "wins", "--csv", "-w", "amount > 50000"),
        WINS.format(key="owner", order="2 DESC").replace("WHERE stage_id", f"WHERE {SOME} AND stage_id"),
        1.3,
    ),
    Case("report durations", ("report", "durations", "--csv"), None, 1000),
    Case("report overdue", ("report", "overdue", "--csv"), OVERDUE, 1.5),
    Case("the same, SQL in disk order", ("report", "overdue", "--csv"), IN_ORDER, None),
    Case("report turnaround", ("report", "turnaround", "--csv"), TURNAROUND.format(key="r.type || p.name"), None),
    Case(
        "report turnaround --by owner",
        ("report", "turnaround", "--by", "owner", "--csv"),
        TURNAROUND.format(key="d.owner"),
        None,
    ),
)


def history(draw: random.Random) -> tuple[list[int], list[int], int | None]:
    """Stage ids a deal went through, when it entered each, and its last open stage if it is over."""
    path, wanted = [1], draw.choices(range(1, 10), (3, 5, 10, 17, 25, 20, 12, 5, 3))[0]
    while len(path) < wanted and path[-1] < 6:
        chance = draw.random()
        back, jump = chance < 0.12 and path[-1] > 1, chance > 0.95 and path[-1] < 5
        path.append(path[-1] - 1 if back else path[-1] + 2 if jump else path[-1] + 1)
    last, fate = None, draw.random()
    if fate < 0.65:
        last = path[-1]
        path.append(7 if last >= 5 and fate < 0.5 else 8)
    entered = [NOW - int(draw.random() * 730 * 24 * HOUR)]
    for _ in path[1:]:
        entered.append(entered[-1] + int(draw.expovariate(1 / (9 * 24 * HOUR))))
    return path, entered, last


def insert(db: sqlite3.Connection, table: str, names: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Rows of these columns; the other columns that want a value get an empty one."""
    given = names.split()
    needed = {name: kind for _, name, kind, wanted, *_ in db.execute(f"PRAGMA table_info({table})") if wanted}
    rest = {name: "0" if kind == "INTEGER" else "''" for name, kind in needed.items() if name not in given}
    rest |= {name: f"'{LIVE}'" for name in rest if name == "standing"}
    columns = ", ".join(f'"{name}"' for name in (*given, *rest))
    values = ", ".join(["?"] * len(given) + list(rest.values()))
    db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({values})", rows)


def fill(file: Path, deals: int, requests: int) -> int:
    """Deals with visits, and requests of which two thirds are late. Returns the number of visits."""
    db, draw = sqlite3.connect(file), random.Random(7)
    db.executescript("PRAGMA synchronous = off; PRAGMA journal_mode = off; PRAGMA cache_size = -200000; BEGIN")
    insert(db, "user_account", "login name roles active", [(f"u{n}", f"User {n}", "[]", 1) for n in range(200)])
    insert(db, "customer", "id name key version", [(n, f"Customer {n}", f"customer {n}", 1) for n in range(1, 5001)])
    columns = (
        "id title stage_id customer_id owner amount currency created_at closed_at last_open_stage_id channel version"
    )
    total, batch = 0, 20_000
    for start in range(1, deals + 1, batch):
        numbers = range(start, min(start + batch, deals + 1))
        made = [(number, *history(draw)) for number in numbers]
        rows = (
            (
                *(n, f"Deal {n}", path[-1], n % 5000 + 1, f"u{n % 200}", n * 100, "CNY"),
                *(entered[0], entered[-1] if last else None, last, "demo", 1),
            )
            for n, path, entered, last in made
        )
        insert(db, "deal", columns, rows)
        visits = [visit for n, path, entered, _ in made for visit in stays(n, path, entered)]
        insert(db, "visit", "deal_id number stage_id entered_at left_at", visits)
        total += len(visits)
    wait(db, draw, deals, requests)
    decided(db, draw, deals, requests)
    db.commit()
    db.close()
    return total


def stays(deal: int, path: list[int], entered: list[int]) -> Iterator[tuple[Any, ...]]:
    for number, (stage, start, end) in enumerate(zip(path, entered, [*entered[1:], None], strict=True), 1):
        yield deal, number, stage, start, end


def wait(db: sqlite3.Connection, draw: random.Random, deals: int, requests: int) -> None:
    """Pending requests with one open step, a third of them held by two people."""
    numbers = range(1, requests + 1)
    due = {n: NOW + int((draw.random() * 90 - 60) * 24 * HOUR) for n in numbers}
    asked = "id deal_id type state revision submitted_by submitted_at amount currency channel version"
    insert(
        db,
        "request",
        asked,
        (
            (n, n * (deals // requests) or n, "quote", "pending", 1, "u1", due[n], n * 100, "CNY", "demo", 1)
            for n in numbers
        ),
    )
    insert(db, "revision", "request_id number snapshot at editor", ((n, 1, "{}", due[n], "u1") for n in numbers))
    opened = "request_id revision position group name state rule need due_at"
    insert(db, "step", opened, ((n, 1, 1, 1, "Manager", "open", "any", 1, due[n]) for n in numbers))
    insert(db, "seat", "request_id revision step number state", ((n, 1, 1, 1, "open") for n in numbers))
    held = (
        (n, 1, 1, 1, place, f"u{n % 190 + place}", "policy") for n in numbers for place in range(1, 2 + (n % 3 == 0))
    )
    insert(db, "holder", "request_id revision step seat number login how", held)


def decided(db: sqlite3.Connection, draw: random.Random, deals: int, requests: int) -> None:
    """As many more with one step that one person decided within some days."""
    numbers = range(requests + 1, 2 * requests + 1)
    opened = {n: NOW - int(draw.random() * 700 * 24 * HOUR) - 30 * 24 * HOUR for n in numbers}
    ended = {n: at + int(draw.expovariate(1 / (30 * HOUR))) for n, at in opened.items()}
    fate = {n: "approve" if draw.random() < 0.8 else "reject" for n in numbers}
    state = {"approve": "approved", "reject": "rejected"}
    asked = "id deal_id type state revision submitted_by submitted_at decided_at amount currency channel version"
    rows = (
        (n, n % deals + 1, "quote", state[fate[n]], 1, "u1", opened[n], ended[n], n * 100, "CNY", "demo", 1)
        for n in numbers
    )
    insert(db, "request", asked, rows)
    insert(db, "revision", "request_id number snapshot at editor", ((n, 1, "{}", opened[n], "u1") for n in numbers))
    steps = "request_id revision position group name state rule need calendar opened_at closed_at due_at"
    due = 36 * HOUR
    was = ((opened[n], ended[n], opened[n] + due) for n in numbers)
    told = (
        (n, 1, 1, 1, "Manager", state[fate[n]], "any", 1, "office", *times)
        for n, times in zip(numbers, was, strict=True)
    )
    insert(db, "step", steps, told)
    insert(db, "seat", "request_id revision step number state", ((n, 1, 1, 1, state[fate[n]]) for n in numbers))
    held = ((n, 1, 1, 1, 1, f"u{n % 190}", "policy") for n in numbers)
    insert(db, "holder", "request_id revision step seat number login how", held)
    columns = "request_id number revision step seat actor verdict at"
    insert(db, "decision", columns, ((n, 1, 1, 1, 1, f"u{n % 190}", fate[n], ended[n]) for n in numbers))


def shell(file: Path, sql: str) -> list[str]:
    """The command that prints the answer of the SQL as CSV."""
    program = shutil.which("sqlite3")
    if program:
        return [program, "-readonly", "-csv", str(file), sql]
    code = (
        "import csv, sqlite3, sys; csv.writer(sys.stdout).writerows(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]))"
    )
    return [sys.executable, "-c", code, str(file), sql]


def build(folder: Path, options: argparse.Namespace) -> Path:
    """The database, made by `opp init` and filled."""
    file = Path(options.keep) if options.keep else folder / "reports.db"
    if file.exists():
        print(f"{file} is there already and is used as it is\n")
        return file
    target = 'target = "40h"\n' if options.targets else ""
    (folder / "policy.toml").write_text(POLICY.format(stages=stages(target)))
    call([*program(), "init", "--policy", "policy.toml"], folder, str(file))
    start = time.perf_counter()
    visits = fill(file, options.deals, options.requests)
    size = file.stat().st_size / 1e6
    print(
        f"{options.deals:,} deals, {visits:,} visits, {options.requests:,} pending requests; {size:,.0f} MB,", end=" "
    )
    print(f"made in {time.perf_counter() - start:.0f} s\n")
    return file


def show(case: Case, spent: dict[str, Spent]) -> None:
    """A line: milliseconds of the command and of the SQL, and ratios by the clock and by the processor."""
    mine, theirs = spent[case.name], spent.get(f"SQL for {case.name}")
    limit = "" if case.limit is None else f"{case.limit:g}" + ("" if theirs else " ms")
    other = f"{theirs.wall:9.0f}{theirs.cpu:9.0f}" if theirs else " " * 18
    ratios = f"{mine.wall / theirs.wall:8.2f}{mine.cpu / theirs.cpu:11.2f}" if theirs else " " * 19
    print(f"{case.name:28}{mine.wall:9.0f}{mine.cpu:9.0f}{other}{ratios}{limit:>9}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deals", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5, help="how often each is run (5)")
    parser.add_argument("--targets", action="store_true", help="give every stage a target in business hours")
    parser.add_argument("--keep", metavar="FILE", help="keep the database there, and use it if it is there")
    options = parser.parse_args()
    os.environ |= {"OPP_NOW": NOW_TEXT, "OPP_USER": "boss"}
    compileall.compile_dir(str(Path(oppcli.__file__).parent), quiet=2)
    with tempfile.TemporaryDirectory() as folder:
        file = build(Path(folder), options)
        commands = {case.name: [*program(), *case.words] for case in CASES}
        commands |= {f"SQL for {case.name}": shell(file, case.sql) for case in CASES if case.sql}
        middle = measure(commands, options.runs, Path(folder), str(file), lambda: None)
    print(f"median of {options.runs} runs each; SQLite {sqlite3.sqlite_version}, Python {sys.version.split()[0]}\n")
    print(f"{'command':28}{'ms':>9}{'cpu ms':>9}{'SQL ms':>9}{'SQL cpu':>9}{'ratio':>8}{'cpu ratio':>11}{'limit':>9}")
    for case in CASES:
        show(case, middle)


if __name__ == "__main__":
    main()
