"""Files of every shape: headers anywhere or nowhere, columns twice, several sources, conditions, keys, joins."""

from pathlib import Path

import pytest
from crew import MAPPING, Team

HEADER = "id,title,stage"


@pytest.fixture
def team(opp, tmp_path: Path) -> Team:
    return Team(opp, tmp_path)


def titles(team: Team) -> list[str]:
    return [deal["title"] for deal in team.ok("deal list -o json").json]


def test_a_header_on_the_third_line_is_found_there_and_rejects_come_under_it(team: Team) -> None:
    mapping = MAPPING + "[file]\nheader = 3\n"
    said = team.take(mapping, "Pipeline of 2026,,", "", HEADER, "1,Shop,Lead", "2,Bar,Leed", code=9)
    assert "1 created" in said and "there is no stage …   Leed (1)" in said
    rejects = (team.folder / "f.csv.rejects.csv").read_text("utf-8")
    assert rejects.startswith('\n\n"id","title","stage","_error","_line"\n"2","Bar","Leed"')
    answer = team.opp("import f.csv.rejects.csv --mapping m.toml -n")
    assert "1 row from f.csv.rejects.csv: 0 to create, 0 to update, 0 unchanged, 1 rejected" in answer.out


def test_a_file_without_a_header_has_the_columns_of_the_mapping(team: Team) -> None:
    mapping = MAPPING + '[file]\nheader = "none"\ncolumns = ["id", "title", "stage"]\n'
    said = team.take(mapping, "1,Shop,Lead,x", "2,Bar,Leed,y", code=9)
    assert "1 created" in said and titles(team) == ["Shop"]
    rejects = (team.folder / "f.csv.rejects.csv").read_text("utf-8")
    assert rejects.startswith('"2","Bar","Leed","y","there is no stage') or rejects.startswith('"2","Bar","Leed","y",')


def test_a_header_met_again_is_skipped_and_counted(team: Team) -> None:
    said = team.take(MAPPING, HEADER, "1,Shop,Lead", HEADER, "2,Bar,Lead", HEADER)
    assert "2 rows from f.csv: 2 created, 0 updated, 0 unchanged, 0 rejected" in said
    assert "2 repeated headers skipped" in said


def test_nameless_and_doubled_columns_that_nobody_wants_and_short_rows_do_not_refuse_the_file(team: Team) -> None:
    said = team.take(MAPPING, "note,id,,title,stage,note,more", "x,1,y,Shop,Lead,z,m", "x,2,y,Bar,Lead")
    assert "2 created" in said


def test_a_doubled_column_that_the_mapping_names_refuses_the_file(team: Team) -> None:
    said = team.take(MAPPING, "id,title,stage,Title", "1,Shop,Lead,x", code=0)
    assert "1 created" in said, "the exact name is meant"
    said = team.take(MAPPING, "id,title,stage,title", "1,Shop,Lead,x", code=2)
    assert "the header cannot be used" in said and "title" in said


def test_names_of_columns_fold_case_width_and_blanks(team: Team) -> None:
    said = team.take(MAPPING.replace('"id"', '"Deal ID"'), "deal  ｉｄ,TITLE,Stage", "1,Shop,Lead")
    assert "1 created" in said
    said = team.take(MAPPING.replace('"id"', '"Deal ID"'), "deal id,DEAL ID,title,stage", "1,2,Shop,Lead", code=8)
    assert "f.csv has no column 'Deal ID'" in said


def test_of_a_list_of_sources_the_first_that_says_something_counts(team: Team) -> None:
    mapping = MAPPING.replace('title       = "title"', 'title = ["title", "other", { constant = "nameless" }]')
    team.take(mapping, "id,title,other,stage", "1,Shop,x,Lead", "2,,Bar,Lead", "3,,,Lead")
    assert titles(team) == ["Shop", "Bar", "nameless"]


def test_each_source_of_a_list_is_read_its_own_way(team: Team) -> None:
    mapping = MAPPING + 'amount = [{ column = "eu", decimal = "," }, { column = "us", factor = "1000" }]\n'
    team.take(mapping, "id,title,stage,eu,us", '1,Shop,Lead,"1.250,50",', "2,Bar,Lead,,1.5")
    assert [deal["amount"] for deal in team.ok("deal list -o json").json] == ["1250.50", "1500.00"]


