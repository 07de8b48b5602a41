"""The trail as people read it: `opp log` and `deal history` say what was done, by whom, for whom and why."""

import pytest
from approvals_office import Office
from begun import begun
from command_line import InProcess


@pytest.fixture
@begun
def office(opp: InProcess) -> Office:
    """li's request R-1 of D-1 waits for wang."""
    made = Office(opp)
    made.deal()
    made.ok("li", "submit D-1 quote")
    return made


def told(office: Office, ref: str = "R-1") -> list[tuple[str, str, str | None]]:
    """(actor, what, reason) of every entry, oldest first."""
    found = office.ok("root", f"log {ref} -o json").json
    return [(row["actor"], row["what"], row["reason"]) for row in found]


def test_a_transfer_a_nudge_and_an_added_approver_say_who_gives_to_whom_and_why(office: Office) -> None:
    office.ok("li", "request nudge R-1")
    office.ok("wang", "request transfer R-1 --to gao -m 休假")
    office.ok("gao", "request add-approver R-1 --beside chen -m 涉及外币")
    assert told(office)[1:] == [
        ("li", "wang nudged", None),
        ("wang", "销售主管: wang → gao", "休假"),
        ("gao", "chen added beside by gao", "涉及外币"),
    ]


def test_decisions_carry_their_comments_and_for_whom_they_were_given(office: Office) -> None:
    office.ok("wang", "delegate add --to xu --end 2026-04-01")
    office.ok("xu", "approve R-1 -m 毛利已核")
    office.ok("zhou", "request return R-1 -m 付款条件？")
    office.ok("li", "request resubmit R-1 -m '30 天'")
    found = told(office)[1:]
    assert [(actor, why) for actor, _, why in found] == [("xu", "毛利已核"), ("zhou", "付款条件？"), ("li", "30 天")]
    assert found[0][1].startswith("销售主管 approved for wang")
    assert found[1][1].startswith("大区总监 returned; state pending → returned")
    assert found[2][1].startswith("resubmitted; state returned → pending")
    history = office.ok("root", "deal history D-1").out
    assert ("for wang" in history, "毛利已核" in history, "30 天" in history) == (True, True, True)


def test_who_stood_aside_and_who_followed_is_told(office: Office) -> None:
    office.ok("wang", "request recuse R-1 -m 客户是亲属")
    assert told(office)[-1] == ("wang", "wang stood aside from 销售主管; 销售主管: wang → zhou", "客户是亲属")
    office.ok("root", "user deactivate zhou --successor ma")
    assert told(office)[-1] == ("root", "销售主管: zhou → ma", None)


def test_what_time_does_is_done_by_the_system_and_keeps_who_let_it(office: Office) -> None:
    office.ok("tang", "tick", at="09 14:00")
    office.ok("tang", "tick", at="10 09:00")
    office.ok("tang", "tick", at="11 09:00")
    found = told(office)[1:]
    assert {actor for actor, _, _ in found} == {"system"}
    assert [what for _, what, _ in found] == [
        "销售主管 reminded (50%)",
        "销售主管 overdue; zhou told by escalation 1 of 销售主管",
        "tang added by escalation 2 of 销售主管",
    ]
    meta = office.ok("root", "log R-1 -o json").json[-1]["meta"]
    assert (meta["run_by"], meta["command"]) == ("tang", "tick")


def test_a_due_time_that_a_calendar_moves_is_told_old_and_new(office: Office) -> None:
    file = office.opp.folder / "policy.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('holidays = ["', 'holidays = ["2026-03-09", "'), encoding="utf-8")
    office.ok("root", "policy apply policy.toml")
    assert told(office)[-1] == ("root", "销售主管 due Mon 9 Mar 18:00 → Tue 10 Mar 18:00", "calendar changed")


def test_the_login_at_the_machine_is_a_column(office: Office) -> None:
    table = office.ok("root", "log R-1 -c actor,os_user -o csv").out
    assert table.splitlines()[0] == "actor,os_user"
    assert table.splitlines()[1].startswith("li,")
