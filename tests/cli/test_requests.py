"""Requests as a person meets them: commands in, answers and exit codes out."""

import json

import pytest
from approvals_office import Office
from begun import begun
from command_line import InProcess


@pytest.fixture
@begun
def office(opp: InProcess) -> Office:
    made = Office(opp)
    made.deal()
    return made


def test_a_plan_says_who_when_and_why_and_stores_nothing(office: Office) -> None:
    rows = office.ok("li", "request plan D-1 quote -o json").json
    assert [(row["order"], row["step"], row["who"], row["due"], row["when"]) for row in rows] == [
        (1, "销售主管", ["wang"], "2026-03-09T10:00:00Z", "manager; always"),
        (2, "大区总监", ["zhou"], "2026-03-10T10:00:00Z", "manager+1; amount >= 50万 or discount > 15"),
    ]
    assert office.ok("li", "request list -o json").json == []


def test_submitting_says_who_is_asked_first_until_when_and_who_comes_after(office: Office) -> None:
    lines = office.ok("li", "submit D-1 quote").out.splitlines()
    assert lines == [
        "R-1 submitted: quote for D-1 上海精密仪器, CNY 800,000.00, discount 5 %",
        "  1  销售主管  wang  due Mon 9 Mar 18:00",
        "  2  大区总监  zhou  after 1",
        "Undo: opp request recall R-1",
    ]


