"""Surroundings that are not what one would wish: closed streams, poor terminals, full disks, somebody else writing."""

import fcntl
import hashlib
import json
import os
import pty
import re
import select
import shlex
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
import textwrap
import time
from pathlib import Path

import pytest
from command_line import Answer, InProcess, Process

LONG = "长江三角洲精密仪器制造与工业自动化有限责任公司第二事业部智能产线改造项目"
DEALS = 60


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty leads of two sellers, some with long names; to be copied."""
    made = InProcess(tmp_path_factory.mktemp("pipeline"))
    made.ok("init --template b2b --lang zh")
    made.ok("user add li --role sales")
    for number in range(DEALS):
        title = LONG if number % 20 == 0 else f"项目 {number}"
        made.ok("add", title, "--customer", f"客户 {number % 7}", "--amount", "15万", "--owner", "li")
    return made.db


@pytest.fixture
def team(opp: InProcess, pipeline: Path) -> InProcess:
    shutil.copy(pipeline, opp.db)
    return opp


@pytest.fixture
def processes(team: InProcess, opp_process: Process) -> Process:
    """The same team for processes of their own."""
    return opp_process


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# ---------- streams ----------


def test_a_zone_longer_than_any_path_is_unknown(processes):
    answer = processes("--tz", "x" * 5000, "deal", "list")
    assert (answer.code, "xxx" in answer.err) == (2, True)


def test_a_closed_stdin_is_no_matter(processes):
    answer = processes.shell("opp deal list --ids <&-; opp add 新线索 <&-")
    assert answer.code == 0
    assert answer.out.count("D-") > DEALS
    assert answer.err == ""


def test_a_policy_or_mapping_from_a_closed_stdin_is_refused(processes):
    (processes.folder / "d.csv").write_text("Deal\nX\n")
    answer = processes.shell("opp policy check - <&-; opp import d.csv --mapping - <&-; opp policy apply - <&-")
    assert (answer.code, answer.err) == (2, "error: stdin: there is none\n" * 3)


def test_a_closed_stdout_is_no_matter(processes):
    answer = processes.shell("opp deal list >&-; a=$?; opp add 新线索 >&-; exit $((a + $?))")
    assert (answer.code, answer.err) == (0, "")


def test_a_closed_stderr_keeps_the_exit_code(processes):
    answer = processes.shell("opp deal show 999 2>&-")
    assert (answer.code, answer.out) == (3, "")


def test_all_streams_closed_at_once_still_write(processes):
    answer = processes.shell(f"opp add 新线索 <&- >&- 2>&-; echo $?; opp deal show {DEALS + 1} -o json")
    assert answer.out.startswith("0\n")
    assert "新线索" in answer.out


@pytest.mark.parametrize("format_", ["table", "csv", "json", "html"])
def test_a_reader_that_goes_away_ends_it_quietly(processes, format_):
    answer = processes.shell(f"set -o pipefail; opp log -L 0 -o {format_} | (exec <&-; sleep 0.5)")
    assert (answer.code, answer.err) == (141, "")


def test_head_takes_the_first_line_and_nothing_is_said(processes):
    # More than a pipe holds, so that the writer is still at it when head leaves.
    script = "set -o pipefail; opp log --since 2020-01-01 -o jsonl | head -1"
    answer = processes.shell(script)
    assert (answer.code, answer.err) == (141, "")
    assert json.loads(answer.out)


def test_a_disk_without_room_for_the_answer_is_an_error(processes):
    answer = processes.shell("opp deal list > /dev/full")
    assert answer.code == 1
    assert answer.err == "error: no space left on device\n"


def test_a_change_that_cannot_be_told_is_said_to_have_been_made(processes):
    answer = processes.shell("opp add 说不出 > /dev/full")
    assert answer.code == 1
    assert answer.err.startswith("error: the change was made, but it cannot be told here: no space left on device")
    assert "说不出" in processes.shell("opp deal list").out


def test_a_disk_without_room_for_the_error_keeps_the_exit_code(processes):
    answer = processes.shell("opp deal show 999 2> /dev/full")
    assert answer.code == 3


def test_a_disk_without_room_for_the_change_leaves_the_database_as_it_was(processes):
    before = digest(processes.db)
    answer = processes.shell("ulimit -f 8; opp add 新线索 --customer 新客户")
    assert answer.code == 6
    assert re.search("full|cannot be written|cannot be read or written", answer.err)
    assert "nothing was written" in answer.err
    assert "Traceback" not in answer.err
    assert digest(processes.db) == before
    assert processes.shell("opp deal list --ids").out.count("D-") == DEALS


def test_nothing_waits_for_a_person_who_is_not_there(processes):
    """As under cron: stdin stays open, and nobody ever types anything."""
    with processes.start("deal list --ids", stdin=subprocess.PIPE) as child:
        assert child.wait(20) == 0
        assert child.stdout.read().count(b"D-") == DEALS


# ---------- locale, terminal ----------

ENVIRONMENTS: list[dict[str, str | None]] = [
    {"LC_ALL": "C"},
    {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "C", "PYTHONIOENCODING": "gbk"},
    {"PYTHONIOENCODING": "latin-1:strict", "LC_ALL": "xx_YY.nonsense"},
    {"TERM": "dumb", "COLUMNS": "40", "NO_COLOR": "1", "CI": "true"},
    {"TERM": None, "COLUMNS": "0", "HOME": None},
    {"COLUMNS": "wide", "HOME": "/nonexistent", "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": ""},
    {"PYTHONWARNINGS": "error"},
]


@pytest.mark.parametrize("env", ENVIRONMENTS, ids=[" ".join(f"{k}={v}" for k, v in e.items()) for e in ENVIRONMENTS])
def test_answers_are_the_same_in_any_environment(team, processes, env):
    """Machine formats to the byte; tables and errors can be printed, whatever the terminal is able to show."""
    usual = team.ok("deal list -o json")
    machine, table = processes("deal list -o json", env=env), processes("deal list", env=env)
    missing = processes("deal show nobody", env=env)
    assert (machine.code, machine.err, machine.raw) == (0, "", usual.raw)
    keys = re.findall(r"^D-\d+", table.out, re.MULTILINE)  # on a small screen a deal stands on more lines than one
    assert (table.code, table.err, keys) == (0, "", [f"D-{number}" for number in range(1, DEALS + 1)])
    assert (missing.code, missing.out) == (3, "")
    assert missing.err.startswith("error: no such deal: ")
    assert "Traceback" not in missing.err


def test_a_terminal_that_cannot_show_chinese_gets_escapes(processes):
    answer = processes("deal list --stage 线索", env={"PYTHONIOENCODING": "ascii"})
    assert answer.code == 0
    assert "\\u9879\\u76ee" in answer.out


def test_what_is_typed_in_chinese_under_the_c_locale_is_stored_as_typed(processes):
    assert processes("add 下周五的事 --customer 某公司", env={"LC_ALL": "C"}).code == 0
    row = processes(f"deal show {DEALS + 1} --json").json
    assert (row["title"], row["customer"]) == ("下周五的事", "某公司")


def test_a_gbk_terminal_gets_gbk_tables_and_utf8_files(processes):
    env = {"PYTHONIOENCODING": "gbk"}
    assert LONG in processes("deal list", env=env).raw.decode("gbk")
    assert LONG in processes("deal list --csv", env=env).raw.decode("utf-8")


def test_it_runs_in_an_empty_environment(processes):
    script = f"env -i {shlex.quote(sys.executable)} -m oppcli --db opp.db deal list --json; exit $?"
    answer = processes.shell(script)
    assert (answer.code, answer.err) == (0, "")
    assert len(answer.json) == DEALS


def on_a_terminal(process: Process, line: str, columns: int = 80, **env: str | None) -> Answer:
    """What a person without a pager at a terminal of this width sees: stdout and stderr as they come."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    child = process.start(
        line, env={"COLUMNS": None, "OPP_PAGER": "cat", **env}, stdin=follower, stdout=follower, stderr=follower
    )
    os.close(follower)
    seen = b""
    while select.select([leader], [], [], 60)[0]:  # whatever waits for a key is no answer
        try:
            part = os.read(leader, 65536)
        except OSError:
            break
        if not part:
            break
        seen += part
    os.close(leader)  # which ends what still waits
    return Answer(child.wait(60), seen.replace(b"\r\n", b"\n"), "")


