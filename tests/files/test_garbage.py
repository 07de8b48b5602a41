"""Whatever is given in the place of a file: refused or read in bounded room, with an exit code that is documented, no
trace, nothing raw on the terminal, and a database as it was."""

import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import InProcess

from oppcli.cli import batch
from oppcli.cli.request import seen
from oppcli.store.backup import back_up

LINES = (
    "import {f}",
    "import {f} --draft",
    "import {f} --mapping deals.toml",
    "import one.csv --mapping {f}",
    "policy check {f}",
    "policy apply {f}",
    "mail {f}",
    "db restore {f} -y",
    "--db {f} ls",
    "--db {f} db upgrade",
    "audit verify --anchor-file {f}",
    "note --lines {f}",
    "quote set D-1 {f}",
    "user pin --new-file {f}",
    "deal attach D-1 {f} --kind offer",
    "audit anchor --append {f}",
)
MAPPING = 'system = "x"\n[fields]\nexternal_id = "id"\ntitle = "id"\nstage = { constant = "Lead" }\n'
DEEP = 100_000
NAMED = {
    "missing": "no/such",
    "folder": ".",
    "loop": "loop",
    "long": "x" * 300,
    "longer": "a" * 5_000,
    "device": "/dev/null",
    "forged": "m\x1b]0;x\x07\nopp undo e1",
    "nobody": "~nobody/x",
    "half read": "/proc/self/mem",
    "address": "postgresql://ann:geheim@127.0.0.1:1/x",
}
TERMINAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
WRITTEN = (0, 9)


def garbage(database: bytes) -> dict[str, bytes]:
    """What no program wrote, or half of what one wrote."""
    text = b"id,stage,amount\n1,Lead,5\n"
    return {
        "nothing": b"",
        "nul": b"\0" * 5_000,
        "flipped": bytes(byte ^ (1 << n % 8) if n % 31 == 7 else byte for n, byte in enumerate(database[:60_000])),
        "half": database[: len(database) // 2],
        "mark inside": text[:9] + b"\xef\xbb\xbf" + text[9:],
        "half a character": text.decode().encode("utf-16")[:-1],
        "surrogates": b"id,stage\n\xed\xa0\x80,\xed\xbf\xbf\n",
        "quotes": b'"' * 20_001,
        "ends of lines": b"\r" * 300,
        "lists": b"[" * DEEP,
        "objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        "objects that can be read": b'{"a":' * 900 + b"1" + b"}" * 900,
        "numbers": b'[{"id":' + b"9" * 5_000 + b',"amount":-1e999999,"stage":NaN}]',
        "half characters": b'[{"id":"\\ud800","stage":"\\udfff"}]',
        "types": b'[{"id":{"a":[1]},"stage":[1,2],"owner":true}]',
        "tables": b"policy = 5\nstage = 'x'\ntype = [1]\nfields = 3\ncalendar = nan\nkind = {}\nsystem = []\n",
        "dates": b"[policy]\nname = 1979-05-27T07:32:00Z\ncurrency = 07:32:00\n[fields]\ntitle = inf\n",
        "escapes": b'id,\x1b[31mstage\n\x1b]0;evil\x07,\x9b2J\n"\\u001b[31m" = 1\n',
        "mail": b"From: =?idna?q?x?= <a@b.c>\nDate: Mon, 99 Foo 99999 99:99:99\nSubject: \x1b]0;t\x07\n\nhi",
        "a cell without an end": workbook("a" * (3 << 20)),
    }


def workbook(text: str) -> bytes:
    """A workbook of one cell, packed as workbooks are."""
    spreadsheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    cell = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'
    sheets = '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
    link = f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", f'<workbook xmlns="{spreadsheet}" xmlns:r="{office}">{sheets}</workbook>')
        packed.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}">{link}</Relationships>')
        packed.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{spreadsheet}"><sheetData>{cell}</sheetData></worksheet>',
        )
    return held.getvalue()


@pytest.fixture
def team(opp: InProcess) -> InProcess:
    opp.ok("init --lang en")
    opp.ok("add first --customer Acme")
    folder = Path(opp.folder)
    back_up(str(opp.db), folder / "good.db")
    folder.joinpath("deals.toml").write_text(MAPPING, "utf-8")
    folder.joinpath("one.csv").write_text("id\n7\n", "utf-8")
    folder.joinpath("loop").symlink_to("loop")
    return opp


