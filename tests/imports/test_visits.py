"""Rows of stays: they add, the same one again changes nothing, the last one moves what imports alone moved."""

from pathlib import Path

import pytest
from crew import MAPPING, Team

VISITS = """
kind   = "visits"
system = "crm"
[fields]
deal    = "deal"
stage   = "stage"
entered = "entered"
left    = "left"
"""
HEADER = "deal,stage,entered,left"


@pytest.fixture(params=["sqlite", "postgresql"])
def team(opp, tmp_path: Path, request: pytest.FixtureRequest) -> Team:
    if request.param == "sqlite":
        return Team(opp, tmp_path)
    from oppcli.store import schema

    url = request.getfixturevalue("pg_url")
    schema.remove(url)
    return Team(opp, tmp_path, url)


@pytest.fixture
def file_team(opp, tmp_path: Path) -> Team:
    return Team(opp, tmp_path)


def test_rows_of_visits_add_and_the_same_one_is_unchanged(team: Team) -> None:
    team.take(MAPPING, "id,title,stage", "7,Shop,Offer")
    said = team.take(VISITS, HEADER, "7,Lead,2026-01-05,", "7,Offer,2026-01-12,")
    assert "2 rows from f.csv: 2 created, 0 updated, 0 unchanged, 0 rejected" in said
    assert team.stays() == [("Lead", "2026-01-05", "2026-01-12"), ("Offer", "2026-01-12", "")]
    said = team.take(VISITS, HEADER, "7,Offer,2026-01-12,", "7,Lead,2026-01-05,", "7,Lead,2026-01-20,")
    assert "1 created, 0 updated, 2 unchanged" in said
    assert team.stays() == [
        ("Lead", "2026-01-05", "2026-01-12"),
        ("Offer", "2026-01-12", "2026-01-20"),
        ("Lead", "2026-01-20", ""),
    ]
    assert team.deal()["stage"] == "Lead" and team.deal()["created_at"] == "2026-01-05T00:00:00Z"


def test_a_whole_log_in_any_order_makes_the_way_and_the_end(file_team: Team) -> None:
    file_team.take(MAPPING, "id,title,stage", "7,Shop,Lead")
    rows = ("7,Won,2026-03-01,", "7,Lead,2026-01-05,2026-01-11", "7,Deal,2026-02-12,", "7,Offer,2026-01-12,")
    said = file_team.take(VISITS, HEADER, *rows)
    assert "4 created" in said and "\nUndo: opp undo e" in said
    stays = [("Lead", "2026-01-05", "2026-01-12"), ("Offer", "2026-01-12", "2026-02-12")]
    assert file_team.stays() == [*stays, ("Deal", "2026-02-12", "2026-03-01"), ("Won", "2026-03-01", "")]
    deal = file_team.deal()
    assert (deal["stage"], deal["closed_at"], deal["last_open_stage"]) == ("Won", "2026-03-01T00:00:00Z", "Deal")
    assert "4 unchanged" in file_team.take(VISITS, HEADER, *rows)
    assert "Undo:" not in file_team.take(VISITS, HEADER, *rows)
    assert "1 unchanged" in file_team.take(VISITS, HEADER, "7,ｏｆｆｅｒ ,2026-01-12,")
    assert file_team.ok("db check").code == 0


def test_the_mapping_of_stays_is_kept_beside_that_of_the_deals_of_their_system(file_team: Team) -> None:
    file_team.take(MAPPING, "id,title,stage", "7,Shop,Lead")
    for _ in range(2):
        file_team.take(VISITS, HEADER, "7,Lead,2026-01-05,")
    kept = [row["name"] for row in file_team.opp.ok("mapping list -o json").json if row["state"] == "kept"]
    assert sorted(kept) == ["crm", "crm visits"]
    (file_team.folder / "deals.csv").write_text("id,title,stage\n7,Shop,Lead\n")
    assert "deals.csv is read by the mapping crm, which is kept" in file_team.opp.ok("import deals.csv").err


def test_stays_are_added_to_a_deal_that_was_made_here_and_do_not_move_it(file_team: Team) -> None:
    file_team.ok("add Shop")  # on 2 March
    assert "1 created" in file_team.take(VISITS, HEADER, "D-1,Offer,2026-01-05,2026-01-20")
    assert file_team.stays() == [("Offer", "2026-01-05", "2026-03-02"), ("Lead", "2026-03-02", "")]
    said = file_team.take(VISITS, HEADER, "D-1,Offer,2026-03-03,", code=9)
    assert "it was made here and is in Lead, and the file has it in" in said


def test_what_cannot_be_a_stay_rejects_its_row(file_team: Team) -> None:
    file_team.take(MAPPING, "id,title,stage", "7,Shop,Offer")
    said = file_team.take(
        VISITS,
        HEADER,
        "8,Lead,2026-01-05,",
        "7,Leed,2026-01-05,",
        "7,Lead,,",
        "7,Lead,2026-01-05,2026-01-04",
        "7,Lead,2126-01-05,",
        "7,Lead,2026-01-05,",
        code=9,
    )
    assert "6 rejected" in said
    whys = ("no deal", "there is no stage", "entered is blank", "before the entry", "in the future", "nobody knows")
    assert [why for why in whys if why not in said] == []


def test_an_export_of_visits_is_read_again(file_team: Team) -> None:
    file_team.take(MAPPING, "id,title,stage", "7,Shop,Lead")
    file_team.take(VISITS, HEADER, "7,Lead,2026-01-05,", "7,Offer,2026-01-12,")
    (file_team.folder / "v.csv").write_text(file_team.ok("export visits").out)
    own = VISITS.replace('"entered"', '"entered_at"').replace('"left"', '"left_at"')
    (file_team.folder / "own.toml").write_text(own)
    assert "2 unchanged" in file_team.ok("import v.csv --mapping own.toml").out
