"""Who is chosen, who stands in a field, what a yes brings, and what whoever decides fills in."""

from dataclasses import replace
from typing import Any

import pytest
from requests_made import TEAM, changed, kind, open_people, person, policy, step, submitted, world

from oppcli.errors import Conflict, NotFound, Refused, UsageError
from oppcli.model.requests import Request
from oppcli.rules.approvals import seating, submitting
from oppcli.rules.approvals.changing import deal_changed
from oppcli.rules.approvals.deciding import decide
from oppcli.rules.approvals.world import World

TWO = kind(step("主管", "manager"), step("技术", "chosen:role:tech", "all"), step("总监", "manager+1"))
HERE = world(TWO)


def begun(here: World, **choice: tuple[str, ...]) -> Request:
    done = submitting.submit(here, "li", "quote", number=31, choice=choice)
    assert done is not None
    return done.request


def test_the_submitter_chooses_for_a_step_to_come() -> None:
    request = begun(HERE, 技术=("lin", "xu"))
    assert request.chosen == {"技术": ["lin", "xu"]}
    on = decide(request, HERE, "wang", "approve").request
    assert open_people(on) == {"技术": [["lin"], ["xu"]]}


def test_else_who_agrees_last_before_it_chooses() -> None:
    request = begun(HERE)
    with pytest.raises(Refused) as refused:
        decide(request, HERE, "wang", "approve")
    (reason,) = refused.value.reasons
    assert (refused.value.slug, reason.what, reason.detail) == ("missing", "技术", "choose of gao, lin, xu")
    assert reason.fix == "opp approve R-31 --choose 技术=LOGIN"
    on = decide(request, HERE, "wang", "approve", choice={"技术": ("gao",)}).request
    assert open_people(on) == {"技术": [["gao"]]}


def test_a_step_that_opens_first_is_chosen_for_by_the_submitter() -> None:
    here = world(kind(step("技术", "chosen:role:tech")))
    with pytest.raises(Refused):
        begun(here)
    assert open_people(begun(here, 技术=("gao",))) == {"技术": [["gao"]]}


@pytest.mark.parametrize(
    ("choice", "error"),
    [
        ({"技术": ("chen",)}, Conflict),
        ({"技术": ("nobody",)}, Conflict),
        ({"主管": ("lin",)}, NotFound),
        ({"法务": ("lin",)}, NotFound),
    ],
)
def test_only_people_of_the_role_for_steps_that_ask_for_it(choice: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        begun(HERE, **choice)


def test_nobody_with_a_part_in_the_deal_is_chosen() -> None:
    here = HERE._replace(deal=replace(HERE.deal, collaborators=("lin",)))
    with pytest.raises(Conflict):
        begun(here, 技术=("lin",))


def test_a_choice_is_of_the_step_that_opens() -> None:
    three = kind(step("主管", "manager"), step("总监", "manager+1"), step("技术", "chosen:role:tech"))
    here = world(three)
    with pytest.raises(Conflict, match="who agrees last before it chooses"):
        decide(begun(here), here, "wang", "approve", choice={"技术": ("lin",)})


def test_of_whom_nobody_is_left_in_the_role_the_whole_role_is_asked() -> None:
    request = begun(HERE, 技术=("gao",))
    gone = tuple(person("gao", "lin") if user.login == "gao" else user for user in TEAM)
    here = world(TWO, people=gone)
    (_, tech, _) = request.steps
    assert [h.login for seat in seating.seats_of(tech, request, here) for h in seat.holders] == ["lin", "xu"]


def test_who_stands_in_a_field_decides_and_it_has_to_be_somebody() -> None:
    rules = policy(kind(step("技术", "field:source")))
    for source, why in ((None, "says who decides 技术"), ("stranger", "stranger is nobody who could decide 技术")):
        with pytest.raises(Refused) as refused:
            begun(changed(world(rules), source=source))
        assert [(reason.what, reason.detail) for reason in refused.value.reasons] == [("source", why)]
    assert open_people(begun(changed(world(rules), source="gao"))) == {"技术": [["gao"]]}
    assert open_people(begun(changed(world(rules), source="li"))) == {"技术": [["tang"]]}


def test_a_yes_brings_what_its_step_wants() -> None:
    here = world(kind(step("财务", "role:finance", approve_needs=("comment", "file:盖章", "score"))))
    request = submitted(here)
    with pytest.raises(Refused) as refused:
        decide(request, here, "chen", "approve")
    assert [reason.what for reason in refused.value.reasons] == ["comment", "file:盖章", "score"]
    assert {reason.slug for reason in refused.value.reasons} == {"missing"}
    full = changed(here, score=70)
    with pytest.raises(UsageError):
        decide(request, full, "chen", "approve", files={"盖章": "ab" * 32})
    done = decide(request, full, "chen", "approve", reason="ok", files={"盖章": "ab" * 32}).request
    assert (done.state, done.decisions[-1].files) == ("approved", ("盖章 " + "ab" * 32,))
    there = full._replace(files={"盖章": ("cd" * 32,)})
    assert decide(request, there, "chen", "approve", reason="ok").request.state == "approved"
    assert decide(request, here, "chen", "reject", reason="no").request.state == "rejected"


def test_a_file_that_comes_with_a_yes_is_no_change_of_what_it_rests_on() -> None:
    here = world(kind(step("财务", "role:finance"), material=("amount", "file:盖章")))
    done = decide(submitted(here), here, "chen", "approve", files={"盖章": "ab" * 32}).request
    after = here._replace(files={"盖章": ("ab" * 32,)})
    assert deal_changed(done, after, "chen", touched=True).request.state == "approved"
    other = here._replace(files={"盖章": ("cd" * 32,)})
    assert deal_changed(done, other, "li", touched=True).request.state == "invalidated"


def test_what_whoever_decides_fills_in_is_no_change_and_makes_no_editor() -> None:
    rules = kind(step("财务", "role:finance", fills=("margin",)), material=("amount", "margin"))
    here = world(rules)
    request = submitted(here)
    after = changed(here, margin=250_000)
    filled = deal_changed(request, after, "chen", touched=True).request
    assert (filled.revision, filled.facts.agreed, filled.facts.editors) == (1, {"margin": "25"}, ())
    assert decide(filled, after, "chen", "approve").request.state == "approved"
    assert deal_changed(request, after, "gao", touched=True).request.revision == 2
    both = changed(here, margin=250_000, amount=1)
    assert deal_changed(request, both, "chen", touched=True).request.revision == 2
