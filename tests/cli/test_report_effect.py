"""Whether a new policy helped, asked by commands on both engines: told in both languages, narrowed, refused."""

from pathlib import Path

import pytest
from approvals_office import POLICY, Office
from begun import settled
from command_line import InProcess

LATER = "2026-05-30T09:00:00+08:00"


@pytest.fixture
@settled
def office(opp_on_both: InProcess) -> Office:
    """20 quotes on Monday, all decided two days later; a second policy on Thursday, a third on Friday; from Thursday
    on 20 more, decided within the hour. Half of the deals are large."""
    made = Office(opp_on_both)
    quotes(made, range(1, 21), "09 10:00", "11 10:00")
    apply(made, POLICY.replace('sla = "8h"', 'sla = "4h"'), "12 09:00")
    quotes(made, range(21, 41), "12 10:00", "12 10:30")
    apply(made, POLICY.replace('sla = "8h"', 'sla = "2h"'), "13 09:00")
    return made


def quotes(office: Office, numbers: range, at: str, decided: str) -> None:
    for number in numbers:
        amount = 300_000 if number % 2 else 400_000
        office.ok("li", f"lead add 客户{number} --customer 客户{number} --amount {amount} --set discount=5", at=at)
        office.ok("li", f"lead qualify D-{number}", at=at)
        office.ok("li", f"request submit D-{number} quote", at=at)
    office.ok("wang", f"approve {' '.join(f'R-{number}' for number in numbers)}", at=decided)


def apply(office: Office, text: str, at: str) -> None:
    file = Path(office.opp.folder) / "next.toml"
    file.write_text(text, encoding="utf-8")
    office.ok("root", f"policy apply {file}", at=at)


def test_a_policy_with_which_all_are_decided_sooner_is_better(office: Office) -> None:
    line = "report effect --policy 2 --measure approval --within 24h --window 7d"
    answer = office.opp.ok(f"{line} -o json", user="li", now=LATER)
    (row,) = answer.json
    assert (row["measure"], row["before_n"], row["before"], row["after_n"], row["after"]) == ("approval", 20, 0, 20, 1)
    assert (row["verdict"], row["difference"], row["before_median"]) == ("better", 1, ">1")
    assert row["low"] > 0.7
    assert "this is no experiment" in answer.err
    assert "2 other policies in that time: 1, 3" in answer.err
    told = office.opp.ok(f"{line} --lang zh", user="li", now=LATER)
    assert "变好" in told.out
    assert "这段时间另有 2 版制度：1、3" in told.err


def test_conditions_and_filters_choose_what_is_compared(office: Office) -> None:
    line = "report effect --at 2026-03-12 --measure approval --measure won --within 24h --window 7d -q -o json"
    rows = office.opp.ok(f"{line} -w 'amount >= 40万'", user="li", now=LATER).json
    assert [(row["measure"], row["before_n"], row["after_n"]) for row in rows] == [
        ("approval", 10, 10),
        ("won", 10, 10),
    ]
    assert {row["verdict"] for row in rows} == {"too few"}
    rows = office.opp.ok(f"{line} --owner wang", user="li", now=LATER).json
    assert [row["before_n"] for row in rows] == [0, 0]
    rows = office.opp.ok(f"{line} --type risk", user="li", now=LATER).json
    assert [row["before_n"] for row in rows] == [0, 20]


def test_what_is_not_said_is_asked_for_and_a_day_too_early_is_told(office: Office) -> None:
    refused = office.opp("report effect", user="li", now=LATER)
    assert (refused.code, refused.out) == (2, "")
    assert "since when? --at DAY or --policy N; what is measured?" in refused.err
    assert office.opp("report effect --policy 9 --measure won", user="li", now=LATER).code == 3
    (row,) = office.ok("li", "report effect --policy 2 --measure approval -o json", at="13 10:00").json
    assert (row["verdict"], row["difference"]) == ("too early until 2026-07-10", None)
    told = office.ok("li", "report effect --policy 2 --measure approval --lang zh", at="13 10:00").out
    assert "2026-07-10 前还太早" in told
