"""The board as it is typed: who has to act next on each deal, since when, how late; the same on both engines."""

import csv
import io
from typing import Any

import pytest
from approvals_office import Office
from begun import begun
from command_line import InProcess
from heard import heard
from kept import Kept

from oppcli.render.screen import clusters, width

MONDAY, LATER = "02 09:00", "09 09:00"


@pytest.fixture
@begun
def office(opp_on_both: InProcess) -> Office:
    """D-1 since Monday 2 March 09:00 in 方案, li's."""
    made = Office(opp_on_both, now="2026-03-02T09:00:00+08:00")
    made.deal()
    return made


def line(office: Office, *, at: str = LATER, deal: str = "D-1", more: str = "") -> dict[str, Any]:
    rows = office.ok("li", f"board {more} -o json", at=at).json
    found: dict[str, Any] = next(row for row in rows if row["deal"] == deal)
    return found


def test_a_deal_without_a_request_waits_for_its_owner_since_it_entered_its_stage(office: Office) -> None:
    found = line(office)
    assert (found["stage"], found["kind"], found["holder"], found["waiting_days"]) == ("方案", "open", ["li"], 7.0)
    assert found["waiting_business_hours"] == 40.0
    assert (found["due"], found["overdue_business_hours"], found["request"], found["step"]) == (None,) * 4


def test_a_request_opened_on_wednesday_has_waited_five_days_for_chen_on_monday(office: Office) -> None:
    office.ok("li", "submit D-1 risk", at="04 09:00")
    office.ok("qian", "approve R-1", at="04 09:00")
    found = line(office)
    assert (found["holder"], found["waiting_days"]) == (["chen", "zhao"], 5.0)
    assert found["waiting_business_hours"] == 24.0
    assert (found["request"], found["step"]) == ("R-1", "财务")
    assert (found["since"], found["due"]) == ("2026-03-04T01:00:00Z", "2026-03-04T10:00:00Z")
    assert found["overdue_business_hours"] == 16.0


def test_of_several_open_seats_all_holders_are_named_since_the_oldest_opened(office: Office) -> None:
    office.ok("li", "submit D-1 risk", at="04 09:00")
    office.ok("li", "submit D-1 quote", at="05 09:00")
    found = line(office)
    assert (found["holder"], found["since"]) == (["chen", "zhao", "qian", "wang"], "2026-03-04T01:00:00Z")
    assert found["request"] == "R-1"


def test_a_returned_request_waits_for_its_submitter_since_it_was_returned(office: Office) -> None:
    office.ok("li", "submit D-1 quote", at="04 09:00")
    office.ok("wang", "request return R-1 -m 缺少毛利", at="06 09:00")
    found = line(office)
    assert (found["holder"], found["since"], found["waiting_days"]) == (["li"], "2026-03-06T01:00:00Z", 3.0)
    assert (found["request"], found["step"], found["due"]) == ("R-1", None, None)


def test_a_pending_request_comes_before_a_returned_one(office: Office) -> None:
    office.ok("li", "submit D-1 quote", at="03 09:00")
    office.ok("wang", "request return R-1 -m x", at="03 10:00")
    office.ok("li", "submit D-1 risk", at="04 09:00")
    assert line(office)["holder"] == ["chen", "zhao", "qian"]


def test_whoever_became_owner_has_it_since_then(office: Office) -> None:
    office.ok("li", "deal edit D-1 --set next_step=x", at="05 09:00")
    office.ok("wang", "deal assign D-1 --to zhou -m x", at="06 09:00")
    found = line(office)
    assert (found["owner"], found["holder"], found["waiting_days"]) == ("zhou", ["zhou"], 3.0)


def test_a_deal_that_entered_a_stage_after_its_owner_came_waits_since_then(office: Office) -> None:
    office.ok("wang", "deal assign D-1 --to zhou -m x", at="03 09:00")
    office.ok("li", "add Zwei --customer Acme", at="03 09:00")
    office.ok("li", "lead qualify D-2", at="06 09:00")
    assert line(office, deal="D-2")["waiting_days"] == 3.0


