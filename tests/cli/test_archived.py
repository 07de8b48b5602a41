"""A deal that was put away: what is promised of it is seen, what goes on is no longer put away. On both engines; and a
table of tasks that comes in again."""

import pytest
from begun import begun
from command_line import InProcess
from stages import team_policy

POLICY = team_policy(
    """[[stage]]
name = "线索"
kind = "lead"
[[stage]]
name = "方案"
tasks = [{ name = "技术方案", who = "role:tech", within = "16h", must = true }]
[[stage]]
name = "赢单"
kind = "won"
[[stage]]
name = "输单"
kind = "lost"
[roles]
tech = []
[follow]
cadence = [{ when = "always", every = "14 days", of = "customer" }]
survey = { from = "won", within = "14 days", scale = 5, low = 2, rescue = "16h" }
""",
    hours='"09:00-12:00", "13:00-18:00"',
)


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """A deal that was lost and archived."""
    opp = opp_on_both
    (opp.folder / "team.toml").write_text(POLICY, encoding="utf-8")
    opp.ok("init --policy team.toml")
    opp.ok("add A --customer Acme")
    opp.ok("lose D-1 --reason price")
    opp.ok("deal archive D-1")
    return opp


def test_what_is_reopened_is_put_away_no_longer(team: InProcess) -> None:
    team.ok("deal reopen D-1 -m 'they came back'")
    assert (team.ok("ls --ids").out, team.ok("ls --archived --ids").out) == ("D-1\n", "")


def test_a_closing_is_not_undone_under_an_archived_deal(team: InProcess) -> None:
    (lost,) = (row["seq"] for row in team.ok("log -o json").json if row["action"] == "lose")
    refused = team(f"undo {lost}")
    assert (refused.code, refused.err.splitlines()[1]) == (5, "hint: opp restore D-1")
    team.ok("restore D-1")
    team.ok(f"undo {lost}")
    assert team.ok("ls --ids").out == "D-1\n"


def test_what_was_archived_is_archived_again_when_it_is_given_back(team: InProcess) -> None:
    team.ok("withdraw D-1 -m mistyped")
    team.ok("restore D-1")
    assert team.ok("ls --archived --ids").out == "D-1\n"


def test_an_unhappy_customer_of_an_archived_deal_is_on_the_list_of_who_has_to_see_to_it(team: InProcess) -> None:
    team.ok("add B --customer Acme")
    team.ok("win D-2")
    team.ok("deal archive D-2")
    team.ok("note D-2 'not good' --rating 1")
    kinds = [(row["kind"], row["deal"]) for row in team.ok("task list -o json").json if row["kind"] == "rescue"]
    assert kinds == [("rescue", "D-2")]
    assert "D-2" in [row["deal"] for row in team.ok("next --days 3 -o json").json]


def test_tasks_of_stages_and_of_customers_come_in_again_and_nothing_changes(team: InProcess) -> None:
    team.ok("add B --customer Other")
    team.ok("advance D-2")
    team.ok("customer add Third")
    team.ok("note C-3 'call: hello'")
    told = team.ok("export tasks --csv").out
    rows = team.ok("export tasks -o json").json
    assert [(row["kind"], row["must"], row["customer_id"]) for row in rows if row["state"] == "open"][-2:] == [
        ("stage", "方案", None),
        ("follow", None, "C-3"),
    ]
    (team.folder / "tasks.csv").write_text(told, encoding="utf-8")
    assert f"0 created, 0 updated, {len(rows)} unchanged, 0 rejected" in team.ok("import tasks.csv").out
    assert team.ok("export tasks --csv").out == told


def test_promises_stand_by_when_they_are_due_days_among_instants_and_those_without_a_date_last(team: InProcess) -> None:
    team.ok("add B --customer Other")
    team.ok("task add whenever --for D-2")
    team.ok("task add later --for D-2 --due 2026-03-20")
    team.ok("advance D-2")  # 16 business hours: an instant two days on
    team.ok("task add soon --for D-2 --due 2026-03-03")
    titles = [each["title"] for each in team.ok("show D-2 -o json").json["promises"]]
    assert titles == ["soon", "技术方案", "later", "whenever"]
