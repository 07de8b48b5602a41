"""The second half of requests as stories on both engines: questions, terms, choosing, locks, what was shown."""

from pathlib import Path
from typing import Any

import pytest
from begun import begun
from command_line import InProcess
from stages import team_policy

POLICY = team_policy(
    """[roles]
finance = ["chen", "zhao"]
tech = ["lin", "gao"]
[[stage]]
name = "线索"
kind = "lead"
[[stage]]
name = "方案"
[[stage]]
name = "谈判"
[[stage]]
name = "签约"
[[stage]]
name = "赢单"
kind = "won"
[[stage]]
name = "输单"
kind = "lost"
[type.quote]
title = "报价审批"
needs = ["amount"]
material = ["amount", "payment_days"]
reasons = ["价格", "资料不全"]
max_rounds = 1
again = true
lock = ["moves"]
[[type.quote.step]]
name = "主管"
who = "user:wang"
[[type.quote.step]]
name = "财务"
who = "role:finance"
rule = "at least 50%"
approve_needs = ["comment", "file:盖章"]
fills = ["margin"]
[[type.quote.step]]
name = "技术"
who = "chosen:role:tech"
[[type.quote.step]]
name = "总监"
who = "user:zhou"
when = "amount >= 100万"
[gate]
"签约" = ["quote"]
""",
    fallback="user:tang",
)


@pytest.fixture
def team(office: InProcess) -> InProcess:
    return office


