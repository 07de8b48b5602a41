"""`opp note`: one line for what happened, and all that follows from it said in one more."""

import re
from typing import Any

import pytest
from begun import begun
from command_line import InProcess

FRIDAY = "2026-11-27T10:00:00+08:00"


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """li has a deal whose next step is due today."""
    opp = opp_on_both
    opp.ok("init --template b2b")
    opp.ok("user add li --manager wang")
    opp.ok("user add zhou")
    opp.env |= {"OPP_USER": "li", "OPP_NOW": FRIDAY}
    opp.ok("add '上海精密 MES 二期' --customer 上海精密 --set next_step=跟进 --set next_step_on=2026-11-27")
    return opp


def step(opp: InProcess, deal: str = "D-1") -> tuple[str | None, str | None]:
    found = opp.ok(f"deal show {deal} -o json").json
    return found["next_step"], found["next_step_on"]


def shown(opp: InProcess, ref: str) -> dict[str, Any]:
    found: dict[str, Any] = opp.ok(f"show {ref} -o json").json
    return found


def test_a_call_in_one_line_ends_the_follow_up_and_plans_the_next_one(team: InProcess) -> None:
    said = team.ok("note", "1", "电话：王总说预算已批 -> 下周五 发方案").out
    assert re.sub(r"e\d+", "e", said) == (
        "A-1 电话 on D-1 上海精密 MES 二期: 王总说预算已批\n"
        "next: 发方案, Fri 4 Dec (T-2, yours); T-1 跟进 is done, on time\n"
        "Undo: opp undo e\n"
    )
    assert step(team) == ("发方案", "2026-12-04")
    assert (shown(team, "A-1")["kind"], shown(team, "A-1")["text"]) == ("call", "王总说预算已批")
    ended = shown(team, "T-1")
    assert (ended["state"], ended["done_by"], ended["activity"]) == ("done", "li", "A-1")


def test_undo_takes_a_note_back_with_its_follow_up_as_a_whole(team: InProcess) -> None:
    team.ok("note", "1", "电话：王总说预算已批 -> 下周五 发方案")
    again = team.ok("undo").out.rpartition("Undo: opp ")[2]
    assert step(team) == ("跟进", "2026-11-27")
    assert (shown(team, "A-1")["standing"], shown(team, "T-2")["standing"]) == ("withdrawn", "withdrawn")
    team.ok(again)
    assert step(team) == ("发方案", "2026-12-04")


def test_whoever_noted_takes_it_back_whosever_deal_it_is(team: InProcess) -> None:
    team.ok("note", "1", "call: on his behalf -> next fri offer", user="zhou")
    team.ok("undo", user="zhou")
    assert step(team) == ("跟进", "2026-11-27")


def test_a_touch_leaves_what_is_due_later_and_says_so(team: InProcess) -> None:
    team.ok("deal edit D-1 --set next_step_on=2026-12-04")
    assert "still planned: 跟进, Fri 4 Dec" in team.ok("note", "1", "call: hi").out
    assert step(team) == ("跟进", "2026-12-04")


def test_a_mere_note_ends_nothing(team: InProcess) -> None:
    team.ok("note", "1", "they bought a printer")
    assert step(team) == ("跟进", "2026-11-27")


def test_a_date_with_a_mere_note_postpones_and_what_was_promised_stays(team: InProcess) -> None:
    assert "first promised for Fri 27 Nov, moved 1 time" in team.ok("note", "1", "busy -> 4 Dec").out
    moved = shown(team, "T-1")
    assert (moved["due_on"], moved["promised_on"], moved["moves"]) == ("2026-12-04", "2026-11-27", 1)
    assert step(team) == ("跟进", "2026-12-04")


def test_another_thing_to_do_alone_leaves_the_date_where_it_is(team: InProcess) -> None:
    told = team.ok("note", "1", "he is away", "--what", "demo")
    assert ("next: demo, Fri 27 Nov" in told.out, "first promised" in told.out) == (True, False)
    moved = shown(team, "T-1")
    assert (moved["title"], moved["due_on"], moved["moves"]) == ("demo", "2026-11-27", 0)


def test_next_beats_the_arrow(team: InProcess) -> None:
    team.ok("note", "1", "call: ok -> 4 Dec offer", "--next", "2026-12-08", "--what", "demo")
    assert step(team) == ("demo", "2026-12-08")


def test_a_text_whose_arrow_leads_to_no_date_is_kept_whole(team: InProcess) -> None:
    told = team.ok("note", "1", "call: he -> she decides")
    assert "'she decides' does not begin with a date: the note is kept whole" in told.err
    assert shown(team, "A-1")["text"] == "he -> she decides"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (("1", "call: x -> 2026-11-26 late"), 2),
        (("1", "call: x", "--next", "yesterday"), 2),
        (("1", "call: x", "--at", "+2h"), 2),
        (("1", "call: x", "-k", "cal"), 2),
        (("1", ""), 2),
        (("1", "call: x", "--rating", "6"), 2),
        (("1", "ask @zhu"), 3),
        (("D-9", "x"), 3),
        (("R-1", "x"), 3),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_noted(team: InProcess, line: tuple[str, ...], code: int) -> None:
    assert team("note", *line).code == code
    assert team("show A-1").code == 3


