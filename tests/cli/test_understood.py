"""What may be typed in either language, whatever the language of the answer: types, fields, people, values."""

from pathlib import Path

import pytest
from command_line import InProcess
from stages import team_policy

POLICY = team_policy(
    """[[stage]]
name = "Lead"
kind = "lead"
[[stage]]
name = "Offer"
kind = "open"
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Lost"
kind = "lost"

[fields.level]
type = "text"
title = "方案类型"
values = ["Standard", "Custom"]
[fields.other]
type = "text"
title = "Level"
[fields.first]
type = "text"
title = "同名"
[fields.second]
type = "text"
title = "同名"

[type.risk]
title = "风控审批"
[[type.risk.step]]
name = "check"
who = ["user:chen"]
""",
    name="Team",
)


@pytest.fixture
def team(opp: InProcess, tmp_path: Path) -> InProcess:
    path = tmp_path / "team.toml"
    path.write_text(POLICY, "utf-8")
    opp.ok("init", "--template", "blank", "--lang", "en")
    opp.ok("user add chen --name 陈晨 --email Chen@Example.com --role manager")
    opp.ok("user", "add", "ann", "--name", "Ann Lee")
    opp.ok("policy", "apply", str(path))
    opp.ok("add Plant --amount 1000")
    return opp


def stored(team: InProcess, *names: str) -> list[object]:
    found = team.ok("deal show D-1 --json").json
    return [found[name] for name in names]


@pytest.mark.parametrize("typed", ["risk", "风控审批", "RISK", "风控 审批", "Ｒｉｓｋ"])
def test_a_type_of_request_is_known_by_its_name_and_its_title(team: InProcess, typed: str) -> None:
    team.ok("submit", "D-1", typed)
    assert team.ok("request list --json").json[0]["type"] == "risk"


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        ("折扣=5", "discount", 5),
        ("Discount=8折", "discount", 20),
        ("预计成交日=2026-05-01", "expected_close", "2026-05-01"),
        ("Expected Close=2026-05-01", "expected_close", "2026-05-01"),
        ("close=2026-05-01", "expected_close", "2026-05-01"),
        ("方案类型=custom", "level", "Custom"),
        ("level=Standard", "level", "Standard"),
        ("Level=free", "other", "free"),
        ("budget=是", "budget", "yes"),
        ("预算=没有", "budget", "no"),
        ("need=未知", "need", "unknown"),
    ],
)
def test_a_field_is_known_by_its_name_and_its_titles_in_both_languages(
    team: InProcess, typed: str, name: str, value: object
) -> None:
    team.ok("deal", "edit", "D-1", "--set", typed)
    assert stored(team, name) == [value]


def test_a_title_of_two_fields_is_refused_with_both(team: InProcess) -> None:
    answer = team("deal", "edit", "D-1", "--set", "同名=x")
    assert (answer.code, "first" in answer.err, "second" in answer.err) == (5, True, True)


@pytest.mark.parametrize("typed", ["chen", "CHEN", "chen@example.com", "陈晨", "陈 晨", "陈"])
def test_a_person_is_known_by_login_address_and_name_and_the_login_is_kept(team: InProcess, typed: str) -> None:
    team.ok("deal", "assign", "D-1", "--to", typed)
    assert stored(team, "owner") == ["chen"]


def test_a_login_wins_over_the_same_name_of_somebody_else(team: InProcess) -> None:
    team.ok("user add bob --name ann")
    team.ok("deal assign D-1 --to ann")
    assert stored(team, "owner") == ["ann"]


@pytest.mark.parametrize(
    ("asked", "columns"),
    [
        ("id,金额", ["id", "amount"]),
        ("ID,Next Step,Close", ["id", "next_step", "expected_close"]),
        ("商机编号", None),
        ("close，阶段", ["expected_close", "stage"]),
        ("方案类型,Level", ["level", "other"]),
        ("LEVEL", None),
    ],
)
def test_a_column_is_known_by_what_stands_above_it(team: InProcess, asked: str, columns: list[str] | None) -> None:
    answer = team("ls", "--csv", "-c", asked)
    assert answer.out.splitlines()[:1] == ([",".join(columns)] if columns else [])


@pytest.mark.parametrize("asked", ["amount", "金额", "AMOUNT", "close", "预计成交日"])
def test_a_list_is_sorted_by_what_stands_above_a_column(team: InProcess, asked: str) -> None:
    assert team("ls", "--csv", "-c", "id", "--sort", f"-{asked}").out == "id\nD-1\n"


