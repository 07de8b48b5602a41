"""What `--as-of` tells of what came later, what was erased, and what is not theirs to see; and what it refuses."""

import sqlite3
from contextlib import closing

import psycopg
import pytest
from begun import begun
from command_line import InProcess
from stages import STAGES, team_policy

POLICY = team_policy(
    """[scope]
see = { sales = "own", manager = "team" }
hide = { margin = ["sales"] }
mask = ["phone"]
[fields.phone]
personal = true
""",
    STAGES,
    hours='"09:00-12:00", "13:00-18:00"',
)
MAPPING = """
system = "old"
[fields]
external_id = "id"
title = "title"
owner = "owner"
stage = "stage"
[entered]
Lead = "came"
"""
MON, TUE, WED = ("2026-03-02T17:00:00+08:00", "2026-03-03T12:00:00+08:00", "2026-03-04T12:00:00+08:00")


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """wang leads li and zhou. On Monday each had a deal; what follows happened on Tuesday."""
    opp = opp_on_both
    (opp.folder / "team.toml").write_text(POLICY)
    opp.ok("init --policy team.toml")
    for login in ("li", "zhou"):
        opp.ok(f"user add {login} --manager wang --role sales")
    opp.ok("add One --customer Alpha --amount 1000 --set margin=12 --set phone=13877770000", user="wang")
    opp.ok("deal assign D-1 --to li", user="wang")
    opp.ok("add Two --customer Beta --amount 2000", user="wang")
    opp.ok("deal assign D-2 --to li", user="wang")
    opp.ok("add Three --customer Gamma --amount 3000", user="zhou")
    for who, line in (
        ("wang", "deal assign D-2 --to zhou"),
        ("wang", "deal edit D-1 --set amount=5000 --set margin=15"),
        ("wang", "withdraw D-3 -m mistaken"),
        ("li", "deal advance D-1"),
        ("wang", "policy apply team2.toml --rename Offer=Quote"),
    ):
        (opp.folder / "team2.toml").write_text(POLICY.replace("Offer", "Quote"))
        opp.ok(line, user=who, now=TUE)
    return opp


def rows(opp: InProcess, line: str, user: str = "wang", now: str = WED) -> str:
    return opp.ok(line, user=user, now=now).out.replace("\n", " ").strip()


LIST = "ls -c id,stage,owner,amount,version -o csv --no-header"


def test_what_was_withdrawn_moved_or_renamed_since_is_there_as_it_was(team: InProcess) -> None:
    assert rows(team, LIST) == "D-1,Quote,li,5000.00,4 D-2,Lead,zhou,2000.00,3"
    then = "D-1,Lead,li,1000.00,2 D-2,Lead,li,2000.00,2 D-3,Lead,zhou,3000.00,1"
    assert rows(team, f"{LIST} --as-of 2026-03-02") == then
    assert rows(team, f"{LIST} --as-of 2026-03-02T20:00") == then
    assert "Offer" in rows(team, "report funnel --as-of 2026-03-02 -o csv")
    assert "Quote" in rows(team, "report funnel --as-of 2026-03-03 -o csv")
    assert rows(team, f"{LIST} --as-of today") == rows(team, LIST)


def test_who_asks_sees_of_then_what_they_may_see_today(team: InProcess) -> None:
    assert rows(team, f"{LIST} --as-of 2026-03-02", user="li") == "D-1,Lead,li,1000.00,2"
    assert rows(team, f"{LIST} --as-of 2026-03-02", user="zhou") == "D-2,Lead,li,2000.00,2 D-3,Lead,zhou,3000.00,1"
    assert "margin" not in rows(team, "ls -o csv --as-of 2026-03-02", user="li")
    assert rows(team, "export deals -c id,margin --as-of 2026-03-02", user="wang") == "id,margin D-1,12 D-2, D-3,"
    assert "D-2" not in rows(team, "log -o csv --as-of 2026-03-02", user="li").replace("e-", "")
    assert team("show D-2 --as-of 2026-03-02", user="li", now=WED).code == 3


