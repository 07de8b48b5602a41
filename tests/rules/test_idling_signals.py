"""When an expected close was pushed, has passed; when all hangs on one contact."""

from datetime import date

import pytest

from oppcli.rules.idling import Moved, past_close, pushes, single_thread

A, B, C = "2026-01-01", "2026-02-01", "2026-03-01"


@pytest.mark.parametrize(
    ("moves", "count"),
    [
        ([], 0),
        ([Moved(None, A)], 0),
        ([Moved(None, A), Moved(A, B), Moved(B, C)], 2),
        ([Moved(None, C), Moved(C, B), Moved(B, A)], 0),
        ([Moved(None, A), Moved(A, B), Moved(B, A), Moved(A, B)], 2),
        ([Moved(None, A), Moved(A, None), Moved(None, B)], 1),  # taken out in between
        ([Moved(None, A), Moved(A, B), Moved(B, A, undone=True), Moved(A, B)], 1),
        ([Moved(None, B), Moved(B, A), Moved(A, B, undone=True)], 0),
    ],
)
def test_moves_to_a_later_day_are_counted_and_not_what_was_taken_back(moves: list[Moved], count: int) -> None:
    assert pushes(moves) == count


def test_a_close_has_passed_the_day_after(day: date = date(2026, 1, 1)) -> None:
    assert [past_close(close, day) for close in (None, "2025-12-31", "2026-01-01")] == [False, True, False]


@pytest.mark.parametrize(
    ("contacts", "amount", "middle", "alone"),
    [
        (1, 5, 5.0, True),
        (1, 4, 5.0, False),
        (0, 9, 5.0, False),
        (2, 9, 5.0, False),
        (1, None, 5.0, False),
        (1, 5, None, False),
    ],
)
def test_all_hangs_on_one_contact_where_it_matters(
    contacts: int, amount: int | None, middle: float | None, *, alone: bool
) -> None:
    assert single_thread(contacts, amount, middle) is alone
