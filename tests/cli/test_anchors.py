"""Anchors: what was noted elsewhere shows a journal that was cut short or built anew."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from begun import begun
from command_line import InProcess

from oppcli.store.journal import COLUMNS, EMPTY, SELECT, digest_of


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp_on_both.ok("init")
    opp_on_both.ok("lead add X --customer Y --amount 1")
    return opp_on_both


def noted(opp: InProcess) -> list[str]:
    return (Path(opp.folder) / "anchors.txt").read_text("ascii").splitlines()


def test_a_new_anchor_is_appended_with_its_time_and_an_old_one_is_not(team: InProcess) -> None:
    head = team.ok("audit anchor --append anchors.txt --json").json["anchor"]
    team.ok("audit anchor --append anchors.txt")
    assert noted(team) == [f"{head} 2026-03-02T09:00:00Z"]
    team.ok("deal edit D-1 --set amount=2")
    team.ok("audit anchor --append anchors.txt")
    assert len(noted(team)) == 2
    team.ok("audit verify --anchor-file anchors.txt")


def rebuilt(path: Path) -> None:
    """The amounts of the first deal were always another, and every hash is right."""
    with closing(sqlite3.connect(path)) as file:
        for name in ("journal_no_update", "journal_no_delete", "journal_no_replace"):
            file.execute(f"DROP TRIGGER {name}")
        rows = file.execute(SELECT).fetchall()
        file.execute("DELETE FROM journal")
        before = EMPTY.hash
        for row in rows:
            changed = (
                *row[:9],
                row[9].replace('"amount":[null,100]', '"amount":[null,900]'),
                row[10],
                before,
                "",
                *row[13:],
            )
            before = digest_of(changed)
            marks = ", ".join("?" * len(row))
            sql = f"INSERT INTO journal ({', '.join(COLUMNS)}) VALUES ({marks})"
            file.execute(sql, (*changed[:12], before, *row[13:]))
        file.commit()


def test_a_journal_that_was_built_anew_gets_no_further_line(opp: InProcess) -> None:
    opp.ok("init")
    opp.ok("lead add X --customer Y --amount 1")
    opp.ok("audit anchor --append anchors.txt")
    rebuilt(opp.db)
    opp.ok("deal edit D-1 --set amount=2")
    before = noted(opp)
    assert opp.ok("audit verify --json").json["clean"] is True
    answer = opp("audit anchor --append anchors.txt")
    assert (answer.code, "is not the entry that was noted" in answer.err, noted(opp) == before) == (5, True, True)
    assert opp("audit verify --anchor-file anchors.txt").code == 5


def test_every_line_of_the_file_is_checked_and_not_the_last_one_alone(team: InProcess) -> None:
    team.ok("audit anchor --append anchors.txt")
    path = Path(team.folder) / "anchors.txt"
    path.write_text(f"1:{'0' * 64} 2026-01-01T00:00:00Z\n" + path.read_text("ascii"), "ascii")
    team.ok("audit anchor --append anchors.txt")
    answer = team("audit verify --anchor-file anchors.txt --json")
    assert (answer.code, answer.json["what"]) == (5, "e1 is not the entry that was noted")


@pytest.mark.parametrize(
    "text", ["", "\n \n", "0:" + "0" * 64, "3:0123456789abcde", "x\n", "journal 3:x", "\0" * 2_000_000]
)
def test_a_file_without_an_anchor_is_a_mistake(opp: InProcess, text: str) -> None:
    opp.ok("init")
    (Path(opp.folder) / "anchors.txt").write_text(text, "utf-8")
    assert opp("audit verify --anchor-file anchors.txt").code == 2
    assert opp("audit verify --anchor-file nowhere.txt").code == 2


def test_a_line_that_is_none_is_not_gone_on_from(opp: InProcess) -> None:
    opp.ok("init")
    (Path(opp.folder) / "anchors.txt").write_text("rubbish\n", "utf-8")
    answer = opp("audit anchor --append anchors.txt")
    assert (answer.code, answer.err) == (2, "error: anchors.txt:1: 'rubbish' is no anchor\n")
    assert noted(opp) == ["rubbish"]


def test_the_file_is_its_owner_s_alone(opp: InProcess) -> None:
    opp.ok("init")
    opp.ok("audit anchor --append anchors.txt")
    assert (Path(opp.folder) / "anchors.txt").stat().st_mode & 0o777 == 0o600


def test_the_last_line_of_a_letter_is_an_anchor(opp: InProcess) -> None:
    from oppcli.actions.outbox.sending import witness
    from oppcli.store import open_read

    opp.ok("init")
    with open_read(str(opp.db)) as door:
        trial, last = witness(door)
    found = re.fullmatch(r"journal (\d+:[0-9a-f]{16})", last)
    assert (trial, found is not None) == ("This is a trial database.", True)
    assert found is not None
    opp.ok(f"audit verify --anchor {found[1]}")