def test_when_lets_a_source_speak_only_where_a_cell_is_there_or_one_of_some(team: Team) -> None:
    mapping = MAPPING.replace(
        'stage       = "stage"',
        """stage = [
  { constant = "Won", when = "won" },
  { constant = "Lost", when = { status = ["Lost", "dead"], reason = "price" } },
  { constant = "Offer", when = { sent = true } },
  { constant = "Lead" },
]""",
    )
    team.take(
        mapping,
        "id,title,won,status,reason,sent",
        "1,Shop,2026-01-01,lost,price,true",
        "2,Bar,,DEAD,price,false",
        "3,Inn,,Lost,whim,TRUE",
        "4,Pub,,,,",
    )
    assert [deal["stage"] for deal in team.ok("deal list -o json").json] == ["Won", "Lost", "Offer", "Lead"]


def test_values_not_listed_are_the_star_and_blank_ones_are_not(team: Team) -> None:
    mapping = MAPPING.replace(
        'stage       = "stage"',
        'stage = { column = "stage", values = { won = "Won", "*" = "Lead" }, else = { constant = "Offer" } }',
    )
    team.take(mapping, HEADER, "1,Shop,won", "2,Bar,whatever", "3,Inn,")
    assert [deal["stage"] for deal in team.ok("deal list -o json").json] == ["Won", "Lead", "Offer"]


def test_a_factor_makes_a_share_a_percentage_and_leaves_what_has_a_per_cent_sign(team: Team) -> None:
    mapping = MAPPING + 'discount = { column = "off", factor = "100" }\n'
    team.take(mapping, "id,title,stage,off", "1,Shop,Lead,0.4", "2,Bar,Lead,12.5%", "3,Inn,Lead,.05")
    assert [deal["discount"] for deal in team.ok("deal list -o json").json] == [40, 12.5, 5]


def test_a_factor_of_a_text_or_of_nothing_does_not_fit(team: Team) -> None:
    said = team.take(MAPPING + 'source = { column = "s", factor = "100" }\n', "id,title,stage,s", "1,a,Lead,b", code=8)
    assert "factor is for numbers" in said
    said = team.take(MAPPING + 'amount = { column = "s", factor = "0" }\n', "id,title,stage,s", "1,a,Lead,b", code=8)
    assert "a number other than 0" in said


KEYED = """
system = "list"
key    = ["title", "customer"]
[fields]
title    = "title"
customer = { column = "customer", create = true }
stage    = "stage"
amount   = "amount"
"""
LIST = "title,customer,stage,amount"


def test_without_an_id_a_deal_is_known_again_by_its_key(team: Team) -> None:
    team.take(KEYED, LIST, "Shop,Acme,Lead,5", "Shop,Globex,Lead,6")
    assert "2 unchanged" in team.take(KEYED, LIST, "shop,ACME,Lead,5", "Ｓhop,Globex,Lead,6")
    said = team.take(KEYED, LIST, "Shop,Acme,Offer,7", "Shop,Initech,Lead,8")
    assert "1 created, 1 updated" in said
    found = team.ok("deal list -o json").json
    assert [(deal["stage"], deal["amount"]) for deal in found] == [
        ("Offer", "7.00"),
        ("Lead", "6.00"),
        ("Lead", "8.00"),
    ]


def test_a_key_of_several_deals_rejects_the_row_and_so_does_one_met_before(team: Team) -> None:
    team.ok("add Shop --customer Acme")
    team.ok("add Shop --customer Acme")
    said = team.take(KEYED, LIST, "Shop,Acme,Lead,5", "Bar,Acme,Lead,1", "bar,acme,Lead,2", code=9)
    assert "it could be D-1, D-2: give it an id" in said and "is on line 3 already" in said
    assert "1 created" in said


