"""In which row of the bridge a deal stands: the first that applies."""

from typing import Any

import pytest

from oppcli.model.bridge import MEASURES
from oppcli.rules.bridge import Place, State, moves, reason

LEAD, OFFER, TALKS = Place("lead", 0, 5, None), Place("open", 1, 25, None), Place("open", 2, 60, "best")
WON, LOST = Place("won", 3, 100, None), Place("lost", 4, 0, None)
BASE = State(1, OFFER, 1000, "CNY", None, None, "2026-11-30", counted=True)


def so(**more: Any) -> State:
    return BASE._replace(**more)


GONE = so(counted=False)
CASES: list[tuple[State | None, State | None, tuple[str | None, str | None, str | None]]] = [
    (None, None, (None,) * 3),
    (None, so(), ("new",) * 3),
    (None, so(stage=3, place=WON), ("through",) * 3),
    (None, so(stage=4, place=LOST), ("through",) * 3),
    (None, GONE, (None,) * 3),
    (None, so(within=False), (None,) * 3),
    (so(), so(), (None,) * 3),
    (so(), so(stage=3, place=WON, amount=2000), ("won",) * 3),
    (so(), so(stage=4, place=LOST, within=False), ("lost",) * 3),
    (so(), so(stage=3, place=WON, counted=False), ("withdrawn",) * 3),
    (so(stage=3, place=WON), so(), ("reopened",) * 3),
    (so(stage=3, place=WON), so(stage=4, place=LOST), (None,) * 3),
    (so(stage=3, place=WON, counted=False), so(), ("reopened",) * 3),
    (GONE, so(amount=5), ("restored",) * 3),
    (GONE, GONE, (None,) * 3),
    (so(within=False), so(amount=5), ("in",) * 3),
    (so(within=False), so(stage=3, place=WON), (None,) * 3),
    (so(), so(within=False), ("out",) * 3),
    (so(), so(amount=1001), ("amount_up", "amount_up", None)),
    (so(), so(amount=None), ("amount_down", "amount_down", None)),
    (so(), so(amount=999, stage=2, place=TALKS), ("amount_down", "amount_down", None)),
    (so(), so(stage=2, place=TALKS), (None, "prob_up", None)),
    (so(), so(probability=10), (None, "prob_down", None)),
    (so(), so(category="omitted"), (None, "prob_down", None)),
    (so(stage=0, place=LEAD), so(), (None, "prob_up", None)),
    (so(), so(place=OFFER._replace(probability=30)), (None, "rules", None)),
    (so(), so(place=OFFER._replace(category="omitted")), (None, "rules", None)),
    (so(), so(probability=25), (None,) * 3),
    (so(), so(currency="USD", amount=2000), ("other", "other", None)),
]


@pytest.mark.parametrize(("before", "after", "expected"), CASES)
def test_a_deal_stands_in_the_first_row_that_applies(
    before: State | None, after: State | None, expected: tuple[str | None, ...]
) -> None:
    def worth(state: State | None, measure: str) -> int:
        return state.worth(state.amount, measure) if state is not None and state.open else 0

    pairs = [(measure, (worth(before, measure), worth(after, measure))) for measure in MEASURES]
    assert tuple(reason(before, after, pair, measure) for measure, pair in pairs) == expected
    unexplained = [pair for (_, pair), row in zip(pairs, expected, strict=True) if row is None and pair[0] != pair[1]]
    assert unexplained == []


def test_what_is_worth_more_without_being_touched_is_so_by_its_rate() -> None:
    assert reason(so(), so(), (7000, 7100), "amount") == "rate"
    assert reason(so(), so(amount=1001), (7000, 6900), "amount") == "amount_up"


def test_moves_are_those_of_what_stayed_open() -> None:
    assert list(moves(so(), so(stage=2, place=TALKS, close="2026-12-01"))) == ["forward", "pushed"]
    assert list(moves(so(), so(stage=0, place=LEAD, close="2026-11-29"))) == ["back", "pulled"]
    assert list(moves(so(), so(stage=3, place=WON, close="2026-12-01"))) == []
    assert list(moves(so(), so(close=None))) == []
