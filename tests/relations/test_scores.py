"""Scores, grades, tags and tiers: computed where something is written and by ticks, told with what they are made of."""

from pathlib import Path

import pytest
from begun import settled
from command_line import InProcess

RULES = """
[[score]]
name = "fit"
grades = { A = 70, B = 40, C = 0 }
on = [{ grade = "A", do = "notify", to = "manager" }]
rules = [
  { when = "amount >= 50万", points = 40 },
  { when = "source == '展会'", points = 20 },
  { when = "touches_30d >= 1", points = 30 },
]

[[score]]
name = "risk"
unknown = "missing"
rules = [{ when = "margin < 10", points = 60 }]

[[tag]]
name = "hot"
when = "fit >= 70"

[[tier]]
name = "A"
when = "won_amount_365 >= 100万"

[[tier]]
name = "B"
when = "live_deals >= 1 or won_deals_365 >= 1"

[priority]
effort = "people_days"
cost = 2000
grade = { A = 1.5, B = 1, C = 0.5 }

[fields.people_days]
type = "int"
"""
NEXT_DAY, NEXT_MONTH = "2026-03-03T17:00:00+08:00", "2026-04-10T17:00:00+08:00"


def apply(opp: InProcess, rules: str) -> None:
    policy = Path(opp.folder) / "team.toml"
    if not policy.exists():
        policy.write_text(opp.ok("policy show").out, "utf-8")
        (Path(opp.folder) / "plain.toml").write_text(policy.read_text("utf-8"), "utf-8")
    policy.write_text((Path(opp.folder) / "plain.toml").read_text("utf-8") + rules, "utf-8")
    opp.ok(f"policy apply {policy}")


@pytest.fixture
@settled
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    opp.ok("init --template blank --lang zh")
    opp.ok("user add li --manager wang")
    apply(opp, RULES)
    opp.ok("add MES --customer 上海精密 --amount 600000 --source 展会 --owner li")
    return opp


def figures(opp: InProcess, deal: str = "D-1") -> tuple[object, ...]:
    """fit, risk, score, grade, tags."""
    row = opp.ok(f"show {deal} -o json").json
    return row["fit"], row["risk"], row["score"], row["grade"], row["tags"]


def test_scores_are_written_in_the_transaction_that_causes_them(team: InProcess) -> None:
    assert figures(team) == (60, None, 60, "B", [])
    noted = team.ok("note", "D-1", "电话：预算已批", user="li")
    assert "fit 60 → 90, grade B → A, tagged hot" in noted.out
    assert figures(team) == (90, None, 90, "A", ["hot"])
    team.ok("deal edit D-1 --set margin=5 --set source=")
    assert figures(team) == (70, 60, 70, "A", ["hot"])
    notices = team.ok("notices list -o json").json
    assert [(row["to"], row["text"]) for row in notices if row["kind"] == "score"] == [("wang", "D-1 MES has grade A")]


def test_a_score_is_a_field_that_nobody_types_and_a_condition_reads(team: InProcess) -> None:
    team.ok("deal edit D-1 --set margin=5")
    assert [row["id"] for row in team.ok("ls -w 'risk >= 60 and fit < 70' -o json").json] == ["D-1"]
    assert (team("deal edit D-1 --set fit=99").code, team("deal edit D-1 --set score=99").code) == (2, 2)


def test_a_grade_by_hand_needs_a_reason_and_stands_beside_the_computed_one(team: InProcess) -> None:
    assert team("deal edit D-1 --set grade=A").code == 2
    team.ok("deal edit D-1 --set grade=A -m 老客户")
    team.ok("deal edit D-1 --set source=")
    row = team.ok("show D-1 -o json").json
    assert (row["grade"], row["grade_reason"], row["score"]) == ("A", "老客户", 40)
    assert row["scores"]["fit"]["grade"] == "B"
    assert "by hand: 老客户" in team.ok("show D-1").out
    team.ok("deal edit D-1 --set grade=")
    row = team.ok("show D-1 -o json").json
    assert (row["grade"], row["grade_reason"]) == ("B", None)


