"""Workbooks: the same figures as the CSV of the sheet, those that cannot be read, and which sheet is meant."""

import io
import sys
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from command_line import InProcess, Process
from crew import MAPPING, Team
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from terminal import Terminal

HEADER = ("ID", "Title", "Stage", "Amount", "Close", "First", "Budget", "Off")
FULL = """
system = "book"
[fields]
external_id    = "id"
title          = "title"
stage          = "stage"
amount         = "amount"
expected_close = { column = "close", date = "%d/%m/%Y" }
source         = "budget"
discount       = { column = "off", factor = "100" }
[entered]
Lead = "first"
"""
ROWS: tuple[tuple[Any, ...], ...] = (
    (1, "Shop", "Lead", 1250.5, date(2026, 3, 4), datetime(2026, 1, 5, 10, 30), True, 0.4),
    (2, "商机", "Offer", 0.1 + 0.2, "05/03/2026", date(2026, 1, 6), "#N/A", 0.125),
    ("A-3", "Bar", "Lead", None, None, None, None, None),
)
CSV = """ID,Title,Stage,Amount,Close,First,Budget,Off
1,Shop,Lead,1250.5,04/03/2026,2026-01-05 10:30:00,TRUE,40%
2,商机,Offer,0.3,05/03/2026,2026-01-06,#N/A,12.5%
A-3,Bar,Lead,,,,,
"""


def book(*rows: tuple[Any, ...], title: str = "Deals", before: int = 0, mac: bool = False) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    if mac:
        made.epoch = CALENDAR_MAC_1904
    sheet: Any = made.active
    sheet.title = title
    for place in range(before):
        sheet.append([f"title {place}"])
        sheet.merge_cells(start_row=place + 1, end_row=place + 1, start_column=1, end_column=5)
    for row in rows:
        sheet.append(row)
    return made


class Books(Team):
    """A team with workbooks."""

    def read(self, made: openpyxl.Workbook | bytes, mapping: str = FULL, flags: str = "", code: int = 0) -> str:
        if isinstance(made, bytes):
            (self.folder / "f.xlsx").write_bytes(made)
        else:
            made.save(self.folder / "f.xlsx")
        (self.folder / "m.toml").write_text(mapping, "utf-8")
        answer = self.opp(f"import f.xlsx --mapping m.toml {flags}", env=self.env)
        assert answer.code == code, answer.out + answer.err
        return str(answer.out + answer.err)

    def told(self) -> list[dict[str, Any]]:
        """What the deals hold, without what tells of the import itself."""
        rows = self.ok("export deals -o json").json
        return [{name: value for name, value in row.items() if name != "updated_at"} for row in rows]


@pytest.fixture
def team(opp, tmp_path: Path) -> Books:
    return Books(opp, tmp_path)


@pytest.mark.parametrize("mac", [False, True])
def test_a_workbook_gives_the_same_figures_as_the_csv_of_it(opp, tmp_path: Path, mac: bool) -> None:
    (tmp_path / "other").mkdir()
    one, other = Books(opp, tmp_path), Books(opp, tmp_path / "other", str(tmp_path / "other.db"))
    assert "3 created" in one.read(book(HEADER, *ROWS, mac=mac))
    (tmp_path / "f.csv").write_text(CSV, "utf-8")
    (tmp_path / "m.toml").write_text(FULL, "utf-8")
    other.ok("import f.csv --mapping m.toml")
    assert one.told() == other.told()
    assert [deal["amount"] for deal in one.told()] == ["1250.50", "0.30", None]
    assert [deal["expected_close"] for deal in one.told()] == ["2026-03-04", "2026-03-05", None]
    assert [deal["discount"] for deal in one.told()] == ["40", "12.5", None] or [
        deal["discount"] for deal in one.told()
    ] == [40, 12.5, None]
    assert one.ok("import f.csv --mapping m.toml").out.startswith(
        "3 rows from f.csv: 0 created, 0 updated, 3 unchanged"
    )


def test_a_formula_is_what_it_comes_to_and_an_error_is_its_text(team: Books) -> None:
    whole = io.BytesIO()
    made = xlsxwriter.Workbook(whole)
    sheet = made.add_worksheet("表一")
    sheet.write_row(0, 0, ("ID", "title", "stage", "amount"))
    sheet.write_row(1, 0, ("1", "Shop", "Lead"))
    sheet.write_formula(1, 3, "=40+2", None, 42)
    sheet.write_row(2, 0, ("2", "Bar", "Lead"))
    sheet.write_formula(2, 3, "=1/0", None, "#DIV/0!")
    made.close()
    said = team.read(whole.getvalue(), MAPPING + 'amount = "amount"\n', code=9)
    assert "1 created" in said and "#DIV/0!" in said
    assert team.told()[0]["amount"] == "42.00"


