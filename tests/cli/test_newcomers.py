"""Small answers to newcomers, each for a slip that somebody made."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from begun import begun
from command_line import InProcess, Process
from terminal import Terminal
from test_every_command import commands

from oppcli.speech.examples import CHINESE

APPROVED_ABOVE = """
[policy]
name = "Team"
currency = "USD"
calendar = "us"
fallback = "role:nobody"
[[stage]]
name = "Lead"
kind = "lead"
[[stage]]
name = "Offer"
kind = "open"
[[stage]]
name = "Won"
kind = "won"
enter = ["tier"]
[[stage]]
name = "Lost"
kind = "lost"
[roles]
nobody = []
[fields.tier]
values = ["A", "B", "C"]
[type.quote]
title = "Quote"
[[type.quote.step]]
name = "boss"
who = "manager"
[calendar.us]
timezone = "UTC"
mon_fri = ["09:00-17:00"]
holidays = ["2027-01-01"]
"""


@pytest.fixture
@begun
def team(opp: InProcess) -> InProcess:
    (opp.folder / "team.toml").write_text(APPROVED_ABOVE, encoding="utf-8")
    opp.ok("init --policy team.toml", user="root")
    opp.ok("user add ann --role manager", user="root")
    opp.ok("user add sue --manager ann", user="root")
    return opp


@pytest.fixture
def terminal(team: InProcess, opp_process: Process) -> Iterator[Terminal]:
    made = Terminal({**opp_process.env, "PYTHONPATH": str(Path(__file__).parents[2])}, str(team.folder))
    yield made
    made.close()


def told(answer_err: str) -> list[str]:
    return answer_err.splitlines()


def test_a_step_that_nobody_may_decide_says_who_could_submit_instead(team: InProcess) -> None:
    team.ok("add Plant --amount 5 --owner sue", user="root")
    answer = team("submit D-1 quote", user="root")
    assert answer.code == 8
    assert "`manager` is the submitter's superior and root has none: let sue submit it" in answer.err
    team.ok("submit D-1 quote", user="sue")


def test_a_step_above_somebody_without_superior_and_nobody_else_says_how_to_name_one(team: InProcess) -> None:
    team.ok("add Plant --amount 5", user="root")
    answer = team("submit D-1 quote", user="root")
    assert told(answer.err)[1].endswith("and root has none   opp user edit root --manager LOGIN")


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("add New --source referal", "note: source referal is new; did you mean referral (2 deals)?"),
        ("deal edit D-3 --set source=referal", "note: source referal is new; did you mean referral (2 deals)?"),
        ("deal edit D-3 --set competitor=Acmee", "note: competitor Acmee is new; did you mean Acme (1 deal)?"),
        ("lose D-3 --reason pricey", "note: reason pricey is new; did you mean price (1 deal)?"),
    ],
)
def test_a_new_word_near_a_known_one_gets_a_note(team: InProcess, line: str, note: str) -> None:
    team.ok("add One --source referral", user="sue")
    team.ok("add Two --source referral --set competitor=Acme", user="sue")
    team.ok("add Three", user="sue")
    team.ok("add Four", user="sue")
    team.ok("lose D-4 --reason price", user="sue")
    assert note in team.ok(line, user="sue").out.splitlines()


@pytest.mark.parametrize("source", ["referral", "fair"])
def test_a_known_word_or_one_unlike_all_gets_none(team: InProcess, source: str) -> None:
    team.ok("add One --source referral", user="sue")
    assert "note:" not in team.ok(f"add Two --source {source}", user="sue").out


def test_a_near_word_of_deals_one_does_not_see_is_not_named(team: InProcess) -> None:
    text = APPROVED_ABOVE + '\n[scope]\nsee = { "*" = "own", manager = "all" }\n'
    (team.folder / "scoped.toml").write_text(text, encoding="utf-8")
    team.ok("policy apply scoped.toml", user="root")
    team.ok("add One --source referral", user="ann")
    assert "referral" not in team.ok("add Two --source referal", user="sue").out
    assert "did you mean referal (1 deal)?" in team.ok("add Three --source refereal", user="sue").out


def test_what_is_due_today_is_not_late(team: InProcess) -> None:
    team.ok("add Plant --close 2026-03-02 --set next_step=call --set next_step_on=2026-03-02", user="sue")
    (row,) = team.ok("next --json", user="sue").json
    assert (row["kind"], row["reason"], row["late_days"]) == ("follow-up", "call: follow-up 30", 0)
    assert "passed" not in team.ok("", user="sue").out


def test_a_wrong_field_lists_all_and_a_missing_one_its_values(team: InProcess) -> None:
    team.ok("add Plant", user="sue")
    wrong = team("deal edit D-1 --set teir=A", user="sue")
    assert "did you mean tier?   one of title, amount," in wrong.err
    assert "'Z' is not one of A, B, C" in team("deal edit D-1 --set tier=Z", user="sue").err
    assert "opp deal edit D-1 --set 'tier=A|B|C'" in team("win D-1", user="sue").err


def test_a_write_under_now_says_on_a_terminal_that_the_clock_is_pretended(team: InProcess, terminal: Terminal) -> None:
    code, shown = terminal("--as sue --now 2026-03-02T10:00:00Z add Plant")
    assert (code, "the clock is pretended" in shown) == (0, True)
    assert "pretended" not in team.ok("--now 2026-03-02T10:00:00Z add Mill", user="sue").err


def test_a_write_that_failed_or_was_dry_says_nothing_of_entries(team: InProcess) -> None:
    team.ok("add Plant", user="sue")
    early = "2026-02-02T10:00:00Z"
    assert "the entry is written as of then" in team.ok("add Mill", user="sue", now=early).err
    assert "is written" not in team("deal edit D-1 --set tier=Z", user="sue", now=early).err
    assert "is written" not in team("add Press -n", user="sue", now=early).err


@pytest.mark.parametrize(("flag", "said"), [("-L", "'-L'"), ("--limit", "'--limit'")])
def test_a_flag_is_told_as_it_was_typed(team: InProcess, flag: str, said: str) -> None:
    assert told(team(f"ls {flag} x").err)[0].startswith(f"error: invalid value for {said}: ")


def test_a_number_that_looks_like_a_flag_goes_behind_dashes(team: InProcess) -> None:
    assert told(team("add -5", user="sue").err) == ["error: no such option: -5", "hint: opp add -- -5"]
    team.ok("add -- -5", user="sue")
    typed = "points give sue -2 --kind 'hard work' -m 'half of it'"
    assert "hint: opp points give sue --kind 'hard work' -m 'half of it' -- -2" in told(team(typed).err)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("add Plant --competitor Globex", ["--competitor", "opp add … --set competitor=Globex"]),
        ("add Plant --budget=yes", ["--budget", "opp add … --set budget=yes"]),
        ("add Plant --预算", ["--预算", "opp add … --set budget=…"]),
        ("deal edit D-1 --close-reason Price", ["--close-reason", "opp deal edit --help"]),
        ("ls --competitor Globex", ["--competitor", """opp ls -w 'competitor == '"'"'Globex'"'"''"""]),
        ("contact add --name Ann", ["--name", "opp contact add --help"]),
        ("add Plant --custmer Acme", ["--custmer (Possible options: --customer)", "opp add Plant --customer Acme"]),
        ("ls --no-such", ["--no-such", "opp ls --help"]),
        ("ls --owne me", ["--owne (Possible options: --owner)", "opp ls --owner me"]),
        ("ls --tz UTC --owne=me -q", ["--owne (Possible options: --owner)", "opp ls --tz UTC --owner=me -q"]),
        ("ls --owne me --limt 3", ["--owne (Possible options: --owner)", "opp ls --help"]),
        ("add Plant --custmer", ["--custmer (Possible options: --customer)", "opp add --help"]),
        ("--foo ls", ["--foo", "opp --help"]),
        ("--langg zh ls", ["--langg (Possible options: --lang)", "opp --lang zh ls"]),
        ("deal advance D-1 -Z", ["-Z", "opp deal advance --help"]),
    ],
)
def test_an_option_that_is_not_there_leads_to_what_was_meant_or_to_the_help(
    team: InProcess, line: str, said: list[str]
) -> None:
    heads = ("error: no such option: ", "hint: ")
    assert told(team(line, user="sue").err) == [head + text for head, text in zip(heads, said, strict=True)]


def test_the_line_that_is_named_for_a_field_works(team: InProcess) -> None:
    team.ok("add Plant --set competitor=Globex", user="sue")
    assert team.ok("ls -w \"competitor == 'Globex'\" --ids").out.split()


def test_a_dry_run_says_would_be(team: InProcess) -> None:
    assert team.ok("add Plant -n", user="sue").out.startswith("would be: D-1 added: Plant")


def test_the_gate_of_the_last_stage_is_that_of_won(team: InProcess) -> None:
    team.ok("add Plant", user="sue")
    team.ok("advance D-1 --to Offer", user="sue")
    found = team.ok("gate D-1", user="sue").out
    assert "tier" in found
    assert "cannot enter Won yet" in team.ok("gate D-1 -v", user="sue").err


def test_dropped_stages_are_not_listed(team: InProcess) -> None:
    (team.folder / "less.toml").write_text(
        APPROVED_ABOVE.replace(
            '[[stage]]\nname = "Offer"\nkind = "open"\n', '[[stage]]\nname = "Bid"\nkind = "open"\n'
        ),
        encoding="utf-8",
    )
    team.ok("policy apply less.toml", user="root")
    assert told(team("ls --stage Frob").err)[-1] == "hint: the stages are Lead, Bid, Won, Lost"


@pytest.mark.parametrize("line", ["deal assign D-1 --to {}", "user edit {} --name x", "user deactivate {}"])
@pytest.mark.parametrize("word", ["me", "-", "all"])
def test_words_that_stand_for_several_or_none_are_no_logins(team: InProcess, line: str, word: str) -> None:
    team.ok("add Plant", user="root")
    if word == "-" and "deal" not in line:
        word = "--  -" if "deactivate" not in line else "all"
    assert team(line.format(word), user="root", stdin=b"all").code == 2


def test_db_upgrade_waits_as_long_as_it_is_told(team: InProcess, tmp_path: Path) -> None:
    from oppcli.errors import Busy
    from oppcli.store import migrate

    held = sqlite3.connect(team.db, isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy), migrate.migrating(str(team.db), 50):
        pass
    held.close()


def test_the_demo_says_first_how_it_is_kept(opp: InProcess) -> None:
    first = opp.ok("demo").out.splitlines()[0]
    assert first == "to keep this team: opp demo --keep opp-demo --lang en"


HAN = re.compile("[\u4e00-\u9fff]")


def test_english_help_has_english_examples_and_chinese_help_chinese_ones(opp: InProcess) -> None:
    lines = [line for line, _ in commands()]
    english = {line: opp(f"{line} --help").out for line in lines}
    shown = {each.strip() for text in english.values() for each in text.splitlines() if each.strip().startswith("opp ")}
    assert [each for each in shown if HAN.search(each)] == []
    assert set(CHINESE) - shown == set()
    assert "opp lose D-142 --reason 价格" in opp("--lang zh lose --help").out


def test_every_command_without_a_terminal_asks_nothing(team: InProcess) -> None:
    """A question would end with 130 where there is no input, or stand on stderr."""
    lines = [line for line, _ in commands() if line not in ("demo", "init", "help")]
    answers = {line: team(line, user="root") for line in lines}
    assert len(answers) > 80
    assert {line: each.code for line, each in answers.items() if each.code in (1, 130)} == {}
    asked = re.compile(r"number or name|\[y/N\]|\[q\]uit|: $")
    assert {line: each.err for line, each in answers.items() if asked.search(each.err)} == {}
