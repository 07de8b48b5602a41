"""Longer stories of approvals as commands with fixed clocks: changes, returns, people who leave, time, new rules."""

import pytest
from approvals_office import POLICY, Office
from begun import begun
from command_line import InProcess

from oppcli.actions.requests.ticks import _escalated, _said
from oppcli.reads import trail
from oppcli.rules.approvals.transition import Event
from oppcli.speech import Voice, spoken


@pytest.fixture
@begun
def office(opp: InProcess) -> Office:
    made = Office(opp)
    made.deal()
    return made


def approved(office: Office) -> None:
    """R-1, the quote for D-1, approved by both on Monday."""
    office.ok("li", "submit D-1 quote")
    office.ok("wang", "approve R-1", at="09 10:00")
    office.ok("zhou", "approve R-1", at="09 11:00")


# ---------- change ----------
def test_an_amount_raised_after_step_1_is_revision_2_with_a_fresh_clock(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    office.ok("wang", "approve R-1", at="09 10:00")
    answer = office.ok("li", "deal edit D-1 --set amount=900000", at="10 09:00")
    assert "R-1 quote: revision 2, starts again at 销售主管 (wang)" in answer.out
    shown = office.request()
    assert (shown["revision"], shown["snapshot"]["amount"]) == (2, "900000.00")
    assert [(d["actor"], d["revision"], d["counts"], d["superseded"]) for d in shown["decisions"]] == [
        ("wang", 1, False, True)
    ]
    assert (shown["steps"][0]["state"], shown["steps"][0]["due"]) == ("open", "2026-03-10T10:00:00Z")
    seen = office("wang", "approve R-1 --rev 1", at="10 10:00")
    assert (seen.code, "amount 800000.00 → 900000.00" in seen.err) == (5, True)
    office.ok("wang", "approve R-1 --rev 2", at="10 10:00")


def test_a_vote_says_which_revision_took_its_place_and_that_it_was_of_ones_own_deal(office: Office) -> None:
    (office.opp.folder / "own.toml").write_text(f"{POLICY}\n[sod]\nsubmitter_may_approve = true\n", encoding="utf-8")
    office.ok("root", "policy apply own.toml")
    office.ok("root", "deal assign D-1 --to wang")
    office.ok("wang", "submit D-1 quote")
    office.ok("root", "request transfer R-1 --to wang -m x")
    office.ok("wang", "approve R-1", at="09 10:00")
    for amount in (900000, 990000):
        office.ok("wang", f"deal edit D-1 --set amount={amount}", at="09 11:00")
    shown = office.ok("wang", "request show R-1").out
    assert "has a part in the deal; superseded by revision 2" in shown


def test_the_journal_tells_amounts_of_a_request_in_its_currency(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    office.ok("li", "deal edit D-1 --set amount=900000")
    assert "amount CNY 800,000.00 → CNY 900,000.00" in office.ok("li", "log R-1 --json").json[-1]["what"]


def test_changes_inside_two_per_cent_that_add_up_to_more_are_a_new_revision(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    revisions = []
    for amount in ("808000", "816000", "816000.01"):
        office.ok("li", f"deal edit D-1 --set amount={amount}")
        revisions.append(office.request()["revision"])
    assert revisions == [1, 1, 2]


def test_a_change_after_approval_closes_the_gate_and_flags_a_deal_beyond_it(office: Office) -> None:
    approved(office)
    office.ok("li", "advance D-1 --to 谈判", at="09 12:00")
    office.ok("li", "submit D-1 risk", at="09 12:00")
    answer = office.ok("li", "deal edit D-1 --set discount=20", at="09 14:00")
    assert "R-1 quote: approved → invalidated (discount 5 → 20 after approval)" in answer.out
    assert office.request(2)["state"] == "pending", "the discount is nothing to risk"
    for who in ("chen", "qian"):
        office.ok(who, "approve R-2", at="09 15:00")
    shut = office("li", "advance D-1 --to 签约", at="09 16:00")
    assert (shut.code, "approval quote  R-1 is invalidated" in shut.err) == (7, True)
    flagged = office.ok("li", "show D-1 --json", at="09 16:00").json["flagged"]
    assert flagged == ["approval quote: R-1 is invalidated since Mon 9 Mar 14:00: discount 5 → 20 after approval"]
    office.ok("li", "advance D-1 --to 方案", at="09 16:00")
    assert office.ok("li", "show D-1 --json", at="09 16:00").json["flagged"] == []
    assert office("li", "win D-1", at="09 16:00").code == 7


def test_a_won_deal_changes_by_an_admin_who_says_why_and_by_nobody_else(office: Office) -> None:
    office.ok("li", "lead add 小单 --customer 小单 --amount 1 --set discount=0")
    office.ok("li", "submit D-2 risk")
    for who in ("chen", "qian"):
        office.ok(who, "approve R-1")
    office.ok("li", "win D-2")
    (office.opp.folder / "回单.txt").write_text("ok", encoding="utf-8")
    lines = ("deal edit D-2 --set margin=3", "deal edit D-2 --set payment_days=30", "deal assign D-2 --to wang")
    codes = {line: (office("li", f"{line} -m 补").code, office("root", line).code) for line in lines}
    assert codes == dict.fromkeys(lines, (4, 2))
    office.ok("li", "deal edit D-2 --set next_step=回访")
    office.ok("li", "deal attach D-2 回单.txt --kind 回单")
    for line in lines:
        office.ok("root", f"{line} -m 补档")
    assert [entry["reason"] for entry in office.ok("root", "log --json").json[-3:]] == ["补档"] * 3


def test_an_edit_that_changes_nothing_material_asks_nobody_again(office: Office) -> None:
    approved(office)
    answer = office.ok("li", "deal edit D-1 --set next_step=签合同 --close 2026-04-01")
    assert "R-1" not in answer.out
    assert office.request()["state"] == "approved"


# ---------- return ----------
def test_a_return_over_a_weekend_does_not_use_up_the_approvers_time(office: Office) -> None:
    office.ok("li", "submit D-1 quote", at="13 09:00")
    office.ok("wang", "request return R-1 -m 付款条件？", at="13 16:00")
    step = office.request()["steps"][0]
    assert (step["state"], step["due"], step["remaining"]) == ("open", None, 2.0)
    assert "paused, 2 business hours left" in office.ok("li", "request show R-1").out
    assert office.ok("li", "request list --json").json[0]["waiting_on"] == ["li"]
    assert office.ok("li", "request status R-1 --json").json["waiting_on"] == ["li"]
    assert office("wang", "approve R-1", at="13 16:30").code == 5
    office.ok("li", "request resubmit R-1 -m 30天", at="16 10:00")
    assert office.request()["steps"][0]["due"] == "2026-03-16T04:00:00Z"
    office.ok("wang", "approve R-1", at="16 10:30")


# ---------- people ----------
def test_a_delegate_decides_for_somebody_and_the_record_names_both(office: Office) -> None:
    office.ok("li", "submit D-1 quote", at="09 10:00")
    window = "--start '2026-03-09 11:00' --end '2026-03-12 09:00'"
    office.ok("wang", f"delegate add --from wang --to gao {window}", at="09 10:00")
    assert office("gao", "approve R-1", at="09 10:30").code == 4
    assert office.ok("gao", "inbox --ids", at="09 12:00").out.split() == ["R-1"]
    answer = office.ok("gao", "approve R-1", at="09 12:00")
    assert "R-1 approved at 销售主管 for wang" in answer.out
    made = office.request()["decisions"][0]
    assert (made["actor"], made["on_behalf_of"]) == ("gao", "wang")
    entry = office.ok("li", "log R-1 --json").json[-1]
    assert (entry["action"], entry["actor"], entry["on_behalf_of"], entry["meta"]["name"]) == (
        "approve",
        "gao",
        "wang",
        "gao",
    )
    assert office.ok("root", "audit verify --json").json["clean"] is True


def test_the_submitters_own_delegation_does_not_let_them_decide(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    office.ok("wang", "delegate add --from wang --to li --start '2026-03-09 09:00' --end '2026-03-12 09:00'")
    answer = office("li", "approve R-1", at="09 10:00")
    assert (answer.code, "li submitted R-1" in answer.err) == (4, True)


def test_the_seat_of_somebody_who_leaves_goes_to_the_successor_and_their_decisions_stand(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    office.ok("wang", "approve R-1")
    answer = office.ok("root", "user deactivate zhou --successor lin")
    assert "R-1 quote: waits for lin" in answer.out
    office.ok("root", "user deactivate wang")
    assert [(d["actor"], d["counts"]) for d in office.request()["decisions"]] == [("wang", True)]
    office.ok("lin", "approve R-1")
    assert office.request()["state"] == "approved"


def test_losing_a_role_takes_the_seat_at_once(office: Office) -> None:
    policy = POLICY.replace('finance = ["chen", "zhao"]', "finance = []")
    file = office.opp.folder / "live.toml"
    file.write_text(policy, encoding="utf-8")
    office.ok("root", "policy apply live.toml")
    office.ok("li", "submit D-1 risk")
    office.ok("root", "user edit chen --role sales")
    answer = office("chen", "approve R-1")
    assert (answer.code, "does not hold a seat" in answer.err) == (4, True)
    office.ok("zhao", "approve R-1")


def test_who_joins_or_comes_back_finds_what_waits_for_their_role(office: Office) -> None:
    office.ok("li", "submit D-1 risk")
    assert "R-1 risk: waits for chen, zhao, sun, qian" in office.ok("root", "user add sun --role finance").out
    assert office.ok("sun", "inbox --ids").out.split() == ["R-1"]
    office.ok("root", "user deactivate sun")
    assert office.ok("li", "request status R-1 --json").json["waiting_on"] == ["chen", "zhao", "qian"]
    office.ok("root", "user reactivate sun")
    assert office.ok("sun", "inbox --ids").out.split() == ["R-1"]


def test_a_delegate_who_has_voted_already_is_not_asked_again_for_somebody_else(office: Office) -> None:
    office.ok("li", "submit D-1 tech")
    office.ok("lin", "delegate add --to gao --end '2026-03-20 09:00'")
    office.ok("lin", "delegate add --to li --end '2026-03-20 09:00'")
    office.ok("gao", "approve R-1")
    inboxes = {who: office.ok(who, "inbox --ids").out.split() for who in ("lin", "gao", "li")}
    assert inboxes == {"lin": ["R-1"], "gao": [], "li": []}


def test_a_seat_changes_hands_and_one_more_person_is_asked(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    assert office("wang", "request transfer R-1 --to li -m x").code == 5
    office.ok("wang", "request transfer R-1 --to gao -m 休假")
    office.ok("gao", "request add-approver R-1 --beside xu -m 涉及外币")
    office.ok("gao", "approve R-1")
    assert [seat["holders"] for seat in office.request()["steps"][0]["seats"]] == [[], ["xu"]]
    office.ok("gao", "request withdraw R-1")
    office.ok("xu", "request recuse R-1 -m 亲属")
    assert [seat["holders"] for seat in office.request()["steps"][0]["seats"]] == [["gao"], ["lin"]]
    assert office("xu", "request add-approver R-1 --beside ma").code == 4
    assert office("gao", "request add-approver R-1 --beside ma --after zhou").code == 2


def test_a_blocked_seat_comes_first_in_the_admins_inbox_and_the_admin_assigns_it(office: Office) -> None:
    office.ok("li", "submit D-1 risk")
    for login in ("tang", "ma", "qian"):
        office.ok("root", f"user deactivate {login}")
    shown = office.request()["steps"][1]["seats"][0]
    assert (shown["holders"], shown["blocked"]) == ([], True)
    (row,) = office.ok("root", "inbox -o json").json
    assert (row["id"], row["blocked"]) == ("R-1", True)
    office.ok("root", "request transfer R-1 --to lin -m 法务离职")
    office.ok("lin", "approve R-1")


def test_overrides_and_cancellations_are_for_admins_who_have_no_part_in_the_deal(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    assert office("wang", "request override R-1 -m x").code == 4
    tried = office.ok("root", "log R-1 --json").json[-1]
    assert (tried["action"], tried["actor"], tried["reason"]) == ("refused", "wang", "wang may not override R-1")
    assert office("root", "request override R-1").code == 2
    office.ok("root", "request override R-1 -m 总经理口头同意")
    shown = office.request()
    assert (shown["state"], shown["decisions"][0]["verdict"], shown["decisions"][0]["counts"]) == (
        "approved",
        "override",
        False,
    )


# ---------- time ----------
def test_a_missed_week_of_cron_fires_everything_once_and_a_second_run_nothing(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    answer = office.ok("root", "tick", at="16 09:00")
    assert answer.out == (
        "R-1 quote: 销售主管: reminded (50%); 销售主管: overdue; 销售主管: zhou told, as manager; "
        "销售主管: tang may decide too, as role:ops\n"
    )
    assert office.ok("root", "tick", at="16 09:00").out == "nothing was due\n"
    step = office.request()["steps"][0]
    assert (step["breached_at"], step["level"]) == ("2026-03-09T10:00:00Z", 2)
    assert step["seats"][0]["holders"] == ["wang", "tang"]
    office.ok("tang", "approve R-1", at="16 10:00")


@pytest.mark.parametrize(
    ("do", "said"), [("notify", "zhou told"), ("add", "zhou may decide too"), ("reassign", "handed to zhou")]
)
def test_what_an_escalation_does_is_told_in_words(do: str, said: str) -> None:
    assert _escalated(Event("escalate", "system", "财务", reason=f"{do} manager", now="zhou"), {}) == (
        f"财务: {said}, as manager"
    )


@pytest.mark.parametrize(
    ("do", "said", "told"),
    [
        ("notify", "mia told", "已告知 mia"),
        ("add", "mia may decide too", "mia 也可审批"),
        ("reassign", "handed to mia", "转给 mia"),
    ],
)
def test_an_escalation_to_a_person_names_them_once_and_says_whose_place_another_takes(
    do: str, said: str, told: str
) -> None:
    def sentences(now: str) -> tuple[str, str]:
        text = _escalated(Event("escalate", "system", "财务", reason=f"{do} user:mia", now=now), {})
        return str(text), spoken(text, Voice(lang="zh"))

    assert sentences("mia") == (f"财务: {said}", f"财务：{told}")
    instead = told.replace("mia", "zhou")
    assert sentences("zhou") == (
        f"财务: {said.replace('mia', 'zhou')}, in place of mia",
        f"财务：{instead}（代替 mia）",
    )
    assert sentences("nobody") == (
        "财务: escalated to mia, but nobody there can take it",
        "财务：应升级给 mia，但没有人可以接手",
    )


def test_an_escalation_that_found_nobody_says_so_in_the_trail_in_chinese() -> None:
    event = {"verb": "escalate", "step": "财务", "reason": "add role:tech", "now": "nobody", "level": 1}
    said = trail.sentence(event, str)
    assert spoken(said or "", Voice(lang="zh")) == "财务 第 1 级升级：增加 无人"


def test_ticking_every_ten_minutes_says_the_same_as_one_run_after_a_week(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    said = []
    for day in ("09", "10"):
        for hour in range(9, 20):
            said += office.ok("root", "tick", at=f"{day} {hour:02}:00").out.splitlines()
    happened = [line for line in said if line != "nothing was due"]
    assert happened == [
        "R-1 quote: 销售主管: reminded (50%)",
        "R-1 quote: 销售主管: overdue; 销售主管: zhou told, as manager",
        "R-1 quote: 销售主管: tang may decide too, as role:ops",
    ]


def test_the_nightly_report_rings_only_when_something_is_overdue(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    quiet = office("root", "report overdue --exit-code", at="09 18:00")
    assert (quiet.code, quiet.out) == (0, "")
    assert office("root", "report overdue --exit-code", at="10 07:00").code == 10


def test_a_holiday_week_with_a_make_up_saturday(office: Office) -> None:
    office.now = "2026-09-30T17:00:00+08:00"
    office.ok("li", "submit D-1 quote")
    assert office.request()["steps"][0]["due"] == "2026-10-08T09:00:00Z"
    office.now = "2026-10-09T17:00:00+08:00"
    office.ok("wang", "approve R-1")
    assert office.request()["steps"][1]["due"] == "2026-10-10T09:00:00Z"


def test_a_calendar_that_changes_moves_due_times_and_says_from_when_to_when(office: Office) -> None:
    office.now = "2026-09-30T17:00:00+08:00"
    office.ok("li", "submit D-1 quote")
    longer = POLICY.replace("2026-10-01..2026-10-07", "2026-10-01..2026-10-08")
    (office.opp.folder / "new.toml").write_text(longer, encoding="utf-8")
    answer = office.ok("root", "policy apply new.toml")
    assert "R-1 quote: 销售主管 due Thu 8 Oct 17:00 → Fri 9 Oct 17:00" in answer.out
    entry = office.ok("root", "log R-1 --json").json[-1]
    (event,) = entry["meta"]["events"]
    assert (entry["action"], event["was"], event["now"]) == ("policy applied", "2026-10-08T09:00Z", "2026-10-09T09:00Z")


def test_a_wall_clock_set_back_four_hours_changes_no_order(office: Office) -> None:
    office.ok("li", "submit D-1 quote", at="09 14:00")
    office.ok("wang", "approve R-1", at="09 10:00")
    shown = office.request()
    assert shown["decisions"][0]["at"] == shown["submitted_at"] == "2026-03-09T06:00:00Z"
    assert office.ok("root", "audit verify").code == 0


# ---------- rules that change ----------
def test_a_policy_applied_in_between_leaves_running_requests_their_rules_and_a_rebase_takes_the_new_ones(
    office: Office,
) -> None:
    office.ok("li", "submit D-1 quote")
    stricter = POLICY.replace('who = "manager+1"', 'who = "user:ma"')
    (office.opp.folder / "new.toml").write_text(stricter, encoding="utf-8")
    assert "1 request runs on under version 1: R-1" in office.ok("root", "policy apply new.toml").out
    old = office.request()["policy"]
    office.ok("wang", "approve R-1")
    assert [seat["holders"] for seat in office.request()["steps"][1]["seats"]] == [["zhou"]]
    assert office("li", "request rebase R-1 -m x").code == 4
    office.ok("root", "request rebase R-1 -m 新制度")
    shown = office.request()
    assert (shown["revision"], shown["policy"] != old, shown["steps"][0]["state"]) == (2, True, "open")
    office.ok("wang", "approve R-1")
    assert [seat["holders"] for seat in office.request()["steps"][1]["seats"]] == [["ma"]]


def test_people_named_by_the_policy_are_those_of_the_newest_one(office: Office) -> None:
    office.ok("li", "submit D-1 risk")
    (office.opp.folder / "new.toml").write_text(POLICY.replace('["qian"]', '["qian", "gao"]'), encoding="utf-8")
    answer = office.ok("root", "policy apply new.toml")
    assert "R-1 risk: waits for chen, zhao, qian, gao" in answer.out
    office.ok("gao", "approve R-1 --step 法务")


def test_winning_is_refused_with_the_live_requests_and_everything_else_at_once(office: Office) -> None:
    office.ok("li", "submit D-1 tech", at="09 09:00")
    needs = office.ok("li", "gate D-1 --to 赢单 --json", at="09 10:00").json
    refused = office("li", "win D-1", at="09 10:00")
    assert refused.code == 7
    for said in ([row["needs"] for row in needs], refused.err):
        assert all(f"approval {name}" in said for name in ("quote", "risk", "tech"))
    office.ok("li", "submit D-1 risk", at="09 10:00")
    needs = office.ok("li", "gate D-1 --to 赢单 --json", at="09 10:00").json
    assert sorted(row["needs"] for row in needs) == ["approval quote", "approval risk", "approval tech"]


def test_a_delegation_typed_in_business_days_knows_the_holidays_of_the_policy(office: Office) -> None:
    office.now = "2026-09-30T09:00:00+08:00"
    office.ok("wang", "delegate add --to gao --end +1bd")
    assert [row["ends_at"] for row in office.ok("wang", "delegate list -o json").json] == ["2026-10-08T01:00:00Z"]


@pytest.mark.parametrize(
    ("verb", "was", "now", "told"),
    [("transfer", "blocked", "chen", "财务：无人可批 → chen"), ("seat", "wang", "blocked", "财务：wang → 无人可批")],
)
def test_a_seat_that_nobody_can_take_is_called_so_in_the_trail_in_chinese(
    verb: str, was: str, now: str, told: str
) -> None:
    said = trail.sentence({"verb": verb, "step": "财务", "was": was, "now": now}, str)
    assert spoken(said or "", Voice(lang="zh")) == told


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (Event("timeout", "system", "财务", now="returned"), "财务：到时未批，已退回"),
        (Event("seat", "system", "财务", was="wang", now="blocked"), "财务：wang → 无人可批"),
    ],
)
def test_what_time_did_is_told_in_chinese_to_the_end(event: Event, told: str) -> None:
    assert spoken(_said(event, {}), Voice(lang="zh")) == told


def test_a_preview_tells_in_chinese_why_a_request_goes_back(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    lines = office.ok("li", "--lang zh deal edit D-1 --set discount= -n").out.splitlines()
    assert "；原因 已清空 折扣；" in lines[-1]
