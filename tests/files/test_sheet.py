"""CSV files: delimiters, line ends, headers, and what is refused with its file and line."""

import io
import json
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.files.rejects import Rejects
from oppcli.files.sheets import open_sheet
from oppcli.files.sheets.opening import Unreadable, open_file
from oppcli.files.sheets.shape import Format
from oppcli.files.sheets.text import Sheet
from oppcli.rules.cells import guard, unguard

SPECTRUM = Path(__file__).resolve().parents[2] / "../shared/data/csv_spectrum"
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5")


def sheet(raw: bytes, **told: object) -> Sheet:
    return Sheet(io.BytesIO(raw), "f.csv", **told)  # type: ignore[arg-type]


def cells(raw: bytes, **told: object) -> list[list[str]]:
    found = sheet(raw, **told)
    return [list(found.header), *(row for _, row in found.rows())]


@pytest.mark.parametrize(("encoding", "delimiter", "end"), [*product(ENCODINGS, ",;\t|", ("\n", "\r\n", "\r"))])
def test_encodings_delimiters_and_line_ends_read_the_same(encoding: str, delimiter: str, end: str) -> None:
    rows = [["編號", "客戶", "金額"], ["1", f'台北{delimiter}"公司"', "800"], ["2", f"兩{end}行", ""]]
    quoted = [['"' + cell.replace('"', '""') + '"' for cell in row] for row in rows]
    text = end.join(delimiter.join(row) for row in quoted) + end
    assert cells(text.encode(encoding)) == rows


@pytest.mark.skipif(not SPECTRUM.exists(), reason="../shared/data is not there")
@pytest.mark.parametrize("name", sorted(path.stem for path in SPECTRUM.glob("csvs/*.csv")) or ["none"])
def test_the_csv_spectrum_reads_as_its_json_says(name: str) -> None:
    raw = (SPECTRUM / "csvs" / f"{name}.csv").read_bytes()
    if name == "newlines_crlf":
        # This copy of the set lost its CRLF line ends, which its JSON has.
        raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    header, *rows = cells(raw)
    expected = json.loads((SPECTRUM / "json" / f"{name}.json").read_text("utf-8"))
    assert [dict(zip(header, row, strict=True)) for row in rows] == expected


def test_the_delimiter_that_gives_the_wanted_columns_wins() -> None:
    raw = b"a;b,c,d;e\n1;2,3,4;5\n"
    assert sheet(raw, wanted=["a", "e"]).delimiter == ";"
    assert sheet(raw, wanted=["c"]).delimiter == ","
    assert sheet(raw, told=Format(delimiter=";")).header == ("a", "b,c,d", "e")


def test_a_first_line_that_names_the_delimiter_is_skipped() -> None:
    assert cells(b"sep=;\r\na;b\r\n1;2\r\n") == [["a", "b"], ["1", "2"]]


