"""Tasks: promises that moving a date cannot embellish, what comes again, who may do what to them."""

from typing import Any

import pytest
from begun import begun
from command_line import InProcess

FRIDAY = "2026-11-20T10:00:00+08:00"
LATER = "2026-12-09T10:00:00+08:00"


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    opp.ok("init --template b2b")
    opp.ok("user add li --manager wang")
    opp.ok("user add zhou")
    opp.ok("user add tess --role tech")
    opp.env |= {"OPP_USER": "li", "OPP_NOW": FRIDAY}
    opp.ok("add MES --customer Acme")
    return opp


def task(opp: InProcess, ref: str) -> dict[str, Any]:
    rows = opp.ok("task list --all -o json").json
    found: dict[str, Any] = next(row for row in rows if row["id"] == ref)
    return found


def test_a_task_is_added_done_and_taken_back(team: InProcess) -> None:
    assert (
        "T-1 added for D-1 MES: send it, Fri 27 Nov (yours)"
        in team.ok("task add 'send it' --for D-1 --due 2026-11-27").out
    )
    assert "T-1 send it is done, on time" in team.ok("done T-1").out
    assert (task(team, "T-1")["state"], task(team, "T-1")["done_by"]) == ("done", "li")
    team.ok("undo")
    assert task(team, "T-1")["state"] == "open"


def test_moving_a_date_leaves_what_was_promised_and_is_counted(team: InProcess) -> None:
    team.ok("task add x --due 2026-11-23")
    team.ok("task edit T-1 --due 2026-12-01")
    team.ok("task edit T-1 --due 2026-12-08")
    found = task(team, "T-1")
    assert (found["due"], found["promised"], found["moves"]) == ("2026-12-08", "2026-11-23", 2)
    assert "is done, late" in team.ok("done T-1", now="2026-11-30T10:00:00+08:00").out


def test_what_is_due_by_the_hour_has_an_instant(team: InProcess) -> None:
    team.ok("task add x --due 'tomorrow 14:00'")
    assert task(team, "T-1")["due"] == "2026-11-21T06:00:00Z"


def test_what_comes_again_opens_on_the_first_day_after_both_and_counts_what_is_left_out(team: InProcess) -> None:
    team.ok("task add report --repeat 每周一")
    assert task(team, "T-1")["due"] == "2026-11-23"
    said = team.ok("done T-1", now=LATER).out
    assert ("again: report, Mon 14 Dec (T-2, yours)" in said, "left out in between: 2" in said) == (True, True)
    again = task(team, "T-2")
    assert (again["due"], again["skipped"], again["repeat"], again["state"]) == ("2026-12-14", 2, "mon", "open")


def test_the_last_day_of_a_month_stays_the_last_day(team: InProcess) -> None:
    team.ok("task add pay --due 2027-01-31 --repeat monthly", now="2027-01-20T10:00:00+08:00")
    team.ok("done T-1", now="2027-01-31T10:00:00+08:00")
    team.ok("done T-2", now="2027-02-28T10:00:00+08:00")
    assert [task(team, f"T-{n}")["due"] for n in (1, 2, 3)] == ["2027-01-31", "2027-02-28", "2027-03-31"]


def test_a_follow_up_does_not_come_again_by_a_rule_of_its_own(team: InProcess) -> None:
    team.ok("note", "1", "call: x -> 27 Nov offer")
    refused = team("task edit T-1 --repeat weekly")
    assert (refused.code, "hint: opp task add offer --for D-1 --repeat weekly" in refused.err) == (5, True)
    team.ok("done", "T-1", "call: sent -> 4 Dec ask")
    assert team.ok("deal show D-1 -o json").json["next_step"] == "ask"


def test_what_is_given_to_somebody_is_told_declined_and_told_back(team: InProcess) -> None:
    assert "told: zhou" in team.ok("task add 'ask legal' --to zhou").out
    assert team("task decline T-1 -m mine").code == 4  # it is not theirs to decline
    assert "goes back to li" in team.ok("task decline T-1 -m 'not mine'", user="zhou").out
    assert (task(team, "T-1")["assignee"], task(team, "T-1")["reason"]) == ("li", "not mine")
    assert team("task decline T-1 -m again").code == 5  # nobody else gave it
    kinds = [(each["to"], each["kind"]) for each in team.ok("notices list -o json").json]
    assert kinds == [("zhou", "task"), ("li", "task")]


def test_the_next_step_of_a_deal_is_its_owners_and_given_to_nobody_else(team: InProcess) -> None:
    team.ok("note D-1 'call -> +3d offer'")
    refused = team("task edit T-1 --to zhou")
    assert (refused.code, refused.err.splitlines()[0]) == (5, "error: T-1 offer is for whoever owns D-1")
    assert refused.err.splitlines()[1] == "hint: opp deal assign D-1 --to zhou"
    team.ok("deal assign D-1 --to zhou", user="wang")
    assert [row["assignee"] for row in team.ok("task list -o json", user="zhou").json] == ["zhou"]


def test_a_task_of_a_role_is_for_whom_the_team_has_in_it_else_for_all_who_have_it(team: InProcess) -> None:
    team.ok("user edit zhou --role tech", user="wang")
    team.ok("task add demo --for D-1 --to role:tech")
    mine = [team.ok("task list --to me --ids", user=who).out.split() for who in ("tess", "zhou", "li")]
    assert mine == [["T-1"], ["T-1"], []]
    shown = [" ".join(team.ok(f"show D-1 --lang {lang}").out.split()) for lang in ("en", "zh")]
    assert ["role:tech" in each for each in shown] == [True, False]
    team.ok("task add check --for D-1 --to role:admin")
    listed = [team.ok(f"task list -c role --lang {lang} --no-header").out.split()[-1] for lang in ("en", "zh")]
    assert listed == ["admin", "管理员"]
    team.ok("deal link D-1 zhou --role tech")
    mine = [team.ok("task list --to me --ids", user=who).out.split() for who in ("tess", "zhou")]
    assert mine == [[], ["T-1"]]
    assert (team("done T-1", user="tess").code, team("done T-1", user="zhou").code) == (4, 0)


