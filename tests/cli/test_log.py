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


def runs(opp: InProcess) -> list[tuple[int, int]]:
    return [(int(entry["seq"][1:]), entry["meta"]["run"]) for entry in opp.ok("log --json").json]


def test_all_that_one_line_did_is_one_run_over_its_transactions_and_refusals(team: InProcess) -> None:
    team.ok("add B")
    before = runs(team)
    team("advance 1 2")
    first = before[-1][0] + 1
    after = runs(team)[len(before) :]
    assert after == [(first, first), (first + 1, first)]
    assert {run for _, run in before} < {seq for seq, _ in before}
    team.ok("deal edit 1 --set amount=4")
    assert runs(team)[-1] == (first + 2, first + 2)


def test_what_a_field_refers_to_is_told_by_its_reference_and_its_name(team: InProcess) -> None:
    team.ok("deal edit 1 --customer Acme")
    team.ok("deal edit 1 --customer Beta")
    tried = team.ok("deal edit 1 --customer Acme -n").out
    team.ok("deal edit 1 --customer ''")
    told = team.ok("log D-1 -o tsv -c what --no-header").out.splitlines()
    assert told[-3:] == ["customer C-1 Acme", "customer C-1 Acme → C-2 Beta", "customer C-2 Beta → -"]
    assert "customer C-2 → C-1" in tried
