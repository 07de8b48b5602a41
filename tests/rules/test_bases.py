"""By what an actor was known, and which of it is proven."""

import pytest

from oppcli.rules import bases


@pytest.mark.parametrize(
    ("meta", "actor", "channel", "by"),
    [
        ({"by": "pin", "os_user": "wang"}, "wang", "cli", "pin"),
        ({"os_user": "wang"}, "wang", "cli", "login"),
        ({"os_user": "root"}, "wang", "cli", "claim"),
        ({}, "wang", "cli", "claim"),
        ({"os_user": "root"}, "system", "tick", "tick"),
        ({"os_user": "wang"}, "wang", "import", "import"),
    ],
)
def test_an_entry_of_before_there_were_bases_reads_by_the_machines_login(
    meta: dict[str, str], actor: str, channel: str, by: str
) -> None:
    assert bases.basis(meta, actor, channel) == by


@pytest.mark.parametrize(
    ("proof", "proven"),
    [
        ("claim", {"role", "pin", "key"}),
        ("login", {"role", "pin", "key", "login"}),
        ("pin", {"role", "pin", "key"}),
    ],
)
def test_proven_is_what_only_the_person_can_give_and_a_login_under_a_policy_that_rests_on_it(
    proof: str, proven: set[str]
) -> None:
    assert {by for by in bases.WORDS if bases.proven(by, proof)} == proven
