"""Costs of sources: entered for a period, corrected, taken back; told with what the sources brought."""

from pathlib import Path
from typing import Any

import pytest
from begun import begun
from command_line import InProcess
from stages import IN_CHINESE, team_policy

from oppcli.store import open_read
from oppcli.store.reading import Reading

POLICY = team_policy(
    IN_CHINESE,
    """[bands]
amount = ["10万", "50万"]
""",
    fallback="user:wang",
    head="fiscal_year = 4\n",
)


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


def test_a_cost_in_another_currency_compares_at_the_rate_of_its_last_day(team: InProcess) -> None:
    for day, rate in (("2026-01-01", 8), ("2026-02-01", 9)):
        team.ok(f"rate add EUR CNY {rate} --day {day}")
    team.ok("cost add a 2026-01 --currency EUR 100")
    team.ok("cost add b 2026-02 --currency EUR 100")
    for amount, source in ((800, "a"), (900, "b")):
        assert [row["source"] for row in team.ok(f"cost list --json -w 'amount = {amount}'").json] == [source]


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


FILE = """来源,月份,金额,币种
展会,2026-03,5万,
Google,2026Q1,800,EUR
展会,2026-03,6万,
Google,FY2026,1,EUR
,2026-04,1,CNY
Bing,2026-05,-3,CNY
"""


def test_costs_come_from_a_file_again_nothing_new_changed_a_correction_and_undo_takes_them_back(
    team: InProcess,
) -> None:
    def rows() -> list[tuple[str, ...]]:
        told = team.ok("cost list -o json").json
        return [tuple(row[name] for name in ("source", "first", "last", "amount", "currency")) for row in told]

    def typed(text: str, line: str = "") -> str:
        Path(team.folder, "costs.csv").write_text(text, encoding="utf-8")
        return team.ok(f"import costs.csv --kind costs {line}").out

    Path(team.folder, "costs.csv").write_text(FILE, encoding="utf-8")
    answer = team("import costs.csv --kind costs")
    assert (answer.code, "2 created, 0 updated, 0 unchanged, 4 rejected" in answer.out) == (9, True)
    rejected = Path(team.folder, "costs.csv.rejects.csv").read_text(encoding="utf-8")
    reasons = ("it is on line 2 already", "could be FY2025/26 or FY2026/27", "source", "0 or more")
    assert [part in rejected for part in reasons] == [True] * 4
    fair, google = ("展会", "2026-03-01", "2026-03-31"), ("Google", "2026-01-01", "2026-03-31")
    assert rows() == [(*fair, "50000.00", "CNY"), (*google, "800.00", "EUR")]

    again = "".join(FILE.splitlines(keepends=True)[:3])
    assert "0 created, 0 updated, 2 unchanged" in typed(again)
    other = again.replace("800", "900") + "Bing,2026-05,3,\n"
    assert "1 created, 1 updated, 1 unchanged" in typed(other, "--dry-run").replace("to create", "created").replace(
        "to update", "updated"
    )
    typed(other)
    assert [row[3] for row in rows()] == ["3.00", "50000.00", "900.00"]
    (google_id,) = [row["id"] for row in team.ok("export costs -o json").json if row["source"] == "Google"]
    with open_read(team.env["OPP_DB"]) as door:
        sql = "SELECT action, channel, changes FROM journal WHERE noun = 'cost' AND noun_id = :id ORDER BY seq DESC"
        action, channel, changes = next(iter(door.rows(sql, id=str(google_id))))
    assert (action, channel, changes) == ("edit", "import", '{"amount":[80000,90000]}')
    out = team.ok("undo").out
    assert "costs: 1 withdrawn, 1 as before" in out
    assert [row[3] for row in rows()] == ["50000.00", "800.00"]
    assert "costs: 1 restored, 1 as before" in team.ok(team("undo").err.split("again: opp ")[1]).out
    assert [row[3] for row in rows()] == ["3.00", "50000.00", "900.00"]

    whole = team.ok("export costs --csv").out
    assert "0 created, 0 updated, 3 unchanged" in typed(whole)
    assert team("import costs.csv --kind costs", user="li").code == 4
    Path(team.folder, "costs.csv").write_text("source,amount\nx,5\n", encoding="utf-8")
    assert "has no columns period" in team("import costs.csv --kind costs").err
    assert "is before first" in _rejected(team, "source,first,last,amount\nx,2026-02-01,2026-01-01,5\n")


def _rejected(team: InProcess, text: str) -> str:
    Path(team.folder, "wrong.csv").write_text(text, encoding="utf-8")
    return team("import wrong.csv --kind costs").err + Path(team.folder, "wrong.csv.rejects.csv").read_text("utf-8")


def test_rates_and_targets_of_a_file_are_taken_back_too_but_what_was_changed_since(team: InProcess) -> None:
    Path(team.folder, "rates.csv").write_text(
        "day,base,currency,rate\n2026-03-02,EUR,CNY,7.8\n2026-03-03,EUR,CNY,7.9\n"
    )
    team.ok("import rates.csv --kind rates")
    team.ok("rate add EUR CNY 7.95 --day 2026-03-03")
    imported = team.ok("undo --list -o json").json[1]["run"]
    answer = team(f"undo {imported}")
    assert (answer.code, "rates: 1 withdrawn, 1 kept" in answer.out) == (9, True)
    assert [row["rate"] for row in team.ok("rate list -o json").json] == ["7.95"]


def test_rows_of_a_file_are_looked_up_together(team: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    find = Reading.find

    def counted(door: Reading, noun: type[Any], **fields: Any) -> list[Any]:
        asked.append(noun.__name__)
        return find(door, noun, **fields)

    monkeypatch.setattr(Reading, "find", counted)
    months = [f"2026-{month:02}" for month in range(1, 13)]
    costs, targets = (Path(team.folder, f"{kind}.csv") for kind in ("costs", "targets"))
    costs.write_text("source,period,amount\n" + "".join(f"展会,{month},5\n" for month in months), "utf-8")
    lines = "".join(f"li,{month},leads,5\n" for month in months)
    targets.write_text(f"who,month,measure,target\n{lines}", "utf-8")
    for told in ("12 created", "12 unchanged"):
        outs = [team.ok(f"import {kind}.csv --kind {kind}").out for kind in ("costs", "targets")]
        assert [told in out for out in outs] == [True, True]
    assert (asked.count("Cost"), asked.count("Target")) == (2, 2)
