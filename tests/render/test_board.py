"""The board on a screen: whatever stands on it, its columns stand cell by cell below their names; and on a page."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import DUE

from oppcli import render
from oppcli.reads.board import COLUMNS
from oppcli.reads.table import Footnote, Picture, Table
from oppcli.render.board import NARROWEST, _across, _widths, gathered, piles
from oppcli.render.output import Output
from oppcli.render.screen import clusters, width
from oppcli.render.view import view
from oppcli.speech import Voice

DAY = 86_400_000
STAGES = ("线索", "资格确认", "方案", "报价", "谈判", "签约")
OUT = Output(tz="Asia/Shanghai", now=DUE, width=80, voice=Voice(lang="zh"))


def row(number: int, stage: str = "报价", customer: str | None = "南屏陶瓷", **more: Any) -> tuple[Any, ...]:
    told = {"amount": 32_640_000, "currency": "CNY", "owner": "li", "holder": ("chen",), "since": DUE - 5 * DAY} | more
    told = {"stage": stage, "kind": "open", "deal": f"D-{number}", "title": "MES", "customer": customer} | told
    return tuple(told.get(column.name) for column in COLUMNS)


def board(rows: list[tuple[Any, ...]], groups: tuple[str, ...] = STAGES, **asked: Any) -> Table:
    picture = Picture("board", {"by": "stage", "groups": groups, "cards": None} | asked)
    return Table(COLUMNS, rows, "Board", (Footnote("population", len(rows), "deals"),), picture=picture)


def drawn(table: Table, **asked: Any) -> list[str]:
    return render.text(table, OUT._replace(**asked)).splitlines()


def test_a_column_has_name_number_sum_and_cards() -> None:
    lines = drawn(board([row(9, overdue_business_hours=3.0), row(10, "线索", since=DUE - 3_600_000)]))
    assert lines == [
        "线索 1       资格确认 0   方案 0       报价 1       谈判 0       签约 0",
        "Σ 32.6万     Σ 0          Σ 0          Σ 32.6万     Σ 0          Σ 0",
        "",
        "D-10  1 小时                           D-9     5 天",
        "南屏陶瓷                               南屏陶瓷",
        "chen                                   chen 超时",
    ]


def test_on_a_wide_screen_the_columns_are_wider() -> None:
    lines = drawn(board([row(9, overdue_business_hours=3.0, customer="上海精密仪器制造有限公司")]), width=160)
    starts = [0, 27, 54, 81, 108, 135]
    assert (
        lines[0]
        == "".join(
            f"{name} {n}".ljust(27 - len(name)) for name, n in zip(STAGES, (0, 0, 0, 1, 0, 0), strict=True)
        ).rstrip()
    )
    assert lines[3] == " " * starts[3] + "D-9" + " " * 18 + "5 天"
    assert lines[4] == " " * starts[3] + "上海精密仪器制造有限公司"


def test_in_english_sums_are_in_thousands() -> None:
    assert "Σ 326k" in drawn(board([row(1)]), voice=Voice())[1]


def test_sums_of_several_currencies_are_told_each_with_its_name_and_never_added() -> None:
    lines = drawn(board([row(1), row(2, "线索", currency="USD", amount=120_000_000)]), width=160)
    assert [line.split()[:3] for line in lines[1:2]] == [["Σ", "USD", "120万"]]
    assert "Σ CNY 32.6万" in lines[1]


@pytest.mark.parametrize("screen", [80, 160])
def test_columns_have_twelve_cells_at_least_and_no_line_is_wider_than_the_screen(screen: int) -> None:
    lines = drawn(board([row(n, STAGES[n % 6]) for n in range(30)]), width=screen)
    assert max(map(width, lines)) <= screen
    assert len({lines[0].index(stage) for stage in STAGES}) == 6


def test_more_stages_than_a_line_has_room_for_stand_in_a_band_below() -> None:
    lines = drawn(board([row(1, "线索")]), width=40)
    assert [line.split()[::2] for line in (lines[0], lines[7])] == [
        ["线索", "资格确认", "方案"],
        ["报价", "谈判", "签约"],
    ]


def test_a_column_has_the_cards_that_the_screen_has_lines_for_then_how_many_more() -> None:
    table = board([row(n) for n in range(9)])
    lines = drawn(table, height=24)
    assert len(lines) <= 20
    assert lines[-1].split() == ["+5"]
    assert [line.split() for line in drawn(table, height=None)[-1:]] == [["chen"]]
    assert drawn(board([row(n) for n in range(9)], cards=2), height=24)[-1].split() == ["+7"]
    assert drawn(table, height=3)[-1].split() == ["+8"]


def test_a_card_of_a_deal_without_customer_has_its_title_and_nobody_holds_what_nobody_owns() -> None:
    lines = drawn(board([row(1, "线索", customer=None, holder=(), since=None)]))
    assert [line.split() for line in lines[3:]] == [["D-1"], ["MES"], ["无人"]]


def test_late_is_a_word_and_red_where_there_is_colour() -> None:
    late = board([row(1, "线索", overdue_business_hours=3.0)])
    assert "\x1b[31mchen 超时\x1b[0m" in drawn(late, color=True)[-1]
    assert "\x1b" not in "".join(drawn(late))


def test_without_amounts_there_are_no_sums() -> None:
    kept = [place for place, column in enumerate(COLUMNS) if column.name not in ("amount", "currency")]
    table = board([row(1)])
    masked = table._replace(
        columns=tuple(COLUMNS[place] for place in kept),
        rows=[tuple(each[place] for place in kept) for each in table.rows],
    )
    assert "Σ" not in "".join(drawn(masked))
    assert "Σ" not in render.text(masked, OUT._replace(format="html"))


def test_columns_asked_for_are_a_table() -> None:
    assert drawn(board([row(1)]), columns="deal,holder")[-1].split() == ["D-1", "chen"]


LETTERS = ("商", "机", "a", "b", "é", "e\u0301", "👩‍💻", "한", "ｱ", "\u202e", "\x1b", "\n", " ")
NAMES = st.lists(st.sampled_from(LETTERS), min_size=1, max_size=24).map("".join)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(NAMES, min_size=1, max_size=9, unique=True),
    st.lists(st.tuples(st.integers(0, 8), NAMES, NAMES, st.booleans()), max_size=12),
    st.sampled_from([12, 13, 40, 79, 80, 100, 160]),
)
def test_whatever_is_on_it_each_column_begins_in_its_own_cell(
    stages: list[str], deals: list[tuple[int, str, str, bool]], screen: int
) -> None:
    """Nothing is wider than the screen, and between columns every line has blanks."""
    rows = [
        row(n, stages[at % len(stages)], customer, holder=(who,), overdue_business_hours=1.0 if late else None)
        for n, (at, customer, who, late) in enumerate(deals)
    ]
    table = board(rows, tuple(stages))
    lines, out = drawn(table, width=screen), OUT._replace(width=screen)
    across, cells, gap = _across(len(stages), screen)
    found = piles(gathered(view(table, out)), out)
    bands = [found[first : first + across] for first in range(0, len(found), across)]
    between = [gaps(_widths(band, cells, gap, screen), gap) for band in bands]
    assert [line for line in lines if width(line) > screen] == []
    assert [line for line in lines if all(blank & taken(line) for blank in between)] == []
    assert cells >= NARROWEST


def taken(line: str) -> set[int]:
    """The cells in which something stands."""
    found, at = set(), 0
    for text, wide in clusters(line):
        if text != " ":
            found |= set(range(at, at + wide))
        at += wide
    return found


def test_the_page_is_a_grid_that_loads_itself_anew_and_runs_nothing() -> None:
    late = row(1, "线索", customer="<b>&'", overdue_business_hours=3.0)
    page = render.text(board([late, row(2, "线索")], cards=1), OUT._replace(format="html"))
    assert '<html lang="zh-CN">' in page
    assert '<meta http-equiv="refresh" content="60">' in page
    assert "display: grid" in page and "<script" not in page
    assert "&lt;b&gt;&amp;&#x27;" in page and "<b>&'" not in page
    assert "chen <strong>超时</strong>" in page and "<p>+1</p>" in page
    assert page.count("<section>") == 6


def gaps(cells: list[int], gap: int) -> set[int]:
    """The cells between columns."""
    ends = [sum(cells[: place + 1]) + place * gap for place in range(len(cells) - 1)]
    return {end + more for end in ends for more in range(gap)}


ENGLISH_STAGES = ("Lead", "Qualification", "Solution", "Quote", "Negotiation", "Contract")


def test_the_name_of_a_stage_can_be_read_whole_where_it_has_to_on_two_lines() -> None:
    rows = [row(n, name) for n, name in enumerate(ENGLISH_STAGES)]
    lines = drawn(board(rows, ENGLISH_STAGES), voice=Voice())
    assert lines[:3] == [
        "Lead 1       Qualification 1 Solution 1   Quote 1      Negotiation  Contract 1",
        "                                                       1",
        "Σ 326k       Σ 326k          Σ 326k       Σ 326k       Σ 326k       Σ 326k",
    ]
    assert max(map(width, lines)) <= 80


def test_a_name_of_several_words_stands_on_two_lines_and_a_longer_one_is_cut_there() -> None:
    names = ("Technical evaluation", "Commercial negotiation of everything", *STAGES[2:])
    lines = drawn(board([row(1, names[0])], names))
    assert lines[0].startswith("Technical    Commercial   ")
    assert lines[1].startswith("evaluation 1 negotiati… 0")
