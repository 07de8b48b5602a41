"""`-O FILE` on every read: the suffix says the format, the file is whole or the old one, and stdout stays empty."""

import io
import os
import stat
import sys
from pathlib import Path

import openpyxl
import pytest
import python_calamine
from begun import begun
from command_line import InProcess, Process
from kept import Kept
from terminal import Terminal

from oppcli.reads import catalog
from oppcli.reads.index import MODULES
from oppcli.reads.table import NEEDED

SUFFIXES = ("csv", "tsv", "json", "jsonl", "md", "html", "xlsx", "txt")


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """Two deals, one of them of a customer who is called like a formula."""
    opp = opp_on_both
    opp.ok("init --template b2b --lang en")
    opp.ok("add MES --customer Acme --amount 800000 --close 2026-04-01")
    opp.ok("add Second --customer '=1+1' --amount 5.50")
    return opp


@pytest.fixture
def place(team: InProcess) -> Path:
    return team.folder


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_suffix_says_the_format_and_stdout_stays_empty(team: InProcess, place: Path, suffix: str) -> None:
    answer = team.ok(f"ls -O deals.{suffix}")
    assert (answer.raw, answer.err) == (b"", f"2 deals in deals.{suffix}\n")
    format = {"txt": "table"}.get(suffix, suffix)
    assert (place / f"deals.{suffix}").read_bytes() == team.ok(f"ls -o {format}").raw


def test_a_workbook_through_a_pipe_is_the_same(team: InProcess) -> None:
    book = openpyxl.load_workbook(io.BytesIO(team.ok("ls -o xlsx").raw))
    assert [cell.value for cell in book.worksheets[0]["A"]] == ["ID", "D-1", "D-2"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("report funnel -O f.csv", "7 rows in f.csv\n"),
        ("deal show D-1 -O d.json", "1 deal in d.json\n"),
        ("request list -O r.jsonl", "0 requests in r.jsonl\n"),
        ("log -O l.tsv -L 1", "1 entry in l.tsv\n"),
        ("export customers -O c.csv", "2 customers in c.csv\n"),
        ("user list -O u.md", "1 person in u.md\n"),
        ("policy explain -O p.txt", "p.txt is written\n"),
        ("ls -O D.XLSX", "2 deals in D.XLSX\n"),
        ("ls -o full -O f.json", "2 deals in f.json\n"),
        ("ls -o plain -O f.txt", "2 deals in f.txt\n"),
        ("ls --ids -O f.txt", "2 deals in f.txt\n"),
        ("ls --excel -O f.csv", "2 deals in f.csv\n"),
        ("ls -q -O f.csv", ""),
    ],
)
def test_it_is_said_what_is_in_the_file(team: InProcess, line: str, said: str) -> None:
    answer = team.ok(line)
    assert (answer.out, answer.err.replace("note: -L 0 for all\n", "").splitlines()[-1:]) == ("", said.splitlines())


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("ls -O deals.pdf", "error: deals.pdf: the suffix says the format, and this one says none"),
        ("ls -O deals", "error: deals: the suffix says the format, and this one says none"),
        ("ls -O -", "error: -: the suffix says the format, and this one says none"),
        ("ls -o json -O deals.csv", '"message": "deals.csv is csv, not json"'),
        ("ls --csv -O deals.txt", "error: deals.txt is txt, not csv"),
        ("ls --excel -O deals.json", "error: deals.json is json, not --excel"),
        ("ls -O no/deals.csv", "error: no/deals.csv: there is no folder"),
        ("ls -O folder.csv", "error: folder.csv is a folder"),
        ("ls -O pipe.csv", "error: pipe.csv is no ordinary file"),
        ("ls -c nonsense -O deals.csv", "error: no such column: nonsense"),
    ],
)
def test_what_cannot_be_written_is_refused(team: InProcess, place: Path, line: str, error: str) -> None:
    (place / "folder.csv").mkdir()
    os.mkfifo(place / "pipe.csv")
    before = sorted(path.name for path in place.iterdir())
    answer = team(line)
    assert (answer.code, answer.raw) == (2, b"")
    assert error in answer.err
    assert sorted(path.name for path in place.iterdir()) == before


def test_a_suffix_is_refused_before_a_database_is_looked_for(opp: InProcess) -> None:
    assert opp("ls -O deals.doc").code == 2
    assert opp("ls -O deals.csv").code == 6
    assert list(opp.folder.glob("*.csv")) == []


def test_a_new_file_is_for_no_more_people_than_its_database_and_one_keeps_the_mode_that_it_has(
    team: InProcess, place: Path
) -> None:
    before = os.umask(0o027)
    try:
        team.ok("ls -O own.csv")
        (place / "old.csv").touch(0o640)
        team.ok("ls -O old.csv")
        if team.db.exists():
            team.db.chmod(0o664)
            team.ok("ls -O shared.csv")
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in place.glob("*.csv")}
    assert modes == {"own.csv": 0o600, "old.csv": 0o640} | ({"shared.csv": 0o640} if team.db.exists() else {})


def test_a_link_stays_one_and_what_it_leads_to_is_replaced(team: InProcess, place: Path) -> None:
    (place / "there").mkdir()
    (place / "there/deals.csv").write_text("old")
    (place / "deals.csv").symlink_to(place / "there/deals.csv")
    team.ok("ls -O deals.csv")
    assert (place / "deals.csv").is_symlink()
    assert (place / "there/deals.csv").read_text().startswith("id,title")


