"""Two people decide the same seat at the same instant: one wins, the other is told who and when, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from approvals_office import MONDAY, POLICY, Office
from begun import begun
from command_line import InProcess, Process

from oppcli.actions.act import Act
from oppcli.actions.requests.verbs import decide
from oppcli.errors import Conflict
from oppcli.model.journal import Stamp
from oppcli.model.requests import Request
from oppcli.policy import read
from oppcli.reads.requests import Filters, listing
from oppcli.store import backup, open_read, open_write
from oppcli.store.queries import policy_text

TURNS = 20
ONE_STEP = POLICY.replace('[[type.risk.step]]\nname = "法务"\ntogether = "会审"\nwho = "role:legal"\n', "").replace(
    'together = "会审"\n', ""
)


@pytest.fixture
@begun
def office(opp: InProcess) -> Office:
    """Twenty deals, each with a request that waits for chen or zhao."""
    made = Office(opp, ONE_STEP)
    for number in range(1, TURNS + 1):
        made.ok("li", f"lead add 商机{number} --customer 客户{number} --amount 800000")
        made.ok("li", f"submit D-{number} risk")
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def url(office: Office, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Their database, as a file or on a server."""
    if request.param == "sqlite":
        return str(office.opp.db)
    server = str(request.getfixturevalue("pg_url"))
    backup.back_up(str(office.opp.db), tmp_path / "copy.db")
    backup.restore(tmp_path / "copy.db", server)
    return server


def say(url: str, number: int, login: str, verdict: str, start: Barrier) -> str:
    """What came of one decision: done, or what its refusal says."""
    start.wait()
    try:
        stamp = Stamp(actor=login, now=1_773_018_000_000)
        with open_write(url, stamp) as door:
            decide(Act(door), f"R-{number}", verdict, reason="x")
    except Conflict as refusal:
        return refusal.message
    return "done"


def test_twenty_times_the_first_wins_and_the_other_is_told(url: str) -> None:
    found = set()
    for number in range(1, TURNS + 1):
        start = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            told = [
                pool.submit(say, url, number, login, verdict, start)
                for login, verdict in (("chen", "approve"), ("zhao", "reject"))
            ]
        answers = [answer.result() for answer in told]
        with open_read(url) as door:
            request = door.get(Request, number)
        (made,) = request.decisions
        word = {"approve": "approved", "reject": "rejected"}[made.verdict]
        loser = next(answer for answer in answers if answer != "done")
        clash = f"R-{number} is {word}: {made.actor} {word} 财务 on Mon 9 Mar 09:00"
        found.add((answers.count("done"), request.state == word, loser.startswith(clash)))
    assert found == {(1, True, True)}


def test_all_must_agree_and_two_at_once_are_both_counted(url: str) -> None:
    """Read before the lock, two processes each see one of two votes and the request waits for ever."""
    seats = {"chen": "approve", "zhao": "approve"}
    with open_write(url, Stamp(actor="root", now=1_773_018_000_000)) as door:
        before = door.get(Request, 1)
        door.save(before, _all_must_agree(before))
    start = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        told = [pool.submit(say, url, 1, login, verdict, start) for login, verdict in seats.items()]
    assert [answer.result() for answer in told] == ["done", "done"]
    with open_read(url) as door:
        request = door.get(Request, 1)
    assert (request.state, sorted(d.actor for d in request.decisions)) == ("approved", ["chen", "zhao"])


def _all_must_agree(request: Request) -> Request:
    (step,) = request.steps
    (pool,) = step.seats
    seats = tuple(replace(pool, number=n, holders=(holder,), pool=()) for n, holder in enumerate(pool.holders, 1))
    return replace(request, steps=(replace(step, rule="all", need=2, seats=seats),))


def test_the_inbox_reads_the_same_on_both_engines(url: str) -> None:
    with open_write(url, Stamp(actor="root", now=1_773_018_000_000)) as door:
        before = door.get(Request, 2)
        (step,) = before.steps
        empty = replace(step, seats=(replace(step.seats[0], holders=()),))
        door.save(before, replace(before, steps=(empty,), blocked=True))
    with open_read(url) as door:
        policy = read(policy_text(door))
        filters = Filters(waiting_on="zhao", blocked=True, types=("risk",), states=("pending",), submitted_by="li")
        table = listing(door, filters, now=1_773_018_000_000, policy=lambda: policy)
    rows = list(table.rows)
    assert [row[0] for row in rows] == ["R-2", "R-1", *(f"R-{number}" for number in range(3, TURNS + 1))]
    assert (rows[0][7], rows[1][7], rows[1][10]) == ((), ("chen", "zhao"), 8)


def test_two_processes_at_once(office: Office, opp_process: Process) -> None:
    runs = [
        opp_process.start("approve", "R-1", user="chen", now=MONDAY),
        opp_process.start("reject", "R-1", "-m", "不行", user="zhao", now=MONDAY),
    ]
    errors = [run.communicate(timeout=60)[1].decode() for run in runs]
    assert sorted(run.returncode for run in runs) == [0, 5]
    state = office.request()["state"]
    winner = {"approved": "chen", "rejected": "zhao"}[state]
    assert f"error: R-1 is {state}: {winner} {state} 财务 on Mon 9 Mar 09:00" in "".join(errors)
