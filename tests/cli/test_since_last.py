"""`--since-last NAME`: only what was not there when it was last told, of this database, person, list and name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from begun import begun
from command_line import InProcess


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    opp.ok("init --template b2b --lang en")
    opp.ok("user add bob --manager wang")
    opp.ok("add Plant --customer Acme --amount 60000")
    opp.ok("add Line --customer Bolt --amount 5 --owner bob")
    return opp


def cursors(opp: InProcess) -> dict[str, str]:
    folder = Path(opp.env["XDG_STATE_HOME"]) / "opp" / "seen"
    return {path.name: path.read_text() for path in folder.glob("*")}


def test_only_what_is_new_is_told_and_what_is_gone_is_counted(team: InProcess) -> None:
    line = "ls --since-last monday --ids --exit-code"
    first, again = team(line), team(line)
    team.ok("add Third")
    team.ok("withdraw D-1 -m double")
    third, last = team(line), team(line)
    assert [(each.out, each.code) for each in (first, again, third, last)] == [
        ("D-1\nD-2\n", 10),
        ("", 0),
        ("D-3\n", 10),
        ("", 0),
    ]
    assert [each.err for each in (first, again, third, last)] == ["", "", "note: 1 is no longer there\n", ""]
    team.ok("restore D-1")
    assert team(line).out == "D-1\n", "what came back is new again"


def test_names_lists_people_and_databases_share_nothing(team: InProcess) -> None:
    team.ok("ls --since-last m --ids")
    told = [
        team.ok("ls --since-last other --ids").out,
        team.ok("lead list --since-last m --ids").out,
        team.ok("ls --since-last m --ids", user="bob").out,
    ]
    other = str(team.folder / "other.db")
    assert told == ["D-1\nD-2\n"] * 3
    assert len(cursors(team)) == 4
    team.env["OPP_DB"] = other
    team.ok("init --template b2b --lang en")
    team.ok("add Other")
    assert team.ok("ls --since-last m --ids").out == "D-1\n"
    Path(other).unlink()
    team.ok("init --template b2b --lang en")
    team.ok("add Anew")
    assert team.ok("ls --since-last m --ids").out == "D-1\n", "another database in the same place"


def test_what_there_was_no_room_for_is_told_the_next_time(team: InProcess) -> None:
    told = [team.ok("ls --since-last m --sort -amount -L 1 -o csv -c id").out for _ in range(3)]
    assert told == ["id\nD-1\n", "id\nD-2\n", "id\n"]


@pytest.mark.parametrize("form", ["table", "json", "md", "html", "full", "xlsx"])
def test_it_is_of_every_format(team: InProcess, form: str) -> None:
    where = "-O told.xlsx" if form == "xlsx" else f"-o {form}"
    for _ in range(2):
        team.ok(f"ls --since-last m {where}")
    team.ok("add Third")
    answer = team.ok("ls --since-last m --csv -c id")
    assert answer.out == "id\nD-3\n"


def test_a_reader_that_is_gone_leaves_the_old_cursor(team: InProcess) -> None:
    team.ok("ls --since-last m --ids")
    team.ok("add Third")
    before = cursors(team)
    words = [sys.executable, "-m", "oppcli", "ls", "--since-last", "m", "--ids", "--as", "wang"]
    run = subprocess.Popen(words, stdout=subprocess.PIPE, env=os.environ | team.env, cwd=team.folder)
    assert run.stdout is not None
    run.stdout.close()
    code = run.wait()
    wrong = team("ls --since-last m --ids -O nowhere/x.csv")
    assert (code, wrong.code, cursors(team)) == (141, 2, before)
    assert team.ok("ls --since-last m --ids").out == "D-3\n"


def test_a_cursor_that_cannot_be_read_is_none(team: InProcess) -> None:
    team.ok("ls --since-last m --ids")
    for path in (Path(team.env["XDG_STATE_HOME"]) / "opp" / "seen").glob("*"):
        path.write_text("?")
    assert team.ok("ls --since-last m --ids").out == "D-1\nD-2\n"


def test_what_has_no_ids_is_refused(team: InProcess) -> None:
    lines = ("report funnel", "deal show D-1", "report wins --by owner,stage", "ls --watch", "export all")
    answers = {line: team(f"{line} --since-last m") for line in lines}
    assert {line: answer.code for line, answer in answers.items()} == dict.fromkeys(lines, 2)
    assert cursors(team) == {}


def test_a_letter_of_a_view_has_what_is_new_since_the_last_letter(team: InProcess) -> None:
    team.ok("view save fresh --every 'daily 08:00' -- ls -c id,title --since-last letter")
    told = []
    for day, title in enumerate(("Third", "", "Fourth")):
        if title:
            team.ok(f"add {title}", now=f"2026-03-0{3 + day}T07:00:00+08:00")
        team.ok("tick --no-delivery", now=f"2026-03-0{3 + day}T23:00:00+08:00")
        rows = team.ok("notices list --json").json
        told.append([each["text"] for each in rows if each["kind"] == "view"])
    assert [len(each) for each in told] == [1, 1, 2]
    assert ["D-3" in told[0][0], "D-4" in told[2][-1] or "D-4" in told[2][0]] == [True, True]
