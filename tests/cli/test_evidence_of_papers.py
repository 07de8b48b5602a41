"""What `request show` tells beside a request of customer, risk, files, contract and deals like it."""

import json
from typing import Any

import pytest
from begun import settled
from command_line import Answer, InProcess
from stages import team_policy

POLICY = team_policy(
    """[roles]
legal = { who = ["lan"] }
audit = { who = ["ext"] }
[scope]
see = "all"
hide = { margin = ["audit"] }
[[stage]]
name = "Lead"
kind = "lead"
[[stage]]
name = "Offer"
[[stage]]
name = "Talks"
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Lost"
kind = "lost"
[fact.credit_limit]
type = "money"
fresh = "30d"
[fact.iso9001]
type = "until"
title = "ISO 9001"
[[score]]
name = "risk"
unknown = "missing"
rules = [
  { name = "overdue", when = "customer.overdue > 0", points = 3 },
  { name = "slow", when = "payment_days > 60", points = 1 },
  { name = "thin", when = "margin < 20", points = 2 },
]
[quote]
[contract]
file = "text"
clauses = [{ name = "Liability", who = "role:legal" }]
[type.quote]
needs = ["amount"]
material = ["quote", "amount", "margin", "contract"]
reasons = ["price"]
[[type.quote.step]]
name = "Head"
who = "user:boss"
[[type.quote.step]]
name = "Finance"
when = "margin < 10"
who = "user:lan"
""",
    fallback="user:boss",
)
LINES = "item,qty,unit,price,tax,cost\nSpindle,12,set,68000,13,41000\nService,1,,30000,6,18000\n"
SECRET = ("39.7", "margin", "floor", "cost", "41000", "18000", "薄", "thin")


class Team:
    """boss decides, lan answers clauses, ext has no margins, li sells."""

    def __init__(self, opp: InProcess) -> None:
        self.opp, self.now = opp, "2026-03-02T09:00:00+08:00"
        for name, text in (("policy.toml", POLICY), ("lines.csv", LINES), ("v1.docx", "v1"), ("offer.pdf", "offer")):
            (opp.folder / name).write_text(text, encoding="utf-8")
        self("root", "init --policy policy.toml")
        for line in ("boss --role manager", "lan --role legal", "ext --role audit", "li --manager boss"):
            self("root", f"user add {line}")
        self("li", "add 'Line 3' --customer Acme --amount 846000")
        self("li", "advance D-1 --to Offer")
        self("li", "quote set D-1 lines.csv")
        self("li", "contract add D-1 v1.docx --amount 846000")
        self("li", "deal attach D-1 offer.pdf --kind offer")

    def __call__(self, who: str, line: str) -> Answer:
        return self.opp.ok(line, user=who, now=self.now)

    def closed(self, amount: int, end: str) -> None:
        """A deal like the first, of another customer, closed."""
        made = self("li", f"add Other --customer Beta --amount {amount} --set discount=0 -q").out.strip()
        self("li", f"payment plan {made} --part rest:2026-02-20")
        self("root", f"win {made}" if end == "won" else f"lose {made} --reason price")

    def shown(self, who: str = "boss", flags: str = "") -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self(who, f"request show R-1 -o json {flags}").out)
        return found


@pytest.fixture
@settled
def team(opp_on_both: InProcess) -> Team:
    return Team(opp_on_both)


def test_of_the_customer_it_tells_what_it_owes_and_each_fact_with_its_source_and_day(team: Team) -> None:
    team("boss", "fact set C-1 credit_limit=500000 --source annual")
    team("li", "add 'Line 4' --customer Acme --amount 400000")
    team("li", "payment plan D-2 --part =100000:2026-02-20 --part rest:2026-12-31")
    team("li", "submit D-1 quote")
    found = team.shown()["customer"]
    owed = {name: found[name] for name in ("won", "lost", "receivable", "overdue", "late_days", "currency")}
    assert owed == {
        **{"won": 0, "lost": 0, "receivable": "400000.00"},
        **{"overdue": "100000.00", "late_days": 10, "currency": "CNY"},
    }
    limit, iso = found["facts"]
    assert [limit[name] for name in ("value", "as_of", "source", "state")] == [
        *("500000.00", "2026-03-02", "annual", "counts"),
    ]
    assert (iso["title"], iso["value"], iso["why"]) == ("ISO 9001", None, "nobody said it")
    card = team("boss", "request show R-1").out
    assert "CNY 100,000.00  of CNY 400,000.00 outstanding  10 days late" in card
    assert "CNY 500,000.00  of 2026-03-02" in card
    team.now = "2026-04-20T09:00:00+08:00"
    assert team.shown()["customer"]["facts"][0]["state"] == "over"