def test_a_manager_waives_with_a_reason(team: InProcess) -> None:
    team.ok("task add x --for D-1")
    assert (team("task waive T-1 -m no").code, team("task waive T-1", user="wang").code) == (4, 2)
    team.ok("task waive T-1 -m 'they know us'", user="wang")
    assert (task(team, "T-1")["state"], task(team, "T-1")["reason"]) == ("waived", "they know us")


def test_a_cancelled_next_step_leaves_the_deal_without_one(team: InProcess) -> None:
    team.ok("note", "1", "call: x -> 27 Nov offer")
    team.ok("task cancel T-1")
    assert team.ok("deal show D-1 -o json").json["next_step"] is None
    assert team("done T-1").code == 5


def test_done_with_a_text_notes_it_and_the_task_ends_with_that(team: InProcess) -> None:
    team.ok("task add x --for D-1")
    said = team.ok("done", "T-1", "call: signed -> 1 Dec celebrate").out
    assert ("A-1 call on D-1 MES: signed" in said, "next: celebrate, Tue 1 Dec" in said) == (True, True)
    assert team.ok("show T-1 -o json").json["activity"] == "A-1"


@pytest.mark.parametrize("text", ["they have it -> 1 Dec call", "电话：收到了 -> 1 Dec call"])
def test_a_next_step_that_is_done_with_a_next_date_is_over_and_the_next_one_open(team: InProcess, text: str) -> None:
    team.ok("note", "1", "call: x -> 27 Nov offer")
    said = team.ok("done", "T-1", text).out
    assert said.splitlines()[0] == "T-1 offer is done, on time"
    assert ("next: call, Tue 1 Dec (T-2, yours)" in said, said.count("is done"), "planned" in said) == (True, 1, False)
    found = team.ok("show T-1 -o json").json
    assert (found["title"], found["state"], found["moves"], found["activity"]) == ("offer", "done", 0, "A-2")
    deal = team.ok("deal show D-1 -o json").json
    assert (deal["next_step"], deal["next_step_on"]) == ("call", "2026-12-01")
    team.ok("undo")
    assert team.ok("deal show D-1 -o json").json["next_step"] == "offer"


def test_a_next_step_that_is_done_with_a_mere_note_leaves_none(team: InProcess) -> None:
    team.ok("note", "1", "call: x -> 27 Nov offer")
    team.ok("done", "T-1", "they have it")
    assert team.ok("deal show D-1 -o json").json["next_step"] is None


@pytest.mark.parametrize(
    ("due", "why"),
    [
        ("2027-03-28 02:30", "does not exist in Europe/Berlin: the clocks go forward over it"),
        ("2027-03-28 25:00", "is not a time: the day ends at 24:00"),
        ("2027-02-30", "is not a date: February 2027 has 28 days"),
        ("soon", "is not a date"),
    ],
)
def test_of_a_due_date_it_is_said_what_is_wrong_with_it(team: InProcess, due: str, why: str) -> None:
    refused = team("task", "add", "x", "--due", due, "--tz", "Europe/Berlin")
    assert (refused.code, why in refused.err) == (2, True), refused.err


def test_buckets_tell_how_far_off_it_is(team: InProcess) -> None:
    days = ("2026-11-20", "2026-11-21", "2026-11-22", "2026-11-29", "2026-11-30")
    for day in days:
        team.ok(f"task add x --due {day}")
    team.ok("task add y")
    rows = team.ok("task list -o json").json
    assert [row["bucket"] for row in rows] == ["today", "tomorrow", "this week", "next week", "later", "none"]
    late = team.ok("task list --bucket late --ids", now="2026-11-21T00:00:00+08:00").out.split()
    assert late == ["T-1"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("task add ' '", 2),
        ("task add x --due 2026-11-19", 2),
        ("task add x --to xyz", 3),
        ("task add x --to role:none", 3),
        ("task add x --repeat sometimes", 2),
        ("task add x --for D-9", 3),
        ("task edit T-1", 2),
        ("done T-9", 3),
        ("done D-1", 3),
    ],
)
def test_what_cannot_be_is_refused(team: InProcess, line: str, code: int) -> None:
    team.ok("task add there")
    assert team(line).code == code
    assert team.ok("task list --ids").out.split() == ["T-1"]


def test_a_note_is_corrected_by_whom_it_is_of_or_who_stands_above(team: InProcess) -> None:
    team.ok("note", "1", "call: two percent")
    assert team("activity edit A-1 --text x", user="zhou").code == 4
    team.ok("activity edit A-1 --text 'three percent' -k visit --minutes 30")
    (row,) = team.ok("activity list --deal D-1 -o json").json
    assert (row["text"], row["kind"], row["minutes"], row["who"]) == ("three percent", "visit", 30, "li")


def test_next_lists_the_tasks_of_ones_roles(team: InProcess) -> None:
    team.ok("task add demo --for D-1 --to role:tech --due today")
    refs = [
        [row["ref"] for row in team.ok("next -o json", user=who).json if row["ref"] == "T-1"] for who in ("tess", "li")
    ]
    assert refs == [["T-1"], []]
