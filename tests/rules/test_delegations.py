"""What keeps a delegation from being made, and when it runs."""

from dataclasses import replace
from typing import Any

import pytest

from oppcli.model.people import Delegation, User
from oppcli.rules import delegations

USERS = {login: User(login=login, name=login, active=login != "gone") for login in ("wang", "zhou", "gone")}
GOOD = Delegation(frm="wang", to="zhou", starts_at=100, ends_at=200, types=("quote",), max_amount=5)


def wrong(new: Delegation, known: tuple[Delegation, ...] = (), now: int = 100) -> list[str]:
    return [reason.what for reason in delegations.problems(new, USERS, {"quote", "risk"}, known, now)]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({}, []),
        ({"types": ()}, []),
        ({"max_amount": None}, []),
        ({"to": "wang"}, ["--to"]),
        ({"to": "gone"}, ["--to"]),
        ({"frm": "gone"}, ["--from"]),
        ({"starts_at": 99}, ["--start"]),
        ({"ends_at": 100}, ["--end"]),
        ({"types": ("quote", "qoute")}, ["--type"]),
        ({"max_amount": 0}, ["--max-amount"]),
        ({"to": "wang", "starts_at": 1, "ends_at": 1, "types": ("x",)}, ["--to", "--start", "--end", "--type"]),
    ],
)
def test_everything_wrong_with_a_delegation_is_said_at_once(change: dict[str, Any], what: list[str]) -> None:
    assert wrong(replace(GOOD, **change)) == what


@pytest.mark.parametrize(
    ("window", "types", "refused"),
    [((150, 250), ("quote",), True), ((200, 300), ("quote",), False), ((150, 250), ("risk",), False)],
)
def test_the_same_delegation_is_not_made_twice_for_one_time(
    window: tuple[int, int], types: tuple[str, ...], refused: bool
) -> None:
    known = replace(GOOD, id=3, starts_at=window[0], ends_at=window[1], types=types)
    assert wrong(GOOD, (known,)) == (["window"] if refused else [])


@pytest.mark.parametrize(("now", "state"), [(99, "upcoming"), (100, "active"), (199, "active"), (200, "ended")])
def test_the_window_is_half_open(now: int, state: str) -> None:
    assert delegations.state(GOOD, now) == state
