"""A second file of the same system: what it does not name stays, what people work on here obeys the rules."""

from pathlib import Path

import pytest
from crew import ENTERED, MAPPING, SINCE, Team


@pytest.fixture
def team(opp, tmp_path: Path) -> Team:
    return Team(opp, tmp_path)


def test_a_later_file_that_names_the_end_alone_leaves_the_beginning(team: Team) -> None:
    """A list of leads, and months later one of those that were won."""
    team.take(ENTERED, "id,title,stage,lead,won", "1,Shop,Lead,2018-02-21,")
    later = "id,title,stage,won"
    mapping = MAPPING + '[entered]\nWon = "won"\n'
    said = team.take(mapping, later, "1,Shop,Won,2018-02-26", flags="-n")
    assert "stay Lead left Mon 26 Feb 2018 08:00; stay Won entered Mon 26 Feb 2018 08:00" in said
    team.take(mapping, later, "1,Shop,Won,2018-02-26")
    assert team.stays() == [("Lead", "2018-02-21", "2018-02-26"), ("Won", "2018-02-26", "")]
    found = team.deal()
    assert (found["created_at"], found["closed_at"]) == ("2018-02-21T00:00:00Z", "2018-02-26T00:00:00Z")
    assert found["last_open_stage"] == "Lead"
    assert "1 unchanged" in team.take(mapping, later, "1,Shop,Won,2018-02-26")


def test_a_nightly_file_of_present_stages_gives_every_stay_its_days(team: Team) -> None:
    nights = (("Lead", "2026-01-05"), ("Offer", "2026-01-12"), ("Deal", "2026-02-12"), ("Won", "2026-03-01"))
    for stage, since in nights:
        team.take(SINCE, "id,title,stage,since", f"1,Shop,{stage},{since}")
    assert team.stays() == [
        ("Lead", "2026-01-05", "2026-01-12"),
        ("Offer", "2026-01-12", "2026-02-12"),
        ("Deal", "2026-02-12", "2026-03-01"),
        ("Won", "2026-03-01", ""),
    ]
    rows = team.ok("report durations -o csv -c stage,median_days").out.splitlines()
    assert rows[1:4] == ["Lead,7", "Offer,31", "Deal,17"]


def test_history_and_a_dry_run_name_the_stays_and_the_creation_that_a_file_moves(team: Team) -> None:
    team.take(ENTERED, "id,title,stage,lead,won", "1,Shop,Lead,2018-02-21,")
    said = team.take(ENTERED, "id,title,stage,lead,won", "1,Shop,Lead,2018-02-20,", flags="-n")
    told = "stay Lead entered 2018-02-21T00:00:00Z → 2018-02-20T00:00:00Z"
    moved = "Wed 21 Feb 2018 08:00 → Tue 20 Feb 2018 08:00"
    assert f"created_at {moved}; stay Lead entered {moved}" in said
    team.take(ENTERED, "id,title,stage,lead,won", "1,Shop,Lead,2018-02-20,")
    assert told in team.ok("deal history D-1 -o csv").out


def test_a_reason_on_a_deal_that_goes_on_is_left_out_and_counted(team: Team) -> None:
    mapping = MAPPING + 'close_reason = "why"\n'
    said = team.take(mapping, "id,title,stage,why", "1,Shop,Lead,whim", "2,Bar,Lost,price", "3,Inn,Offer,")
    assert "3 created" in said and "1 reason for closing left out of deals that are open" in said
    assert [deal["close_reason"] for deal in team.ok("deal list -o json").json] == [None, "price", None]


def test_blanks_of_every_kind_go_from_around_an_id(team: Team) -> None:
    said = team.take(
        MAPPING, "id,title,stage", "5,Shop,Lead", "5\u00a0,Shop,Lead", "\u2003\ufeff5\u200b,Shop,Lead", code=9
    )
    assert "1 created" in said and "2 rejected" in said
    assert "1 unchanged" in team.take(MAPPING, "id,title,stage", "\u30005,Shop,Lead")


def test_a_lost_deal_of_which_no_stage_is_known_reached_the_first(team: Team) -> None:
    team.take(MAPPING, "id,title,stage", "1,Shop,Lost")
    rows = team.ok("report funnel -o csv -c stage,reached").out.splitlines()
    assert rows == ["stage,reached", "Lead,1", "Offer,0", "Deal,0", "Won,0"]


def live(team: Team) -> None:
    """A deal that came from a file and that people work on here."""
    team.ok("user add li --role sales")
    team.take(MAPPING, "id,title,stage", "1,Shop,Offer")
    team.ok("deal assign D-1 --to li")


def test_what_imports_alone_made_and_moved_follows_its_files(team: Team) -> None:
    team.take(MAPPING, "id,title,stage", "1,Shop,Offer")
    assert "1 updated" in team.take(MAPPING, "id,title,stage", "1,Shop,Won")


