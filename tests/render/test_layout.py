"""What fits where: ranks, records, shortened texts, at any width, on a screen and in a pipe."""

import io
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oppcli import render
from oppcli.model.command import command
from oppcli.model.said import say
from oppcli.reads.table import Column, Kind, Table, ranked
from oppcli.render import cells
from oppcli.render.layout import planned, telling
from oppcli.render.output import Output
from oppcli.render.screen import width
from oppcli.render.view import view
from oppcli.render.wrap import joined, sentences, wrapped
from oppcli.speech import Voice, commands, spoken

NOW = 1_795_651_200_000  # 2026-11-26T00:00:00Z
DUE = 1_795_420_020_000  # Mon 23 Nov 07:47


def shown(table: Table, room: int | None, *, terminal: bool = True, **more: Any) -> list[str]:
    out = Output(width=room, terminal=terminal, tz="UTC", now=NOW, **more)
    return render.text(table, out).splitlines()


INBOX = Table(
    ranked(
        (
            Column("id", Kind.REF),
            Column("deal", Kind.REF),
            Column("title", cut=True),
            Column("type"),
            Column("step", Kind.LIST),
            Column("waiting_on", Kind.LIST, named=True),
            Column("due", Kind.INSTANT),
            Column("left", Kind.HOURS, unit="bh", until="due"),
            Column("amount", Kind.MONEY),
            Column("currency", wide=False),
        ),
        "id due left 1, type 2, amount 1, deal title step waiting_on 3",
    ),
    [
        (
            *("R-181", "D-93", "江南精工 厂区安防升级", "contract", ("财务",), ("chen", "zhao", "tang")),
            *(DUE, -34.2, 125_000_000, "CNY"),
        ),
        ("R-7", "D-1", "b", "qualification", (), (), None, None, 100, "CNY"),
    ],
    records=True,
)


def test_a_request_that_does_not_fit_on_a_line_is_a_record_as_the_design_shows_it() -> None:
    heading, _, first, second, *rest = shown(INBOX, 80)
    assert first == "R-181  Mon 23 Nov 07:47  34.2 bh late  contract       CNY 1,250,000.00"
    assert second == "       D-93 · 江南精工 厂区安防升级 · 财务 · waiting on chen, zhao, tang"
    assert heading.split() == ["ID", "DUE", "LEFT", "TYPE", "AMOUNT"]
    assert [line[:5].rstrip() for line in rest] == ["R-7", ""]


def test_a_list_of_records_is_a_table_where_there_is_room() -> None:
    heading, _, first, _ = shown(INBOX, 160)
    assert heading.split()[-4:] == ["TITLE", "STEP", "WAITING", "ON"]
    assert first.endswith("D-93  江南精工 厂区安防升级  财务  chen, zhao, tang")


def test_in_a_pipe_of_stated_width_rows_become_records_and_nothing_is_cut() -> None:
    table = INBOX._replace(records=False, rows=[("R-1", "D-1", "很长" * 60, "quote", (), (), None, None, 100, "CNY")])
    lines = shown(table, 60, terminal=False)
    assert "很长" * 60 in "".join(line.strip() for line in lines)
    assert max(map(width, lines)) <= 60
    assert len(shown(table, None, terminal=False)) == 3


def test_the_worst_rank_goes_first_and_of_one_rank_the_rightmost() -> None:
    columns = [Column(name, rank=rank) for name, rank in (("a", 1), ("b", 5), ("c", 4), ("d", 4), ("e", 3))]

    def kept(room: int) -> str:
        plan = planned(columns, [1] * 5, [8] * 5, room, cuts=True, drops=True)
        return "".join(columns[place].name for place in plan.kept) + ("!" if plan.records else "")

    assert [kept(room) for room in (48, 47, 38, 37, 28, 27, 18, 17)] == [
        *("abcde", "acde", "acde", "ace", "ace", "ae", "ae", "a!"),
    ]


def test_texts_keep_sixteen_cells_and_their_heading_and_the_widest_gives_way_first() -> None:
    columns = [Column("id", Kind.REF), Column("title", cut=True), Column("customer", cut=True), Column("type")]

    def widths(room: int) -> list[int]:
        return planned(columns, [2, 5, 20, 4], [4, 40, 30, 9], room, cuts=True, drops=True).widths

    assert widths(89) == [4, 40, 30, 9]
    assert widths(79) == [4, 30, 30, 9]
    assert widths(59) == [4, 20, 20, 9]
    assert widths(55) == [4, 16, 20, 9]


def test_bars_take_what_is_left() -> None:
    table = Table((Column("stage"), Column("n", Kind.COUNT, bar=True)), [("Lead", 80), ("Won", 40)])
    assert [line.count("█") for line in shown(table, 40)[2:]] == [40 - 9 - 2, 14]
    assert "█" not in "".join(shown(table, 12))
    assert "█" not in "".join(shown(table, 40, terminal=False))


