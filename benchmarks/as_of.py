"""What a report costs as of an instant, against the same report of now.

    python benchmarks/as_of.py [--deals 100000] [--entries 1000000] [--runs 5] [--keep FILE] [--server URL]

Builds a SQLite file of deals that were made, edited and moved on in so many entries, chained as the program does it;
`--server` is an empty database on PostgreSQL that gets a copy. T is the instant before which 99, 90 and 50 of a hundred
entries lie. Each command is a process of its own that prints CSV.
"""

import argparse
import compileall
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from commands import call, program
from commands import measure as measured
from policies import HEAD, OFFICE, STAGES, stages

import oppcli
from oppcli import store
from oppcli.model.deals import Deal, Stage, Visit
from oppcli.model.journal import Stamp
from oppcli.model.people import User
from oppcli.store.changes import created
from oppcli.store.journal import COLUMNS, Chain, Head, Told
from oppcli.store.mapping import compact, shape_of
from oppcli.store.seals import personal_made

BEGAN, NOW = 1_740_000_000_000, 1_790_000_000_000
NOW_TEXT = "2026-09-21T14:13:20Z"
SHARES = (0.99, 0.9, 0.5)
REPORTS = ("report funnel --csv", "report wins --csv", "ls --csv")
CHUNK = 5_000
PEOPLE = 200


