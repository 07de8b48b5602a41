"""Everything out of a database and into another: a begun one, the one that it came from, one with data."""

import csv
import json
from typing import Any

import pytest
from crew import POLICY
from kept import Kept

from oppcli.model.nouns import NOUNS, class_of
from oppcli.store import objects
from oppcli.store.mapping import shape_of

Run = Any


def exported(answer: Any) -> tuple[dict[str, Any], list[str]]:
    """The header, and the lines below it."""
    first, *rest = answer.out.splitlines()
    return json.loads(first), rest


def own(lines: list[str], noun: str) -> list[dict[str, Any]]:
    return [found for line in lines if (found := json.loads(line))["record"] == noun]


class Base:
    """One database, and who is admin of it."""

    def __init__(self, opp: Any, db: str, login: str = "wang") -> None:
        self.opp, self.env = opp, {"OPP_DB": db, "OPP_USER": login}

    def run(self, line: str, **given: Any) -> Any:
        return self.opp(line, env=self.env, **given)

    def ok(self, line: str, **given: Any) -> Any:
        return self.opp.ok(line, env=self.env, **given)

    def begin(self, template: str = "blank") -> "Base":
        self.ok(f"init --template {template}")
        return self


@pytest.fixture
def server(request: pytest.FixtureRequest) -> str:
    from oppcli.store import schema

    url: str = request.getfixturevalue("pg_url")
    schema.remove(url)
    return url


def test_the_demo_goes_to_a_server_and_back_and_is_what_it_was(chinese: Kept, opp: Any, server: str) -> None:
    demo = chinese.opp.ok("export all")
    header, lines = exported(demo)
    assert (header["opp"], len(header["database"])) == (1, 32) and header["exported_at"] and ":" in header["head"]
    assert len(own(lines, "deal")) > 50 and len(own(lines, "request")) > 50
    (opp.folder / "team.jsonl").write_text(demo.out, "utf-8")
    admin = next(user["login"] for user in own(lines, "user") if "admin" in user["roles"])

    said = Base(opp, server).begin("b2b").ok("import team.jsonl").out
    assert "this database filled as by a restore: ids and approvals stay" in said
    there = Base(opp, server, admin)
    assert exported(there.ok("export all"))[1] == lines
    assert there.run("db check").code == 0 and there.run("audit verify").code == 0

    (opp.folder / "again.jsonl").write_text(there.ok("export all").out, "utf-8")
    Base(opp, "file.db").begin().ok("import again.jsonl")
    here = Base(opp, "file.db", admin)
    assert exported(here.ok("export all"))[1] == lines
    assert here.run("db check").code == 0
    assert here.ok("report funnel -o csv").out == there.ok("report funnel -o csv").out


@pytest.fixture
def full(opp: Any) -> Base:
    """A small team with an approved request, a file, a lost deal, a withdrawn one and a pending request."""
    (opp.folder / "policy.toml").write_text(POLICY)
    (opp.folder / "offer.pdf").write_bytes(b"%PDF")
    base = Base(opp, "one.db")
    base.ok("init --policy policy.toml")
    base.ok("user add boss --role manager --role admin")
    base.ok("add Shop --customer Acme --amount 500 --set discount=12")
    base.ok("deal attach D-1 offer.pdf --kind offer")
    base.ok("submit D-1 discount")
    base.ok("approve R-1 --as boss")
    base.ok("advance D-1 --to Deal")
    base.ok("add Bar --customer Globex --amount 7 --set discount=20")
    base.ok("submit D-2 discount")
    base.ok("add Gone")
    base.ok("withdraw D-3 -m twice")
    (opp.folder / "team.jsonl").write_text(base.ok("export all").out, "utf-8")
    return base


def test_an_approval_counts_in_the_database_that_was_filled_and_the_risk_says_so(full: Base, opp: Any) -> None:
    other = Base(opp, "two.db").begin()
    other.ok("import team.jsonl")
    assert other.ok("deal show D-1 -o json").json["version"] == full.ok("deal show D-1 -o json").json["version"]
    assert other.ok("gate D-1 --to Won").code == 0
    assert other.ok("inbox --as boss --ids").out == "R-2\n"
    risks = other.ok("audit risks --risk import -o json").json
    assert [risk["what"] for risk in risks] == ["everything imported from team.jsonl"]
    entry = other.ok("export journal -o json").json[-1]
    header, _ = exported(full.ok("export all"))
    assert (entry["action"], entry["meta"]["database"], entry["meta"]["head"]) == (
        "import",
        header["database"],
        header["head"],
    )
    assert len(entry["meta"]["sha256"]) == 64
    assert other.ok("win D-1").code == 0
    assert other.ok("db check").code == 0


