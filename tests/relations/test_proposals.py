"""Proposals: what machines would enter or change is no record until somebody accepts it."""

from pathlib import Path

import pytest
from begun import begun
from command_line import InProcess

RULES = """
[[suggest]]
to = "Open"
words = ["确认报价"]

[[suggest]]
to = "Open"
when = "amount < 1000"
after = "14 days"
"""
MAPPING = """
system = "web"
review = true
[fields]
external_id = "id"
title = "title"
customer = { column = "customer", create = true }
amount = "amount"
stage = { constant = "Lead" }
"""
ROWS = "id,title,customer,amount\n1,MES,Acme,5000\n2,ERP,Globex,7000\n"
LATER = "2026-03-20T17:00:00+08:00"


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    opp.ok("init --template blank --lang en")
    opp.ok("user add li --manager wang")
    opp.ok("user add zhao --manager wang")
    folder = Path(opp.folder)
    plain = opp.ok("policy show").out
    (folder / "team.toml").write_text(plain + RULES, "utf-8")
    (folder / "web.toml").write_text(MAPPING, "utf-8")
    (folder / "web.csv").write_text(ROWS, "utf-8")
    opp.ok("policy apply team.toml")
    opp.ok("add Plant --customer Acme --amount 5000 --owner li")
    return opp


def stage(opp: InProcess, deal: str = "D-1") -> str:
    return str(opp.ok(f"show {deal} -o json").json["stage"])


def test_words_of_a_mail_propose_a_move_that_somebody_accepts(team: InProcess) -> None:
    first = stage(team)
    assert "S-1 proposes D-1" in team.ok("note", "D-1", "邮件：我们确认报价，请发合同", user="li").out
    assert stage(team) == first
    (row,) = team.ok("proposal list -o json").json
    assert (row["id"], row["ref"], row["state"]) == ("S-1", "D-1", "open")
    (waits,) = [row for row in team.ok("next -o json", user="li").json if row["kind"] == "proposal"]
    assert (waits["ref"], waits["command"]) == ("S-1", "opp proposal show S-1")
    assert team("proposal accept S-1", user="zhao").code == 4
    team.ok("proposal accept S-1", user="li")
    assert stage(team) != first
    moved = [row for row in team.ok("log D-1 -o json").json if row["action"] == "advance"]
    assert [row["actor"] for row in moved] == ["li"]
    assert team.ok("proposal list -o json").json == []
    assert team("proposal accept S-1", user="li").code == 5


def test_a_note_does_not_speak_for_the_customer(team: InProcess) -> None:
    team.ok("note", "D-1", "客户还没有确认报价", user="li")
    assert team.ok("proposal list -o json").json == []


def test_what_was_declined_does_not_come_again_for_its_cause(team: InProcess) -> None:
    team.ok("add Small --customer Acme --amount 500 --owner li")
    assert team.ok("tick", now="2026-03-15T17:00:00+08:00").out == "nothing was due\n"
    assert "S-1 proposes D-2" in team.ok("tick", now=LATER).out
    team.ok("proposal decline S-1 -m 'not yet'", user="li", now=LATER)
    assert "proposes" not in team.ok("tick", now="2026-03-22T17:00:00+08:00").out
    (row,) = team.ok("proposal list --state declined -o json", now=LATER).json
    assert (row["reason"], row["decided_by"]) == ("not yet", "li")


def test_a_field_that_changed_since_makes_it_stale_and_both_values_are_shown(team: InProcess) -> None:
    team.ok("note", "D-1", "邮件：确认报价", user="li")
    before = stage(team)
    team.ok("advance D-1", user="li")
    answer = team("proposal accept S-1", user="li")
    assert answer.code == 5
    assert f"was {before} when it was proposed, is {stage(team)}" in answer.out
    assert team.ok("proposal list --state stale -o json").json[0]["id"] == "S-1"