def test_titles_above_the_header_are_passed_over_and_lines_are_rows_of_the_sheet(team: Books) -> None:
    said = team.read(
        book(("ID", "Title", "Stage"), ("1", "Shop", "Lead"), ("2", "Bar", "Leed"), before=2),
        MAPPING + "[file]\nheader = 3\n",
        code=9,
    )
    assert "1 created" in said
    rejects = (team.folder / "f.xlsx.rejects.csv").read_text("utf-8").splitlines()
    assert rejects[2:] == ['"ID","Title","Stage","_error","_line"', rejects[3]] and rejects[3].endswith('"5"')
    answer = team.opp("import f.xlsx.rejects.csv --mapping m.toml -n")
    assert "1 row from f.xlsx.rejects.csv" in answer.out


def test_a_number_that_has_lost_its_end_rejects_the_row_where_a_text_is_wanted(team: Books) -> None:
    rows = (("ID", "Title", "Stage"), (6222021234567890123, "Shop", "Lead"), ("6222021234567890123", "Bar", "Lead"))
    said = team.read(book(*rows), MAPPING, code=9)
    assert "1 created" in said and "over 15 digits: its end is lost" in said
    assert team.told()[0]["external_id"] == "6222021234567890123"


def test_a_date_of_a_workbook_is_that_date_whatever_the_mapping_says_of_texts(team: Books) -> None:
    mapping = MAPPING + 'expected_close = { column = "close", date = "%Y-%d-%m" }\n'
    rows = (("ID", "Title", "Stage", "Close"), ("1", "a", "Lead", date(2026, 3, 4)), ("2", "b", "Lead", "2026-03-04"))
    team.read(book(*rows), mapping)
    assert [deal["expected_close"] for deal in team.told()] == ["2026-03-04", "2026-04-03"]


def test_the_hint_to_draft_a_mapping_names_the_sheet_that_was_named(team: Books) -> None:
    sheets().save(team.folder / "f.xlsx")
    hint = team.opp("import f.xlsx --sheet Old", env=team.env).err.splitlines()[-1]
    assert hint == "hint: opp import f.xlsx --sheet Old --draft > m.toml"


def test_times_alone_are_texts(team: Books) -> None:
    rows = (("ID", "Title", "Stage"), ("1", time(9, 30), "Lead"))
    team.read(book(*rows), MAPPING)
    assert team.told()[0]["title"] == "09:30:00"


def sheets() -> openpyxl.Workbook:
    made = book(("Name", "Mail"), ("Li", "li@x"), title="People")
    for title, row in (("商机 表", ("1", "Shop", "Lead")), ("Old", ("2", "Bar", "Lead"))):
        made.create_sheet(title)
        made[title].append(("ID", "Title", "Stage"))
        made[title].append(row)
    made.create_sheet("Empty")
    return made


def test_of_several_sheets_one_has_to_be_named(team: Books) -> None:
    said = team.read(sheets(), MAPPING, code=2)
    assert "f.xlsx has several sheets: say which" in said
    assert "商机 表  2 rows" in said and "hint: --sheet '商机 表'" in said
    said = team.read(sheets(), MAPPING, "--sheet '商机 表'")
    assert "1 created" in said and "f.xlsx was read as sheet 商机 表" in said
    assert "1 created" in team.read(sheets(), MAPPING + '[file]\nsheet = "old"\n')
    said = team.read(sheets(), MAPPING, "--sheet Nowhere", code=2)
    assert "f.xlsx has no sheet Nowhere: People, 商机 表, Old, Empty" in said


def test_on_a_terminal_it_is_asked_which_of_several_sheets_is_meant(team: Books, opp_process: Process) -> None:
    sheets().save(team.folder / "f.xlsx")
    (team.folder / "m.toml").write_text(MAPPING, "utf-8")
    root = str(Path(__file__).parents[2])
    terminal = Terminal({**opp_process.env, "PYTHONPATH": root}, str(opp_process.folder))
    try:
        code, shown = terminal("import f.xlsx --mapping m.toml", [("number or name: ", "商机 表")])
    finally:
        terminal.close()
    assert (code, "f.xlsx has several sheets: say which" in shown, "1 created" in shown) == (0, True, True)
    assert "without questions: opp import f.xlsx --mapping m.toml --sheet '商机 表'" in shown


