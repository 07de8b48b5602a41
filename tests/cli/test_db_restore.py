"""`opp db restore`: whose it is, which backup takes its place, and what the journal keeps of it."""

import getpass
import os
import sqlite3
from pathlib import Path

import pytest
from begun import begun
from command_line import InProcess
from postgres import administer


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """An admin wang, li of sales, and sun who left; a deal."""
    opp = opp_on_both
    opp.ok("init")
    opp.ok("user add li")
    opp.ok("user add sun --role admin")
    opp.ok("user deactivate sun")
    opp.ok("lead add X --customer Y --amount 1")
    opp.ok("db backup monday.db")
    opp.ok("deal edit D-1 --set amount=2")
    return opp


def amount(opp: InProcess) -> str:
    return str(opp.ok("deal show D-1 --json").json["amount"])


def anchor(opp: InProcess, *line: str) -> str:
    return opp.ok(*line, "audit", "anchor", "--ids").out.strip()


def last(opp: InProcess) -> dict[str, object]:
    found: dict[str, object] = opp.ok("log -L 1 --json").json[0]
    return found


@pytest.mark.parametrize("who", ["li", "sun", "nobody-here"])
def test_nobody_but_an_admin_of_what_is_replaced_restores_it(team: InProcess, who: str) -> None:
    """Anybody restored the database with himself as admin."""
    refused = [team(line, user=who) for line in ("db restore monday.db -y", "db restore monday.db --dry-run")]
    assert [answer.code for answer in refused] == [4, 4]
    assert amount(team) == "2.00"


def test_who_made_themselves_admin_in_the_backup_is_none(team: InProcess) -> None:
    with sqlite3.connect(team.folder / "monday.db") as connection:
        connection.execute("""UPDATE user_account SET roles = '["admin"]' WHERE login = 'li'""")
    connection.close()
    assert team("db restore monday.db -y", user="li").code == 4


def test_the_entry_keeps_both_heads_and_how_many_entries_were_dropped(team: InProcess) -> None:
    heads = anchor(team, "--db", "monday.db"), anchor(team)
    team.ok("db restore monday.db -y")
    told = last(team)
    meta = told["meta"]
    assert isinstance(meta, dict)
    assert (told["action"], told["actor"]) == ("restore", "wang")
    assert (meta["head"], meta["replaced"], meta["dropped"]) == (*heads, 1)
    assert told["what"] == "monday.db in its place; 1 entry dropped"
    assert amount(team) == "1.00"


def test_a_backup_with_another_history_is_refused_and_named_by_its_first_entry(team: InProcess) -> None:
    team.ok("--db monday.db deal edit D-1 --set amount=3")
    at = last(team)["seq"]
    refused = team("db restore monday.db -y")
    assert (refused.code, f"another history from {at} on" in refused.err, "--other" in refused.err) == (5, True, True)
    assert amount(team) == "2.00"
    team.ok("db restore monday.db -y --other")
    meta = last(team)["meta"]
    assert isinstance(meta, dict)
    assert (amount(team), meta["dropped"], f"e{meta['other']}") == ("3.00", 1, at)


def test_a_backup_that_knows_more_than_the_database_is_another_history(team: InProcess) -> None:
    team.ok("db backup tuesday.db")
    team.ok("db restore monday.db -y")
    assert team("db restore tuesday.db -y").code == 5


def test_the_line_that_is_printed_brings_the_replaced_database_back(team: InProcess) -> None:
    told = team.ok("db restore monday.db -y").out
    line = told.partition("Undo: opp ")[2].strip()
    assert line.endswith(" --other")
    team.ok(f"{line} -y")
    assert amount(team) == "2.00"


def test_the_chain_and_every_record_hold_after_a_restore(team: InProcess) -> None:
    team.ok("db restore monday.db -y")
    assert team.ok("audit verify --json").json["clean"] is True
    assert team.ok("db check --json").code == 0


