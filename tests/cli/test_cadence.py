"""Cadences of `[follow]`: what a touch opens next where nobody said, by deal and by customer."""

from typing import Any

import pytest
from begun import begun
from command_line import InProcess
from stages import team_policy

POLICY = team_policy(
    """[[stage]]
name = "线索"
kind = "lead"
[[stage]]
name = "赢单"
kind = "won"
[[stage]]
name = "输单"
kind = "lost"
[follow]
cadence = [
  { when = "tier == 'A'", every = "3 workdays" },
  { when = "tier == 'B'", every = "9h" },
  { when = "always", every = "14 days", of = "customer" },
]
""",
    name="cadence",
)
FRIDAY = "2026-11-27T10:00:00+08:00"


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    (opp.folder / "policy.toml").write_text(POLICY, encoding="utf-8")
    opp.env["OPP_NOW"] = FRIDAY
    opp.ok("init --policy policy.toml")
    opp.ok("add One --customer Acme --set tier=A")
    return opp


def open_tasks(opp: InProcess) -> list[tuple[Any, ...]]:
    rows = opp.ok("task list -o json").json
    return [(row["title"], row["due"], row["origin"]) for row in rows]


def test_a_touch_opens_the_next_one_by_the_first_cadence_that_is_true(team: InProcess) -> None:
    assert "next: 跟进, Wed 2 Dec (T-1, yours)" in team.ok("note 1 '电话：hi'").out
    assert open_tasks(team) == [("跟进", "2026-12-02", "cadence")]


def test_hours_are_business_hours_and_an_instant(team: InProcess) -> None:
    team.ok("deal edit D-1 --set tier=B")
    team.ok("note 1 '电话：hi'")
    assert open_tasks(team) == [("跟进", "2026-11-30T02:00:00Z", "cadence")]


def test_the_next_touch_ends_what_came_from_a_cadence_be_it_due_or_not(team: InProcess) -> None:
    team.ok("note 1 '电话：hi'")
    said = team.ok("note 1 '电话：ho'", now="2026-11-30T10:00:00+08:00").out
    assert "next: 跟进, Thu 3 Dec (T-2, yours); T-1 跟进 is done, on time" in said


def test_a_next_date_beats_the_cadence_and_one_beyond_it_is_taken_and_said(team: InProcess) -> None:
    said = team.ok("note 1 '电话：hi -> 2026-12-10 发方案'").out
    assert ("next: 发方案, Thu 10 Dec" in said, "beyond the cadence, which asks for Wed 2 Dec" in said) == (True, True)
    assert open_tasks(team) == [("发方案", "2026-12-10", None)]
    assert "beyond the cadence" in team.ok("task edit T-1 --due 2026-12-11").out


def test_a_mere_note_opens_nothing(team: InProcess) -> None:
    team.ok("note 1 hi")
    assert open_tasks(team) == []


def test_a_closed_deal_has_no_cadence_and_its_customer_has_one(team: InProcess) -> None:
    team.ok("note 1 '电话：hi'")
    team.ok("lose D-1 --reason price")
    assert open_tasks(team) == [("跟进", "2026-12-11", "cadence")]
    team.ok("note 1 '电话：why'")
    assert open_tasks(team) == [("跟进", "2026-12-11", "cadence")]
    assert "next: 跟进, Fri 11 Dec" in team.ok("note C-1 '电话：hi'").out
    assert [row["customer"] for row in team.ok("task list -o json").json] == ["Acme"]


def test_a_touch_of_the_past_counts_from_its_own_day(team: InProcess) -> None:
    team.ok("note 1 '电话：hi' --at '2026-11-26 10:00'")
    assert open_tasks(team) == [("跟进", "2026-12-01", "cadence")]


def test_cadences_read_how_a_deal_has_been_dealt_with(team: InProcess) -> None:
    """A second touch of the month, no contact who decides, its kind of stage: not only its fields."""
    rules = POLICY.replace(
        '  { when = "tier == \'A\'", every = "3 workdays" },',
        '  { when = "touches_30d >= 2 and deciders == 0 and kind == \'lead\'", every = "5 workdays" },\n'
        '  { when = "customer == \'Acme\' and days_in_stage >= 0 and idle_days < 1", every = "2 workdays" },',
    )
    (team.folder / "policy.toml").write_text(rules, encoding="utf-8")
    team.ok("policy apply policy.toml")
    assert "next: 跟进, Tue 1 Dec (T-1, yours)" in team.ok("note 1 '电话：hi'").out
    assert "next: 跟进, Fri 4 Dec (T-2, yours)" in team.ok("note 1 '电话：ho'").out


def test_cadences_of_customers_read_what_was_won(team: InProcess) -> None:
    rules = POLICY.replace('{ when = "always", every = "14 days"', '{ when = "won_deals_365 >= 1", every = "7 days"')
    (team.folder / "policy.toml").write_text(rules, encoding="utf-8")
    team.ok("policy apply policy.toml")
    team.ok("add Two --customer Other --amount 10")
    team.ok("lose D-2 --reason price")
    assert open_tasks(team) == [], "nothing is won of Other"
    team.ok("advance D-1 --to 赢单")
    assert open_tasks(team) == [("跟进", "2026-12-04", "cadence")]
