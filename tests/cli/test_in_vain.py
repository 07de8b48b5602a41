"""What would be in vain is refused as that, before a reason is asked for."""

import pytest
from approvals_office import POLICY, Office
from command_line import InProcess


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Of what can be given up most is over, and the rest rests on something else."""
    made = Office(InProcess(tmp_path_factory.mktemp("vain")), POLICY)
    made.deal()
    made.ok("li", "submit D-1 quote")
    made.ok("li", "customer add 'Gone Ltd'")
    made.ok("root", "withdraw C-2 -m twice")
    made.ok("li", "task add call --for D-1")
    made.ok("li", "task done T-1")
    made.ok("li", "task add write --for D-1")
    made.ok("wang", "delegate add --to chen --end 2026-12-24")
    made.ok("wang", "delegate end G-1")
    return made


VAIN = (
    ("root", "withdraw C-2", 5, "C-2 was withdrawn already"),
    ("root", "dupes keep C-1 C-99", 3, "there is no C-99"),
    ("wang", "task waive T-1", 5, "T-1 call is done already"),
    ("li", "task decline T-2", 5, "nobody else gave T-2 write"),
    ("root", "delegate end G-1", 5, "G-1 has ended already"),
    ("root", "customer erase C-1 -y", 7, "C-1 has live requests"),
    ("wang", "request transfer R-1 --to li", 5, "li cannot take a seat"),
    ("root", "request rebase R-1", 5, "R-1 runs under the current policy already"),
    ("wang", "request ask R-1 --to nobody", 3, "nobody"),
    ("wang", "request return R-1 --to 财务", 3, "R-1 has no step 财务"),
)


@pytest.mark.parametrize(("who", "line", "code", "told"), VAIN)
def test_no_reason_is_asked_for_what_is_in_vain(office: Office, who: str, line: str, code: int, told: str) -> None:
    answer = office(who, line)
    assert (answer.code, told in answer.err.splitlines()[0]) == (code, True), answer.err
