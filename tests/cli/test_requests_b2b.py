"""The project company of the manual: tiers, risk review before quoting, and a night on which somebody is late."""

import pytest
from approvals_office import PEOPLE, Office, instant
from begun import begun
from command_line import Answer, InProcess


class B2b(Office):
    """The b2b template in Chinese, with its own roles given to people."""

    def __init__(self, opp: InProcess) -> None:
        self.opp, self.now = opp, instant("09 09:00")
        opp.ok("init --template b2b --lang zh", user="root", now=self.now)
        roles = {
            "chen": "finance",
            "zhao": "finance",
            "qian": "legal",
            "tang": "sales_ops",
            "ma": "ceo",
            "zhou": "manager",
        }
        for login, (manager, _) in PEOPLE.items():
            role = roles.get(login, "sales")
            above = f" --manager {manager}" if manager else ""
            opp.ok(f"user add {login} --role {role}{above}", user="root", now=self.now)


@pytest.fixture
@begun
def office(opp: InProcess) -> B2b:
    made = B2b(opp)
    made.ok("li", "lead add 上海精密仪器 --customer 上海精密仪器 --amount 800000 --set budget_confirmed=yes")
    return made


def overdue(office: Office, at: str) -> Answer:
    return office("root", "report overdue --exit-code", at=at)


def test_a_deal_of_800000_from_lead_to_negotiation(office: B2b) -> None:
    office.ok("li", "submit D-1 qualification")
    assert office("li", "advance D-1 --to 方案", at="09 09:30").code == 7
    office.ok("wang", "approve R-1", at="09 10:00")
    office.ok("li", "advance D-1 --to 方案", at="09 10:00")

    shut = office("li", "advance D-1 --to 谈判", at="09 10:00")
    assert shut.code == 7
    missing = [line.split()[0] for line in shut.err.splitlines()[1:]]
    assert missing == ["tier", "payment_days", "approval", "discount", "margin", "file:报价单", "solution", "approval"]

    office.ok(
        "li", "deal edit D-1 --set tier=B --set payment_days=30 --set discount=5 --set margin=30 --set solution=标准"
    )
    (office.opp.folder / "quote.pdf").write_text("quote", encoding="utf-8")
    office.ok("li", "deal attach D-1 quote.pdf --kind 报价单")
    office.ok("li", "submit D-1 quote", at="09 11:00")
    office.ok("li", "submit D-1 risk", at="09 11:00")
    assert office("li", "approve R-2", at="09 11:00").code == 4

    office.ok("wang", "approve R-2", at="09 14:00")
    assert [row["step"] for row in office.ok("zhou", "inbox -o json", at="09 14:00").json] == [["大区总监"]]
    office.ok("chen", "approve R-3", at="09 15:00")
    assert (overdue(office, "10 07:00").code, overdue(office, "10 07:00").out) == (0, "")

    office.ok("qian", "approve R-3", at="10 10:00")
    late = overdue(office, "11 07:00")
    assert late.code == 10
    (row,) = office("root", "report overdue -o json", at="11 07:00").json
    assert (row["request"], row["step"], row["waiting_on"], row["due"]) == (
        "R-2",
        "大区总监",
        ["zhou"],
        "2026-03-10T06:00:00Z",
    )
    assert (row["overdue_business_hours"], row["amount"], row["currency"]) == (4, "800000.00", "CNY")

    office.ok("zhou", "approve R-2", at="11 09:30")
    step = office.request(2)["steps"][1]
    assert (step["state"], step["closed_at"] > step["due"]) == ("approved", True)
    office.ok("li", "advance D-1 --to 谈判", at="11 09:30")
    assert (overdue(office, "12 07:00").code, overdue(office, "12 07:00").out) == (0, "")
    assert office.ok("root", "audit verify").code == 0


def test_a_custom_solution_asks_two_of_three_engineers_and_a_large_discount_finance(office: B2b) -> None:
    for login in ("lin", "gao", "xu"):
        office.ok("root", f"user edit {login} --role tech")
    office.ok("root", "user add sun --role vp_sales --manager ma")
    office.ok("li", "deal edit D-1 --set payment_days=30 --set discount=26 --set margin=24.9999 --set solution=定制")
    (office.opp.folder / "quote.pdf").write_text("quote", encoding="utf-8")
    office.ok("li", "deal attach D-1 quote.pdf --kind 报价单")
    rows = office.ok("li", "request plan D-1 quote -o json").json
    assert [(row["step"], row["rule"], row["who"]) for row in rows] == [
        ("销售主管", "any", ["wang"]),
        ("大区总监", "any", ["zhou"]),
        ("财务", "any", ["chen", "zhao"]),
        ("技术评审", "at least 2", ["gao", "lin", "xu"]),
        ("销售副总", "any", ["sun"]),
    ]
