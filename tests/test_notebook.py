"""`oppcli.notebook`: a session that reads what a person sees and cannot write; every block of its page is run."""

import re
from pathlib import Path

import pytest
from command_line import InProcess
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from oppcli.notebook import TABLES, session

PAGE = Path(__file__).parents[1] / "docs/python.md"


@pytest.fixture
def team(opp_on_both: InProcess, monkeypatch: pytest.MonkeyPatch) -> InProcess:
    opp = opp_on_both
    opp.ok("init --template b2b --lang en")
    opp.ok("user add ann --role sales")
    opp.ok("add Plant --amount 80万")
    opp.ok("add Annex --amount 5000 --owner ann")
    for name, value in opp.env.items():
        monkeypatch.setenv(name, value)
    return opp


def address(team: InProcess) -> str:
    return team.env.get("OPP_DB") or str(team.db)


def titles(team: InProcess) -> list[str]:
    deal = TABLES["deal"]
    with session(address(team)) as opened:
        return [row.title for row in opened.exec(select(deal).order_by(deal.id))]  # type: ignore[attr-defined]


def test_a_session_reads_the_rows_as_objects(team: InProcess) -> None:
    assert titles(team) == ["Plant", "Annex"]


def insert(opened: Session) -> None:
    opened.execute(text("INSERT INTO meta (key, value) VALUES ('a', 'b')"))


def test_a_session_cannot_write_not_even_after_a_commit(team: InProcess) -> None:
    with session(address(team)) as opened, pytest.raises(DBAPIError):
        insert(opened)
    with session(address(team)) as opened:
        opened.commit()
        with pytest.raises(DBAPIError):
            insert(opened)
    assert team.ok("audit verify").code == 0


def test_a_session_sees_what_its_person_sees_after_a_rollback_too(
    team: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = '\n[scope]\nsee = { sales = "own" }\n'
    (team.folder / "scoped.toml").write_text(team.ok("policy show").out + scope, "utf-8")
    team.ok("policy apply scoped.toml")
    monkeypatch.setenv("OPP_USER", "ann")
    assert titles(team) == ["Annex"]
    with session(address(team)) as opened:
        opened.rollback()
        assert opened.execute(text("SELECT title FROM deal")).all() == [("Annex",)]


def test_every_block_of_the_page_runs(
    team: InProcess, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = "\n".join(re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), flags=re.S))
    capsys.readouterr()
    exec(code.replace('"team.db"', repr(address(team))), {})
    said = capsys.readouterr().out.splitlines()
    assert said == ["[('Lead', 2, 80500000)]", "1 Plant 80000000", "2 Annex 500000", "it only reads"]
