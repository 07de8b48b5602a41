"""Risks of imports: deals beyond a gate without its approval, approvals that count, months that were over."""

from pathlib import Path

import pytest
from command_line import InProcess
from team import Team

DEALS = """
system = "crm"
[fields]
external_id = "id"
title = "title"
stage = "stage"
owner = "owner"
amount = "amount"
created_at = "created"
entered_at = "closed"
close_reason = "why"
"""
CASES = """
kind = "requests"
system = "old"
[fields]
external_id = "case"
type = { constant = "quote" }
activity = "what"
at = "when"
person = "who"
[activities]
sent = "submit"
yes = { boss = "final", else = "final" }
[deal]
external_id = "case"
title = { template = "Case {case}" }
stage = { constant = "Offer" }
"""


@pytest.fixture
def team(opp: InProcess) -> Team:
    return Team(opp)


def load(team: Team, *rows: str, at: str, more: str = "", who: str = "ann") -> str:
    """Rows of deals, imported."""
    folder = Path(team.opp.folder)
    (folder / "deals.toml").write_text(DEALS)
    (folder / "deals.csv").write_text("\n".join(("id,title,stage,owner,amount,created,closed,why", *rows)))
    return team(who, f"import deals.csv --mapping deals.toml {more}", at=at).out


def test_deals_imported_beyond_a_gate_after_the_first_day_are_told_once_for_the_file(team: Team) -> None:
    load(
        team,
        "a,A,Contract,dan,600000,2026-03-01,,",
        "b,B,Won,eve,700000,2026-03-01,2026-03-05,",
        "c,C,Offer,dan,800000,2026-03-01,,",  # before the gate
        "d,D,Contract,dan,90000,2026-03-01,,",  # too small for a quote
        "e,E,Lost,dan,900000,2026-03-01,2026-03-04,price",
        at="10 09:00",
    )
    (row,) = team.risks("--risk import")
    assert (row["who"], row["deal"], row["amount"]) == ("ann", "D-1, D-2", "1300000.00")
    assert row["what"] == "2 deals beyond a gate without quote"


def test_what_was_imported_on_the_first_day_or_approved_here_since_is_none(opp: InProcess) -> None:
    team = Team(opp)
    load(team, "a,A,Contract,dan,600000,2026-01-01,,", at="0105 18:00")
    assert team.risks("--all --risk import") == []
    load(team, "b,B,Contract,dan,600000,2026-03-01,,", at="10 09:00")
    assert [row["deal"] for row in team.risks("--all --risk import")] == ["D-2"]
    team("dan", "deal edit D-2 --set margin=20")
    team.approved(team.quote("D-2"), at="10 10:00")
    assert team.risks("--all --risk import") == []


def test_deals_closed_in_a_month_that_is_over_are_backdated(team: Team) -> None:
    load(
        team,
        "a,A,Won,dan,60000,2026-01-15,2026-01-31,",
        "b,B,Lost,dan,70000,2026-02-01,2026-02-28,price",
        "c,C,Won,dan,80000,2026-03-01,2026-03-01,",  # this month
        "d,D,Offer,dan,90000,2026-01-01,,",
        at="10 09:00",
    )
    (row,) = team.risks("--risk backdated")
    assert (row["who"], row["deal"], row["amount"]) == ("ann", "D-1, D-2", "130000.00")
    assert row["what"] == "2 deals closed in 2026-01 – 2026-02"


def test_a_month_is_over_by_the_policys_zone(team: Team) -> None:
    load(team, "a,A,Won,dan,60000,2026-03-01,2026-03-31T17:00:00Z,", at="0401 09:00")  # April 1st in Shanghai
    assert team.risks("--risk backdated", at="0430 09:00") == []
    load(team, "b,B,Won,dan,60000,2026-03-01,2026-03-31T15:59:00Z,", at="0401 10:00")
    assert [row["deal"] for row in team.risks("--risk backdated", at="0430 09:00")] == ["D-2"]


def test_approvals_that_an_admin_lets_count_are_told_with_the_reason_and_history_is_not(team: Team) -> None:
    folder = Path(team.opp.folder)
    (folder / "cases.toml").write_text(CASES)
    (folder / "cases.csv").write_text("case,what,when,who\nx,sent,2026-03-01 09:00,dan\nx,yes,2026-03-01 10:00,cay\n")
    team("cay", "import cases.csv --mapping cases.toml", at="10 09:00")
    assert team.kinds() == []
    team("ann", "import cases.csv --mapping cases.toml --trust-approvals -m 'seen on paper'", at="11 09:00")
    (row,) = team.risks("--risk import")
    assert (row["who"], row["request"], row["what"]) == ("ann", "R-1", "approvals of 1 request trusted: seen on paper")
    assert team.kinds() == ["import"]