def test_an_admin_of_an_older_schema_may_and_nobody_else(opp: InProcess) -> None:
    opp.ok("init")
    opp.ok("user add li")
    opp.ok("db backup monday.db")
    with sqlite3.connect(opp.db) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0006'")
    connection.close()
    assert opp("db restore monday.db -y", user="li").code == 4
    opp.ok("db restore monday.db -y")
    opp.ok("deal list")


def test_a_file_that_cannot_be_read_is_replaced_by_its_owner_alone(
    opp: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    opp.ok("init")
    opp.ok("db backup monday.db")
    opp.db.write_bytes(b"spoilt" * 1000)
    monkeypatch.setattr(os, "geteuid", lambda: opp.db.stat().st_uid + 1)
    refused = opp("db restore monday.db -y")
    assert (refused.code, "only the owner of the file" in refused.err) == (4, True)
    monkeypatch.undo()
    assert opp("db restore monday.db -y", env={"SUDO_UID": "4711"}).code == 4
    opp.ok("db restore monday.db -y", user="nobody-here")


def test_a_given_time_is_refused_before_anything_is_replaced(opp: InProcess) -> None:
    """Neither a real database nor a backup of one takes an entry with another time."""
    opp.ok("init", env={"OPP_NOW": None})
    opp.ok("db backup monday.db", env={"OPP_NOW": None})
    assert opp("db restore monday.db -y").code == 2
    opp.db.unlink()
    opp.ok("init")
    assert opp("db restore monday.db -y --other").code == 2
    assert opp.ok("db info --json").json["trial"] is True


def test_broken_pages_are_no_backup(opp: InProcess) -> None:
    """`db backup` copied broken pages and exited 0."""
    opp.ok("init")
    for number in range(30):
        opp.ok(f"lead add X{number} --customer Y{number}")
    raw = bytearray(opp.db.read_bytes())
    raw[-3 * 4096 : -4096] = b"\xff" * (2 * 4096)
    opp.db.write_bytes(bytes(raw))
    answer = opp("db backup monday.db")
    assert (answer.code, "damaged" in answer.err, Path(opp.folder / "monday.db").exists()) == (6, True, False)


def test_who_was_known_to_what_is_replaced_is_not_asked_by_what_takes_its_place(opp: InProcess) -> None:
    """Refused by the backup's policy after the database was replaced, the restore would have left no entry."""
    login = getpass.getuser()
    opp.ok("init", user=login)
    opp.ok("user add wang --role admin", user=login)
    free = opp.ok("policy show", user=login).out
    for name, text in (("free", free), ("strict", free + '\n[identity]\nproof = "login"\n')):
        (opp.folder / f"{name}.toml").write_text(text, "utf-8")
    opp.ok("policy apply strict.toml", user=login)
    opp.ok("db backup strict.db", user=login)
    assert opp("db restore strict.db -y", user="wang").code == 4
    opp.ok("policy apply free.toml", user=login)
    opp.ok("db restore strict.db -y", user="wang")
    told = last(opp)
    assert (told["action"], told["actor"], opp.ok("policy show").out.endswith('proof = "login"\n')) == (
        "restore",
        "wang",
        True,
    )


def test_a_backup_goes_to_a_server_on_which_there_is_no_database_yet(opp: InProcess, pg_server: str) -> None:
    """There is nobody to be asked there; from then on there is."""
    opp.ok("init")
    opp.ok("user add li")
    opp.ok("db backup monday.db")
    administer(pg_server, "CREATE DATABASE moved")
    opp.env["OPP_DB"] = pg_server.format("moved")
    opp.ok("db restore monday.db -y", user="li")
    told = last(opp)
    meta = told["meta"]
    assert isinstance(meta, dict)
    assert (told["action"], "replaced" in meta) == ("restore", False)
    assert opp("db restore monday.db -y", user="li").code == 4
    opp.ok("db check")
    administer(pg_server, "DROP DATABASE moved WITH (FORCE)")