def test_the_breakdown_says_what_each_condition_adds_and_what_is_open(team: InProcess) -> None:
    found = team.ok("show D-1 -o json").json["scores"]
    assert [(part["points"], part["true"]) for part in found["fit"]["rules"]] == [(40, True), (20, True), (30, False)]
    assert found["risk"] == {
        "points": None,
        "grade": None,
        "rules": [{"when": "margin < 10", "points": 60, "true": None, "empty": ["margin"]}],
    }
    assert "open: margin" in team.ok("show D-1").out


def test_time_changes_a_score_by_tick_once_a_day(team: InProcess) -> None:
    team.ok("note", "D-1", "电话：预算已批", user="li")
    assert "D-1" not in team.ok("tick", now=NEXT_DAY).out
    tried = team.ok("tick --dry-run", now=NEXT_MONTH).out
    assert tried.count("fit 90 → 60, grade A → B, no longer hot") == 1  # two watches find it, one would do it
    assert "fit 90 → 60, grade A → B, no longer hot" in team.ok("tick", now=NEXT_MONTH).out
    assert team.ok("tick", now=NEXT_MONTH).out == "nothing was due\n"
    assert figures(team) == (60, None, 60, "B", [])


def test_another_policy_is_another_turn_and_closed_deals_keep_what_they_had(team: InProcess) -> None:
    team.ok("add 二期 --customer 上海精密 --amount 600000 --owner li")
    team.ok("win D-1")
    team.ok("tick")
    apply(team, RULES.replace("points = 40", "points = 75"))
    assert "D-2: fit 40 → 75" in team.ok("tick").out
    assert (figures(team)[0], figures(team, "D-2")[0]) == (60, 75)
    assert team.ok("show D-1 -o json").json["scores"]["fit"] == {"points": 60, "frozen": True}
    team.ok("deal reopen D-1 -m 又来了")
    assert figures(team)[0] == 95


def test_an_undo_takes_back_the_act_and_what_is_computed_follows(team: InProcess) -> None:
    team.ok("note", "D-1", "电话：预算已批", user="li")
    team.ok("undo", user="li")
    assert figures(team) == (60, None, 60, "B", [])
    team.ok("win D-1")
    assert [row["tier"] for row in team.ok("customer list -o json").json] == ["B"]
    team.ok("undo -m 点错了")
    assert figures(team)[3] == "B"


def test_tiers_follow_from_what_was_won_and_new_deals_take_them(team: InProcess) -> None:
    team.ok("add 二期 --customer 上海精密 --amount 900000 --owner li")
    team.ok("win D-1")
    assert "tier B → A" in team.ok("win D-2").out
    team.ok("add 三期 --customer 上海精密 --owner li")
    assert team.ok("show D-3 -o json").json["tier"] == "A"
    assert team("customer edit C-1 --set tier=B").code == 2
    changed = [row for row in team.ok("log C-1 -o json").json if row["action"] == "tier"]
    assert [row["changes"]["tier"] for row in changed] == [[None, "B"], ["B", "A"]]


def test_won_money_of_other_currencies_is_left_out_and_said(team: InProcess) -> None:
    team.ok("add US --customer Acme --amount 5000000 --currency USD --owner li")
    assert "won deal in currencies without a rate left out of won_amount_365" in team.ok("win D-2").out
    assert [row["tier"] for row in team.ok("customer list -o json").json if row["name"] == "Acme"] == ["B"]


def test_a_probability_by_hand_keeps_why(team: InProcess) -> None:
    def why(line: str) -> tuple[object, object]:
        team.ok(line)
        (row,) = team.ok("deal list -w id=1 -o json -c probability,probability_reason").json
        return row["probability"], row["probability_reason"]

    assert why("deal edit D-1 --set probability=60 -m 预算已批") == (60, "预算已批")
    assert why("deal edit D-1 --set product=MES -m typo") == (60, "预算已批")
    assert why("deal edit D-1 --set probability=70 --set probability_reason=试用 -m x") == (70, "试用")
    assert why("deal edit D-1 --set probability=50") == (50, None)
    assert why("deal edit D-1 --set probability= -m x")[1] is None


