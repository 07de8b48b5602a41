"""Files without a mapping: own exports, kept and ready mappings, drafts, and what is still open in them."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from begun import begun
from command_line import InProcess, Process
from terminal import Terminal

from oppcli.files.drafts.fitting import worth

EXPORTS = Path(__file__).resolve().parents[1] / "files/exports"
MAVEN = Path(__file__).resolve().parents[2] / "../shared/data/maven_crm"
EXAMPLE = Path(__file__).resolve().parents[2] / "examples/maven-crm"


@pytest.fixture
@begun
def desk(opp: InProcess) -> InProcess:
    """A database of the usual stages, and the exports of other programs beside it."""
    opp.ok("init --template b2b")
    for file in EXPORTS.glob("*.csv"):
        shutil.copy(file, opp.folder)
    return opp


def written(opp: InProcess, file: str, *rows: str) -> str:
    """A file of these lines."""
    (opp.folder / file).write_text("".join(f"{row}\n" for row in rows), "utf-8")
    return file


def draft(opp: InProcess, file: str) -> str:
    text: str = opp.ok(f"import {file} --draft").out
    (opp.folder / "m.toml").write_text(text, "utf-8")
    return text


def answer(opp: InProcess, **meant: str) -> None:
    """Say what each `?` is."""
    file = opp.folder / "m.toml"
    text = file.read_text("utf-8")
    for cell, stage in meant.items():
        text = text.replace(f'"{cell}" = "?"', f'"{cell}" = "{stage}"')
    file.write_text(text, "utf-8")


def reached(opp: InProcess) -> list[int]:
    return [row["reached"] for row in opp.ok("report funnel -o json").json]


# ---------- three commands from a file to a funnel ----------


@pytest.mark.skipif(not MAVEN.exists(), reason="../shared/data is not there")
def test_the_maven_file_reaches_its_known_funnel_by_a_draft_with_nothing_left_to_say(opp: InProcess) -> None:
    opp.ok("init", "--policy", str(EXAMPLE / "policy.toml"))
    text = opp.ok("import", str(MAVEN / "sales_pipeline.csv"), "--draft").out
    (opp.folder / "m.toml").write_text(text, "utf-8")
    done = opp.ok("import", str(MAVEN / "sales_pipeline.csv"), "--mapping", "m.toml")
    assert "8,800 created, 0 updated, 0 unchanged, 0 rejected" in done.out
    assert reached(opp) == [8800, 8300, 4238]
    (engaging,) = opp.ok("report durations -o json --now 2017-12-31T00:00:00Z").json[1:2]
    assert (engaging["stage"], engaging["visits"], engaging["median_days"]) == ("Engaging", 6711, 45)


def test_a_salesforce_export_with_a_total_a_repeated_header_and_dollars_reaches_a_funnel(desk: InProcess) -> None:
    draft(desk, "salesforce.csv")
    answer(desk, **{"Value Proposition": "Solution"})
    done = desk("import salesforce.csv --mapping m.toml")
    assert done.code == 9  # (5) is below 0
    assert "6 rows from salesforce.csv: 5 created, 0 updated, 0 unchanged, 1 rejected" in done.out
    assert "1 repeated header skipped" in done.err and "1 line of totals skipped: line 9" in done.err
    assert "5 lines of a footer skipped: line 11, line 12, line 13, …" in done.err
    assert reached(desk) == [5, 4, 4, 3, 2, 1, 1]
    (won,) = desk.ok("deal list --stage Won -o json").json
    assert (won["amount"], won["currency"], won["closed_at"]) == ("12500.00", "USD", "2025-11-14T05:00:00Z")
    assert [user["email"] for user in desk.ok("user list -o json").json][:1] == ["ana@seller.example"]


def test_a_hubspot_export_reaches_a_funnel(desk: InProcess) -> None:
    draft(desk, "hubspot.csv")
    answer(desk, **{"Appointment Scheduled": "Lead", "Decision Maker Bought-In": "Quote", "Contract Sent": "Contract"})
    done = desk.ok("import hubspot.csv --mapping m.toml")
    assert "5 created, 0 updated, 0 unchanged, 0 rejected" in done.out
    assert reached(desk) == [5, 3, 3, 3, 2, 2, 1]
    (lost,) = desk.ok("deal list --stage Lost -o json").json
    assert (lost["close_reason"], lost["owner"], lost["amount"]) == ("price", "li.lei", "64000.00")


# ---------- which mapping is taken, and that it is said ----------


def test_a_file_of_a_known_program_is_read_by_the_ready_mapping_and_then_by_the_kept_one(desk: InProcess) -> None:
    first = desk.ok("import pipedrive.csv")
    assert "4 created" in first.out
    assert "pipedrive.csv is read by the mapping pipedrive, which is ready: opp mapping show pipedrive" in first.err
    again = desk.ok("import pipedrive.csv")
    assert "0 created, 0 updated, 4 unchanged" in again.out
    assert "pipedrive.csv is read by the mapping pipedrive, which is kept" in again.err
    stages = {deal["external_id"]: deal["stage"] for deal in desk.ok("deal list -o json").json}
    assert stages == {"1": "Won", "2": "Quote", "3": "Lead", "4": "Lost"}


def test_a_ready_mapping_that_leaves_a_stage_open_is_refused_and_names_it(desk: InProcess) -> None:
    refused = desk("import zoho.csv")
    assert (refused.code, refused.out) == (8, "")
    assert "[fields] stage  say what 'Needs Analysis' is in place of ?" in refused.err
    assert "hint: opp import zoho.csv --draft > m.toml" in refused.err


def test_in_a_script_an_unknown_file_asks_for_a_draft(desk: InProcess) -> None:
    written(desk, "own.csv", "Nr,Bezeichnung", "1,Anlage")
    refused = desk("import own.csv")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == (
        "error: no mapping is known for the columns of own.csv\nhint: opp import own.csv --draft > m.toml\n"
    )


def test_an_open_mark_in_a_mapping_is_refused_before_a_row_is_read(desk: InProcess) -> None:
    draft(desk, "salesforce.csv")
    refused = desk("import salesforce.csv --mapping m.toml")
    assert (refused.code, refused.out) == (8, "")
    assert "[fields] stage  say what 'Value Proposition' is in place of ?" in refused.err


def test_a_mapping_is_kept_under_its_system_once_it_imported_and_taken_by_its_name(desk: InProcess) -> None:
    written(desk, "a.csv", "Ref,What,Where", "1,Pump,Lead")
    mapping = 'system = "old crm"\n[fields]\nexternal_id = "Ref"\ntitle = "What"\nstage = "Where"\n'
    (desk.folder / "m.toml").write_text(mapping, "utf-8")
    desk.ok("import a.csv --mapping m.toml --dry-run")
    assert [row["name"] for row in desk.ok("mapping list -o json").json if row["state"] == "kept"] == []
    desk.ok("import a.csv --mapping m.toml")
    assert desk.ok("mapping", "show", "old crm").out == mapping
    written(desk, "b.csv", "where,REF,what,more", "Quote,2,Valve,x")
    by_name = desk.ok("import", "b.csv", "--mapping", "old crm")
    assert "1 created" in by_name.out
    written(desk, "c.csv", "Ref,What,Where", "3,Tank,Quote")
    by_columns = desk.ok("import c.csv")
    assert "c.csv is read by the mapping old crm, which is kept" in by_columns.err
    assert "1 created" in by_columns.out


def test_a_kept_mapping_finds_the_header_where_it_stands_in_this_file(desk: InProcess) -> None:
    """It was kept of a file with a title above; the next has none, the one after has a title and a blank line."""
    rows = ["Deal ID,Deal Name,Stage,Amount", "{n},Pump,Lead,5", "{n}1,Valve,Lead,6"]
    titles: list[list[str]] = [["Pipeline 2026,,,"], [], ["Pipeline,,,", ""]]
    said = []
    for n, title in enumerate(titles, 1):
        written(desk, "a.csv", *title, *(row.format(n=n) for row in rows))
        if n == 1:
            draft(desk, "a.csv")
            desk.ok("import a.csv --mapping m.toml")
        else:
            said.append(desk("import a.csv"))
    assert [("which is kept" in answer.err, "2 created" in answer.out) for answer in said] == [(True, True)] * 2


def test_an_own_export_below_a_title_is_still_one(desk: InProcess) -> None:
    desk.ok("import pipedrive.csv")
    (desk.folder / "own.csv").write_text("Our deals,of,March\n" + desk.ok("export deals").out, "utf-8")
    answer = desk.ok("import own.csv")
    assert "opp" not in [row["name"] for row in desk.ok("mapping list -o json").json if row["state"] == "kept"]
    assert "own.csv is an own export" in answer.err and "4 unchanged" in answer.out


def test_a_mapping_that_was_dropped_is_not_taken_until_the_drop_is_undone(desk: InProcess) -> None:
    desk.ok("import pipedrive.csv")
    desk.ok("mapping drop pipedrive")
    assert "which is ready" in desk.ok("import pipedrive.csv").err
    desk.ok("undo")
    assert "which is kept" in desk.ok("import pipedrive.csv").err
    assert desk("mapping drop nothing").code == 3


def test_taking_an_import_back_keeps_its_mapping(desk: InProcess) -> None:
    run = re.search(r"opp undo (e\d+)", desk.ok("import pipedrive.csv").out)
    assert run is not None
    desk.ok(f"undo {run[1]}")
    assert desk.ok("deal list -o json").json == []
    assert "4 created" in desk.ok("import pipedrive.csv").out


def test_an_import_that_changes_nothing_leaves_no_entry_of_its_mapping(desk: InProcess) -> None:
    desk.ok("import pipedrive.csv")
    before = len(desk.ok("export journal -o jsonl").out.splitlines())
    desk.ok("import pipedrive.csv")
    assert len(desk.ok("export journal -o jsonl").out.splitlines()) == before


def test_an_own_export_comes_in_by_itself(desk: InProcess) -> None:
    desk.ok("import pipedrive.csv")
    (desk.folder / "own.csv").write_text(desk.ok("export deals").out, "utf-8")
    (desk.folder / "other").mkdir()
    other = InProcess(desk.folder / "other")
    other.ok("init --template b2b")
    shutil.copy(desk.folder / "own.csv", other.folder)
    assert "4 created" in other.ok("import own.csv").out
    assert reached(other) == reached(desk)


# ---------- what a draft decides, and what it leaves open ----------

HEAD = "ID,Deal Name,Stage,Close Date,Amount"


def test_a_date_that_no_order_reads_decides_none_and_a_mixed_column_says_how_many_fit_each(desk: InProcess) -> None:
    rows = [f"7{n},T{n},Lead,{day}" for n, day in enumerate(["11/14/2025", "12/30/2025", "01/02/2026", "13/14/2026"])]
    text = draft(desk, written(desk, "typo.csv", "ID,Title,Stage,Close Date", *rows))
    assert 'expected_close = { column = "Close Date", date = "%m/%d/%Y" }' in text
    mixed = draft(desk, written(desk, "mixed.csv", "ID,Title,Stage,Close Date", *rows, "75,T5,Lead,25/12/2025"))
    assert 'date = "?" }  # say which: 1 fit only %d/%m/%Y, 2 only %m/%d/%Y' in mixed


def test_a_sheet_typed_by_several_is_read_whole_its_days_in_three_ways_one_id_twice_and_stages_under_any_name(
    desk: InProcess,
) -> None:
    days = ["3/14/26", "2026-04-02", "5/30/2026", "6/15/26", "2026-07-01 09:30", "12/31/2026"] * 2
    where = ["Site visit", "Closed - won", "Closed - lost"] * 4
    rows = [
        f"H-{min(n, 10)},Roof {n},Acme,{stage},{day}" for n, (stage, day) in enumerate(zip(where, days, strict=True))
    ]
    text = draft(desk, written(desk, "jobs.csv", "No.,Job,Client,Where is it,Expected close", *rows))
    assert re.search(
        r'^external_id = "No\." +# likely: name; 11 of 12 differ; more than once: H-10$\n^title = "Job"',
        text,
        re.MULTILINE,
    )
    assert 'stage = { column = "Where is it", values = { "Site visit" = "?", "Closed - won" = "Won", ' in text
    (desk.folder / "m.toml").write_text(text.replace('"?"', '"Lead"'), "utf-8")
    done = desk("import jobs.csv --mapping m.toml")
    assert ("11 created, 0 updated, 0 unchanged, 1 rejected" in done.out, done.code) == (True, 9)
    assert "1  No. is on line 12 already   line 13 'H-10'" in done.err
    closes = [deal["expected_close"] for deal in desk.ok("ls --all -c expected_close -o json").json]
    assert closes[:6] == ["2026-03-14", "2026-04-02", "2026-05-30", "2026-06-15", "2026-07-01", "2026-12-31"]


def test_a_column_of_which_most_days_have_the_year_first_says_how_the_others_are_written(desk: InProcess) -> None:
    days = ["2026-04-02", "2026-07-01", "2026-07-03", "2026-07-04 09:30", "3/14/2026"]
    rows = [f"{n},T{n},Lead,{day}" for n, day in enumerate(days)]
    text = draft(desk, written(desk, "a.csv", "ID,Title,Stage,Close Date", *rows))
    assert 'expected_close = { column = "Close Date", date = "%m/%d/%Y" }' in text
    assert "5 created" in desk.ok("import a.csv --mapping m.toml").out
    assert desk.ok("show D-5 -o json").json["expected_close"] == "2026-03-14"


def test_names_padded_with_blanks_are_one_person_and_chinese_headings_of_a_ledger_are_known(opp: InProcess) -> None:
    opp.ok("init --template b2b --lang zh")
    rows = [
        "项目,负责人,进度,登记时间,预计签单",
        "甲,王　磊,线索,2026-1-5,2026年6月1日",
        "乙,王磊,线索,2026/1/6,2026-6-2",
    ]
    text = draft(opp, written(opp, "台账.csv", *rows, "丙,Wang Lei,线索,2026-1-7,2026-6-3"))
    assert 'title = "项目"' in text and 'expected_close = "预计签单"' in text and 'created_at = "登记时间"' in text
    assert "王磊 (2), Wang Lei (1)" in text
    assert "2 people and 0 customers added" in opp.ok("import 台账.csv --mapping m.toml").out
    people = opp.ok("user list -c login,name -o json").json
    assert [(each["login"], each["name"]) for each in people][-2:] == [("wang.lei", "Wang Lei"), ("王磊", "王磊")]
    assert (
        "people"
        not in opp.ok(f"import {written(opp, '再.csv', *rows[:1], '丁,王 磊,线索,2026-1-5,')} --mapping m.toml").out
    )


def test_the_order_of_dates_is_written_where_a_cell_decides_it_and_open_elsewhere(desk: InProcess) -> None:
    written(desk, "a.csv", HEAD, "1,A,Lead,1/2/2026,5", "2,B,Lead,1/14/2026,5")
    assert 'date = "%m/%d/%Y"' in draft(desk, "a.csv")
    written(desk, "a.csv", HEAD, "1,A,Lead,1/2/2026,5", "2,B,Lead,14/1/2026,5")
    assert 'date = "%d/%m/%Y"' in draft(desk, "a.csv")
    written(desk, "a.csv", HEAD, "1,A,Lead,1/2/2026,5", "2,B,Lead,3/4/2026,5")
    assert re.search(
        r'^expected_close = .*date = "\?" \} +# say which: 2 fit %d/%m/%Y and %m/%d/%Y$',
        draft(desk, "a.csv"),
        re.MULTILINE,
    )
    refused = desk("import a.csv --mapping m.toml")
    assert (refused.code, "[fields] expected_close  say how its dates are written" in refused.err) == (8, True)


@pytest.mark.parametrize(
    ("cells", "said", "amounts"),
    [
        (("12.345,67", "1.500"), 'decimal = ","', ["12345.67", "1500.00"]),
        (("12,345.67", "1,500"), None, ["12345.67", "1500.00"]),
        (("1.500", "2.750"), 'decimal = "?"', None),
        (("80万", "1.2亿"), None, ["800000.00", "120000000.00"]),
    ],
)
def test_a_column_of_numbers_is_read_right_or_left_open(
    desk: InProcess, cells: tuple[str, str], said: str | None, amounts: list[str] | None
) -> None:
    rows = [f'{n},{n},Lead,2026-05-01,"{cell}"' for n, cell in enumerate(cells)]
    text = draft(desk, written(desk, "a.csv", HEAD, *rows))
    assert ("decimal" in text, (said or "") in text) == (said is not None, True)
    done = desk("import a.csv --mapping m.toml")
    assert done.code == (8 if amounts is None else 0)
    found = [deal["amount"] for deal in desk.ok("deal list -o json --sort id").json]
    assert found == (amounts or [])


def test_a_ledger_counted_in_ten_thousands_is_drafted_so_and_a_cell_that_names_its_unit_is_not_multiplied(
    opp: InProcess,
) -> None:
    opp.ok("init --template b2b --lang zh")
    rows = (
        "序号,项目名称,客户单位,业务员,进度,预计金额（万元）,预计签约时间",
        "1,泵房,江南水务,孙磊,已报价,42,2026年12月18日",
    )
    text = draft(
        opp, written(opp, "台账.csv", *rows, "2,产线,山水食品,苏婷,商务谈判,120万,待定", "3,阀,德马,苏婷,已签单,/,")
    )
    assert 'amount = { column = "预计金额（万元）", factor = "10000", blank = ["/"] }' in text
    assert "列名注明了单位，乘以 10,000" in opp.ok("import 台账.csv --draft --lang zh").out
    opp.ok("import 台账.csv --mapping m.toml")
    deals = opp.ok("deal list -o json --sort id").json
    assert [(deal["stage"], deal["amount"], deal["customer"]) for deal in deals] == [
        ("报价", "420000.00", "江南水务"),
        ("谈判", "1200000.00", "山水食品"),
        ("赢单", None, "德马"),
    ]


@pytest.mark.parametrize(
    ("column", "times"),
    [
        ("预计金额（万元）", 10**4),
        ("合同额[单位：万]", 10**4),
        ("金额 万元", 10**4),
        ("标的额(亿元)", 10**8),
        ("Value (k USD)", 10**3),
        ("Amount ($ in thousands)", 10**3),
        ("Revenue [€ mn]", 10**6),
        ("金额（元）", 1),
        ("Amount (USD)", 1),
        ("Amount (2026)", 1),
        ("Value", 1),
    ],
)
def test_the_name_of_a_column_says_what_its_amounts_are_counted_in(column: str, times: int) -> None:
    assert worth(column) == times


def test_cells_of_several_lines_and_names_in_another_case_leave_the_comments_of_a_draft_what_they_are(
    desk: InProcess,
) -> None:
    rows = ("ID,Title,Stage,Rep,Notes", '1,A,Lead,Sue Park,"before\nthe summer"', "2,B,Lead,sue park,")
    text = draft(desk, written(desk, "a.csv", *rows))
    assert '"Notes" (1: before the summer)' in text and "# people to be made: Sue Park (2)" in text
    assert "2 created" in desk.ok("import a.csv --mapping m.toml").out


def test_a_sign_of_another_currency_is_written_into_the_draft(desk: InProcess) -> None:
    draft(desk, written(desk, "a.csv", HEAD, "1,A,Lead,2026-05-01,€ 80", "2,B,Lead,2026-05-01,€ 1k"))
    desk.ok("import a.csv --mapping m.toml")
    assert {deal["currency"] for deal in desk.ok("deal list -o json").json} == {"EUR"}


def test_stages_that_nobody_knows_come_in_the_order_of_their_dates_to_be_pasted_into_a_policy(desk: InProcess) -> None:
    rows = ["1,A,Pilot,2026-05-01,5", "2,B,Demo,2026-02-01,5", "3,C,Pilot,2026-06-01,5", "4,D,Closed Won,2026-01-01,5"]
    text = draft(desk, written(desk, "a.csv", HEAD, *rows))
    assert 'values = { Pilot = "?", Demo = "?", "Closed Won" = "Won" } }' in text
    assert re.findall(r'# name = "(\w+)"', text) == ["Demo", "Pilot"]
    assert "# say what ? is" in text


def test_each_line_says_why_and_what_is_left_is_named(desk: InProcess) -> None:
    rows = [f"{n},Deal {n},Lead,2026-05-0{n},{n},ann@x.example,blue" for n in (1, 2, 3)]
    text = draft(desk, written(desk, "a.csv", f"{HEAD},Deal Owner,Shade", *rows))
    assert re.search(r'^external_id = "ID" +# sure: name; 3 of 3 differ$', text, re.MULTILINE)
    assert re.search(
        r'^owner = \{ column = "Deal Owner", create = true \} +# sure: 1 e-mail, 0 known here$', text, re.MULTILINE
    )
    assert '# not placed: "Shade" (1: blue)' in text
    assert "# people to be made: ann@x.example (3)" in text


def test_a_column_whose_cells_all_differ_is_the_id_where_none_is_called_so(desk: InProcess) -> None:
    text = draft(desk, written(desk, "a.csv", "Vorgang,Company,Phase", "V-1,Acme,Lead", "V-2,Acme,Quote"))
    assert re.search(r'^external_id = "Vorgang" +# likely: 2 of 2 differ$', text, re.MULTILINE)
    assert "2 created" in desk.ok("import a.csv --mapping m.toml").out


def test_neither_a_day_nor_an_amount_is_taken_for_an_id(desk: InProcess) -> None:
    rows = "".join(f"Deal {n % 2},Lead,{n}00.50,2026-03-0{n},x{n}\n" for n in range(1, 6))
    (desk.folder / "m.csv").write_text(f"Name,Stage,Umsatz,When,Code\n{rows}", "utf-8")
    assert 'external_id = "Code"' in desk.ok("import m.csv --draft").out


def test_a_small_number_such_as_an_age_is_an_id_only_where_nothing_else_tells_rows_apart(desk: InProcess) -> None:
    rows = ["Pump,Lead,120", "Valve,Lead,33", "Motor,Lead,12"]
    assert 'external_id = "Deal"' in draft(desk, written(desk, "a.csv", "Deal,Stage,Age", *rows))
    same = [row.replace("Valve", "Pump").replace("Motor", "Pump") for row in rows]
    assert 'external_id = "Age"' in draft(desk, written(desk, "b.csv", "Deal,Stage,Age", *same))


def test_a_file_whose_rows_nothing_tells_apart_asks_for_the_id(desk: InProcess) -> None:
    draft(desk, written(desk, "a.csv", "Company,Phase", "Acme,Lead", "Acme,Quote"))
    refused = desk("import a.csv --mapping m.toml")
    assert (refused.code, "[fields] external_id  say what it is in place of ?" in refused.err) == (8, True)


def test_columns_without_ids_and_titles_are_told_apart_by_what_there_is(desk: InProcess) -> None:
    rows = ["Acme,Line 1,Lead", "Acme,Line 2,Quote", "Globex,Line 1,Won"]
    text = draft(desk, written(desk, "a.csv", "Company,Project,Phase", *rows))
    assert 'external_id = { template = "{Project}/{Company}" }' in text
    assert "3 created" in desk.ok("import a.csv --mapping m.toml").out


def test_a_file_of_one_row_has_its_columns_placed_and_a_status_that_is_a_stage_is_one(desk: InProcess) -> None:
    written(desk, "a.csv", "Deal,Client,Value,Status,Owner,Close", 'Pump,Acme,"$12,500.00",Lead,li@x.example,3/13/2026')
    told = draft(desk, "a.csv")
    assert placed(told) == {
        "Deal": {"title", "external_id"},
        "Client": {"customer"},
        "Value": {"amount"},
        "Status": {"stage"},
        "Owner": {"owner"},
        "Close": {"expected_close"},
    }
    assert "?" not in told.partition("[fields]")[2].replace("say what ? is", "")
    written(desk, "b.csv", "Deal,Value,Status", "Pump,100,Lead", "Valve,200,Weird")
    assert 'stage = { column = "Status", values = { Weird = "?" } }' in draft(desk, "b.csv")
    written(desk, "c.csv", "Deal,Value,Status,Kind", "Pump,100,hot,Lead", "Valve,200,cold,Offer")
    assert 'stage = { constant = "?" }' in draft(desk, "c.csv"), "Offer is no stage here"


def test_a_header_below_a_title_is_found(desk: InProcess) -> None:
    rows = ["Deals of the quarter;;", "", "编号;商机名称;阶段", "1;泵;Lead", "2;阀;报价"]
    text = draft(desk, written(desk, "a.csv", *rows))
    assert "header = 3" in text
    assert 'stage = { column = "阶段", values = { "报价" = "Quote" } }' in text
    assert "2 created" in desk.ok("import a.csv --mapping m.toml").out


def test_cells_that_say_nothing_are_blank(desk: InProcess) -> None:
    draft(desk, written(desk, "a.csv", HEAD, "1,A,Lead,2026-05-01,n/a", "2,B,Lead,tbd,80"))
    assert "2 created" in desk.ok("import a.csv --mapping m.toml").out


def test_a_value_that_a_policy_spells_otherwise_is_mapped_and_a_column_of_others_is_not_placed(opp: InProcess) -> None:
    opp.ok("init --template b2b")
    rows = ["1,A,Lead,2026-05-01,5,a,x", "2,B,Lead,2026-05-01,5,NEW,y"]
    text = draft(opp, written(opp, "a.csv", f"{HEAD},Customer Tier,Solution", *rows))
    assert 'tier = { column = "Customer Tier", values = { a = "A", NEW = "new" } }' in text
    assert '# not placed: "Solution" (2: x, y)' in text


def test_a_long_file_is_drafted_from_its_first_rows(desk: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind the rows that a draft reads the file is not even looked at."""
    with (desk.folder / "long.csv").open("w", encoding="utf-8") as file:
        file.write(f"{HEAD}\n")
        file.writelines(f"{n},Deal {n},Lead,2026-05-01,{n}\n" for n in range(100_000))
        file.write('100000,"broken\n')
    assert "2000 of 2000 differ" in draft(desk, "long.csv")


