"""`opp fields`: what every noun has, what each is in a sentence, and what one thing has in it."""

import re

import pytest
from begun import begun
from command_line import InProcess

OWN = """
[fields.quote]
title = "竞品报价"
type = "money"
[fields.rate]
type = "percent"
[fields.customer.vip]
title = "VIP"
type = "bool"
[fields.customer.industry]
values = ["MES", "ERP"]
[fields.contact.hobby]
"""


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    opp.ok("init --template b2b --lang en")
    policy = re.sub(r'currency *= *"[A-Z]{3}"', 'currency = "CNY"', opp.ok("policy show").out)
    (opp.folder / "team.toml").write_text(policy.replace("[fields.", OWN + "[fields.", 1), "utf-8")
    opp.ok("policy apply team.toml")
    opp.ok("add", "Plant", "--customer", "Beta", "--amount", "80万", "--set", "quote=28万", "--set", "rate=12.5%")
    return opp


def told(team: InProcess, asked: str, field: str) -> dict[str, object]:
    return next(row for row in team.ok(f"fields {asked} --json").json if row["name"] == field)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "1"),
        ("title", "Plant"),
        ("customer", "Beta"),
        ("stage", "Lead"),
        ("amount", "800000.00"),
        ("quote", "280000.00"),
        ("rate", "12.5"),
        ("margin", None),
    ],
)
def test_a_reference_tells_what_that_thing_has(team: InProcess, field: str, value: str | None) -> None:
    assert told(team, "D-1", field)["value"] == value


def test_a_noun_has_no_values(team: InProcess) -> None:
    assert {row["value"] for row in team.ok("fields deal --json").json} == {None}


@pytest.mark.parametrize(
    ("field", "origin"),
    [("amount", "built-in"), ("quote", "policy"), ("created_at", "derived"), ("budget", "built-in")],
)
def test_a_field_says_whether_the_program_or_the_team_made_it_or_it_follows(
    team: InProcess, field: str, origin: str
) -> None:
    assert told(team, "deal", field)["origin"] == origin


def test_every_field_of_every_noun_is_told_in_a_sentence(team: InProcess) -> None:
    assert [row["name"] for row in team.ok("fields --json").json if not row["definition"]] == []


def test_the_new_columns_stand_last(team: InProcess) -> None:
    assert team.ok("fields deal -o csv").out.splitlines()[0] == (
        "name,title,type,unit,values,limits,required,set_by,personal,noun,origin,definition,value"
    )


def test_titles_and_sentences_are_told_in_chinese(team: InProcess) -> None:
    shown = team.ok("--lang zh fields D-1 -c name,title,origin,definition").out
    line = next(line for line in shown.splitlines() if line.startswith("discount "))
    assert line.split() == ["discount", "折扣", "自带", "比目录价便宜百分之多少"]


def test_what_is_not_there_is_refused(team: InProcess) -> None:
    assert team("fields D-9").err.startswith("error: there is no D-9")
    assert team("fields stage:Nowhere").err.startswith("error: there is no stage Nowhere")


def test_what_seals_the_journal_is_told_to_nobody(team: InProcess) -> None:
    assert told(team, "E1", "salt")["value"] is None


def test_a_field_that_somebody_does_not_have_has_no_value_for_them(team: InProcess) -> None:
    team.ok("user add ann --name Ann --role sales")
    team.ok("deal edit D-1 --set margin=12")
    team.ok("deal assign D-1 --to ann")
    scope = '\n[scope]\nhide = { margin = ["sales"] }\n'
    (team.folder / "scoped.toml").write_text(team.ok("policy show").out + scope, "utf-8")
    team.ok("policy apply scoped.toml")
    assert told(team, "D-1", "margin")["value"] == "12"
    seen = team.ok("fields D-1 --json", user="ann").json
    assert {row["name"]: row["value"] for row in seen}["margin"] is None
    assert {row["name"]: row["value"] for row in seen}["title"] == "Plant"


@pytest.mark.parametrize(
    ("noun", "field", "holds", "values", "origin"),
    [
        ("customer", "vip", "bool", [], "policy"),
        ("customer", "industry", "text", ["MES", "ERP"], "built-in"),
        ("contact", "hobby", "text", [], "policy"),
    ],
)
def test_a_table_in_fields_customer_is_a_field_of_theirs(
    team: InProcess, noun: str, field: str, holds: str, values: list[str], origin: str
) -> None:
    row = told(team, noun, field)
    assert (row["type"], row["values"] or [], row["origin"]) == (holds, values, origin)
    assert field not in {row["name"] for row in team.ok("fields deal --json").json}


def test_one_field_of_a_noun_is_told_by_its_name_or_title_and_no_other(team: InProcess) -> None:
    asked = ("deal amount", "deal 金额", "deal 竞品报价", "customer vip")
    assert [[row["name"] for row in team.ok(f"fields {each} --json").json] for each in asked] == [
        ["amount"],
        ["amount"],
        ["quote"],
        ["vip"],
    ]
    refused = team("fields deal amonut")
    assert (refused.code, refused.err) == (
        3,
        "error: a deal has no field amonut; did you mean amount?\nhint: opp fields deal\n",
    )
