"""What would make a request lighter: nearest boundaries, by table, against brute force, and played by the engine."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from parsed import parse
from requests_made import HOUR, changed, deal, kind, policy, step, world

from oppcli.model.fields import BUILT_IN
from oppcli.model.policy import FieldRule, Sod
from oppcli.rules import clock, fields
from oppcli.rules.approvals import planning
from oppcli.rules.approvals.outlook import outlook
from oppcli.rules.approvals.savings import savings
from oppcli.words.invalid import Invalid

QUOTE = (
    step("销售主管", "manager"),
    step("大区总监", "manager+1", when="amount >= 50万 or discount > 15"),
    step("财务", when="margin < 25 or discount > 20"),
    step("总经理", "user:ma", when="amount >= 200万", sla_ms=16 * HOUR),
)
NEEDED = "amount >= 20万 or discount > 10"


def suggestions(here, name="quote"):
    """What is said of the draft that the owner would submit."""
    draft = planning.draft(here, here.policy.types[name], here.policy, here.deal.owner)
    return savings(draft, outlook(draft, here), here)


def lines(*steps, rules=None, when="always", rate=None, **facts):
    here = world(rules or kind(*steps, when=when), deal=deal(**facts), rate=rate)
    return [each.said for each in suggestions(here)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (
            {"amount": 30_000_000, "discount": 180_000},
            ["discount ≤ 15 instead of 18: no 大区总监, 8 business hours less"],
        ),
        (
            {"amount": 52_000_000, "discount": 120_000},
            ["amount < CNY 500,000.00 instead of CNY 520,000.00: no 大区总监, 8 business hours less"],
        ),
        # At the very limit: one cent less.
        (
            {"amount": 50_000_000, "discount": 0},
            [
                "amount < CNY 500,000.00 instead of CNY 500,000.00: no 大区总监, 8 business hours less",
                "amount < CNY 200,000.00 instead of CNY 500,000.00: no approval needed, 16 business hours less",
            ],
        ),
        # Two reasons for one step: neither figure alone spares it.
        ({"amount": 52_000_000, "discount": 160_000}, []),
        # The discount asks for finance and for the director; between 15 and 20 only finance falls away.
        (
            {"amount": 30_000_000, "discount": 250_000},
            [
                "discount ≤ 20 instead of 25: no 财务, 8 business hours less",
                "discount ≤ 15 instead of 25: no 大区总监 and no 财务, 16 business hours less",
            ],
        ),
        ({"amount": 30_000_000, "margin": 240_000}, ["margin ≥ 25 instead of 24: no 财务, 8 business hours less"]),
        # Nothing is spared where the type does not depend on figures at all, or only the type's own limit is left.
        (
            {"amount": 15_000_000, "discount": 100_001},
            ["discount ≤ 10 instead of 10.0001: no approval needed, 8 business hours less"],
        ),
    ],
)
def test_the_nearest_boundary_of_each_figure_is_told_with_what_it_spares(facts, expected):
    wanted = [line for line in expected if "no approval" not in line]
    found = lines(*QUOTE, when=NEEDED, **facts)
    assert [line for line in found if "no approval" not in line] == wanted
    assert set(expected) <= set(found)


def test_the_whole_request_falls_away_below_the_limit_of_the_type():
    found = lines(*QUOTE, when=NEEDED, amount=30_000_000, discount=50_000)
    assert found == ["amount < CNY 200,000.00 instead of CNY 300,000.00: no approval needed, 8 business hours less"]


def test_suggestions_are_sorted_by_nearness_whatever_the_figure():
    steps = (step("A", when="payment_days > 29"), step("B", "role:tech", when="discount > 1"), step("C", "role:ops"))
    found = suggestions(world(kind(*steps), deal=deal(payment_days=30, discount=50_000)))
    assert [(each.field, each.value) for each in found] == [("payment_days", 29), ("discount", 1)]
    assert found[0].nearness < found[1].nearness


@pytest.mark.parametrize(
    ("condition", "days", "expected"),
    [
        ("payment_days > 30", 45, ("<=", 30, None)),
        ("payment_days >= 30", 45, ("<=", 29, 30)),
        ("payment_days < 30", 15, (">=", 30, None)),
        ("payment_days <= 30", 15, (">=", 31, 30)),
        ("payment_days == 30", 30, ("<=", 29, 30)),
        ("payment_days != 30", 45, ("==", 30, None)),
        ("payment_days not in [30, 60]", 50, ("==", 60, None)),
        ("payment_days in [30, 31]", 31, (">=", 32, 31)),
        ("payment_days > 30.5", 45, ("<=", 30, None)),
        ("payment_days < 30.5", 15, (">=", 31, None)),
        ("payment_days > 0", 45, ("==", 0, None)),
        ("20 < payment_days < 60", 50, (">=", 60, None)),
        ("20 < payment_days < 60", 30, ("<=", 20, None)),
        ("payment_days < 10 or payment_days > 30", 45, ("<=", 30, None)),
        ("payment_days < 30 or payment_days > 30", 45, ("==", 30, None)),
    ],
)
def test_a_boundary_is_exact_and_says_which_side_of_it_is_meant(condition, days, expected):
    here = world(kind(step("A", when=condition), step("B", "role:ops")), deal=deal(payment_days=days))
    (found,) = suggestions(here)
    assert (found.op, found.value, found.edge) == expected
    assert found.removes == ("A",)
    assert not found.whole


OWN = {
    "people_days": FieldRule("people_days", type="number"),
    "seats": FieldRule("seats", type="int", min=Decimal(10)),
    "fee": FieldRule("fee", type="money"),
    "urgent": FieldRule("urgent", type="bool"),
    "solution": FieldRule("solution", values=("标准", "定制")),
    "start": FieldRule("start", type="date"),
}


def own(condition, **extra):
    known = dict.fromkeys(BUILT_IN, "text") | fields.field_kinds(policy(fields=OWN))
    first = step("A")._replace(when=parse(condition, known))
    rules = policy(kind(first, step("B", "role:ops")), fields=OWN)
    return suggestions(world(rules, deal=deal(extra=extra)))


@pytest.mark.parametrize(
    ("condition", "extra", "expected"),
    [
        ("people_days >= 20", {"people_days": "25"}, "people_days < 20 instead of 25: no A, 8 business hours less"),
        ("people_days > 20.5", {"people_days": "25"}, "people_days ≤ 20.5 instead of 25: no A, 8 business hours less"),
        ("fee >= 5000", {"fee": 600_000}, "fee < CNY 5,000.00 instead of CNY 6,000.00: no A, 8 business hours less"),
        ("seats > 10", {"seats": 12}, "seats = 10 instead of 12: no A, 8 business hours less"),
    ],
)
def test_the_teams_own_numbers_are_figures_too(condition, extra, expected):
    assert [each.said for each in own(condition, **extra)] == [expected]


@pytest.mark.parametrize(
    ("condition", "extra"),
    [
        ("solution == '定制'", {"solution": "定制"}),
        ("urgent", {"urgent": True}),
        ("start < '2026-07-01'", {"start": "2026-06-01"}),
        ("seats >= 10", {"seats": 12}),  # the policy lets no deal have fewer than ten
    ],
)
def test_what_is_true_of_the_deal_or_cannot_be_is_not_suggested(condition, extra):
    assert own(condition, **extra) == ()


@pytest.mark.parametrize(
    ("condition", "facts"),
    [
        ("tier == 'C'", {"tier": "C"}),
        ("score > 50", {"score": 60}),
        ("probability > 20", {}),
        ("stage == '方案'", {}),
        ("discount >= 0", {}),
        ("margin < 100.0001", {}),
        ("discount < 5.0001 or discount > 5", {}),
    ],
)
def test_nothing_is_suggested_that_a_seller_does_not_decide_or_nobody_can_reach(condition, facts):
    assert lines(step("A", when=condition), step("B", "role:ops"), **facts) == []


def test_a_value_that_asks_somebody_else_instead_is_no_relief():
    assert lines(step("A", when="discount > 5"), step("B", "role:tech", when="discount <= 5"), discount=60_000) == []


def test_a_plan_that_takes_longer_is_no_relief():
    """Approving A spares wang the second step; without A the second one runs its full time."""
    steps = (step("A", "manager", sla_ms=HOUR, when="discount > 3"), step("B", "manager", sla_ms=16 * HOUR))
    here = world(policy(kind(*steps), sod=Sod(repeat="consecutive")))
    assert suggestions(here) == ()
    assert [
        each.saved_ms for each in suggestions(here._replace(policy=here.policy._replace(sod=Sod(repeat="none"))))
    ] == [HOUR]


def test_a_parallel_step_may_be_spared_without_any_time():
    steps = (step("A", together="会审", when="discount > 3"), step("B", "role:tech", together="会审"))
    assert lines(*steps) == ["discount ≤ 3 instead of 5: no A"]


def test_in_another_currency_the_boundary_is_the_last_cent_the_rate_lets_pass():
    here = world(
        kind(step("A", when="amount > 100万"), step("B", "role:ops")),
        deal=deal(amount=20_000_000, currency="USD"),
        rate=Decimal("7.1234"),
    )
    (found,) = suggestions(here)
    assert (found.value, found.currency) == (Decimal("140382.40"), "USD")
    assert found.value * here.rate <= 1_000_000 < (found.value + Decimal("0.01")) * here.rate
    assert found.said == "amount ≤ USD 140,382.40 instead of USD 200,000.00: no A, 8 business hours less"


def test_a_currency_without_cents_has_no_value_between_two_yen():
    here = world(
        policy(kind(step("A", when="amount >= 5000"), step("B", "role:ops")))._replace(currency="JPY"),
        deal=deal(amount=6000, currency="JPY"),
    )
    (found,) = suggestions(here)
    assert (found.value, found.edge) == (Decimal(4999), Decimal(5000))
    assert found.said == "amount < JPY 5,000 instead of JPY 6,000: no A, 8 business hours less"


# --- properties ----------------------------------------------------------------------------------------------------

NUMBERS = {
    "amount": ["49999.99", "50000", "80000"],
    "discount": ["5", "10.5", "20"],
    "payment_days": ["30", "45", "60"],
}
SIGNS = ["<", "<=", ">", ">=", "==", "!="]
people = st.sampled_from(["manager", "manager+1", "role:finance", "role:tech", "user:chen", "user:li"])


@st.composite
def comparisons(draw):
    name = draw(st.sampled_from(sorted(NUMBERS)))
    return f"{name} {draw(st.sampled_from(SIGNS))} {draw(st.sampled_from(NUMBERS[name]))}"


@st.composite
def texts(draw):
    parts = draw(st.lists(comparisons(), min_size=1, max_size=3))
    return draw(st.sampled_from([" and ", " or "])).join(parts)


@st.composite
def worlds(draw):
    steps = tuple(
        step(
            f"S{number}",
            draw(people),
            when=draw(texts()),
            together=draw(st.sampled_from([None, None, "T"])),
            fresh=draw(st.booleans()),
            sla_ms=draw(st.sampled_from([HOUR, 8 * HOUR])),
        )
        for number in range(draw(st.integers(1, 4)))
    )
    rules = policy(
        kind(*steps, when=draw(st.one_of(st.just("always"), texts()))),
        sod=Sod(
            repeat=draw(st.sampled_from(["none", "consecutive", "all"])),
            distinct=draw(st.sampled_from([(), (("S0", "S1"),), (("S0", "S2"), ("S1", "S3"))])),
        ),
        fields={"payment_days": FieldRule("payment_days", min=Decimal(25), max=Decimal(70))},
    )
    facts = {
        "amount": draw(st.sampled_from([0, 4_999_998, 4_999_999, 5_000_000, 5_000_001, 9_000_000])),
        "discount": draw(st.sampled_from([0, 50_000, 50_001, 105_000, 104_999, 300_000])),
        "payment_days": draw(st.integers(25, 70)),
    }
    return world(rules, deal=deal(**facts))


def plan(here: Any) -> Any:
    draft = planning.draft(here, here.policy.types["quote"], here.policy, here.deal.owner)
    if planning.people_missing(draft, here):
        return None
    return draft, outlook(draft, here)


def names(here):
    return [found.name for found in planning.applies(here.policy.types["quote"], here.facts(here.policy))]


def at_value(here, name, value):
    """The world after the figure was edited; None where the policy does not let it."""
    try:
        return changed(here, **{name: fields.parse(fields.fields(here.policy)[name], str(value))})
    except Invalid:
        return None


def last_due(found, here):
    return max((each.due for each in found), default=here.now)


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_each_suggestion_spares_exactly_its_steps_and_the_value_just_before_it_does_not(here):
    made = plan(here)
    assume(made is not None and made[0].steps)
    assert made is not None
    asked, wrong = names(here), []
    for each in savings(made[0], made[1], here):
        after = at_value(here, each.field, each.value)
        left = [name for name in asked if name not in each.removes]
        spared = clock.between(here.policy.calendars["cn"], last_due(plan(after)[1], here), last_due(made[1], here))
        unit = {"amount": "0.01", "discount": "0.0001", "payment_days": "1"}[each.field]
        back = each.value + Decimal(unit) * (1 if each.value < each.now else -1)
        before = at_value(here, each.field, back)
        told = (names(after), each.saved_ms, each.whole, before is None or names(before) != left)
        if told != (left, spared, not left, True):
            wrong.append((each, told))
    assert wrong == []


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_no_nearer_value_and_no_set_of_steps_is_overlooked(here):
    """Every whole number of days that the policy allows is tried; what is told is the nearest that spares a new set."""
    made = plan(here)
    assume(made is not None and made[0].steps)
    assert made is not None
    asked = names(here)
    best: dict[Any, Any] = {}
    for days in sorted(range(25, 71), key=lambda n: (abs(n - here.deal.payment_days), n)):
        after = at_value(here, "payment_days", days)
        gone = frozenset(asked) - frozenset(names(after))
        if gone and set(names(after)) <= set(asked) and not any(gone <= known for known in best):
            best[gone] = days
    told = {
        frozenset(each.removes): each.value for each in savings(made[0], made[1], here) if each.field == "payment_days"
    }
    kept = {gone: days for gone, days in best.items() if gone in told}
    assert told == kept
    playable = {gone for gone, days in best.items() if _no_worse(here, made, days)}
    assert playable == set(told)


def _no_worse(here, made, days):
    after = plan(at_value(here, "payment_days", days))
    return after is not None and last_due(after[1], here) <= last_due(made[1], here)