def test_what_is_told_of_the_journal_stops_then(team: InProcess) -> None:
    assert "withdraw" not in rows(team, "log -o csv --as-of 2026-03-02")
    assert "withdraw" in rows(team, "log -o csv --as-of 2026-03-03")


def test_deals_that_came_later_by_import_are_counted_beside_it(team: InProcess) -> None:
    (team.folder / "m.toml").write_text(MAPPING)
    (team.folder / "old.csv").write_text(
        "id,title,owner,stage,came\n1,Old,li,Won,2026-01-05\n2,Older,zhou,Lead,2026-01-06\n"
    )
    team.ok("import old.csv --mapping m.toml", now=WED)
    answer = team.ok("report funnel --as-of 2026-03-03 -o csv", now=WED)
    assert answer.err == "note: 2 deals came later by import with earlier dates\n"
    own = team.ok("ls --as-of 2026-03-03 -o csv", user="li", now=WED)
    assert "note: 1 deal came later by import with earlier dates\n" in own.err
    assert team.ok("customer list --as-of 2026-03-03 -o csv", now=WED).err == ""


def test_what_was_erased_stays_erased(team: InProcess) -> None:
    team.ok("customer erase C-1 -m asked --yes", now=WED)
    told = rows(team, "customer list -o csv --as-of 2026-03-02") + rows(team, "export deals --as-of 2026-03-02")
    assert "Alpha" not in told
    assert "13877770000" not in told
    assert "1000" in told


NOW = "error: --as-of is for lists, show, reports and exports: opp {} is about now"
REFUSED = {
    "ls --as-of 2026-03-01": "error: nothing is known of then: the journal begins Mon 2 Mar 17:00",
    "ls --as-of 2026-03-05": "error: 2026-03-05 is still to come: nobody knows what will be true then",
    "ls --as-of soon": "error: 'soon' is not a time",
    "ls --as-of today --watch": "error: what was does not change: --as-of goes without --watch",
    "ls --as-of today --since-last x": "error: what was does not change: --as-of goes without --since-last",
    "deal edit D-1 --as-of 2026-03-02": NOW.format("deal edit"),
    "notices list --as-of 2026-03-02": NOW.format("notices list"),
    "db info --as-of 2026-03-02": NOW.format("db info"),
    "audit verify --as-of 2026-03-02": NOW.format("audit verify"),
    "config list --as-of 2026-03-02": NOW.format("config list"),
    "--as-of 2026-03-02 ls": "error: --as-of stands behind a list, show, a report or an export",
}


def test_what_cannot_be_asked_is_refused_with_a_way_on(team: InProcess) -> None:
    answers = {line: team(line, now=WED) for line in REFUSED}
    assert {line: answer.err.splitlines()[0] for line, answer in answers.items()} == REFUSED
    assert {answer.code for answer in answers.values()} == {2}
    assert [line for line, answer in answers.items() if "hint: " not in answer.err] == []


def test_a_chain_that_is_broken_since_proves_nothing_of_then(team: InProcess) -> None:
    where = "UPDATE journal SET actor = 'nobody' WHERE seq = (SELECT max(seq) - 1 FROM journal)"
    last = int(team.ok("log -L 1 -o csv -c seq --no-header", now=WED).out.strip().removeprefix("e"))
    if "://" in team.env["OPP_DB"]:
        with psycopg.connect(team.env["OPP_DB"], autocommit=True) as server:
            server.execute("SET session_replication_role = replica")
            server.execute(where)
    else:
        with closing(sqlite3.connect(team.db)) as file:
            file.execute("DROP TRIGGER journal_no_update")
            file.execute(where)
            file.commit()
    answer = team("ls --as-of 2026-03-02", now=WED)
    assert (answer.code, answer.err) == (
        5,
        f"error: what was then cannot be told: entry e{last - 1} was changed after it was written\n"
        "hint: opp audit verify\n",
    )
    assert team("ls --as-of 2026-03-03", now=WED).code == 0
