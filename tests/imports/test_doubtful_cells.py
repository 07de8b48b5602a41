"""Cells that two people read two ways: what the mapping leaves open is told, and nothing is guessed value by value."""

from pathlib import Path
from typing import Any

import pytest
from sales import House, table

MAPPING = """
system = "x"
[read]
timezone = "Europe/Berlin"
[fields]
external_id = "id"
title = "id"
stage = { constant = "报价" }
amount = "Amount"
discount = "Off"
expected_close = "Close"
[entered]
"报价" = "Since"
"""
HEADER = "id;Amount;Off;Close;Since"


@pytest.fixture
def house(opp: Any, tmp_path: Path) -> House:
    return House(opp, tmp_path).begin()


def load(house: House, *rows: str, mapping: str = MAPPING, header: str = HEADER) -> Any:
    return house.load(table(*rows, header=header), mapping=mapping)


def test_a_column_that_needs_the_decimal_comma_does_not_fit_until_the_mapping_says_it(house: House) -> None:
    rows = ("1;12.345,67;;;", "2;1,5;1,5 %;;", "3;€ 0,50;;;", "4;1.500;;;", "5;12,345;;;")
    answer = load(house, *rows)
    assert answer.code == 8
    assert 'Amount: 12.345,67 and 2 more need decimal = ","' in answer.err
    assert 'Off: 1,5 % needs decimal = ","' in answer.err
    assert house.deals() == [] and not list(house.folder.glob("*rejects*"))
    told = MAPPING.replace("[read]", '[read]\ndecimal = ","')
    assert "5 created" in load(house, *rows[:4], "5;12,34;;;", mapping=told).out
    assert [deal["amount"] for deal in house.deals()] == ["12345.67", "1.50", "0.50", "1500.00", "12.34"]


def test_a_point_that_may_part_thousands_is_read_as_it_stands_and_told(house: House) -> None:
    answer = load(house, "1;1.500;;;", "2;2.500;;;")
    assert (answer.code, "Amount: 1.500 = EUR 1.50\n" in answer.err) == (0, True)


@pytest.mark.parametrize("rows", [("22%", "0.25"), ("0.25", "7", "22%")])
def test_a_part_of_one_beside_per_cents_does_not_fit_until_the_mapping_says_what_it_is(
    house: House, rows: tuple[str, ...]
) -> None:
    lines = [f"{n};;{cell};;" for n, cell in enumerate(rows)]
    answer = load(house, *lines)
    assert answer.code == 8
    assert "Off: 0.25 beside 22% may be a part of 1: say factor = 100 or factor = 1" in answer.err
    assert house.deals() == []
    found = []
    for factor in (100, 1):
        told = MAPPING.replace('"Off"', f'{{ column = "Off", factor = "{factor}" }}')
        load(house, "8;;0.25;;", "9;;22%;;", mapping=told)
        found.append([float(deal["discount"]) for deal in house.deals()])
    assert found == [[25.0, 22.0], [0.25, 22.0]]


def test_a_day_that_depends_on_when_it_is_read_is_told_to_be_one(house: House) -> None:
    answer = load(house, "1;;;年底;", "2;;;2027年底;", "3;;;nonsense;")
    assert answer.code == 9
    assert house.rejects() == [
        ("2", "expected_close: 年底 depends on today: write YYYY-MM-DD"),
        ("4", "expected_close: nonsense is not a date: expected YYYY-MM-DD"),
    ]
    assert [deal["expected_close"] for deal in house.deals()] == ["2027-12-31"]


def test_a_row_that_is_rejected_by_strict_is_told_in_the_readers_language(house: House) -> None:
    house.env = {"OPP_LANG": "zh"}
    refused = house.load(table("1;x;;年底;", header=HEADER), "--strict", mapping=MAPPING)
    assert "金额：'x' 不是数字" in refused.err and "预计成交日：年底 取决于今天是哪天" in refused.err