def test_the_only_sheet_that_has_the_columns_is_meant(team: Books) -> None:
    made = sheets()
    del made["Old"]
    assert "1 created" in team.read(made, MAPPING)


def test_a_hidden_sheet_is_not_asked_for(team: Books) -> None:
    made = sheets()
    made["Old"].sheet_state = "hidden"
    assert "1 created" in team.read(made, MAPPING)


def test_a_csv_has_no_sheets_but_a_mapping_may_name_one_for_the_workbook(team: Books) -> None:
    assert "1 created" in team.take(MAPPING + '[file]\nsheet = "Deals"\n', "id,title,stage", "1,Shop,Lead")
    said = team.take(MAPPING, "id,title,stage", "1,Shop,Lead", flags="--sheet Deals", code=2)
    assert "f.csv is no workbook: it has no sheets" in said


def test_a_workbook_without_rows_or_without_a_sheet_with_any_is_empty(team: Books) -> None:
    assert "f.xlsx is empty" in team.read(openpyxl.Workbook(), MAPPING, code=2)
    assert "has a header and no rows" in team.read(book(("ID", "Title", "Stage")), MAPPING, code=2)


def test_a_damaged_one_and_one_with_a_password_say_so(team: Books) -> None:
    whole = io.BytesIO()
    book(HEADER, *ROWS).save(whole)
    damaged = (whole.getvalue()[:2000], b"PK\x03\x04 no workbook", whole.getvalue()[:-40])
    first = [team.read(each, code=2).partition("\n")[0] for each in damaged]
    assert [line for line in first if "error: f.xlsx is no workbook that can be read" not in line] == []
    said = team.read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), code=2)
    assert "error: f.xlsx has a password" in said


def test_a_cell_far_out_and_a_bomb_are_refused_before_they_take_the_memory(team: Books) -> None:
    made = book(HEADER, *ROWS)
    made["Deals"]["XFD1048576"] = 1
    assert "f.xlsx has a sheet of 1,048,576 rows and 16,384 columns" in team.read(made, code=2)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"x")
        packed.infolist()[0].file_size = 3 << 30
        packed.filelist[0].file_size = 3 << 30
    assert "f.xlsx is larger than 2 GB" in team.read(whole.getvalue(), code=2)


def test_without_the_library_the_extra_is_named(team: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    said = team.read(book(HEADER, *ROWS), code=2)
    assert said == "error: f.xlsx is a workbook: pip install 'oppcli[excel]', or save the sheet as CSV\n"


def test_a_csv_needs_nothing_of_a_workbook(opp_process, team: Books) -> None:
    team.take(MAPPING, "id,title,stage", "1,Shop,Lead")
    script = (
        f'{sys.executable} -c "import sys; from oppcli.cli.app import run;'
        " run(['import', 'f.csv', '--mapping', 'm.toml']);"
        " print(sorted(set(sys.modules) & {'python_calamine', 'oppcli.files.packed', 'openpyxl'}))\""
    )
    assert opp_process.shell(script).out.splitlines()[-1] == "[]"


def test_a_workbook_without_a_mapping_is_drafted_like_a_csv(team: Books) -> None:
    book(("Deal ID", "Deal Name", "Deal Stage", "Amount"), ("1", "Shop", "Lead", 5), ("2", "Bar", "Offer", 7)).save(
        team.folder / "f.xlsx"
    )
    draft = team.ok("import f.xlsx --draft")
    assert 'external_id = "Deal ID"' in draft.out and 'title = "Deal Name"' in draft.out
    (team.folder / "m.toml").write_text(draft.out, "utf-8")
    assert "2 created" in team.ok("import f.xlsx --mapping m.toml").out


def test_what_the_library_says_of_a_damaged_workbook_is_told_in_chinese(opp: InProcess) -> None:
    opp.ok("init --template b2b --lang zh")
    (opp.folder / "cut.xlsx").write_bytes(b"PK\x03\x04" + b"cut" * 100)
    assert "file is not a zip file" in opp("import cut.xlsx --draft").err
    assert (
        "cut.xlsx 不是能读的工作簿，或已损坏（文件不完整，或不是 xlsx）" in opp("--lang zh import cut.xlsx --draft").err
    )