def test_empty_columns_and_those_that_an_option_fixes_go_from_a_screen_only() -> None:
    columns = (Column("id", Kind.REF), Column("owner", Kind.REF), Column("note"), Column("stage"))
    table = Table(columns, [("D-1", "kim", None, "Lead"), ("D-2", "kim", "", "Quote")])
    asked = {"owner": ["kim"], "stage": ["Lead,Quote"]}
    assert shown(table, 80, asked=asked)[0].split() == ["ID", "STAGE"]
    assert shown(table, 80, terminal=False, asked=asked)[0].split() == ["ID", "OWNER", "NOTE", "STAGE"]
    assert shown(table, 80, asked=asked, columns="id,owner")[0].split() == ["ID", "OWNER"]


@pytest.mark.parametrize(("given", "kept"), [("kim", 1), (["!kim"], 2), (["a", "b"], 2), (["kim"], 1), (None, 2)])
def test_only_an_option_with_one_value_fixes_a_column(given: Any, kept: int) -> None:
    columns = [Column("id", Kind.REF), Column("owner", Kind.REF)]
    assert len(telling(columns, [("D-1", "kim")], {"owner": given})) == kept


def test_a_command_has_a_line_of_its_own_in_a_record() -> None:
    command = "opp deal edit D-1 --set discount=… --set margin=… --set payment_days=…"
    table = Table(
        ranked((Column("needs"), Column("state"), Column("command", Kind.REF, alone=True)), "needs state 1, command 3"),
        [("discount", "missing", command)],
    )
    assert shown(table, 60)[2:] == ["discount  missing", f"          {command}"]


@pytest.mark.parametrize(
    ("text", "cells", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("推进到下一阶段", 6, ["推进到", "下一阶", "段"]),
        ("赢单，锁定。", 4, ["赢", "单，", "锁", "定。"]),
        ("用 --all 看全部", 8, ["用 --all", "看全部"]),
        ("（全部）", 4, ["（全", "部）"]),
        ("unbreakable 字", 4, ["unbreakable", "字"]),
        ("", 4, []),
    ],
)
def test_a_text_is_wrapped_at_blanks_and_between_wide_letters(text: str, cells: int, lines: list[str]) -> None:
    assert wrapped(text, cells) == lines


def test_a_line_is_broken_between_words_and_between_wide_letters_but_not_before_a_full_stop() -> None:
    assert wrapped("one two three", 7) == ["one two", "three"]
    assert wrapped("客户要求，分期付款。", 8) == ["客户要", "求，分期", "付款。"]
    assert wrapped("owner liu; amount CNY 969,600.00; 金额 CNY 5", 20) == [
        "owner liu; amount",
        "CNY 969,600.00; 金额",
        "CNY 5",
    ]
    assert wrapped("https://example.com/x y", 8) == ["https://example.com/x", "y"]


def test_a_date_is_not_broken_and_a_dot_ends_a_line() -> None:
    assert joined([("D-1", False), ("Mon 23 Nov 07:47", False), ("a b", True)], 20) == [
        "D-1 ·",
        "Mon 23 Nov 07:47 · a",
        "b",
    ]


def test_what_is_due_is_late_or_today_in_its_word_and_in_its_colour() -> None:
    hour = 3_600_000
    rows = [("R-1", NOW - hour, -1.0), ("R-2", NOW + hour, 1.0), ("R-3", NOW + 48 * hour, 9.0), ("R-4", None, None)]
    columns = (Column("id", Kind.REF), Column("due", Kind.INSTANT), Column("left", Kind.HOURS, unit="bh", until="due"))
    lines = shown(Table(columns, rows), 80, color=True)[2:]
    assert lines[0].endswith("\x1b[31m 1.0 bh late\x1b[0m")
    assert lines[1].endswith("\x1b[33m1.0 bh today\x1b[0m")
    assert "\x1b" not in lines[2] + lines[3]
    piped = shown(Table(columns, rows), None, terminal=False)
    assert [line.split("  ")[-1].strip() for line in piped[2:5]] == ["1.0 bh late", "1.0 bh", "9.0 bh"]


def test_approved_and_won_are_green_and_refused_is_red() -> None:
    columns = (Column("state", words="state"), Column("stage", toned="kind"), Column("kind", words="kind", wide=False))
    rows = [("approved", "Signed", "won"), ("rejected", "Quote", "open"), ("pending", "Lost", "lost")]
    first, second, third = shown(Table(columns, rows), 80, color=True)[2:]
    assert first == "\x1b[32mapproved\x1b[0m  \x1b[32mSigned\x1b[0m"
    assert second == "\x1b[31mrejected\x1b[0m  Quote"
    assert "\x1b" not in third


def test_of_equal_instants_the_later_row_is_first_where_the_latest_are() -> None:
    table = Table((Column("seq", Kind.REF), Column("at", Kind.INSTANT)), [("e1", 5), ("e2", 5), ("e3", 9)])
    assert [line.split()[0] for line in shown(table, None, terminal=False, sort="-at")[2:]] == ["e3", "e2", "e1"]
    assert [line.split()[0] for line in shown(table, None, terminal=False, sort="at")[2:]] == ["e1", "e2", "e3"]


