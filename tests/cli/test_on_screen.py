"""The main lists as they stand on a terminal of 80, 100 and 160 columns, in both languages; what is said below them.

To accept new answers: GOLDEN=write pytest tests/cli/test_on_screen.py, then read the difference in git.
"""

import os
import re
from pathlib import Path

import pytest
from command_line import Answer, InProcess
from heard import heard
from kept import Kept
from wcwidth import wcswidth

from oppcli.render.screen import width

GOLDEN = Path(__file__).with_name("screens")
LISTS = {
    "ls": "ls -L 12",
    "inbox": "inbox",
    "requests": "request list -L 6",
    "overdue": "report overdue",
    "durations": "report durations",
    "turnaround": "report turnaround",
    "waiting": "report waiting -L 12",
    "funnel": "report funnel",
    "log": "log -L 12",
    "notices": "notices list -L 8",
    "board": "board --cards 3",
    "home": "",
}
CARDS = {"deal": "show {busy}", "request": "show {waiting}"}
"""A deal that is asked for, and what the one with the longest inbox has to decide first."""
ROOM = {"LINES": "5000", "OPP_PAGER": "", "NO_COLOR": "1"}


def seen(demo: Kept, line: str, columns: int = 80, lang: str = "en", user: str = "") -> Answer:
    env = {**ROOM, "COLUMNS": str(columns), "OPP_LANG": lang}
    return demo.opp.ok(line, user=user or busy(demo), env=env, screen=True)


def busy(demo: Kept) -> str:
    """Whose inbox is the longest."""
    sql = """SELECT h.login FROM holder h JOIN seat s ON s.request_id = h.request_id AND s.revision = h.revision
             AND s.step = h.step AND s.number = h.seat AND s.state = 'open' JOIN request r ON r.id = h.request_id
             AND r.revision = h.revision AND r.state = 'pending' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"""
    return str(demo.rows(sql)[0][0])


@pytest.mark.parametrize("columns", [80, 100, 160])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", LISTS)
def test_the_main_lists_are_as_they_were_found_right(chinese: Kept, name: str, lang: str, columns: int) -> None:
    answer = seen(chinese, LISTS[name], columns, lang)
    text, kept = f"{answer.out}\n{answer.err}", GOLDEN / f"{name}.{lang}.{columns}"
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        kept.write_text(text, "utf-8")
    assert text == kept.read_text("utf-8")
    assert max(map(width, answer.out.splitlines()), default=0) <= columns


@pytest.mark.parametrize("columns", [80, 100])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", CARDS)
def test_cards_are_as_they_were_found_right(chinese: Kept, name: str, lang: str, columns: int) -> None:
    (request,) = chinese.opp.ok("inbox --ids -L 1", user=busy(chinese)).out.split()
    deal = chinese.opp.ok(f"request show {request} -o json").json["deal"]
    answer = seen(chinese, CARDS[name].format(waiting=request, busy=deal), columns, lang)
    text, kept = f"{answer.out}\n{answer.err}", GOLDEN / f"{name}-card.{lang}.{columns}"
    if os.environ.get("GOLDEN") == "write":
        kept.write_text(text, "utf-8")
    assert text == kept.read_text("utf-8")
    commands = [line for line in answer.out.splitlines() if " opp " in line]
    assert [line for line in answer.out.splitlines() if width(line) > columns and line not in commands] == []


@pytest.mark.parametrize("columns", [80, 160])
def test_a_chinese_board_is_aligned_cell_by_cell(chinese: Kept, columns: int) -> None:
    """Measured with the widths of another program: each card begins in a column of its stage, nothing reaches out."""
    lines = seen(chinese, "board --cards 3", columns, "zh").out.splitlines()
    named = [stage for (stage,) in chinese.rows("SELECT name FROM stage WHERE kind IN ('lead', 'open')")]
    heads = [number for number, line in enumerate(lines) if sum(name in line for name in named) > 1]
    starts = {
        wcswidth(lines[number][: found.start()])
        for number in heads
        for found in re.finditer(r"\S+", lines[number])
        if found[0] in named
    }
    cards = [wcswidth(line[: found.start()]) for line in lines for found in re.finditer(r"(?<!\S)D-\d+(?!\S)", line)]
    assert max(map(wcswidth, lines)) <= columns
    assert (len(cards) > 10, [place for place in cards if place not in starts]) == (True, [])


