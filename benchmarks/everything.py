"""What every everyday command, list, report, export and check costs on the database of world.py.

    python benchmarks/everything.py FILE [--group everyday] [--only TEXT] [--runs 1] [--server URL]

Each is a process of its own, in turns with `python -c "import typer"` (with psycopg on a server), of which a ratio is
told, and with `python -c pass` for what completes a word. What changes something is a dry run: all but the commit.
At most: twice `import typer` for everyday commands and 40 ms more than `pass` for a word, 5 s and 500 MB for a read of
everything, 3 × the same of now and 1.5 s for a past one.
"""

import argparse
import os
import shlex
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from commands import Spent, measure, program
from world import BOSS, MANAGER, NOW_TEXT, SELLER

from oppcli.reads.catalog import MODULES, reports

EVERYDAY, WORDS, READS, FILTERED, PAST, FILES = "everyday", "words", "reads", "filtered", "past", "files"
GROUPS = (EVERYDAY, WORDS, READS, FILTERED, PAST, FILES)
NEEDS = {
    "deal show": "{deal}",
    "show": "{deal}",
    "deal history": "{deal}",
    "deal recap": "{deal}",
    "deal similar": "{deal}",
    "gate": "{deal}",
    "request show": "{request}",
    "request status": "{request}",
    "request plan": "{bare} quote",
    "user show": SELLER,
    "report absence": "--who u002 --until 2026-12-31",
    "report effect": "--policy 1 --measure approval",
    "forecast show": "F-1",
    "forecast whatif": "--set {deal}.amount=1000",
    "policy replay": "1 --since 2026-11-20",
    "mapping show": "hubspot",
    "sql": "'select count(*) from entries'",
    "timeline": "{deal}",
    "quote show": "{quoted}",
    "contract show": "{agreed}",
    "customer show": "{customer}",
    "contact show": "P-77",
}
"""What a read has to be given."""
APART = ("policy check", "policy diff", "policy tune", "request wait", "proposal show", "export", "db diff", "doctor")
"""Reads of a file, of a machine, or of what the database has none of."""
LISTS = ("log", "inbox", "next", *(path for path in MODULES if path.endswith(" list")))
"""Of these the first fifty are asked for; all of them are for `FILES`."""
WHOLE = ("audit verify", "db check")
"""Those that prove every row: nothing but how long it takes is told."""
BY = ("funnel", "durations", "overdue", "turnaround", "waiting", "wins", "losses", "cycle", "velocity", "activity")


class Case(NamedTuple):
    """One line of the table: a command, and who types it."""

    words: str
    who: str = BOSS
    limit: str = ""


def known(file: Path) -> dict[str, str]:
    """Things to ask for: of the seller a live deal, one with a quote, one with a contract, of the manager a request."""
    live = f"SELECT max(d.id) FROM deal d {{}} WHERE d.owner = '{SELLER}' AND d.stage_id BETWEEN 3 AND 5"
    asked = {
        "deal": f"D-{{}} {live.format('')}",
        "quoted": f"D-{{}} {live.format('JOIN quote q ON q.id = d.id')}",
        "agreed": f"D-{{}} {live.format('JOIN contract k ON k.id = d.id')}",
        "customer": f"C-{{}} SELECT customer_id FROM deal WHERE id = ({live.format('')})",
        "bare": f"D-{{}} {live.format('')} AND d.id % 2 = 0",
        "request": f"R-{{}} SELECT max(h.request_id) FROM holder h JOIN request r ON r.id = h.request_id "
        f"WHERE h.login = '{MANAGER}' AND r.state = 'pending'",
        "task": f"T-{{}} SELECT max(t.id) FROM task t JOIN deal d ON d.id = t.deal_id "
        f"WHERE d.owner = '{SELLER}' AND t.state = 'open'",
    }
    found = {}
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as db:
        for name, text in asked.items():
            told, _, sql = text.partition(" ")
            (number,) = db.execute(sql).fetchone() or (None,)
            if number is not None:
                found[name] = told.format(number)
    return found


def everyday() -> Iterator[Case]:
    """What people type all day; what changes something as a dry run."""
    for words in ("next -L 8", "next --count", "ls -L 20", "show {deal}", "deal show {quoted}", "gate {deal}"):
        yield Case(words, SELLER, "2 x")
    for words in ("customer show {customer}", "ls --text 4711", "show {customer}", "task list", "timeline {deal}"):
        yield Case(words, SELLER, "2 x")
    for words in ("next --team me -L 8", "inbox -L 20", "inbox", "show {request}", "board"):
        yield Case(words, MANAGER, "2 x")
    for words in (
        "add 'Plant 9' --customer 上海华信科技有限公司 --amount 5000",
        "add 'Plant 9' --customer 'Nobody Has It Ltd' --amount 5000",
        "lead add 'Plant 9' --amount 5000",
        "note {deal} 'call: they want the offer -> fri send it'",
        "advance {deal}",
        "deal edit {deal} --amount 7000",
        "submit {quoted} quote",
        "task done {task}",
        "quote line {quoted} --sku S0001 --qty 2",
        "payment plan {deal} --part 100%:2027-01-15",
        "customer edit {customer} --phone 02112345678",
        "customer add 北京华信恒科技有限公司",
        "contact add 王伟 --customer {customer} --phone 13900000077",
    ):
        yield Case(f"{words} --dry-run", SELLER, "2 x")
    yield Case("approve {request} --dry-run", MANAGER, "2 x")
    yield Case("payment received {deal} 300 --on 2026-11-29 --dry-run", MANAGER, "2 x")
    yield Case("tick --dry-run")