@pytest.mark.parametrize("name", ["github", "grid", "rst", "latex", "jira", "orgtbl", "unsafehtml", "pretty"])
def test_every_format_of_tabulate_holds_the_rows(name: str) -> None:
    table = Table((Column("id", Kind.REF), Column("title")), [("D-1", "<b> | 上海")])
    text = render.text(table, Output(format=name))
    assert "D-1" in text and "上海" in text
    assert name != "unsafehtml" or "<b>" not in text
    assert name not in ("github", "jira") or r"\|" in text


WORD = st.text(st.sampled_from("ab xyz上海精密가👍e\u0301"), max_size=60).map(lambda text: " ".join(text.split()))
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: WORD,
    Kind.REF: st.integers(1, 10**9).map(lambda n: f"D-{n}"),
    Kind.COUNT: st.integers(0, 10**9),
    Kind.MONEY: st.integers(-(10**12), 10**12),
    Kind.DATE: st.dates().map(str).filter(lambda day: day >= "1000"),
    Kind.HOURS: st.floats(-1e6, 1e6),
    Kind.FRACTION: st.floats(0, 1),
    Kind.LIST: st.lists(st.sampled_from(("chen", "zhao", "张伟")), max_size=6).map(tuple),
}


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Any columns, of any rank."""
    kinds = draw(st.lists(st.sampled_from(list(VALUES)), min_size=1, max_size=9))
    columns = tuple(
        Column(f"c{place}", kind, rank=draw(st.integers(0, 7)), cut=kind is Kind.TEXT and draw(st.booleans()))
        for place, kind in enumerate(kinds)
    )
    rows = draw(st.lists(st.tuples(*(st.none() | VALUES[kind] for kind in kinds)), min_size=1, max_size=4))
    return Table(columns, rows, records=draw(st.booleans()))


def bare(text: str) -> str:
    """Without what a line break may put between letters."""
    return re.sub(r"[\s·]", "", text)


@settings(max_examples=150, deadline=None)
@given(tables(), st.integers(8, 200), st.booleans())
def test_at_any_width_no_figure_is_cut_and_in_a_pipe_nothing_is_lost(table: Table, room: int, terminal: bool) -> None:
    out = Output(width=room, terminal=terminal, tz="UTC", now=NOW)
    stream = io.StringIO()
    notes = render.write(table, out, stream)
    text = stream.getvalue()
    gone = {name for note in notes for name in re.findall(r"c\d", note.text)}
    assert terminal or not gone
    seen = view(table, out).shown
    told = [(each.column, cell) for each in seen for cell in cells.people(each, out)(list(table.rows)) if cell]
    exact = [cell for column, cell in told if column.kind not in (Kind.TEXT, Kind.LIST) and column.name not in gone]
    assert [cell for cell in exact if cell not in text] == []
    whole = [cell for column, cell in told if not (terminal and column.cut) and column.name not in gone]
    assert [cell for cell in whole if bare(cell) not in bare(text)] == []
    assert "…" not in text or terminal


def test_sentences_are_broken_between_words_and_a_command_stays_on_its_line() -> None:
    command = "  opp deal edit D-1 --set discount=… --set margin=…"
    prose = f"Stages\n  A deal moves Lead → Quote and ends as Won or Lost.\n{command}"
    table = Table((Column("a"),), [("x",)], prose=prose)
    stream = io.StringIO()
    render.write(table, Output(width=30, terminal=True), stream)
    assert stream.getvalue().splitlines() == [
        "Stages",
        "  A deal moves Lead → Quote",
        "    and ends as Won or Lost.",
        command,
    ]


TYPED = command("user", "add", "root")
TICK = command("tick", why="now")
LONG = command("deal", "edit", "D-1", "--set", "next_step=call, then wait")


@pytest.mark.parametrize("voice", [Voice(), Voice(flags=("--db", "x.db")), Voice(lang="zh")], ids=["en", "flags", "zh"])
def test_a_command_in_a_sentence_that_is_too_wide_has_a_line_of_its_own(voice: Voice) -> None:
    said = say("an admin types {add}; or the crontab says it: OPP_USER=LOGIN {line}", add=TYPED, line=TICK)
    told = spoken(say("hint: {hint}", hint=said), voice)
    flags = " --db x.db" if voice.flags else ""
    assert sentences(told, 30, commands(told)).splitlines() == [
        *(["提示：an admin types"] if voice.lang == "zh" else ["hint: an admin types"]),
        f"  opp{flags} user add root",
        "  or the crontab says it:",
        f"  OPP_USER=LOGIN opp{flags} tick",
    ]


def test_a_command_is_broken_nowhere_and_ends_where_its_sentence_goes_on() -> None:
    told = say("what is missing: {edit}, then again", edit=LONG)
    assert sentences(told, 40, commands(told)) == (
        "what is missing:\n  opp deal edit D-1 --set 'next_step=call, then wait'\n  then again"
    )


def test_a_title_that_sounds_like_a_command_is_no_command() -> None:
    told = say(
        "D-7 {title} was added; what it needs: {gate}", title="The big opp for Acme", gate=command("gate", "D-7")
    )
    assert sentences(told, 30, commands(told)).splitlines() == [
        "D-7 The big opp for Acme was",
        "  added; what it needs:",
        "  opp gate D-7",
    ]