def test_no_golden_screen_is_left_over() -> None:
    expected = {f"{name}.{lang}.{columns}" for name in LISTS for lang in ("en", "zh") for columns in (80, 100, 160)}
    expected |= {f"{name}-card.{lang}.{columns}" for name in CARDS for lang in ("en", "zh") for columns in (80, 100)}
    assert {file.name for file in GOLDEN.iterdir()} == expected


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ["overdue", "inbox"])
def test_what_is_late_loses_no_figure_at_80_columns(chinese: Kept, name: str, lang: str) -> None:
    plain = chinese.opp.ok(f"{LISTS[name]} -o plain", user=busy(chinese), env={"OPP_LANG": lang}).out
    cells = {cell for line in plain.splitlines()[1:] for cell in re.split(r" {2,}", line) if cell}
    text = re.sub(r"[\s·]", "", seen(chinese, LISTS[name], 80, lang).out)
    assert [cell for cell in cells if re.sub(r"[\s·]", "", cell) not in text] == []
    assert len(cells) > 5


def test_a_terminal_shows_open_deals_last_changed_first_and_what_they_come_to(chinese: Kept) -> None:
    answer = seen(chinese, "ls -L 0")
    shown = [line.split()[0] for line in answer.out.splitlines()[2:]]
    rows = chinese.rows(
        "SELECT 'D-' || d.id, amount FROM deal d JOIN stage s ON s.id = d.stage_id WHERE s.kind IN ('lead', 'open')"
        " ORDER BY d.updated_at DESC, d.id DESC"
    )
    closed = chinese.rows(
        "SELECT count(*) FROM deal d JOIN stage s ON s.id = d.stage_id WHERE s.kind NOT IN ('lead', 'open')"
    )
    assert shown == [row[0] for row in rows]
    total = sum(row[1] or 0 for row in rows) / 100
    assert answer.err.splitlines()[-1] == (
        f"{len(rows)} open · CNY {total:,.2f} · {closed[0][0]} closed left out: --all"
    )


@pytest.mark.parametrize("more", ["--all", "--closed", "--stage 谈判", "-w 'amount > 0'"])
def test_what_is_asked_for_is_shown_as_it_says(chinese: Kept, more: str) -> None:
    piped = chinese.opp.ok(f"ls {more} --ids").out.split()
    shown = [line.split()[0] for line in seen(chinese, f"ls -L 0 {more}").out.splitlines()[2:]]
    assert sorted(shown) == sorted(piped)
    assert "left out" not in seen(chinese, f"ls {more}").err


def test_a_pipe_has_all_deals_by_id_and_nothing_below(chinese: Kept) -> None:
    answer = chinese.opp.ok("ls", env={"NO_COLOR": "1"})
    ids = [int(line.split()[0][2:]) for line in answer.out.splitlines()[2:]]
    assert ids == sorted(ids)
    assert [(len(ids),)] == chinese.rows("SELECT count(*) FROM deal")
    assert answer.err == ""


def test_nothing_found_says_what_was_asked_for_and_gives_the_command_without(chinese: Kept) -> None:
    login = busy(chinese)
    answer = seen(chinese, f"ls --stage 签约 --owner {login} --source nowhere")
    assert answer.out == ""
    assert answer.err.splitlines()[-2:] == [
        f"no deals: --stage 签约 --owner {login} --source nowhere",
        "  opp deal list",
    ]


def test_minus_q_on_a_read_prints_ids(chinese: Kept) -> None:
    assert chinese.opp.ok("ls -q").out == chinese.opp.ok("ls --ids").out
    assert chinese.opp.ok("ls -q -o csv").out == chinese.opp.ok("ls --csv").out


@pytest.mark.parametrize("line", ["ls --watch", "report overdue --interval 2"])
def test_watching_needs_a_terminal(chinese: Kept, line: str) -> None:
    answer = chinese.opp(line)
    assert (answer.code, answer.out) == (2, "")
    assert "--watch needs a terminal" in answer.err


def test_watching_and_a_file_are_told_to_exclude_each_other(chinese: Kept) -> None:
    answer = chinese.opp("ls --watch -O x.csv", screen=True)
    told = "error: --watch shows on the terminal, --out writes a file: one of them"
    assert (answer.code, answer.err.splitlines()[0], (chinese.opp.folder / "x.csv").exists()) == (2, told, False)


def test_looks_follow_after_two_seconds_at_least(chinese: Kept) -> None:
    answer = chinese.opp("ls --watch --interval 1", screen=True)
    assert (answer.code, answer.err.splitlines()[0]) == (2, "error: --interval is 2 seconds at least")


def test_a_spreadsheet_is_not_for_a_terminal(chinese: Kept) -> None:
    answer = chinese.opp("ls --excel", screen=True)
    assert answer.code == 2
    assert "hint: -O FILE.csv" in answer.err


