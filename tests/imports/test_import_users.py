"""`opp import` of people."""

from pathlib import Path

import pytest
from sales import House, table

MAPPING = """
kind = "users"
[fields]
login   = "login"
name    = "name"
email   = "mail"
roles   = "roles"
manager = { column = "boss", create = true }
"""
HEADER = "login,name,mail,roles,boss"
ROWS = ("li,Li Lei,li@example.com,sales,Wang Fang", ',韩梅梅,,"manager, sales",', "zhao,Zhao Yun,,,li")


@pytest.fixture
def house(opp, tmp_path: Path) -> House:
    return House(opp, tmp_path).begin()


def people(house: House) -> dict[str, dict[str, object]]:
    return {user["login"]: user for user in house.run("user list -o json").json}


def test_rows_become_people_with_their_managers(house: House) -> None:
    answer = house.load(table(*ROWS, header=HEADER), mapping=MAPPING)
    assert answer.out.splitlines()[:2] == [
        "3 rows from deals.csv: 3 created, 0 updated, 0 unchanged, 0 rejected",
        "1 person and 0 customers added",
    ]
    found = people(house)
    assert set(found) == {"wang", "li", "wang.fang", "韩梅梅", "zhao"}
    assert (found["li"]["manager"], found["li"]["email"]) == ("wang.fang", "li@example.com")
    assert found["韩梅梅"]["roles"] == ["manager", "sales"]
    assert found["zhao"]["manager"] == "li"


def test_importing_people_twice_changes_nothing_and_a_changed_row_updates(house: House) -> None:
    house.load(table(*ROWS, header=HEADER), mapping=MAPPING)
    entries = house.entries()
    assert "0 created, 0 updated, 3 unchanged" in house.load(table(*ROWS, header=HEADER), mapping=MAPPING).out
    assert house.entries() == entries
    changed = table("li,Li Lei,li@new.example,sales,韩梅梅", header=HEADER)
    assert "0 created, 1 updated" in house.load(changed, mapping=MAPPING).out
    assert (people(house)["li"]["manager"], people(house)["li"]["email"]) == ("韩梅梅", "li@new.example")


def test_people_that_cannot_be_are_rejected_with_the_reason(house: House) -> None:
    rows = ("a b,A B,,,", "x,,,,", "y,Y,,bos,", "z,Z,,,z", "42,Number,,,")
    answer = house.load(table(*rows, header=HEADER), mapping=MAPPING)
    assert answer.code == 9
    found = house.rejects()
    assert [line for line, _ in found] == ["2", "3", "4", "5", "6"]
    assert [error for _, error in found if "manager" not in error] == [
        "login: 'a b' cannot be a login",
        "name: is blank",
        "roles: there is no role bos",
        "login: '42' cannot be a login",
    ]


def test_only_an_admin_imports_people(house: House) -> None:
    house.run("user add boss --role manager")
    (house.folder / "people.csv").write_bytes(table(*ROWS, header=HEADER))
    (house.folder / "people.toml").write_text(MAPPING)
    answer = house.run("import people.csv --mapping people.toml", user="boss")
    assert answer.code == 4
    assert "boss may not import people" in answer.err


STRICT = MAPPING.replace('{ column = "boss", create = true }', '"boss"')
LINE = ("zhao,Zhao Yun,,,li", "li,Li Lei,li@example.com,,Han Mei", "han,Han Mei,,,", "qian,Qian,,,LI@example.com")


def above(house: House) -> dict[str, object]:
    """Who reports to whom."""
    return {login: user["manager"] for login, user in people(house).items() if login != "wang"}


@pytest.mark.parametrize("rows", [LINE, LINE[::-1], (*LINE[2:], *LINE[:2])])
def test_who_leads_is_found_wherever_their_row_stands(house: House, rows: tuple[str, ...]) -> None:
    answer = house.load(table(*rows, header=HEADER), mapping=STRICT)
    assert answer.code == 0, answer.err
    assert "4 rows from deals.csv: 4 created" in answer.out
    assert above(house) == {"zhao": "li", "li": "han", "han": None, "qian": "li"}
    assert "0 people and 0 customers added" in answer.out or "added" not in answer.out
    assert "0 created, 0 updated, 4 unchanged" in house.load(table(*rows, header=HEADER), mapping=STRICT).out


def test_nobody_is_made_for_a_manager_whose_row_comes_later(house: House) -> None:
    house.load(table(*LINE, header=HEADER), mapping=MAPPING)
    assert above(house) == {"zhao": "li", "li": "han", "han": None, "qian": "li"}


def test_who_leads_is_found_behind_many_rows(house: House) -> None:
    rows = (*(f"u{number},Person {number},,,boss" for number in range(501)), "boss,The Boss,,,")
    answer = house.load(table(*rows, header=HEADER), mapping=STRICT)
    assert answer.code == 0, answer.err
    assert set(above(house).values()) == {"boss", None}


def test_a_manager_whose_row_is_rejected_is_nobody_and_loops_are_refused(house: House) -> None:
    rows = ("a,A,,,b", "b,B,,bos,", "c,C,,,d", "d,D,,,c", "e,E,,,e", "f,F,,bos,nobody")
    answer = house.load(table(*rows, header=HEADER), mapping=STRICT)
    assert (answer.code, above(house)) == (9, {})
    assert house.rejects() == [
        ("2", "manager: no such user: b"),
        ("3", "roles: there is no role bos"),
        ("4", "manager: no such user: d"),
        ("5", "manager: c reports to d already; the reporting line would be a loop"),
        ("6", "manager: e cannot report to themselves"),
        ("7", "roles: there is no role bos; manager: no such user: nobody"),
    ]
