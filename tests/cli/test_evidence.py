"""What `request show` tells beside the request: how far it is, its customer, closed deals like it; and `--brief`."""

import json
from typing import Any

import pytest
from approvals_office import Office
from begun import begun
from command_line import InProcess


@pytest.fixture
@begun
def office(opp_on_both: InProcess) -> Office:
    """R-1 quote waits for its first step."""
    made = Office(opp_on_both)
    made.deal()
    made.ok("li", "submit D-1 quote")
    return made


def shown(office: Office, at: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(office.ok("wang", "request show R-1 --json", at=at).out)
    return found


def test_progress_is_the_step_that_stands_and_the_business_hours_left_of_it(office: Office) -> None:
    first = shown(office, "09 11:00")["progress"]
    later = shown(office, "09 11:30")["progress"]
    assert (first["step"], later["step"]) == (1, 1)
    assert first["left"] - later["left"] == pytest.approx(0.5)
    office.ok("wang", "approve R-1", at="09 11:30")
    assert shown(office, "09 11:30")["progress"]["step"] == 2


def test_of_few_closed_deals_it_says_so(office: Office) -> None:
    assert shown(office, "09 11:00")["similar"] == []
    assert "too few closed deals" in office.ok("wang", "request show R-1", at="09 11:00").out


def test_brief_leaves_out_what_is_not_where_it_stands_and_what_may_be_done(office: Office) -> None:
    whole = office.ok("wang", "request show R-1", at="09 11:00").out
    brief = office.ok("wang", "request show R-1 --brief", at="09 11:00").out
    assert all(title in whole for title in ("Shown to", "Steps:", "Closed deals like it:", "You may:"))
    assert [title in brief for title in ("Shown to", "You may:", " bh left")] == [True] * 3
    assert not any(title in brief for title in ("Steps:", "Decisions:", "Files:", "Closed deals", "Customer:"))