def test_a_closed_deal_has_no_next_step(team: InProcess) -> None:
    team.ok("lose D-1 --reason price")
    assert team("note", "1", "call: x -> fri y").code == 5
    team.ok("note", "1", "call: why did we lose?")


def test_a_note_of_the_past_ends_what_was_due_by_then_at_its_instant(team: InProcess) -> None:
    team.ok("note", "1", "call: x", "--at", "2026-11-27 09:00", now="2026-11-30T10:00:00+08:00")
    assert shown(team, "T-1")["state"] == "open"  # it was promised after that
    team.ok("note", "1", "call: x", "--at", "2026-11-27 18:00", now="2026-11-30T10:00:00+08:00")
    assert (shown(team, "T-1")["state"], shown(team, "T-1")["done_at"]) == ("done", "2026-11-27T10:00:00Z")


def test_a_note_on_a_customer_with_one_live_deal_is_on_that_deal_and_says_so(team: InProcess) -> None:
    assert "C-1 has one live deal: noted on D-1" in team.ok("note", "C-1", "call: hi").out
    assert shown(team, "A-1")["deal"] == "D-1"


def test_a_note_on_a_customer_with_several_is_on_the_customer(team: InProcess) -> None:
    team.ok("add Second --customer 上海精密")
    assert "live deals there: D-1, D-2" in team.ok("note", "C-1", "call: hi").out
    assert (shown(team, "A-1")["deal"], shown(team, "A-1")["customer"]) == (None, "C-1")


def test_nothing_is_planned_with_a_contact_of_no_customer_for_it_would_be_on_nothing(team: InProcess) -> None:
    team.ok("contact add Bob")
    refused = [team("note", "P-1", "call: hi -> 4 Dec offer"), team("task add offer --for P-1")]
    assert [answer.code for answer in refused] == [2, 2]
    assert [answer.err.count("opp contact edit P-1 --set customer=…") for answer in refused] == [1, 1]
    assert "A-1 call on P-1 Bob: hi" in team.ok("note", "P-1", "call: hi").out
    for number, customer in ((2, "Beta"), (3, "Gamma")):
        team.ok(f"add Press --customer {customer}")
        team.ok(f"deal link D-{number} P-1")
    assert "hint: one of D-2, D-3" in team("note", "P-1", "call: hi -> 4 Dec offer").err
    assert team.ok("task list -o json --deal D-2").json == []


def test_a_mention_is_one_notice(team: InProcess) -> None:
    assert "told: zhou" in team.ok("note", "1", "call: @zhou and @zhou please, not \\@wang nor a@b.c").out
    notices = team.ok("notices list -o json").json
    assert [(each["to"], each["kind"], each["deal"]) for each in notices] == [("zhou", "mention", "D-1")]
    assert shown(team, "A-1")["text"] == "@zhou and @zhou please, not @wang nor a@b.c"


def test_a_person_is_mentioned_by_name_too_and_behind_it_the_text_may_go_on(team: InProcess) -> None:
    team.ok("user", "add", "lin", "--name", "林涛", user="wang")
    team.ok("user", "add", "lin2", "--name", "林", user="wang")
    assert "told: lin\n" in team.ok("note", "1", "call: @林涛帮看一下").out
    assert "told: lin\n" in team.ok("note", "1", "call: ask @林涛 please").out
    refused = team("note", "1", "call: @周涛 please")
    assert (refused.code, "no such user: 周涛; did you mean 林涛?" in refused.err) == (3, True)


def test_a_name_that_two_have_is_not_guessed_at(team: InProcess) -> None:
    team.ok("user", "add", "ma", "--name", "马丽", user="wang")
    team.ok("user", "add", "ma2", "--name", "马丽", user="wang")
    refused = team("note", "1", "call: @马丽 please")
    assert (refused.code, "ma2" in refused.err) == (5, True)


# --- many lines ---------------------------------------------------------------------------------------------------

LINES = """\
# Monday

2026-11-26 14:00 D-1 call: one
9 what
yesterday 1 mail: two -> 4 Dec offer
D-1 a note
"""


def test_lines_are_noted_one_by_one_and_what_fails_goes_to_stderr_as_it_was(team: InProcess) -> None:
    (team.folder / "lines.txt").write_text(LINES, encoding="utf-8")
    told = team("note --lines lines.txt")
    assert (told.code, told.err) == (9, "9 what\n")
    assert [line.partition(":")[0] for line in told.out.splitlines() if line[:2] in ("A-", "li")] == [
        "A-1 call on D-1 上海精密 MES 二期",
        "line 4",
        "A-2 mail on D-1 上海精密 MES 二期",
        "A-3 note on D-1 上海精密 MES 二期",
    ]
    assert step(team) == ("offer", "2026-12-04")