def test_blank_rows_are_no_rows_and_lines_are_counted_through_quoted_cells() -> None:
    found = sheet(b'a,b\n\n1,2\n,\n"x\ny",4\n5,6\n')
    assert [line for line, _ in found.rows()] == [3, 5, 7]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "f.csv is empty"),
        (b"a,b\n", "f.csv has a header and no rows"),
        (b"a,b\n\n,\n", "f.csv has a header and no rows"),
        (b"\n\n", "f.csv is empty"),
        (b"\xef\xbb\xbf", "f.csv is empty"),
        (b"\xff\xfe", "f.csv is empty"),
        (b" ,,\n1,2,3\n", "f.csv:1: the header cannot be used | column 1 has no name"),
        (b"a,b\n1,2\n1\n2,3\n1,2,3\n", "f.csv:5: rows have more cells than the header"
         " | line 5 3 cells; the header has 2"),
        (b'a,b\n1,2\n1,"x\n2,3\n', "f.csv:3: the file ends inside a quoted cell; is a quote never closed?"),
        (b'a,b\n1,"x"y\n', 'f.csv:2: text follows a closing quote; a quote inside a quoted cell is written ""'),
        (b'a,b\n1,2\n3,"' + b"x" * 200_000,
         "f.csv:3: a cell is longer than 131,072 characters; is a quote never closed?"),
        (b"a,b\n1,\0\n", "f.csv:2: a NUL byte: not a text file"),
        ("a,b\n1,\0\n".encode("utf-16"), "f.csv:2: a NUL byte: not a text file"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_good_is_refused_with_its_line(raw: bytes, said: str) -> None:
    with pytest.raises(Unreadable) as caught:
        list(sheet(raw).rows())
    reasons = [f"{reason.what} {reason.detail}" for reason in caught.value.reasons]
    assert " | ".join([caught.value.message, *reasons]) == said
    assert "opp help import" in (caught.value.hint or "") or "cells that hold it" in (caught.value.hint or "")


def test_ten_ragged_rows_are_named_and_the_rest_counted_as_more() -> None:
    with pytest.raises(Unreadable) as caught:
        list(sheet(b"a,b\n" + b"1,2,3\n" * 30).rows())
    assert [reason.what for reason in caught.value.reasons] == [*(f"line {n}" for n in range(2, 12)), "…"]


def test_a_told_encoding_that_does_not_fit_is_refused_with_the_line() -> None:
    with pytest.raises(Unreadable, match=r"f\.csv:3: not ascii \(byte e4 b8 ad 2c\)"):
        sheet("a,b\n1,2\n中,3\n".encode(), told=Format(encoding="ascii"))


@pytest.mark.parametrize("place", [".", "no/such.csv"])
def test_what_is_no_file_is_refused(place: str) -> None:
    with pytest.raises(Unreadable):
        open_file(place)


def test_a_pipe_is_read_like_a_file() -> None:
    stream, name = open_file("-", io.BytesIO(b"a,b\n1,2\n"))
    with stream:
        found = Sheet(stream, name)
        assert list(found.rows()) == [(2, ["1", "2"])]


@given(st.text())
def test_the_guard_of_a_spreadsheet_export_is_undone_exactly(text: str) -> None:
    assert unguard(guard(text)) == text


def test_cells_are_unguarded_in_what_was_written_for_a_spreadsheet_only() -> None:
    assert sheet(b"\xef\xbb\xbfa\r\n'=1\r\n").excel
    assert not sheet(b"\xef\xbb\xbfa\n'=1\n").excel
    assert not sheet(b"a\r\n'=1\r\n").excel
    assert sheet(b"a\r\n'=1\r\n", told=Format(excel=True)).excel


@pytest.mark.parametrize("encoding", [*ENCODINGS, "cp1252"])
def test_rejected_rows_read_again_with_the_same_format(encoding: str, tmp_path: Path) -> None:
    word = "é" if encoding == "cp1252" else "台北"
    raw = f'a;b;_error;_line\r\n1;"{word}\n;2";old;7\r\n'.encode(encoding)
    first = sheet(raw)
    rejects = Rejects(tmp_path / "r.csv", first)
    for line, row in first.rows():
        rejects.write(line, row, ["a: 报价 is wrong", "b: too"])
    rejects.put_in_place()
    again = sheet((tmp_path / "r.csv").read_bytes())
    assert again.header == ("a", "b", "_error", "_line")
    ((_, row),) = again.rows()
    assert row[:2] == ["1", f"{word}\n;2"]
    assert row[2].endswith("is wrong; b: too")
    assert row[3] == "2"
    assert (again.delimiter, again.crlf) == (";", True)


def test_a_file_of_rejected_rows_that_was_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("corrected by hand")
    first = sheet(b"a\n1\n")
    rejects = Rejects(tmp_path / "r.csv", first)
    rejects.write(2, ["1"], ["no"])
    rejects.put_in_place()
    assert (tmp_path / "r.csv~").read_text() == "corrected by hand"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.csv", "r.csv~"]


@pytest.mark.parametrize("raw", [b'{"id": "D-1"}\n', b'[\n{"id": "D-1"}]', b' [{"id": "D-1"}]', b'{\n"id": "D-1"}'])
def test_json_is_read_as_rows(raw: bytes) -> None:
    found = open_sheet(io.BytesIO(raw), "f", wanted=["note"])
    assert (found.header, list(found.rows())) == (("id", "note"), [(1, ["D-1", ""])])


def test_what_stands_inside_an_object_has_a_column_of_its_own_and_numbers_keep_their_digits() -> None:
    raw = b'{"a": {"b": [1.10, true, null]}, "c": 12345678901234567890}\n\n{"c": [{"d": 1}]}\n'
    found = open_sheet(io.BytesIO(raw), "f")
    assert found.header == ("a.b", "c")
    assert list(found.rows()) == [(1, ["1.10, true, ", "12345678901234567890"]), (3, ["", '[{"d": "1"}]'])]


@pytest.mark.parametrize("raw", [b'{"id": 1}\n{"id": \n', b'[{"id": 1}, 2]', b'{"id": "\xff"}'])
def test_what_is_no_json_is_called_so_with_its_line(raw: bytes) -> None:
    with pytest.raises(Unreadable, match=r"f:[12]: is no"):
        list(open_sheet(io.BytesIO(raw), "f").rows())


@pytest.mark.parametrize("raw", [b"<html><table><tr><td>ID</td></tr></table></html>", b"\xef\xbb\xbf<?xml ?>"])
def test_a_page_that_is_called_a_workbook_is_called_a_page(raw: bytes) -> None:
    with pytest.raises(Unreadable, match="f is a page of HTML or XML"):
        open_sheet(io.BytesIO(raw), "f")