def test_the_worth_of_a_deal_by_the_worked_example(team: InProcess) -> None:
    """800,000 × 50 % × 30 % − 10 × 2,000 = 100,000; grade A: 150,000."""
    team.ok("add 大单 --customer Acme --amount 800000 --source 展会 --owner li")
    team.ok("deal edit D-2 --set probability=50 --set margin=30 --set people_days=10")
    team.ok("note", "D-2", "电话：好", user="li")
    card = team.ok("show D-2").out
    assert "CNY 100,000.00" in card
    assert "CNY 150,000.00" in card


def test_a_team_without_the_tables_pays_nothing(opp: InProcess) -> None:
    opp.ok("init --template blank")
    opp.ok("add Plant --customer Acme --amount 100")
    row = opp.ok("show D-1 -o json").json
    assert (row["score"], row["tags"], "scores" in row) == (None, [], False)
    assert [entry["action"] for entry in opp.ok("log D-1 -o json").json] == ["create"]


SHEETS = """
[sheet.record]
fields = { amount = 3, budget = 1, source = 1 }
"""


def test_lists_are_sorted_by_what_is_reckoned(team: InProcess) -> None:
    apply(team, RULES + SHEETS)
    team.ok("add 大单 --customer Acme --amount 800000 --owner li")
    team.ok("deal edit D-2 --set probability=50 --set margin=30 --set people_days=10 --set grade=A -m 战略客户")
    rows = team.ok("ls --sort -priority -o json").json
    assert [(row["id"], row["value"], row["priority"]) for row in rows] == [
        ("D-2", "100000.00", "150000.00"),
        ("D-1", "60000.00", "60000.00"),
    ]
    assert [row["completeness"] for row in rows] == [0.6, 0.8]
    assert "Worth:" in team.ok("show D-1").out
    team.ok("lose D-1 --reason price")
    assert "Worth:" not in team.ok("show D-1").out  # of what is lost it would be what the effort costs


def test_a_sheet_tells_what_is_missing_and_by_what_it_is_known(team: InProcess) -> None:
    team.ok("deal edit D-1 --set budget=yes --set budget_evidence=邮件 --set need=unknown")
    rows = team.ok("fields D-1 bant -o json").json
    assert [(row["field"], row["filled"], row["value"], row["evidence"]) for row in rows] == [
        ("budget", True, "yes", "邮件"),
        ("authority", False, None, None),
        ("need", False, "unknown", None),
        ("timeline", False, None, None),
    ]
    apply(team, RULES + SHEETS)
    assert [row["weight"] for row in team.ok("fields D-1 record -o json").json] == [3, 1, 1]
    assert team("fields D-1 nosuch").code == 3


def test_a_report_of_a_sheet_of_customers_counts_those_that_meet_the_condition(team: InProcess) -> None:
    apply(team, RULES + '\n[sheet.card]\nof = "customer"\nfields = { industry = 1 }\n')
    team.ok("add ERP --customer 无锡泵业 --owner wang")

    def asked(condition: str, *flags: str) -> list[str]:
        found = team.ok("report", "completeness", "--sheet", "card", "--json", "-w", condition, *flags).json
        return [row.get("ref", row.get("owner")) for row in found]

    assert (asked("owner = li"), asked("not (owner = li)")) == (["C-1"], ["C-2"])
    assert asked("name ~ 泵", "--by", "owner") == ["wang"]
    refused = team("report completeness --sheet card --source 展会 --since 2026-01-01")
    assert (refused.code, "--source, --since: of deals alone, and this sheet is of customers" in refused.err) == (
        2,
        True,
    )
