"""`opp doctor`: every trouble gets a line and a way out, and nothing is changed by asking."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from oppcli import store
from oppcli.cli.doctor import machine
from oppcli.model.journal import Stamp


class Machine:
    """A home of its own in which commands are run."""

    def __init__(self, home: Path) -> None:
        self.db = home / "opp.db"
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("OPP_", "XDG_", "LC_", "LANG"))
        }
        self.environ = kept | {"HOME": str(home), "OPP_DB": str(self.db), "SHELL": "/bin/bash", "LC_ALL": "C.UTF-8"}

    def run(self, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "oppcli", *words]
        return subprocess.run(command, capture_output=True, text=True, env=self.environ | environ, check=False)

    def doctor(self, *words: str, **environ: str) -> tuple[int, dict[str, Any]]:
        """Exit code, and per check (status, finding, fix)."""
        done = self.run(*words, "doctor", "--json", **environ)
        found = json.loads(done.stdout)
        return done.returncode, {each["check"]: (each["status"], each["finding"], each["fix"]) for each in found}


@pytest.fixture
def home(tmp_path: Path) -> Machine:
    made = Machine(tmp_path)
    assert made.run("init").returncode == 0
    return made


def test_a_new_installation_is_in_order_and_is_left_as_it_was(home: Machine) -> None:
    before = home.db.read_bytes()
    code, found = home.doctor()
    assert code == 0
    assert {status for status, _, _ in found.values()} <= {"ok", "warn"}
    assert found["database"][1].endswith("0 deals, 0 requests, schema current")
    assert found["writing"][0] == "ok"
    assert home.db.read_bytes() == before


def test_a_missing_database_fails_with_the_command_that_makes_one(tmp_path: Path) -> None:
    code, found = Machine(tmp_path).doctor()
    assert code == 1
    assert found["database"] == ("fail", f"no database at {tmp_path / 'opp.db'}", "opp init")


def test_a_place_that_nobody_named_has_no_database_yet_and_that_is_no_trouble(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    del machine.environ["OPP_DB"]
    code, found = machine.doctor()
    status, told, fix = found["database"]
    assert (code, status, fix) == (0, "warn", "opp init")
    assert told.startswith("no database at ")


def test_a_file_that_is_no_database_fails(home: Machine) -> None:
    home.db.write_bytes(b"not a database, but long enough to be looked at" * 30)
    code, found = home.doctor()
    assert (code, found["database"][:2]) == (1, ("fail", f"{home.db} is not a database"))


def test_a_damaged_page_is_found(home: Machine) -> None:
    content = bytearray(home.db.read_bytes())
    content[-4096:] = b"\xff" * 4096
    home.db.write_bytes(content)
    code, found = home.doctor()
    assert code == 1
    assert "fail" in (found["database"][0], found.get("integrity", ("",))[0])


def test_wrong_settings_fail_and_the_rest_is_examined_all_the_same(home: Machine, tmp_path: Path) -> None:
    file = tmp_path / ".config" / "opp" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('tz = "Mars/Base"\neditor = "vi"\n')
    code, found = home.doctor()
    assert code == 1
    assert found["settings"][0] == "fail"
    assert "tz" in found["settings"][1]
    assert "editor" in found["settings"][1]
    assert found["database"][0] == "ok"


def test_somebody_who_is_no_user_is_told_who_adds_them(home: Machine) -> None:
    _, found = home.doctor("--as", "ghost")
    assert found["person"][:2] == ("warn", "ghost is not a user of this database")


def test_a_clock_that_lags_behind_the_journal_is_told(home: Machine) -> None:
    _, found = home.doctor("--now", "2025-06-01T00:00:00Z")
    assert found["clock"][0] == "warn"
    assert found["journal"][0] == "warn"


def test_another_writer_is_a_warning_and_not_waited_for(home: Machine) -> None:
    with store.open_write(str(home.db), Stamp(actor="wang", now=1)):
        code, found = home.doctor()
    assert (code, found["writing"][0]) == (0, "warn")


def test_a_terminal_that_cannot_show_chinese_is_told(home: Machine) -> None:
    _, found = home.doctor(PYTHONIOENCODING="ascii")
    assert found["encoding"][0] in ("ok", "warn")  # machine formats switch to UTF-8 before they are written
    table = home.run("doctor", PYTHONIOENCODING="ascii").stdout
    assert "cannot show every character" in table


def test_completion_is_found_where_the_shell_looks_and_an_old_one_is_told(home: Machine, tmp_path: Path) -> None:
    place = tmp_path / ".local/share/bash-completion/completions/opp"
    status, _, fix = home.doctor()[1]["completion"]
    states = [status]
    path = f"{Path(sys.executable).parent}:{home.environ['PATH']}"
    subprocess.run(["sh", "-c", fix], env=home.environ | {"PATH": path}, check=True)
    assert home.doctor()[1]["completion"][0] == "ok"
    place.write_text("# of last year")
    states.append(home.doctor()[1]["completion"][1])
    place.write_text(home.run("completion", "bash").stdout)
    states.append(home.doctor()[1]["completion"][0])
    assert states == ["warn", f"{place} is of another version", "ok"]


@pytest.mark.parametrize(
    ("have", "needs", "wrong"),
    [
        ("0.28.0", "typer>=0.27,<0.29", []),
        ("0.29.2", "typer>=0.27,<0.29", ["typer 0.29.2 is not <0.29,>=0.27"]),
        ("2.9.0.post0", "python-dateutil>=2.9.0.post0", []),
        ("2.8.2", "python-dateutil>=2.9.0.post0", ["python-dateutil 2.8.2 is not >=2.9.0.post0"]),
        ("0.10.0", "tabulate[widechars]>=0.9", []),
        ("1.0", "rich!=1.0", ["rich 1.0 is not !=1.0"]),
        ("1.0", "psycopg[binary]>=3.2; extra == 'postgres'", []),
    ],
)
def test_versions_are_compared_as_pip_does(have: str, needs: str, wrong: list[str]) -> None:
    assert list(machine.misfits([needs], lambda _: have)) == wrong
