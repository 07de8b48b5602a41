"""Before a request: what is missing, which steps apply at which amount, who would be asked until when."""

from decimal import Decimal

import pytest
from requests_made import TEAM, deal, kind, open_people, person, policy, states, step, submitted, wall, world

from oppcli.errors import Conflict, NotAllowed, NotFound, PolicyError, Refused
from oppcli.rules.approvals import ending, figures, submitting
from oppcli.rules.approvals.outlook import outlook

TIERS = kind(
    step("主管", "manager"),
    step("总监", "manager+1", when="amount >= 50万 or discount > 15"),
    step("副总", "user:ma", when="discount > 25 or amount >= 200万"),
    when="amount >= 20万 or discount > 10",
    needs=("amount", "discount"),
)
TWO_UP = kind(step("总监", "manager+1"))


@pytest.mark.parametrize(
    ("amount", "discount", "steps"),
    [
        ("199999.99", "10", []),
        ("200000.00", "10", ["主管"]),
        ("199999.99", "10.0001", ["主管"]),
        ("499999.99", "15", ["主管"]),
        ("500000.00", "15", ["主管", "总监"]),
        ("499999.99", "15.0001", ["主管", "总监"]),
        ("1999999.99", "25", ["主管", "总监"]),
        ("2000000.00", "25", ["主管", "总监", "副总"]),
        ("199999.99", "25.0001", ["主管", "总监", "副总"]),
    ],
)
def test_a_limit_is_met_to_the_cent(amount: str, discount: str, steps: list[str]) -> None:
    facts = {"amount": int(Decimal(amount) * 100), "discount": int(Decimal(discount) * 10_000)}
    done = submitting.submit(world(TIERS, deal=deal(**facts)), "li", "quote", number=1)
    assert ([place.name for place in done.request.plan] if done else []) == steps


def test_a_refused_submit_lists_everything_missing_with_the_command_for_each() -> None:
    rule = kind(step(when="margin < 25 and tier == 'A'"), needs=("amount", "discount", "file:报价单"))
    here = world(rule, deal=deal(amount=None, discount=None, margin=None))
    with pytest.raises(Refused) as refusal:
        submitted(here)
    assert [(reason.what, reason.fix) for reason in refusal.value.reasons] == [
        ("amount", "opp deal edit D-1 --set amount=…"),
        ("discount", "opp deal edit D-1 --set discount=…"),
        ("file:报价单", "opp deal attach D-1 FILE --kind 报价单"),
        ("margin", "opp deal edit D-1 --set margin=…"),
        ("tier", "opp deal edit D-1 --set tier=…"),
    ]


def test_an_ordinary_deal_is_not_asked_for_documents_of_an_approval_it_does_not_need() -> None:
    rule = kind(when="amount >= 20万", needs=("amount", "margin", "file:报价单"))
    assert submitting.submit(world(rule, deal=deal(amount=100, margin=None)), "li", "quote", number=1) is None


def test_a_type_whose_steps_all_fall_away_is_not_required() -> None:
    rule = kind(step(when="discount > 50"))
    assert submitting.submit(world(rule), "li", "quote", number=1) is None


def test_an_amount_in_another_currency_needs_a_rate_and_is_compared_at_it() -> None:
    rule = kind(step(when="amount >= 50万"), when="amount >= 20万", needs=("amount",))
    dollars = world(rule, deal=deal(amount=7_000_000, currency="USD"))
    with pytest.raises(Refused) as refusal:
        submitted(dollars)
    assert [reason.what for reason in refusal.value.reasons] == ["currency"]
    assert submitting.submit(dollars._replace(rate=Decimal("2.8")), "li", "quote", number=1) is None
    request = submitted(dollars._replace(rate=Decimal("7.2")))
    assert request.facts.snapshot == {"amount": "70000.00", "discount": "5", "currency": "USD", "rate": "7.2"}


def test_only_the_owner_or_an_admin_submits() -> None:
    with pytest.raises(NotAllowed) as refusal:
        submitted(world(), by="wang")
    assert refusal.value.hint is not None and "li or an admin may" in refusal.value.hint
    assert submitted(world(), by="root").submitted_by == "root"


def test_a_second_request_of_a_type_is_refused_while_one_is_live_and_names_it() -> None:
    here = world(policy(kind(), kind(name="risk")))
    first = submitted(here)
    with pytest.raises(Conflict, match="R-31"):
        submitted(here._replace(requests=(first,)), number=32)
    assert submitted(here._replace(requests=(first,)), name="risk", number=32).state == "pending"


def test_a_new_attempt_names_the_one_before() -> None:
    here = world()
    over = ending.recall(submitted(here), here, "li").request
    assert submitted(here._replace(requests=(over,)), number=32).previous == 31


def test_a_closed_deal_and_an_unknown_type_are_refused() -> None:
    with pytest.raises(Conflict, match="won"):
        submitted(world(deal=deal(stage="赢单")))
    with pytest.raises(NotFound, match="did you mean quote"):
        submitted(world(), name="qoute")


