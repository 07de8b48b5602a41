"""`opp db upgrade`: whose it is, and the triggers that keep the journal, put back with their entry."""

import os
import sqlite3
from contextlib import closing

import pytest
from command_line import InProcess

DROPPED = {
    "sqlite": ("DROP TRIGGER journal_no_update", "DROP TRIGGER decision_no_delete"),
    "postgresql": (
        "DROP TRIGGER journal_kept ON journal",
        "DROP TRIGGER decision_kept ON decision",
        "DROP TRIGGER journal_role ON journal",
    ),
}


def run(opp: InProcess, *statements: str) -> None:
    if "://" in opp.env["OPP_DB"]:
        import psycopg

        with psycopg.connect(opp.env["OPP_DB"], autocommit=True) as server:
            for statement in statements:
                server.execute(statement)
        return
    with closing(sqlite3.connect(opp.db)) as file:
        for statement in statements:
            file.execute(statement)
        file.commit()


def engine(opp: InProcess) -> str:
    return "postgresql" if "://" in opp.env["OPP_DB"] else "sqlite"


def test_triggers_that_are_gone_are_found_and_put_back_with_an_entry(opp_on_both: InProcess) -> None:
    opp = opp_on_both
    opp.ok("init")
    run(opp, *DROPPED[engine(opp)])
    found = opp("db check --json")
    missing = [row["detail"] for row in found.json if row["check"] == "schema"]
    assert (found.code, len(missing), missing[-1].endswith(": missing")) == (6, len(DROPPED[engine(opp)]), True)
    told = opp.ok("db upgrade").out
    assert "put back: trigger " in told
    entry = opp.ok("log -L 1 --json").json[0]
    assert (entry["action"], len(entry["meta"]["triggers"])) == ("upgrade", len(DROPPED[engine(opp)]))
    assert entry["what"] == f"put back: {', '.join(entry['meta']['triggers'])}"
    opp.ok("db check")
    assert opp.ok("audit verify --json").json["clean"] is True


def test_a_trigger_of_the_same_name_that_does_nothing_is_made_anew(opp: InProcess) -> None:
    opp.ok("init")
    gutted = "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT 1; END"
    run(opp, "DROP TRIGGER journal_no_delete", gutted)
    opp.ok("db upgrade")
    with pytest.raises(sqlite3.IntegrityError, match="the journal cannot be changed"):
        run(opp, "DELETE FROM journal")


def test_a_dry_run_says_what_would_be_put_back(opp: InProcess) -> None:
    opp.ok("init")
    run(opp, "DROP TRIGGER journal_no_delete")
    before = opp.db.read_bytes()
    assert "put back: trigger journal.journal_no_delete" in opp.ok("db upgrade --dry-run").out
    assert opp.db.read_bytes() == before


def test_who_is_neither_admin_nor_owner_of_the_file_does_not_upgrade(
    opp: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    opp.ok("init")
    opp.ok("user add li")
    opp.ok("db upgrade", user="li")
    monkeypatch.setattr(os, "geteuid", lambda: opp.db.stat().st_uid + 1)
    assert [opp("db upgrade", user=user).code for user in ("li", "nobody-here", "wang")] == [4, 4, 0]
