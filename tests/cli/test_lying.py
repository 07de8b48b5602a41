"""Deals that nobody moves: a touch keeps a deal fresh, a note and another owner do not; one rule for list, card, report
and next."""

import re

import pytest
from begun import begun
from command_line import InProcess
from stages import team_policy

POLICY = team_policy(
    """[[stage]]
name = "Lead"
kind = "lead"
rotting = "16h"
max_gap = "7 days"
[[stage]]
name = "Quote"
target = "8h"
rotting = "16h"
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Lost"
kind = "lost"
[follow]
kinds = { demo = ["演示"] }
touch = ["call", "visit", "demo"]
""",
    hours='"09:00-17:00"',
)
MONDAY = "2026-11-23T09:00:00+08:00"
WEDNESDAY = "2026-11-25T09:00:01+08:00"  # two business days and a second later


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    (opp.folder / "policy.toml").write_text(POLICY, encoding="utf-8")
    opp.ok("init --policy policy.toml", now=MONDAY)
    opp.ok("user add li", now=MONDAY)
    opp.env["OPP_NOW"] = MONDAY
    opp.ok("add One")
    opp.ok("add Two")
    return opp


def rotting(opp: InProcess, now: str = WEDNESDAY) -> list[str]:
    return opp.ok("ls --rotting --ids", now=now).out.split()


def test_a_deal_rots_when_its_stages_hours_are_over_and_not_at_the_last_of_them(team: InProcess) -> None:
    assert rotting(team, "2026-11-24T17:00:00+08:00") == []
    assert rotting(team) == ["D-1", "D-2"]


@pytest.mark.parametrize(
    ("line", "fresh"),
    [
        (("note", "1", "call: hi"), True),
        (("note", "1", "演示：第一次"), True),
        (("note", "1", "mail: hi"), False),  # this team does not count mails
        (("note", "1", "they bought a printer"), False),
        (("deal", "edit", "D-1", "--amount", "5"), False),
        (("deal", "assign", "D-1", "--to", "li"), False),
        (("advance", "D-1"), True),
    ],
)
def test_a_touch_or_a_move_by_a_person_keeps_it_fresh_and_nothing_else(
    team: InProcess, line: tuple[str, ...], fresh: bool
) -> None:
    team.ok(*line, now="2026-11-24T09:00:00+08:00")
    assert rotting(team) == (["D-2"] if fresh else ["D-1", "D-2"])


def test_a_touch_counts_at_its_own_instant_and_no_more_when_it_was_taken_back(team: InProcess) -> None:
    team.ok("note 1 'call: x' --at '2026-11-20 10:00'", now="2026-11-24T09:00:00+08:00")
    assert rotting(team) == ["D-1", "D-2"]
    team.ok("note 1 'call: x'", now="2026-11-24T09:00:00+08:00")
    assert rotting(team) == ["D-2"]
    team.ok("undo", now="2026-11-24T09:00:00+08:00")
    assert rotting(team) == ["D-1", "D-2"]


def test_a_touch_by_a_service_is_none(team: InProcess) -> None:
    team.ok("user add bot --role service")
    team.ok("note 1 'call: x'", user="bot", now="2026-11-24T09:00:00+08:00")
    assert rotting(team) == ["D-1", "D-2"]


def test_list_card_report_and_next_say_the_same(team: InProcess) -> None:
    team.ok("note 1 'call: x -> 30 Nov y'", now="2026-11-24T09:00:00+08:00")
    stuck = {row["deal"]: row["signals"] for row in team.ok("report stuck -o json", now=WEDNESDAY).json}
    listed = team.ok("next -o json", now=WEDNESDAY).json
    found = {
        "list": rotting(team),
        "report": [deal for deal, signals in stuck.items() if "rotting" in signals],
        "next": [row["ref"] for row in listed if row["kind"] == "rotting"],
        "card": [deal for deal in ("D-1", "D-2") if "rotting:" in team.ok(f"show {deal}", now=WEDNESDAY).out],
    }
    assert {tuple(deals) for deals in found.values()} == {("D-2",)}


def test_a_deal_without_a_next_step_or_with_one_beyond_the_gap_is_listed(team: InProcess) -> None:
    team.ok("note 1 'call: x -> 30 Nov y'")
    assert team.ok("ls --nostep --ids").out.split() == ["D-2"]
    team.ok("task edit T-1 --due 2026-12-01")  # more than 7 days after the last touch
    assert team.ok("ls --nostep --ids").out.split() == ["D-1", "D-2"]


def test_a_deal_over_its_stages_target_is_listed_with_its_idle_hours(team: InProcess) -> None:
    team.ok("advance D-1")
    assert team.ok("ls --over-target --ids", now="2026-11-23T17:00:00+08:00").out.split() == []
    (row,) = team.ok("ls --over-target -o json", now="2026-11-24T10:00:00+08:00").json
    assert (row["id"], row["idle_hours"]) == ("D-1", 9)


def test_a_closed_deal_does_not_rot(team: InProcess) -> None:
    team.ok("lose D-1 --reason price")
    assert rotting(team) == ["D-2"]


def test_a_note_never_writes_the_deals_row(team: InProcess) -> None:
    before = team.ok("deal show D-1 -o json").json
    team.ok("note 1 'call: x'")
    after = team.ok("deal show D-1 -o json").json
    assert {name: before[name] for name in ("version", "updated_at")} == {
        name: after[name] for name in ("version", "updated_at")
    }
    assert re.search(r"idle_hours", team.ok("report stuck --csv", now=WEDNESDAY).out)
