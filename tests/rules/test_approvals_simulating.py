"""Who would be asked for facts that are made up or incomplete."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from requests_made import HOUR, deal, kind, policy, step, wall, when, world

from oppcli.model.policy import Sod
from oppcli.rules import conditions
from oppcli.rules.approvals import planning
from oppcli.rules.approvals.outlook import outlook
from oppcli.rules.approvals.simulating import DEPENDS, NO, YES, simulate

QUOTE = kind(
    step("销售主管", "manager"),
    step("大区总监", "manager+1", when="amount >= 50万 or discount > 15"),
    step("财务", when="margin < 25 or discount > 20"),
    when="amount >= 20万 or discount > 10",
    needs=("amount", "file:报价单"),
)


def simulated(rules=QUOTE, submitter="li", **facts):
    here = world(policy(rules), deal=deal(**{"amount": None, "discount": None, "margin": None, **facts}))
    return simulate(here, rules, submitter)


def told(found):
    return {asked.expected.step.name: asked.depends for asked in found.steps}


@pytest.mark.parametrize(
    ("facts", "asked", "steps", "missing"),
    [
        (
            {"amount": 80_000_000, "discount": 180_000, "margin": 300_000},
            YES,
            {"销售主管": (), "大区总监": ()},
            ("file:报价单",),
        ),
        # The margin is not known: finance depends on it, the rest does not.
        (
            {"amount": 80_000_000, "discount": 180_000},
            YES,
            {"销售主管": (), "大区总监": (), "财务": ("margin",)},
            ("file:报价单", "margin"),
        ),
        # A discount above 20 asks finance whatever the margin is; a submit needs the margin all the same.
        (
            {"amount": 30_000_000, "discount": 210_000},
            YES,
            {"销售主管": (), "大区总监": (), "财务": ()},
            ("file:报价单", "margin"),
        ),
        (
            {"amount": 10_000_000, "margin": 300_000},
            DEPENDS,
            {"销售主管": ("discount",), "大区总监": ("discount",), "财务": ("discount",)},
            ("file:报价单", "discount"),
        ),
        ({"amount": 10_000_000, "discount": 100_000}, NO, {}, ("file:报价单", "margin")),
        (
            {},
            DEPENDS,
            {
                "销售主管": ("amount", "discount"),
                "大区总监": ("amount", "discount"),
                "财务": ("amount", "discount", "margin"),
            },
            ("amount", "file:报价单", "discount", "margin"),
        ),
    ],
)
def test_each_step_says_which_unknown_facts_it_depends_on(facts, asked, steps, missing):
    found = simulated(**facts)
    assert (found.asked, told(found), found.missing) == (asked, steps, missing)


def test_the_stages_that_ask_for_it_are_named_also_where_nobody_is_asked():
    rules = policy(QUOTE, kind(name="risk"), gates={"谈判": ("risk", "quote"), "签约": ("risk",)})
    here = world(rules, deal=deal(amount=1, discount=0, margin=0))
    assert [simulate(here, rule, "li").gates for rule in rules.types.values()] == [("谈判",), ("谈判", "签约")]
    assert [simulate(here, rule, "li").asked for rule in rules.types.values()] == [NO, YES]


def test_people_and_times_are_those_of_the_submitter_and_of_now():
    facts = {"amount": 80_000_000, "discount": 180_000, "margin": 300_000}
    mine = simulated(**facts)
    assert [(a.expected.people, wall(a.expected.due)) for a in mine.steps] == [
        (("wang",), "03-09 18:00"),
        (("zhou",), "03-10 18:00"),
    ]
    theirs = simulated(submitter="zhao", owner="zhao", **facts)
    assert [asked.expected.people for asked in theirs.steps] == [("chen",), ("ma",)]


def test_a_step_nobody_could_decide_is_named_and_those_behind_it_are_still_shown():
    rules = kind(step("A", "user:gone"), step("B", "role:tech", rule="at least 2"))
    here = world(policy(rules, fallback=("user:gone",)))
    found = simulate(here, rules, "li")
    assert found.nobody == ("A",)
    assert [(a.expected.step.name, a.expected.people, a.reached) for a in found.steps] == [
        ("A", (), True),
        ("B", ("gao", "lin", "xu"), False),
    ]
    assert found.steps[1].expected.due is None


@pytest.mark.parametrize(
    ("text", "facts", "answer"),
    [
        ("always", {}, True),
        ("amount > 5", {}, None),
        ("amount > 500000 or margin < 25", {"amount": 80_000_000}, True),
        ("amount > 500000 and margin < 25", {"amount": 80_000_000}, None),
        ("amount > 900000 and margin < 25", {"amount": 80_000_000}, False),
        ("amount > 900000 or margin < 25", {"amount": 80_000_000}, None),
        ("not (amount > 900000 and margin < 25)", {"amount": 80_000_000}, True),
        ("not (amount > 900000 or margin < 25)", {"amount": 80_000_000}, None),
        ("not margin < 25", {"amount": 80_000_000}, None),
    ],
)
def test_a_condition_is_decided_where_the_unknown_cannot_change_it(text, facts, answer):
    here = world(kind(), deal=deal(**{"amount": None, "discount": None, "margin": None, **facts}))
    assert conditions.decided(when(text), here.facts(here.policy)) is answer


FIGURES = {"amount": [0, 49_999_999, 50_000_000, 80_000_000], "discount": [0, 150_000, 150_001], "margin": [0, 250_000]}
CONDITIONS = [
    "always",
    "amount >= 500000",
    "discount > 15",
    "amount >= 500000 or discount > 15",
    "margin < 25 and amount < 500000",
    "not (discount > 15 or margin < 25)",
]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_whatever_the_unknown_facts_turn_out_to_be_the_plan_lies_between_the_certain_and_the_possible(data):
    texts = data.draw(st.lists(st.sampled_from(CONDITIONS), min_size=2, max_size=5))
    steps = [
        step(f"S{n}", ("manager", "role:finance", "role:tech")[n % 3], when=text, sla_ms=(n + 1) * HOUR)
        for n, text in enumerate(texts[1:])
    ]
    rules = policy(kind(*steps, when=texts[0]), sod=Sod(repeat="none"))
    full = {name: data.draw(st.sampled_from(values)) for name, values in FIGURES.items()}
    hidden = data.draw(st.sets(st.sampled_from(sorted(FIGURES))))
    whole = world(rules, deal=deal(**full))
    blank: dict[str, Any] = dict.fromkeys(hidden)
    part = whole._replace(deal=replace(whole.deal, **blank))
    rule = rules.types["quote"]

    found = simulate(part, rule, "li")
    draft = planning.draft(whole, rule, rules, "li")
    really = {each.step.name: each for each in outlook(draft, whole)}
    certain = {asked.expected.step.name for asked in found.steps if not asked.depends}
    possible = {asked.expected.step.name: asked.expected.due for asked in found.steps}
    assert certain <= set(really) <= set(possible)
    assert all((each.due or 0) <= (possible[name] or 0) for name, each in really.items())
    assert found.asked == (YES if certain else DEPENDS if possible else NO)
    if not hidden:
        assert {name: each.due for name, each in really.items()} == possible
        assert certain == set(possible)
