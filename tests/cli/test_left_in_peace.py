"""`quiet_until`: the day before which nobody may contact a customer."""

from typing import Any

import pytest
from begun import begun
from command_line import InProcess
from test_cadence import FRIDAY, POLICY

QUIET = "warning: the customer is not to be contacted before Wed 16 Dec\n"


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """D-1 of Acme has a next step; Acme is to be left in peace until 16 December."""
    opp = opp_on_both
    (opp.folder / "policy.toml").write_text(POLICY, encoding="utf-8")
    opp.env["OPP_NOW"] = FRIDAY
    opp.ok("init --policy policy.toml")
    opp.ok("add One --customer Acme --set tier=A")
    return opp


def due(opp: InProcess) -> list[Any]:
    return [row["due"] for row in opp.ok("task list -o json").json]


def test_a_cadence_plans_nothing_before_the_day(team: InProcess) -> None:
    team.ok("customer edit C-1 --quiet-until 2026-12-16")
    noted = team.ok("note 1 '电话：hi' --inbound")
    assert ("next: 跟进, Wed 16 Dec" in noted.out, noted.err, due(team)) == (True, "", ["2026-12-16"])


def test_a_cadence_of_business_hours_neither(team: InProcess) -> None:
    team.ok("customer edit C-1 --quiet-until 2026-12-16")
    team.ok("deal edit D-1 --set tier=B")
    team.ok("note 1 '电话：hi' --inbound")
    assert due(team) == ["2026-12-16"]


def test_a_cadence_that_is_later_stays_as_it_is(team: InProcess) -> None:
    team.ok("customer edit C-1 --quiet-until 2026-11-30")
    team.ok("note 1 '电话：hi' --inbound")
    assert due(team) == ["2026-12-02"]


def test_of_a_customer_without_a_live_deal_it_is_the_same(team: InProcess) -> None:
    team.ok("customer edit C-1 --quiet-until 2026-12-16")
    team.ok("lose D-1 --reason other")
    assert due(team) == ["2026-12-16"]
    team.ok("note C-1 '电话：hi' --inbound")
    assert due(team) == ["2026-12-16"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("note 1 '电话：hi' --next 2026-12-20", QUIET),
        ("note C-1 '电话：hi' --next 2026-12-20", QUIET),
        ("note 1 'busy' --next 2026-12-04", QUIET),
        ("note 1 '电话：hi' --inbound --next 2026-12-16", ""),
        ("note 1 'a thought'", ""),
        ("note 1 '电话：hi' --at '2026-11-20 10:00' --next 2026-12-20", ""),
    ],
)
def test_a_contact_or_a_date_before_it_is_kept_and_said(team: InProcess, line: str, told: str) -> None:
    team.ok("customer edit C-1 --quiet-until 2026-12-16")
    assert team.ok(line).err == told
    assert len(team.ok("activity list -o json").json) == 1


def test_who_sets_it_is_told_what_is_planned_before_and_moves_it(team: InProcess) -> None:
    team.ok("note 1 'busy' --next 2026-12-04 --what offer")
    set_ = team.ok("customer edit C-1 --quiet-until 2026-12-16")
    assert "planned before: offer, Fri 4 Dec (opp task edit T-1 --due 2026-12-16)" in set_.out
    assert team.ok("task edit T-1 --due 2026-12-08").err == QUIET
    assert team.ok("task edit T-1 --due 2026-12-16").err == ""
    assert "planned before" not in team.ok("customer edit C-1 --quiet-until 2026-12-15").out


def test_from_the_day_on_it_is_nothing(team: InProcess) -> None:
    team.ok("customer edit C-1 --quiet-until 2026-12-16")
    team.env["OPP_NOW"] = "2026-12-16T10:00:00+08:00"
    assert team.ok("note 1 '电话：hi'").err == ""
