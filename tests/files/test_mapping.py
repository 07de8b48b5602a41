"""The mapping file: every problem at once, and what a source makes of a cell."""

import io
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.files import dates, kinds
from oppcli.files.mapping import MappingError, Source, load
from oppcli.files.reading import Columns, Problem
from oppcli.files.sheets.text import Sheet
from oppcli.model.fields import Field
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import Reading

BERLIN = ZoneInfo("Europe/Berlin")
UTC = ZoneInfo("UTC")
SMALLEST = 'system = "s"\n[fields]\nexternal_id = "id"\ntitle = "t"\nstage = "s"\n'


def problems(text: str) -> list[str]:
    return [f"{reason.what}: {reason.detail}" for reason in load(text, "m.toml").problems]


def test_the_smallest_mapping_has_no_problem_and_knows_its_columns() -> None:
    mapping = load(SMALLEST, "m.toml")
    assert mapping.problems == ()
    assert mapping.columns == {"id", "t", "s"}
    assert (mapping.kind, mapping.existing, mapping.timezone) == ("deals", "update", None)


def test_text_that_is_no_toml_is_refused_with_its_place() -> None:
    with pytest.raises(MappingError, match=r"m\.toml is not TOML: .*line 1"):
        load("fields = x\n", "m.toml")


def test_every_problem_of_the_text_is_told_at_once() -> None:
    text = """
sytem = "x"
kind = "dealz"
existing = "replace"
[file]
encoding = "utf-9"
delimiter = ";;"
[read]
timezone = "Europe/Berlim"
decimal = "'"
blank = 3
[fields]
title = 3
owner = { column = "a", constant = "b" }
amount = { colum = "a" }
source = { column = "a", values = 3, required = "yes" }
region = { template = "no braces" }
tier = { column = "a", create = true }
[entered]
Won = { column = ["a"] }
"""
    assert problems(text) == [
        "sytem: line 2: unknown key 'sytem', did you mean 'system'?",
        "kind: line 3: kind 'dealz': use deals, users, requests, visits, prices, payments, facts, customers, contacts, "
        "activities, tasks, rates, targets, costs, judgements, points, did you mean 'deals'?",
        "existing: line 4: existing 'replace': use update, skip, only",
        "file.encoding: line 6: encoding = 'utf-9' must be an encoding there is, such as gb18030",
        "file.delimiter: line 7: delimiter = ';;' must be one character",
        "read.timezone: line 9: timezone = 'Europe/Berlim' must be a time zone such as Asia/Shanghai",
        """read.decimal: line 10: decimal = ''' must be "." or ",\"""",
        "read.blank: line 11: blank = 3 must be a list of texts",
        "fields.title: line 13: title = 3 must be the name of a column in quotes, or a table",
        "fields.owner: line 14: owner needs one of column, template, constant, not 2",
        "fields.amount.colum: line 15: unknown key 'colum', did you mean 'column'?",
        "fields.source.values: line 16: values = 3 must be a table",
        "fields.source.required: line 16: required = 'yes' must be true or false",
        "fields.region.template: line 17: template names no column in braces; a fixed text is a constant",
        "fields.tier: line 18: create is for customer, owner, manager, collaborators, created_by, person",
        "entered.Won.column: line 20: column must be text in quotes",
    ]  # fmt: skip


def test_a_mapping_for_one_kind_of_rows_is_not_used_for_another() -> None:
    assert [reason.what for reason in load('kind = "users"', "m.toml", "deals").problems] == ["kind"]
    assert load(SMALLEST, "m.toml", "users").kind == "users"


def read(
    source: Source, *rows: str, field: Field | None = None, excel: bool = False, cached: bool = True
) -> list[object]:
    """What the source makes of rows of columns a and b."""
    sheet = Sheet(io.BytesIO(("a,b\n" + "\n".join(rows) + "\n").encode()), "f.csv")
    convert = kinds.converter(field or Field("text"), source, currency="EUR", zone=BERLIN)
    reader = Columns(sheet.header, excel=excel).reader(source, lambda _: convert, cached=cached)
    return [reader(row) for _, row in sheet.rows()]


@pytest.mark.parametrize("cached", [True, False])
def test_blank_cells_value_maps_and_alternatives(cached: bool) -> None:
    source = Source(
        column="a",
        values={"x": "the x", "none": "", "": "was empty"},
        blank=frozenset(("", "N/A")),
        otherwise=Source(column="b", values={"1": "one"}),
    )
    rows = ["x,1", " x ,1", "none,1", "N/A,2", "none,", ",1", "as it is,1"]
    assert read(source, *rows, cached=cached) == ["the x", "the x", "one", "2", None, "was empty", "as it is"]


def test_a_template_is_blank_where_one_of_its_columns_is() -> None:
    source = Source(template="{a}: {b}!", otherwise=Source(column="a"))
    assert read(source, "x,y", "x,", ",y") == ["x: y!", "x", None]


def test_a_required_cell_that_is_blank_is_a_problem() -> None:
    (value,) = read(Source(column="a", required=True), ",1")
    assert isinstance(value, Problem)


def test_text_keeps_its_characters_but_the_spaces_around_it() -> None:
    assert read(Source(column="a"), "  x y  ,", '"\tz\n ",', "\xa0n,") == ["x y", "\tz\n", "\xa0n"]


def test_guarded_cells_are_read_as_their_original_from_a_spreadsheet_export() -> None:
    assert read(Source(column="a"), "'=1+1,", "''=1,", "'tis,", excel=True) == ["=1+1", "'=1", "'tis"]
    assert read(Source(column="a"), "'=1+1,") == ["'=1+1"]
    assert read(Source(template="{a} {b}", values={}), "'=1,'-2", excel=True) == ["=1 -2"]