def test_show_shows_a_request_by_its_reference(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    shown = office.ok("li", "show r-1").out
    assert shown == office.ok("li", "request show R-1").out
    assert office.ok("li", "view -c state R-1 --json").json == {"state": "pending"}
    assert office.ok("li", "show D-1 -c id --json").json == {"id": "D-1"}


def test_a_refused_submit_lists_everything_missing_and_exits_7(office: Office) -> None:
    office.ok("li", "lead add 无数据 --customer 某公司")
    answer = office("li", "submit D-2 quote")
    assert answer.code == 7
    assert answer.err.splitlines() == [
        "error: D-2 is not ready for quote yet: 2 things are missing",
        "  amount    opp deal edit D-2 --set amount=…",
        "  discount  opp deal edit D-2 --set discount=…",
    ]


def test_what_needs_no_approval_says_so_and_exits_0(office: Office) -> None:
    office.ok("li", "lead add 小单 --customer 小公司 --amount 199999.99 --set discount=10")
    answer = office("li", "submit D-2 quote")
    assert (answer.code, answer.out) == (0, "approval not required: quote for D-2 小单\n")
    assert office.ok("li", "request plan D-2 quote -o json").json == []
    assert office.ok("li", "request list -o json").json == []


def test_the_submitter_and_strangers_to_the_seat_are_refused_with_exit_4(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    own, other = office("li", "approve R-1"), office("chen", "approve R-1")
    assert (own.code, other.code) == (4, 4)
    hint = "hint: waiting for wang"
    assert own.err.splitlines() == ["error: li submitted R-1 and cannot decide it", hint]
    assert other.err.splitlines()[1] == hint
    entries = office.ok("root", "log R-1 -o json").json
    assert [(entry["actor"], entry["action"]) for entry in entries][-2:] == [("li", "refused"), ("chen", "refused")]


def test_both_approve_in_turn_and_the_deal_advances_through_its_gate(office: Office) -> None:
    shut = office("li", "advance D-1 --to 谈判")
    assert shut.code == 7
    assert "approval quote  would ask wang, then zhou; due Tue 10 Mar 18:00   opp request submit D-1 quote" in shut.err
    office.ok("li", "submit D-1 quote")
    office.ok("wang", "approve R-1", at="09 10:00")
    shut = office("li", "advance D-1 --to 谈判", at="09 10:00")
    assert "pending at zhou since Mon 9 Mar 10:00, due Tue 10 Mar 10:00" in shut.err
    answer = office.ok("zhou", "approve R-1 -m 同意", at="09 11:00")
    assert "R-1 is approved: zhou approved 大区总监 on Mon 9 Mar 11:00" in answer.out
    office.ok("li", "advance D-1 --to 谈判", at="09 11:00")


def test_show_as_json_is_what_scripts_rely_on(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    office.ok("wang", "approve R-1", at="09 10:00")
    shown = office.request(at="09 10:00")
    first, second = shown["steps"]
    assert {key: shown[key] for key in ("id", "deal", "type", "state", "revision", "previous", "submitted_by")} == {
        "id": "R-1",
        "deal": "D-1",
        "type": "quote",
        "state": "pending",
        "revision": 1,
        "previous": None,
        "submitted_by": "li",
    }
    assert (shown["submitted_at"], shown["decided_at"], shown["reason"]) == ("2026-03-09T01:00:00Z", None, None)
    assert shown["snapshot"] == {"amount": "800000.00", "discount": "5"}
    assert len(shown["policy"]) == 64
    assert {
        key: second[key] for key in ("name", "state", "opened_at", "due", "breached_at", "remaining", "together")
    } == {
        "name": "大区总监",
        "state": "open",
        "opened_at": "2026-03-09T02:00:00Z",
        "due": "2026-03-10T02:00:00Z",
        "breached_at": None,
        "remaining": None,
        "together": None,
    }
    assert (second["rule"], second["need"]) == ("any", 1)
    wanted = {"holders": ["zhou"], "state": "open", "blocked": False, "decided_by": None, "added": False}
    assert wanted.items() <= second["seats"][0].items()
    assert (first["state"], first["seats"][0]["decided_by"]) == ("approved", "wang")
    (decision,) = shown["decisions"]
    wanted = {
        "step": "销售主管",
        "revision": 1,
        "actor": "wang",
        "on_behalf_of": None,
        "verdict": "approve",
        "automatic": False,
        "counts": True,
        "at": "2026-03-09T02:00:00Z",
        "reason": None,
    }
    assert wanted.items() <= decision.items()


def test_show_for_people_names_the_holder_since_when_and_until_when(office: Office) -> None:
    office.ok("li", "submit D-1 quote -m 客户周五要报价")
    text = office.ok("li", "request show R-1", at="10 10:00").out
    assert "pending: waiting for wang" in text
    assert "li on submitting  客户周五要报价" in text
    assert "1  销售主管  any  wang       open since Mon 9 Mar 09:00, due Mon 9 Mar 18:00 OVERDUE" in text
    assert "2  大区总监  any  manager+1  waiting" in text


def test_the_inbox_is_by_due_time_and_says_what_changed(office: Office) -> None:
    office.ok("li", "submit D-1 quote", at="09 10:00")
    office.ok("li", "lead add 乙 --customer 乙 --amount 300000 --set discount=5", at="09 11:00")
    office.ok("li", "submit D-2 quote", at="09 11:00")
    office.ok("li", "deal edit D-1 --set amount=900000", at="09 14:00")
    rows = office.ok("wang", "inbox -o json", at="09 14:00").json
    assert [(row["id"], row["amount"], row["due"], row["left"], row["changed"]) for row in rows] == [
        ("R-2", "300000.00", "2026-03-10T03:00:00Z", 6, None),
        ("R-1", "900000.00", "2026-03-10T06:00:00Z", 8, "amount 800000.00 → 900000.00"),
    ]
    assert "amount 800000.00 → 900000.00" in office.ok("wang", "inbox").out
    assert office.ok("zhou", "inbox -o json").json == []
    assert office.ok("li", "request list --waiting-on wang --ids").out.split() == ["R-2", "R-1"]


def test_requests_are_listed_by_state_deal_and_type(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    office.ok("li", "submit D-1 risk")
    office.ok("wang", "reject R-1 -m 毛利太低")
    listed = {
        flags: office.ok("li", f"request list {flags} --ids").out.split()
        for flags in ("", "--state pending", "--state rejected", "--deal D-1", "--type risk", "--by li", "--by wang")
    }
    assert listed == {
        "": ["R-1", "R-2"],
        "--state pending": ["R-2"],
        "--state rejected": ["R-1"],
        "--deal D-1": ["R-1", "R-2"],
        "--type risk": ["R-2"],
        "--by li": ["R-1", "R-2"],
        "--by wang": [],
    }
    assert office("li", "request list --state pnding").code == 2


def test_a_rejection_needs_a_reason_and_a_new_request_names_the_old_one(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    assert office("wang", "reject R-1").code == 2
    office.ok("wang", "reject R-1 -m 毛利太低")
    shown = office.request()
    assert (shown["state"], shown["reason"]) == ("rejected", "毛利太低")
    office.ok("li", "submit D-1 quote")
    assert office.request(2)["previous"] == "R-1"


def test_deciding_twice_and_what_is_over(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    office.ok("wang", "approve R-1", at="09 10:00")
    again = office.ok("wang", "approve R-1", at="09 10:30")
    assert "R-1: wang approved 销售主管 on Mon 9 Mar 10:00 already" in again.out
    assert len(office.request()["decisions"]) == 1
    office.ok("zhou", "reject R-1 -m 不行", at="09 11:00")
    late = office("zhou", "approve R-1", at="09 11:30")
    assert late.code == 5
    assert late.err.startswith("error: R-1 is rejected: zhou rejected 大区总监 on Mon 9 Mar 11:00 (不行)\n")


def test_parallel_finance_and_legal_where_the_first_no_ends_it(office: Office) -> None:
    office.ok("li", "submit D-1 risk")
    shown = office.request()
    assert [(step["name"], step["state"], step["together"]) for step in shown["steps"]] == [
        ("财务", "open", "会审"),
        ("法务", "open", "会审"),
    ]
    office.ok("qian", "reject R-1 -m 条款不可接受")
    shown = office.request()
    assert [(step["state"], step["seats"][0]["decided_by"]) for step in shown["steps"]] == [
        ("cancelled", None),
        ("rejected", "qian"),
    ]
    assert office.ok("chen", "inbox -o json").json == []


def test_two_of_three_with_a_veto(office: Office) -> None:
    office.ok("li", "submit D-1 tech")
    shown = office.request()["steps"][0]
    assert (shown["rule"], shown["need"], len(shown["seats"])) == ("at least 2", 2, 3)
    office.ok("gao", "reject R-1 -m 没时间")
    office.ok("xu", "approve R-1")
    assert office.request()["state"] == "pending"
    office.ok("lin", "reject R-1 -m 技术上不可行")
    assert office.request()["state"] == "rejected"


def test_several_at_once_have_a_line_each_and_exit_9_when_some_fail(office: Office) -> None:
    for title in ("乙", "丙"):
        office.ok("li", f"lead add {title} --customer {title} --amount 300000 --set discount=5")
    for deal in ("D-1", "D-2", "D-3"):
        office.ok("li", f"submit {deal} quote")
    answer = office("wang", "approve R-2 R-3")
    assert (answer.code, answer.out.count("approved at")) == (0, 2)
    office.ok("li", "submit D-2 tech")
    answer = office("gao", "approve R-1 R-4")
    assert (answer.code, "decided one by one" in answer.out) == (4, True)
    answer = office("wang", "approve R-1 R-4")
    assert answer.code == 9
    office.ok("gao", "approve R-4")


def test_recalling_takes_it_out_of_the_inbox_and_a_new_one_starts_over(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    office.ok("wang", "approve R-1")
    assert office("wang", "request recall R-1").code == 4
    office.ok("li", "request recall R-1 -m 客户改主意")
    assert office.ok("zhou", "inbox -o json").json == []
    office.ok("li", "submit D-1 quote")
    assert office.request(2)["steps"][0]["state"] == "open"


def test_a_dry_run_shows_what_would_change_and_writes_nothing(office: Office) -> None:
    before = office.opp.db.read_bytes()
    answer = office.ok("li", "submit D-1 quote -n")
    assert "R-1 submitted" in answer.out and "Nothing was written." in answer.err
    assert office.opp.db.read_bytes() == before


def test_a_lost_deal_takes_its_requests_with_it_and_a_deal_is_not_won_over_them(office: Office) -> None:
    office.ok("li", "submit D-1 tech")
    for number, name in enumerate(("quote", "risk"), 2):
        office.ok("li", f"submit D-1 {name}")
        for who in {"quote": ("wang", "zhou"), "risk": ("chen", "qian")}[name]:
            office.ok(who, f"approve R-{number}")
    answer = office("li", "win D-1")
    assert (answer.code, "approval tech  R-1 is pending: waiting for lin, gao, xu" in answer.err) == (7, True)
    answer = office.ok("li", "lose D-1 --reason 价格")
    assert "R-1 tech: pending → cancelled (deal lost)" in answer.out
    # Nobody claimed to be who did that.
    told = {row["text"] for row in office.ok("root", "notices list -o json").json if row["kind"] == "cancelled"}
    assert [text.rpartition(": ")[2] for text in told] == ["cancelled by system (deal lost)"]
    assert [office.request(number)["state"] for number in (1, 2, 3)] == ["cancelled", "approved", "approved"]


def test_unknown_requests_types_and_people_are_not_found(office: Office) -> None:
    codes = {
        line: office("li", line).code
        for line in ("approve R-9", "request show x", "submit D-1 qoute", "submit D-9 quote")
    }
    assert codes == dict.fromkeys(codes, 3)
    assert "did you mean quote" in office("li", "submit D-1 qoute").err


def test_status_and_wait_tell_scripts_with_their_exit_code(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    assert office("li", "request status R-1").code == 0
    assert office("li", "request status R-1 --exit-code").code == 10
    assert office("li", "request wait R-1 --timeout 0s").code == 10
    office.ok("wang", "approve R-1")
    office.ok("zhou", "approve R-1")
    assert office("li", "request status R-1 --exit-code").code == 0
    assert office("li", "request wait R-1").code == 0
    office.ok("root", "request revoke R-1 -m 客户信用变化")
    assert office("li", "request status R-1 --exit-code").code == 11
    assert office("li", "request wait R-1 --timeout soon").code == 2


def test_the_journal_says_what_happened_under_which_rules_on_which_facts(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    office.ok("wang", "approve R-1 -m 同意")
    rows = office.opp.ok("log R-1 -o json", user="root").json
    assert [row["action"] for row in rows] == ["submit", "approve"]
    exported = office.ok("root", "export journal -o jsonl").out.splitlines()
    entry = next(e for e in map(json.loads, exported) if e["action"] == "approve")
    meta = entry["meta"] if isinstance(entry["meta"], dict) else json.loads(entry["meta"])
    assert meta["events"][0] == {
        "verb": "approve",
        "actor": "wang",
        "step": "销售主管",
        "seat": 1,
        "reason": "同意",
        "was": "open",
        "now": "approved",
    }
    assert (meta["revision"], meta["policy"]) == (1, office.request()["policy"])
    assert meta["snapshot"] == office.request()["decisions"][0]["snapshot_hash"]
    assert office.ok("root", "audit verify").code == 0
