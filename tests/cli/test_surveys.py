"""Customers are asked how it went: the task of a won deal, the answer, and what bad news leads to."""

import pytest
from begun import begun
from command_line import InProcess
from pipelines import SMALL

POLICY = (
    SMALL
    + """
[follow]
survey = { within = "14 days", rescue = "16h" }
"""
)
MONDAY = "2026-03-02T10:00:00+08:00"


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    opp.env["OPP_NOW"] = MONDAY
    opp.env["OPP_TZ"] = "Asia/Shanghai"
    (opp.folder / "team.toml").write_text(POLICY, "utf-8")
    opp.ok("init --policy team.toml", user="root")
    for person in ("boss --role manager", "li --role sales --manager boss"):
        opp.ok(f"user add {person}", user="root")
    opp.ok("lead add Plant --customer Acme --amount 5000", user="li")
    return opp


def tasks(opp: InProcess) -> list[tuple[str, str, str, str | None]]:
    rows = opp.ok("export tasks -o json", user="root").json
    return [(row["kind"], row["title"], row["state"], row["assignee"]) for row in rows]


def test_a_won_deal_is_asked_about_and_a_note_with_a_rating_answers(team: InProcess) -> None:
    assert "T-1 ask how it went: opp note D-1 … --rating 4" in team.ok("win D-1", user="li").out
    assert team.ok("export tasks -o json", user="root").json[0]["due_on"] == "2026-03-16"
    assert "T-1 ask how it went is done" in team.ok("note D-1 splendid --rating 5", user="li").out
    assert tasks(team) == [("survey", "ask how it went", "done", None)]


def test_what_to_do_next_about_a_survey_is_a_note_with_a_rating(team: InProcess) -> None:
    team.ok("win D-1", user="li")
    rows = team.ok("next -o json", user="li", now="2026-03-17T10:00:00+08:00").json
    assert [row["command"] for row in rows if row["ref"] == "T-1"] == ["opp note D-1 … --rating 4"]


def test_bad_news_is_a_task_for_the_manager_until_a_better_answer_replaces_it(team: InProcess) -> None:
    team.ok("win D-1", user="li")
    said = team.ok("note D-1 'it leaks' --rating 2", user="li").out
    assert "to do: T-2 unhappy: 2 of 5, boss" in said
    assert tasks(team)[1] == ("rescue", "unhappy: 2 of 5", "open", "boss")
    (told,) = team.ok("notices list --all -o json", user="root").json
    assert (told["to"], told["kind"]) == ("boss", "rescue")
    team.ok("note D-1 'worse' --rating 1", user="li")
    assert len(tasks(team)) == 2, "a second answer opens no second task"
    team.ok("note D-1 'repaired' --rating 4", user="li")
    assert tasks(team)[1][2] == "cancelled"


def test_reopening_takes_the_question_back(team: InProcess) -> None:
    team.ok("win D-1", user="li")
    team.ok("deal reopen D-1 -m 'not signed'", user="boss")
    assert tasks(team)[0][2] == "cancelled"
    team.ok("lose D-1 --reason price", user="li")
    assert len(tasks(team)) == 1


def test_what_was_answered_is_not_asked_again_by_a_file_or_a_contact(team: InProcess) -> None:
    team.ok("win D-1", user="li")
    team.ok("note D-1 splendid --rating 5", user="li")
    (team.folder / "contract.txt").write_text("signed", "utf-8")
    team.ok("deal attach D-1 contract.txt --kind contract", user="li")
    team.ok("contact add Ann --customer C-1", user="li")
    team.ok("deal link D-1 P-1 --role decider", user="li")
    assert len(tasks(team)) == 1
