"""`opp request plan` says below the plan what would make the request lighter."""

import pytest
from begun import settled

from oppcli.policy import template

AT = "2026-03-09T09:00:00+08:00"
PEOPLE = (
    "user add ma --role ceo",
    "user add zhou --manager ma",
    "user edit wang --manager zhou",
    "user add li --manager wang",
    "user add chen --role finance",
    "user add tang --role sales_ops",
)


@pytest.fixture
@settled
def team(opp):
    """The b2b policy, its people, and li's deal: CNY 300,000.00, 18 % discount, 24 % margin."""
    opp.env["OPP_NOW"] = AT
    (opp.folder / "team.toml").write_text(template("b2b", "zh"), encoding="utf-8")
    opp.ok("init --policy team.toml")
    for line in PEOPLE:
        opp.ok(line)
    facts = "--amount 300000 --set discount=18 --set margin=24 --set payment_days=30 --set solution=标准"
    opp.ok(f"lead add 上海精密仪器 --customer 精密 {facts}", user="li")
    (opp.folder / "quote.pdf").write_text("quote")
    opp.ok("deal attach D-1 quote.pdf --kind 报价单", user="li")
    return opp


def test_people_read_it_below_the_plan_the_nearest_first(team):
    out = team.ok("request plan D-1 quote").out.splitlines()
    assert out[-5:] == [
        "",
        "技术评审: not asked, 方案类型 标准 ≠ 定制",
        "销售副总: not asked, discount 18 ≤ 25 and amount 300,000 < 2,000,000",
        "lighter: margin ≥ 25 instead of 24: no 财务, 8 business hours less",
        "lighter: discount ≤ 15 instead of 18: no 大区总监, 8 business hours less",
    ]


def test_each_step_carries_for_programs_what_would_spare_it(team):
    rows = {row["step"]: row["lighter"] for row in team.ok("request plan D-1 quote -o json").json}
    assert rows == {
        "销售主管": [],
        "大区总监": [
            {
                "field": "discount",
                "op": "<=",
                "value": "15",
                "now": "18",
                "currency": None,
                "removes": ["大区总监"],
                "required": True,
                "business_hours": 8,
            }
        ],
        "财务": [
            {
                "field": "margin",
                "op": ">=",
                "value": "25",
                "now": "24",
                "currency": None,
                "removes": ["财务"],
                "required": True,
                "business_hours": 8,
            }
        ],
    }
    assert "lighter:" not in team.ok("request plan D-1 quote -o csv").out
    assert "lighter:" not in team.ok("request plan D-1 quote -c step,who").out


def test_doing_what_it_says_makes_the_plan_that_much_lighter(team):
    before = team.ok("request plan D-1 quote -o json").json
    team.ok("deal edit D-1 --set discount=15", user="li")
    after = team.ok("request plan D-1 quote -o json").json
    assert [row["step"] for row in before] == ["销售主管", "大区总监", "财务"]
    assert [row["step"] for row in after] == ["销售主管", "财务"]
    assert (before[-1]["due"], after[-1]["due"]) == ("2026-03-11T10:00:00Z", "2026-03-10T10:00:00Z")
    team.ok("deal edit D-1 --set discount=15.0001", user="li")
    assert len(team.ok("request plan D-1 quote -o json").json) == 3


def test_an_amount_is_told_to_the_cent_and_the_whole_request_may_fall_away(team):
    team.ok("deal edit D-1 --set discount=5 --set margin=30", user="li")
    out = team.ok("request plan D-1 quote").out.splitlines()
    assert out[-1] == (
        "lighter: amount < CNY 200,000.00 instead of CNY 300,000.00: no approval needed, 8 business hours less"
    )
    ((told,),) = [row["lighter"] for row in team.ok("request plan D-1 quote --json").json]
    assert (told["value"], told["now"], told["currency"], told["required"]) == ("199999.99", "300000.00", "CNY", False)
    team.ok("deal edit D-1 --set amount=199999.99", user="li")
    assert team.ok("request plan D-1 quote --json").json == []