# ---------- how good drafts are ----------

KNOWN: dict[str, dict[str, str]] = {
    "salesforce.csv": {
        "Opportunity ID": "external_id",
        "Opportunity Name": "title",
        "Account Name": "customer",
        "Opportunity Owner": "owner",
        "Stage": "stage",
        "Amount": "amount",
        "Close Date": "expected_close",
        "Created Date": "created_at",
        "Lead Source": "source",
        "Probability (%)": "probability",
        "Next Step": "next_step",
    },
    "hubspot.csv": {
        "Record ID": "external_id",
        "Deal Name": "title",
        "Associated Company": "customer",
        "Deal owner": "owner",
        "Deal Stage": "stage",
        "Amount": "amount",
        "Currency": "currency",
        "Close Date": "expected_close",
        "Create Date": "created_at",
        "Closed Lost Reason": "close_reason",
        "Deal probability": "probability",
    },
    "zoho.csv": {
        "Record Id": "external_id",
        "Deal Name": "title",
        "Account Name": "customer",
        "Deal Owner": "owner",
        "Stage": "stage",
        "Amount": "amount",
        "Closing Date": "expected_close",
        "Created Time": "created_at",
        "Lead Source": "source",
        "Probability (%)": "probability",
        "Next Step": "next_step",
        "Tag": "tags",
    },
    "maven": {
        "opportunity_id": "external_id",
        "account": "customer",
        "sales_agent": "owner",
        "deal_stage": "stage",
        "product": "product",
        "close_value": "amount",
        "engage_date": "Engaging",
        "close_date": "Won",
    },
}
"""What the columns of these files are, as somebody who knows the programs says it."""