def test_a_row_with_an_id_goes_by_that_and_one_without_by_the_key(team: Team) -> None:
    mapping = KEYED.replace("[fields]", '[fields]\nexternal_id = "id"')
    team.take(mapping, f"id,{LIST}", "7,Shop,Acme,Lead,5", ",Bar,Acme,Lead,1")
    assert "2 updated" in team.take(mapping, f"id,{LIST}", "7,Shoppe,Acme,Lead,5", ",Bar,Acme,Lead,2")
    said = team.take(mapping, f"id,{LIST}", ",Shoppe,Acme,Lead,6")
    assert "1 updated" in said
    assert team.ok("deal list -o json -c external_id").json == [{"external_id": "7"}, {"external_id": None}]


def test_a_key_that_is_not_mapped_or_tells_nothing_does_not_fit(team: Team) -> None:
    said = team.take('key = ["source", "stage", "owner"]\n' + MAPPING, HEADER, "1,Shop,Lead", code=8)
    assert "source is not mapped to anything" in said and "stage tells no deal from another" in said
    assert "needs title or customer" in said


ONLY = """
system   = "crm"
existing = "only"
[fields]
external_id = "id"
amount      = "amount"
"""


def test_a_file_of_what_is_known_creates_nothing_and_needs_no_stage(team: Team) -> None:
    team.take(MAPPING, HEADER, "1,Shop,Offer", "2,Bar,Lead")
    said = team.take(ONLY, "id,amount", "1,500", "3,700")
    assert "2 rows from f.csv: 0 created, 1 updated, 0 unchanged, 0 rejected" in said
    assert "1 row left out: the deals are not here" in said
    found = team.ok("deal list -o json").json
    assert [(deal["title"], deal["stage"], deal["amount"]) for deal in found] == [
        ("Shop", "Offer", "500.00"),
        ("Bar", "Lead", None),
    ]
    assert "1 unchanged" in team.take(ONLY, "id,amount", "1,500")


def test_dates_of_a_file_without_stages_are_those_of_the_stage_the_deal_is_in(team: Team) -> None:
    team.take(MAPPING, HEADER, "1,Shop,Won")
    mapping = ONLY + '[entered]\nLead = "lead"\nWon = "won"\nLost = "won"\n'
    said = team.take(mapping, "id,amount,lead,won", "1,5,2026-01-05,2026-02-01")
    assert "1 updated" in said
    assert team.stays() == [("Lead", "2026-01-05", "2026-02-01"), ("Won", "2026-02-01", "")]


USERS = ("Id,Name,Email", "U1,Li Lei,li@acme.example", "U2,Han Mei,han@acme.example")
JOINED = (
    MAPPING
    + """owner = { column = "users.Name", create = true }
[join.users]
file = "users.csv"
on   = "OwnerId"
key  = "Id"
"""
)


def test_a_join_brings_the_columns_of_another_file_and_counts_who_has_no_partner(team: Team) -> None:
    (team.folder / "users.csv").write_text("\n".join(USERS) + "\n")
    said = team.take(JOINED, "id,title,stage,OwnerId", "1,Shop,Lead,U2", "2,Bar,Lead,U9", "3,Inn,Leed,U1", code=9)
    assert "2 created" in said and "1 row without a partner in users.csv" in said
    assert [deal["owner"] for deal in team.ok("deal list -o json").json] == ["han.mei", None]
    rejects = (team.folder / "f.csv.rejects.csv").read_text("utf-8").splitlines()
    assert rejects[0] == '"id","title","stage","OwnerId","_error","_line"'


def test_a_doubled_key_and_a_missing_column_of_a_join_do_not_fit(team: Team) -> None:
    (team.folder / "users.csv").write_text("\n".join((*USERS, "U1,Somebody,x")) + "\n")
    row = ("id,title,stage,OwnerId", "1,Shop,Lead,U2")
    assert "'U1' is in users.csv twice (line 4)" in team.take(JOINED, *row, code=8)
    (team.folder / "users.csv").write_text("\n".join(USERS) + "\n")
    assert "users.csv has no column 'Ident'" in team.take(JOINED.replace('"Id"', '"Ident"'), *row, code=8)
    assert "f.csv has no column 'Owner'" in team.take(JOINED.replace('"OwnerId"', '"Owner"'), *row, code=8)
    assert "users.csv has no column 'Phone'" in team.take(JOINED.replace("users.Name", "users.Phone"), *row, code=8)