def test_a_customer_without_payments_costs_no_sums_of_them(team: Team) -> None:
    team("li", "submit D-1 quote")
    assert "overdue" not in team.shown()["customer"]


def test_flags_of_risk_are_true_or_unknown_and_say_what_they_lack(team: Team) -> None:
    team("li", "submit D-1 quote")
    unknown = [{"flag": "slow", "empty": ["payment_days"]}]
    assert team.shown()["risk"] == {"points": None, "flags": [], "unknown": unknown}
    assert "for want of payment_days" in team("boss", "request show R-1").out
    team("li", "deal edit D-1 --set payment_days=90")
    assert team.shown()["risk"] == {"points": 1, "flags": ["slow"], "unknown": []}


def test_files_are_told_as_same_changed_or_missing_with_who_gave_them(team: Team) -> None:
    team("li", "submit D-1 quote")
    (team.opp.folder / "v1.docx").write_text("v1 but another", encoding="utf-8")
    (team.opp.folder / "offer.pdf").unlink()
    found = [(each["kind"], each["name"], each["by"], each["state"]) for each in team.shown()["files"]]
    assert found == [("text", "v1.docx", "li", "changed"), ("offer", "offer.pdf", "li", "missing")]


def test_the_clauses_of_the_contract_that_it_showed_are_told(team: Team) -> None:
    team("li", "submit D-1 quote")
    team("lan", "contract clause D-1 Liability --deviates -m 'capped at 50 %'")
    found = team.shown()["contract"]
    (clause,) = found["clauses"]
    assert (found["version"], clause["state"], clause["by"], clause["text"]) == (
        *("K-1.1", "deviates", "lan", "capped at 50 %"),
    )


def test_questions_and_the_notes_of_submit_and_resubmit_stand_newest_first(team: Team) -> None:
    team("li", "submit D-1 quote -m please")
    team.now = "2026-03-02T10:00:00+08:00"
    team("boss", "request ask R-1 -m why")
    team.now = "2026-03-02T11:00:00+08:00"
    team("boss", "request return R-1 --reason price -m cheaper")
    team.now = "2026-03-02T12:00:00+08:00"
    team("li", "request resubmit R-1 -m 'no cheaper'")
    team("boss", "request return R-1 --reason price -m 'still cheaper'")
    team("li", "request resubmit R-1 -m 'a gift'")
    told = [(each["kind"], each["text"]) for each in team.shown()["questions"]]
    assert told == [("resubmit", "a gift"), ("resubmit", "no cheaper"), ("question", "why"), ("submit", "please")]
    card = team("boss", "request show R-1 --brief").out
    assert card.index("a gift") < card.index("no cheaper") < card.index("why") < card.index("please")


def test_decisions_tell_their_code_and_the_conditions_they_came_with(team: Team) -> None:
    team("li", "submit D-1 quote")
    team("boss", "approve R-1 --condition 'in writing'")
    (made,) = team.shown()["decisions"]
    assert made["terms"] == [1]
    assert "on condition 1" in team("boss", "request show R-1").out


def test_closed_deals_like_it_are_told_with_their_distance_and_the_days_they_pay_late(team: Team) -> None:
    for amount, end in ((846000, "won"), (423000, "lost"), (1692000, "won")):
        team.closed(amount, end)
    team.now = "2026-03-02T10:00:00+08:00"
    team("li", "submit D-1 quote")
    found = team.shown()["similar"]
    assert [(each["deal"], each["outcome"], each["late_days"]) for each in found] == [
        *(("D-2", "won", 10), ("D-3", "lost", 10), ("D-4", "won", 10)),
    ]
    assert [each["parts"].get("amount", 0) for each in found] == [0, 1, 1]