MONEY = Field("amount", "money", min=__import__("decimal").Decimal(0))


@pytest.mark.parametrize(
    ("cell", "minor"),
    [
        ("0", 0),
        ("12", 1200),
        ("12.5", 1250),
        ("12.50", 1250),
        ("1,234.50", 123450),
        ("EUR 7", 700),
        ("80万", 80_000_000),
        ("007.10", 710),
        ("１２", 1200),
        ("12.345", "12.345 has more decimals than EUR (2)"),
        ("-0.01", "-0.01 is below 0"),
        ("123456789012345678901", "123456789012345678901 is too large; at most EUR 1,000,000,000,000,000.00"),
        ("1.2.3", "'1.2.3' is not a number: right of the decimal mark stand digits only; write 1234.50"),
        (".", "'.' is not a number: right of the decimal mark stand digits only; write 1234.50"),
        ("NaN", "'NaN' is not a number; write 1234.50"),
        ("1e3", "'1e3' is not a number: a spreadsheet has shortened it; write 1234.50"),
        ("250.000,00", "'250.000,00' is not a number: right of the decimal mark stand digits only; write 1234.50"),
    ],
)
def test_amounts(cell: str, minor: object) -> None:
    assert read(Source(column="a"), f'"{cell}",', field=MONEY) == [minor]


@given(st.from_regex(r"[0-9]{1,13}(\.[0-9]{0,3})?", fullmatch=True))
def test_the_short_way_to_read_an_amount_agrees_with_the_long_one(cell: str) -> None:
    from oppcli.rules import fields

    short = kinds.converter(MONEY, Source(column="a"), currency="EUR", zone=UTC)
    try:
        expected = fields.parse(MONEY, cell, Reading("EUR"))
    except Invalid as wrong:
        with pytest.raises(Invalid, match=r".") as caught:
            short(cell)
        assert str(caught.value) == str(wrong)
    else:
        assert short(cell) == expected


def test_amounts_with_a_comma() -> None:
    source = Source(column="a", decimal=",")
    cells = ['"1.234,50",', '"1 234,5",', '"7",', '"0,100",', '"250.000,00",', '"1234.50",']
    fault = "'1234.50' is not a number: between separators stand groups of three digits; write 1234,50"
    assert read(source, *cells, field=MONEY) == [123450, 123450, 700, 10, 25_000_000, fault]


@pytest.mark.parametrize(
    ("cell", "form", "zone", "expected"),
    [
        ("2026-03-02", "iso", UTC, 1_772_409_600_000),
        ("2026-03-02", "iso", BERLIN, 1_772_406_000_000),
        ("2026-03-02T09:00:00+08:00", "iso", BERLIN, 1_772_413_200_000),
        ("2026-03-02 09:00", "iso", UTC, 1_772_442_000_000),
        ("02/03/2026", "%d/%m/%Y", UTC, 1_772_409_600_000),
        ("02.03.26 09:00", "%d.%m.%y %H:%M", UTC, 1_772_442_000_000),
        ("1772442000", "unix", BERLIN, 1_772_442_000_000),
        ("1772442000123", "unix_ms", BERLIN, 1_772_442_000_123),
        # The clocks of São Paulo skipped midnight: the day began at one.
        ("2018-11-04", "iso", ZoneInfo("America/Sao_Paulo"), 1_541_300_400_000),
        # Half past two came twice in Berlin: the first one.
        ("2026-10-25T02:30", "iso", BERLIN, 1_792_888_200_000),
        ("2026-02-30", "iso", UTC, "2026-02-30 is not a date: day is out of range for month"),
        ("30/02/2026", "%d/%m/%Y", UTC, "30/02/2026 is not a date: day is out of range for month"),
        ("02.03.2026", "iso", UTC, "02.03.2026 is not a date: expected YYYY-MM-DD"),
        ("2026-03-02", "%d/%m/%Y", UTC, 1_772_409_600_000),
        ("02.03.2026", "%d/%m/%Y", UTC, "02.03.2026 is not a date: expected %d/%m/%Y"),
        ("0216-10-20", "iso", UTC, "0216-10-20 lies before 1900"),
        ("0001-01-01", "iso", ZoneInfo("Asia/Shanghai"), "0001-01-01 lies before 1900"),
        ("x", "unix", UTC, "'x' is not a number; write 1234.50"),
        ("1" + "0" * 27, "unix", UTC, "1" + "0" * 27 + " lies after 2200"),
    ],
)
def test_dates_of_stages(cell: str, form: str, zone: ZoneInfo, expected: object) -> None:
    try:
        found: object = dates.instant(cell, form, zone)
    except Invalid as wrong:
        found = str(wrong)
    assert found == expected


def test_calendar_dates_follow_the_format_too() -> None:
    close = Field("expected_close", "date")
    assert read(Source(column="a", date="%d.%m.%Y"), "30.11.2026,", field=close) == ["2026-11-30"]
    assert read(Source(column="a", date="unix"), "1772406000,", field=close) == ["2026-03-02"]
    assert read(Source(column="a"), "2026-11-30T23:30:00,", field=close) == ["2026-11-30"]
    assert read(Source(column="a"), "2026-02-30,", field=close) == [
        "2026-02-30 is not a date: day is out of range for month"
    ]


def test_a_cell_is_converted_once_until_too_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    from oppcli.files import reading

    monkeypatch.setattr(reading, "REMEMBERED", 3)
    seen: list[str] = []

    def kept(text: str) -> str:
        seen.append(text)
        return text

    reader = Columns(("a",), excel=False).reader(Source(column="a"), lambda _: kept)
    assert "".join(str(reader([cell])) for cell in "abcabcdabc") == "abcabcdabc"
    assert seen == ["a", "b", "c", "d", "a", "b", "c"]
