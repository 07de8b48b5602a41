"""Risks that deals show: split below a limit, won in the last days, changed after they were won."""

import pytest
from command_line import InProcess
from team import POLICY, Team, instant

ALWAYS = POLICY.replace('"Contract" = ["quote"]', "")
"""Without a gate, so that deals are won at once."""


@pytest.fixture
def team(opp: InProcess) -> Team:
    return Team(opp)


def test_two_deals_within_thirty_days_just_below_a_limit_are_a_split_and_the_third_is_outside(team: Team) -> None:
    team.now = instant("02 09:00")
    for amount, at in (("460000", "02 09:00"), ("455000", "20 10:00"), ("470000", "0401 09:00")):
        team.now = instant(at)
        team.deal(more=f"--amount {amount}")
    (row,) = team.risks("--risk split", at="0430 09:00")
    second = team.seq("create", noun="deal", last=False)
    assert (row["deal"], row["amount"], row["currency"], row["customer"]) == ("D-1, D-2", "915000.00", "CNY", "Acme")
    assert (row["who"], row["at"], row["what"]) == (
        "dan",
        "2026-03-20T02:00:00Z",
        "2 deals just below CNY 500,000.00",
    )
    assert row["id"] == "split:e" + str(int(second.removeprefix("e")) + 1)


def test_what_is_no_split(team: Team) -> None:
    team.deal(more="--amount 460000")
    team.deal(customer="Other", more="--amount 460000")  # of another customer
    team.deal(more="--amount 449999.99")  # more than a tenth below
    team.deal(more="--amount 500000")  # at the limit, where it is asked for
    team.deal(more="--amount 460000 --currency USD")  # no rate
    lost = team.deal(more="--amount 460000")
    team("dan", f"lose {lost} --reason price")
    assert team.kinds() == []
    answer = team.opp.ok("audit risks --risk split", user="ann", now=instant("31 18:00"))
    assert (answer.out, answer.err) == ("", "note: 1 amount without a rate to CNY left out\n")


def test_a_limit_that_has_to_be_exceeded_counts_the_amount_at_it(team: Team) -> None:
    team.apply(POLICY.replace("amount >= 500_000", "amount > 50万"))
    team.deal(more="--amount 500000")
    team.deal(more="--amount 450000")
    (row,) = team.risks("--risk split")
    assert (row["deal"], row["amount"]) == ("D-1, D-2", "950000.00")


def test_a_split_is_completed_when_an_amount_is_lowered_and_keeps_its_id_when_another_joins(team: Team) -> None:
    team.deal(more="--amount 460000")
    team.deal(more="--amount 700000")
    assert team.kinds() == []
    team("dan", "deal edit D-2 --set amount=490000", at="03 09:00")
    edit = team.seq("edit", noun="deal")
    first = team.risks("--risk split")
    team.now = instant("05 09:00")
    team.deal(more="--amount 480000")
    team("dan", "deal edit D-2 --set amount=491000", at="06 09:00")
    (row,) = team.risks("--risk split")
    assert [first[0]["id"], row["id"]] == [f"split:{edit}"] * 2
    assert (first[0]["at"], row["at"], row["deal"]) == ("2026-03-03T01:00:00Z", "2026-03-05T01:00:00Z", "D-1, D-2, D-3")


def test_wins_heaped_at_the_end_of_a_quarter_are_a_burst(team: Team) -> None:
    team.apply(ALWAYS)
    for day in ("02", "28", "29", "30"):
        team.now = instant(f"{day} 10:00")
        team("dan", f"win {team.deal(more='--amount 100000')}")
    assert team.kinds(at="31 23:59") == []  # the quarter is not over
    (row,) = team.risks("--risk burst", at="0401 00:00")
    assert (row["who"], row["deal"], row["amount"], row["what"]) == (
        "dan",
        "D-2, D-3, D-4",
        "300000.00",
        "3 of 4 wins of 2026Q1 in its last 5 days",
    )
    assert (row["id"], row["at"]) == ("burst:" + team.seq("advance"), "2026-03-30T02:00:00Z")


def test_the_last_days_of_a_quarter_are_those_of_the_policys_zone(team: Team) -> None:
    team.apply(ALWAYS)
    for hour in ("00:00", "00:01", "00:02"):
        team.now = instant(f"27 {hour}")
        team("dan", f"win {team.deal(more='--amount 100000')}")
    assert [row["risk"] for row in team.risks("--risk burst", at="0401 00:00")] == ["burst"]


def test_what_is_no_burst(team: Team) -> None:
    team.apply(ALWAYS)
    # Two are too few; three of seven are less than half.
    for day in ("02", "03", "04", "05", "28", "29", "30"):
        team.now = instant(f"{day} 10:00")
        team("eve", f"win {team.deal('eve', more='--amount 100000')}")
        if day in ("29", "30"):
            team("dan", f"win {team.deal(more='--amount 100000')}")
    assert team.risks("--risk burst", at="0401 00:00") == []


def test_a_won_deal_that_is_opened_again_or_edited_is_told(team: Team) -> None:
    team.apply(ALWAYS)
    deal = team.deal(more="--amount 100000")
    team("dan", f"deal edit {deal} --set margin=20")  # not won yet
    team("dan", f"win {deal}")
    assert team.kinds(at="31 18:00") == []
    team("ann", f"deal edit {deal} --set margin=25 -m 'as signed'", at="03 10:00")
    team("cay", f"deal reopen {deal} -m 'they want more'", at="04 10:00")
    rows = team.risks("--risk won")
    team("dan", f"deal edit {deal} --set margin=26", at="05 10:00")  # open again
    assert rows == team.risks("--risk won")
    assert [(row["who"], row["with"], row["deal"], row["what"]) for row in rows] == [
        ("cay", "dan", "D-1", "opened again: they want more"),
        ("ann", "dan", "D-1", "changed margin: as signed"),
    ]