def test_rows_to_be_reviewed_are_no_records_until_they_are_accepted(team: InProcess) -> None:
    answer = team.ok("import web.csv --mapping web.toml")
    assert "2 proposed, to be reviewed: opp proposal list" in answer.out
    assert [row["id"] for row in team.ok("ls -o json").json] == ["D-1"]
    assert [row["name"] for row in team.ok("customer list -o json").json] == ["Acme"]
    first, _ = team.ok("proposal list -o json").json
    assert first["changes"]["title"] == "MES"
    assert "2 unchanged" in team.ok("import web.csv --mapping web.toml").out
    team.ok("proposal accept S-1 --only title,customer")
    row = team.ok("show D-2 -o json").json
    assert (row["title"], row["customer"], row["amount"], row["external_id"]) == ("MES", "Acme", None, "1")
    team.ok("proposal decline S-2")
    assert "2 unchanged" not in team.ok("import web.csv --mapping web.toml").out
    (again,) = team.ok("proposal list -o json").json
    assert (again["ref"], list(again["changes"])) == ("D-2", ["amount"])
    team.ok("proposal accept S-3")
    assert team.ok("show D-2 -o json").json["amount"] == "5000.00"


def test_customers_of_a_file_are_reviewed_too(team: InProcess) -> None:
    firms = 'system = "fair"\nkind = "customers"\nreview = true\n'
    firms += '[fields]\nexternal_id = "id"\nname = "name"\nphone = "phone"\nowner = "owner"\n'
    (Path(team.folder) / "firms.toml").write_text(firms, "utf-8")
    rows = "id,name,phone,owner\n7,Initech,13800138000,li\n8,Umbrella,,\n"
    (Path(team.folder) / "firms.csv").write_text(rows, "utf-8")
    assert "2 proposed, to be reviewed" in team.ok("import firms.csv --mapping firms.toml").out
    assert [row["name"] for row in team.ok("customer list -o json").json] == ["Acme"]
    assert "2 unchanged" in team.ok("import firms.csv --mapping firms.toml").out
    team.ok("proposal accept S-1")
    team.ok("proposal decline S-2")
    made = team.ok("show C-2 -o json").json
    assert (made["name"], made["phone"], made["owner"], made["external_id"]) == ("Initech", ["13800138000"], "li", "7")
    (Path(team.folder) / "firms.csv").write_text(rows.replace("13800138000", "13900139000"), "utf-8")
    assert "1 proposed" in team.ok("import firms.csv --mapping firms.toml").out
    (again,) = team.ok("proposal list -o json").json
    assert (again["ref"], again["changes"]) == ("C-2", {"phone": ["13800138000", "13900139000"]})
    team.ok("proposal accept S-3")
    assert team.ok("show C-2 -o json").json["phone"] == ["13900139000"]


def test_a_change_that_is_proposed_is_stale_where_somebody_was_faster(team: InProcess) -> None:
    team.ok("import web.csv --mapping web.toml")
    team.ok("proposal accept S-1 S-2")
    (Path(team.folder) / "web.csv").write_text(ROWS.replace("5000", "6000"), "utf-8")
    team.ok("import web.csv --mapping web.toml")
    team.ok("deal edit D-2 --set amount=9000")
    card = team.ok("proposal show S-3").out
    assert "is CNY 9,000.00 now" in card or "9,000.00 now" in card
    assert team("proposal accept S-3").code == 5
    assert team.ok("show D-2 -o json").json["amount"] == "9000.00"


def test_an_undo_takes_an_acceptance_back_as_a_whole(team: InProcess) -> None:
    before = stage(team)
    team.ok("note", "D-1", "邮件：确认报价", user="li")
    team.ok("proposal accept S-1", user="li")
    team.ok("undo", user="li")
    assert stage(team) == before
    assert [row["state"] for row in team.ok("proposal list -o json").json] == ["open"]


def test_fields_that_a_proposal_has_not_are_refused(team: InProcess) -> None:
    team.ok("note", "D-1", "邮件：确认报价", user="li")
    assert team("proposal accept S-1 --only amount", user="li").code == 2
    assert (team("proposal accept S-9").code, team("proposal show S-9").code) == (3, 3)
