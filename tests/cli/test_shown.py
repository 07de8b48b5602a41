"""What an approver sees: everything that was demanded, in its unit, what changed, what was answered, who ended it."""

import pytest
from approvals_office import POLICY, Office
from begun import settled
from command_line import InProcess

NEEDY = POLICY.replace(
    'needs = ["amount", "discount"]', 'needs = ["amount", "discount", "margin", "file:报价单", "竞品价"]'
).replace("[roles]", '[fields."竞品价"]\ntitle = "竞品报价"\ntype = "money"\n\n[roles]', 1)


@pytest.fixture
@settled
def office(opp: InProcess) -> Office:
    """li's request R-1 of D-1, CNY 800,000.00, waits for wang."""
    made = Office(opp, NEEDY)
    made.deal()
    (made.opp.folder / "offer.txt").write_text("offer", encoding="utf-8")
    made.ok("li", "deal attach D-1 offer.txt --kind 报价单")
    made.ok("li", "deal edit D-1 --set margin=32 --set 竞品价=280000")
    made.ok("li", "submit D-1 quote")
    return made


def shown(office: Office, who: str = "wang") -> list[list[str]]:
    """The rows of what is shown, by cell."""
    lines = office.ok(who, "request show R-1").out.splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith("Shown to the approvers"))
    rows = lines[first + 1 : lines.index("", first)]
    return [row.split(maxsplit=1) for row in rows]


def test_everything_that_was_demanded_is_shown_in_its_unit(office: Office) -> None:
    assert [row[0] for row in shown(office)] == ["amount", "discount", "margin", "file:报价单", "竞品报价"]
    assert [row[1] for row in shown(office)][:3] == ["CNY 800,000.00", "5 %", "32 %"]
    assert shown(office)[4] == ["竞品报价", "CNY 280,000.00"]
    figures = office.request()["figures"]
    assert figures[0] == {
        "field": "amount",
        "title": "amount",
        "value": "800000.00",
        "shown": "CNY 800,000.00",
        "was": None,
        "now": None,
    }


def test_a_revision_shows_old_and_new_and_its_letter_says_what_changed(office: Office) -> None:
    office.ok("li", "deal edit D-1 --set amount=900000 --set discount=8")
    assert shown(office)[:3] == [
        ["amount", "CNY 800,000.00 → CNY 900,000.00"],
        ["discount", "5 % → 8 %"],
        ["margin", "32 %"],
    ]
    notices = office.ok("root", "notices list -o json").json
    opened = [row["text"] for row in notices if row["kind"] == "opened" and row["to"] == "wang"]
    assert opened[-1].endswith("; changed: amount CNY 800,000.00 → CNY 900,000.00; discount 5 % → 8 %")


def test_what_is_true_now_is_shown_where_it_is_something_else(office: Office) -> None:
    office.ok("li", "deal edit D-1 --set margin=30")
    assert shown(office)[2] == ["margin", "32 %, now 30 %"]


def test_the_answer_to_a_question_reaches_show_json_inbox_and_letter(office: Office) -> None:
    office.ok("wang", "request return R-1 -m 付款条件？")
    office.ok("li", "request resubmit R-1 -m '30 天'", at="09 11:00")
    assert "li on sending it on  30 天  Mon 9 Mar 11:00" in office.ok("wang", "request show R-1").out
    assert office.request()["answers"] == [{"by": "li", "at": "2026-03-09T03:00:00Z", "text": "30 天"}]
    assert office.ok("wang", "inbox -o json").json[0]["answer"] == "30 天"
    assert "30 天" in office.ok("wang", "inbox").out
    notices = office.ok("root", "notices list -o json").json
    assert [row["text"] for row in notices if row["to"] == "wang"][-1].endswith("; li answers: 30 天")


@pytest.mark.parametrize(
    ("who", "line", "said"),
    [
        ("root", "request cancel R-1 -m 重复", "cancelled since Mon 9 Mar 09:00: 重复, by root"),
        ("li", "request recall R-1", "recalled since Mon 9 Mar 09:00, by li"),
    ],
)
def test_show_names_who_ended_it(office: Office, who: str, line: str, said: str) -> None:
    office.ok(who, line)
    assert said in office.ok("wang", "request show R-1").out
    assert office.request()["ended_by"] == who


def test_show_names_who_revoked_it(office: Office) -> None:
    office.ok("wang", "approve R-1")
    office.ok("zhou", "approve R-1")
    office.ok("zhou", "request revoke R-1 -m 客户信用变化")
    assert "客户信用变化, by zhou" in office.ok("wang", "request show R-1").out


def test_a_step_of_some_votes_says_how_many_of_how_many(office: Office) -> None:
    office.ok("li", "submit D-1 tech")
    (step,) = [
        line for line in office.ok("lin", "request show R-2").out.splitlines() if "技术" in line and "1  " in line
    ]
    assert "2 of 3" in step


def test_a_plan_shows_whom_the_one_who_asks_would_ask(office: Office) -> None:
    """An admin's superiors are others than the owner's; who may not submit sees the owner's."""
    office.ok("li", "request recall R-1")

    def asked(who: str) -> list[list[str]]:
        return [row["who"] for row in office.ok(who, "request plan D-1 quote -o json").json]

    assert (asked("li"), asked("gao"), asked("root")) == (
        [["wang"], ["zhou"]],
        [["wang"], ["zhou"]],
        [["tang"], ["tang"]],
    )
    office.ok("root", "submit D-1 quote")
    assert [row["waiting_on"] for row in office.ok("root", "request list --state pending -o json").json] == [["tang"]]


def test_a_deal_tells_money_with_its_currency_where_each_field_has_its_line(office: Office) -> None:
    lines = [line.split(maxsplit=1) for line in office.ok("li", "show D-1").out.splitlines() if line]
    assert [rest for name, *rest in lines if name == "amount"] == [["CNY 800,000.00"]]
    assert "800,000.00" in office.ok("li", "ls").out