def completed() -> Iterator[Case]:
    for words in (
        "deal D-1",
        "deal Retro",
        "customer 上海",
        "contact P-",
        "request R-",
        "user u0",
        "source ''",
        "tag ''",
    ):
        yield Case(f"__complete {words}", SELLER, "40 ms")


def whole() -> Iterator[Case]:
    """Every read there is, of everything, as the boss; lists as CSV."""
    for path in MODULES:
        if path not in APART:
            form = "" if path == "board" or path.endswith(" show") else " -L 50" if path in LISTS else " --csv"
            yield Case(f"{path} {NEEDS.get(path, '')}{form}", BOSS, "" if path in WHOLE else "5 s, 500 MB")
    yield Case("next --csv --team me", BOSS, "5 s, 500 MB")


def filtered() -> Iterator[Case]:
    """The same under a condition, by another key, in a period, and as people see it who do not see all."""
    for name in BY:
        yield Case(f"report {name} --csv --by owner", BOSS, "5 s, 500 MB")
    for name in ("funnel", "wins", "losses", "cycle", "durations"):
        yield Case(f"report {name} --csv -w 'amount > 50000 and region == north'", BOSS, "5 s, 500 MB")
        yield Case(f"report {name} --csv -w 'seats > 10'", BOSS, "5 s, 500 MB")
    yield Case("ls --csv -w 'tier == A and age_days > 60'", BOSS, "5 s, 500 MB")
    yield Case("ls --csv --sort -priority -L 50", BOSS, "5 s, 500 MB")
    yield Case("report wins --by month --csv", BOSS, "5 s, 500 MB")
    for who in (SELLER, MANAGER):
        for path in (*LISTS, *reports()):
            if path not in APART:
                yield Case(f"{path} {NEEDS.get(path, '')} {'-L 50' if path in LISTS else '--csv'}", who, "5 s, 500 MB")


def then() -> Iterator[Case]:
    for words in ("report funnel", "report wins", "ls -L 100", "pack", "next -L 8", "show {deal}"):
        for day in ("2026-11-23", "2026-09-21", "2025-11-30"):
            yield Case(f"{words} --as-of {day}")


def files() -> Iterator[Case]:
    """What writes files, from the whole database."""
    for noun in ("deals", "customers", "activities", "visits", "requests", "journal", "lines", "all"):
        yield Case(f"export {noun} -O {{folder}}/{noun}.jsonl")
    yield Case("ls --csv -O {folder}/deals.csv")
    yield Case("activity list --csv")
    yield Case("board -O {folder}/board.html")
    yield Case("db backup {folder}/copy.db")


MADE = {EVERYDAY: everyday, WORDS: completed, READS: whole, FILTERED: filtered, PAST: then, FILES: files}


def limit_ms(limit: str, base: Spent, nothing: Spent) -> float | None:
    """The milliseconds that a case may take; None where nothing is said of that."""
    number, _, rest = limit.partition(" ")
    if not limit:
        return None
    if rest == "x":
        return float(number) * base.wall
    return nothing.wall + float(number) if rest == "ms" else float(number) * 1000


def told(case: Case, spent: Spent, base: Spent, nothing: Spent) -> str:
    """The line of the table."""
    allowed = limit_ms(case.limit, base, nothing)
    slow = allowed is not None and min(spent.wall, spent.cpu * base.wall / base.cpu) > allowed
    over = " over" if slow or ("MB" in case.limit and spent.mb > 500) else ""
    figures = f"{spent.wall:8.0f}{spent.cpu:8.0f}{spent.mb:7.0f}{spent.wall / base.wall:7.2f}"
    return f"{f'{case.who} {case.words}'[:70]:70}{figures}  {case.limit}{over}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--group", action="append", choices=GROUPS)
    parser.add_argument("--only", default="", help="of the commands those that have this in them")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--patience", type=int, default=0, metavar="S", help="give up on what takes longer")
    parser.add_argument("--server", metavar="URL", help="the same database on PostgreSQL")
    asked = parser.parse_args()
    named = known(asked.file)
    os.environ |= {"OPP_USER": SELLER, "OPP_TZ": "Asia/Shanghai", "OPP_NOW": NOW_TEXT}
    cases = [case for group in asked.group or GROUPS for case in MADE[group]() if asked.only in case.words]
    code = "import typer, psycopg" if asked.server else "import typer"
    with tempfile.TemporaryDirectory(prefix="opp-bench-", dir=asked.file.parent) as name:
        folder, db = Path(name), asked.server or str(asked.file.resolve())
        spell = {**named, "folder": name}
        base, nothing = (
            measure({"": [sys.executable, "-c", each]}, 9, folder, db, lambda: None)[""] for each in (code, "pass")
        )
        print(f"{'command':70}{'ms':>8}{'cpu ms':>8}{'MB':>7}{'ratio':>7}  limit")
        for case in cases:
            start = [*program(), "--as", case.who]
            try:
                line = shlex.split(case.words.format(**spell))
            except KeyError as lacking:
                print(f"{case.words[:70]:70} there is no {lacking.args[0]} in this file", flush=True)
                continue
            line = [*program(), *line] if line[0] == "__complete" else [*start, *line]
            if asked.patience:
                line = ["timeout", str(asked.patience), *line]
            try:
                spent = measure({"": line}, asked.runs, folder, db, lambda: None)[""]
            except SystemExit as failed:
                print(f"{case.words[:70]:70} {str(failed.code)[-160:]!r}", flush=True)
                continue
            print(told(case, spent, base, nothing), flush=True)
            for made in folder.iterdir():
                made.unlink() if made.is_file() else None


if __name__ == "__main__":
    main()
