"""`opp user` and whom a filter means: what a person sees."""

import re

import pytest
from begun import begun
from command_line import InProcess


@pytest.fixture
@begun
def team(opp: InProcess) -> InProcess:
    opp.ok("init --template b2b --lang zh")
    opp.ok("user add zhou --role manager")
    opp.ok("user add li --manager zhou")
    for customer in ("上海精密仪器", "上海电机", "北辰 100% 重机"):
        opp.ok("add", "x", "--customer", customer)
    return opp


@pytest.mark.parametrize(
    ("text", "deals"),
    [("上海精密仪器", ["D-1"]), ("上海精", ["D-1"]), ("电机", ["D-2"]), ("０% 重", ["D-3"]), ("c-2", ["D-2"])],
)
def test_a_customer_is_meant_by_the_beginning_or_a_part_of_its_name(
    team: InProcess, text: str, deals: list[str]
) -> None:
    assert team.ok("deal", "list", "--ids", "--customer", text).out.split() == deals


@pytest.mark.parametrize(("text", "code", "said"), [("上海", 5, "C-2"), ("%", 0, ""), ("_", 3, "no such customer: _")])
def test_a_name_that_means_several_customers_or_none_is_refused(
    team: InProcess, text: str, code: int, said: str
) -> None:
    answer = team("deal", "list", "--customer", text)
    assert (answer.code, said in answer.err) == (code, True)


def test_all_that_is_wrong_with_a_new_person_is_said_at_once(team: InProcess) -> None:
    answer = team("user", "add", "a b", "--role", "boss", "--role", "chief", "--manager", "nobody")
    assert answer.code == 7
    assert re.findall("^  (login|manager|role [a-z]+) ", answer.err, re.MULTILINE) == [
        *("login", "role boss", "role chief", "manager"),
    ]


@pytest.mark.parametrize(("line", "code"), [("'a b'", 2), ("li", 5), ("x --role boss", 7), ("x --manager nobody", 3)])
def test_one_thing_wrong_with_a_new_person_has_its_own_code(team: InProcess, line: str, code: int) -> None:
    assert team(f"user add {line}").code == code


def test_those_who_lose_their_manager_are_told_of_in_good_english(team: InProcess) -> None:
    assert "li still reports to zhou" in team.ok("user deactivate zhou").out


@pytest.mark.parametrize("line", ["--version", "--db nowhere.db --version", "-q --version"])
def test_the_version_is_told_behind_other_flags_too(opp: InProcess, line: str) -> None:
    from oppcli import __version__

    assert opp.ok(line).out == f"opp {__version__}\n"
    assert "--version" in opp.ok("help commands").out


def test_one_gate_is_one_gate(opp: InProcess) -> None:
    opp.ok("init --template saas")
    (opp.folder / "team.toml").write_text(opp.ok("policy show").out, encoding="utf-8")
    assert opp.ok("policy check team.toml").out.endswith("; 6 stages, 2 types of request, 1 gate\n")


def test_who_is_no_user_is_told_so_by_an_empty_answer_and_sees_nobody_elses(team: InProcess) -> None:
    logins = [person["login"] for person in team.ok("user list --json").json]
    stranger = logins[0][:-1]
    assert stranger not in logins
    told = f"{stranger} is not a user of this database"
    mine = team("deal list --owner me --json", user=stranger)
    assert (mine.code, mine.json, mine.err) == (0, [], f"note: {told}\n")
    home = team(user=stranger)
    assert (home.code, home.out) == (0, "")
    assert home.err == f"{told}; an admin adds you: opp user add {stranger}; or say who you are: --as LOGIN\n"
    inbox = team("inbox", user=stranger)
    assert (inbox.code, inbox.err.splitlines()[0]) == (3, f"error: {told}")


def test_an_empty_answer_for_somebody_known_says_no_such_thing(team: InProcess) -> None:
    logins = [person["login"] for person in team.ok("user list --json").json]
    answers = [team("deal list --owner me --tag nothing", user=login) for login in logins]
    assert len(answers) > 0
    assert [each.err for each in answers if "is not a user" in each.err] == []


@pytest.mark.parametrize("day", ["today", "今天", "2026-03-02"])
def test_a_delegation_from_today_begins_now_and_none_begins_in_the_past(team: InProcess, day: str) -> None:
    now = "2026-03-02T15:30:00+08:00"
    made = team(*"delegate add --to li --end 2026-03-06 --start".split(), day, user="zhou", now=now)
    assert made.code == 0, made.err
    (found,) = team.ok("delegate list --json", now=now).json
    assert found["starts_at"] == "2026-03-02T07:30:00Z"
    late = team("delegate", "add", "--to", "li", "--end", "+3d", "--start", "2026-03-02 00:00", user="zhou", now=now)
    assert (late.code, "lies in the past" in late.err) == (7, True)
    assert team("delegate add --to li --end +3d --start yesterday", user="zhou", now=now).code == 7


@pytest.mark.parametrize(
    ("end", "ends_at"),
    [
        ("下周五", "2026-03-13T16:00:00Z"),
        ("2026-03-06", "2026-03-06T16:00:00Z"),
        ("2026-W11", "2026-03-15T16:00:00Z"),
        ("2026-03-06 09:00", "2026-03-06T01:00:00Z"),
        ("+3d", "2026-03-05T07:30:00Z"),
    ],
)
def test_a_delegation_until_a_day_ends_when_that_day_ends(team: InProcess, end: str, ends_at: str) -> None:
    now = "2026-03-02T15:30:00+08:00"
    team.ok("delegate", "add", "--to", "li", "--end", end, user="zhou", now=now)
    (found,) = team.ok("delegate list --json", now=now).json
    assert found["ends_at"] == ends_at


@pytest.mark.parametrize("address", ["a b", "wang", "@x", "a@b, c@d"])
def test_what_is_no_address_of_mail_is_refused(team: InProcess, address: str) -> None:
    edited = team("user", "edit", "li", "--email", address)
    added = team("user", "add", "new", "--email", address)
    assert [edited.code, added.code] == [2, 2]
    assert edited.err == added.err == f"error: {address!r} is not an e-mail address\n"
    team.ok("user", "edit", "li", "--email", "Li <li@example.com>")
    team.ok("user", "edit", "li", "--email", "")
    assert team.ok("user show li -o json").json["email"] is None
