"""A typed customer that is nearly there: asked on a terminal whether it is that one, never in a script."""

import pytest
from command_line import InProcess, Process
from desk import Desk

from oppcli.policy import template

RULES = '[duplicates]\nrule = [{ name = "alike", of = "customer", like = { name = 60 } }]\n'


@pytest.fixture
def desk(opp: InProcess, opp_process: Process, request: pytest.FixtureRequest) -> Desk:
    made = Desk(opp, opp_process, template("blank", "en") + getattr(request, "param", ""))
    made.opp.ok("add Cloud --customer 北京云帆科技")
    made.opp.ok("add Sky --customer 上海天空")
    request.addfinalizer(made.terminal.close)
    return made


def customers(desk: Desk) -> list[str]:
    return [row["name"] for row in desk.opp("customer list -o json").json]


ONE = "there is no 北京云凡科技 yet; is it one of these?"


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("add 北京云凡科技 --customer 北京云凡科技", "add 北京云凡科技 --customer C-1"),
        ("add Two --set customer=北京云凡科技", "add Two --set customer=C-1"),
        ("deal edit D-2 --customer 北京云凡科技", "deal edit D-2 --customer C-1"),
        ("contact add Ann --customer 北京云凡科技", "contact add Ann --customer C-1"),
    ],
)
def test_one_that_is_meant_takes_the_place_of_what_was_typed(desk: Desk, typed: str, whole: str) -> None:
    shown = desk.at(f"--as root {typed}", (ONE, "1"))
    assert shown.splitlines()[-1] == f"without questions: opp --as root {whole}"
    assert customers(desk) == ["北京云帆科技", "上海天空"]


@pytest.mark.parametrize("desk", ["", RULES], ids=["no rules", "rules of duplicates"], indirect=True)
def test_a_new_one_is_asked_about_once_and_not_told_of_again(desk: Desk) -> None:
    shown = desk.at("--as root add Two --customer 北京云凡科技", (ONE, "2"))
    assert customers(desk) == ["北京云帆科技", "上海天空", "北京云凡科技"]
    assert (shown.count(ONE), "nearly" in shown) == (1, False)


def test_a_new_one_that_a_question_named_is_not_asked_about_twice(desk: Desk) -> None:
    shown = desk.at("--as root add", ("about", "Two"), ("customer (Enter", "北京云凡科技"), (ONE, "2"), ("amount", ""))
    assert (customers(desk)[-1], shown.count(ONE)) == ("北京云凡科技", 1)


def test_the_end_of_input_writes_nothing(desk: Desk) -> None:
    shown = desk.at("--as root add Two --customer 北京云凡科技", (ONE, "\x04"), code=130)
    assert "Nothing was written." in shown
    assert len(customers(desk)) == 2


@pytest.mark.parametrize("typed", ["--no-input add Two --customer 北京云凡科技", "add Two --customer 广州云凡"])
def test_nothing_is_asked_where_nothing_may_be_or_nothing_is_near(desk: Desk, typed: str) -> None:
    shown = desk.at(f"--as root {typed}")
    assert (len(customers(desk)), "is it one of these" in shown) == (3, False)


def test_of_several_deals_at_once_nothing_is_asked(desk: Desk) -> None:
    shown = desk.at("--as root deal edit D-1 D-2 --customer 北京云凡科技")
    assert (customers(desk)[-1], "is it one of these" in shown) == ("北京云凡科技", False)


def test_a_script_gets_the_new_one_and_a_word(desk: Desk) -> None:
    answer = desk.opp.ok("add Two --customer 北京云凡科技")
    assert answer.err.startswith("warning: C-3 ")
    assert len(customers(desk)) == 3
