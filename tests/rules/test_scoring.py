"""Scores, grades, tags, tiers, and how much is filled."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from oppcli.model.fields import Field
from oppcli.model.policy import Condition
from oppcli.model.relations import Points, ScoreRule, Sheet, TagRule, TierRule
from oppcli.rules.filling import filling, weights
from oppcli.rules.scoring import grade, score, scores
from oppcli.rules.segments import by_rule, tagged, tier


def when(text: str) -> Condition:
    return Condition(text, None)


FIT = ScoreRule(
    "fit",
    (
        Points(when("amount >= 500000"), 40),
        Points(when("source == '转介绍'"), 20),
        Points(when("touches_30d >= 2"), 30),
        Points(when("competitor is not empty"), -10),
    ),
    grades={"A": 70, "B": 40, "C": 0},
)
FACTS: dict[str, Any] = {"amount": Decimal(800_000), "touches_30d": Decimal(3), "competitor": "Globex"}


def test_the_points_of_all_that_are_true_are_added_and_open_ones_are_named() -> None:
    found = score(FIT, FACTS)
    assert (found.points, found.grade, found.empty) == (60, "B", ("source",))
    assert [(part.points, part.true) for part in found.parts] == [(40, True), (20, None), (30, True), (-10, True)]


def test_with_unknown_missing_there_is_no_score_until_every_field_is_filled() -> None:
    strict = FIT._replace(unknown="missing")
    silent, said = score(strict, FACTS), score(strict, {**FACTS, "source": "展会"})
    assert (silent.points, silent.grade, silent.empty) == (None, None, ("source",))
    assert (said.points, said.grade, said.empty) == (60, "B", ())


def test_a_grade_begins_with_its_least_sum() -> None:
    assert [grade(FIT, points) for points in (-1, 0, 39, 40, 69, 70, 999)] == [None, "C", "C", "B", "B", "A", "A"]
    assert grade(FIT._replace(grades={}), 50) is None


def test_one_score_reads_another_wherever_it_stands_and_never_what_is_stored() -> None:
    risk = ScoreRule("risk", (Points(when("fit < 70"), 30), Points(when("fit >= 70"), 5)))
    found = scores((risk, FIT), {**FACTS, "fit": Decimal(99)})
    assert {name: each.points for name, each in found.items()} == {"risk": 30, "fit": 60}
    assert [*found] == ["risk", "fit"]


def test_what_the_rest_decides_is_not_open() -> None:
    either = ScoreRule("x", (Points(when("amount > 1 or source == 'y'"), 7),), unknown="missing")
    assert score(either, FACTS).points == 7


@given(st.dictionaries(st.sampled_from(["A", "B", "C", "D"]), st.integers(-100, 100)), st.integers(-200, 200))
def test_a_grade_is_the_greatest_that_is_reached(grades: dict[str, int], points: int) -> None:
    found = grade(FIT._replace(grades=grades), points)
    reached = [least for least in grades.values() if least <= points]
    assert (None if found is None else grades[found]) == (max(reached) if reached else None)


@given(st.lists(st.tuples(st.integers(-50, 50), st.sampled_from([True, False, None]))))
def test_a_score_is_the_sum_of_its_parts(rules: list[tuple[int, bool | None]]) -> None:
    made = tuple(Points(when(f"f{n} == 'y'"), points) for n, (points, _) in enumerate(rules))
    facts = {f"f{n}": "y" if true else "n" for n, (_, true) in enumerate(rules) if true is not None}
    found = score(ScoreRule("x", made), facts)
    assert found.points == sum(points for points, true in rules if true)
    assert len(found.empty) == sum(true is None for _, true in rules)


TIERS = (
    TierRule("A", when("won_amount_365 >= 1000000")),
    TierRule("B", when("live_deals >= 1")),
    TierRule("C", when("always")),
)


def test_the_first_tier_that_is_true_counts() -> None:
    known = {"won_amount_365": Decimal(2_000_000), "live_deals": Decimal(3)}
    assert [tier(TIERS, facts) for facts in (known, {"live_deals": Decimal(1)}, {})] == ["A", "B", "C"]
    assert tier(TIERS[:2], {}) is None


def test_tags_of_rules_come_and_go_and_those_set_by_hand_stay() -> None:
    rules = (TagRule("大单", when("amount >= 500000")), TagRule("冷", when("idle_days > 30")))
    assert tagged(("vip", "冷"), rules, FACTS) == ("vip", "大单")
    assert tagged(("大单", "vip"), rules, {}) == ("vip",)
    assert by_rule(rules) == {"大单", "冷"}


@given(st.lists(st.sampled_from(["a", "b", "c"]), unique=True), st.sets(st.sampled_from(["a", "b"])))
def test_setting_tags_twice_changes_nothing(tags: list[str], true: set[str]) -> None:
    rules = tuple(TagRule(name, when(f"{name} == 'y'")) for name in ("a", "b"))
    facts = {name: "y" if name in true else "n" for name in ("a", "b")}
    once = tagged(tuple(tags), rules, facts)
    assert tagged(once, rules, facts) == once
    assert set(once) & {"a", "b"} == true


def test_how_much_is_filled_is_by_weight_and_unknown_is_not() -> None:
    sheet = {"amount": 3, "budget": 1, "need": 2}
    found = filling(sheet, {"amount": Decimal(5), "budget": "unknown", "need": ""})
    assert (found.filled, found.of, found.missing, found.share) == (3, 6, ("need", "budget"), Decimal("0.5"))
    assert filling({}, {}).share is None


def test_without_a_sheet_the_required_fields_weigh_one_each() -> None:
    fields = {"title": Field("title", required=True), "amount": Field("amount")}
    record = Sheet("record", {"amount": 3})
    assert weights({}, fields, "deal") == {"title": 1}
    assert weights({"record": record}, fields, "deal") == {"amount": 3}
    assert weights({"record": record}, fields, "customer") == {"title": 1}
    assert weights({"record": record}, fields, "deal", "bant") == {}