def test_a_dated_line_that_was_noted_is_passed_over(team: InProcess) -> None:
    (team.folder / "lines.txt").write_text(LINES, encoding="utf-8")
    team("note --lines lines.txt")
    told = team("note --lines -", stdin=LINES.encode())
    assert [line for line in told.out.splitlines() if "already" in line] == [
        "line 3 is noted already",
        "line 5 is noted already",
    ]
    assert [team(f"show A-{n}").code for n in (4, 5)] == [0, 3]  # what has no date is noted again


def test_a_dated_line_on_a_contact_of_no_customer_is_passed_over_as_well(team: InProcess) -> None:
    team.ok("contact add Bob")
    (team.folder / "lines.txt").write_text("2026-11-26 14:00 P-1 call: one\n", encoding="utf-8")
    assert "A-1 call on P-1 Bob: one" in team.ok("note --lines lines.txt").out
    assert team.ok("note --lines lines.txt").out == "line 1 is noted already\n"


def test_undo_takes_all_lines_back(team: InProcess) -> None:
    told = team.ok("note --lines -", stdin=b"1 call: one -> 4 Dec offer\n1 call: two -> 7 Dec demo\n")
    assert told.out.count("Undo:") == 1
    team.ok("undo")
    assert step(team) == ("跟进", "2026-11-27")


def test_activities_are_listed_by_the_words_that_kinds_are_noted_with(team: InProcess) -> None:
    team.ok("note", "1", "电话：一")
    team.ok("note", "1", "visit: 二")
    found = [team.ok(f"activity list --kind {kind} -o ids").out for kind in ("电话", "call", "!微信", "拜访", "!拜访")]
    assert [ids.split() for ids in found] == [["A-1"], ["A-1"], ["A-1", "A-2"], ["A-2"], ["A-1"]]
    refused = team("activity list --kind cal")
    assert (refused.code, "did you mean call?" in refused.err) == (2, True)


def test_many_lines_of_a_file_are_no_sign_of_follow_up_that_was_none(team: InProcess) -> None:
    for title in "二三四五六":
        team.ok("add", title)
    team.ok("note --lines -", stdin="".join(f"{n} call: talked about {n}\n" for n in range(1, 6)).encode())
    assert team.ok("report ghosts --sign batch -o ids").out == ""
    assert {row["channel"] for row in team.ok("activity list -o json").json} == {"lines"}
    for n in range(1, 6):
        team.ok("note", str(n), f"call: more of {n}")
    assert len(team.ok("report ghosts --sign batch -o json").json) == 5


def test_lines_of_which_the_last_is_noted_already_are_taken_back_too(team: InProcess) -> None:
    team.ok("note --lines -", stdin=b"2026-11-26 D-1 call: one\n")
    told = team.ok("note --lines -", stdin=b"1 call: two -> 7 Dec demo\n2026-11-26 D-1 call: one\n")
    assert told.out.splitlines()[-2:] == ["line 2 is noted already", "Undo: opp undo e17"]
    team.ok("undo e18")
    assert step(team) == ("跟进", "2026-11-27")


def test_text_comes_from_a_pipe(team: InProcess) -> None:
    team.ok("note 1 -", stdin="电话：两行\n第二行 -> 4 Dec 发方案\n".encode())
    assert (shown(team, "A-1")["text"], step(team)) == ("两行\n第二行", ("发方案", "2026-12-04"))


def test_lines_that_are_no_text_are_refused_and_those_of_an_editor_end_where_it_ends_them(team: InProcess) -> None:
    told = team("note --lines -", stdin=b"D-1 one\nD-1 a\x00b\n")
    assert (told.code, told.err.splitlines()[0]) == (2, "error: -:2: a NUL byte: not a text file")
    told = team.ok("note --lines -", stdin="D-1 a\x0cb\u2028c\r\nD-1 二\n".encode("gb18030"))
    assert [shown(team, ref)["text"] for ref in ("A-1", "A-2")] == ["a\x0cb\u2028c", "二"]


def test_the_mark_of_an_editor_in_front_of_a_text_is_no_part_of_it(team: InProcess) -> None:
    team.ok("note D-1 -", stdin="\ufeff电话：好".encode())
    assert (shown(team, "A-1")["kind"], shown(team, "A-1")["text"]) == ("call", "好")


def test_the_same_noted_twice_within_a_minute_is_kept_and_said(team: InProcess) -> None:
    """A key pressed twice, a script that ran twice; another text, person, thing or minute is another note."""
    team.ok("note 1 'call: hi'")
    twice = team.ok("note 1 'call: hi'", now="2026-11-27T10:00:30+08:00")
    team.ok("undo", now="2026-11-27T10:00:40+08:00")
    other = [
        team.ok("note 1 'call: ho'"),
        team.ok("note 1 'visit: hi'"),
        team.ok("note 1 'call: hi'", user="wang"),
        team.ok("note 1 'call: hi'", now="2026-11-27T10:05:00+08:00"),
    ]
    assert "the same was noted just now as A-1; to take this one back: opp undo" in twice.err
    assert [answer.err for answer in other] == [""] * 4
    assert [row["id"] for row in team.ok("activity list -o json").json] == ["A-1", "A-3", "A-4", "A-5", "A-6"]
