"""Files of ours are for no more eyes than they have to be."""

import grp
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import InProcess

from oppcli import store


@pytest.fixture
def careless() -> Iterator[None]:
    """A person whose new files everybody may write."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


@pytest.mark.usefixtures("careless")
def test_a_new_database_is_its_owner_s_alone_and_so_is_what_is_made_of_it(opp: InProcess) -> None:
    opp.ok("init")
    opp.ok("lead add X --customer Y")
    opp.ok("db backup copy.db")
    opp.ok("db restore copy.db -y")
    fields = 'external_id = "id"\ntitle = "t"\namount = "a"\nstage = { constant = "Lead" }'
    (opp.folder / "m.toml").write_text(f'kind = "deals"\nsystem = "old"\n[fields]\n{fields}\n', "utf-8")
    (opp.folder / "d.csv").write_text("id,t,a\n1,A,much\n", "utf-8")
    opp("import d.csv --mapping m.toml --rejects bad.csv")
    made = [path for path in opp.folder.iterdir() if path.name not in ("home", "m.toml", "d.csv")]
    assert {path.name: mode(path) for path in made} == {path.name: "0o600" for path in made}
    assert {"opp.db", "copy.db", "bad.csv"} <= {path.name for path in made}
    assert len(made) == 4


@pytest.mark.usefixtures("careless")
def test_a_database_of_a_group_is_shared_with_it_and_its_folder_too(opp: InProcess) -> None:
    group = grp.getgrgid(os.getegid()).gr_name
    opp.env["OPP_DB"] = str(opp.folder / "new" / "opp.db")
    opp.ok(f"init --group {group}")
    opp.ok("db backup new/copy.db")
    assert [mode(opp.folder / "new" / name) for name in ("opp.db", "copy.db")] == ["0o660"] * 2
    assert (opp.folder / "new").stat().st_mode & 0o7777 == 0o2770


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files to a group that it is not of")
def test_a_copy_of_a_group_s_database_is_that_group_s_and_a_restored_one_stays_so(opp: InProcess) -> None:
    group = next(each for each in grp.getgrall() if each.gr_gid not in (os.getegid(), 0))
    opp.ok(f"init --group {group.gr_name}")
    opp.ok("db backup copy.db")
    opp.ok("ls -O deals.csv")
    opp.ok("db restore copy.db -y")
    made = [opp.db, opp.folder / "copy.db", *opp.folder.glob("opp.before-restore-*.db")]
    assert [(path.stat().st_gid, mode(path)) for path in made] == [(group.gr_gid, "0o660")] * 3
    assert (opp.folder / "deals.csv").stat().st_gid == group.gr_gid


def test_a_copy_is_for_no_group_where_the_database_s_cannot_be_given(
    opp: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = next(each for each in grp.getgrall() if each.gr_gid not in (os.getegid(), 0))
    opp.ok("init")
    try:
        os.chown(opp.db, -1, group.gr_gid)
    except PermissionError:
        pytest.skip("only root gives files to a group that it is not of")
    opp.db.chmod(0o660)

    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "chown", refused)
    opp.ok("db backup copy.db")
    assert mode(opp.folder / "copy.db") == "0o600"


def test_a_group_that_there_is_not_leaves_no_database(opp: InProcess) -> None:
    answer = opp("init --group nobody-knows-it")
    assert (answer.code, opp.db.exists()) == (2, False)


def test_a_server_knows_no_groups(opp: InProcess, pg_url: str) -> None:
    assert opp(f"--db {pg_url} init --group root").code == 2


def test_a_database_in_which_nobody_wrote_yet_is_shared_with_the_group_too(opp: InProcess) -> None:
    store.create(str(opp.db))
    opp.ok(f"init --group {grp.getgrgid(os.getegid()).gr_name}")
    assert mode(opp.db) == "0o660"


@pytest.mark.usefixtures("careless")
def test_a_backup_that_takes_the_place_of_nothing_is_its_owner_s_alone(opp: InProcess) -> None:
    opp.ok("init")
    opp.ok("db backup copy.db")
    (opp.folder / "copy.db").chmod(0o644)
    opp.db.unlink()
    opp.ok("db restore copy.db -y")
    assert mode(opp.db) == "0o600"


@pytest.mark.parametrize(
    ("name", "was"), [("opp.db", 0o644), ("opp.backup-20260302T090000Z.db", 0o640), ("opp.db", 0o606)]
)
def test_doctor_fails_on_what_others_may_read(opp: InProcess, name: str, was: int) -> None:
    opp.ok("init")
    opp.ok("db backup")
    assert "modes" not in failing(opp)
    (opp.folder / name).chmod(was)
    assert failing(opp)["modes"].startswith(str(opp.folder / name))


def failing(opp: InProcess) -> dict[str, str]:
    found = opp("doctor --json").json
    return {row["check"]: row["finding"] for row in found if row["status"] == "fail"}


def test_doctor_fails_on_a_log_that_others_may_read(opp: InProcess) -> None:
    opp.ok("init")
    logs = opp.folder / "home" / "state" / "opp"
    logs.mkdir(parents=True)
    (logs / "crash-1.log").write_text("x", "utf-8")
    (logs / "crash-1.log").chmod(0o644)
    assert failing(opp)["modes"] == f"{logs / 'crash-1.log'}: 644, and not 600"


def test_doctor_tells_who_may_mend_a_file_that_is_not_one_s_own(
    opp: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    opp.ok("init")
    opp.db.chmod(0o644)
    whose, line = opp.db.owner(), f"chmod 600 {opp.db}"
    mine = {row["check"]: row["fix"] for row in opp("doctor --json").json}
    monkeypatch.setattr(os, "geteuid", lambda: opp.db.stat().st_uid + 1)
    theirs = {row["check"]: row["fix"] for row in opp("doctor --json").json}
    assert (mine["modes"], theirs["modes"]) == (line, f"{whose} can do it: {line}")


def test_a_configuration_keeps_its_rights_and_a_new_one_is_its_owner_s(opp: InProcess) -> None:
    opp.ok("config set tz UTC")
    file = opp.folder / "home" / "config" / "opp" / "config.toml"
    new = mode(file)
    file.chmod(0o640)
    opp.ok("config set date.order dmy")
    assert (new, mode(file)) == ("0o600", "0o640")
