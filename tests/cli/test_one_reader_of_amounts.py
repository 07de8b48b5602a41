"""The same amount is read alike wherever it is typed: flags, fields, conditions, caps, limits of the policy, files."""

from pathlib import Path

import pytest
from begun import begun
from command_line import InProcess
from stages import team_policy

POLICY = team_policy(
    """[[stage]]
name = "Lead"
kind = "lead"
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Lost"
kind = "lost"

[fields.amount]
max = "AMOUNT"

[type.big]
title = "Big"
when = "amount >= BARE"
[[type.big.step]]
name = "check"
who = ["user:chen"]
""",
    name="Team",
)
TEN_MILLION = ["10000000", "1千万", "10,000,000.00", "1000万", "10m", "一千万", "1000w", "10 000 000", "1,00,00,000"]


@pytest.fixture
@begun
def team(opp: InProcess) -> InProcess:
    opp.ok("init --template blank --lang en")
    opp.ok("user add chen")
    return opp


@pytest.mark.parametrize("typed", TEN_MILLION)
def test_ten_million_is_ten_million_everywhere(team: InProcess, tmp_path: Path, typed: str) -> None:
    bare = typed.replace(",", "").replace(" ", "")  # in a condition commas and blanks part words
    path = tmp_path / "team.toml"
    path.write_text(POLICY.replace("AMOUNT", typed).replace("BARE", bare), "utf-8")
    team.ok("policy", "apply", str(path))
    team.ok("add", "Flag", "--amount", typed)
    team.ok("add", "Set", "--set", f"amount={typed}")
    assert [row["amount"] for row in team.ok("ls --json --sort id").json] == ["10000000.00"] * 2
    assert len(team.ok("ls", "--json", "-w", f"amount >= {bare}").json) == 2
    assert team.ok("ls", "--json", "-w", f"amount > {bare}").json == []
    assert team("add", "Over", "--amount", "10000000.01").code == 2
    assert team.ok("request plan D-1 big --json").json[0]["step"] == "check"
    assert team.ok("policy", "simulate", "--deal", "D-1", "--set", f"amount={typed}", "--json").code == 0
    team.ok("user add dan")
    team.ok("delegate", "add", "--from", "chen", "--to", "dan", "--end", "+3d", "--max-amount", typed)
    assert team.ok("delegate list --json").json[0]["max_amount"] == "10000000.00"


def test_a_cap_that_may_have_been_thousands_is_told(team: InProcess) -> None:
    team.ok("user add dan")
    line = "delegate add --from chen --to dan --end +3d --max-amount 1.500"
    assert "1.500 = USD 1.50" in team.ok(line).err


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("250.000,00", "max: '250.000,00' is not a number: right of the decimal mark stand digits only"),
        ("三万五", "max: '三万五' is not a number: the last digit is without its unit; write 3.5万"),
        ("1e5", "max: '1e5' is not a number: a spreadsheet has shortened it"),
        ("EUR 10k", "max: EUR 10k is in EUR, not in CNY"),
        ("20 %", "max: '20 %' is not a number"),
        ("soon", "max: 'soon' is not a number"),
    ],
)
def test_a_limit_of_the_policy_is_refused_with_its_fault(
    team: InProcess, tmp_path: Path, typed: str, says: str
) -> None:
    path = tmp_path / "team.toml"
    path.write_text(POLICY.replace("AMOUNT", typed).replace("BARE", "5"), "utf-8")
    refused = team("policy", "check", str(path))
    assert (refused.code, says in refused.err) == (8, True), refused.err


@pytest.mark.parametrize(("field", "typed"), [("amount", "CNY 50万"), ("amount", "¥500,000"), ("discount", "20 %")])
def test_a_limit_of_the_policy_takes_a_currency_of_its_own_and_per_cent(
    team: InProcess, tmp_path: Path, field: str, typed: str
) -> None:
    path = tmp_path / "team.toml"
    text = POLICY.replace("[fields.amount]", f"[fields.{field}]").replace("AMOUNT", typed).replace("BARE", "5")
    path.write_text(text, "utf-8")
    team.ok("policy", "apply", str(path))
    assert team("add", "Over", "--set", f"{field}=500001" if field == "amount" else "discount=21").code == 2