def test_the_database_that_it_came_from_knows_it_and_stays_as_it_is(full: Base) -> None:
    assert "0 made, 19 unchanged" in full.ok("import team.jsonl").out
    full.ok("deal edit D-1 --set amount=600")
    # Its request, too, now asks about another amount.
    assert "2 things are otherwise here, and stay so" in full.ok("import team.jsonl").out
    assert full.ok("deal show D-1 -o json").json["amount"] == "600.00"


def test_a_deal_with_a_next_step_is_as_it_was_in_the_database_that_it_came_from(full: Base) -> None:
    full.ok("deal edit D-1 --set next_step=call --set next_step_on=2026-12-01")
    full.ok("export all -O again.jsonl")
    said = full.ok("import again.jsonl").out
    assert ("0 made" in said, "otherwise" in said) == (True, False)


def test_filling_a_database_is_not_undone(full: Base, opp: Any) -> None:
    other = Base(opp, "two.db").begin()
    other.ok("import team.jsonl")
    last = other.ok("export journal -o json").json[-1]["seq"]
    refused = other.run(f"undo {last}")
    assert refused.code == 5 and "is not undone: this database was filled by it" in refused.err


def test_a_filled_database_knows_the_file_it_was_filled_from(full: Base, opp: Any) -> None:
    other = Base(opp, "two.db").begin()
    other.ok("import team.jsonl")
    assert "0 made" in other.ok("import team.jsonl").out


def test_a_database_with_data_takes_deals_in_by_their_old_reference(full: Base, opp: Any) -> None:
    other = Base(opp, "three.db")
    other.ok("init --policy policy.toml")
    other.ok("add Mine --customer ACME")
    answer = other.run("import team.jsonl")
    assert (answer.code, "1 thing left out" in answer.out) == (9, True)
    assert "1  deal is withdrawn there   line 13 'D-3'" in answer.err
    header, _ = exported(full.ok("export all"))
    found = {deal["title"]: deal for deal in other.ok("export deals -o json").json}
    assert set(found) == {"Mine", "Shop", "Bar"}
    assert (found["Shop"]["external_id"], found["Shop"]["system"]) == ("D-1", f"opp:{header['database']}")
    assert found["Shop"]["customer"] == "Acme" == found["Mine"]["customer"] or found["Mine"]["customer"] == "ACME"
    assert len(other.ok("export customers -o json").json) == 2
    requests = other.ok("export requests -o json").json
    assert [(row["state"], row["channel"]) for row in requests] == [("approved", "import"), ("cancelled", "import")]
    assert "admin" not in next(user for user in other.ok("user list -o json").json if user["login"] == "boss")["roles"]
    stays = [row for row in other.ok("export visits -o json").json if row["deal"] == found["Shop"]["id"]]
    assert [row["stage"] for row in stays] == ["Lead", "Deal"]
    again = other.run("import team.jsonl")
    assert "0 made" in again.out and "otherwise" not in again.out
    assert other.ok("db check").code == 0


