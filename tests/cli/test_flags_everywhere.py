"""The flags that every command knows, what is said of others, and what happens where the program itself fails."""

import ast
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from begun import begun
from command_line import InProcess

HOUSE = Path(__file__).parents[2] / "oppcli"


@pytest.fixture
@begun
def small(opp: InProcess) -> InProcess:
    opp.ok("init --template blank --lang en --name Wang")
    opp.ok("user add li --name Li")
    opp.ok("lead add Plant --owner li")
    return opp


@pytest.mark.parametrize(
    "line",
    [
        "--as li user whoami -o json",
        "user --as li whoami -o json",
        "user whoami --as li -o json",
        "user whoami -o json --as=li",
        "--as wang user whoami -o json --as li",
    ],
)
def test_a_flag_may_stand_before_between_and_behind_and_the_last_one_counts(small: InProcess, line: str) -> None:
    assert small.ok(line).json["login"] == "li"


def test_the_database_is_found_whatever_the_place_and_told_in_hints(small: InProcess) -> None:
    small.db.rename(small.folder / "moved.db")
    found = [
        small.ok(line).out for line in ("--db moved.db ls --ids", "ls --db moved.db --ids", "ls --ids --db=moved.db")
    ]
    assert found == ["D-1\n"] * 3
    lost = [small(line).err for line in ("--db gone.db ls", "ls --db gone.db")]
    assert lost == ["error: no database at gone.db\nhint: opp --db gone.db init\n"] * 2


def test_what_follows_a_text_is_text(small: InProcess) -> None:
    small.ok("deal", "edit", "D-1", "--set", "next_step=--db", "-m", "--as")
    assert small.ok("show D-1 -o json").json["next_step"] == "--db"


def test_a_flag_that_nobody_knows_is_named_as_it_was_typed(small: InProcess) -> None:
    assert [small(line).err for line in ("ls -Y", "audit verify -Z")] == [
        "error: no such option: -Y\nhint: opp ls --help\n",
        "error: no such option: -Z\nhint: opp audit verify --help\n",
    ]


def test_a_number_of_rows_beyond_all_counting_is_refused(small: InProcess) -> None:
    answer = small("ls -L 99999999999999999999")
    assert answer.code == 2
    assert answer.err.startswith("error: invalid value for '-L': 99999999999999999999 is not in the range")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("help deal", "deal --help"), ("help deal edit", "deal edit --help"), ("help approve", "approve --help")],
)
def test_help_shows_a_command_as_its_own_help_does(opp: InProcess, asked: str, shown: str) -> None:
    assert opp.ok(asked).out.strip() == opp.ok(shown).out.strip()


def test_help_for_what_is_no_command_is_refused(opp: InProcess) -> None:
    assert opp("help deal nonsense").err == "error: no help topic: deal nonsense\nhint: opp help\n"


def test_a_crash_log_holds_no_password_and_is_its_owners_alone(
    small: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("connection to postgresql://ann:s3cret@db/x failed, password='s3cret'")

    monkeypatch.setattr("oppcli.render.write", broken)
    answer = small(f"ls --db {small.db} --source postgresql://ann:s3cret@db/x")
    log = Path(re.findall(r"the trace is in (\S+\.log)", answer.err)[0])
    assert "s3cret" not in answer.err + log.read_text("utf-8")
    assert "postgresql://ann:***@db/x" in log.read_text("utf-8")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_ctrl_c_before_anything_was_imported_prints_no_trace(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("raise KeyboardInterrupt\n")
    done = subprocess.run(
        [sys.executable, "-m", "oppcli", "ls"],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Nothing was written.\n")


@pytest.mark.parametrize(
    ("before", "left"),
    [
        ("import oppcli.__main__ as m", (130, "Nothing was written.\n")),
        ("import oppcli.__main__ as m; m.main = lambda: 0; m.os._exit = lambda code: None; m.leave()", (-2, "")),
    ],
    ids=["before the command line is read", "after all was told"],
)
def test_ctrl_c_at_either_end_of_a_process_prints_no_trace(before: str, left: tuple[int, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"{before}; import os; os.kill(os.getpid(), 2); print('goes on')"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ((done.returncode, done.stderr), done.stdout) == (left, "")


def test_nothing_private_of_typer_is_imported() -> None:
    found = [
        f"{path.relative_to(HOUSE)}: {node.module}"
        for path in HOUSE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "typer"
        if any(part.startswith("_") for part in [*(node.module or "").split("."), *(name.name for name in node.names)])
    ]
    assert found == []