def test_days_and_months_without_an_order_do_not_fit_and_what_fits_is_told(house: House) -> None:
    rows = [f"{n};;;{day};" for n, day in enumerate(["3/4/2026"] * 4 + ["25/12/2026", "13/1/2026"])]
    answer = load(house, *rows, "9;;;2026-03-20;", "10;;;;3/4/2026 14:00")
    assert answer.code == 8
    assert 'Close: 4 cells fit %d/%m/%Y and %m/%d/%Y, 2 only the first: say date = "%d/%m/%Y"' in answer.err
    assert "Since: 1 cell fits %d/%m/%Y %H:%M and %m/%d/%Y %H:%M: say date = " in answer.err
    assert house.deals() == []


@pytest.mark.parametrize(
    ("days", "said", "told"),
    [
        (
            ["3/4/2026", "5/6/2026"],
            '2 cells fit %d/%m/%Y and %m/%d/%Y: say date = "%d/%m/%Y" or "%m/%d/%Y"',
            '2 个单元格既合 %d/%m/%Y 又合 %m/%d/%Y：要写 date = "%d/%m/%Y" 或 "%m/%d/%Y"',
        ),
        (
            ["3/4/2026", "13/4/2026", "14/4/2026"],
            '1 cell fits %d/%m/%Y and %m/%d/%Y, 2 only the first: say date = "%d/%m/%Y"',
            '1 个单元格既合 %d/%m/%Y 又合 %m/%d/%Y，2 个只合前者：要写 date = "%d/%m/%Y"',
        ),
        (
            ["3/4/2026", "4/13/2026"],
            '1 cell fits %d/%m/%Y and %m/%d/%Y, 1 only the second: say date = "%m/%d/%Y"',
            '1 个单元格既合 %d/%m/%Y 又合 %m/%d/%Y，1 个只合后者：要写 date = "%m/%d/%Y"',
        ),
        (
            ["13/4/2026"],
            '1 cell fits only %d/%m/%Y: say date = "%d/%m/%Y"',
            '1 个单元格只合 %d/%m/%Y：要写 date = "%d/%m/%Y"',
        ),
        (
            ["4/13/2026", "4/14/2026"],
            '2 cells fit only %m/%d/%Y: say date = "%m/%d/%Y"',
            '2 个单元格只合 %m/%d/%Y：要写 date = "%m/%d/%Y"',
        ),
        (
            ["13/4/2026", "4/14/2026", "4/15/2026"],
            "1 cell fits only %d/%m/%Y, 2 only %m/%d/%Y: no format reads all of them; write days as 2026-03-20",
            "1 个单元格只合 %d/%m/%Y，2 个只合 %m/%d/%Y：没有一种写法能读通全部，请把日期写成 2026-03-20",
        ),
        (
            ["3/4/2026", "13/4/2026", "4/14/2026"],
            "1 cell fits %d/%m/%Y and %m/%d/%Y, 1 only the first, 1 only the second: "
            "no format reads all of them; write days as 2026-03-20",
            "1 个单元格既合 %d/%m/%Y 又合 %m/%d/%Y，1 个只合前者，1 个只合后者："
            "没有一种写法能读通全部，请把日期写成 2026-03-20",
        ),
    ],
)
def test_what_days_without_an_order_fit_is_told_as_it_is_in_both_languages(
    house: House, days: list[str], said: str, told: str
) -> None:
    rows = [f"{n};;;{day};" for n, day in enumerate(days)]
    assert f"Close: {said}\n" in load(house, *rows).err.replace("  ", " ")
    house.env = {"OPP_LANG": "zh"}
    assert f"Close：{told}\n" in load(house, *rows).err


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-03-20", "2026-03-20"),
        ("2026/3/20", "2026-03-20"),
        ("2026.3.20", "2026-03-20"),
        ("2026年3月20日", "2026-03-20"),
        ("20 Mar 2026", "2026-03-20"),
        ("March 20, 2026", "2026-03-20"),
        ("2026-W10", "2026-03-08"),
        ("2026-03-20T23:30:00", "2026-03-20"),
        ("2026/3/20 23:30", "2026-03-20"),
        ("2026年3月20日 23:30", "2026-03-20"),
        ("2026年三月二十日 周五", "2026-03-20"),
        ("Friday, March 20th, 2026", "2026-03-20"),
        ("20/Mar/2026", "2026-03-20"),
        ("20-Mar-2026", "2026-03-20"),
    ],
)
def test_a_date_may_have_any_form_that_names_its_order(house: House, cell: str, day: str) -> None:
    assert load(house, f'1;;;"{cell}";').code == 0
    (deal,) = house.deals()
    assert deal["expected_close"] == day