STAGES = """[[stage]]
name = "Talk"
[[stage]]
name = "Pilot"
"""
RISK = """
[type.risk]
title = "Risk"
[[type.risk.step]]
name = "boss"
who = "role:manager"
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def here(request: pytest.FixtureRequest, opp: Any) -> Base:
    """A database with a deal, and beside it everything of another one whose policy has more stages and types."""
    (opp.folder / "policy.toml").write_text(POLICY)
    (opp.folder / "there.toml").write_text(
        POLICY.replace('[[stage]]\nname = "Offer"', STAGES + '[[stage]]\nname = "Offer"') + RISK
    )
    there = Base(opp, "there.db")
    there.ok("init --policy there.toml")
    there.ok("user add boss --role manager")
    there.ok("add Shop --customer Acme --amount 500 --set discount=12")
    there.ok("add Bar --customer Globex --amount 7")
    there.ok("add Mill --amount 8")
    there.ok("add Farm")
    there.ok("advance D-2 --to Talk")
    there.ok("advance D-3,D-4 --to Pilot")
    (opp.folder / "offer.pdf").write_bytes(b"%PDF")
    there.ok("deal attach D-2 offer.pdf --kind offer")
    there.ok("submit D-1 discount")
    there.ok("submit D-1 risk")
    (opp.folder / "team.jsonl").write_text(there.ok("export all").out, "utf-8")
    base = Base(opp, "here.db" if request.param == "sqlite" else request.getfixturevalue("server"))
    base.ok("init --policy policy.toml")
    base.ok("add Mine")
    return base


def test_what_cannot_be_taken_from_another_database_is_named_by_reason_and_comes_once_the_policy_has_its_place(
    here: Base, opp: Any
) -> None:
    answer = here.run("import team.jsonl")
    assert answer.code == 9
    assert "5 things left out" in answer.out
    assert "  there is no stage …   Pilot (2), Talk (1)" in answer.err
    assert "the policy has no type …   risk (1)" in answer.err
    assert "deal is left out   line " in answer.err
    with (opp.folder / "team.jsonl.rejects.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["deal"], row["title"], row["stage"], row["request"], row["file"], row["_error"]) for row in rows] == [
        ("D-2", "Bar", "Talk", "", "", "stage: there is no stage Talk"),
        ("D-3", "Mill", "Pilot", "", "", "stage: there is no stage Pilot"),
        ("D-4", "Farm", "Pilot", "", "", "stage: there is no stage Pilot"),
        ("D-2", "", "", "", "offer.pdf", "deal: is left out"),
        ("D-1", "", "", "R-2", "", "type: the policy has no type risk"),
    ]
    again = here.run("import team.jsonl")
    assert (again.code, "0 made" in again.out) == (9, True)
    here.ok("policy apply there.toml")
    last = here.ok("import team.jsonl").out
    assert "5 made" in last and "left out" not in last and "otherwise" not in last
    assert {row["title"] for row in here.ok("export deals -o json").json} == {"Mine", "Shop", "Bar", "Mill", "Farm"}
    assert "0 made" in here.ok("import team.jsonl").out
    assert here.ok("db check").code == 0


def test_strict_takes_nothing_from_another_database_where_something_would_be_left_out(here: Base, opp: Any) -> None:
    answer = here.run("import team.jsonl --strict --rejects out.csv")
    assert answer.code == 7
    assert "5 things would be left out; nothing was imported" in answer.err
    assert "stage: there is no stage Talk" in answer.err
    assert len((opp.folder / "out.csv").read_text().splitlines()) == 6
    here.run("import team.jsonl --strict --rejects zh.csv --lang zh")
    assert "阶段：没有阶段" in (opp.folder / "zh.csv").read_text()
    assert len(here.ok("export deals -o json").json) == 1


def test_a_stage_that_is_of_another_kind_here_takes_no_deal_from_there(full: Base, opp: Any) -> None:
    (opp.folder / "other.toml").write_text(POLICY.replace('name  = "Deal"', 'name  = "Deal"\nkind = "won"'))
    other = Base(opp, "three.db")
    other.ok("init --policy other.toml")
    other.ok("add Mine")
    answer = other.run("import team.jsonl")
    assert answer.code == 9
    assert "the stage … is of the kind open there and of the kind won here" in answer.err
    assert {row["title"] for row in other.ok("export deals -o json").json} == {"Mine", "Bar"}


def test_a_later_file_of_the_other_database_brings_what_is_new_and_tells_what_is_otherwise(
    full: Base, opp: Any
) -> None:
    other = Base(opp, "three.db")
    other.ok("init --policy policy.toml")
    other.ok("add Mine")
    other.run("import team.jsonl")
    (opp.folder / "more.txt").write_bytes(b"more")
    full.ok("deal attach D-1 more.txt --kind offer")
    full.ok("request recall R-2")
    full.ok("deal edit D-2 --set amount=9")
    (opp.folder / "later.jsonl").write_text(full.ok("export all").out, "utf-8")
    said = other.run("import later.jsonl").out
    assert "1 made" in said and "2 things are otherwise here, and stay so" in said
    deal = next(row["id"] for row in other.ok("export deals -o json").json if row["title"] == "Shop")
    assert "more.txt" in other.ok(f"show {deal}").out


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_field_that_is_of_another_kind_here_takes_no_value_from_there(
    engine: str, opp: Any, request: pytest.FixtureRequest
) -> None:
    (opp.folder / "there.toml").write_text(POLICY + '[fields.extent]\ntype = "text"\n[fields.colour]\ntype = "text"\n')
    (opp.folder / "here.toml").write_text(POLICY + '[fields.extent]\ntype = "number"\n')
    there = Base(opp, "there.db")
    there.ok("init --policy there.toml")
    there.ok("add Wide --customer A --set extent=wide --set colour=red")
    there.ok("add Five --customer A --set extent=5")
    (opp.folder / "team.jsonl").write_text(there.ok("export all").out, "utf-8")
    here = Base(opp, "here.db" if engine == "sqlite" else request.getfixturevalue("server"))
    here.ok("init --policy here.toml")
    here.ok("add Here --customer B")
    assert "values of fields that are not here (2)" in here.ok("import team.jsonl").out
    assert [row["extent"] for row in here.ok("ls --json -c extent").json] == [None, None, 5]
    assert here.ok("ls --ids -w 'extent > 4'").out.split() == ["D-3"]


def test_a_dry_run_of_everything_writes_nothing(full: Base, opp: Any) -> None:
    other = Base(opp, "two.db").begin()
    before = (opp.folder / "two.db").read_bytes()
    assert "to make" in other.ok("import team.jsonl -n").out
    assert (opp.folder / "two.db").read_bytes() == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: [*lines[:2], "{", *lines[2:]], "team.jsonl:3: no object of an export"),
        (lambda lines: [lines[0].replace('"opp": 1', '"opp": 2'), *lines[1:]], "was written by a newer opp"),
        (lambda lines: [*lines, '{"record": "ship"}'], "there is no noun ship"),
        (lambda lines: [*lines, '{"record": "customer", "sails": 3}'], "a customer has no sails"),
        (
            lambda lines: [*lines, '{"record": "user", "login": "x", "name": "X", "roles": 5}'],
            "a user has no such roles",
        ),
        (lambda lines: [*lines, '{"record": "deal", "title": 3, "stage": "Lead"}'], "a deal has no such title"),
        (lambda lines: [*lines, '{"record": "deal", "title": "x", "stage": "Lead", "visits": 3}'], "has no visits"),
        (lambda lines: [line for line in lines if '"record": "user"' not in line], "refers to"),
        (lambda lines: [line.replace("EUR", "USD") for line in lines], "the text of policy v1 was changed"),
    ],
)
def test_a_file_that_is_no_good_to_its_end_changes_nothing(full: Base, opp: Any, change: Any, said: str) -> None:
    lines = (opp.folder / "team.jsonl").read_text("utf-8").splitlines()
    (opp.folder / "team.jsonl").write_text("\n".join(change(lines)) + "\n", "utf-8")
    other = Base(opp, "two.db").begin()
    before = other.ok("export all").out.splitlines()[1:]
    answer = other.run("import team.jsonl")
    assert answer.code != 0 and "Traceback" not in answer.err
    assert said in answer.err or said == "refers to"
    assert other.ok("export all").out.splitlines()[1:] == before


def test_only_an_admin_takes_everything_in_and_no_credential_leaves(full: Base) -> None:
    full.ok("user add kim")
    assert full.run("import team.jsonl --as kim").code == 4
    full.run("user pin", stdin=b"483920\n483920\n")
    text = full.ok("export all").out
    assert {user["pin_at"] for user in own(text.splitlines()[1:], "user")} == {None}
    assert "verifier" not in text


def test_everything_is_objects_and_as_it_is(full: Base) -> None:
    assert full.run("export all -o csv").code == 2
    assert full.run("export all --redact key").code == 2
    assert full.run("export all -w 'amount > 3'").code == 2
    assert full.run("export all -c id").code == full.run("export all --sort id").code == 2
    full.ok("export all -O out.jsonl")
    assert len(full.ok("export all -o jsonl").out.splitlines()) > 10


@pytest.fixture
def fuller(full: Base, opp: Any) -> Base:
    """The same with a delegation, a saved view and a mapping that is kept."""
    full.ok("user add kim --role manager --manager boss")
    full.ok("forecast adjust --owner kim --period this-month --change 5 -m y --as boss")
    full.ok("payment received D-1 5")
    full.ok("rate add EUR USD 1.05")
    full.ok("price set P-1 --list 5")
    full.ok("cost add web 2026-11 500")
    full.ok("points give kim 5 --kind x -m y")
    full.ok("forecast submit next-month --commit 5")
    full.ok("target set kim 2026-11 won_amount 500/600/700")
    full.ok("delegate add --to kim --start +1d --end +9d --as boss")
    full.ok("view save mine -- ls")
    (opp.folder / "m.toml").write_text('system = "crm"\n[fields]\nexternal_id = "Id"\ntitle = "T"\nstage = "S"\n')
    (opp.folder / "deals.csv").write_text("Id,T,S\n1,One,Lead\n")
    full.ok("import deals.csv --mapping m.toml")
    return full


UNMADE = "code delivery contact activity task proposal match watch quote contract fact".split()


@pytest.mark.parametrize("noun", [noun for noun in NOUNS if noun.word not in UNMADE], ids=lambda noun: noun.word)
def test_an_object_of_a_noun_has_all_its_fields(noun: Any, fuller: Base) -> None:
    shape = shape_of(class_of(noun))
    fields = {part.field for part in shape.parts} | {child.field for child in shape.children}
    found = own(fuller.ok("export all").out.splitlines()[1:], noun.word)[:1]
    assert [set(each) for each in found] == [{objects.NOUN, *fields}]


def test_under_a_scope_only_who_sees_all_takes_everything_out(opp: Any) -> None:
    (opp.folder / "policy.toml").write_text(POLICY + '[scope]\nsee = { sales = "own", admin = "all" }\n')
    base = Base(opp, "scoped.db")
    base.ok("init --policy policy.toml")
    base.ok("user add kim --role sales")
    assert base.run("export all --as kim").code == 4
    assert base.run("export all").code == 0


STABLE = ("title", "customer", "stage", "amount", "owner", "created_at", "closed_at", "discount", "line")


def test_own_csvs_are_unchanged_where_they_came_from_and_make_the_same_elsewhere(opp: Any) -> None:
    (opp.folder / "policy.toml").write_text(POLICY + '[fields.line]\ntitle = "Line"\n')
    base, other = Base(opp, "one.db"), Base(opp, "two.db")
    for each in (base, other):
        each.ok("init --policy policy.toml")
    base.ok("user add boss --name 'Ann Boss' --role manager")
    base.ok("user add kim --manager boss")
    base.ok("add Shop --customer Acme --amount 500 --owner kim --set discount=12 --set line=A")
    base.ok("add Bar --amount 7")
    base.ok("lose D-2 --reason price")
    again = []
    for noun in ("people", "deals", "visits"):
        (opp.folder / f"{noun}.csv").write_text(base.ok(f"export {noun}").out, "utf-8")
        here, _, there = (each.ok(f"import {noun}.csv").out for each in (base, other, other))
        again += [here, there]
    assert [out for out in again if "0 created, 0 updated" not in out] == []
    rows = [each.ok("export deals -o json").json for each in (base, other)]
    told = [[{name: row[name] for name in STABLE} for row in found] for found in rows]
    assert told[0] == told[1]
    assert base.ok("export visits").out == other.ok("export visits").out
    assert {user["login"]: user["manager"] for user in other.ok("user list -o json").json}["kim"] == "boss"


def test_an_edited_own_csv_edits_the_deals_that_it_came_from(opp: Any) -> None:
    base = Base(opp, "one.db").begin()
    base.ok("add Shop --amount 500")
    (opp.folder / "deals.csv").write_text(base.ok("export deals").out.replace("500.00", "650.00"), "utf-8")
    assert "0 created, 1 updated" in base.ok("import deals.csv").out
    found = base.ok("export deals -o json").json
    assert [(deal["id"], deal["amount"], deal["external_id"]) for deal in found] == [("D-1", "650.00", None)]


def test_contacts_activities_and_tasks_come_with_their_deals(opp: Any, tmp_path: Any) -> None:
    there, here = Base(opp, str(tmp_path / "there.db")).begin("b2b"), Base(opp, str(tmp_path / "here.db")).begin("b2b")
    here.ok("add Other --customer Globex --source web")
    there.ok("add MES --customer Acme --source web --set next_step=Call --set 'next_step_on=2030-03-04'")
    there.ok("contact add 王总 --customer Acme --phone 13800001111")
    there.ok("deal link D-1 P-1 --role 决策人")
    there.ok("note D-1 '电话：预算已批' --with P-1")
    (opp.folder / "all.jsonl").write_text(there.ok("export all").out, "utf-8")
    here.ok("import all.jsonl")
    (deal,) = [each for each in here.ok("ls --json").json if each["title"] == "MES"]
    assert (deal["id"], deal["next_step"]) == ("D-2", "Call")
    (noted,) = here.ok("export activities --json").json
    assert (noted["deal_id"], noted["contacts"], noted["text"]) == ("D-2", ["P-1"], "预算已批")
    (part,) = own(here.ok("export all").out.splitlines()[1:], "deal")[1]["contacts"]
    assert (part["contact_id"], part["role"]) == (1, "决策人")
    again = here.ok("import all.jsonl").out
    assert "0 made" in again and "otherwise" not in again
