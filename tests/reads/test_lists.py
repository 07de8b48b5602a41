"""Lists as they are typed: comma lists, tags, words, amounts of several currencies, a manager's empty answer."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
import world
from begun import begun
from command_line import InProcess

from oppcli import store
from oppcli.model.deals import Deal
from oppcli.model.journal import Stamp
from oppcli.reads.where import Where


@pytest.fixture
@begun
def team(opp: InProcess) -> InProcess:
    """wang leads li and zhao, who have five deals between them."""
    opp.env["OPP_NOW"] = "2026-03-09T10:00:00Z"
    opp.ok("init --template b2b --lang en", user="root")
    opp.ok("user add wang --role manager", user="root")
    opp.ok("user add li --manager wang", user="root")
    opp.ok("user add zhao --manager wang", user="root")
    opp.ok("add ЖУК --customer Acme --amount 300 --source fair,Berlin", user="li")
    opp.ok('add "pagamento boleto" --customer Acme --amount 200 --source fair', user="li")
    opp.ok("add Press --customer Жёлудь --amount 900 --currency EUR --source Berlin", user="zhao")
    opp.ok("add Mill --customer Acme --amount 100 --currency AUD", user="zhao")
    opp.ok("add Kiln --customer Acme --amount 100", user="zhao")
    with store.open_write(str(opp.db), Stamp(actor="li", now=world.NOW, command="test")) as door:
        for number, tag in ((1, "vip"), (2, "old")):
            deal = door.get(Deal, number)
            door.save(deal, replace(deal, tags=(tag,)))
    return opp


def ids(team: InProcess, line: str) -> list[str]:
    return team.ok(f"{line} --ids", user="wang").out.split()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("--text жук", ["D-1"]),
        ("--text 'boleto pagamento'", ["D-2"]),
        ("--text жёлудь", ["D-3"]),
        ("--text 'mill acme'", ["D-4"]),
        ("--text 'mill press'", []),
        ("--tag vip", ["D-1"]),
        ("--tag '!vip'", ["D-2", "D-3", "D-4", "D-5"]),
        ("--tag '!vip,old'", ["D-3", "D-4", "D-5"]),
        ("--tag vip,old", ["D-1", "D-2"]),
        ("--owner li,zhao", ["D-1", "D-2", "D-3", "D-4", "D-5"]),
        ("--owner '!li,wang'", ["D-3", "D-4", "D-5"]),
        ("--source fair,Berlin", ["D-1"]),
        ("--source Berlin,fair", ["D-2", "D-3"]),
        ("--stage Lead,Won", ["D-1", "D-2", "D-3", "D-4", "D-5"]),
    ],
)
def test_filters_find_what_was_meant(team: InProcess, line: str, found: list[str]) -> None:
    assert ids(team, f"deal list {line}") == found


@pytest.mark.parametrize(
    ("sort", "found"), [("-amount", "D-1 D-2 D-5 D-4 D-3"), ("amount", "D-5 D-2 D-1 D-4 D-3"), ("title", None)]
)
def test_amounts_of_several_currencies_are_sorted_by_currency_first(
    team: InProcess, sort: str, found: str | None
) -> None:
    answer = team.ok(f"deal list --sort {sort} --ids", user="wang")
    assert found is None or answer.out.split() == found.split()
    said = "note: amounts of several currencies are sorted by currency first: USD, AUD, EUR\n"
    assert answer.err == (said if found else "")


def test_amounts_counted_in_one_currency_are_sorted_by_what_they_are_worth(team: InProcess) -> None:
    for pair, rate in (("EUR USD", "1.1"), ("AUD USD", "0.6")):
        team.ok(f"rate add {pair} {rate}", user="root")
    answer = team.ok("deal list --in USD --sort amount -o csv -c id,amount,currency", user="wang")
    assert answer.out.split()[1:] == [
        "D-4,60.00,USD",
        "D-5,100.00,USD",
        "D-2,200.00,USD",
        "D-1,300.00,USD",
        "D-3,990.00,USD",
    ]
    assert answer.err == ""
    silent = team.ok("deal list --in JPY -o csv -c id,amount", user="wang")
    assert silent.out.split()[1] == "D-1,"
    assert "no rate to JPY is known: deals in AUD and EUR and USD are counted" in silent.err


@pytest.mark.parametrize("line", ["deal list --open", "report funnel --cohort month", "report waiting -o csv"])
def test_what_is_empty_for_a_manager_says_so_with_the_command_that_shows_the_team_s(team: InProcess, line: str) -> None:
    answer = team.ok(f"{line} --owner me", user="wang")
    typed = line.removesuffix(" -o csv")
    assert f"note: nothing here is of wang; of the people below: opp {typed} --team me\n" in answer.err
    assert team.ok(f"{line} --owner li", user="wang").err.find("nothing here") == -1
    assert team(f"{line} --owner me -q", user="wang").err == ""


def test_populations_are_told_with_v_and_figures_stand_in_the_total(team: InProcess) -> None:
    assert "note: 5 deals\n" not in team.ok("report funnel -o csv", user="wang").err
    assert "note: 5 deals\n" in team.ok("report funnel -o csv -v", user="wang").err
    found = json.loads(team.ok("report funnel --owner zhao,li -o full", user="wang").out)
    assert found["asked"]["command"] == "report funnel"
    assert found["asked"]["owner"] == ["zhao,li"]
    assert found["total"] == {"deals": 5, "won": 0, "lost": 0, "win_rate": None}
    assert [note["code"] for note in found["notes"]] == ["population", "left_out"]


def test_a_next_step_of_today_was_not_due_yet(team: InProcess) -> None:
    team.ok("deal edit D-5 --set 'next_step=call them' --set next_step_on=2026-03-09", user="zhao")
    late = []
    for day in (9, 10):
        team.env["OPP_NOW"] = f"2026-03-{day:02}T10:00:00Z"
        late += [row["late_days"] for row in team.ok("next --json", user="zhao").json if row["title"] == "Kiln"]
    assert late == [0, 1]


def test_a_text_longer_than_any_is_not_looked_for(team: InProcess) -> None:
    refused = team("deal", "list", "--text", "a" * 60_000, user="zhao")
    assert (refused.code, refused.err) == (2, "error: a text to look for has at most 1000 characters\n")


def test_neither_a_probability_set_by_hand_nor_a_competitor_outlives_the_end_it_was_about(team: InProcess) -> None:
    team.ok("deal edit D-5 --set probability=60 --set 'probability_reason=budget is there'", user="zhao")
    assert team.ok("deal list --json", user="zhao").json[4]["probability"] == 60
    reasons = team.ok("policy show", user="root").out
    reason = reasons.partition("reasons = [")[2].partition('"')[2].partition('"')[0]
    team.ok("lose", "D-5", "--reason", reason, "-m", "price", "--competitor", "Bolt", user="zhao")
    lost = team.ok("deal list --json", user="zhao").json[4]
    assert (lost["competitor"], lost["probability"]) == ("Bolt", 0)
    team.ok("deal reopen D-5 -m again", user="zhao")
    back = team.ok("deal list --json", user="zhao").json[4]
    assert (back["competitor"], back["close_reason"]) == (None, None)
    assert back["probability"] != 60


@pytest.mark.parametrize(
    ("since", "until", "found"), [(None, None, [1, 5, 9]), (5, None, [5, 9]), (None, 5, [1]), (5, 9, [5]), (0, 0, [])]
)
def test_what_lies_within_begins_at_the_first_instant_and_ends_before_the_second(
    since: int | None, until: int | None, found: list[int]
) -> None:
    where = Where()
    where.within("at", since, until)
    sql = f"SELECT at FROM (SELECT 1 AS at UNION SELECT 5 UNION SELECT 9) {where.sql}"
    with closing(sqlite3.connect(":memory:")) as database:
        assert [at for (at,) in database.execute(sql, where.params)] == found