def placed(text: str) -> dict[str, set[str]]:
    """Column → what a draft takes it for."""
    found: dict[str, set[str]] = {}
    for line in text.partition("[fields]")[2].splitlines():
        if match := re.match(r'"?([\w]+)"? = (?:\{ column = )?"([^"]+)"', line):
            found.setdefault(match[2], set()).add(match[1])
    return found


def test_by_their_names_alone_drafts_place_nearly_every_column_and_none_wrong(
    opp: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The figures: right, wrong, missing of the columns that have a field, without the help of a ready mapping."""
    from oppcli.files import ready

    if not MAVEN.exists():
        pytest.skip("../shared/data is not there")
    monkeypatch.setattr(ready, "fitting", lambda header: None)
    opp.ok("init --template b2b")
    (opp.folder / "maven").mkdir()
    other = InProcess(opp.folder / "maven")
    other.ok("init", "--policy", str(EXAMPLE / "policy.toml"))
    figures = {}
    for name, known in KNOWN.items():
        at, file = (other, MAVEN / "sales_pipeline.csv") if name == "maven" else (opp, EXPORTS / name)
        found = placed(at.ok("import", str(file), "--draft").out)
        right = [column for column, field in known.items() if field in found.get(column, ())]
        wrong = [column for column, field in known.items() if column in found and field not in found[column]]
        figures[name] = (len(right), len(wrong), len(known) - len(right) - len(wrong))
    assert figures == {
        "salesforce.csv": (11, 0, 0),
        "hubspot.csv": (11, 0, 0),
        "zoho.csv": (12, 0, 0),
        "maven": (8, 0, 0),
    }


def test_a_draft_by_a_mapping_that_is_not_ready_is_refused(desk: InProcess) -> None:
    assert 'system = "hubspot"' in desk.ok("import hubspot.csv --draft --mapping hubspot").out
    refused = desk("import hubspot.csv --draft --mapping hubspott")
    assert (refused.code, refused.err) == (
        2,
        "error: no mapping hubspott is ready; did you mean hubspot?\nhint: opp mapping list\n",
    )


def test_a_mapping_is_kept_found_dropped_and_given_back_on_both_engines(opp_on_both: InProcess) -> None:
    opp = opp_on_both
    opp.ok("init --template b2b")
    shutil.copy(EXPORTS / "pipedrive.csv", opp.folder)
    opp.ok("import pipedrive.csv")
    assert "which is kept" in opp.ok("import pipedrive.csv").err
    opp.ok("mapping drop pipedrive")
    assert "which is ready" in opp.ok("import pipedrive.csv").err
    opp.ok("undo")
    assert "which is kept" in opp.ok("import pipedrive.csv").err
    assert opp.ok("audit verify -c clean -o csv").out == "clean\ntrue\n"


# ---------- on a terminal ----------


@pytest.fixture
def terminal(desk: InProcess, opp_process: Process) -> Iterator[Terminal]:
    made = Terminal(
        {**opp_process.env, "OPP_EDITOR": "sh edit.sh", "PYTHONPATH": str(Path(__file__).parents[2])},
        str(opp_process.folder),
    )
    yield made
    made.close()


def test_on_a_terminal_a_draft_is_shown_its_open_stages_are_asked_and_it_imports(
    desk: InProcess, terminal: Terminal
) -> None:
    written(desk, "a.csv", HEAD, "1,A,Lead,2026-05-01,5", "2,B,Demo,2026-05-01,5")
    code, shown = terminal("import a.csv", [("number or name: ", "Solution"), ("[import]: ", "")])
    assert (code, "2 created" in shown) == (0, True)
    assert "[fields] stage: what is Demo?" in shown
    assert {deal["stage"] for deal in desk.ok("deal list -o json").json} == {"Lead", "Solution"}
    code, shown = terminal("import a.csv")
    assert (code, "a.csv is read by the mapping a, which is kept" in shown) == (0, True)


def test_on_a_terminal_a_draft_may_be_edited_and_left(desk: InProcess, terminal: Terminal) -> None:
    written(desk, "a.csv", HEAD, "1,A,Lead,2026-05-01,5")
    (desk.folder / "edit.sh").write_text('sed -i \'s/system = "a"/system = "changed"/\' "$1"\n', "utf-8")
    code, shown = terminal("import a.csv", [("[import]: ", "leave")])
    assert (code, "nothing was imported" in shown) == (0, True)
    assert desk.ok("deal list -o json").json == []
    code, _ = terminal("import a.csv", [("[import]: ", "edit"), ("[import]: ", "import")])
    assert (code, [deal["system"] for deal in desk.ok("deal list -o json").json]) == (0, ["changed"])


# ---------- ready mappings ----------


@pytest.mark.parametrize("name", ["odoo", "fxiaoke", "xiaoshouyi"])
def test_a_ready_mapping_that_was_only_read_about_says_so(desk: InProcess, name: str) -> None:
    states = {row["name"]: row["state"] for row in desk.ok("mapping list -o json").json}
    assert states[name] == "unverified"
    assert "unverified" in desk.ok(f"mapping show {name}").out.splitlines()[0]


@pytest.mark.parametrize(
    ("name", "header", "row"),
    [
        ("odoo", "id,name,partner_id,user_id,stage_id,expected_revenue", "7,Pump,Acme,Li Lei,Won,800.5"),
        ("fxiaoke", "_id,name,account_id__r,owner__r,sales_stage,amount", "5f0c,泵,江南,李雷,赢单,800.5"),
        ("xiaoshouyi", "id,opportunityName,accountName,ownerName,saleStageName,money", "7,泵,江南,李雷,赢单,800.5"),
        ("salesforce", "Id,Name,Account.Name,Owner.Name,StageName,Amount", "006,Pump,Acme,Li Lei,Closed Won,800.5"),
    ],
)
def test_a_file_with_the_names_of_an_api_is_read_by_the_ready_mapping(
    desk: InProcess, name: str, header: str, row: str
) -> None:
    done = desk.ok(f"import {written(desk, 'a.csv', header, row)}")
    assert f"a.csv is read by the mapping {name}, which is ready" in done.err
    (deal,) = desk.ok("deal list -o json").json
    assert (deal["stage"], deal["amount"], deal["customer"] is None) == ("Won", "800.50", False)


def test_every_ready_mapping_names_fields_that_there_are() -> None:
    from oppcli.files.ready import all_of_them
    from oppcli.model.fields import BUILT_IN

    known = {*BUILT_IN, "created_at", "entered_at", "created_by", "tags", "close_reason", "status", "closed"}
    found = {each.name: set(each.columns) - known for each in all_of_them()}
    assert found == {name: set() for name in found}
    assert len(found) == 8


def test_a_header_that_names_columns_twice_is_drafted_with_a_name_for_each(desk: InProcess) -> None:
    written(desk, "twice.csv", "Deal ID,Title,Title,Stage", "1,Shop,blue,Lead")
    assert 'columns = ["Deal ID", "Title", "Title 2", "Stage"]' in draft(desk, "twice.csv")
    desk.ok("import twice.csv --mapping m.toml")
    assert desk.ok("deal list -c title -o json").json == [{"title": "Shop"}]
    written(desk, "twice.csv", "Deal ID,Title,Title,Stage", "1,Shop,blue,Lead", "2,Plant,red,Lead")
    assert "1 created, 0 updated, 1 unchanged, 0 rejected" in desk.ok("import twice.csv").out


def test_a_doubled_column_that_is_mapped_is_refused_with_the_line_that_tells_them_apart(desk: InProcess) -> None:
    written(desk, "twice.csv", "Deal ID,Title,Title,Stage", "1,Shop,blue,Lead")
    (desk.folder / "m.toml").write_text(
        'system = "s"\n[fields]\nexternal_id = "Deal ID"\ntitle = "Title"\nstage = "Stage"\n', "utf-8"
    )
    assert desk("import twice.csv --mapping m.toml").err.splitlines()[-1] == (
        'hint: in the mapping: [file] columns = ["Deal ID", "Title", "Title 2", "Stage"]; opp help import'
    )


# ---------- what a file tells of a customer besides its name ----------


def test_a_customer_is_also_known_by_the_phone_and_the_mail_address_that_stand_beside_it(desk: InProcess) -> None:
    rows = ("电梯,甲公司,13800138000,w@a.cn,需求", "水泵,乙公司,021-58881234,l@b.cn,需求", "风机,乙公司,,,需求")
    file = written(desk, "l.csv", "商机名称,客户,联系电话,邮箱,阶段", *rows)
    text = draft(desk, file)
    answer(desk, 需求="Lead")
    assert 'customer = [{ column = "客户", create = true, by = "name" }, { column = "联系电话", by = "phone" }' in text
    assert '"邮箱", by = "email" }]' in text
    assert "not placed" not in text
    desk.ok("import l.csv --mapping m.toml")
    found = desk.ok("customer list -c name,phone,email -o csv").out.splitlines()[1:]
    assert found == ["甲公司,13800138000,w@a.cn", "乙公司,021-58881234,l@b.cn"]
    # The next file finds it by its phone, whatever it calls it.
    written(desk, "l.csv", "商机名称,客户,联系电话,邮箱,阶段", "阀门,甲有限责任公司,138 0013 8000,,需求")
    desk.ok("import l.csv --mapping m.toml")
    assert desk.ok("deal list --customer 甲公司 -c title -o csv").out.split() == ["title", "电梯", "阀门"]


def test_a_phone_that_stands_with_two_customers_and_what_is_no_phone_are_left(desk: InProcess) -> None:
    file = written(
        desk, "l.csv", "商机名称,客户,电话,邮箱", "电梯,甲公司,021-58881234,无效", "水泵,乙公司,021-58881234,-"
    )
    text = draft(desk, file)
    assert 'customer = { column = "客户", create = true }' in text
    assert 'not placed: "电话" (1: 021-58881234), "邮箱" (1: 无效)' in text


def test_a_draft_leaves_open_what_a_number_below_one_is_beside_per_cents(desk: InProcess) -> None:
    rows = [f"{n},Deal {n},Quote,{off}" for n, off in enumerate(["5%", "12", "0.05", "7 %"])]
    assert 'factor = "?" }  # say which: 0.05 beside 5% may be a part of 1' in draft(
        desk, written(desk, "off.csv", "id,title,stage,discount", *rows)
    )
    refused = desk("import off.csv --mapping m.toml")
    assert (refused.code, 'discount  say factor = "100" or "1" in place of ?' in refused.err) == (8, True)
    text = (desk.folder / "m.toml").read_text("utf-8").replace('factor = "?"', 'factor = "1"')
    (desk.folder / "m.toml").write_text(text, "utf-8")
    desk.ok("import off.csv --mapping m.toml")
    assert [deal["discount"] for deal in desk.ok("ls --sort id -c discount --json").json] == [5, 12, 0.05, 7]
