"""Commands that are printed: quoted for a shell, with the flags that were typed, and with blanks that nobody stores."""

import ast
import shlex
import subprocess
from collections.abc import Iterator

import pytest
from begun import begun
from command_line import InProcess, Process
from kept import NOW, Kept
from printed import trouble
from sources import teardown_module, trees

from oppcli.model.command import command, written
from oppcli.render.screen import harmless
from oppcli.speech import Voice, spoken

__all__ = ["teardown_module"]

POLICY = """
[policy]
name = "test"
currency = "EUR"
calendar = "office"
fallback = "user:wang"
[[stage]]
name = "New Lead"
kind = "lead"
[[stage]]
name = "Needs Analysis"
kind = "open"
[[stage]]
name = "Won"
kind = "won"
enter = ["file:signed offer"]
[[stage]]
name = "Lost"
kind = "lost"
[calendar.office]
timezone = "Asia/Shanghai"
mon_fri = ["09:00-18:00"]
"""


HARD = ["Plant upgrade", "$(touch x)", "it's", 'a "b"', "", "两 个", "两\u3000个", "a;b", "~", "*", "`x`", "#", "a\\nb"]
UNSEEN = ["a\nb", "it's\r\n\tb\\", "\x1b[31m", "\x9b", "\u202eb", "\u2028", "\U000e0001", "\x7f1", "\udcff7", "\u200d"]


@pytest.fixture
@begun
def team(opp: InProcess) -> InProcess:
    (opp.folder / "policy.toml").write_text(POLICY, "utf-8")
    opp.ok("init --policy policy.toml")
    opp.ok("add", "Plant upgrade", "--customer", "Acme")
    return opp


def line(text: str, head: str) -> str:
    """What follows `head` on the line that begins with it, without its comment."""
    found = [each.removeprefix(head) for each in text.splitlines() if each.startswith(head)]
    assert len(found) == 1, text
    return found[0].partition("   # ")[0].strip()


def test_a_shell_reads_back_the_words_a_command_was_made_of() -> None:
    made = command("deal", "edit", "D-1", *(f"title={word}" for word in HARD), *HARD, ready=True)
    assert shlex.split(made) == ["opp", *made.words]


def test_a_shell_reads_back_what_no_screen_shows_and_a_screen_shows_the_line_as_it_is() -> None:
    made = command(*HARD, *UNSEEN, ready=True)
    script = f"opp() {{ printf '%s\\0' \"$@\"; }}\n{harmless(made)}".encode()
    read = subprocess.run(["bash", "-c", script], env={"LC_ALL": "C.UTF-8"}, capture_output=True, check=True).stdout
    assert read.decode("utf-8", "surrogateescape").split("\0")[:-1] == [*made.words]


def test_a_shell_runs_nothing_that_stands_in_a_value(opp_process: Process) -> None:
    made = command("--db", "x.db", "deal", "edit", "D-1", "--set", "title=$(touch ran); touch ran `touch ran` > ran")
    opp_process.shell(made)
    assert not (opp_process.folder / "ran").exists()


def test_a_gate_quotes_a_kind_of_file_of_two_words(team: InProcess) -> None:
    team.ok("advance D-1")
    rows = team.ok("gate D-1 --to Won -o json").json
    assert [row["command"] for row in rows] == ["opp deal attach D-1 FILE --kind 'signed offer'"]
    assert "opp deal attach D-1 FILE --kind 'signed offer'" in team("win D-1").err


def test_a_printed_command_repeats_the_flags_of_its_line_and_not_those_of_the_environment(team: InProcess) -> None:
    bare = team.ok("add T").out
    assert line(bare, "Next: ") == "opp gate D-2"
    flagged = team.ok("add", "U", "--db", "opp.db", "--as", "wang", "--tz", "Asia/Shanghai").out
    assert line(flagged, "Next: ") == "opp --db opp.db --as wang --tz Asia/Shanghai gate D-3"
    refused = team("--as wang win D-1")
    assert "opp --as wang deal attach D-1 FILE --kind 'signed offer'" in refused.err


def test_what_somebody_else_is_to_type_does_not_say_who_acts_here(team: InProcess) -> None:
    answer = team("--db", str(team.db), "--as", "zed", "deal", "edit", "D-1", "--amount", "5")
    assert answer.code == 4
    assert answer.err.splitlines()[1] == (
        f"hint: an admin adds you: opp --db {team.db} user add zed; or say who you are: --as LOGIN"
    )


def test_errors_as_json_and_columns_of_commands_repeat_them_too(team: InProcess) -> None:
    team.ok("advance D-1")
    rows = team.ok("--db opp.db gate D-1 --to Won -o json").json
    assert rows[0]["command"].startswith("opp --db opp.db deal attach")
    error = team("--db opp.db deal show D-99 -o json").error
    assert error["hint"] is None or error["hint"].startswith("opp --db opp.db")


def test_a_database_that_is_mistyped_is_named_in_the_hint(opp: InProcess) -> None:
    refused = opp("--db", "my team.db", "deal", "list")
    assert refused.code == 6
    assert line(refused.err, "hint: ") == "opp --db 'my team.db' init"


def test_init_in_a_folder_that_has_one_names_the_one_that_was_typed(opp: InProcess) -> None:
    opp.ok("--db team.db init")
    refused = opp("--db team.db init")
    assert refused.code == 5
    assert line(refused.err, "hint: ") == "opp --db team.db db info"


def test_a_password_is_masked_in_what_is_printed(opp: InProcess) -> None:
    pytest.importorskip("psycopg")
    refused = opp("--db postgresql://nobody:geheim@127.0.0.1:1/none deal list")
    assert "geheim" not in refused.err
    assert "opp --db 'postgresql://nobody:***@127.0.0.1:1/none' db path" in refused.err


