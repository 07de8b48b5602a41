"""Whom a notice goes to, and in which zone an instant is told, on both engines."""

from typing import Any

import pytest

from oppcli.actions.act import Act
from oppcli.actions.telling import tell
from oppcli.model.journal import Stamp
from oppcli.model.notices import Notice
from oppcli.model.people import User
from oppcli.policy import read, template

MONDAY = 1_772_442_000_000
"""Mon 2 Mar 2026 17:00 in Shanghai, 09:00 UTC."""
NOTICE = Notice(to="", kind="task", text="call them")


@pytest.fixture
def act(door: Any) -> Act:
    """wang acts; zhou has left."""
    for login, active in (("wang", True), ("li", True), ("zhou", False)):
        door.add(User(login=login, name=login, active=active))
    door.begin(Stamp(actor="wang", now=MONDAY, command="test"))
    return Act(door, rules=lambda _: read(template("b2b", "zh")))


def test_each_active_person_but_who_acts_is_told_once_as_of_now(act: Act) -> None:
    assert tell(act, ["li", None, "wang", "zhou", "nobody", "li"], NOTICE) == ("li",)
    assert [(each.to, each.text, each.at) for each in act.door.find(Notice)] == [("li", "call them", MONDAY)]


def test_who_acts_is_told_as_well_where_that_is_said(act: Act) -> None:
    assert tell(act, ["wang", "zhou", "li"], NOTICE, myself=True) == ("wang", "li")


def test_an_instant_is_told_in_the_zone_of_who_acts_else_in_that_of_the_calendar(act: Act) -> None:
    assert (act.zone, str(act.when(MONDAY)), act.today.isoformat()) == ("", "Mon 2 Mar 17:00", "2026-03-02")
    act.zone = "Asia/Tokyo"
    assert (str(act.when(MONDAY)), act.today.isoformat()) == ("Mon 2 Mar 18:00", "2026-03-02")
    act.zone = "Pacific/Auckland"
    assert (str(act.when(MONDAY + 12 * 3_600_000)), str(act.today)) == ("Tue 3 Mar 10:00", "2026-03-02")