def test_decided_requests_are_the_owners_turn_again(office: Office) -> None:
    office.ok("li", "submit D-1 quote", at="04 09:00")
    office.ok("wang", "approve R-1", at="04 10:00")
    office.ok("zhou", "approve R-1", at="04 11:00")
    found = line(office)
    assert (found["holder"], found["since"], found["request"]) == (["li"], "2026-03-02T01:00:00Z", None)


def test_late_comes_first_by_business_hours_then_what_has_waited_longest(office: Office) -> None:
    for number, day in ((2, "02"), (3, "03"), (4, "04"), (5, "05")):
        office.ok("li", f"add T{number} --customer Acme --amount 800000", at=f"{day} 09:00")
        office.ok("li", f"lead qualify D-{number}", at=f"{day} 09:00")
    office.ok("li", "submit D-5 risk", at="05 09:00")
    office.ok("li", "submit D-4 risk", at="05 10:00")
    rows = office.ok("li", "board -o json", at=LATER).json
    assert [row["deal"] for row in rows] == ["D-5", "D-4", "D-1", "D-2", "D-3"]
    assert [row["overdue_business_hours"] for row in rows] == [8.0, 7.0, None, None, None]


def test_every_lead_and_open_stage_has_a_column_and_closed_deals_have_none(office: Office) -> None:
    office.ok("li", "add Lost --customer Acme", at=MONDAY)
    office.ok("li", "lose D-2 --reason 价格 -m x", at=MONDAY)
    lines = office.ok("li", "board", at=LATER).out.splitlines()
    assert lines[0].split() == ["线索", "0", "方案", "1", "谈判", "0", "签约", "0"]
    assert "D-2" not in "".join(lines)


def test_columns_may_be_owners_or_desks(office: Office) -> None:
    office.ok("li", "submit D-1 risk", at="04 09:00")
    office.ok("zhou", "add Zwei --customer Acme", at="04 09:00")
    by_owner = office.ok("li", "board --by owner", at=LATER).out.splitlines()[0].split()
    desks = office.ok("li", "board --by holder", at=LATER).out.splitlines()[0].split()
    assert (by_owner, desks) == (["li", "1", "zhou", "1"], ["chen", "1", "qian", "1", "zhao", "1", "zhou", "1"])
    assert [row["deal"] for row in office.ok("li", "board --by holder -o json", at=LATER).json] == ["D-1", "D-2"]


@pytest.mark.parametrize("format", ["table", "plain", "csv", "json", "jsonl", "md", "html", "full"])
def test_a_mask_leaves_amounts_out_of_every_format(office: Office, format: str) -> None:
    shown, masked = (office.ok("li", f"board {flag} -o {format}", at=LATER).out for flag in ("", "--mask"))
    amounts = ("800000", "800,000", "Σ", "amount", "currency", "800k", "80万")
    assert [text for text in amounts if text in masked] == []
    assert [text for text in amounts if text in shown] != []


def test_machine_columns_are_the_ones_that_scripts_know(office: Office) -> None:
    header = next(csv.reader(io.StringIO(office.ok("li", "board --csv", at=LATER).out)))
    assert " ".join(header) == (
        "stage kind deal title customer amount currency owner holder since waiting_days waiting_business_hours due "
        "overdue_business_hours request step"
    )


def test_filters_choose_the_deals_and_leave_the_columns(office: Office) -> None:
    office.ok("zhou", "add Zwei --customer Acme --source web", at="04 09:00")
    assert [row["deal"] for row in office.ok("li", "board --owner zhou -o json", at=LATER).json] == ["D-2"]
    assert [row["deal"] for row in office.ok("li", "board --source '!web' -o json", at=LATER).json] == ["D-1"]
    assert len(office.ok("li", "board --customer Acme", at=LATER).out.splitlines()[0].split()) == 8


