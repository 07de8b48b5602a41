"""Who buys again and who is silent, asked by commands on both engines."""

import pytest
from begun import begun
from command_line import InProcess
from stages import team_policy

STAGES = """[[stage]]
name = "Quote"
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Lost"
kind = "lost"
"""
POLICY = team_policy(
    STAGES,
    """[follow]
cadence = [
  { when = "tier == 'A'", every = "5 days", of = "customer" },
  { when = "days_since_won > 30", every = "14 days", of = "customer" },
]
""",
    name="customers",
    hours='"09:00-17:00"',
)
HEADER = (
    "customer,owner,tier,first_won,last_won,won_deals,won_amount,currency,open_deals,last_contact,silent_days,"
    "repeat_days,next_expected"
)
NOW = "2026-04-20T12:00:00+08:00"


def on(day: str) -> str:
    return f"2026-{day}T12:00:00+08:00"


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """Acme bought twice and is tier A, Beta once, in euros too; Gamma was visited and bought nothing; Delta is open."""
    opp = opp_on_both
    (opp.folder / "policy.toml").write_text(POLICY, encoding="utf-8")
    opp.env["OPP_NOW"] = on("01-05")
    opp.ok("init --policy policy.toml")
    opp.ok("user add li --role sales")
    for deal, customer, amount, won in (
        ("One", "Acme", "1000", "02-01"),
        ("Two", "Acme", "500", "03-01"),
        ("Three", "Beta", "300", "03-05"),
        ("Four", "Beta", "200 --currency EUR", "03-06"),
        ("Five", "Gamma", "900", ""),
        ("Six", "Delta", "900", ""),
    ):
        made = opp.ok(f"add {deal} --customer {customer} --amount {amount} -q", user="li").out.strip()
        if won:
            opp.ok(f"win {made}", user="li", now=on(won))
    opp.ok("lose D-5 --reason price", user="li", now=on("03-07"))
    opp.ok("note D-5 'visit: hi'", user="li", now=on("03-10"))
    opp.ok("note C-1 'call: hi'", user="li", now=on("04-10"))
    opp.ok("customer edit C-1 --tier A")
    return opp


def names(opp: InProcess, line: str) -> list[str]:
    return [row["customer"] for row in opp.ok(f"report customers {line} -o json", now=NOW).json]


def test_each_customer_is_told_with_its_wins_and_when_the_next_would_come(team: InProcess) -> None:
    answer = team.ok("report customers -o csv", now=NOW)
    header, *rows = answer.out.splitlines()
    assert header == HEADER
    assert rows[0] == "Acme,li,A,2026-02-01,2026-03-01,2,1500.00,CNY,0,2026-04-10T04:00:00Z,10,28,2026-03-29"
    assert rows[1].startswith("Beta,li,,2026-03-05,2026-03-06,2,,,0,,,1,2026-03-07")
    assert [row.split(",")[0] for row in rows[2:]] == ["Delta", "Gamma"]
    assert "1 customer bought in CNY and EUR, not added up: --in CNY" in answer.err
    full = team.ok("report customers -o full", now=NOW).json
    assert full["total"] == {"customers": 4, "won_deals": 4, "open_deals": 1, "repeat_rate": 1.0} | {
        "won_amount": "1500.00",
        "currency": "CNY",
    }
    team.ok("rate add EUR CNY 8 --day 2026-01-01")
    (beta,) = team.ok("report customers --in CNY -w 'customer = Beta' -o json", now=NOW).json
    assert beta["won_amount"] == "1900.00"


def test_conditions_and_the_signal_choose_of_whom_it_tells(team: InProcess) -> None:
    assert names(team, "-w 'won_deals = 0'") == ["Delta", "Gamma"]
    assert names(team, "-w 'won_deals = 0 and last_contact is not empty'") == ["Gamma"]
    assert names(team, "--signal silent") == ["Acme", "Beta"]  # Gamma never bought, Delta has a live deal
    team.ok("note C-1 'call: hi'", user="li", now=on("04-19"))
    assert names(team, "--signal silent") == ["Beta"]
    told = team.ok("report customers --lang zh -o md", now=NOW).out
    assert "复购" in told
    (team.folder / "policy.toml").write_text(team_policy(STAGES), encoding="utf-8")
    team.ok("policy apply policy.toml")
    assert "nobody is silent" in team.ok("report customers --signal silent", now=NOW).err


@pytest.mark.parametrize("flags", ["", "--in EUR", "--in CNY"])
def test_money_compares_in_the_policy_s_currency_at_the_rates_of_then_whatever_is_told(
    team: InProcess, flags: str
) -> None:
    team.ok("rate add EUR CNY 8 --day 2026-01-01")
    team.ok("rate add EUR CNY 10 --day 2026-04-01")
    assert names(team, f"-w 'won_amount = 1900' {flags}") == ["Beta"]
    assert names(team, f"-w 'won_amount >= 1500 and won_amount < 1900' {flags}") == ["Acme"]
    assert names(team, f"-w 'won_amount = 0' {flags}") == ["Delta", "Gamma"]
    assert team.ok("report customers -w 'won_amount > 1' --as li", now=NOW).code == 0


def test_money_is_no_column_for_who_does_not_have_amounts(team: InProcess) -> None:
    scope = '[scope]\nsee = "all"\nhide = { amount = ["sales"] }\n'
    (team.folder / "policy.toml").write_text(POLICY + scope, encoding="utf-8")
    team.ok("policy apply policy.toml")
    row = team.ok("report customers -o json", user="li", now=NOW).json[0]
    assert (row["won_deals"], "won_amount" in row, "currency" in row) == (2, False, False)