@pytest.mark.parametrize("line", ["deal list", "request list"])
def test_a_team_is_who_is_at_or_below_a_person_in_the_lines(chinese: Kept, line: str) -> None:
    manager = chinese.rows("SELECT manager FROM user_account WHERE manager IS NOT NULL ORDER BY login LIMIT 1")[0][0]
    below, known = {manager}, chinese.rows("SELECT login, manager FROM user_account WHERE active = 1")
    while more := {login for login, above in known if above in below} - below:
        below |= more
    found = {row["id"] for row in chinese.opp.ok(f"{line} --team {manager} --json").json}
    assert found == {row["id"] for row in chinese.opp.ok(f"{line} --json").json if owner(chinese, row) in below}


def owner(demo: Kept, row: dict[str, str]) -> str:
    deal = row["deal"] if "deal" in row else row["id"]
    return str(demo.rows("SELECT owner FROM deal WHERE id = ?", int(deal[2:]))[0][0])


def test_one_more_select_is_all_that_a_terminal_costs(chinese: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    said = heard(monkeypatch)

    def sent(*, screen: bool) -> int:
        said.clear()
        chinese.opp.ok("ls", env=ROOM, screen=screen)
        return sum(statement.lstrip().startswith("SELECT") for statement in said)

    assert sent(screen=True) - sent(screen=False) <= 1


def test_the_footer_and_the_time_in_a_stage_are_the_same_on_both_engines(opp_on_both: InProcess) -> None:
    opp = opp_on_both
    opp.ok("init --template b2b", env={"OPP_LANG": "en"}, now="2026-03-01T17:00:00+08:00")
    opp.ok("add Plant --customer Acme --amount 5", now="2026-03-01T17:00:00+08:00")
    opp.ok("add Pump --customer Acme --amount 7 --currency EUR")
    opp.ok("add Gone --customer Acme")
    opp.ok("lose D-3 --reason price", env={"OPP_LANG": "en"})
    answer = opp.ok("ls", env={**ROOM, "COLUMNS": "120"}, screen=True)
    assert [line.split()[0] for line in answer.out.splitlines()[2:]] == ["D-2", "D-1"]
    assert [row["days_in_stage"] for row in opp.ok("ls --open --json").json] == [1, 0]
    assert answer.err.splitlines()[-1].startswith("2 open · ")
    assert answer.err.splitlines()[-1].endswith(" · 1 closed left out: --all")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "line",
    [
        "ls -c nosuch",
        "ls -o nosuch",
        "ls --stage nosuch",
        "export nosuch",
        "completion nosuch",
        "fields nosuch",
        "tick",
    ],
)
def test_an_error_is_told_in_lines_that_fit_and_a_command_stands_alone(chinese: Kept, line: str, lang: str) -> None:
    told = chinese.opp(line, user="nobody", env={**ROOM, "COLUMNS": "80", "OPP_LANG": lang}, screen=True).err
    assert [each for each in told.splitlines() if width(each) > 80 and not each.strip().startswith("opp ")] == []
    assert len(told.splitlines()) > 1


def test_an_unknown_column_is_told_with_those_near_it_first_and_the_command_that_tells_more(chinese: Kept) -> None:
    told = seen_wrong(chinese, "ls -c custmer", screen=True).splitlines()
    assert told[1:3] == [
        "  custmer  did you mean customer?",
        "hint: columns: customer id title stage kind amount currency probability owner",
    ]
    assert told[-1] == "  opp fields deal"
    piped = seen_wrong(chinese, "ls -c custmer", screen=False).splitlines()
    assert (len(piped), piped[2].endswith("; opp fields deal")) == (3, True)
    assert "opp report funnel --help" in seen_wrong(chinese, "report funnel -c nosuch", screen=False)


def seen_wrong(demo: Kept, line: str, *, screen: bool) -> str:
    return demo.opp(line, env={**ROOM, "COLUMNS": "80", "OPP_LANG": "en"}, screen=screen).err


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_of_next_steps_fits_with_each_command_below_where_it_has_to(chinese: Kept, lang: str) -> None:
    wide = seen(chinese, "", 400, lang, user=busy(chinese)).out.splitlines()
    narrow = seen(chinese, "", 40, lang, user=busy(chinese)).out.splitlines()
    assert [line for line in narrow if width(line) > 40 and not line.startswith("  opp ")] == []
    typed = [line.split("  opp ")[1].strip() for line in wide if "  opp " in line]
    assert typed == [line.strip().removeprefix("opp ") for line in narrow if line.strip().startswith("opp ")]
    assert typed != []
