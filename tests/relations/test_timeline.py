"""`opp timeline`: all that happened with a deal, a customer or a contact, in one order."""

import pytest
from begun import begun
from command_line import InProcess

LATER, LAST = "2026-03-04T17:00:00+08:00", "2026-03-09T17:00:00+08:00"


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    opp.ok("init --template blank --lang zh")
    opp.ok("user add li --manager wang")
    opp.ok("add MES --customer 上海精密 --owner li")
    opp.ok("contact add 王总 --customer C-1")
    opp.ok("deal link D-1 P-1 --role 决策人")
    opp.ok("note", "D-1", "电话：好 -> 3月5日 发方案", "--with", "P-1", user="li", now="2026-03-03T10:00:00+08:00")
    opp.ok("advance D-1", user="li", now=LATER)
    opp.ok("deal assign D-1 --to wang -m 区域调整", now=LATER)
    opp.ok("add 二期 --customer 上海精密 --owner li", now=LATER)
    return opp


def kinds(opp: InProcess, line: str) -> list[str]:
    return [row["kind"] for row in opp.ok(f"timeline {line} -o json", now=LAST).json]


def test_it_has_all_of_a_deal_in_one_order(team: InProcess) -> None:
    rows = team.ok("timeline D-1 -o json", now=LAST).json
    assert [row["kind"] for row in rows] == ["stay", "tenure", "activity", "task", "stay", "tenure"]
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    assert [(row["what"], row["lasted_days"]) for row in rows if row["kind"] == "stay"] == [("线索", 2), ("跟进", 5)]
    assert "区域调整" in rows[-1]["detail"]


def test_a_deal_that_never_changed_hands_has_the_tenure_it_was_made_with(team: InProcess) -> None:
    rows = team.ok("timeline D-2 -o json", now=LAST).json
    assert [(row["kind"], row["who"], row["lasted_days"]) for row in rows] == [("stay", None, 5), ("tenure", "li", 5)]
    assert (rows[1]["what"], rows[1]["detail"]) == ("owner li", "add, wang")
    assert [row["who"] for row in team.ok("timeline D-1 --kind tenure -o json", now=LAST).json] == ["li", "wang"]


def test_each_line_says_how_many_days_after_the_line_before_it_was_and_for_whom(team: InProcess) -> None:
    team.ok("note", "D-1", "电话：晚", user="li", now="2026-03-06T17:00:00+08:00")
    told = team.ok("timeline D-1 --csv", now=LAST).out.splitlines()
    assert told[0] == "at,who,for,noun,ref,what,detail,days,kind,deal,until,lasted_days,stage_days"
    rows = team.ok("timeline D-1 --kind stay --kind activity -o json", now=LAST).json
    assert [(row["noun"], row["what"], row["detail"], row["days"]) for row in rows] == [
        ("deal", "线索", None, None),
        ("activity", "call", "好", 0.7083),
        ("deal", "跟进", None, 1.2917),
        ("activity", "call", "晚", 2),
    ]


def test_a_stage_that_was_returned_to_counts_all_its_stays(team: InProcess) -> None:
    team.ok("advance D-1 --to 线索", now="2026-03-05T17:00:00+08:00")
    rows = team.ok("timeline D-1 --kind stay -o json", now=LAST).json
    assert [(row["what"], row["lasted_days"], row["stage_days"]) for row in rows] == [
        ("线索", 2, 6),
        ("跟进", 1, 1),
        ("线索", 4, 6),
    ]


def test_a_customer_has_what_is_of_all_its_deals_and_a_contact_what_it_took_part_in(team: InProcess) -> None:
    team.ok("note", "C-1", "备注：年会", now=LAST)
    assert kinds(team, "C-1").count("activity") == 2
    assert {row["deal"] for row in team.ok("timeline C-1 -o json", now=LAST).json} == {"D-1", "D-2", None}
    assert kinds(team, "P-1").count("activity") == 1
    assert kinds(team, "C-1 --kind activity") == ["activity"] * 2


def test_a_merge_is_told(team: InProcess) -> None:
    team.ok("customer add 上海精密仪器")
    team.ok("merge C-1 C-2", now=LAST)
    assert "merge" in kinds(team, "C-1")


def test_a_merge_is_told_once_however_much_points_to_what_it_merged(team: InProcess) -> None:
    team.ok("add 三期 --customer 上海精密仪器 --owner li")
    team.ok("merge C-1 C-2", now=LAST)
    rows = team.ok("timeline C-1 --kind merge -o json", now=LAST).json
    assert [(row["ref"], row["what"]) for row in rows] == [("C-2", "merge")]


def test_what_happened_at_one_instant_stands_in_the_order_of_the_journal(team: InProcess) -> None:
    team.ok("deal assign D-1 --to li", now=LAST)
    team.ok("advance D-1 --to 线索", now=LAST)
    team.ok("note D-1 电话：晚", now=LAST)
    assert kinds(team, "D-1")[-3:] == ["tenure", "stay", "activity"]


def test_people_read_of_a_deal_its_reference_once_and_days_in_a_stage_where_it_came_back(team: InProcess) -> None:
    assert team.ok("timeline D-1", now=LAST).out.splitlines()[0].split() == [
        *("AT", "WHO", "FOR", "NOUN", "REF", "WHAT", "DETAIL", "DAYS", "UNTIL", "LASTED"),
    ]
    team.ok("advance D-1 --to 线索", now=LAST)
    assert "IN STAGE" in team.ok("timeline D-1", now=LAST).out
    assert "DEAL" in team.ok("timeline C-1", now=LAST).out


def test_what_has_no_timeline_is_refused_with_what_it_has(team: InProcess) -> None:
    refused = team("timeline user:li")
    assert (refused.code, "opp log user:li" in refused.err) == (2, True)
    assert team("timeline D-9").code == 3
