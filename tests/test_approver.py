"""An approver is read once, and stays the text it was written as."""

import pytest

from oppcli.model.approver import Approver, approver, role, role_in, user


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("manager", ("manager", "", 0)),
        ("manager+1", ("manager", "", 1)),
        ("manager+9", ("manager", "", 9)),
        ("role:finance", ("role", "finance", 0)),
        ("role:BUDGET OWNER", ("role", "BUDGET OWNER", 0)),
        ("user:li@firm.cn", ("user", "li@firm.cn", 0)),
    ],
)
def test_an_approver_is_a_role_a_person_or_a_line(text, meaning):
    found = approver(text)
    assert (found.kind, found.name, found.above) == meaning
    assert found == text


@pytest.mark.parametrize("text", ["", "财务", "manager+0", "manager+10", "role:", "role: ", "boss:li", "user:a\nb"])
def test_anything_else_is_no_approver(text):
    with pytest.raises(ValueError):
        Approver(text)


def test_a_role_and_a_person_are_written_as_the_policy_writes_them():
    assert (role("finance"), user("li")) == ("role:finance", "user:li")
    assert (role_in("role:finance"), role_in("user:li"), role_in("")) == ("finance", None, None)
