"""`opp policy simulate`: what-if questions to the applied policy and to a file."""

import csv
import io

import pytest
from begun import begun

from oppcli.policy import template

ZH = template("b2b", "zh")
PEOPLE = (
    "user add ma --role ceo",
    "user add zhou --manager ma",
    "user edit wang --manager zhou",
    "user add li --manager wang",
    "user add chen --role finance",
    "user add he --role legal",
    "user add lin --role tech",
    "user add gao --role tech",
    "user add tang --role sales_ops",
)
FACTS = "--set margin=30 --set solution=标准 --set payment_days=30"
COLUMNS = (
    "type,title,asked,order,step,who,rule,need,when,depends_on,opens,due,sla,together,repeats,gates,missing".split(",")
)


@pytest.fixture
@begun
def team(opp):
    opp.env["OPP_NOW"] = "2026-03-09T09:00:00+08:00"
    (opp.folder / "b2b.toml").write_text(ZH, encoding="utf-8")
    opp.ok("init --policy b2b.toml")
    for line in PEOPLE:
        opp.ok(line)
    return opp


def test_it_says_who_in_which_order_until_when_and_for_which_gate(team):
    rows = team.ok(f"policy simulate --amount 80万 --discount 18 {FACTS} --submitter li --type quote --json").json
    assert [(r["asked"], r["order"], r["step"], r["who"], r["due"], r["gates"]) for r in rows] == [
        ("yes", 1, "销售主管", ["wang"], "2026-03-09T10:00:00Z", ["谈判"]),
        ("yes", 2, "大区总监", ["zhou"], "2026-03-10T10:00:00Z", ["谈判"]),
    ]
    assert [row["missing"] for row in rows] == [["file:报价单"]] * 2
    attached = team.ok(f"policy simulate --amount 80万 --discount 18 {FACTS} --file 报价单 --type quote --json").json
    assert [row["missing"] for row in attached] == [[], []]


def test_every_type_is_answered_also_the_one_that_asks_nobody(team):
    before = team.db.read_bytes()
    answer = team.ok("policy simulate --amount 80万 --discount 18")
    assert list(dict.fromkeys(line.split()[0] for line in answer.out.splitlines()[4:14])) == [
        "qualification",
        "risk",
        "quote",
        "contract",
        "final",
    ]
    lines = answer.out.splitlines()
    assert lines[0] == "工程项目部商机审批, submitted by wang:"
    assert [line.split() for line in lines if line.startswith("final")] == [["final", "no", "赢单"]]
    assert "quote could not be submitted yet: margin, payment_days, file:报价单, solution missing" in lines
    assert team.db.read_bytes() == before


def test_what_depends_on_a_fact_that_was_not_given_says_so(team):
    rows = team.ok("policy simulate --amount 80万 --discount 18 --type quote --json").json
    assert [(row["step"], row["asked"], row["depends_on"]) for row in rows] == [
        ("销售主管", "yes", []),
        ("大区总监", "yes", []),
        ("财务", "depends", ["margin"]),
        ("技术评审", "depends", ["solution"]),
    ]


def test_a_deal_is_the_start_and_single_facts_are_changed_with_its_files_and_owner(team):
    team.ok(f"lead add 甲 --customer 乙 --amount 300000 --set discount=18 {FACTS}", user="li")
    (team.folder / "q.pdf").write_text("quote")
    team.ok("deal attach D-1 q.pdf --kind 报价单", user="li")
    steps = {}
    for discount in ("15", "18", "21"):
        rows = team.ok(f"policy simulate --deal D-1 --discount {discount} --type quote --json").json
        steps[discount] = [row["step"] for row in rows]
        assert rows[0]["who"] == ["wang"]
        assert rows[0]["missing"] == []
    assert steps == {
        "15": ["销售主管"],
        "18": ["销售主管", "大区总监"],
        "21": ["销售主管", "大区总监", "财务"],
    }
    assert team.ok("deal show D-1 --json").json["discount"] == 18


def test_it_answers_like_the_plan_of_the_same_deal(team):
    team.ok(f"lead add 甲 --customer 乙 --amount 800000 --set discount=21 {FACTS}", user="li")
    (team.folder / "q.pdf").write_text("quote")
    team.ok("deal attach D-1 q.pdf --kind 报价单", user="li")
    same = ("order", "step", "who", "rule", "need", "when", "opens", "due", "sla", "together", "repeats")
    plan = team.ok("request plan D-1 quote --json", user="li").json
    simulated = team.ok("policy simulate --deal D-1 --type quote --json").json
    assert [{key: row[key] for key in same} for row in simulated] == [{key: row[key] for key in same} for row in plan]
    assert len(plan) == 3


def test_a_file_is_tried_out_before_it_is_applied(team):
    (team.folder / "new.toml").write_text(ZH.replace("discount > 15", "discount > 20"), encoding="utf-8")
    words = f"--amount 30万 --discount 18 {FACTS} --type quote --json"
    assert [row["step"] for row in team.ok(f"policy simulate {words}").json] == ["销售主管", "大区总监"]
    assert [row["step"] for row in team.ok(f"policy simulate new.toml {words}").json] == ["销售主管"]


def test_a_stage_an_owner_and_a_customer_may_be_made_up(team):
    when = 'when       = "amount >= 20万 or discount > 10"'
    rule = "when = \"stage == '签约' and customer == '丙' and owner == 'li'\""
    (team.folder / "new.toml").write_text(ZH.replace(when, rule), encoding="utf-8")
    words = "policy simulate new.toml --type quote --json --amount 1 --discount 0 --set margin=30 --set solution=标准"
    assert team.ok(f"{words} --set stage=签约 --set customer=丙 --set owner=li").json[0]["asked"] == "yes"
    assert team.ok(f"{words} --set stage=签约 --set customer=丙").json[0]["asked"] == "no"
    assert team.ok(f"{words} --set stage=签约 --set owner=li").json[0]["depends_on"] == ["customer"]
    assert team.ok("deal list --json").json == []


def test_everything_that_cannot_be_is_refused_at_once(team):
    answer = team("policy simulate --discount x --set discont=4 --set tier=Z --set stage=foo -o json")
    assert answer.code == 2
    assert [reason["what"] for reason in answer.error["reasons"]] == ["discount", "discont", "tier", "stage"]
    assert team("policy simulate --type quot").code == 3
    assert team("policy simulate --submitter nobody").code == 3
    assert team("policy simulate --deal D-9").code == 3
    stranger = team("policy simulate", user="stranger")
    assert (stranger.code, "--submitter LOGIN" in stranger.err) == (2, True)
    broken = team("policy simulate -", stdin=ZH.replace("margin < 25", "marign < 25").encode())
    assert broken.code == 8


def test_programs_get_stable_columns_in_every_format(team):
    out = team.ok("policy simulate --amount 80万 --csv").out
    assert next(csv.reader(io.StringIO(out))) == COLUMNS
    assert list(team.ok("policy simulate --json").json[0]) == COLUMNS
    assert team.ok("policy simulate --ids --type risk").out == "risk\nrisk\n"
    assert "could not be submitted" not in out