def test_conditions_are_on_the_columns_of_the_board_and_on_all_else_of_a_deal(office: Office) -> None:
    office.ok("li", "add Zwei --customer Acme --set region=West", at="08 09:00")
    told = {
        text: [row["deal"] for row in office.ok("li", f"board -w '{text}' -o json", at=LATER).json]
        for text in ("waiting_days > 5", "region = West", "overdue_business_hours is empty", "holder = li")
    }
    assert told == {
        "waiting_days > 5": ["D-1"],
        "region = West": ["D-2"],
        "overdue_business_hours is empty": ["D-2", "D-1"],
        "holder = li": ["D-2", "D-1"],
    }
    assert office("li", "board -w 'nonsense > 5'", at=LATER).code == 2


def test_cards_are_counted_from_one(office: Office) -> None:
    assert office.ok("li", "board --cards 1", at=LATER).code == 0
    assert [office("li", f"board --cards {text}", at=LATER).code for text in ("0", "x", "-1", "1.5")] == [2] * 4


@pytest.mark.parametrize("screen", [80, 160])
def test_the_board_of_the_chinese_demo_is_aligned_cell_by_cell(chinese: Kept, screen: int) -> None:
    out = chinese.opp.ok("board", user="sun", env={"COLUMNS": str(screen), "OPP_LANG": "zh"}).out
    cells = (screen + 1) // 6 - 1 if screen == 80 else (screen + 2) // 6 - 2
    gap = 1 if screen == 80 else 2
    between = {place * (cells + gap) + cells + i for place in range(5) for i in range(gap)}
    lines = out.splitlines()
    assert [line for line in lines if width(line) > screen or between & taken(line)] == []
    assert lines[0].split()[::2] == ["线索", "资格确认", "方案", "报价", "谈判", "签约"]
    assert lines[1].startswith("Σ ") and "万" in lines[1]
    assert len(lines) > 30


def taken(line: str) -> set[int]:
    """The cells in which something stands."""
    found, at = set(), 0
    for text, wide in clusters(line):
        if text != " ":
            found |= set(range(at, at + wide))
        at += wide
    return found


def test_who_does_not_have_a_field_sees_the_board_without_it(opp: InProcess) -> None:
    opp.ok("init --template b2b --lang en", user="boss")
    opp.ok("user add ann --role sales", user="boss")
    opp.ok("add MES --customer Acme --amount 777000", user="ann")
    policy = opp.folder / "policy.toml"
    scope = '[scope]\nsee = "own"\nhide = { amount = ["sales"] }\n'
    policy.write_text(opp.ok("policy show", user="boss").out + scope, "utf-8")
    opp.ok(f"policy apply {policy}", user="boss")
    seen = {format: opp.ok(f"board -o {format}", user="ann").out for format in ("table", "html", "csv")}
    assert [text for text in seen.values() if "D-1" not in text or "777" in text] == []
    assert "Σ" not in seen["table"] and "Σ 777k" in opp.ok("board", user="boss").out


def test_a_board_of_nothing_has_its_columns(opp: InProcess) -> None:
    opp.ok("init --template b2b --lang en")
    assert opp.ok("board").out.splitlines()[0].split()[:4] == ["Lead", "0", "Qualification", "0"]
    assert opp.ok("board -o json").json == []
    assert opp.ok("board --by owner").out == ""


def test_a_deal_of_nobody_stands_with_nobody(office: Office) -> None:
    rows = office.ok("li", "board --by owner -o json", at=LATER).json
    assert [row["owner"] for row in rows] == ["li"]


def test_the_board_sends_at_most_four_statements(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Besides the three with which every door opens."""
    if "://" in office.opp.env["OPP_DB"]:
        pytest.skip("counted on SQLite")
    office.ok("li", "submit D-1 quote", at="04 09:00")
    office.ok("wang", "request return R-1 -m x", at="06 09:00")
    said = heard(monkeypatch)
    counts = []
    for command in ("board", "board --by holder --mask", "board -o json"):
        said.clear()
        office.ok("li", command, at=LATER)
        counts.append(sum(text.lstrip().startswith("SELECT") for text in said))
    assert max(counts) <= 3 + 4