def test_a_blank_that_was_not_filled_in_is_refused_and_stored_nowhere(team: InProcess) -> None:
    team.ok("lose", "D-1", "--reason", "Price")
    refused = team("deal", "reopen", "D-1", "-m", "…")
    assert refused.code == 2
    assert "-m … is still to be filled in" in refused.err
    assert team("deal", "edit", "D-1", "--set", "title=…").code == 2
    assert [row["action"] for row in team.ok("log D-1 -o json").json][-1] == "lose"


def test_the_line_of_a_demo_that_is_followed_leads_on_to_its_database(english_demo: Kept) -> None:
    opp = InProcess(english_demo.opp.folder)
    opp.env["OPP_NOW"] = NOW
    first = next(each for each in english_demo.answer.out.splitlines() if each.startswith("  opp --db"))
    words = shlex.split(first, comments=True)[1:]
    home = opp.ok(*words).out
    following = next(line for line in home.splitlines() if " approve " in line).partition("  opp ")[2]
    assert following.startswith(f"--db {words[1]} --as {words[3]} ")
    assert opp(*shlex.split(f"{following} -n")).code == 0


WORDS = {
    "edit": "opp deal edit D-142",
    "search": "opp ls --text …",
    "whoami": "opp user whoami",
    "xyzzy": "opp --help",
    "repport": "opp report",
    "deal edti": "opp deal edit",
}


@pytest.mark.parametrize("typed", WORDS)
def test_a_wrong_word_leads_to_the_command_that_is_meant_and_no_guess_is_far(opp: InProcess, typed: str) -> None:
    refused = opp(typed)
    assert (refused.code, line(refused.err, "hint: ")) == (2, WORDS[typed])


def test_an_interrupt_after_a_change_says_what_was_done(team: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    from oppcli.cli import output

    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(output, "answer", interrupted)
    stopped = team("add T")
    assert stopped.code == 130
    run = team.ok("undo --list -o json").json[0]["run"]
    assert f"what was done until then stands: {run}; opp log -L 5 shows it" in stopped.err
    assert line(stopped.err, "Undo: ") == f"opp undo {run}"


def test_a_backup_whose_path_has_blanks_is_quoted(team: InProcess) -> None:
    folder = team.folder / "my team"
    folder.mkdir()
    team.ok("db", "backup", "copy.db")
    name = "my team/opp.db"
    team.ok("--db", name, "init", "--policy", "policy.toml")
    told = team.ok("--db", name, "db", "restore", "copy.db", "--yes", "--other").out
    words = shlex.split(line(told, "Undo: "))
    assert words[:5] == ["opp", "--db", name, "db", "restore"]
    assert (team.folder / words[5]).exists()


def test_a_text_around_commands_is_spoken_with_the_flags_of_each() -> None:
    from oppcli.model.said import listed, say

    text = say("name one: {commands}", commands=listed([command("win", "D-1"), command("lose", "D-1")], " or "))
    assert spoken(text, Voice(("--as", "li"))) == "name one: opp --as li win D-1 or opp --as li lose D-1"
    assert written(("win",), ("--db", "a b")) == "opp --db 'a b' win"


def test_what_mends_a_policy_that_was_piped_in_reads_the_pipe_again(opp: InProcess) -> None:
    opp.ok("init --template blank --lang en")
    opp.ok("add Plant --customer Acme")
    renamed = opp.ok("policy show").out.replace("Lead", "Leed")
    answer = opp("policy check -", stdin=renamed.encode())
    assert answer.code == 8
    assert "   opp policy apply - --rename Lead=Leed" in answer.err


def test_a_damaged_database_leads_to_a_restore_of_the_one_that_was_typed(opp: InProcess) -> None:
    opp.ok("init")
    whole = opp.db.read_bytes()
    (opp.folder / "half.db").write_bytes(whole[: len(whole) // 2])
    answer = opp("--db half.db deal list")
    assert answer.code == 6
    assert answer.err.splitlines()[-1] == "hint: a backup takes its place: opp --db half.db db restore FILE"


def test_each_hint_to_a_shell_is_a_line_that_runs(opp: InProcess) -> None:
    told = opp("completion nosuch").err.splitlines()[-1].removeprefix("hint: one of ").split(", ")
    assert len(told) == 4
    assert [opp(*shlex.split(line)[1:]).code for line in told] == [0, 0, 0, 0]


def test_who_cannot_be_a_login_is_told_how_to_begin_in_the_folder_that_was_typed(opp: InProcess) -> None:
    answer = opp("--db new.db --as 5 init")
    assert answer.code == 2
    assert answer.err.splitlines()[-1] == "hint: say who you are: opp --db new.db --as LOGIN init"


def written_out(module: ast.Module) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The commands that a module makes, by their lines, with a 1 for what is known only then."""
    calls = (each for each in ast.walk(module) if isinstance(each, ast.Call) and ast.unparse(each.func) == "command")
    for call in calls:
        if not any(isinstance(word, ast.Starred) for word in call.args):
            words = (word.value if isinstance(word, ast.Constant) else "1" for word in call.args)
            yield call.lineno, tuple(map(str, words))


def test_no_command_that_is_made_lacks_what_it_takes() -> None:
    made = [(f"{path}:{line}", words) for path, module in trees() for line, words in written_out(module)]
    assert len(made) > 400
    told = {place: trouble(words) or "" for place, words in made}
    assert {place: why for place, why in told.items() if why.lower().startswith("missing")} == {}