@pytest.mark.parametrize("cell", ["2026-03-20", "2026/3/20", "2026.3.20", "2026年3月20日"])
def test_a_cell_with_the_year_first_is_read_in_a_column_that_is_written_otherwise(house: House, cell: str) -> None:
    dotted = MAPPING.replace('"Close"', '{ column = "Close", date = "%d.%m.%Y" }')
    load(house, "1;;;18.12.2026;", f"2;;;{cell};", mapping=dotted)
    assert [deal["expected_close"] for deal in house.deals()] == ["2026-12-18", "2026-03-20"]
    mark = cell[4]
    backwards = dotted.replace("%d.%m.%Y", f"%Y{mark}%d{mark}%m")
    assert load(house, f"3;;;2026{mark}18{mark}12;", f"4;;;{cell};", mapping=backwards).code == 9


@pytest.mark.parametrize("cell", ["fri", "+3d", "10 Nov", "3月20日", "tomorrow", "x"])
def test_a_date_without_a_year_is_none(house: House, cell: str) -> None:
    assert load(house, f"1;;;{cell};").code == 9
    said = "is not a date: expected YYYY-MM-DD" if cell == "x" else "depends on today: write YYYY-MM-DD"
    assert house.rejects() == [("2", f"expected_close: {cell} {said}")]


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("2025-W10", "2025-03-08T23:00:00Z"),
        ("20 Mar 2025", "2025-03-19T23:00:00Z"),
        ("20 Mar 2025 14:00", "2025-03-20T13:00:00Z"),
        ("2025-03-29 02:30", "2025-03-29T01:30:00Z"),
        ("2025-03-30T02:30:00+01:00", "2025-03-30T01:30:00Z"),
        # The hour that comes twice: the first of the two.
        ("2025-10-26 02:30", "2025-10-26T00:30:00Z"),
    ],
)
def test_an_instant_is_a_wall_time_of_the_mappings_zone(house: House, cell: str, at: str) -> None:
    assert load(house, f"1;;;;{cell}").code == 0
    assert house.deals()[0]["created_at"] == at


def test_a_wall_time_that_the_clocks_skip_is_no_time(house: House) -> None:
    assert load(house, "1;;;;2025-03-30 02:30").code == 9
    ((_, error),) = house.rejects()
    assert error == ("报价 entered: 2025-03-30 02:30 does not exist in Europe/Berlin: the clocks go forward over it")


def test_what_is_wrong_with_a_day_is_told_in_the_language_of_the_answer(house: House) -> None:
    answer = house.load(table("1;;;2026年13月1日;", header=HEADER), "--lang", "zh", "-n", mapping=MAPPING)
    assert ("不是日期：没有 13 月" in answer.err, "is not a date" in answer.err) == (True, False)


def test_what_python_finds_wrong_with_a_day_and_what_the_day_is_of_are_told_in_the_language_of_the_answer(
    house: House,
) -> None:
    rows = "1;;;2026-02-30;2026-10-10 25:00\n2;;;20261301;2026-10-10T10:70"
    assert house.load(table(rows, header=HEADER), "--lang", "zh", mapping=MAPPING).code == 9
    assert [error.split("；") for _, error in house.rejects()] == [
        [
            "预计成交日：2026-02-30 不是日期：当月没有这一天",
            "进入 报价 的日期：2026-10-10 25:00 不是日期：小时须在 0 到 23 之间",
        ],
        [
            "预计成交日：20261301 不是日期：月份须在 1 到 12 之间",
            "进入 报价 的日期：2026-10-10T10:70 不是日期：分钟须在 0 到 59 之间",
        ],
    ]