def test_a_file_passes_no_gate_with_a_deal_that_people_work_on(team: Team) -> None:
    live(team)
    said = team.take(MAPPING, "id,title,stage", "1,Shop,Deal", code=9)
    assert "D-1 cannot enter Deal by a file yet: discount" in said
    said = team.take(MAPPING, "id,title,stage", "1,Shop,Won", code=9)
    assert "D-1 cannot enter Won by a file yet: discount" in said
    assert team.deal()["stage"] == "Offer"
    mapping = MAPPING + 'discount = "off"\namount = "sum"\n'
    said = team.take(mapping, "id,title,stage,off,sum", "1,Shop,Won,20,100", code=9)
    assert "approval discount" in said
    assert "1 updated" in team.take(mapping, "id,title,stage,off,sum", "1,Shop,Won,5,100")


def test_a_file_neither_moves_nor_wins_what_people_made_or_moved_here(team: Team) -> None:
    team.ok("add Shop --set external_id=1 --set system=crm")
    assert "it was made here" in team.take(MAPPING, "id,title,stage", "1,Shop,Offer", code=9)
    assert "1 updated" in team.take(MAPPING, "id,title,stage", "1,Big shop,Lead")
    team.ok("advance D-1 --to Offer")
    assert "was moved to Offer here" in team.take(MAPPING, "id,title,stage", "1,Big shop,Won", code=9)
    assert team.deal()["stage"] == "Offer"


WITH_AMOUNT = MAPPING + 'amount = "amount"\n'


def test_a_file_changes_nothing_of_what_was_sold_in_a_deal_that_people_won(team: Team) -> None:
    live(team)
    team.ok("deal edit D-1 --set discount=5 --set amount=100")
    team.ok("win D-1")
    said = team.take(WITH_AMOUNT, "id,title,stage,amount", "1,Other,Offer,200", code=9)
    assert "D-1 was won here and is locked" in said
    assert team.deal()["title"] == "Shop"
    assert "1 unchanged" in team.take(WITH_AMOUNT, "id,title,stage,amount", "1,Shop,Offer,100")
    team.take(MAPPING, "id,title,stage", "1,Big shop,Offer")
    assert (team.deal()["title"], team.deal()["stage"]) == ("Big shop", "Won")


def test_an_admin_may_vouch_for_what_a_file_changes_of_a_won_deal(team: Team) -> None:
    live(team)
    team.ok("deal edit D-1 --set discount=5")
    team.ok("win D-1")
    team.take(WITH_AMOUNT, "id,title,stage,amount", "1,Shop,Offer,200", code=9)
    flags = "--trust-approvals -m 'a slip'"
    team.take(WITH_AMOUNT, "id,title,stage,amount", "1,Shop,Offer,200", flags=flags)
    assert (team.deal()["amount"], team.deal()["stage"]) == ("200.00", "Won")
    changed = [entry for entry in team.ok("export journal -o json").json if "amount" in entry["changes"]]
    assert changed[-1]["meta"]["reason"] == "a slip"


def test_a_file_changes_nothing_that_a_pending_approval_locks(team: Team) -> None:
    live(team)
    team.ok("user add boss --role manager")
    team.ok("deal edit D-1 --set discount=20 --set amount=100")
    team.ok("submit D-1 discount --as li")
    entries = len(team.ok("export journal -o json").json)
    mapping = MAPPING + 'amount = "sum"\nregion = "where"\n'
    said = team.take(mapping, "id,title,stage,sum,where", "1,Shop,Offer,200,north", code=9)
    assert "D-1 is locked while R-1 is pending" in said
    assert (team.deal()["amount"], team.deal()["region"]) == ("100.00", None)
    assert len(team.ok("export journal -o json").json) == entries
    assert "D-1 is locked" in team.take(mapping, "id,title,stage,sum,where", "1,Shop,Offer,100,north", code=9)
    assert "1 unchanged" in team.take(mapping, "id,title,stage,sum,where", "1,Shop,Offer,100,")


def test_a_file_loses_a_live_deal_for_a_reason_of_the_policy_alone(team: Team) -> None:
    live(team)
    assert "reason is empty" in team.take(MAPPING, "id,title,stage", "1,Shop,Lost", code=9)
    mapping = MAPPING + 'close_reason = "why"\n'
    assert "1 updated" in team.take(mapping, "id,title,stage,why", "1,Shop,Lost,price")


def test_a_file_does_not_open_again_what_people_closed(team: Team) -> None:
    live(team)
    mapping = MAPPING + 'close_reason = "why"\n'
    team.take(mapping, "id,title,stage,why", "1,Shop,Lost,price")
    assert "D-1 is lost already (Lost)" in team.take(MAPPING, "id,title,stage", "1,Shop,Offer", code=9)


def test_an_owner_given_by_e_mail_is_found_and_one_made_from_it_keeps_it(team: Team) -> None:
    team.ok("user add li --name 'Li Lei' --email Li.Lei@acme.example --role sales")
    mapping = MAPPING + 'owner = { column = "who", create = true }\n'
    rows = ("1,Shop,Lead,li.lei@ACME.example", "2,Bar,Lead,han.mei@acme.example", "3,Inn,Lead,Han.Mei@acme.example")
    said = team.take(mapping, "id,title,stage,who", *rows)
    assert "1 person and 0 customers added" in said
    assert [deal["owner"] for deal in team.ok("deal list -o json").json] == ["li", "han.mei", "han.mei"]
    people = {user["login"]: user["email"] for user in team.ok("user list -o json").json}
    assert people["han.mei"] == "han.mei@acme.example"
    assert "3 unchanged" in team.take(mapping, "id,title,stage,who", *rows)
