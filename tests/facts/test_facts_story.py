"""Facts of customers as conditions and gates read them, as people type them, on both engines."""

import pytest
from command_line import Answer, InProcess

POLICY = """
[policy]
name = "Facts"
currency = "CNY"
calendar = "cn"
fallback = "user:boss"
[[stage]]
name = "Lead"
kind = "lead"
[[stage]]
name = "Offer"
[[stage]]
name = "Talks"
enter = ["customer.credit_left >= 0"]
[[stage]]
name = "Won"
kind = "won"
enter = ["customer.overdue <= 0", "customer.iso9001"]
[[stage]]
name = "Lost"
kind = "lost"
[fact.credit_limit]
type = "money"
fresh = "30d"
[fact.iso9001]
type = "until"
title = "ISO 9001"
who = "user:qa"
[[score]]
name = "risk"
unknown = "missing"
rules = [
  { name = "逾期", when = "customer.overdue > 0", points = 3 },
  { name = "首单", when = "customer.won == 0", points = 1 },
]
[type.control]
title = "风控"
when = "risk >= 3"
needs = ["customer.credit_limit"]
[[type.control.step]]
name = "Control"
who = "user:boss"
[gate]
Talks = ["control"]
[calendar.cn]
timezone = "Asia/Shanghai"
mon_fri = ["09:00-18:00"]
"""
FIRST, LATER, STALE = "2026-03-02T09:00:00+08:00", "2026-03-10T09:00:00+08:00", "2026-04-20T09:00:00+08:00"


class Team:
    """boss, who knows what customers may owe, qa, who knows their certificates, and li, who sells."""

    def __init__(self, opp: InProcess, policy: str = POLICY) -> None:
        self.opp, self.now = opp, FIRST
        (opp.folder / "policy.toml").write_text(policy, encoding="utf-8")
        self("root", "init --policy policy.toml")
        self("root", "user add boss --role manager")
        self("root", "user add qa")
        self("root", "user add li --manager boss")
        self("li", "add 'Line 3' --customer Acme --amount 300000")

    def __call__(self, who: str, line: str) -> Answer:
        return self.opp.ok(line, user=who, now=self.now)

    def no(self, who: str, line: str, code: int) -> str:
        answer = self.opp(line, user=who, now=self.now)
        assert answer.code == code, f"{line} -> {answer.code}\n{answer.err}{answer.out}"
        return answer.err


@pytest.fixture
def team(opp_on_both: InProcess) -> Team:
    return Team(opp_on_both)


def test_credit_that_runs_out_between_submit_and_gate_stops_at_the_gate(team: Team) -> None:
    said = team("boss", "fact set C-1 credit_limit=500000 --source 年审").out
    assert "credit_limit CNY 500,000.00, as of 2026-03-02" in said
    team("li", "advance D-1 --to Offer")
    team("li", "add 'Line 4' --customer Acme --amount 400000")
    team("li", "payment plan D-2 --part rest:2026-12-31")
    told = team.no("li", "advance D-1 --to Talks", 7)
    assert "customer.credit_left is CNY -200,000.00" in told
    team("boss", "fact set C-1 credit_limit=900000")
    assert "Offer → Talks" in team("li", "advance D-1 --to Talks").out
    team.now = STALE
    assert "it is of 2026-03-02, and good for 30 days" in team("li", "fact list C-1 -o json").out


def test_a_customer_with_overdue_receivables_opens_the_branch_of_control(team: Team) -> None:
    team("boss", "fact set C-1 credit_limit=5000000")
    team("li", "advance D-1 --to Offer")
    team("li", "add 'Line 4' --customer Acme --amount 400000")
    team("li", "payment plan D-2 --part =100000:2026-03-05 --part rest:2026-12-31")
    assert not team("li", "gate D-1 --to Talks").out
    team.now = LATER
    assert "approval control" in team.no("li", "advance D-1 --to Talks", 7)
    team("li", "submit D-1 control")
    shown = team("boss", "request show R-1 -o json").out
    assert '"risk"' in shown and "5000000.00" in shown
    team("boss", "approve R-1")
    assert "Offer → Talks" in team("li", "advance D-1 --to Talks").out


def test_facts_are_said_by_who_may_and_never_by_who_owns_an_open_deal_of_the_customer(team: Team) -> None:
    assert "may not" in team.no("li", "fact set C-1 credit_limit=5", 4)
    assert "qa or an admin may" in team.no("boss", "fact set C-1 iso9001=2027-03-31", 4)
    assert "iso9001 until 2027-03-31" in team("qa", "fact set C-1 iso9001=2027-03-31").out
    team("root", "deal assign D-1 --to boss")
    assert "boss owns D-1, open with C-1" in team.no("boss", "fact set C-1 credit_limit=5", 4)


def test_of_facts_the_newest_day_counts_and_the_same_again_changes_nothing(team: Team) -> None:
    team("boss", "fact set C-1 credit_limit=500000")
    assert "as before" in team("boss", "fact set C-1 credit_limit=500000").out
    assert "that of 2026-03-02 counts" in team("boss", "fact set C-1 credit_limit=1 --on 2026-03-01").out
    found = team("li", "fact list C-1 --history -o json").json
    assert [(each["value"], each["state"]) for each in found] == [("500000.00", "counts"), ("1.00", "replaced")]
    wrong = team.no("boss", "fact set C-1 credit_limit=abc --on 2027-01-01", 2)
    assert "in the future" in wrong and "credit_limit" in wrong
    assert "no such fact" in team.no("boss", "fact set C-1 credit_limi=5", 3)
