"""The first of a sorted list are those that the whole list begins with, whether a database chose them or not."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from begun import begun
from command_line import InProcess

from oppcli import store
from oppcli.model.deals import Deal, Visit
from oppcli.model.journal import Stamp
from oppcli.reads import deal_row, deals
from oppcli.reads.own import Own

NAMES = ("id", "amount", "created_at", "updated_at", "closed_at", "expected_close", "version", "title", "stage")


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """Sixty deals, many with the same values or none; twenty more in another currency are tagged."""
    opp, draw = opp_on_both, random.Random(7)
    opp.ok("init --template b2b --lang en")
    stages = ("Lead", "Qualification", "Solution")
    with store.open_write(opp.env["OPP_DB"], Stamp(now=1_772_442_000_000, actor="wang", command="test")) as door:
        for number in range(80):
            at = draw.choice((1000, 2000, 3000))
            made = Deal(title=draw.choice("abc"), stage=draw.choice(stages), owner="wang", created_at=at)
            other = {"currency": "EUR", "tags": ("other",)} if number % 4 == 0 else {"currency": "USD"}
            door.add(
                replace(
                    made,
                    amount=draw.choice((None, 100, 200, 300)),
                    closed_at=draw.choice((None, None, 5000, 6000)),
                    expected_close=draw.choice((None, "2026-05-01", "2026-06-01")),
                    visits=(Visit(stage=made.stage, entered_at=at),),
                    **other,
                )
            )
    return opp


def orders() -> list[str]:
    signed = [sign + name for name in NAMES for sign in ("", "-")]
    return [*signed, *(f"{one},{other}" for one, other in random.Random(1).sample([*product(signed, signed)], 16))]


@pytest.mark.parametrize("flags", ["--tag !other", "", "--in USD", "-w 'amount > 1'"])
def test_the_first_are_those_that_all_begin_with(team: InProcess, flags: str) -> None:
    team.ok("rate add EUR USD 2 --day 2020-01-01")
    for order in orders():
        whole = team.ok(f"ls {flags} --sort {order} --csv").out.splitlines()
        assert team.ok(f"ls {flags} --sort {order} -L 9 --csv").out.splitlines() == whole[:10], order


def test_no_more_are_read_than_are_wanted(team: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def counted(beside: Sequence[Own]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
        shape = deal_row.shaper(beside)

        def one(row: Sequence[Any]) -> tuple[Any, ...]:
            read.append(1)
            return shape(row)

        return one

    monkeypatch.setattr(deals, "shaper", counted)
    for flags, many in (("--tag !other", 9), ("", 80)):  # of two currencies none is more than the other
        read.clear()
        team.ok(f"ls {flags} --sort -amount -L 9 --csv")
        assert len(read) == many


def test_what_is_sorted_by_another_column_too_keeps_that_order_within_an_instant(team: InProcess) -> None:
    rows = team.ok("ls --sort -created_at,title -c created_at,title --json").json
    assert rows == sorted(sorted(rows, key=lambda row: row["title"]), key=lambda row: row["created_at"], reverse=True)