@pytest.fixture
@begun
def office(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    (Path(opp.folder) / "policy.toml").write_text(POLICY, "utf-8")
    (Path(opp.folder) / "seal.pdf").write_text("盖章", "utf-8")
    opp.ok("init --policy policy.toml", user="tang")
    for login in ("li", "wang", "zhou", "chen", "zhao", "lin", "gao"):
        opp.ok(f"user add {login}", user="tang")
    opp.ok("add MES --customer 上海精密 --amount 50万 --set payment_days=60", user="li")
    opp.ok("submit D-1 quote", user="li")
    return opp


def shown(opp: InProcess) -> Any:
    return opp.ok("request show R-1 -o json", user="li").json


def refused(opp: InProcess, line: str, user: str) -> tuple[int, str | None, list[str | None]]:
    """The exit code, the slug, and those of the reasons."""
    answer = opp(f"{line} -o json", user=user)
    error = answer.error
    return answer.code, error["slug"], [reason["slug"] for reason in error["reasons"]]


def test_a_question_is_found_by_who_is_asked_and_its_answer_stays_with_the_request(office: InProcess) -> None:
    office.ok("request ask R-1 -m 账期多久？", user="wang")
    assert "opp request reply R-1 -m …" in office.ok("next -o json", user="li").out
    office.ok("request reply R-1 -m '60 天'", user="li")
    (question,) = shown(office)["questions"]
    assert (question["by"], question["to"], question["answer"], question["open"]) == ("wang", "li", "60 天", False)
    assert office.ok("request list -o json", user="li").json[0]["asked"] == 0
    assert "wang asks li in 主管" in office.ok("log R-1 --lang en", user="li").out


def test_a_deal_waits_for_the_terms_of_a_yes_and_what_they_ask_for_starts_nothing_over(office: InProcess) -> None:
    office.ok("approve R-1 --condition 书面确认 --if '账期 <= 30'", user="wang")
    office.ok("approve R-1 -m 好 --file seal.pdf --kind 盖章 --choose 技术=lin", user="chen")
    assert office.ok("deal edit D-1 --set payment_days=30", user="li").code == 0
    assert (shown(office)["revision"], shown(office)["state"]) == (1, "pending")
    office.ok("approve R-1", user="lin")
    code, _, slugs = refused(office, "advance D-1 --to 签约", "li")
    assert (code, slugs) == (7, ["term_open"])
    office.ok("request met R-1 1 -m 今天收到 --file seal.pdf", user="li")
    office.ok("advance D-1 --to 签约", user="li")
    assert [term["state"] for term in shown(office)["terms"]] == ["met", "open"]
    assert shown(office)["terms"][1]["text"] == "payment_days <= 30"
    kinds = {row["kind"] for row in office.ok("export files -o json", user="tang").json}
    assert kinds == {"盖章", "R-1 1"}


def test_a_yes_brings_what_is_wanted_and_says_who_is_next(office: InProcess) -> None:
    office.ok("approve R-1", user="wang")
    assert refused(office, "approve R-1 -m 好", "chen") == (7, "missing", ["missing"])
    assert refused(office, "approve R-1 -m 好 --file seal.pdf --kind 盖章", "chen") == (7, "missing", ["missing"])
    assert refused(office, "approve R-1 -m 好 --file seal.pdf --kind 盖章 --choose 技术=zhou", "chen")[0] == 5
    office.ok("deal edit D-1 --set margin=30", user="chen")
    assert refused(office, "deal edit D-1 --set amount=1", "chen")[0] == 4
    office.ok("approve R-1 -m 好 --file seal.pdf --kind 盖章 --choose 技术=lin", user="chen")
    (_, made) = shown(office)["decisions"]
    assert made["files"][0].startswith("盖章 ")
    assert office.ok("request list --waiting-on lin --ids", user="tang").out.split() == ["R-1"]


def test_a_no_names_a_reason_and_it_goes_back_once(office: InProcess) -> None:
    assert refused(office, "reject R-1 -m 不行", "wang")[0] == 2
    office.ok("request return R-1 --reason 资料不全", user="wang")
    assert shown(office)["reason"] == "资料不全"
    office.ok("request resubmit R-1", user="li")
    assert refused(office, "request return R-1 --reason 价格", "wang")[:2] == (7, "rounds_spent")
    office.ok("reject R-1 --reason 价格 -m 高了 --lang en", user="wang")
    assert (shown(office)["state"], shown(office)["reason"]) == ("rejected", "价格: 高了")


def test_back_to_an_earlier_step_asks_again_from_there(office: InProcess) -> None:
    office.ok("approve R-1", user="wang")
    office.ok("approve R-1 -m 好 --file seal.pdf --kind 盖章 --choose 技术=lin", user="chen")
    office.ok("request return R-1 --to 财务 --reason 价格", user="lin")
    told = shown(office)
    assert [(step["name"], step["state"]) for step in told["steps"]] == [
        ("主管", "approved"),
        ("财务", "open"),
        ("技术", "waiting"),
    ]
    assert [step["name"] for step in told["redone"]] == ["财务", "技术"]
    assert [made["counts"] for made in told["decisions"]] == [True, False, False]
    assert [(each["step"], each["why"]) for each in told["skipped"]] == [
        ("总监", "not asked, amount 500,000 < 1,000,000")
    ]


def test_the_fourth_step_sends_it_back_to_the_second_and_all_from_there_decide_again(office: InProcess) -> None:
    office.ok("deal edit D-1 --set amount=120万", user="li")

    def passed(steps: tuple[str, ...]) -> None:
        lines = {
            "wang": "approve R-1",
            "chen": "approve R-1 -m 好 --file seal.pdf --kind 盖章 --choose 技术=lin",
            "lin": "approve R-1",
            "zhou": "approve R-1",
        }
        for login in steps:
            office.ok(lines[login], user=login)

    passed(("wang", "chen", "lin"))
    office.ok("request return R-1 --to 财务 --reason 资料不全", user="zhou")
    sent_back = shown(office)
    refusal = refused(office, "approve R-1", "zhou")
    passed(("chen", "lin", "zhou"))
    told = shown(office)
    assert [step["state"] for step in sent_back["steps"]] == ["approved", "open", "waiting", "waiting"]
    assert (sent_back["state"], sent_back["rounds"], refusal[0]) == ("pending", 0, 4)
    assert [(step["name"], step["state"]) for step in told["steps"]] == [
        (name, "approved") for name in ("主管", "财务", "技术", "总监")
    ]
    assert (told["state"], told["rounds"], told["revision"]) == ("approved", 0, 2)
    assert [made["counts"] for made in told["decisions"]] == [True, False, False, False, True, True, True]


def test_a_condition_that_is_claimed_to_be_met_is_told_to_who_set_it_who_waives_another(office: InProcess) -> None:
    office.ok("approve R-1 --condition 书面确认 --condition 预付三成", user="wang")
    logged = office.ok("log R-1 --lang en", user="tang").out
    assert "before 签约: 书面确认" in logged and "before 签约: 预付三成" in logged
    claimed = office("request met R-1 1 -m 客户已邮件确认", user="li")
    theirs = refused(office, "request met R-1 2 --waive -m 算了", "li")
    unexplained = refused(office, "request met R-1 2 --waive", "wang")
    office.ok("request met R-1 2 --waive -m 老客户", user="wang")
    again = refused(office, "request met R-1 2 -m 已付", "li")
    told = [row for row in office.ok("notices list -o json", user="tang").json if row["kind"] == "term"]
    assert (claimed.code, theirs[0], unexplained[0], again[0]) == (0, 4, 2, 5)
    assert [(term["state"], term["closed_by"], term["why"]) for term in shown(office)["terms"]] == [
        *[("met", "li", "客户已邮件确认"), ("waived", "wang", "老客户")]
    ]
    assert ("wang", True) in [(row["to"], "书面确认" in row["text"]) for row in told]


def test_where_no_step_lies_before_it_the_way_back_is_that_to_the_submitter(office: InProcess) -> None:
    first = office("request return R-1 --to 财务 --reason 价格 -o json", user="wang").error
    office.ok("approve R-1", user="wang")
    second = office("request return R-1 --to 技术 --reason 价格 -o json", user="chen").error
    assert (first["hint"], first["reasons"]) == ("opp request return R-1 -m …", [])
    assert (second["hint"], second["reasons"][0]["fix"]) == (None, "opp request return R-1 --to 主管 -m …")


def test_a_deal_is_held_and_the_next_request_follows_the_owners_change(office: InProcess) -> None:
    assert refused(office, "advance D-1 --to 方案", "li") == (5, "held", ["held"])
    office.ok("approve R-1", user="wang")
    office.ok("approve R-1 -m 好 --file seal.pdf --kind 盖章 --choose 技术=lin", user="chen")
    office.ok("approve R-1", user="lin")
    office.ok("advance D-1 --to 方案", user="li")
    told = office.ok("deal edit D-1 --amount 60万 --lang en", user="li").out
    assert "R-1 报价审批" in told or "R-1 quote" in told
    states = {row["id"]: row["state"] for row in office.ok("request list -o json", user="li").json}
    assert states == {"R-1": "invalidated", "R-2": "pending"}
    office.ok("deal edit D-1 --from R-1.1", user="li")
    assert office.ok("deal show D-1 -o json", user="li").json["amount"] == "500000.00"


def test_a_move_keeps_which_approvals_it_did_not_need(office: InProcess) -> None:
    policy = Path(office.folder) / "policy.toml"
    policy.write_text(policy.read_text("utf-8").replace('needs = ["amount"]', 'when = "amount >= 10万"'), "utf-8")
    office.ok("policy apply policy.toml", user="tang")
    office.ok("add 小单 --customer 上海精密 --amount 5万", user="li")
    told = office.ok("advance D-2 --to 签约 --lang en", user="li").out
    assert "not asked, amount 50,000 < 100,000" in told
    assert "quote: not asked, amount 50,000 < 100,000" in office.ok("log D-2 --lang en", user="li").out
    assert "不需审批，金额 50,000 < 100,000" in office.ok("log D-2 --lang zh", user="li").out
