"""What a stage of the policy says of moves into it, within it and out of it, typed as people do."""

import pytest
from begun import begun
from command_line import InProcess
from stages import team_policy

POLICY = team_policy(
    """[roles]
tech = []
presales = []
[fields.phase]
type = "text"
[[stage]]
name = "Lead"
kind = "lead"
[[stage]]
name = "Design"
guide = "ask for the drawings"
back = "reason"
tasks = [
  { name = "layout", who = "role:tech", within = "16h", must = true },
  { name = "thanks", within = "3 days" },
]
on_enter = { set = { phase = "running" }, notify = ["role:presales"] }
[[stage]]
name = "Offer"
who = ["owner", "role:presales"]
back = "never"
tasks = [{ name = "draft", must = true }]
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Lost"
kind = "lost"
""",
)
MONDAY = "2026-03-02T10:00:00+08:00"


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    opp.env["OPP_NOW"] = MONDAY
    opp.env["OPP_TZ"] = "Asia/Shanghai"
    (opp.folder / "team.toml").write_text(POLICY, "utf-8")
    opp.ok("init --policy team.toml", user="boss")
    for person in ("li --role sales", "pre --role presales", "tom --role tech", "mia --role manager"):
        opp.ok(f"user add {person}", user="boss")
    opp.ok("lead add Plant --customer Acme --amount 5000", user="li")
    return opp


def tasks(opp: InProcess) -> list[tuple[str, str]]:
    rows = opp.ok("export tasks -o json", user="boss").json
    return [(row["title"], row["state"]) for row in rows]


def test_entering_a_stage_sets_opens_and_tells_in_one_entry_of_the_run(team: InProcess) -> None:
    said = team.ok("advance D-1", user="li").out
    assert "to do here: T-1 layout, role:tech" in said
    assert "to do here: T-2 thanks" in said
    deal = team.ok("deal show D-1 -o json", user="li").json
    assert (deal["stage"], deal["phase"]) == ("Design", "running")
    (told,) = team.ok("notices list --all -o json", user="boss").json
    assert (told["to"], told["kind"]) == ("pre", "entered")
    row = team.ok("export tasks -o json", user="boss").json[0]
    assert (row["role"], row["due_at"]) == ("tech", "2026-03-03T09:00:00Z")
    team.ok("undo", user="li")
    assert team.ok("deal show D-1 -o json", user="li").json["phase"] is None


def test_a_card_tells_of_which_role_a_task_is(team: InProcess) -> None:
    team.ok("advance D-1", user="li")
    promises = {each["title"]: (each["who"], each["role"]) for each in team.ok("show D-1 -o json").json["promises"]}
    assert promises == {"layout": (None, "tech"), "thanks": ("li", None)}
    assert "role:tech  D-1" in team.ok("show D-1").out


def test_a_must_task_blocks_leaving_forward_and_only_that(team: InProcess) -> None:
    team.ok("advance D-1", user="li")
    refused = team("advance D-1 -o json", user="li")
    assert refused.code == 7
    assert [(each["what"], each["fix"]) for each in refused.error["reasons"]] == [("task:layout", "opp done T-1")]
    assert [row["needs"] for row in team.ok("gate D-1 -o json", user="li").json] == ["task:layout"]
    assert "任务“layout”" in team("advance D-1 --lang zh", user="li").err
    assert team("advance D-1 --to Lead", user="li").code == 2
    team.ok("done T-1", user="tom")
    team.ok("advance D-1", user="li")


def test_going_back_asks_for_a_reason_where_the_stage_does(team: InProcess) -> None:
    team.ok("advance D-1", user="li")
    assert team("advance D-1 --to Lead", user="li").code == 2
    team.ok("advance D-1 --to Lead -m 'wrong customer'", user="li")


def test_a_jump_opens_the_tasks_of_the_stage_entered_and_what_is_open_is_not_opened_twice(team: InProcess) -> None:
    team.ok("advance D-1 --to Offer", user="li")
    assert tasks(team) == [("draft", "open")]


def test_re_entry_opens_nothing_that_is_there(team: InProcess) -> None:
    team.ok("advance D-1", user="li")
    team.ok("advance D-1 --to Lead -m oops", user="li")
    team.ok("advance D-1", user="li")
    assert [title for title, _ in tasks(team)] == ["layout", "thanks"]
    team.ok("done T-1", user="tom")
    team.ok("advance D-1 --to Lead -m oops", user="li")
    team.ok("advance D-1", user="li")
    assert tasks(team) == [("layout", "done"), ("thanks", "open")]


def test_a_stage_may_never_be_left_backwards(team: InProcess) -> None:
    team.ok("advance D-1 --to Offer", user="li")
    refused = team("advance D-1 --to Lead -m x -o json", user="li")
    assert (refused.code, refused.error["reasons"][0]["detail"]) == (7, "Offer is never left backwards")
    team.ok("lose D-1 --reason price", user="li")


def test_only_who_is_named_moves_deals_into_a_stage(team: InProcess) -> None:
    refused = team("advance D-1 --to Offer", user="mia")
    assert (refused.code, "its owner or role:presales may: li, pre" in refused.err) == (4, True)
    team.ok("advance D-1 --to Offer", user="pre")
    assert team("advance D-1 --to Design", user="pre").code == 4


def test_the_guide_of_a_stage_is_told_where_a_deal_is_looked_at(team: InProcess) -> None:
    team.ok("advance D-1", user="li")
    assert "Design: ask for the drawings" in team.ok("show D-1", user="li").out
    assert "Design: ask for the drawings" in team.ok("gate D-1 -v", user="li").err


def test_the_guide_stands_beside_what_is_to_be_done(team: InProcess) -> None:
    team.ok("advance D-1", user="li")
    (row,) = [row for row in team.ok("next -o json", user="tom").json if row["ref"] == "T-1"]
    assert row["reason"].endswith("Design: ask for the drawings")
    assert row["command"] == "opp done T-1"


def test_a_new_deal_enters_its_stage_as_any_other_does(team: InProcess) -> None:
    """Only what was typed stands above what the stage sets."""
    first = 'kind = "lead"\non_enter = { set = { phase = "new", source = "展会" }, notify = ["role:presales"] }\n'
    tasks_here = 'tasks = [{ name = "look up", within = "16h" }]\n'
    policy = POLICY.replace('kind = "lead"\n', first + tasks_here, 1)
    (team.folder / "team.toml").write_text(policy, "utf-8")
    team.ok("policy apply team.toml", user="boss")
    said = team.ok("add Mill --customer Acme --set phase=known", user="li").out
    deal = team.ok("deal show D-2 -o json", user="li").json
    assert "to do here: T-1 look up" in said
    assert (deal["phase"], deal["source"]) == ("known", "展会")
    assert [row["to"] for row in team.ok("notices list --all -o json", user="boss").json] == ["pre"]
    copied = team.ok("add Again --from D-2 -q", user="li").out.strip()
    again = team.ok(f"deal show {copied} -o json", user="li").json
    assert (again["phase"], again["source"]) == ("known", "展会")
