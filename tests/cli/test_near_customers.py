"""A customer that is typed where a deal or a contact is added: found in any spelling, made anew with a word of what is
nearly called so, and owned from the start."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from begun import begun
from command_line import InProcess

ASSIGN = '[assign]\nrule = [{ name = "all", to = ["user:chen"], by = "turn" }]\n'
BY_CUSTOMER = '[assign]\nrule = [{ name = "known", by = "customer" }]\n'
RULES = '[duplicates]\nrule = [{ name = "alike", of = "customer", like = { name = 85 } }]\n'
SCOPE = '[scope]\nsee = { sales = "own" }\n'


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """wang (admin), li and chen (sales); no table of duplicates; customer C-1 北京云帆."""
    opp = opp_on_both
    opp.ok("init --template blank")
    for login in ("li", "chen"):
        opp.ok(f"user add {login} --manager wang")
    opp.ok("add Cloud --customer 北京云帆", user="li")
    return opp


def renumbered(team: InProcess, name: str, number: int) -> None:
    """As if there were so many customers."""
    db = team.env["OPP_DB"]
    made: Any = psycopg.connect(db) if "://" in db else sqlite3.connect(db)
    with closing(made):
        made.execute(f"UPDATE customer SET id = {number} WHERE name = '{name}'")
        made.commit()


def apply(team: InProcess, more: str) -> None:
    Path(team.folder, "more.toml").write_text(team.ok("policy show").out + more, encoding="utf-8")
    team.ok("policy apply more.toml")


def customers(team: InProcess) -> dict[str, str | None]:
    """Name → owner."""
    return {row["name"]: row["owner"] for row in team("customer list -o json").json}


@pytest.mark.parametrize("typed", ["北京云帆有限公司", "云帆（北京）有限公司", "北京 云帆", "北京市云帆股份有限公司"])
def test_another_spelling_of_the_only_customer_of_a_name_is_that_customer_and_is_said(
    team: InProcess, typed: str
) -> None:
    added = team.ok(f"add Two --customer '{typed}'", user="li")
    assert (list(customers(team)), added.err.strip()) == (["北京云帆"], f"warning: {typed} is C-1 北京云帆")


@pytest.mark.parametrize("typed", ["THE Ａcme, Ltd.", "acme inc", "A.C.M.E. Co., Ltd", "Acmé"])
def test_legal_forms_case_width_and_accents_make_no_other_customer(team: InProcess, typed: str) -> None:
    team.ok("contact add Lee --customer Acme")
    added = team.ok(f"contact add Ann --customer '{typed}'")
    assert (list(customers(team)), added.err) == (["北京云帆", "Acme"], f"warning: {typed} is C-2 Acme\n")


def test_the_name_as_it_is_says_nothing(team: InProcess) -> None:
    assert team.ok("add Two --customer 北京云帆", user="li").err == ""


def test_a_new_customer_that_is_nearly_there_is_told_with_the_command_that_makes_one_of_them(
    team: InProcess,
) -> None:
    manager = team.ok("add Two --customer 北京云帆科技")
    seller = team.ok("add Three --customer 北京云凡科技", user="li")
    told = [
        "warning: C-2 北京云帆科技 is new; nearly C-1 北京云帆: opp merge C-1 C-2\n",
        "warning: C-3 北京云凡科技 is new; nearly C-2 北京云帆科技: a manager may opp merge C-2 C-3\n",
    ]
    assert [manager.err, seller.err] == told
    assert "C-1" in team.ok("merge C-1 C-2").out


def test_where_rules_of_duplicates_compare_names_they_say_what_becomes_of_one(team: InProcess) -> None:
    apply(team, RULES)
    told = team.ok("add Two --customer 北京云帆有限公司").err.splitlines()
    assert (len(told), "C-2 may be C-1 北京云帆: alike 100 %" in told[0], list(customers(team))) == (
        *(1, True),
        ["北京云帆", "北京云帆有限公司"],
    )


def test_several_customers_of_a_spelling_are_not_guessed_among(team: InProcess) -> None:
    team.ok("customer add Acme")
    team.ok("customer add 'Acme Inc'")
    added = team.ok("add Two --customer 'ACME GmbH'")
    assert added.err == "warning: C-4 ACME GmbH is new; nearly C-2 Acme: opp merge C-2 C-4\n"


def test_of_thousands_of_customers_only_those_are_looked_at_whose_name_begins_alike(team: InProcess) -> None:
    team.ok("customer add 'Northern Acme'")
    team.ok("customer add 'Acme Tooling'")
    few = team.ok("add Two --customer 'Acme'").err
    renumbered(team, "Northern Acme", 6000)
    many = team.ok("add Three --customer 'Acme Tools'").err
    other = team.ok("add Four --customer 'Big Acme'").err
    assert (few, many, other) == (
        "warning: C-4 Acme is new; nearly C-3 Acme Tooling: opp merge C-3 C-4\n",
        "warning: C-6001 Acme Tools is new; nearly C-3 Acme Tooling: opp merge C-3 C-6001\n",
        "",
    )


def test_a_name_like_no_other_is_made_without_a_word(team: InProcess) -> None:
    assert team.ok("add Two --customer Globex").err == ""


def test_what_one_does_not_see_is_neither_taken_nor_told_of(team: InProcess) -> None:
    apply(team, SCOPE)
    same = team.ok("add Two --customer 北京云帆有限公司", user="chen")
    near = team.ok("add Three --customer 北京云帆科技", user="chen")
    assert ("C-1" in same.err + near.err, "nearly C-2 北京云帆有限公司" in near.err) == (False, True)


def test_a_customer_made_on_the_way_is_whose_the_deal_is_or_whose_contact_it_was(team: InProcess) -> None:
    team.ok("add Two --customer Globex --owner chen")
    team.ok("add Three --customer Initech --owner none")
    team.ok("contact add Ann --customer Hooli", user="li")
    team.ok("deal edit D-2 --set customer=Umbrella")
    found = customers(team)
    assert [found[name] for name in ("北京云帆", "Globex", "Initech", "Hooli", "Umbrella")] == [
        *("li", "chen", None, "li", "chen")
    ]


def test_a_customer_made_where_the_rules_assign_is_whose_the_deal_became(team: InProcess) -> None:
    apply(team, ASSIGN)
    team.ok("add Two --customer Globex", user="li")
    assert (customers(team)["Globex"], team("show D-2 -o json").json["owner"]) == ("chen", "chen")
    # It is theirs from its first entry on, and told once.
    log = team.ok("log C-2 -o json").json
    assert [(entry["action"], entry["changes"]["owner"]) for entry in log] == [("create", [None, "chen"])]
    near = team.ok("add Three --customer 北京云帆科技", user="li")
    assert near.err == "warning: C-3 北京云帆科技 is new; nearly C-1 北京云帆: a manager may opp merge C-1 C-3\n"
    assert team.ok("db check").code == 0


def test_a_customer_made_on_the_way_gives_its_deal_to_nobody_by_the_rule_of_known_customers(team: InProcess) -> None:
    apply(team, BY_CUSTOMER)
    team.ok("add Two --customer Globex", user="chen")
    team.ok("add Three --customer 北京云帆", user="chen")
    assert [row["owner"] for row in team("deal list -o json").json] == ["li", None, "li"]


def test_of_a_merged_name_the_survivor_is_taken(team: InProcess) -> None:
    team.ok("customer add 'Globex Inc'")
    team.ok("merge C-1 C-2")
    assert team.ok("add Two --customer 'The GLOBEX'").err == "warning: The GLOBEX is C-1 北京云帆\n"