def test_where_the_disk_is_full_the_old_file_stays(opp: InProcess, opp_process: Process) -> None:
    opp.ok("init --template b2b --lang en")
    for number in range(12):
        opp.ok("add", f"T{number}", "--customer", "Acme", "--source", "x" * 200)
    file = opp.folder / "deals.csv"
    file.write_text("old")
    before = sorted(path.name for path in opp.folder.iterdir())
    answers = [
        opp_process.shell(f"ulimit -f 1; opp {line}", PYTHONDONTWRITEBYTECODE="1")
        for line in ("ls -O deals.csv", "ls -O deals.json", "bundle D-1 -O D-1.zip")
    ]
    assert [(answer.code, answer.out) for answer in answers] == [(1, "")] * 3
    assert [answers[0].err, answers[2].err] == [f"error: {name}: file too large\n" for name in ("deals.csv", "D-1.zip")]
    assert (file.read_text(), sorted(path.name for path in opp.folder.iterdir())) == ("old", before)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_file_that_one_may_not_write_stays(team: InProcess, place: Path) -> None:
    (place / "deals.csv").touch(0o400)
    assert "deals.csv may not be written" in team("ls -O deals.csv").err


def test_a_limit_is_what_was_asked_for_and_else_a_file_is_whole(opp: InProcess) -> None:
    opp.ok("init --template b2b --lang en")
    for number in range(60):
        opp.ok(f"add T{number} --customer Acme")
    assert opp.ok("ls -O d.txt").err == "60 deals in d.txt\n"
    assert opp.ok("ls -O e.csv -L 7 --sort -id").err == "7 deals in e.csv\n"
    assert (opp.folder / "e.csv").read_text().count("\n") == 8


def test_without_the_library_a_workbook_is_refused_with_what_brings_it(
    team: InProcess, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    answer = team("ls -O deals.xlsx")
    assert (answer.code, answer.err) == (
        2,
        "error: deals.xlsx needs XlsxWriter, which is not installed\nhint: pip install 'oppcli[excel]'\n",
    )
    assert team("ls -o xlsx").code == 2
    assert not (place / "deals.xlsx").exists()


def test_a_workbook_never_goes_to_a_terminal(opp: InProcess) -> None:
    opp.ok("init --template b2b --lang en")
    screen = Terminal(opp.environment(None, None, None), str(opp.folder))
    try:
        lines = ("ls -o xlsx", "ls --excel", "undo --list -o xlsx", "ls -O a.xlsx")
        answers = [screen(line) for line in lines]
    finally:
        screen.close()
    assert [code for code, _ in answers] == [2, 2, 2, 0]
    assert "hint: -O FILE.xlsx writes a file" in answers[0][1]
    assert "hint: -O FILE.csv writes a file" in answers[1][1]
    assert "0 deals in a.xlsx" in answers[3][1]


ARGUMENTS = {
    "sql": "'select id, amount from deals'",
    "deal show": "D-1",
    "show": "D-1",
    "deal history": "D-1",
    "gate": "D-1",
    "export": "deals",
    "report absence": "--who me --until 2099-12-31",
    "report effect": "--policy 1 --measure approval",
    "forecast whatif": "--set D-1.amount=1000",
}
LEFT_OUT = ("request plan",)


def asked(path: str) -> bool:
    """Whether it can be typed here: nothing has to be given, or it is known what."""
    needed = any(param.default == NEEDED for param in catalog.read(path).params)
    return path not in LEFT_OUT and (path in ARGUMENTS or not needed)


@pytest.fixture(scope="module")
def told(chinese: Kept) -> list[tuple[str, list[str]]]:
    """Every read of the demo, and the sheets of its workbook."""
    found = []
    for path in filter(asked, MODULES):
        line = f"{path} {ARGUMENTS.get(path, '')}".strip()
        answer = chinese.opp(f"{line} -o xlsx", user="sun")
        assert answer.raw, f"{line}: {answer.err}"
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.raw))
        found.append((path, book.sheet_names))
    return found


def test_every_read_makes_a_workbook_whose_last_sheet_has_the_notes(told: list[tuple[str, list[str]]]) -> None:
    assert [path for path, sheets in told if len(sheets) < 2] == []
    assert len(told) > 30


def test_amounts_of_the_demo_are_the_same_in_a_workbook_as_in_csv(chinese: Kept) -> None:
    chinese.opp.ok("export deals -O all.xlsx", user="sun")
    sheet = openpyxl.load_workbook(chinese.opp.folder / "all.xlsx").worksheets[0]
    rows = chinese.opp.ok("export deals -o json", user="sun").json
    at = list(rows[0]).index("amount")
    cells = [row[at].value for row in sheet.iter_rows(min_row=2)]
    assert cells == [None if row["amount"] is None else float(row["amount"]) for row in rows]
    assert catalog.read("export").exports
    assert len(cells) > 50


def test_under_a_scope_an_export_to_a_file_leaves_its_entry(opp: InProcess) -> None:
    opp.ok("init --template b2b --lang en", user="boss")
    opp.ok("user add ann", user="boss")
    opp.ok("add MES --customer Acme", user="ann")
    policy = opp.folder / "policy.toml"
    policy.write_text(
        opp.ok("policy show", user="boss").out + '\n[scope]\nsee = "own"\nexport = ["manager"]\n', "utf-8"
    )
    opp.ok(f"policy apply {policy}", user="boss")
    assert opp("export deals -O d.xlsx", user="ann").code == 4
    assert list(opp.folder.glob("*.xlsx")) == []
    assert opp.ok("export deals -O d.xlsx", user="boss").err == "1 deal in d.xlsx\n"
    entry = opp.ok("log -o json -L 1", user="boss").json[0]
    assert (entry["action"], entry["who"] if "who" in entry else entry["actor"]) == ("export", "boss")
