"""Plans make their total to the cent, and a ledger pays the oldest instalments first."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.model.payments import DUE, RECEIVED
from oppcli.rules.instalments import Instalment, planned, problems, shared
from oppcli.rules.ledger import Row, ledger
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import Reading
from oppcli.words.parts import Part, parse

READING = Reading("CNY", date.fromisoformat)


def parts(*typed: str) -> list[Part]:
    return [parse(each, READING) for each in typed]


# --- what is typed ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("30%:2026-04-01", {"share": Decimal(30), "on": "2026-04-01"}),
        ("12.5 % : 2026-04-01", {"share": Decimal("12.5"), "on": "2026-04-01"}),
        ("60%:sign+90d", {"share": Decimal(60), "sign_days": 90}),
        ("60%：签约后90天", {"share": Decimal(60), "sign_days": 90}),
        ("10%:sign", {"share": Decimal(10), "sign_days": 0}),
        ("=50000:2026-04-01", {"amount": 5_000_000, "on": "2026-04-01"}),
        ("=5万:2026-04-01", {"amount": 5_000_000, "on": "2026-04-01"}),
        ("rest:2026-12-31", {"on": "2026-12-31"}),
        ("尾款：2026-12-31", {"on": "2026-12-31"}),
    ],
)
def test_a_part_says_how_much_and_when(typed: str, expected: dict[str, object]) -> None:
    found = parse(typed, READING)
    assert found == Part(typed, **expected)  # type: ignore[arg-type]
    assert found.rest == (expected.keys() <= {"on"})


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("30%", "a colon"),
        ("30%:", "a colon"),
        (":2026-04-01", "a colon"),
        ("30:2026-04-01", "a share such as 30%"),
        ("0%:2026-04-01", "more than 0"),
        ("101%:2026-04-01", "at most 100%"),
        ("=0:2026-04-01", "more than 0"),
        ("=1.005:2026-04-01", "more decimals"),
        ("30%:2026-02-30", "not a date"),
        ("30%:sign+4000d", "at most 3,650 days"),
    ],
)
def test_what_is_no_part_is_refused_saying_why(typed: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        parse(typed, READING)


# --- plans -----------------------------------------------------------------------------------------------------------


def test_thirds_of_5_47_are_1_82_and_1_82_and_1_83() -> None:
    thirds = parts("33.33%:2026-01-01", "33.33%:2026-02-01", "33.34%:2026-03-01")
    assert shared(547, thirds) == [182, 182, 183]
    assert shared(547, [*thirds[:2], *parts("rest:2026-03-01")]) == [182, 182, 183]


def test_shares_are_half_up_and_the_last_that_is_no_amount_takes_what_is_left() -> None:
    assert shared(101, parts("50%:2026-01-01", "50%:2026-02-01")) == [51, 50]
    assert shared(1001, parts("50%:2026-01-01", "50%:2026-02-01", "=1:2026-03-01")) == [501, 501, 100]  # one too many
    assert shared(1101, parts("=1:2026-03-01", "rest:2026-01-01")) == [100, 1001]
    assert shared(1000, parts("45%:2026-01-01", "45%:2026-01-02", "=1:2026-03-01")) == [450, 450, 100]


def test_a_plan_of_a_contract_has_the_days_and_amounts_of_its_parts() -> None:
    plan = parts("30%:2026-04-01", "60%:sign+90d", "rest:2026-12-31")
    assert not problems(92_700_000, "CNY", plan)
    assert planned(92_700_000, plan) == [
        Instalment(27_810_000, "2026-04-01"),
        Instalment(55_620_000, None, 90),
        Instalment(9_270_000, "2026-12-31"),
    ]
    assert planned(92_700_000, plan, date(2026, 4, 2))[1] == Instalment(55_620_000, "2026-07-01", 90)


@pytest.mark.parametrize(
    ("total", "typed", "why"),
    [
        (10_000, ["30%:2026-04-01"], ["CNY 70.00 of CNY 100.00 is in no part: end with rest:DATE"]),
        (10_000, ["60%:2026-04-01", "60%:2026-05-01"], ["the parts are CNY 20.00 more than CNY 100.00"]),
        (10_000, ["=100:2026-04-01", "rest:2026-05-01"], ["rest:2026-05-01: nothing is left for it"]),
        (10_000, ["rest:2026-05-01", "30%:2026-04-01"], ["the rest stands last"]),
        (10_000, ["rest:2026-05-01", "rest:2026-04-01"], ["only one part takes the rest"]),
        (1, ["50%:2026-05-01", "50%:2026-04-01"], ["50%:2026-04-01: nothing is left for it"]),
        (
            10_000,
            ["rest:2026-05-01", "=200:2026-04-01"],
            ["the rest stands last", "the parts are CNY 100.00 more than CNY 100.00"],
        ),
    ],
)
def test_parts_that_do_not_make_the_total_are_refused_with_all_reasons(
    total: int, typed: list[str], why: list[str]
) -> None:
    assert [reason.detail for reason in problems(total, "CNY", parts(*typed))] == why


SHARES = st.lists(st.integers(1, 1_000_000), min_size=1, max_size=6)


@given(total=st.integers(1, 10**15), weights=SHARES, rest=st.booleans())
def test_a_plan_without_problems_makes_the_total_to_the_minor_unit(total: int, weights: list[int], rest: bool) -> None:
    cut = [Decimal(weight * 100_0000 // sum(weights)) / 10_000 for weight in weights]
    made = [Part("x%", share=share, on="2026-01-01") for share in cut if share]
    made = [*made, Part("rest", on="2026-01-01")] if rest or not made else made
    missing = 100 - sum((part.share or Decimal(0) for part in made), Decimal(0))
    if not rest and made[-1].share:
        made[-1] = made[-1]._replace(share=made[-1].share + missing)
    if problems(total, "CNY", made):
        return
    found = planned(total, made)
    assert sum(each.amount for each in found) == total
    assert all(each.amount > 0 for each in found)
    # Nobody is more than half a unit away from his share but the last, which takes what the roundings leave.
    away = [
        abs(each.amount - Decimal(total) * (part.share or Decimal(0)) / 100)
        for each, part in zip(found[:-1], made[:-1], strict=True)
    ]
    assert max(away, default=Decimal(0)) <= Decimal("0.5")


# --- ledgers ---------------------------------------------------------------------------------------------------------

PLAN = [
    Row(1, DUE, "2026-04-01", 27_810_000),
    Row(2, DUE, "2026-07-01", 55_620_000),
    Row(3, DUE, "2026-12-31", 9_270_000),
    Row(4, RECEIVED, "2026-04-10", 30_000_000),
]


def test_of_927_000_with_300_000_received_534_300_is_overdue_on_15_july_for_14_days() -> None:
    found = ledger(PLAN, "2026-07-15")
    assert (found.outstanding, found.overdue, found.late_days) == (62_700_000, 53_430_000, 14)
    assert (found.planned, found.received, found.paid) == (92_700_000, 30_000_000, 30_000_000)
    assert found.open == {1: 0, 2: 53_430_000, 3: 9_270_000}


def test_a_refund_opens_the_oldest_instalment_again() -> None:
    found = ledger([*PLAN, Row(5, RECEIVED, "2026-07-10", -5_000_000)], "2026-07-15")
    assert (found.outstanding, found.overdue, found.late_days) == (67_700_000, 58_430_000, 105)


def test_what_is_due_today_is_not_overdue_and_what_comes_later_pays_nothing_yet() -> None:
    assert ledger(PLAN, "2026-04-01").overdue == 0
    assert ledger(PLAN, "2026-04-02").overdue == 27_810_000
    assert ledger(PLAN, "2026-04-09").outstanding == 92_700_000
    assert ledger(PLAN, "2026-04-10").outstanding == 62_700_000


def test_what_waits_for_a_signature_is_outstanding_and_never_late_and_paid_last() -> None:
    rows = [Row(1, DUE, None, 100), Row(2, DUE, "2030-01-01", 100), Row(3, RECEIVED, "2026-01-01", 150)]
    found = ledger(rows, "2031-01-01")
    assert found.open == {2: 0, 1: 50}
    assert (found.outstanding, found.overdue, found.late_days) == (50, 0, 0)


DAYS = st.integers(0, 40).map(lambda day: (date(2026, 1, 1) + timedelta(days=day)).isoformat())
ROWS = st.lists(
    st.one_of(
        st.tuples(st.just(DUE), st.one_of(st.none(), DAYS), st.integers(1, 1000)),
        st.tuples(st.just(RECEIVED), DAYS, st.integers(-1000, 1000)),
    ),
    max_size=12,
)


@given(rows=ROWS, day=DAYS)
def test_overdue_lies_between_nothing_and_outstanding_and_paid_and_outstanding_make_the_plan(
    rows: list[tuple[str, str | None, int]], day: str
) -> None:
    found = ledger([Row(number, *row) for number, row in enumerate(rows)], day)
    assert 0 <= found.overdue <= found.outstanding
    assert found.paid + found.outstanding == found.planned
    assert found.paid == min(max(found.received, 0), found.planned)
    assert (found.late_days > 0) == (found.overdue > 0)
    assert sum(found.open.values()) == found.outstanding
