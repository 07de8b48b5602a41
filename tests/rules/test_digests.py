"""What a digest says, and how long a channel that failed is left in peace."""

import pytest

from oppcli.model.notices import Notice
from oppcli.rules.digests import compose, pause_ms

MINUTE, HOUR = 60_000, 3_600_000


def notice(number: int, kind: str, text: str, request: int | None = None) -> Notice:
    return Notice(id=number, to="wang", kind=kind, text=text, request_id=request)


def test_what_presses_most_stands_first_and_in_each_group_what_is_due_first() -> None:
    notices = [
        notice(1, "cc", "R-9 approved"),
        notice(2, "opened", "R-1 due Friday", 1),
        notice(3, "opened", "R-2 due Monday", 2),
        notice(4, "opened", "R-3 without a due time", 3),
        notice(5, "rejected", "R-8 rejected"),
        notice(6, "escalated", "R-7 is overdue", 7),
    ]
    subject, text = compose(notices, {(1, "A"): 500, (2, "A"): 100, (7, "A"): 10})
    assert subject == "opp: 1 overdue, 3 waiting for your decision, 1 rejected, …"
    assert text.splitlines() == [
        "Overdue (1)",
        "- R-7 is overdue",
        "",
        "Waiting for your decision (3)",
        "- R-2 due Monday",
        "- R-1 due Friday",
        "- R-3 without a due time",
        "",
        "Rejected (1)",
        "- R-8 rejected",
        "",
        "For your information (1)",
        "- R-9 approved",
        "",
        "What waits for your decision: opp inbox",
    ]


def test_the_same_text_stands_once() -> None:
    _, text = compose([notice(1, "reminder", "R-1 上海"), notice(2, "reminder", "R-1 上海")], {})
    assert text.count("R-1 上海") == 1
    assert "Due soon (1)" in text


def test_a_text_of_several_lines_stays_one_point() -> None:
    _, text = compose([notice(1, "reminder", "R-1 waits\nR-1 is overdue")], {})
    assert "- R-1 waits\n  R-1 is overdue\n" in text


@pytest.mark.parametrize(
    ("failures", "pause"),
    [(1, MINUTE), (2, 2 * MINUTE), (3, 4 * MINUTE), (9, 256 * MINUTE), (10, 6 * HOUR), (500, 6 * HOUR)],
)
def test_pauses_double_from_a_minute_to_six_hours(failures: int, pause: int) -> None:
    assert pause_ms(failures) == pause
