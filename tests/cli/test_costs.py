"""Costs of sources: entered for a period, corrected, taken back; told with what the sources brought."""

from pathlib import Path

import pytest
from begun import begun
from command_line import InProcess

POLICY = """
[policy]
name = "队"
currency = "CNY"
calendar = "cn"
fallback = "user:wang"
fiscal_year = 4

[[stage]]
name = "线索"
kind = "lead"
[[stage]]
name = "方案"
[[stage]]
name = "赢单"
kind = "won"
[[stage]]
name = "输单"
kind = "lost"

[bands]
amount = ["10万", "50万"]

[calendar.cn]
timezone = "Asia/Shanghai"
mon_fri = ["09:00-18:00"]
"""


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """wang is the admin, li sells."""
    opp = opp_on_both
    Path(opp.folder, "policy.toml").write_text(POLICY, encoding="utf-8")
    opp.ok("init --policy policy.toml")
    opp.ok("user add li --manager wang")
    return opp


def test_a_cost_is_entered_corrected_told_and_taken_back(team: InProcess) -> None:
    assert "展会 cost CNY 50,000.00 from 2026-01-01 to 2026-03-31" in team.ok("cost add 展会 FY2025/26Q4 5万").out
    assert "not CNY 50,000.00" in team.ok("cost add 展会 2026Q1 6万").out
    assert "as before" in team.ok("cost add 展会 2026Q1 60000").out
    team.ok("cost add Google 2026-03 --currency EUR 800")
    rows = team.ok("cost list -o json").json
    assert [(row["source"], row["first"], row["amount"], row["currency"]) for row in rows] == [
        ("Google", "2026-03-01", "800.00", "EUR"),
        ("展会", "2026-01-01", "60000.00", "CNY"),
    ]
    assert team.ok("export costs -o json").json[0]["amount"] == "60000.00"
    assert "no such cost of Google" in team.ok("undo").out
    assert len(team.ok("cost list --csv").out.splitlines()) == 2


def test_what_is_no_cost_is_refused_with_what_it_may_be(team: InProcess) -> None:
    assert team("cost add x 2026 --currency XXY 5").code == 2
    assert "could be FY2025/26 or FY2026/27" in team("cost add x FY2026 5").err
    assert "0 or more" in team("cost add x 2026 -- -5").err
    assert "which one" in team("cost add '' 2026 5").err
    assert team("cost add x 2026 5", user="li").code == 4


def test_figures_of_a_story_are_told_by_period_and_band(team: InProcess) -> None:
    team.ok("cost add 展会 2026-03 3000")
    team.ok("lead add A --customer 甲 --source 展会 --amount 20万")
    team.ok("advance D-1")
    team.ok("win D-1")
    (row,) = team.ok("report sources -o json").json
    assert (row["leads"], row["won"], row["cost"], row["roi"]) == (1, 1, "3000.00", 65.6667)
    (row,) = team.ok("report wins --by amount --period this-quarter -o json").json
    assert (row["amount"], row["won"]) == ("10万..50万", 1)
    out = team.ok("report wins --by source,quarter").out
    assert out.splitlines()[0].split() == ["SOURCE", "FY2025/26Q4", "TOTAL"]
    assert team.ok("report wins --csv --total").out.splitlines()[-1].startswith("(total),1,0,1,")
    assert team.ok("report wins --csv").out.count("total") == 0


def test_the_policy_says_in_sentences_when_its_year_begins_and_where_numbers_are_cut(team: InProcess) -> None:
    told = team.ok("policy explain").out
    assert "The year of reports begins in April." in told
    assert "amount is counted in bands: <10万, 10万..50万, >=50万." in told
    Path(team.folder, "next.toml").write_text(POLICY.replace('"50万"', '"60万"'), encoding="utf-8")
    assert "bands amount" in team("policy diff next.toml").out
