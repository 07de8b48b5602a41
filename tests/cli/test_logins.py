"""People who would be taken for somebody else are not made, however they come."""

import pytest
from begun import begun
from command_line import InProcess


@pytest.fixture
@begun
def team(opp: InProcess) -> InProcess:
    opp.ok("init")
    opp.ok("user add li --name 'Li Na'")
    return opp


@pytest.mark.parametrize(
    ("login", "code"), [("Wang", 5), ("vvang", 5), ("ｗａｎｇ", 5), ("wаng", 2), ("system", 2), ("Me", 2)]
)
def test_nobody_gets_a_login_that_would_be_taken_for_another(team: InProcess, login: str, code: int) -> None:
    answer = team("user", "add", login)
    assert (answer.code, len(team.ok("user list --json").json)) == (code, 2)


def test_the_one_it_would_be_taken_for_is_named(team: InProcess) -> None:
    told = "error: Wang would be taken for wang, who is a user already\nhint: opp user show wang\n"
    assert team("user add Wang").err == told


@pytest.mark.parametrize("login", ["system", "wаng"])
def test_nor_does_the_first_person(opp: InProcess, login: str) -> None:
    answer = opp("init", user=login)
    assert (answer.code, opp.db.exists()) == (2, False)


def test_an_import_makes_no_such_login(team: InProcess) -> None:
    (team.folder / "m.toml").write_text('kind = "users"\nsystem = "hr"\n[fields]\nname = "n"\n', "utf-8")
    (team.folder / "u.csv").write_text("n\nVVang\nLi\n", "utf-8")
    team("import u.csv --mapping m.toml")
    found = {row["login"] for row in team.ok("user list --json").json}
    assert found & {"vvang", "Li"} == set()


@pytest.mark.parametrize("name", ["Li Na", "LI  NA", "li", "ｌｉ　ｎａ"])
def test_nobody_takes_the_name_of_somebody_else(team: InProcess, name: str) -> None:
    assert team("user", "edit", "wang", "--name", name).code == 5
    team.ok("user", "edit", "li", "--name", "Wang Fang", user="wang")


@pytest.mark.parametrize("name", ["Li\nNa", "Li\u202eaN", "Li\x07"])
def test_a_name_is_one_line_without_control_characters(team: InProcess, name: str) -> None:
    answers = [
        team("user", "edit", "li", "--name", name),
        team("user", "add", "sun", "--name", name),
        team("user", "edit", "li", "--name", name, user="li"),
    ]
    assert [answer.code for answer in answers] == [2, 2, 2]


def test_one_keeps_one_s_own_name(team: InProcess) -> None:
    team.ok("user", "edit", "li", "--name", "LI NA", user="li")
