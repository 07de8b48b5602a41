"""How two policies would treat the same deal: by table, and against the engine's own gates."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from requests_made import STAGES, deal, kind, policy, step, when, world

from oppcli.rules.approvals import gates
from oppcli.rules.approvals.policy_effects import Plan, differences, plan_of, side

BOSS = step("主管", "manager")


def director(limit):
    return step("总监", "manager+1", when=f"discount > {limit}")


def treated(old, new, stage="方案", place=None, **facts):
    names = tuple(dict.fromkeys((*new.types, *old.types)))
    found = differences(side(old, names), side(new, names), deal(stage=stage, **facts), names, place=place or stage)
    return {each.type: each for each in found}


@pytest.mark.parametrize(
    ("discount", "before", "after"),
    [
        (100_000, ("主管",), ("主管",)),
        (150_000, ("主管",), ("主管",)),
        (150_001, ("主管", "总监"), ("主管",)),
        (200_000, ("主管", "总监"), ("主管",)),
        (200_001, ("主管", "总监"), ("主管", "总监")),
    ],
)
def test_a_threshold_that_moved_matters_to_the_deals_between(discount, before, after):
    found = treated(policy(kind(BOSS, director(15))), policy(kind(BOSS, director(20))), discount=discount)["quote"]
    assert (found.before, found.after) == (Plan(True, before), Plan(True, after))
    assert found.matters == (before != after)
    assert (found.closes, found.opens) == ((), ())


def test_an_approval_that_is_newly_asked_for_closes_the_stages_ahead_whose_gate_demands_it():
    old = policy(
        kind(BOSS, when="amount > 1000000"), gates={"方案": ("quote",), "谈判": ("quote",), "赢单": ("quote",)}
    )
    new = policy(kind(BOSS, when="amount > 500000"), gates=old.gates)
    assert treated(old, new, stage="线索")["quote"].closes == ("方案", "谈判", "赢单")
    assert treated(old, new, stage="谈判")["quote"].closes == ("赢单",)
    assert treated(new, old, stage="谈判")["quote"].opens == ("赢单",)
    assert treated(old, new, stage="签约", amount=50_000_000)["quote"].matters is False


def test_a_gate_that_came_closes_it_only_for_deals_that_need_the_approval():
    old, new = policy(kind(BOSS, when="discount > 3"), gates={}), policy(kind(BOSS, when="discount > 3"))
    assert treated(old, new)["quote"].closes == ("谈判",)
    assert treated(old, new, discount=30_000)["quote"].matters is False
    assert treated(old, new, discount=None)["quote"].closes == ("谈判",)


def test_a_gate_of_the_lost_stage_stops_nobody():
    old, new = policy(kind(BOSS), gates={}), policy(kind(BOSS), gates={"输单": ("quote",)})
    assert treated(old, new)["quote"].matters is False


def test_types_that_came_and_went():
    old, new = policy(kind(BOSS)), policy(kind(BOSS, name="risk"))
    found = treated(old, new)
    assert (found["quote"].before, found["quote"].after) == (Plan(True, ("主管",)), Plan(False))
    assert (found["risk"].before, found["risk"].after) == (Plan(False), Plan(True, ("主管",)))
    assert (found["quote"].opens, found["risk"].closes) == (("谈判",), ("谈判",))


def test_facts_that_are_missing_leave_it_open_and_that_is_no_difference_when_both_ask_for_them():
    old, new = policy(kind(BOSS, director(15))), policy(kind(BOSS, director(20)))
    found = treated(old, new, discount=None)["quote"]
    assert (found.before, found.after, found.matters) == (Plan(None), Plan(None), False)
    assert treated(old, policy(kind(BOSS)), discount=None)["quote"].matters


def test_another_currency_than_the_policys_is_not_guessed():
    rules = policy(kind(BOSS, when="amount > 5"))
    assert treated(rules, rules, currency="USD")["quote"].before == Plan(None)
    assert plan_of(None, {}) == Plan(False)


def test_the_same_rule_reads_other_facts_where_the_currency_or_the_probability_of_the_stage_changed():
    likely = policy(kind(BOSS, when="probability > 50"))
    stages = tuple(stage._replace(probability=60) if stage.name == "方案" else stage for stage in STAGES)
    assert treated(likely, likely._replace(stages=stages))["quote"].after == Plan(True, ("主管",))
    assert treated(likely, likely._replace(stages=stages))["quote"].before == Plan(False)
    large = policy(kind(BOSS, when="amount > 5"))
    assert treated(large, large._replace(currency="EUR"))["quote"].after == Plan(None)


def test_a_stage_with_a_new_name_is_the_same_place_and_conditions_read_the_name_of_their_policy():
    stages = tuple(stage._replace(name="设计") if stage.name == "方案" else stage for stage in STAGES)
    rule = kind(BOSS, when="stage == '方案'")
    new = policy(kind(BOSS)._replace(when=when("stage == '设计'")))._replace(stages=stages)
    # `side` of the older one has its stages under their new names.
    found = treated(policy(rule)._replace(stages=stages), new, place="设计")["quote"]
    assert (found.before, found.after, found.matters) == (Plan(True, ("主管",)), Plan(True, ("主管",)), False)


def test_a_stage_that_is_gone_may_enter_any_stage_through_its_gate():
    rules = policy(kind(BOSS), gates={"方案": ("quote",), "谈判": ("quote",)})
    new = rules._replace(stages=tuple(stage for stage in STAGES if stage.name != "签约"))
    assert treated(rules, new, stage="签约")["quote"].closes == ("方案", "谈判")


FIGURES: dict[str, list[int | None]] = {
    "amount": [0, 50_000_000, 50_000_001],
    "discount": [None, 0, 150_000, 150_001],
    "margin": [0, 250_000],
}
TEXTS = ["always", "amount > 500000", "discount > 15", "margin < 25", "amount > 500000 or discount > 15"]


@st.composite
def policies(draw):
    names = draw(st.lists(st.sampled_from(["quote", "risk", "final"]), min_size=1, unique=True))
    types = [
        kind(
            *(step(f"S{n}", when=draw(st.sampled_from(TEXTS))) for n in range(draw(st.integers(1, 2)))), name=name
        )._replace(when=when(draw(st.sampled_from(TEXTS))))
        for name in names
    ]
    asked = st.lists(st.sampled_from(names), max_size=2, unique=True).map(tuple)
    stages = draw(st.lists(st.sampled_from([s.name for s in STAGES[1:-1]]), unique=True, max_size=3))
    return policy(*types, gates={stage: draw(asked) for stage in stages})


@settings(max_examples=150, deadline=None)
@given(policies(), policies(), st.fixed_dictionaries({k: st.sampled_from(v) for k, v in FIGURES.items()}), st.data())
def test_it_says_what_the_engine_would_do_at_every_gate_ahead(old, new, facts, data):
    here = deal(stage=data.draw(st.sampled_from([stage.name for stage in STAGES[:4]])), **facts)
    names = tuple(dict.fromkeys((*old.types, *new.types)))
    found = differences(side(old, names), side(new, names), here, names, place=here.stage)
    really = [(name, *(_asking(rules, here, name) for rules in (old, new))) for name in names]
    assert [(each.type, set(each.closes), set(each.opens)) for each in found] == [
        (name, after - before, before - after) for name, before, after in really
    ]
    assert [(each.before, each.after) for each in found] == [
        (
            plan_of(old.types.get(name), world(old, deal=here).facts(old)),
            plan_of(new.types.get(name), world(new, deal=here).facts(new)),
        )
        for name in names
    ]
    assert [
        each.matters for each in differences(side(old, names), side(old, names), here, names, place=here.stage)
    ] == [False] * len(names)


def _asking(rules, here, name):
    """The stages ahead at whose gate the engine would stop the deal for want of this approval."""
    place = rules.position(here.stage)
    ahead = [stage.name for stage in rules.stages[place + 1 :] if stage.kind != "lost"]
    view = world(rules, deal=replace(here))
    asking = [stage for stage in ahead if name in rules.gates.get(stage, ())]
    return {stage for stage in asking if not gates.gate_state(view, name).passes}
