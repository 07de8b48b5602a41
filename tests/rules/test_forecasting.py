"""What a deal weighs in the forecast, where it stands in it, and how far what is open covers a target."""

from fractions import Fraction

import pytest

from oppcli.model.deals import Deal
from oppcli.model.policy import Policy, StageRule
from oppcli.rules.fields import problems
from oppcli.rules.forecasting import category, coverage, weighted


def test_a_weight_is_rounded_half_up_for_each_deal() -> None:
    assert 2 * weighted(123_450, 25) == 61_726
    assert [weighted(minor, 50) for minor in (0, 1, 2, 3)] == [0, 1, 1, 2]
    assert (weighted(99, 0), weighted(99, 100)) == (0, 99)


@pytest.mark.parametrize(
    ("kind", "own", "stage", "found"),
    [
        ("open", None, None, "pipeline"),
        ("open", None, "best", "best"),
        ("open", "commit", "best", "commit"),
        ("lead", None, None, "omitted"),
        ("lead", None, "pipeline", "pipeline"),
        ("lead", "best", None, "best"),
        ("won", "commit", "best", "closed"),
        ("lost", "commit", "best", None),
    ],
)
def test_a_deal_has_its_own_category_else_that_of_its_stage(
    kind: str, own: str | None, stage: str | None, found: str | None
) -> None:
    assert category(kind, own, stage) == found


def test_a_closed_deal_has_no_category_of_its_own() -> None:
    stages = tuple(StageRule(kind, kind=kind) for kind in ("lead", "open", "won", "lost"))
    policy = Policy("team", "CNY", "cn", (), stages, {}, {})
    wrong = [stage.name for stage in stages if problems(Deal(title="d", stage=stage.name, category="best"), policy)]
    assert wrong == ["won", "lost"]
    assert problems(Deal(title="d", stage="won"), policy) == ()


def test_what_is_open_covers_what_a_target_still_lacks() -> None:
    assert coverage(150, 200, 100) == Fraction(3, 2)
    assert coverage(150, None, 100) is None
    assert coverage(0, 100, 100) is True
    assert coverage(0, 100, 101) is True