def width(text: str) -> int:
    from wcwidth import wcswidth

    return wcswidth(text)


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_table_fits_the_terminal_and_shortens_no_id(processes, columns):
    seen = on_a_terminal(processes, "deal list -L 0", columns, NO_COLOR="1")
    lines = seen.out.rstrip("\n").split("\n")
    rows = [line for line in lines if line.startswith("D-")]
    assert [row.split()[0] for row in rows] == [f"D-{number}" for number in range(DEALS, 0, -1)]  # the latest first
    # Ids, money and logins are never shortened: what they alone need may be wider than a very small screen.
    assert max(map(width, rows)) <= max(columns, 60)


def test_a_terminal_shows_fifty_and_says_how_to_see_all(processes):
    seen = on_a_terminal(processes, "deal list", 100, NO_COLOR="1")
    assert len(re.findall(r"^D-\d+ ", seen.out, re.MULTILINE)) == 50
    assert f"50 of {DEALS}, -L 0 for all" in seen.out


def test_machine_formats_are_whole_on_a_terminal_too(processes):
    seen = on_a_terminal(processes, "deal list --ids")
    assert len(re.findall(r"^D-\d+$", seen.out, re.MULTILINE)) == DEALS


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
@pytest.mark.parametrize("line", ["report funnel", "deal list", "deal show 999", "--help", "deal advance --help"])
def test_no_colour_means_no_escape_sequences(processes, line, env):
    seen = on_a_terminal(processes, line, **env)
    assert seen.code in (0, 3)
    assert "\x1b" not in seen.out