def test_a_step_that_nobody_could_decide_is_a_hole_in_the_policy() -> None:
    here = world(policy(kind(step("法务", "role:legal")), fallback=("role:legal",)))
    with pytest.raises(PolicyError) as refusal:
        submitted(here)
    assert [reason.what for reason in refusal.value.reasons] == ["step 法务"]


def test_the_snapshot_keeps_what_approvers_see_as_text() -> None:
    rule = kind(step(when="payment_days > 10"), material=("amount", "discount", "file:合同"))
    here = world(rule, deal=deal(discount=125_000), files={"合同": ("b", "a")})
    shown = submitted(here).facts.snapshot
    assert shown == {"amount": "800000.00", "discount": "12.5", "file:合同": "a,b", "payment_days": "30"}


def test_a_snapshot_reads_back_as_the_facts_it_was_made_of() -> None:
    rule = kind(step(when="discount > 1 and tier == 'A'"))
    here = world(rule, deal=deal(tier="A", discount=123_456))
    shown = figures.snapshot(rule, here.policy, here)
    facts = here.facts(here.policy)
    assert figures.facts_shown(shown, here.policy) == {name: facts[name] for name in shown}


def test_neighbours_of_one_together_open_at_once() -> None:
    rule = kind(
        step("主管", "manager"),
        step("财务", together="会审"),
        step("技术", "user:lin", together="会审"),
        step("副总", "user:ma"),
    )
    assert [place.group for place in submitted(world(rule)).plan] == [1, 2, 2, 3]


def test_the_outlook_says_who_is_asked_when_if_everybody_takes_their_time() -> None:
    rule = kind(step("主管", "manager"), step("总监", "manager+1", sla_ms=4 * 3_600_000), step("财务"))
    here = world(rule, now="03-13 15:00")
    draft = submitting.prepare(here, "li", "quote")
    assert draft is not None
    found = [(each.step.name, each.people, wall(each.due)) for each in outlook(draft, here)]
    assert found == [
        ("主管", ("wang",), "03-16 15:00"),
        ("总监", ("zhou",), "03-17 10:00"),
        ("财务", ("chen", "zhao"), "03-18 10:00"),
    ]


def test_the_outlook_says_whose_approval_would_be_repeated() -> None:
    rule = kind(step("主管", "manager"), step("再审", "user:wang"))
    here = world(rule)
    draft = submitting.prepare(here, "li", "quote")
    assert draft is not None
    assert [each.repeats for each in outlook(draft, here)] == [(), ("wang",)]


def test_submitting_opens_the_first_group_and_tells_its_people() -> None:
    rule = kind(step("主管", "manager"), step("总监", "manager+1"))
    done = submitting.submit(world(rule), "li", "quote", number=31)
    assert done is not None
    assert states(done.request) == {"主管": "open", "总监": "waiting"}
    assert open_people(done.request) == {"主管": [["wang"]]}
    assert [(notice.to, notice.kind) for notice in done.notices] == [("wang", "opened")]
    assert wall(done.request.open_steps[0].due_at) == "03-09 18:00"


def test_copies_go_to_people_without_a_vote() -> None:
    done = submitting.submit(world(kind(step(cc=("user:gao",)), cc=("role:tech",))), "li", "quote", number=1)
    assert done is not None
    assert [notice.to for notice in done.notices if notice.kind == "cc"] == ["gao", "lin", "xu", "gao"]


def test_a_line_that_ends_below_whom_a_step_asks_names_who_has_nobody_above() -> None:
    here = world(policy(TWO_UP, fallback=("role:nobody",)), deal=deal(owner="chen"))
    with pytest.raises(PolicyError) as refusal:
        submitting.submit(here, "chen", "quote", number=1)
    (reason,) = refusal.value.reasons
    assert (reason.detail, reason.fix) == (
        "`manager+1` is above ma, who has no manager",
        "opp user edit ma --manager LOGIN",
    )
    with_boss = tuple(person(u.login, "zhou", *u.roles) if u.login == "root" else u for u in TEAM)
    with pytest.raises(PolicyError) as refusal:
        submitting.submit(here._replace(users={u.login: u for u in with_boss}), "chen", "quote", number=1)
    assert [reason.detail for reason in refusal.value.reasons] == [
        "`manager+1` is above ma, who has no manager: let root submit it"
    ]


def test_what_is_only_asked_whether_it_is_empty_need_not_be_filled() -> None:
    rule = kind(step("主管", "manager"), step("总监", "manager+1", when="product is not empty and discount > 3"))
    here = world(rule._replace(when=kind(when="region is empty").when))
    assert states(submitted(here)) == {"主管": "open"}
    filled = here._replace(deal=deal(product="x"))
    assert states(submitted(filled)) == {"主管": "open", "总监": "waiting"}
    assert submitting.submit(here._replace(deal=deal(region="华东")), "li", "quote", number=1) is None
    with pytest.raises(Refused) as refusal:
        submitted(here._replace(deal=deal(discount=None)))
    assert [reason.what for reason in refusal.value.reasons] == ["discount"]
