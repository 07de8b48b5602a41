"""What a gate may ask for besides fields, and the command that brings it about."""

from dataclasses import replace

import pytest

from oppcli.model.approver import user
from oppcli.model.deals import Deal, Participant, Visit
from oppcli.model.follow import TOUCHING, Activity, Task
from oppcli.model.policy import FieldRule, Policy, StageRule
from oppcli.rules import pipeline
from oppcli.rules.gate_words import Wanted, done, mended, wanted

WORDS = (
    "amount >= 100000",
    "task:技术方案",
    "contact:决策人",
    "activity:visit",
    "touch",
    "survey",
    "stage:方案",
)
STAGES = (
    StageRule("线索", "lead"),
    StageRule("方案"),
    StageRule("谈判", enter=WORDS),
    StageRule("赢单", "won"),
    StageRule("输单", "lost"),
)
POLICY = Policy(name="p", currency="CNY", calendar="c", fallback=(user("a"),), stages=STAGES, types={})
DEAL = Deal(id=1, title="t", stage="线索", visits=(Visit(stage="线索", entered_at=10),))


def touches(activity: Activity) -> bool:
    return activity.kind in TOUCHING


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("amount", Wanted("field", "amount")),
        ("file:报价单", Wanted("file", "报价单")),
        ("task:技术方案", Wanted("task", "技术方案")),
        ("contact:决策人", Wanted("contact", "决策人")),
        ("activity:visit", Wanted("activity", "visit")),
        ("stage:方案 二", Wanted("stage", "方案 二")),
        ("touch", Wanted("touch")),
        ("survey", Wanted("survey")),
        ("amount >= 10万", Wanted("condition", "amount >= 10万")),
        ("not ready", Wanted("condition", "not ready")),
        ("tsk:x", Wanted("unknown", "tsk:x")),
        ("file:", Wanted("field", "file:")),
    ],
)
def test_a_word_is_read_as_what_it_asks_for(word: str, expected: Wanted) -> None:
    assert wanted(word) == expected


def test_a_team_may_have_a_field_called_touch() -> None:
    assert wanted("touch", {"touch"}) == Wanted("field", "touch")


def route() -> pipeline.Route:
    return pipeline.route(DEAL, STAGES[2], POLICY)


def missing(deal: Deal, holds: frozenset[str] = frozenset()) -> list[str]:
    return [str(reason.what) for reason in pipeline.missing_fields(deal, route(), POLICY, (), lambda: holds)]


def test_everything_that_a_gate_asks_for_is_told_at_once_each_with_its_command() -> None:
    reasons = pipeline.missing_fields(DEAL, route(), POLICY, ())
    assert [(str(reason.what), str(reason.fix)) for reason in reasons] == [
        ("amount >= 100000", "opp deal edit D-1 --set amount=…"),
        ("task:技术方案", "opp task add 技术方案 --for D-1"),
        ("contact:决策人", "opp deal link D-1 P-… --role 决策人"),
        ("activity:visit", "opp note D-1 … -k visit"),
        ("touch", "opp note D-1 … -k call"),
        ("survey", "opp note D-1 … --rating 4"),
        ("stage:方案", "opp deal advance D-1 --to 方案"),
    ]


def test_what_the_deal_itself_has_is_not_missing() -> None:
    full = replace(
        DEAL,
        amount=10_000_000,
        contacts=(Participant(contact_id=4, role="决策人"),),
        visits=(Visit(stage="方案", entered_at=5), *DEAL.visits),
    )
    assert missing(full) == ["task:技术方案", "activity:visit", "touch", "survey"]
    assert missing(full, frozenset(WORDS)) == []
    assert missing(replace(full, amount=9_999_999))[0] == "amount >= 100000"


def test_what_was_done_holds_by_live_activities_and_ended_tasks() -> None:
    tasks = [
        Task(title="技术方案", state="done"),
        Task(title="演示", state="waived"),
        Task(title="合同"),
        Task(title="旧", state="done", standing="withdrawn"),
    ]
    activities = [
        Activity(kind="visit", text="x", at=1, who="li"),
        Activity(kind="note", text="x", at=1, who="li", rating=4),
        Activity(kind="call", text="x", at=1, who="li", standing="withdrawn"),
    ]
    assert done(tasks, activities, touches) == {
        *("task:技术方案", "task:演示", "activity:visit", "activity:note", "touch", "survey"),
    }
    assert "touch" not in done([], activities[1:], touches)


def test_nobody_looks_for_tasks_where_no_word_asks_for_them() -> None:
    def looked() -> frozenset[str]:
        raise AssertionError("looked")

    assert not pipeline.has(DEAL, "contact:x", POLICY, (), looked)
    assert not pipeline.has(DEAL, "amount", POLICY, (), looked)
    with pytest.raises(AssertionError, match="looked"):
        pipeline.has(DEAL, "touch", POLICY, (), looked)


def test_a_condition_over_an_empty_field_does_not_hold_and_one_that_asks_for_emptiness_does() -> None:
    assert not pipeline.has(DEAL, "amount > 1", POLICY, ())
    assert pipeline.has(DEAL, "competitor is empty", POLICY, ())
    own = POLICY._replace(fields={"ready": FieldRule("ready", type="bool")})
    assert pipeline.has(replace(DEAL, extra={"ready": True}), "ready == true", own, ())


def test_a_condition_is_mended_by_the_first_field_that_it_reads() -> None:
    assert str(mended("D-1", "tier == 'A' or amount > 5")) == "opp deal edit D-1 --set amount=…"