@pytest.mark.parametrize("asked", ["pending", "审批中", "PENDING", "pending,已通过", "已通过，审批中"])
def test_a_state_is_known_by_its_code_and_its_word(team: InProcess, asked: str) -> None:
    team.ok("submit D-1 risk")
    assert [row["id"] for row in team.ok("request", "list", "--json", "--state", asked).json] == ["R-1"]
    assert team.ok("request", "list", "--json", "--state", f"!{asked}").json == []


def test_a_type_in_a_filter_and_a_choice_are_known_by_their_words(team: InProcess) -> None:
    team.ok("submit D-1 risk")
    assert [row["id"] for row in team.ok("request list --json --type 风控审批").json] == ["R-1"]
    assert team.ok("report funnel --outcome 进行中 --json").json == team.ok("report funnel --outcome open --json").json
    assert team("report funnel --outcome 进行").code == 2


@pytest.mark.parametrize("typed", ["chen", "陈晨", "陈 晨", "Chen@Example.com", "chen@example.com", "CHEN"])
def test_who_acts_is_known_by_login_address_and_name_and_the_login_is_kept(team: InProcess, typed: str) -> None:
    team.ok("--as", typed, "lead", "add", "Mine")
    assert team.ok("deal show D-2 --json").json["owner"] == "chen"
    assert team.ok("log D-2 --json").json[0]["actor"] == "chen"
    assert team.ok("user whoami --json", env={"OPP_USER": typed}).json["login"] == "chen"


def test_a_name_that_two_people_have_is_no_acting_person(team: InProcess) -> None:
    team.ok("user add cora --email Chen@Example.com")
    answer = team("--as", "Chen@Example.com", "ls")
    assert (answer.code, "chen" in answer.err, "cora" in answer.err) == (5, True, True)


@pytest.mark.parametrize("typed", ["manager", "主管", "Manager", "财务", "finance"])
def test_a_role_is_known_by_its_name_and_its_titles(team: InProcess, tmp_path: Path, typed: str) -> None:
    path = tmp_path / "roles.toml"
    path.write_text(POLICY + '\n[roles]\nfinance = { title = "财务", who = ["chen"] }\n', "utf-8")
    team.ok("policy", "apply", str(path))
    team.ok("user", "add", "dan", "--role", typed)
    assert team.ok("user show dan --json").json["roles"] in (["manager"], ["finance"])


@pytest.mark.parametrize("typed", ["D-1", "d1", "1", "Ｄ－１", "ｄ１", "\u3000D-1\u00a0", "\ufeffD-1"])
def test_an_id_is_read_in_any_width_and_with_blanks_of_any_kind_around_it(team: InProcess, typed: str) -> None:
    assert team.ok("deal", "show", typed, "--json").json["id"] == "D-1"
    assert team.ok("show", typed, "--json").json["id"] == "D-1"


@pytest.mark.parametrize(
    "condition",
    [
        "金额 >= 1000",
        "amount >= 1千",
        "阶段 = Lead",
        "负责人 = me",
        "折扣 is empty",
        "类别 = 线索",
        "kind = lead",
        "Amount >= 1000",
        "ＡＭＯＵＮＴ >= 1000",
        "Stage = lead",
    ],
)
def test_a_condition_of_a_list_knows_fields_by_their_titles(team: InProcess, condition: str) -> None:
    assert [row["id"] for row in team.ok("ls", "--json", "-w", condition).json] == ["D-1"]


@pytest.mark.parametrize("words", ["boleto pagamento", "PAGAMENTO acme", "жук", "ｂｏｌｅｔｏ", "'boleto pagamento'"])
def test_show_takes_words_of_title_customer_and_external_id_in_any_order(team: InProcess, words: str) -> None:
    team.ok("add", "Pagamento ЖУК boleto", "--customer", "Acme")
    team.ok("add", "Pagamento", "--customer", "Globex")
    assert team.ok(f"show {words} --json").json["id"] == "D-2"


def test_several_ids_are_no_title(team: InProcess) -> None:
    assert team.ok("show D-1 D-1 -o json").json["id"] == "D-1"


def test_a_stage_that_could_be_several_is_refused_alike_in_lists_and_moves(opp: InProcess) -> None:
    opp.env.update(OPP_USER="li")
    opp.ok("init --template b2b --lang en")
    opp.ok("add Plant --customer Acme --amount 5000")
    for_lists, for_moves = opp("ls --stage Q"), opp("advance D-1 --to Q")
    assert (for_lists.code, for_moves.code) == (5, 5)
    assert "Q could be Qualification or Quote" in for_lists.err
    assert "Q could be Qualification or Quote" in for_moves.err
