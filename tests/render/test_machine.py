"""Formats for programs: parsed back with other people's readers, raw, whole, and harmless in a spreadsheet."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import COLUMNS, EMPTY, FULL, ONE

from oppcli import render
from oppcli.reads.table import Column, Kind, Row, Table
from oppcli.render.output import Output
from oppcli.rules.cells import guard, unguard

NAUGHTY = Path(__file__).resolve().parents[2] / "../shared/data/naughty_strings"
TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1, max_size=5)


def written(table: Table, format: str, **more: object) -> str:
    return render.text(table, Output(format=format, **more))  # type: ignore[arg-type]


def words(*texts: str) -> Table:
    return Table((Column("n", Kind.COUNT), Column("text")), [(n, text) for n, text in enumerate(texts)])


def read_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_csv_has_a_header_plain_decimals_iso_instants_and_line_feeds() -> None:
    header, first, second, third = read_csv(written(FULL, "csv"))
    assert header == [column.name for column in COLUMNS]
    assert first[2:] == [
        "8800",
        "0.9432",
        "12.5",
        "800000.50",
        "CNY",
        "2026-03-09T10:00:00Z",
        "2026-11-27",
        "5.5",
        "47.9854",
        "12.5",
        "true",
        "重点; a,b",
        '{"line":"离散"}',
    ]
    assert second[5:7] == ["-5", "JPY"]
    assert second[10] == ">138"
    assert third[7] == "2026-03-09T10:00:00.001Z"
    assert "\r" not in written(FULL, "csv")


def test_csv_of_nothing_is_its_header() -> None:
    assert read_csv(written(EMPTY, "csv")) == [[column.name for column in COLUMNS]]


@given(TEXTS)
def test_any_text_comes_back_from_csv(texts: list[str]) -> None:
    assert [row[1] for row in read_csv(written(words(*texts), "csv"))[1:]] == texts


@given(TEXTS)
def test_any_text_comes_back_from_a_csv_for_spreadsheets(texts: list[str]) -> None:
    text = written(words(*texts), "csv", excel=True)
    assert text.startswith("\ufeff")
    assert [unguard(row[1]) for row in read_csv(text[1:])[1:]] == texts


@given(st.text())
def test_guarded_text_is_given_back_exactly_and_is_never_live(text: str) -> None:
    assert unguard(guard(text)) == text
    assert guard(text)[:1] not in ("=", "+", "-", "@", "\t", "\r")


@given(st.text(st.sampled_from("'=+-@\t\r a")))
def test_text_that_looks_guarded_is_given_back_exactly(text: str) -> None:
    assert unguard(guard(text)) == text


def test_a_spreadsheet_gets_bom_crlf_and_guarded_text_but_its_numbers_untouched() -> None:
    table = Table(
        (Column("title"), Column("amount", Kind.MONEY), Column("currency"), Column("n", Kind.COUNT)),
        [("=1+1", -500, "CNY", -3), ("-5", None, None, 0), ("'=x", None, None, 0), ("plain", None, None, 0)],
    )
    text = written(table, "csv", excel=True)
    assert text.replace("\r\n", "").count("\n") == 0
    assert read_csv(text.removeprefix("\ufeff"))[1:] == [
        ["'=1+1", "-5.00", "CNY", "-3"],
        ["'-5", "", "", "0"],
        ["''=x", "", "", "0"],
        ["plain", "", "", "0"],
    ]


def test_a_lone_carriage_return_is_quoted_and_a_single_empty_cell_is_a_row() -> None:
    table = Table((Column("text"),), [("a\rb",), ("",), ("c",)])
    assert written(table, "csv") == 'text\n"a\rb"\n""\nc\n'


def test_tsv_is_one_line_per_row_whatever_the_cells_hold() -> None:
    assert written(words("a\tb", "c\nd\\n", "e\r"), "tsv").splitlines() == [
        "n\ttext",
        "0\ta\\tb",
        "1\tc\\nd\\\\n",
        "2\te\\r",
    ]


def test_json_keeps_counts_and_measures_as_numbers_and_money_as_text() -> None:
    first, second, third = json.loads(written(FULL, "json"))
    assert first == {
        "id": "D-10",
        "title": '上海精密仪器, "MES" | 二期',
        "reached": 8800,
        "share": 0.9432,
        "discount": 12.5,
        "amount": "800000.50",
        "currency": "CNY",
        "due": "2026-03-09T10:00:00Z",
        "close": "2026-11-27",
        "late": 5.5,
        "days": 47.9854,
        "score": 12.5,
        "final": True,
        "tags": ["重点", "a,b"],
        "extra": {"line": "离散"},
    }
    assert (second["amount"], second["days"], second["final"], second["tags"]) == ("-5", ">138", False, [])
    assert third["amount"] is None and third["share"] is None and third["late"] == 0


def test_json_of_nothing_is_an_empty_array_and_of_one_thing_an_object() -> None:
    assert json.loads(written(EMPTY, "json")) == []
    assert json.loads(written(ONE, "json"))["id"] == "D-10"


def test_json_lines_are_one_object_per_line() -> None:
    lines = written(FULL, "jsonl").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["D-10", "D-9", "D-11"]
    assert written(EMPTY, "jsonl") == ""


@given(TEXTS)
def test_any_text_comes_back_from_json_and_none_of_it_acts_on_a_terminal(texts: list[str]) -> None:
    text = written(words(*texts), "json")
    assert [row["text"] for row in json.loads(text)] == texts
    assert not any((letter < " " and letter != "\n") or "\x7f" <= letter <= "\x9f" for letter in text)


def test_json_survives_half_a_surrogate() -> None:
    text = written(words("\ud800"), "json")
    assert json.loads(text.encode())[0]["text"] == "\ud800"


def test_ids_are_the_ids_and_nothing_else() -> None:
    assert written(FULL, "ids") == "D-10\nD-9\nD-11\n"
    assert written(EMPTY, "ids") == ""


def test_the_ids_of_a_table_without_an_id_are_its_first_reference_or_its_first_column() -> None:
    assert written(Table((Column("text"), Column("login", Kind.REF)), [("a", "li")]), "ids") == "li\n"
    assert written(Table((Column("stage"), Column("n", Kind.COUNT)), [("谈判", 3)]), "ids") == "谈判\n"


def test_on_a_terminal_escapes_in_csv_are_written_visibly() -> None:
    assert "\x1b" in written(FULL, "csv")
    assert "\x1b" not in written(FULL, "csv", width=80, terminal=True)
    assert "\x1b" not in written(words("\x1b[2J"), "tsv", width=80, terminal=True)


def test_no_header_leaves_the_names_out() -> None:
    assert read_csv(written(FULL, "csv", header=False))[0][0] == "D-10"
    assert written(words("x"), "tsv", header=False) == "0\tx\n"


@pytest.mark.parametrize("format", ["csv", "tsv", "jsonl", "json", "ids"])
def test_rows_are_written_as_they_come(format: str) -> None:
    """A million rows need no more memory than a few: the first are out before the last are asked for."""
    asked = 0

    def rows() -> Iterator[Row]:
        nonlocal asked
        for n in range(100_000):
            asked = n
            yield n, f"row {n}"

    from oppcli.render import machine
    from oppcli.render.view import view

    out = Output(format=format)
    made = getattr(machine, format)(view(Table((Column("id", Kind.COUNT), Column("text")), rows()), out), out)
    assert next(made)
    assert asked < 1_000


@pytest.mark.parametrize("excel", [False, True])
def test_the_naughty_strings_come_back_from_csv(excel: bool) -> None:
    file = NAUGHTY / "blns.txt"
    if not file.is_file():
        pytest.skip("the naughty strings are not beside this checkout")
    texts = [line for line in file.read_text("utf-8").split("\n") if line and not line.startswith("#")]
    rows = read_csv(written(words(*texts), "csv", excel=excel).removeprefix("\ufeff"))[1:]
    assert len(rows) > 500
    assert [unguard(row[1]) if excel else row[1] for row in rows] == texts
