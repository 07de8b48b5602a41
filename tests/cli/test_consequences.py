"""What follows when a deal is closed or taken away: its promises end in the same transaction, and reopening revives
none."""

import pytest
from begun import begun
from command_line import InProcess

CLOSING = ("lose D-1 --reason price", "withdraw D-1 -m typo")


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    opp.ok("init --template b2b")
    opp.ok("add Pump --customer Acme --set 'next_step=send offer' --set next_step_on=2026-03-09")
    return opp


def step(opp: InProcess) -> tuple[str | None, str | None]:
    deal = opp.ok("deal show D-1 -o json").json
    return deal["next_step"], deal["next_step_on"]


@pytest.mark.parametrize("line", CLOSING)
def test_a_deal_that_is_closed_or_taken_back_has_no_next_step(team: InProcess, line: str) -> None:
    assert step(team) == ("send offer", "2026-03-09")
    assert "cancelled with it: T-1 send offer" in team.ok(line).out
    assert step(team) == (None, None)


def test_reopening_revives_none(team: InProcess) -> None:
    team.ok("lose D-1 --reason price")
    team.ok("deal reopen D-1 -m again")
    assert step(team) == (None, None)


def test_undo_of_a_loss_gives_the_next_step_back(team: InProcess) -> None:
    team.ok("lose D-1 --reason price")
    team.ok("undo")
    assert step(team) == ("send offer", "2026-03-09")
