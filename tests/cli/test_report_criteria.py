"""Whether criteria of gates are worth asking for, asked by commands on both engines."""

import pytest
from begun import settled
from command_line import InProcess
from stages import team_policy

POLICY = team_policy(
    """[[stage]]
name = "Lead"
kind = "lead"
[[stage]]
name = "Quote"
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Lost"
kind = "lost"
""",
    name="criteria",
    hours='"09:00-17:00"',
)
GATES = 'name = "Quote"\nenter = ["product", "budget", "file:brief"]'
HEADER = "stage,criterion,with_n,with_rate,without_n,without_rate,difference,low,high,days_with,days_without,verdict"


def at(day: int) -> str:
    return f"2026-03-{day:02}T12:00:00+08:00"


@pytest.fixture
@settled
def team(opp_on_both: InProcess) -> InProcess:
    """40 deals that came as far as Quote: of 20 with a product 16 were won after two days, of 20 without 4 after four;
    one was lost as a lead. The gate came later."""
    opp = opp_on_both
    (opp.folder / "policy.toml").write_text(POLICY, encoding="utf-8")
    opp.env["OPP_NOW"] = at(2)
    opp.ok("init --policy policy.toml")
    opp.ok("user add li --role sales")
    for number in range(1, 42):
        more = "--set product=MES --set budget=yes" if number <= 20 else "--set budget=no"
        opp.ok(f"add Deal{number} --amount 5 {more}", user="li")
    opp.ok(f"advance {' '.join(f'D-{number}' for number in range(1, 41))}", user="li")
    (opp.folder / "brief.txt").write_text("x", encoding="utf-8")
    opp.ok("deal attach D-1 brief.txt --kind brief", user="li")
    won = [*range(1, 17), *range(21, 25)]
    for day, numbers in ((4, range(1, 21)), (6, range(21, 41))):
        for number in numbers:
            verb = "win" if number in won else "lose"
            opp.ok(f"{verb} D-{number}{'' if verb == 'win' else ' --reason price'}", user="li", now=at(day))
    opp.ok("lose D-41 --reason price", user="li", now=at(6))
    (opp.folder / "policy.toml").write_text(POLICY.replace('name = "Quote"', GATES), encoding="utf-8")
    opp.ok("policy apply policy.toml", now=at(9))
    return opp


def test_each_criterion_tells_how_often_deals_with_it_and_without_it_were_won(team: InProcess) -> None:
    answer = team.ok("report criteria -o csv", now=at(10))
    header, product, budget, yes, brief = answer.out.splitlines()
    assert header == HEADER
    assert product.startswith("Quote,product,20,0.8,20,0.2,0.6,")
    assert product.endswith(",2,4,better")
    assert budget.startswith("Quote,budget,40,0.5,0,,,,,3,,everybody has it")
    assert yes.startswith("Quote,budget: yes,20,0.8,20,0.2,0.6,")
    assert brief.startswith("Quote,file brief,1,1,39,")
    assert brief.endswith(",too few")
    rows = team.ok("report criteria -w 'product = MES' -o json", now=at(10)).json
    assert [(row["with_n"], row["without_n"]) for row in rows] == [(20, 0), (20, 0), (20, 0), (1, 19)]
    assert "人人都有" in team.ok("report criteria --lang zh", now=at(10)).out


def test_a_policy_without_criteria_has_no_rows(team: InProcess) -> None:
    (team.folder / "policy.toml").write_text(POLICY, encoding="utf-8")
    team.ok("policy apply policy.toml", now=at(11))
    assert team.ok("report criteria -o json", now=at(12)).json == []
