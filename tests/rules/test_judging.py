"""Which judgement counts: the nearest above the owner in the lines, of what was said since the deal closed last."""

import pytest

from oppcli.model.judgements import Judgement
from oppcli.model.people import User
from oppcli.rules.judging import holds, nearest

LINES = {"root": None, "wang": "root", "han": "wang", "li": "han", "pia": "root"}
PEOPLE = {login: User(login=login, name=login, manager=manager) for login, manager in LINES.items()}


@pytest.mark.parametrize(
    ("owner", "said", "counts"),
    [
        ("li", "root wang han", "han"),
        ("li", "root wang", "wang"),
        ("han", "han wang root", "wang"),
        ("li", "pia li", None),
        ("root", "wang", None),
        (None, "wang", None),
        ("li", "", None),
    ],
)
def test_the_nearest_above_the_owner_counts_and_nobody_beside_the_line(
    owner: str | None, said: str, counts: str | None
) -> None:
    told = [Judgement(id=at, reason="x", judged_at=at, judged_by=login) for at, login in enumerate(said.split(), 1)]
    found = nearest(told, owner, PEOPLE)
    assert (found and found.judged_by) == counts


def test_of_one_person_what_was_said_last_counts() -> None:
    told = [Judgement(id=2, reason="x", judged_at=5, judged_by="han"), Judgement(id=1, reason="y", judged_by="han")]
    assert nearest(told, "li", PEOPLE) == told[0]


@pytest.mark.parametrize(("closed", "counts"), [(None, True), (4, True), (5, True), (6, False)])
def test_what_was_said_before_a_deal_closed_ended_with_that(closed: int | None, counts: bool) -> None:
    assert holds(5, closed) == counts
