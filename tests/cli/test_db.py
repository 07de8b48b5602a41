"""`opp db` and `opp audit`, typed."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from begun import begun
from command_line import InProcess

from oppcli import __version__
from oppcli.store.version import SCHEMA


@pytest.fixture
@begun
def team(opp: InProcess) -> InProcess:
    """A database with a deal."""
    opp.ok("init")
    opp.ok("lead", "add", "MES 二期", "--customer", "上海精密", "--amount", "800000")
    return opp


def altered(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


TAMPER = ("DROP TRIGGER journal_no_update", "UPDATE journal SET actor = 'li' WHERE seq = 3")


def test_path_is_alone_on_a_line_without_the_password(opp: InProcess) -> None:
    assert opp.ok("db path").out == f"{opp.db}\n"
    assert opp.ok("--db postgresql://wang:geheim@host/sales db path").out == "postgresql://wang:***@host/sales\n"


def test_info_says_what_is_there(team: InProcess) -> None:
    found = team.ok("db info --json").json
    assert (found["deals"], found["customers"], found["users"], found["schema"]) == (1, 1, 1, SCHEMA)
    assert found["size_bytes"] == team.db.stat().st_size


def test_check_is_quiet_and_clean_on_a_good_database(team: InProcess) -> None:
    found = team.ok("db check --json").json
    assert [(row["check"], row["ok"]) for row in found] == [
        ("integrity", True),
        ("references", True),
        ("journal", True),
        ("visits", True),
        ("pins", True),
        ("stored", True),
        ("schema", True),
        ("meta", True),
    ]


def test_check_names_what_was_changed_past_the_journal_and_exits_6(team: InProcess) -> None:
    altered(team.db, "UPDATE deal SET amount = 5 WHERE id = 1")
    answer = team("db check --json")
    assert answer.code == 6
    wrong = [row["detail"] for row in answer.json if not row["ok"]]
    assert wrong == ["D-1: amount is 5, the journal says 80000000"]


def test_verify_counts_and_shows_the_head(team: InProcess) -> None:
    found = team.ok("audit verify --json").json
    head = team.ok("audit anchor --json").json
    assert (found["clean"], found["first_bad"]) == (True, None)
    assert (found["head"], found["hash"]) == (f"e{found['entries']}", head["hash"])
    assert head["anchor"] == f"{found['entries']}:{found['hash']}"


def test_verify_names_the_first_bad_entry_and_exits_5(team: InProcess) -> None:
    altered(team.db, *TAMPER)
    answer = team("audit verify --json")
    assert answer.code == 5
    assert (answer.json["clean"], answer.json["first_bad"]) == (False, "e3")
    assert "e3 was changed after it was written" in team("audit verify").out


def test_an_anchor_noted_earlier_shows_a_cut_off_end(team: InProcess) -> None:
    anchor = team.ok("audit anchor --ids").out.strip()
    team.ok("lead add 二 --customer 北京")
    assert team.ok(f"audit verify --anchor {anchor}").code == 0
    last = int(anchor.partition(":")[0])
    altered(team.db, "DROP TRIGGER journal_no_delete", f"DELETE FROM journal WHERE seq >= {last}")
    assert team("audit verify").code == 0
    assert team(f"audit verify --anchor {anchor}").code == 5


def test_what_is_no_anchor_is_a_mistake(team: InProcess) -> None:
    assert [team(f"audit verify --anchor {text}").code for text in ("x", "3:", "3:abc", f":{'0' * 64}")] == [2] * 4
    assert [
        team("audit", "verify", "--anchor", text).code for text in ("", " ", f"0:{'0' * 64}", "3:0123456789abcde")
    ] == [2] * 4


def test_the_beginning_of_a_hash_is_an_anchor_from_sixteen_digits_on(team: InProcess) -> None:
    anchor = team.ok("audit anchor --ids").out.strip()
    seq, _, digest = anchor.partition(":")
    assert team(f"audit verify --anchor {seq}:{digest[:16]}").code == 0
    assert team(f"audit verify --anchor {seq}:{'0' * 16}").code == 5


def test_a_backup_comes_back(team: InProcess, tmp_path: Path) -> None:
    kept = tmp_path / "monday.db"
    assert team.ok(f"-q db backup {kept}").out == f"{kept}\n"
    team.ok("deal edit D-1 --set title=verdorben")
    refused = team(f"db restore {kept}")
    assert (refused.code, "-y" in refused.err) == (2, True)
    answer = team.ok(f"db restore {kept} -y")
    assert team.ok("deal show D-1 --json").json["title"] == "MES 二期"
    undo = answer.out.partition("Undo: opp ")[2].strip()
    team.ok(f"{undo} -y")
    assert team.ok("deal show D-1 --json").json["title"] == "verdorben"
    assert team.ok("audit verify --json").json["clean"] is True


def test_dry_runs_write_no_file(team: InProcess, tmp_path: Path) -> None:
    kept = tmp_path / "b.db"
    team.ok(f"db backup {kept}")
    files = {path: path.read_bytes() for path in team.folder.iterdir() if path.is_file()}
    team.ok(f"db restore {kept} --dry-run")
    team.ok("db backup --dry-run")
    team.ok("db upgrade --dry-run")
    assert {path: path.read_bytes() for path in team.folder.iterdir() if path.is_file()} == files


def test_a_database_is_not_restored_over_itself_whatever_it_is_called(team: InProcess) -> None:
    other = team.folder / "other.db"
    other.hardlink_to(team.db)
    before = sorted(path.name for path in team.folder.iterdir())
    answers = [team(f"db restore {path} -y") for path in (team.db, other)]
    assert [(answer.code, "is the database itself" in answer.err) for answer in answers] == [(2, True)] * 2
    assert sorted(path.name for path in team.folder.iterdir()) == before


def test_a_backup_lies_beside_the_database_with_its_date(team: InProcess) -> None:
    team.ok("db backup")
    team.ok("db backup")
    assert sorted(path.name for path in team.folder.glob("opp.backup*")) == [
        "opp.backup-20260302T090000Z-2.db",
        "opp.backup-20260302T090000Z.db",
    ]
    assert team("db backup opp.backup-20260302T090000Z.db").code == 5


def test_a_damaged_database_is_kept_before_it_is_replaced(team: InProcess, tmp_path: Path) -> None:
    team.ok(f"db backup {tmp_path / 'b.db'}")
    team.db.write_bytes(b"spoilt" * 1000)
    team.ok(f"db restore {tmp_path / 'b.db'} -y")
    assert (team.folder / "opp.before-restore-20260302T090000Z.db").read_bytes() == b"spoilt" * 1000
    assert team.ok("db check --json").json[0]["ok"] is True


def test_an_old_database_is_refused_and_then_upgraded_after_a_backup(opp: InProcess) -> None:
    from oppcli.store import migrate

    migrate.file_at(opp.db, "0001")
    refused = opp("deal list")
    assert refused.code == 6
    assert "hint: opp db upgrade" in refused.err
    opp.ok("db upgrade")
    assert migrate.version_at(str(opp.folder / "opp.schema-0001-20260302T090000Z.db")) == "0001"
    assert opp.ok("db info --json").json["schema"] == SCHEMA
    assert "already" in opp.ok("db upgrade").out


@pytest.mark.parametrize(
    "line", ["db info", "db check", "audit verify", "audit anchor", "db upgrade", "db backup x.db"]
)
def test_without_a_database_each_asks_for_init(opp: InProcess, line: str) -> None:
    answer = opp(line)
    assert answer.code == 6
    assert "hint: opp init" in answer.err


def test_a_restore_of_nothing_says_so(team: InProcess) -> None:
    answer = team("db restore nowhere.db -y")
    assert (answer.code, "there is no backup at nowhere.db" in answer.err) == (3, True)


@pytest.mark.parametrize("scope", ["NULL", "'{}'"])
def test_a_scope_that_was_taken_out_of_the_policy_s_row_is_found(opp: InProcess, scope: str) -> None:
    """Who is to see all would only have to empty one column."""
    opp.ok("init")
    (opp.folder / "p.toml").write_text(opp.ok("policy show").out + '\n[scope]\nsee = "own"\n', "utf-8")
    opp.ok("policy apply p.toml")
    opp.ok("db check")
    altered(opp.db, f"UPDATE policy SET scope = {scope} WHERE number = 2")
    answer = opp("db check --json")
    wrong = [(row["check"], row["detail"]) for row in answer.json if not row["ok"]]
    assert (answer.code, ("meta", "policy v2: scope is not what its text says") in wrong) == (6, True)


def test_a_kept_document_that_is_not_what_the_policy_s_text_says_is_found(opp: InProcess) -> None:
    """Who alters what runs, and leaves what is shown, is found like who alters the text."""
    opp.ok("init --template b2b")
    opp.ok("db check")
    altered(opp.db, "UPDATE meta SET value = replace(value, 'manager', 'role:admin') WHERE key = 'policy_kept'")
    answer = opp("db check --json")
    wrong = [(row["check"], row["detail"]) for row in answer.json if not row["ok"]]
    assert wrong == [("meta", "policy v1: what is kept of it is not what its text says")]
    assert answer.code == 6
    (opp.folder / "p.toml").write_text(opp.ok("policy show").out, "utf-8")
    opp.ok("policy apply p.toml")
    opp.ok("db check")


def test_what_another_program_kept_is_kept_anew_by_whoever_writes_and_by_nobody_who_reads(opp: InProcess) -> None:
    opp.ok("init")
    opp.ok("add Plant --customer Acme")
    asked = "SELECT value FROM meta WHERE key = 'policy_kept'"
    with closing(sqlite3.connect(opp.db)) as base:
        ((kept,),) = base.execute(asked)
    altered(opp.db, f"UPDATE meta SET value = replace(value, ' {__version__}', ' 0.9.9') WHERE key = 'policy_kept'")
    found = []
    for line in ("deal list", "gate D-1", "note D-1 hello"):
        opp.ok(line)
        with closing(sqlite3.connect(opp.db)) as base:
            found += [value == kept for (value,) in base.execute(asked)]
    assert found == [False, False, True]


def test_a_database_of_before_without_a_kept_document_reads_the_text(opp: InProcess) -> None:
    opp.ok("init")
    shown = opp.ok("policy explain").out
    altered(opp.db, "DELETE FROM meta WHERE key = 'policy_kept'")
    assert opp.ok("policy explain").out == shown
    opp.ok("db check")
