"""A workbook: every cell has its type, texts stay texts whatever they look like, and the figures are those of csv."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import DUE, FULL, ONE, ROWS

from oppcli import render
from oppcli.reads.table import Column, Kind, Table
from oppcli.render import xlsx
from oppcli.render.output import Output
from oppcli.render.view import view

OUT = Output(format="xlsx", tz="Asia/Shanghai", now=DUE)


def made(table: Table, **asked: Any) -> bytes:
    out = OUT._replace(**asked)
    return b"".join(xlsx.xlsx(view(table, out), out))


def opened(table: Table, **asked: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(made(table, **asked)))


def cells_of(table: Table, **asked: Any) -> list[list[Any]]:
    """The values of the first sheet."""
    return [[cell.value for cell in row] for row in opened(table, **asked).worksheets[0].iter_rows()]


def texts_of(texts: list[str]) -> list[Any]:
    """What comes back of these texts, by both readers."""
    book = made(Table((Column("title"),), [(text,) for text in texts]))
    first = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
    return [first.cell(line + 2, 1).value for line in range(len(texts))]


def test_each_kind_of_column_has_its_type() -> None:
    row = dict(zip((column.name for column in FULL.columns), cells_of(FULL)[1], strict=True))
    assert row == {
        "id": "D-10",
        "title": '上海精密仪器, "MES" | 二期',
        "reached": 8800,
        "share": 0.9432,
        "discount": 0.125,
        "amount": 800000.5,
        "currency": "CNY",
        "due": datetime(2026, 3, 9, 18, 0),
        "close": datetime(2026, 11, 27),
        "late": 5.5,
        "days": 47.9854,
        "score": 12.5,
        "final": True,
        "tags": "重点; a,b",
        "extra": '{"line":"离散"}',
    }


def test_the_other_reader_finds_the_same() -> None:
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(made(FULL))).get_sheet_by_index(0).to_python()
    assert sheet[1][:9] == [
        "D-10",
        '上海精密仪器, "MES" | 二期',
        8800.0,
        0.9432,
        0.125,
        800000.5,
        "CNY",
        datetime(2026, 3, 9, 18, 0),
        date(2026, 11, 27),
    ]


def test_money_has_the_decimals_of_its_currency_and_stands_beside_it() -> None:
    columns = (Column("amount", Kind.MONEY), Column("currency"))
    book = opened(Table(columns, [(80_000_050, "CNY"), (-5, "JPY"), (1_234_567, "KWD"), (None, None)]))
    cells = [book.worksheets[0].cell(line, 1) for line in (2, 3, 4)]
    assert [(cell.value, cell.number_format) for cell in cells] == [
        (800000.5, "#,##0.00"),
        (-5, "#,##0"),
        (1234.567, "#,##0.000"),
    ]


def test_money_without_a_column_for_its_currency_names_it_in_its_format() -> None:
    assert opened(FULL, columns="id,amount").worksheets[0]["B2"].number_format == "[$CNY] #,##0.00"


def test_a_number_of_more_digits_than_excel_keeps_is_a_text_with_all_of_them() -> None:
    columns = (Column("amount", Kind.MONEY), Column("currency"), Column("n", Kind.COUNT))
    rows = [(99_999_999_999_999_999, "CNY", 10**15 + 1), (99_999_999_999_999_900, "CNY", 10**17)]
    assert [row[::2] for row in cells_of(Table(columns, rows))[1:]] == [
        ["999999999999999.99", "1000000000000001"],
        [999999999999999, 10**17],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://x")',
        "{=1}",
        "http://example.com",
        "mailto:a@b.c",
        "internal:Sheet1!A1",
        "00123",
        "1e5",
        "123456789012345678",
        "2026-03-01",
        "TRUE",
        "+49 30",
        "@x",
        "-5",
        "<r><t>no markup</t></r>",
        "<r>& </r>",
        " blank before and behind ",
        "_x0041_",
        "tab\tand\nline",
        "🧑‍💻 a\u202eb",
    ],
)
def test_a_text_stays_the_text_it_is(text: str) -> None:
    book = made(Table((Column("title"),), [(text,)]))
    cell = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]["A2"]
    assert (cell.value if "_x" in text else unescaped(cell.value), cell.data_type, cell.number_format) in [
        (text, "s", "@"),
        (text, "inlineStr", "@"),
        (text.replace("_x0041_", "_x005F_x0041_"), "s", "@"),
        (text.replace("_x0041_", "_x005F_x0041_"), "inlineStr", "@"),
    ]
    assert cell.hyperlink is None
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0)
    assert sheet.to_python()[1] == [text]


def unescaped(text: str) -> str:
    """openpyxl leaves Excel's escapes of control characters as they stand."""
    return text.replace("_x0009_", "\t")


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30))
def test_any_text_comes_back(text: str) -> None:
    book = made(Table((Column("title"),), [(text,)]))
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0)
    assert sheet.to_python()[1] == [text]


