"""Steps that were planned away are kept with why; whoever was added adds nobody."""

import pytest
from requests_made import changed, kind, open_people, step, submitted, world

from oppcli.errors import NotAllowed
from oppcli.rules.approvals import adding, planning
from oppcli.rules.approvals.changing import deal_changed
from oppcli.rules.approvals.skipping import not_asked, steps_told

RULES = kind(
    step("主管", "manager"),
    step("财务", when="margin < 25"),
    step("总监", "manager+1", when="amount >= 100万 and discount > 3"),
    step("风控", "role:tech", when="not (discount < 15 or tier in ['A', 'B'])"),
    material=("amount", "margin", "discount"),
)
HERE = changed(world(RULES), tier="C")


def test_a_revision_keeps_each_step_that_was_planned_away_with_its_sentence() -> None:
    request = submitted(HERE)
    assert request.facts.skipped == {step.name: step.when.text for step in RULES.steps[1:]}
    assert {name: str(why) for name, why in steps_told(request, HERE).items()} == {
        "财务": "not asked, margin 30 ≥ 25",
        "总监": "not asked, amount 800,000 < 1,000,000",
        "风控": "not asked, discount 5 < 15",
    }


def test_the_next_revision_has_its_own() -> None:
    after = changed(HERE, margin=200_000)
    request = deal_changed(submitted(HERE), after, "li", touched=True).request
    assert (request.revision, set(request.facts.skipped)) == (2, {"总监", "风控"})
    assert set(request.revisions[0].skipped) == {"财务", "总监", "风控"}


def test_nothing_is_said_of_what_somebody_does_not_have() -> None:
    told = steps_told(submitted(HERE), HERE, hidden=("margin",))
    assert (str(told["财务"]), str(told["总监"])) == ("not asked", "not asked, amount 800,000 < 1,000,000")


def test_a_type_that_is_not_required_says_why() -> None:
    whole = RULES._replace(when=kind(when="amount >= 100万").when)
    here = world(whole)
    assert str(not_asked(whole, here, here.policy)) == "not asked, amount 800,000 < 1,000,000"
    none = kind(step("一", when="margin < 25"), step("二", when="discount > 15"))
    here = world(none)
    assert str(not_asked(none, here, here.policy)) == "not asked, margin 30 ≥ 25 and discount 5 ≤ 15"


def test_what_is_planned_away_is_false_of_the_snapshot() -> None:
    facts = HERE.facts(HERE.policy)
    assert set(planning.planned_away(RULES, facts)) | {"主管"} == {step.name for step in RULES.steps}


@pytest.mark.parametrize("where", ["before", "after", "beside"])
def test_whoever_was_added_adds_nobody(where: str) -> None:
    here = world(kind(step("财务", "user:chen")))
    added = adding.add_approver(submitted(here), here, "chen", "lin", "beside").request
    with pytest.raises(NotAllowed) as refused:
        adding.add_approver(added, here, "lin", "gao", where)
    assert refused.value.slug == "nested"
    more = adding.add_approver(added, here, "chen", "gao", "beside").request
    assert open_people(more) == {"财务": [["chen"], ["lin"], ["gao"]]}
    before = adding.add_approver(submitted(here), here, "chen", "lin", "before").request
    with pytest.raises(NotAllowed):
        adding.add_approver(before, here, "lin", "gao", where)
