"""`opp log` and `opp deal history`: all of the journal, or its newest entries, and never the oldest instead."""

import pytest
from command_line import InProcess


@pytest.fixture
def team(opp: InProcess) -> InProcess:
    opp.ok("init --template b2b --lang zh")
    opp.ok("add A")
    opp.ok("deal edit 1 --set amount=1")
    opp.ok("deal edit 1 --set amount=2")
    return opp


def numbers(opp: InProcess, line: str) -> list[str]:
    return opp.ok(f"{line} -o tsv -c seq --no-header").out.split()


def test_a_program_gets_the_whole_journal(team: InProcess) -> None:
    for _ in range(60):
        team.ok("deal attach 1 opp.db --kind 报价单")
    assert len(numbers(team, "log")) == team.ok("audit verify --json").json["entries"] > 60


@pytest.mark.parametrize("line", ["log", "log D-1", "deal history D-1"])
def test_a_limit_keeps_the_newest_in_order(team: InProcess, line: str) -> None:
    whole = numbers(team, line)
    assert len(whole) > 2
    assert numbers(team, f"{line} -L 2") == whole[-2:]
    assert numbers(team, f"{line} -L 0") == whole


def test_an_order_that_is_asked_for_comes_before_the_limit(team: InProcess) -> None:
    whole = numbers(team, "log")
    assert numbers(team, "log --sort seq -L 2") == whole[:2]
    assert numbers(team, "log --sort -seq -L 1") == whole[-1:]


def test_instants_and_spans_are_told_and_not_counted_in_milliseconds(team: InProcess) -> None:
    told = team.ok("log -o tsv -c what").out
    assert "target 16 h" in told
    assert "_ms" not in told