def test_a_pipe_gets_no_colour_and_no_shortening(processes):
    answer = processes("deal list", env={"COLUMNS": "40", "TERM": "xterm-256color"})
    assert "\x1b" not in answer.out
    assert LONG in re.sub(r"\n +", "", answer.out)  # the line goes on in the next one


# ---------- other people at the same time ----------


def hold(path: Path) -> sqlite3.Connection:
    """Somebody else's unfinished write."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    return connection


def test_reads_do_not_wait_for_a_writer(processes):
    other = hold(processes.db)
    answer = processes("deal list --ids")
    other.close()
    assert answer.code == 0
    assert answer.out.count("D-") == DEALS


def test_a_writer_that_waits_in_vain_says_so_and_writes_nothing(processes):
    before = digest(processes.db)  # before: closing the file would drop this process's lock on it
    other = hold(processes.db)
    answer = processes("--wait 0.2 add 新线索")
    other.close()
    assert (answer.code, answer.out) == (6, "")
    assert "--wait" in answer.err
    assert "locked" not in answer.err
    assert digest(processes.db) == before


def test_a_writer_waits_for_another_to_finish(processes):
    other = hold(processes.db)
    waiting = processes.start("add 新线索 -q")
    time.sleep(0.5)
    other.execute("ROLLBACK")
    other.close()
    out, err = waiting.communicate(timeout=20)
    assert (waiting.returncode, out, err) == (0, f"D-{DEALS + 1}\n".encode(), b"")


def test_ctrl_c_while_waiting_writes_nothing(processes):
    other = hold(processes.db)
    waiting = processes.start("add 新线索")
    time.sleep(0.7)
    began = time.monotonic()
    waiting.send_signal(signal.SIGINT)
    out, err = waiting.communicate(timeout=20)
    took = time.monotonic() - began
    other.close()
    assert (waiting.returncode, out) == (130, b"")
    assert err.decode().endswith("Nothing was written.\n")
    assert b"Traceback" not in err
    assert took < 3


@pytest.mark.parametrize("deal", range(1, 5))
def test_of_two_people_who_advance_a_deal_at_once_one_does_it_and_the_other_is_told(processes, deal):
    both = [processes.start(f"deal advance {deal} --to 资格确认", user=user) for user in ("li", "wang")]
    ends = [(one.communicate(timeout=30), one.returncode) for one in both]
    codes = [code for _, code in ends]
    assert sorted(codes) == [0, 5]
    refused = ends[codes.index(5)][0][1].decode()
    assert f"D-{deal} is in 资格确认 already" in refused
    visits = processes(f"deal show {deal} --json").json["visits"]
    assert [visit["stage"] for visit in visits] == ["线索", "资格确认"]


def test_of_two_people_who_add_one_customer_at_once_both_get_the_same(processes):
    both = [processes.start(f"add 项目{n} --customer 新来的公司 -q", user="li") for n in range(4)]
    ends = [(one.communicate(timeout=30), one.returncode) for one in both]
    assert [code for _, code in ends] == [0, 0, 0, 0]
    assert len({out for (out, _), _ in ends}) == 4
    assert len(processes("deal list --customer 新来的公司 --json").json) == 4


# ---------- the program itself ----------


def test_an_unexpected_fault_names_a_log_and_shows_no_trace(team, monkeypatch):
    from oppcli.actions import find

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("three apples by nobody")

    monkeypatch.setattr(find, "deal", broken)
    answer = team("gate D-1")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("error: unexpected ZeroDivisionError: three apples by nobody\nhint: the trace is in ")
    log = Path(re.findall(r"the trace is in (\S+\.log)", answer.err)[0])
    assert "Traceback" in log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o777 == 0o600


def test_an_unexpected_fault_without_a_place_for_the_log_is_told_all_the_same(team, monkeypatch):
    from oppcli.actions import find

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(find, "deal", broken)
    answer = team("gate D-1", env={"XDG_STATE_HOME": "/dev/null/nowhere"})
    assert answer.code == 1
    assert "unexpected RuntimeError" in answer.err


def test_nothing_is_written_beside_the_database(processes):
    """No journal, no cache, no log, no settings are left by reads and writes."""
    processes("deal list")
    processes("add 新线索")
    processes("deal advance 1 --to 天上")
    left = {str(path.relative_to(processes.folder)) for path in processes.folder.rglob("*") if path.is_file()}
    assert left == {"opp.db"}


def test_a_folder_that_was_deleted_is_no_place_to_be_but_no_matter(processes):
    answer = processes.shell(f"mkdir gone; cd gone; rmdir ../gone; opp --db {processes.db} deal list --ids")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.count("D-") == DEALS


def test_python_without_assertions_is_as_strict(processes):
    command = [sys.executable, "-O", "-m", "oppcli", "add", "T", "--amount=-1"]
    done = subprocess.run(command, env=processes.env, capture_output=True, check=False)
    assert done.returncode == 2


@pytest.mark.parametrize("line", ["deal list", "deal show D-1", "export deals", "deal edit D-1 --set product=x"])
def test_a_text_where_an_amount_should_be_is_named_and_no_crash(opp: InProcess, line: str) -> None:
    """Text put by SQL into `amount` ended `deal list` with 1."""
    opp.ok("init")
    opp.ok("lead add X --customer Y --amount 5")
    with sqlite3.connect(opp.db) as connection:
        connection.execute("UPDATE deal SET amount = 'much'")
    connection.close()
    answer = opp(line)
    assert (answer.code, answer.err) == (6, "error: D-1: amount cannot be read\nhint: which one: opp db check\n")


# ---------- bytes that are no text ----------


@pytest.mark.parametrize(
    "line", ["sql $'select 1, \\'\\xff\\''", "sql 'select :a' -p a=$'\\xff'", "ls --text $'\\xff'"]
)
def test_half_a_character_in_a_line_is_refused_on_both_engines(opp_on_both, opp_process, line):
    opp_on_both.ok("init")
    answer = opp_process.shell(f"opp {line}", OPP_DB=opp_on_both.env["OPP_DB"])
    assert (answer.code, answer.err) == (2, "error: a text is not valid Unicode (it contains half a character)\n")


def test_who_asks_with_half_a_character_is_not_told_of_an_old_database(opp_on_both, opp_process):
    opp_on_both.ok("init")
    answer = opp_process.shell("opp --as $'\\xff' ls", OPP_DB=opp_on_both.env["OPP_DB"])
    assert (answer.code, answer.err) == (2, "error: a text is not valid Unicode (it contains half a character)\n")


@pytest.mark.parametrize("line", ["sql -", "show -", "advance -", "request nudge -"])
def test_bytes_on_stdin_that_are_no_text_are_refused(processes, line):
    processes.env["PYTHONIOENCODING"] = "utf-8:strict"  # as with a locale such as en_US.UTF-8
    answer = processes.shell(f"printf 'D-1\\xff' | opp {line}")
    assert (answer.code, answer.err) == (2, "error: stdin: not UTF-8 at byte 3\n")


@pytest.mark.parametrize("line", ["sql -", "show -", "advance -", "note D-1 -", "note --lines -", "mail -"])
def test_a_statement_or_ids_from_a_closed_stdin_are_refused(processes, line):
    answer = processes.shell(f"opp {line} <&-")
    assert (answer.code, answer.err) == (2, "error: stdin: there is none\n")


# ---------- nobody's home ----------


def test_a_person_without_a_name_and_a_home_is_told_what_is_missing(processes):
    """As in a container that runs under a number."""
    if os.getuid():
        pytest.skip("only root can become nobody")
    script = """
        import os, sys
        from oppcli.cli.app import run
        stderr, sys.stderr = sys.stderr, open(os.devnull, "w")
        run(["-h"]), run(["ls"])  # whatever it imports: the library may be root's alone
        sys.stderr = stderr
        os.environ.pop("HOME")
        os.setuid(54321)
        sys.exit(run(["ls"]))
    """
    run = f"{shlex.quote(sys.executable)} -c {shlex.quote(textwrap.dedent(script))}"
    answer = processes.shell(f"unset OPP_DB XDG_DATA_HOME XDG_CONFIG_HOME; {run}")
    assert (answer.code, answer.err) == (6, "error: no database at /.local/share/opp/opp.db\nhint: opp init\n")


def test_a_home_of_nobody_in_a_file_of_settings_is_a_folder_that_is_not_there(processes):
    (processes.folder / ".opp.toml").write_text('db = "~nobody-has-this-name/opp.db"\n')
    place = processes.folder / "~nobody-has-this-name/opp.db"
    answer = processes.shell("unset OPP_DB; opp ls")
    assert (answer.code, answer.err.splitlines()[0]) == (6, f"error: no database at {place}")