def wrong(opp: InProcess, line: str, file: str) -> Iterator[str]:
    """What is wrong with how a line answers to such a file."""
    before = opp.db.read_bytes()
    answer = opp(*(word.replace("{f}", file) for word in line.split()), screen=line.startswith("note"))
    said = answer.out + answer.err
    if answer.code in (1, 130) or "unexpected" in said or "no such option" in said or "geheim" in said:
        yield f"{answer.code} {said[:200]}"
    if TERMINAL.search(said) or "opp undo e1" in said.split("\n"):
        yield f"raw: {said[:200]!r}"
    if opp.db.read_bytes() != before:
        if answer.code not in WRITTEN and '"refused"' not in opp.ok("log -L 1 --json").out:
            yield f"{answer.code}, and something was written"
        opp.db.write_bytes(before)


def test_nothing_in_the_place_of_a_file_is_too_much_for_any_command(
    team: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MOST", 1 << 20)
    folder = Path(team.folder)
    files = dict(NAMED)
    for name, raw in garbage(team.db.read_bytes()).items():
        files[name] = f"{name}.csv"
        folder.joinpath(files[name]).write_bytes(raw)
    found = [
        f"{line} of {name}: {said}"
        for (name, file), line in itertools.product(files.items(), LINES)
        for said in wrong(team, line, file)
    ]
    assert found == []


def test_a_configuration_of_garbage_is_named_and_nothing_else_happens(team: InProcess) -> None:
    settings = Path(team.folder, "home", "config", "opp", "config.toml")
    settings.parent.mkdir(parents=True)
    found = {}
    for name, raw in garbage(team.db.read_bytes()).items():
        settings.write_bytes(raw)
        answer = team("ls", screen=True)
        found[name] = (answer.code, TERMINAL.search(answer.err))
    assert found == dict.fromkeys(found, (8, None)) | {"nothing": (0, None)}


@pytest.mark.parametrize("line", ["mail /dev/zero", "note --lines /dev/zero", "user edit wang --answer-key /dev/zero"])
def test_a_device_without_an_end_is_not_taken_for_a_text(
    team: InProcess, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MOST", 1 << 20)
    answer = team(line)
    assert (answer.code, "/dev/zero is larger than 1 MB; give it in parts" in answer.err) == (2, True)


def test_a_text_without_an_end_in_a_workbook_is_refused_before_it_is_held(team: InProcess) -> None:
    Path(team.folder, "f.xlsx").write_bytes(workbook("a" * (3 << 20)))
    answer = team("import f.xlsx --mapping deals.toml")
    assert (answer.code, answer.err.split("\n")[0]) == (2, "error: f.xlsx: a cell is longer than 1,048,576 characters")


def test_the_address_of_a_server_is_not_taken_for_the_file_of_a_backup(team: InProcess) -> None:
    answer = team("db backup postgresql://ann:geheim@127.0.0.1:1/x")
    told = "postgresql:/ann:***@127.0.0.1:1/x is the address of a server, and a backup is a file"
    assert (answer.code, answer.err.split("\n")[0]) == (2, f"error: {told}")
    assert not Path(team.folder, "postgresql:").exists()


@pytest.mark.parametrize("raw", ["²² ³", f"{'9' * 5_000} 1", f"1 {'9' * 5_000}", "1 2 3", "\0 \0", "\ud800"])
def test_what_this_machine_remembers_is_nothing_where_it_is_garbage(team: InProcess, raw: str) -> None:
    team.ok("ls --since-last mine --ids")
    (cursor,) = Path(team.env["XDG_STATE_HOME"], "opp", "seen").iterdir()
    cursor.write_bytes(raw.replace(" ", "\n", 1).encode("utf-8", "surrogatepass"))
    assert team.ok("ls --since-last mine --ids").out == "D-1\n"
    assert seen._read(cursor) == {}
    cursor.write_bytes(raw.encode("utf-8", "surrogatepass"))
    assert seen._read(cursor) == {}
