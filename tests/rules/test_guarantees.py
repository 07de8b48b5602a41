"""Which rules of a step cannot be passed without somebody of a role."""

import pytest

from oppcli.rules.guarantees import guarantees


@pytest.mark.parametrize(
    ("rule", "who", "must", "holds"),
    [
        ("any", ["role:legal"], [], True),
        ("any", ["role:legal", "user:lan"], [], True),
        ("any", ["role:legal", "user:boss"], [], False),
        ("any", ["role:legal", "manager"], [], False),
        ("any", ["manager"], ["role:legal"], False),
        ("all", ["role:legal", "role:finance"], [], True),
        ("all", ["user:lan", "user:boss"], [], True),
        ("all", ["role:finance", "user:boss"], ["role:legal"], False),
        ("at_least", ["role:finance", "role:legal"], ["role:legal"], True),
        ("at_least", ["role:finance", "role:legal"], ["user:lan"], True),
        ("at_least", ["role:legal"], [], False),
    ],
)
def test_a_step_guarantees_a_role_by_its_rule(rule: str, who: list[str], must: list[str], holds: bool) -> None:
    assert guarantees(rule, who, must, "legal", lambda login: login == "lan") is holds