def test_who_has_no_margins_finds_neither_them_nor_costs_nor_floors_in_any_section(team: Team) -> None:
    for amount in (846000, 423000, 1692000):
        team.closed(amount, "won")
    team.now = "2026-03-02T10:00:00+08:00"
    team("li", "submit D-1 quote")
    team("li", "deal edit D-1 --set payment_days=30")
    whole, told = team.shown(), team.shown("ext")
    assert "margin" in whole["quote"]["lines"][0] and whole["risk"]["points"] == 0
    told["skipped"] = [each["why"] for each in told["skipped"]]  # the condition is the policy's
    for revision in told["revisions"]:
        revision.pop("skipped")
    text = json.dumps(told, ensure_ascii=False)
    assert [word for word in SECRET if word in text] == []
    assert "points" not in told["risk"] and told["skipped"] == ["not asked"]
    card = team("ext", "request show R-1").out
    assert [word for word in SECRET if word in card] == []


def test_the_card_of_a_deal_tells_its_payments_where_there_are_some(team: Team) -> None:
    assert "Payments:" not in team("li", "show D-1").out
    team("li", "payment plan D-1 --part =100000:2026-02-20 --part rest:2026-12-31")
    team("boss", "payment received D-1 30000 --on 2026-03-01")
    card = team("li", "show D-1").out
    assert "CNY 30,000.00 received" in card and "CNY 70,000.00 overdue  10 days late" in card
    found = json.loads(team("li", "deal show D-1 -o json").out)["payments"]
    assert [(each["currency"], each["received"], each["overdue"], each["late_days"]) for each in found] == [
        ("CNY", "30000.00", "70000.00", 10)
    ]


def test_what_comes_from_the_quote_is_named_as_the_language_calls_it(team: Team) -> None:
    answer = team.opp("deal edit D-1 --set amount=5 --lang zh", user="li", now=team.now)
    assert answer.code == 5 and "金额取自报价 Q-1" in answer.err


def test_who_has_no_amounts_finds_none_in_any_section_be_it_of_the_deal_or_its_customer(team: Team) -> None:
    (team.opp.folder / "blind.toml").write_text(POLICY.replace("margin = [", "amount = ["), encoding="utf-8")
    team("root", "policy apply blind.toml")
    team("boss", "fact set C-1 credit_limit=500000 --source annual")
    team("boss", "fact set C-1 iso9001=2027-03-31")
    team("li", "payment plan D-1 --part =123400:2026-02-20 --part rest:2026-12-31")
    for amount in (846000, 423000, 1692000):
        team.closed(amount, "won")
    team.now = "2026-03-02T10:00:00+08:00"
    team("li", "submit D-1 quote")
    told, card = team.shown("ext"), team("ext", "request show R-1").out
    amounts = ("500000", "500,000", "123400", "123,400", "846000", "846,000", "423000", "423,000", "722600", "68000")
    text = json.dumps(told, ensure_ascii=False) + card + team("ext", "show D-1").out
    assert [amount for amount in amounts if amount in text] == []
    assert told["customer"]["facts"] == []
    assert told["customer"]["late_days"] == 10 and [each["late_days"] for each in told["similar"]] == [10, 10, 10]
    whole = team.shown("boss")
    assert [each["name"] for each in whole["customer"]["facts"]] == ["credit_limit", "iso9001"]


def test_a_hidden_fact_of_a_customer_is_no_figure_of_a_request_either(team: Team) -> None:
    blind = POLICY.replace("margin = [", "amount = [").replace(
        'needs = ["amount"]', 'needs = ["amount", "customer.credit_limit"]'
    )
    (team.opp.folder / "blind.toml").write_text(blind, encoding="utf-8")
    team("root", "policy apply blind.toml")
    team("boss", "fact set C-1 credit_limit=500000")
    team("li", "submit D-1 quote")
    assert "CNY 500,000.00" in team("boss", "request show R-1 --brief").out
    assert "credit_limit" not in team("ext", "request show R-1").out
    assert "500000" not in json.dumps(team.shown("ext"))
