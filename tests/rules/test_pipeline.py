"""Stages: which gates a move passes, what is missing, and the deal after it."""

from dataclasses import replace

import pytest

from oppcli.errors import Ambiguous, Conflict, NotFound, Refused
from oppcli.model.approver import user
from oppcli.model.deals import Deal, Visit
from oppcli.model.policy import Policy, StageRule
from oppcli.rules import closing, pipeline

STAGES = (
    StageRule(name="线索", kind="lead"),
    StageRule(name="方案", enter=("customer",), leave=("budget",)),
    StageRule(name="报价", enter=("amount", "file:需求书")),
    StageRule(name="谈判", enter=("discount",)),
    StageRule(name="赢单", kind="won", enter=("expected_close",)),
    StageRule(name="输单", kind="lost"),
)
POLICY = Policy(
    name="p",
    currency="CNY",
    calendar="c",
    fallback=(user("a"),),
    stages=STAGES,
    types={},
    lost_reasons=("价格", "其他"),
    lost_detail_required=("其他",),
)


def deal(stage: str = "线索", **more: object) -> Deal:
    return replace(
        Deal(id=1, title="t", stage=stage, visits=(Visit(stage=stage, entered_at=10),)),
        **more,  # type: ignore[arg-type]
    )


def way(origin: str, target: str, policy: Policy = POLICY) -> pipeline.Route:
    return pipeline.route(deal(origin), pipeline.stage_named(target, policy), policy)


@pytest.mark.parametrize(
    ("origin", "target", "entered", "left"),
    [
        ("线索", "方案", ["方案"], ["线索"]),
        ("线索", "谈判", ["方案", "报价", "谈判"], ["线索", "方案", "报价"]),
        ("方案", "赢单", ["报价", "谈判", "赢单"], ["方案", "报价", "谈判"]),
        ("谈判", "方案", [], []),
        ("谈判", "输单", [], []),
    ],
)
def test_a_jump_passes_every_gate_on_the_way_and_going_back_passes_none(
    origin: str, target: str, entered: list[str], left: list[str]
) -> None:
    found = way(origin, target)
    assert [stage.name for stage in found.entered] == entered
    assert [stage.name for stage in found.left] == left


def test_everything_missing_on_the_way_is_listed_once_each_with_its_command() -> None:
    reasons = pipeline.missing_fields(deal(), way("线索", "谈判"), POLICY, ())
    assert {reason.what for reason in reasons} == {"customer", "budget", "amount", "file:需求书", "discount"}
    fixes = {reason.what: reason.fix for reason in reasons}
    assert fixes["amount"] == "opp deal edit D-1 --set amount=…"
    assert fixes["file:需求书"] == "opp deal attach D-1 FILE --kind 需求书"


def test_what_the_deal_has_is_not_missing() -> None:
    full = deal(customer_id=3, amount=0, discount=0, extra={"budget": "yes"})
    assert pipeline.missing_fields(full, way("线索", "谈判"), POLICY, {"需求书"}) == ()


def test_an_unknown_budget_counts_as_missing() -> None:
    reasons = pipeline.missing_fields(
        deal("方案", amount=1, extra={"budget": "unknown"}), way("方案", "报价"), POLICY, ["需求书"]
    )
    assert [reason.what for reason in reasons] == ["budget"]


def test_next_forbids_jumps() -> None:
    policy = POLICY._replace(stages=(STAGES[0]._replace(next=("方案",)), *STAGES[1:]))
    assert way("线索", "方案", policy).forward
    with pytest.raises(Refused) as refusal:
        way("线索", "报价", policy)
    assert "方案" in refusal.value.reasons[0].detail


def test_a_closed_deal_goes_nowhere_and_says_how_to_reopen_it() -> None:
    with pytest.raises(Conflict) as refusal:
        way("赢单", "方案")
    assert refusal.value.hint == "opp deal reopen D-1 -m …"


def test_moving_closes_one_visit_and_opens_the_next() -> None:
    moved = pipeline.moved(deal(), STAGES[1], 50)
    assert moved.stage == "方案"
    assert moved.visits == (Visit(stage="线索", entered_at=10, left_at=50), Visit(stage="方案", entered_at=50))
    assert moved.closed_at is None


def test_losing_keeps_the_last_open_stage_and_reopening_returns_there() -> None:
    lost = closing.lost(deal("报价"), POLICY, 60, reason="价格", detail=None, competitor="对手")
    assert (lost.stage, lost.last_open_stage, lost.closed_at, lost.close_reason) == ("输单", "报价", 60, "价格")
    back = closing.reopened(lost, POLICY, 70)
    assert (back.stage, back.closed_at, back.close_reason) == ("报价", None, None)
    assert [visit.stage for visit in back.visits] == ["报价", "输单", "报价"]


def test_an_open_deal_cannot_be_reopened() -> None:
    with pytest.raises(Conflict):
        closing.reopened(deal(), POLICY, 70)


@pytest.mark.parametrize(
    ("reason", "detail", "wrong"),
    [
        ("价格", None, []),
        ("其他", "客户倒闭", []),
        ("其他", None, ["detail"]),
        ("其他", "  ", ["detail"]),
        ("价钱", None, ["reason"]),
        ("", None, ["reason"]),
    ],
)
def test_a_reason_for_losing_comes_from_the_policy(reason: str, detail: str | None, wrong: list[str]) -> None:
    assert [problem.what for problem in closing.loss_problems(POLICY, reason, detail)] == wrong


def test_any_reason_will_do_where_the_policy_names_none() -> None:
    assert closing.loss_problems(POLICY._replace(lost_reasons=()), "whatever", None) == ()


@pytest.mark.parametrize(("typed", "stage"), [("谈判", "谈判"), ("谈", "谈判"), ("赢", "赢单")])
def test_a_stage_is_found_by_name_or_unique_prefix(typed: str, stage: str) -> None:
    assert pipeline.stage_named(typed, POLICY).name == stage


def test_a_stage_that_is_not_there_or_not_unique_is_never_guessed() -> None:
    with pytest.raises(NotFound):
        pipeline.stage_named("交付", POLICY)
    twins = POLICY._replace(stages=(*STAGES, StageRule(name="谈判二")))
    with pytest.raises(Ambiguous):
        pipeline.stage_named("谈", twins)


def test_advance_goes_to_the_next_stage_and_stops_before_won() -> None:
    assert pipeline.onward(deal("方案"), POLICY).name == "报价"
    with pytest.raises(Conflict) as refusal:
        pipeline.onward(deal("谈判"), POLICY)
    assert "opp win D-1" in str(refusal.value.hint)


def test_a_deal_in_a_stage_the_policy_dropped_may_enter_any_stage_through_its_gate() -> None:
    found = pipeline.route(deal("旧阶段"), STAGES[2], POLICY)
    assert [stage.name for stage in found.entered] == ["报价"]