class Team:
    """Deals as they are after each entry."""

    def __init__(self, deals: int, entries: int) -> None:
        self.draw, self.deals, self.entries = random.Random(7), deals, entries
        self.stage: list[int] = []
        self.rows: list[dict[str, Any]] = []
        self.visits: list[list[list[Any]]] = []
        self.versions: list[int] = []
        self.at = BEGAN

    def told(self) -> Iterator[tuple[str, Told]]:
        """(action, what an entry tells) of each entry, in order: a deal is made now and then, the others go on."""
        shape = shape_of(Deal)
        for place in range(self.entries):
            self.at = BEGAN + (NOW - BEGAN) * place // self.entries
            if len(self.rows) < self.deals and (place % max(1, self.entries // self.deals) == 0 or not self.rows):
                yield "create", self._made(shape)
            else:
                yield self._changed()

    def _made(self, shape: Any) -> Told:
        number = len(self.rows) + 1
        row = {"amount": number * 100, "expected_close": None, "updated_at": self.at, "closed_at": None}
        deal = self.deal(number, row, 0, [[0, self.at, None]], 1)
        self.rows.append({**row, "created_at": self.at})
        self.stage.append(0)
        self.visits.append([[0, self.at, None]])
        self.versions.append(1)
        return number, created(shape, deal), personal_made(shape, deal, ())

    def deal(self, number: int, row: dict[str, Any], stage: int, visits: list[list[Any]], version: int) -> Deal:
        """The noun of a row."""
        stays = tuple(Visit(stage=STAGES[place], entered_at=since, left_at=until) for place, since, until in visits)
        more = {"last_open_stage": STAGES[visits[-2][0]]} if stage > 5 else {}
        return Deal(
            id=number,
            title=f"Deal {number}",
            stage=STAGES[stage],
            currency="CNY",
            owner=f"u{number % PEOPLE}",
            created_by="boss",
            channel="cli",
            version=version,
            visits=stays,
            **{"created_at": self.at, **row, **more},
        )

    def _changed(self) -> tuple[str, Told]:
        place = self.draw.randrange(len(self.rows))
        row, stage, visits = self.rows[place], self.stage[place], self.visits[place]
        changes: dict[str, list[Any]] = {}
        action = "edit"
        if stage < 6 and self.draw.random() < 0.35:
            action, stage = "advance", self._next(stage)
            changes["stage"] = [STAGES[self.stage[place]], STAGES[stage]]
            if stage > 5:
                changes["closed_at"] = [None, self.at]
                changes["last_open_stage"] = [None, STAGES[self.stage[place]]]
            changes[f"visits.{len(visits)}.left_at"] = [None, self.at]
            visits[-1][2] = self.at
            visits.append([stage, self.at, None])
            changes[f"visits.{len(visits)}"] = [None, {"stage": STAGES[stage], "entered_at": self.at}]
            self.stage[place] = stage
        elif self.draw.random() < 0.5:
            changes["amount"] = [row["amount"], row["amount"] + 100]
        else:
            changes["expected_close"] = [
                row["expected_close"],
                f"2026-{self.draw.randrange(1, 13):02d}-{place % 28 + 1:02d}",
            ]
            if changes["expected_close"][0] == changes["expected_close"][1]:
                changes["expected_close"][1] = "2027-01-01"
        changes["updated_at"] = [row["updated_at"], self.at]
        row.update({name: pair[1] for name, pair in changes.items() if name in row})
        self.versions[place] += 1
        return action, (place + 1, compact(changes), None)

    def _next(self, stage: int) -> int:
        return 7 if self.draw.random() < 0.12 else stage + 1


def fill(file: Path, team: Team) -> None:
    """The journal of everything that was done, and the rows that it leaves."""
    with store.open_write(str(file), Stamp(actor="boss", now=BEGAN, os_user="boss")) as door:
        door.add_many(User(login=f"u{n}", name=f"User {n}", created_at=BEGAN) for n in range(PEOPLE))
    with store.open_read(str(file)) as door:
        stages = {stage.name: stage.id for stage in door.find(Stage)}
        (head,) = door.rows("SELECT seq, at, hash FROM journal ORDER BY seq DESC LIMIT 1")
    db = sqlite3.connect(file)
    db.executescript("PRAGMA synchronous = off; PRAGMA journal_mode = off; PRAGMA cache_size = -200000; BEGIN")
    marks, last = ", ".join("?" * len(COLUMNS)), Head(*head)
    insert = f"INSERT INTO journal ({', '.join(COLUMNS)}) VALUES ({marks})"
    kept: list[Any] = []
    for action, told in team.told():
        chain = Chain(last, Stamp(actor="boss", now=team.at, command=f"deal {action}", os_user="boss"), "Boss")
        kept += chain.extend(action, "deal", [told], chain.meta(None))
        last = chain.head
        if len(kept) >= CHUNK:
            db.executemany(insert, kept)
            kept = []
    db.executemany(insert, kept)
    shape = shape_of(Deal)
    for number, (row, stage, visits) in enumerate(zip(team.rows, team.stage, team.visits, strict=True), 1):
        for part, values in shape.rows(team.deal(number, row, stage, visits, team.versions[number - 1]), stages):
            columns = ", ".join(f'"{name}"' for name in part.columns)
            db.execute(f"INSERT INTO {part.table} ({columns}) VALUES ({', '.join('?' * len(values))})", values)
    db.commit()
    db.execute("ANALYZE")
    db.commit()
    db.close()


def build(folder: Path, options: argparse.Namespace) -> Path:
    """The database, made by `opp init` and filled."""
    file = Path(options.keep) if options.keep else folder / "as_of.db"
    if file.exists():
        print(f"{file} is there already and is used as it is\n")
        return file
    (folder / "policy.toml").write_text(HEAD + stages() + OFFICE)
    call([*program(), "--now", "2025-02-19T21:00:00Z", "init", "--policy", "policy.toml"], folder, str(file))
    start = time.perf_counter()
    fill(file, Team(options.deals, options.entries))
    print(f"{options.deals:,} deals, {options.entries:,} entries; {file.stat().st_size / 1e6:,.0f} MB,", end=" ")
    print(f"made in {time.perf_counter() - start:.0f} s\n")
    return file


def raised(file: Path, url: str) -> None:
    """Copy every table of the file into the database on the server."""
    import psycopg

    store.create(url)
    source = sqlite3.connect(file)
    with psycopg.connect(url, autocommit=True) as target:
        target.execute("SET session_replication_role = replica")
        named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        for (table,) in source.execute(f"{named} AND name <> 'alembic_version'").fetchall():
            rows = source.execute(f'SELECT * FROM "{table}"')
            columns = ", ".join(f'"{each[0]}"' for each in rows.description)
            target.execute(f'DELETE FROM "{table}"'.encode())
            with target.cursor().copy(f'COPY "{table}" ({columns}) FROM STDIN'.encode()) as copy:
                for row in rows:
                    copy.write_row(row)
        target.execute("ANALYZE")


def instants(file: Path) -> dict[float, str]:
    """Share → the instant before which that part of the entries lies."""
    db = sqlite3.connect(file)
    (last,) = db.execute("SELECT max(seq) FROM journal").fetchone()
    found = {}
    for share in SHARES:
        (at,) = db.execute("SELECT at FROM journal WHERE seq = ?", (int(last * share),)).fetchone()
        found[share] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at // 1000))
    db.close()
    return found


def measure(name: str, url: str, when: dict[float, str], folder: Path, runs: int) -> None:
    """A line for each report: now, and as of each instant, with how it stands to 3 × now + 1.5 s at 99 %."""
    for report in REPORTS:
        line = [*program(), *report.split()]
        lines = {"now": line} | {f"{share:.0%}": [*line, "--as-of", at] for share, at in when.items()}
        spent = measured(lines, runs, folder, url, lambda: None)
        limit = 3 * spent["now"].wall + 1500
        told = "".join(f"{spent[each].wall:9.0f}" for each in lines)
        print(f"{name:11}{report:24}{told}{spent['99%'].wall / limit:14.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5, help="how often each is run (5)")
    parser.add_argument("--keep", metavar="FILE", help="keep the database there, and use it if it is there")
    parser.add_argument("--server", metavar="URL", help="an empty database on PostgreSQL, measured as well")
    options = parser.parse_args()
    os.environ |= {"OPP_NOW": NOW_TEXT, "OPP_USER": "boss", "OPP_TZ": "UTC"}
    compileall.compile_dir(str(Path(oppcli.__file__).parent), quiet=2)
    with tempfile.TemporaryDirectory() as folder:
        file = build(Path(folder), options)
        when = instants(file)
        print(f"median of {options.runs} runs each, ms; Python {sys.version.split()[0]}\n")
        print(
            f"{'engine':11}{'command':24}{'now':>9}"
            + "".join(f"{share:>9.0%}" for share in when)
            + f"{'99 % / limit':>14}"
        )
        measure("sqlite", str(file), when, Path(folder), options.runs)
        if options.server:
            raised(file, options.server)
            measure("postgresql", options.server, when, Path(folder), options.runs)


if __name__ == "__main__":
    main()
