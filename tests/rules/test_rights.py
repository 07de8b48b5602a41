"""Who may change a deal, and what the refusal says."""

import pytest

from oppcli.errors import NotAllowed
from oppcli.model.deals import Deal
from oppcli.model.people import User
from oppcli.rules import rights
from oppcli.words import names

USERS = {
    user.login: user
    for user in (
        User(login="li", name="李", manager="wang"),
        User(login="wang", name="王", manager="zhou", roles=("manager",)),
        User(login="zhou", name="周"),
        User(login="hu", name="胡"),
        User(login="chen", name="陈"),
        User(login="root", name="r", roles=("admin",)),
    )
}
DEAL = Deal(id=7, title="t", stage="s", owner="li", collaborators=("chen",))


@pytest.mark.parametrize(
    ("login", "may"), [("li", True), ("chen", True), ("wang", True), ("zhou", True), ("root", True), ("hu", False)]
)
def test_owner_collaborators_superiors_and_admins_may_change_a_deal(login: str, may: bool) -> None:
    assert rights.may_do("deal edit", DEAL, USERS[login], USERS) is may


def test_the_refusal_names_who_may() -> None:
    with pytest.raises(NotAllowed) as refusal:
        rights.require_deal("deal edit", DEAL, USERS["hu"], USERS)
    assert "D-7" in refusal.value.message
    assert refusal.value.hint is not None
    assert refusal.value.hint.startswith("li, chen, wang, zhou")


def test_a_loop_in_the_reporting_line_ends() -> None:
    loop = {"a": User(login="a", name="a", manager="b"), "b": User(login="b", name="b", manager="a")}
    assert rights.superiors("a", loop) == ("b",)
    assert rights.below("a", {"a": "b", "b": "a"}) == ("a", "b")


def test_who_is_below_stands_by_level_and_hangs_on_nobody_who_is_left_out() -> None:
    managers = {"top": None, "one": "top", "two": "top", "deep": "one", "deeper": "deep", "other": None}
    assert rights.below("top", managers) == ("top", "one", "two", "deep", "deeper")
    assert rights.below("one", managers) == ("one", "deep", "deeper")
    del managers["deep"]
    assert rights.below("one", managers) == ("one",)


def test_a_role_is_required_and_its_holders_are_named() -> None:
    with pytest.raises(NotAllowed) as refusal:
        rights.require_role("policy apply", USERS["li"], "apply a policy", USERS)
    assert "root" in str(refusal.value.hint)
    rights.require_role("policy apply", USERS["root"], "apply a policy", USERS)


@pytest.mark.parametrize(
    ("one", "other"), [("ACME  Corp", "acme corp"), ("ＡＣＭＥ", "acme"), (" 上海精密 ", "上海精密")]
)
def test_customers_are_the_same_whatever_the_spelling(one: str, other: str) -> None:
    assert names.key(one) == names.key(other)


@pytest.mark.parametrize(
    ("name", "login"), [("Darcel Schlecht", "darcel.schlecht"), ("José Núñez", "jose.nunez"), ("张伟", "张伟")]
)
def test_a_login_is_made_from_a_name(name: str, login: str) -> None:
    assert names.login(name) == login
    assert names.is_login(login)


@pytest.mark.parametrize("text", ["", "-x", ".x", "123", "a b", "a/b", "x" * 65, "a\n"])
def test_what_cannot_be_a_login_is_known(text: str) -> None:
    assert not names.is_login(text)
