"""What is refused, or is otherwise now, names what helps: names of merged customers, what was not withdrawn, days that
are over, kinds in the language of who reads; what only explains, explains."""

from pathlib import Path

import pytest
from begun import begun
from command_line import InProcess

MORE = """
[assign]
rule = [{ name = "big", to = ["user:wes"], by = "turn", when = "amount >= 100", capacity = 1 }]
[[score]]
name = "risk"
rules = [{ when = "idle_days >= 0.5", points = 5 }]
"""
NOW, LATER = "2026-03-02T10:00:00+08:00", "2026-03-03T08:00:00+08:00"


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """wang (admin), li and wes; D-1 of Acme, D-2 of Globex."""
    opp = opp_on_both
    opp.ok("init --template blank --lang en")
    policy = Path(opp.folder) / "team.toml"
    policy.write_text(opp.ok("policy show").out + MORE, encoding="utf-8")
    for login in ("li", "wes"):
        opp.ok(f"user add {login} --manager wang")
    opp.ok("policy apply team.toml")
    opp.ok("add Plant --customer Acme --owner li", now=NOW)
    opp.ok("add Mill --customer Globex --owner li", now=NOW)
    return opp


def test_a_condition_finds_by_the_name_of_a_merged_customer_and_says_what_it_is_called_now(team: InProcess) -> None:
    team.ok("merge C-1 C-2")
    found = team.ok("ls -w \"customer == 'Globex'\" --ids")
    assert found.out.split() == ["D-1", "D-2"]
    assert team.ok("ls -v -w \"customer == 'Globex'\" --ids").err.splitlines()[0] == "note: Globex is Acme now"
    assert team.ok("ls -w \"customer == 'Acme'\" --ids").out.split() == ["D-1", "D-2"]
    assert team.ok("ls -w \"customer == 'Nobody'\" --ids").out == ""


def test_fields_of_a_merged_record_are_those_of_what_stands_for_it(team: InProcess) -> None:
    team.ok("merge C-1 C-2")
    assert team.ok("fields C-2 -o csv").out == team.ok("fields C-1 -o csv").out
    assert team.ok("fields C-2 name -o csv").out == team.ok("fields C-1 name -o csv").out


def test_what_was_not_withdrawn_is_told_with_what_helps(team: InProcess) -> None:
    team.ok("merge C-1 C-2")
    merged, there = team("restore C-2"), team("restore D-1")
    assert (merged.code, merged.err) == (
        5,
        "error: C-2 was not withdrawn: it was merged into C-1\nhint: opp unmerge C-2\n",
    )
    assert (there.code, there.err) == (5, "error: D-1 was not withdrawn\nhint: opp show D-1\n")


def test_undo_of_an_unmerge_names_the_merge(team: InProcess) -> None:
    team.ok("merge C-1 C-2")
    team.ok("unmerge C-2")
    assert team("undo").err.splitlines()[1] == "hint: opp merge C-1 C-2"


MAPPING = """
system = "crm"
[fields]
external_id = "id"
title = "t"
amount = "a"
stage = { constant = "Lead" }
"""


def test_news_of_a_merged_deal_is_counted_as_left_and_what_is_no_news_as_unchanged(team: InProcess) -> None:
    folder = Path(team.folder)
    (folder / "m.toml").write_text(MAPPING, "utf-8")
    told = {}
    for amount in (200, 300):
        (folder / "d.csv").write_text(f"id,t,a\nx1,A,100\nx2,B,{amount}\n", "utf-8")
        if amount == 200:
            team.ok("import d.csv --mapping m.toml")
            merged = team.ok("merge D-3 D-4").out
            assert "amount stays USD 100.00, not USD 200.00" in merged
        told[amount] = team.ok("import d.csv --mapping m.toml").out.splitlines()
    assert told[200][0].endswith("0 created, 0 updated, 2 unchanged, 0 rejected")
    assert told[300][1] == "1 deal left as people changed them since the last import"
    assert [len([line for line in told[amount] if "left" in line]) for amount in told] == [0, 1]


def test_by_rule_takes_a_deal_from_nobody_where_nobody_else_may_take_it(team: InProcess) -> None:
    team.ok("add Third --owner wes")
    team.ok("deal edit D-1 --set amount=200")
    kept = team.ok("deal assign D-1 --by-rule").out
    assert kept == "D-1 Plant stays li's: rule big: nobody may take it (wes has 1 of 1 live deals)\n"
    assert team("show D-1 -o json").json["owner"] == "li"


def test_explain_only_explains(team: InProcess) -> None:
    team.ok("deal edit D-1 --set amount=200")
    before = team.ok("log -L 1 --ids").out, team.ok("show D-1 -o json").out
    told = team.ok("deal assign D-1 D-2 --by-rule --explain")
    assert ("D-1: rule big" in told.out, "D-2: no rule is true" in told.out) == (True, True)
    assert told.err.splitlines()[-1] == "Nothing was written."
    assert (team.ok("log -L 1 --ids").out, team.ok("show D-1 -o json").out) == before


@pytest.mark.parametrize("line", ["task add call --due yesterday", "task edit T-1 --due 昨天"])
def test_a_task_is_due_today_or_later(team: InProcess, line: str) -> None:
    team.ok("task add call --due tomorrow", now=NOW)
    refused = team(line, now=NOW)
    assert (refused.code, refused.err) == (
        2,
        "error: Sun 1 Mar is over: a task is due today or later\nhint: --due today\n",
    )


def test_kinds_are_told_in_the_language_of_who_reads(team: InProcess) -> None:
    assert team("note D-1 hi -k foo").err.splitlines()[1] == (
        "hint: one of call, visit, meeting, mail, message, note, survey"
    )
    assert "电话、拜访、会议" in team("--lang zh note D-1 hi -k foo").err
    team.ok("--lang zh note D-1 hi -k 拜访")


def test_a_close_that_has_passed_is_said(team: InProcess) -> None:
    said = "note: the expected close has passed: Sun 1 Mar"
    assert said in team.ok("deal edit D-1 --close 2026-03-01", now=NOW).out
    assert said in team.ok("add Late --close 2026-03-01", now=NOW).out
    assert "has passed" not in team.ok("add Soon --close 2026-03-02", now=NOW).out
    assert "has passed" not in team.ok("deal edit D-1 --set product=MES", now=NOW).out


def test_what_time_computes_of_a_deal_is_nobody_elses_hand(team: InProcess) -> None:
    number = team.ok("add Own -q", user="li", now=NOW).out.strip()
    team.ok("tick", now=LATER)
    written = [row["actor"] for row in team.ok(f"log {number} -o json").json]
    assert "system" in written
    assert team("withdraw " + number + " -m mistyped", user="li", now=LATER).code == 0