def test_what_no_file_can_hold_is_written_visibly() -> None:
    assert texts_of(["half \ud800 letter"]) == ["half \\ud800 letter"]


def test_a_text_longer_than_a_cell_is_cut_and_that_is_said() -> None:
    table = Table((Column("title"), Column("other")), [("x" * 40_000, "y")])
    stream = io.TextIOWrapper(io.BytesIO())
    notes = render.write(table, OUT, stream)
    assert [(note.code, note.omission, note.text) for note in notes] == [
        ("cut", True, "a cell of a workbook is full: longer texts are cut in title")
    ]
    assert len(texts_of(["x" * 40_000])[0]) == 32_767


def test_the_heading_is_frozen_has_a_filter_and_names_the_zone_of_instants() -> None:
    sheet = opened(FULL).worksheets[0]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:O4")
    assert [cell.value for cell in sheet[1]][6:9] == ["CURRENCY", "DUE (Asia/Shanghai)", "CLOSE"]


def test_each_section_has_a_sheet_and_the_notes_are_the_last() -> None:
    columns = (Column("section"), Column("id", Kind.REF))
    book = opened(Table(columns, [("overdue", "R-1"), ("override", "R-2"), ("overdue", "R-3")], "Late", FULL.notes))
    assert book.sheetnames == ["Overdue", "Override", "Notes"]
    assert [[cell.value for cell in sheet["A"]] for sheet in book.worksheets[:2]] == [
        ["ID", "R-1", "R-3"],
        ["ID", "R-2"],
    ]
    assert ["Note", "3 deals"] in [[cell.value for cell in row] for row in book["Notes"].iter_rows()]


def test_what_does_not_fit_on_a_sheet_goes_on_on_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 2)
    book = opened(Table((Column("id", Kind.REF),), [(f"D-{n}",) for n in range(5)], "Deals"))
    assert book.sheetnames == ["Deals", "Deals (2)", "Deals (3)", "Notes"]
    assert [len(list(sheet.iter_rows())) for sheet in book.worksheets[:3]] == [3, 3, 2]


@pytest.mark.parametrize(
    ("title", "name"),
    [("D-1 a/b: [x]?", "D-1 a b   x"), ("", "opp"), ("'", "opp"), ("长" * 40, "长" * 31), ("NOTES", "NOTES")],
)
def test_any_title_makes_a_name_of_a_sheet(title: str, name: str) -> None:
    assert opened(FULL._replace(title=title)).sheetnames[0] == name


def test_one_thing_is_fields_and_values() -> None:
    rows = cells_of(ONE)
    assert (rows[0], rows[6], rows[9]) == (["FIELD", "VALUE"], ["AMOUNT", 800000.5], ["CLOSE", datetime(2026, 11, 27)])


def test_a_day_before_spreadsheets_begin_and_what_is_no_day_are_texts() -> None:
    days = [("1899-12-31",), ("1900-02-28",), ("soon",), ("1900-03-01",), ("9999-12-31",)]
    found = [row[0] for row in cells_of(Table((Column("day", Kind.DATE),), days))[1:]]
    assert found == ["1899-12-31", "1900-02-28", "soon", datetime(1900, 3, 1), datetime(9999, 12, 31)]


def test_an_answer_without_rows_has_its_headings() -> None:
    book = opened(FULL._replace(rows=[]))
    assert [cell.value for cell in book.worksheets[0][1]][:2] == ["ID", "TITLE"]
    assert book.worksheets[0].max_row == 1


def test_the_same_answer_is_the_same_file() -> None:
    first, again = made(FULL), made(FULL)
    assert first == again


def test_the_figures_are_those_of_csv_to_the_digit() -> None:
    columns = tuple(column for column in FULL.columns if column.kind in FIGURES)
    names = ",".join(column.name for column in columns)
    lines = list(csv.reader(io.StringIO(render.text(FULL, Output(format="csv", columns=names)))))[1:]
    found = [
        [FIGURES[column.kind](cell) for column, cell in zip(columns, row, strict=True)]
        for row in cells_of(FULL, columns=names)[1:]
    ]
    assert found == [[Decimal(text) if text and text[0] != ">" else text or None for text in line] for line in lines]
    assert len(found) == len(ROWS)


def number(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else Decimal(repr(value))


FIGURES = dict.fromkeys((Kind.COUNT, Kind.FRACTION, Kind.MONEY, Kind.HOURS, Kind.DAYS, Kind.NUMBER), number) | {
    Kind.PERCENT: lambda value: None if value is None else Decimal(repr(value)) * 100
}
