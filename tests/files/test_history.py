"""Stage dates of a row → stays: tables of cases, no database."""

from typing import Any

import pytest

from oppcli.files.history import History, history, tells
from oppcli.files.reading import Problem
from oppcli.model.policy import StageRule

LEAD, OFFER, TALKS = StageRule(name="Lead", kind="lead"), StageRule(name="Offer"), StageRule(name="Talks")
WON, LOST = StageRule(name="Won", kind="won"), StageRule(name="Lost", kind="lost")


Stays = tuple[tuple[str, int | None, int | None], ...]


def past(stage: str, ends: bool, stays: Stays, *rest: Any) -> History:
    """What is known of a deal whose stays no system is known to have told."""
    return History(stage, ends, tuple((*stay, "") for stay in stays), *rest)


def shown(at: int) -> str:
    return f"day {at}"


@pytest.mark.parametrize(
    ("stage", "entered", "created", "expected"),
    [
        # Nothing is known but where it is.
        (LEAD, [], None, past("Lead", False, (("Lead", None, None),), None, None, None)),
        (WON, [], 5, past("Won", True, (("Won", None, None),), 5, None, None)),
        # Each stay ends where the next begins.
        (WON, [(1, OFFER), (4, WON)], None, past("Won", True, (("Offer", 1, 4), ("Won", 4, None)), 1, 4, "Offer")),
        (
            LOST,
            [(1, LEAD), (2, OFFER), (4, LOST)],
            3,
            past("Lost", True, (("Lead", 1, 2), ("Offer", 2, 4), ("Lost", 4, None)), 1, 4, "Offer"),
        ),
        # Created before the first stage it has a date for.
        (OFFER, [(3, OFFER)], 1, past("Offer", False, (("Offer", 3, None),), 1, None, None)),
        # Two on one day: the order of the pipeline.
        (WON, [(1, OFFER), (1, WON)], None, past("Won", True, (("Offer", 1, 1), ("Won", 1, None)), 1, 1, "Offer")),
        # An end tells nothing of the creation: no span of no days, and none that would be negative, is made up.
        (WON, [(4, WON)], None, past("Won", True, (("Won", 4, None),), None, 4, None)),
        (WON, [(4, WON)], 6, past("Won", True, (("Won", 4, None),), 6, 4, None)),
        (WON, [(3, OFFER), (4, WON)], 6, past("Won", True, (("Offer", 3, 4), ("Won", 4, None)), 3, 4, "Offer")),
        # It went back: the dates say so.
        (
            OFFER,
            [(2, TALKS), (5, OFFER)],
            None,
            past("Offer", False, (("Talks", 2, 5), ("Offer", 5, None)), 2, None, None),
        ),
        (
            WON,
            [(7, OFFER), (3, TALKS), (9, WON)],
            None,
            past("Won", True, (("Talks", 3, 7), ("Offer", 7, 9), ("Won", 9, None)), 3, 9, "Offer"),
        ),
        # The end of the stay in Offer is unknown: it is left out, its date counts all the same.
        (WON, [(3, OFFER)], None, past("Won", True, (("Won", None, None),), 3, None, "Offer")),
        (
            WON,
            [(1, LEAD), (3, OFFER)],
            None,
            past("Won", True, (("Lead", 1, 3), ("Won", None, None)), 1, None, "Offer"),
        ),
    ],
)
def test_stays_are_what_the_dates_show(
    stage: StageRule, entered: list[tuple[int, StageRule]], created: int | None, expected: History
) -> None:
    found = history(stage, entered, created, shown)
    assert isinstance(found, History)
    assert found._replace(entered=(), visits=tuple((*stay[:3], "") for stay in found.visits)) == expected
    assert list(found.entered) == sorted(entered, key=lambda dated: dated[0])


@pytest.mark.parametrize(
    ("stage", "entered", "said"),
    [
        (WON, [(5, OFFER), (4, WON)], "Offer was entered on day 5, after Won (day 4), where it is"),
        (OFFER, [(1, LEAD), (9, TALKS), (4, OFFER)], "Talks was entered on day 9, after Offer (day 4), where it is"),
    ],
)
def test_a_date_after_that_of_the_stage_it_is_in_is_a_problem(
    stage: StageRule, entered: list[tuple[int, StageRule]], said: str
) -> None:
    found = history(stage, entered, None, shown)
    assert (type(found), found) == (Problem, said)


def test_a_date_for_an_ending_counts_only_where_the_deal_ended_so() -> None:
    assert [tells(stage, OFFER) for stage in (LEAD, OFFER, TALKS, WON, LOST)] == [True, True, True, False, False]
    assert [tells(stage, WON) for stage in (LEAD, OFFER, TALKS, WON, LOST)] == [True, True, True, True, False]
