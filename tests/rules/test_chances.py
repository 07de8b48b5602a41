"""How likely deals are won: a made-up past whose truth is known, a table of small figures, and what is too little."""

import random
from math import log

import pytest

from oppcli.rules.chances import Bayes, Lacking, Model, Past, Priced, auc, brier, calibrated, learnt, logistic, tenth_of
from oppcli.rules.statistics import wilson

SOURCES = {"fair": (30, 10), "web": (25, 15), "call": (20, 20), "friend": (15, 15), "list": (7, 20), "cold": (3, 20)}
REGIONS = {"N": (40, 20), "S": (30, 30), "E": (20, 30), None: (10, 20)}
"""Value → how many in a hundred of the won, and of the lost deals have it."""
WON = 0.4


def made(count: int, seed: int) -> list[tuple[Past, float]]:
    """Deals and how likely each truly was, by Bayes' theorem."""
    dice, found = random.Random(seed), []
    for _ in range(count):
        won = dice.random() < WON
        values = [
            dice.choices([*each], [shares[not won] for shares in each.values()])[0] for each in (SOURCES, REGIONS)
        ]
        odds = WON / (1 - WON) * SOURCES[values[0]][0] / SOURCES[values[0]][1]
        odds *= REGIONS[values[1]][0] / REGIONS[values[1]][1]
        found.append((Past((*values, dice.random() * 100), won), odds / (1 + odds)))
    return found


def test_a_past_whose_truth_is_known_is_told_within_its_own_intervals() -> None:
    model = learnt([each for each, _ in made(10_000, 1)])
    assert isinstance(model, Model)
    new = made(3_000, 2)
    told = [(model.p(each.values), each.won) for each, _ in new]
    truth = [(share, each.won) for each, share in new]
    groups: dict[int, list[tuple[float, bool]]] = {}
    for one in told:
        groups.setdefault(tenth_of(one[0]), []).append(one)
    inside = []
    for found in groups.values():
        low, high = wilson(sum(won for _, won in found), len(found))
        inside.append(low <= sum(p for p, _ in found) / len(found) <= high)
    assert inside.count(False) <= 1
    scores = auc(told), auc(truth), brier(told), brier(truth)
    assert scores[0] is not None and scores[1] is not None and scores[0] > scores[1] - 0.01
    assert scores[2] is not None and scores[3] is not None and scores[2] < scores[3] + 0.005
    chance = model.chance(("fair", "N", 90.0))
    assert chance.low <= chance.p <= chance.high and chance.of > 30


def test_the_evidence_is_what_the_shares_say() -> None:
    past = (
        [Past(("a",), at < 20) for at in range(30)] + [Past(("b",), at < 5) for at in range(20)] + [Past(("c",), True)]
    )
    bayes = Bayes(past)
    prior = log(27 / 26)
    assert bayes.z(("A ",)) == pytest.approx(prior + log(21 / 29) - log(11 / 28))
    assert bayes.z(("c",)) == bayes.z(("new",)) == pytest.approx(prior + log(2 / 29) - log(1 / 28))


def test_a_number_is_cut_into_five_and_empty_is_a_value() -> None:
    past = [Past((at,), at >= 50) for at in range(100)] + [Past((None,), True)] * 10
    bayes = Bayes(past)
    assert bayes.fields[0].cuts == (20, 40, 60, 80)
    assert bayes.z((19,)) < bayes.z((20,)) + 1e-9 and bayes.z((99,)) > bayes.z((0,))
    assert bayes.z((None,)) > bayes.z((0,))


@pytest.mark.parametrize(
    ("told", "area"),
    [
        ([(0.9, True), (0.1, False)], 1.0),
        ([(0.1, True), (0.9, False)], 0.0),
        ([(0.5, True), (0.5, False)], 0.5),
        ([(0.8, True), (0.4, True), (0.6, False), (0.2, False)], 0.75),
        ([(0.8, True)], None),
    ],
)
def test_the_area_counts_pairs_that_are_told_in_order(told: list[tuple[float, bool]], area: float | None) -> None:
    assert auc(told) == area


def test_the_slope_brings_what_was_told_to_what_came_true() -> None:
    pairs = [(2.0, at < 6) for at in range(10)] + [(-2.0, at < 4) for at in range(10)]
    a, b = calibrated(pairs)
    assert a == pytest.approx(0, abs=1e-6)
    assert b == pytest.approx(log(1.5) / 2, abs=1e-6)
    assert logistic(-800) == 0 and logistic(800) == 1


def test_too_few_are_no_number() -> None:
    past = [Past(("a",), at < 29) for at in range(100)]
    assert learnt(past) == Lacking(29, 71)
    assert brier([]) is None


def test_money_is_cut_within_its_currency() -> None:
    """100 of one currency are not 100 of another: what is large in one is small in the other."""
    amounts = [("USD", at) for at in range(100)] + [("JPY", at * 1_000) for at in range(100)]
    past = [Past((Priced(code, minor),), minor >= (50 if code == "USD" else 50_000)) for code, minor in sorted(amounts)]
    model = Bayes(past)
    assert model.z((Priced("USD", 90),)) > 1 > -1 > model.z((Priced("JPY", 90),))
    assert model.z((Priced("JPY", 90_000),)) > 1 > -1 > model.z((Priced("USD", 9),))
    assert model.z((Priced("EUR", 90),)) == model.z((Priced("GBP", 5),))  # never seen
