"""What an absence holds up, asked by commands on both engines; its lines can be pasted."""

from typing import Any

from approvals_office import Office
from test_recap import office

__all__ = ["office"]
HEADER = "section,request,deal,step,due,amount,currency,alone,substitute,breach"
NOW = "2026-03-16T12:00:00+08:00"
LINE = "report absence --who wang --since 2026-03-17 --until 2026-03-20"


def rows(office: Office, line: str = LINE) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.opp.ok(f"{line} -o json", user="root", now=NOW).json
    return found


def test_a_seat_that_falls_due_while_nobody_else_may_act_is_a_breach(office: Office) -> None:
    office.ok("li", "lead qualify D-2", at="16 10:00")
    office.ok("li", "request submit D-2 quote", at="16 11:00")
    answer = office.opp.ok(f"{LINE} --csv", user="root", now=NOW).out.splitlines()
    assert answer[0] == HEADER
    first, expected, *_ = rows(office)
    assert {name: first[name] for name in ("section", "request", "deal", "step", "alone", "breach")} == {
        "section": "open",
        "request": "R-2",
        "deal": "D-2",
        "step": "销售主管",
        "alone": True,
        "breach": True,
    }
    assert (expected["section"], expected["step"], expected["request"]) == ("expected", "销售主管", None)
    told = office.opp.ok(f"{LINE} -v", user="root", now=NOW)
    assert "1 open seat, 1 would be late" in told.err
    assert "to be expected meanwhile" in told.err
    (line,) = [each for each in told.out.splitlines() if each.startswith("opp delegate add")]
    assert first["substitute"] not in ("li", "wang", None)
    assert f"--from wang --to {first['substitute']} --start 2026-03-17 --end 2026-03-20 --type quote" in line
    office.opp.ok(line.removeprefix("opp "), user="root", now=NOW)
    first, *_ = rows(office)
    assert (first["alone"], first["breach"]) == (False, False)
    assert "opp delegate add" not in office.opp.ok(LINE, user="root", now=NOW).out


def test_steps_of_a_role_with_one_member_are_told(office: Office) -> None:
    found = rows(office, "report absence --who qian --until 2026-03-20")
    assert {(row["section"], row["alone"]) for row in found} == {("only", True)}
    assert (
        "无人可替" in office.opp.ok("report absence --who qian --until 2026-03-20 --lang zh", user="root", now=NOW).out
    )


def test_who_and_until_when_are_asked_for_together(office: Office) -> None:
    refused = office.opp("report absence", user="root", now=NOW)
    assert (refused.code, refused.out) == (2, "")
    assert "who is away?" in refused.err
    assert "until when?" in refused.err
    assert office.opp("report absence --who wang --since 2026-03-20 --until 2026-03-18", user="root", now=NOW).code == 2
